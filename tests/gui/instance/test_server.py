"""The first start's ear: takes what later starts say, and bears what others say."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from trustdesk.gui.instance import server as server_module
from trustdesk.gui.instance.client import hand_over
from trustdesk.gui.instance.handover import MAX_OCTETS, Handover, written
from trustdesk.gui.instance.server import REFUSED, TAKEN, HandoverServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to the socket's file")

HANDS_OVER = """
import sys
from pathlib import Path
from trustdesk.gui.instance.client import hand_over
from trustdesk.gui.instance.handover import Handover
sys.exit(not hand_over(sys.argv[1], Handover(files=(Path("/a.pem"),), token="token")))
"""
HANDOVER = Handover(files=(Path("/a.pem"),), token="token")


class Ear:
    """A server at a file, and what it took."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder / "s")
        self.taken: list[object] = []
        self.server = HandoverServer()
        self.server.handed_over.connect(self.taken.append)
        self.pool = ThreadPoolExecutor(16)

    def answers(self, *calls: object) -> list[object]:
        """Run blocking calls on threads while the event loop runs; return what they returned."""
        loop = QEventLoop()
        futures: list[Future[object]] = [self.pool.submit(call) for call in calls]  # type: ignore[arg-type]
        while not all(future.done() for future in futures):
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        return [future.result() for future in futures]

    def takes_another(self) -> bool:
        """Whether it takes a handover now; what may have been said before does not count."""
        message = written(HANDOVER)
        assert message is not None
        return self.answers(lambda: self.says(message)) == [TAKEN] and self.taken[-1:] == [HANDOVER]

    def says(self, octets: bytes) -> bytes:
        """Send octets as anybody can, and return the answer; b"" where there is none."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(self.name)
            try:
                connection.sendall(octets)
                return connection.recv(100)
            except (BrokenPipeError, ConnectionResetError):
                return b""


@pytest.fixture
def ear(qapp: QApplication, tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path)
    assert made.server.listen(made.name)
    yield made
    made.server.close()
    made.pool.shutdown()


def test_files_are_handed_over_and_taken(ear: Ear) -> None:
    # A start of its own: the waiting of `hand_over` stops every other thread of its process.
    command = [sys.executable, "-c", HANDS_OVER, ear.name]

    assert ear.answers(lambda: subprocess.run(command, check=False).returncode) == [0]
    assert ear.taken == [HANDOVER]


def test_socket_is_this_persons_alone(ear: Ear) -> None:
    mode = Path(ear.name).stat().st_mode

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) & 0o077 == 0


@pytest.mark.parametrize(
    "octets",
    [b"\n", b"GET / HTTP/1.1\r\n\r\n", b"{}\n", b"\0" * 100 + b"\n", b"x" * (MAX_OCTETS + 1)],
    ids=["empty", "http", "no fields", "zeros", "too long"],
)
def test_what_is_no_handover_is_refused_and_the_next_is_taken(ear: Ear, octets: bytes) -> None:
    (answer,) = ear.answers(lambda: ear.says(octets))

    assert answer in {REFUSED, b""}
    assert ear.taken == []
    assert ear.takes_another()


def test_message_in_pieces_is_taken_once(ear: Ear) -> None:
    message = written(HANDOVER)
    assert message is not None

    def says_in_pieces() -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(ear.name)
            for place in range(0, len(message), 7):
                connection.sendall(message[place : place + 7])
            return connection.recv(100)

    assert ear.answers(says_in_pieces) == [TAKEN]
    assert ear.taken == [HANDOVER]


def test_whoever_says_nothing_is_hung_up_on(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_PATIENCE_MS", 30)

    assert ear.answers(lambda: ear.says(b"no line")) == [b""]


def test_crowd_does_not_keep_the_next_start_out(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_PATIENCE_MS", 100)

    ear.answers(*[lambda: ear.says(b"no line") for _ in range(12)])

    assert ear.takes_another()


def test_stale_socket_is_replaced(qapp: QApplication, tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "s"))
    left.close()  # as a process that was killed leaves it

    ear = Ear(tmp_path)

    assert ear.server.listen(ear.name)
    assert ear.takes_another()
    ear.server.close()
    ear.pool.shutdown()


def test_nobody_there_is_not_waited_for_longer_than_asked(qapp: QApplication, tmp_path: Path) -> None:
    assert not hand_over(str(tmp_path / "s"), HANDOVER, patience_s=0.05)


def test_more_than_a_message_holds_is_not_handed_over(ear: Ear) -> None:
    many = Handover(files=(Path("/a"),) * 1000)

    assert not hand_over(ear.name, many)
    assert ear.taken == []
