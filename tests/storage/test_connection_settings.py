"""What was chosen about connections is kept by this computer; what cannot be read means offline."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from trustdesk.core.connections import Connections, ProxyUse
from trustdesk.storage.connection_settings import FILE_NAME, ConnectionSettings

CHOSEN = Connections(proxy_use=ProxyUse.NAMED, proxy="http://proxy.example:8080", is_offline=False)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    ConnectionSettings(tmp_path).write(CHOSEN)
    assert ConnectionSettings(tmp_path).read() == CHOSEN
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_nobody_has_chosen_yet(tmp_path: Path) -> None:
    assert ConnectionSettings(tmp_path).read() == Connections()
    assert ConnectionSettings(None).read() == Connections()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"proxy_use": "teleport", "proxy": "", "is_offline": false}',
        b'{"proxy_use": "none", "proxy": 7, "is_offline": false}',
        b'{"proxy_use": "none", "proxy": "", "is_offline": "no"}',
        b"[" * 9000,
        b" " * 20_000,
    ],
)
def test_a_damaged_file_means_offline(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    assert ConnectionSettings(tmp_path).read() == Connections(is_offline=True)
