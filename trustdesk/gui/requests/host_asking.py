"""Asking name servers for the hosts of a wish, once they have been left alone for a moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer

from trustdesk.core.certificate_request import FieldRemark, RequestDraft
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.wish_book import WishBook

PAUSE_MS = 400

Ask = Callable[[RequestDraft], Future[tuple[FieldRemark, ...]]]


class HostAsking(QObject):
    """Only names that stand on a list are asked for, and never what is being typed."""

    def __init__(self, bridge: Bridge, book: WishBook, ask: Ask, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._book, self._ask = bridge, book, ask
        self._asked: tuple[tuple[str, ...], ...] = ((), ())
        self._future: Future[tuple[FieldRemark, ...]] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._begin)
        book.changed.connect(self._look)
        self._look()

    def stop(self) -> None:
        """Ask no more, and drop what is still to come."""
        self._pause.stop()
        self._future = None
        self._book.changed.disconnect(self._look)

    @property
    def _names(self) -> tuple[tuple[str, ...], ...]:
        wish = self._book.wish
        return wish.one_record_ids, wish.dns_names

    def _look(self) -> None:
        if self._names != self._asked:
            self._asked = self._names
            self._future = None
            self._pause.start()

    def _begin(self) -> None:
        if not any(self._names):
            return
        future = self._future = self._ask(self._book.drafts[-1])

        def take(remarks: tuple[FieldRemark, ...]) -> None:
            if future is self._future:
                self._future = None
                self._book.say_of_hosts(remarks)

        def fail(_error: object) -> None:
            """Say nothing: it is a hint, and nobody was told that there would be one."""

        self._bridge.when_done(future, take, fail)
