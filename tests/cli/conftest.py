"""One lab for all commands under test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from trustdesk.lab.process import LabDescription, LabProcess


@pytest.fixture(scope="session")
def lab() -> Iterator[LabDescription]:
    """The partner servers of the embedded lab, running."""
    process = LabProcess.start()
    try:
        yield process.description
    finally:
        process.stop()
