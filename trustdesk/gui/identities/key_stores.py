"""How the key stores stand, asked again now and then; nobody is asked to unlock anything by it."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.gui.bridge import Bridge
from trustdesk.services.identity_desk import IdentityDesk

_EVERY_MS = 15_000


class KeyStoreWatch(QObject):
    """The last that is known of the stores.

    Signals:
        changed: they stand otherwise than before.
        touched: a person unlocked, made or locked one here.
        opened: one can be used that could not before, whoever unlocked it.
        failed: the TrustdeskError with which the desk answered.
    """

    changed = Signal()
    touched = Signal()
    opened = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: IdentityDesk | None = None
        self._asked: Future[tuple[KeyStoreStatus, ...]] | None = None
        self._asks_again = False
        self._stores: tuple[KeyStoreStatus, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def stores(self) -> tuple[KeyStoreStatus, ...]:
        """The keyring, then the vault; empty before the first answer."""
        return self._stores

    def store(self, kind: KeyStoreKind) -> KeyStoreStatus | None:
        """Return a store; None before the first answer."""
        return next((one for one in self._stores if one.kind is kind), None)

    def set_desk(self, desk: IdentityDesk) -> None:
        """Ask a desk, now and then."""
        self._desk = desk
        self._timer.start()
        self.refresh()

    def stop(self) -> None:
        """Ask no more, and tell of nothing more: whoever it is for goes away."""
        self._timer.stop()
        self._desk = self._asked = None
        self._asks_again = False

    def refresh(self) -> None:
        """Ask again; one question at a time, for a store may take long to answer.

        What is asked meanwhile is asked once more afterwards: the answer under way may be older than what
        a person just did.
        """
        if self._desk is None:
            return
        if self._asked is not None:
            self._asks_again = True
            return
        asked = self._asked = self._desk.key_stores()
        self._bridge.when_done(asked, partial(self._take, asked), partial(self._fail, asked))

    def tell_touched(self) -> None:
        """A person changed how a store stands."""
        self.refresh()
        self.touched.emit()

    def _take(self, asked: Future[tuple[KeyStoreStatus, ...]], stores: tuple[KeyStoreStatus, ...]) -> None:
        if asked is not self._asked:
            return
        self._end()
        if stores != self._stores:
            before, self._stores = self._stores, stores
            self.changed.emit()
            if before and not _usable(stores) <= _usable(before):
                self.opened.emit()

    def _fail(self, asked: Future[tuple[KeyStoreStatus, ...]], error: TrustdeskError) -> None:
        if asked is not self._asked:
            return
        self._end()
        self._stores = ()
        self.changed.emit()
        self.failed.emit(error)

    def _end(self) -> None:
        self._asked = None
        if self._asks_again:
            self._asks_again = False
            self.refresh()


def _usable(stores: tuple[KeyStoreStatus, ...]) -> frozenset[KeyStoreKind]:
    return frozenset(one.kind for one in stores if one.state is KeyStoreState.READY)
