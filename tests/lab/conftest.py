"""One running lab for all tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from trustdesk.lab.process import LabDescription, LabProcess


@pytest.fixture(scope="session")
def lab() -> Iterator[LabDescription]:
    with LabProcess.start(count=3) as process:
        yield process.description
