"""The second start's voice: hands its files to the window that is there, and waits for the answer."""

from __future__ import annotations

import time

from PySide6.QtNetwork import QLocalSocket

from trustdesk.gui.instance.handover import Handover, written
from trustdesk.gui.instance.server import TAKEN

PATIENCE_S = 10.0
"""How long a window that is still being made is waited for."""

_STEP_MS = 100


def hand_over(name: str, handover: Handover, patience_s: float = PATIENCE_S) -> bool:
    """Return whether the window of that name took it; blocks, and is for before there is a window.

    False also for more than a message holds: then a window of its own opens them.
    """
    message = written(handover)
    if message is None:
        return False
    until = time.monotonic() + patience_s
    while (left_ms := int((until - time.monotonic()) * 1000)) > 0:
        socket = QLocalSocket()
        socket.connectToServer(name)
        if socket.waitForConnected(min(left_ms, _STEP_MS)):
            return _told(socket, message, left_ms)
        time.sleep(_STEP_MS / 1000)
    return False


def _told(socket: QLocalSocket, message: bytes, patience_ms: int) -> bool:
    socket.write(message)
    socket.flush()
    while not socket.canReadLine():
        if not socket.waitForReadyRead(patience_ms):
            return False
    return bytes(socket.readLine(len(TAKEN) + 1).data()) == TAKEN
