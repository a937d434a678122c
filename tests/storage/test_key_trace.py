"""No piece of a private key is written to a file, nor to a socket in the clear; strace sees every write."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.key_trace import some_keys, trace
from tests.support.secret_service import SecretServiceDaemon

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's"),
    pytest.mark.timeout(240),  # every system call takes its time under strace
]


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[SecretServiceDaemon]:
    with SecretServiceDaemon(tmp_path / "session") as daemon:
        yield daemon


def test_import_handshake_and_export_write_no_piece_of_a_key(
    daemon: SecretServiceDaemon, tmp_path: Path
) -> None:
    seen = trace(daemon, tmp_path / "place", some_keys())
    assert seen.found == ()
    names = {Path(file).name for file in seen.files}
    assert "workspace.sqlite-wal" in names, "the writes were seen"
    assert any(name.endswith(".tmp") for name in names)
    assert seen.size > 50_000


@pytest.mark.exhaustive
def test_an_export_in_the_clear_would_be_seen(daemon: SecretServiceDaemon, tmp_path: Path) -> None:
    seen = trace(daemon, tmp_path / "place", some_keys(), plainly=True)
    for number in range(3):
        assert any(name.startswith(f"key {number}: Base64 of") for name in seen.found), seen.found
