"""The first start's ear: takes what later starts hand over, from this person's processes alone."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from trustdesk.gui.instance.handover import MAX_OCTETS, read

TAKEN, REFUSED = b"taken\n", b"refused\n"
_MAX_CONNECTIONS = 8
_PATIENCE_MS = 3000


class HandoverServer(QObject):
    """Listens for as long as the window is there; idle, it costs nothing.

    Signals:
        handed_over: a `Handover` that another start of the program sent.
    """

    handed_over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MAX_CONNECTIONS)
        self._server.newConnection.connect(self._accept)
        self._connections: list[QLocalSocket] = []

    def listen(self, name: str) -> bool:
        """Listen at a name whose lock is held: what lies there is stale. Return whether that works."""
        QLocalServer.removeServer(name)
        return self._server.listen(name)

    def close(self) -> None:
        """Take nothing more; what was begun is dropped."""
        self._server.close()
        for connection in tuple(self._connections):
            connection.abort()

    def _accept(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            if len(self._connections) >= _MAX_CONNECTIONS:
                connection.abort()
                connection.deleteLater()
                continue
            self._connections.append(connection)
            connection.setReadBufferSize(MAX_OCTETS + 1)
            connection.readyRead.connect(lambda one=connection: self._read(one))
            connection.disconnected.connect(lambda one=connection: self._forget(one))
            # Belongs to the connection, and goes with it.
            patience = QTimer(connection, singleShot=True, interval=_PATIENCE_MS)
            patience.timeout.connect(lambda one=connection: one.abort())
            patience.start()
            self._read(connection)

    def _read(self, connection: QLocalSocket) -> None:
        waiting = connection.bytesAvailable()
        if not connection.canReadLine() and waiting <= MAX_OCTETS:
            return
        handover = read(bytes(connection.readLine(MAX_OCTETS + 1).data())) if waiting <= MAX_OCTETS else None
        connection.readyRead.disconnect()
        connection.write(REFUSED if handover is None else TAKEN)
        connection.disconnectFromServer()
        if handover is not None:
            self.handed_over.emit(handover)

    def _forget(self, connection: QLocalSocket) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            connection.deleteLater()
