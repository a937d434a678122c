"""Asking name servers for the hosts of a wish, when a person wants that."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate_request import FieldRemark, RequestDraft
from trustdesk.core.message import Message, msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.wish import Wanted
from trustdesk.gui.requests.wish_book import WishBook

Ask = Callable[[RequestDraft], Future[tuple[FieldRemark, ...]]]

_NOT_ASKED = msg("Whether the host names resolve was not looked up: name servers would see them.")
_ASKING = msg("Name servers are asked …")
_FAILED = msg("Name servers could not be asked.")
_ALL_RESOLVE = msg("All host names resolve from here.")


class HostAsking(QObject):
    """What is known of the hosts as they are now; another host is another question.

    Signals:
        changed: something else is known, or nothing any more.
    """

    changed = Signal()

    def __init__(self, bridge: Bridge, book: WishBook, ask: Ask, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._book, self._ask = bridge, book, ask
        self._names: tuple[object, ...] = ()
        self._future: Future[tuple[FieldRemark, ...]] | None = None
        self._said: tuple[Message, ...] = (_NOT_ASKED,)
        book.changed.connect(self._look)
        self._look()

    @property
    def said(self) -> tuple[Message, ...]:
        """What is known, in words."""
        return self._said

    @property
    def has_hosts(self) -> bool:
        """Whether there is anything to ask for."""
        wish = self._book.wish
        return wish.wanted is not Wanted.FREE and bool(wish.one_record_ids or wish.dns_names)

    @property
    def is_running(self) -> bool:
        """Whether name servers are being asked."""
        return self._future is not None

    def ask(self) -> None:
        """Ask for all hosts, once."""
        if self.is_running or not self.has_hosts:
            return
        future = self._future = self._ask(self._book.drafts[-1])
        self._say(_ASKING)

        def take(remarks: tuple[FieldRemark, ...]) -> None:
            if future is self._future:
                self._future = None
                self._book.say_of_hosts(remarks)
                self._say(*(tuple(one.text for one in remarks) or (_ALL_RESOLVE,)))

        def fail(_error: object) -> None:
            if future is self._future:
                self._future = None
                self._say(_FAILED)

        self._bridge.when_done(future, take, fail)

    def stop(self) -> None:
        """Drop what is still to come."""
        self._future = None
        self._book.changed.disconnect(self._look)

    def _look(self) -> None:
        wish = self._book.wish
        names = (wish.wanted, wish.one_record_ids, wish.dns_names)
        if names != self._names:
            self._names, self._future = names, None
            self._say(_NOT_ASKED)

    def _say(self, *words: Message) -> None:
        self._said = words
        self.changed.emit()
