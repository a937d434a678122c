"""The dialogs on requests, one of each at a time; a page opens them and hears what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QDialog, QWidget

from trustdesk.core.certificate_request import RequestCase
from trustdesk.core.identity import IdentityView
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.services.desk import Desk

if TYPE_CHECKING:
    from trustdesk.gui.requests.match_dialog import MatchDialog
    from trustdesk.gui.requests.take_dialog import TakeDialog
    from trustdesk.gui.requests.wish import Wish
    from trustdesk.gui.requests.wizard import RequestWizard


class RequestDialogs(QObject):
    """Opens the wizard, Take in, and Match.

    Signals:
        changed: cases, or identities too, are others now; the id of the case it was about.
        store_wanted: KeyStoreKind of a store that the person wants to unlock or to make; call
            `reload_stores` when that is done.

    Attributes:
        wizard, taking, matching: what is open; None while it is not.
    """

    changed = Signal(int)
    store_wanted = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        page: QWidget,
        *,
        now: Callable[[], datetime] = utc_now,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(page)
        self._bridge, self._page, self._now, self._settings = bridge, page, now, settings
        self._desk: Desk | None = None
        self.wizard: RequestWizard | None = None
        self.taking: TakeDialog | None = None
        self.matching: MatchDialog | None = None

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def new_request(self) -> None:
        """Open the wizard."""
        self._open_wizard(None)

    def renew(self, view: IdentityView) -> None:
        """Open the wizard with what an identity's certificate says."""
        from trustdesk.gui.requests.renewal import wish_of_renewal

        self._open_wizard(wish_of_renewal(view))

    def take_in(self) -> None:
        """Ask for a request that was made elsewhere."""
        from trustdesk.gui.requests.take_dialog import TakeDialog

        if self._desk is None:
            return
        if self.taking is None:
            self.taking = TakeDialog(self._page.window(), self._bridge, self._desk)
            self.taking.taken.connect(lambda case: self._tell((case,)))
            self.taking.finished.connect(lambda: setattr(self, "taking", None))
        _raise(self.taking)

    def ask_for_reply(self) -> None:
        """Ask for a CA's files."""
        self.match(())

    def match(self, files: Sequence[Path]) -> None:
        """Match a CA's files; none to have them asked for."""
        from trustdesk.gui.requests.match_dialog import MatchDialog

        if self._desk is None:
            return
        if self.matching is None:
            self.matching = MatchDialog(self._page.window(), self._bridge, self._desk, now=self._now)
            self.matching.accepted.connect(lambda case: self._tell((case,)))
            self.matching.finished.connect(lambda: setattr(self, "matching", None))
        _raise(self.matching)
        self.matching.read(files)

    def reload_stores(self) -> None:
        """Have the wizard look again at how the key stores stand."""
        if self.wizard is not None:
            self.wizard.reload_stores()

    def _open_wizard(self, wish: Wish | None) -> None:
        from trustdesk.gui.requests.wizard import RequestWizard

        if self._desk is None:
            return
        # One that nothing was typed into gives way; one in the middle of something is shown again.
        if self.wizard is not None and wish is not None and self.wizard.can_go:
            self.wizard.done(QDialog.DialogCode.Rejected.value)
        if self.wizard is None:
            self.wizard = RequestWizard(
                self._page.window(),
                self._bridge,
                self._desk,
                wish=wish,
                now=self._now,
                settings=self._settings,
            )
            self.wizard.made.connect(self._tell)
            self.wizard.store_wanted.connect(self.store_wanted)
            self.wizard.finished.connect(lambda: setattr(self, "wizard", None))
        _raise(self.wizard)

    def _tell(self, cases: Sequence[RequestCase]) -> None:
        if cases:
            self.changed.emit(cases[0].id)


def _raise(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
