"""How a process starts and ends whose work must be killable, or would hold up the window.

Started by spawn, so that it lives in a frozen program too; it ends with its parent.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

_MEMORY = 2 * 1024 * 1024 * 1024
"""Octets of address space of a worker, unless it asks for less."""


class WorkerProcess:
    """The process and the pipe to it; for one thread at a time.

    Attributes:
        pipe: for `multiprocessing.connection.wait`, where one thread looks after several.
    """

    def __init__(self, work: Callable[[Connection], None]) -> None:
        """Start `work`, a function of a module, with its end of the pipe."""
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self._process: BaseProcess = context.Process(target=work, args=(other,), daemon=True)
        self._process.start()
        other.close()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def send(self, value: object) -> None:
        """Send a value; a worker that is gone is noticed when its answer is awaited."""
        with suppress(OSError):
            self.pipe.send(value)

    def receive(self, timeout_s: float) -> object:
        """Return what the worker sends; None when nothing comes in time, or the worker is gone."""
        try:
            return self.pipe.recv() if self.pipe.poll(timeout_s) else None
        except (EOFError, OSError):
            return None

    def kill(self) -> None:
        """End the process, in the middle of its work too, and close the pipe; once."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def settle_in(*, politeness: int = 0, memory: int = _MEMORY) -> None:
    """Make the process that calls it a worker: deaf to Ctrl+C, and with an end to its memory.

    Args:
        politeness: how far it lets the window go first, where it keeps every processor busy (`nice`).
        memory: octets of address space that it may take.
    """
    # Ctrl+C on a terminal reaches every process of the group; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource

    if politeness:
        os.nice(politeness)
    # macOS does not know this limit, and one that is lower already stays as it is.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
