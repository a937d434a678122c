"""A worker process is bounded as it asks for."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

import pytest

from trustdesk.services.worker_process import WorkerProcess, settle_in

MEMORY = 1 << 30


def bounded(pipe: Connection) -> None:
    """Tell the bound that the process has."""
    import resource

    settle_in(memory=MEMORY)
    pipe.send(resource.getrlimit(resource.RLIMIT_AS)[0])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound no address space")
def test_a_worker_takes_no_more_memory_than_it_asked_for() -> None:
    worker = WorkerProcess(bounded)
    try:
        assert worker.receive(30) == MEMORY
    finally:
        worker.kill()
