"""The tabs Requests and Private CA of the page Identities, and what they have to do with each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from trustdesk.core.message import msg
from trustdesk.gui.authority.page import AuthorityPage
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.identities.page import PRIVATE_CA, REQUESTS, IdentitiesPage
from trustdesk.gui.requests.cases_page import CasesPage
from trustdesk.gui.requests.dialogs import RequestDialogs
from trustdesk.services.desk import Desk

if TYPE_CHECKING:
    from trustdesk.gui.identities.key_store_button import KeyStoreButton
    from trustdesk.gui.window import MainWindow


def link_requests(window: MainWindow, stores: KeyStoreButton, settings: QSettings | None) -> RequestTabs:
    """Join the tabs with the page of a window, and with what unlocks the key stores.

    Args:
        settings: remember the size of the wizard; None for nothing.
    """
    tabs = RequestTabs(window.bridge, window.identities, open_stores=stores.open_panel, settings=settings)
    stores.watch.changed.connect(tabs.dialogs.reload_stores)
    # What a CA of ours revoked is revoked on every page at once.
    evidence, opened = window.inspector.evidence, window.inspector.opened
    tabs.authorities.changed.connect(lambda: evidence.look_again(opened))
    return tabs


class RequestTabs(QObject):
    """Puts both tabs behind the page, and opens the dialogs that any of the three asks for.

    Attributes:
        cases, authorities: the tabs.
        dialogs: the wizard, Take in, and Match.
    """

    def __init__(
        self,
        bridge: Bridge,
        page: IdentitiesPage,
        *,
        open_stores: Callable[[], None],
        settings: QSettings | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Join them; `open_stores` shows where a key store is unlocked or made."""
        super().__init__(page)
        self._page = page
        self.cases = CasesPage(bridge, now=now)
        self.authorities = AuthorityPage(bridge, now=now)
        self.dialogs = RequestDialogs(bridge, page, now=now, settings=settings)
        page.add_tab(REQUESTS, msg("Requests"), self.cases)
        page.add_tab(PRIVATE_CA, msg("Private CA"), self.authorities)
        dialogs, cases = self.dialogs, self.cases
        page.request_wanted.connect(dialogs.new_request)
        page.match_wanted.connect(dialogs.ask_for_reply)
        page.renewal_wanted.connect(dialogs.renew)
        page.changed.connect(cases.reload)
        page.key_stores_changed.connect(dialogs.reload_stores)
        cases.new_wanted.connect(dialogs.new_request)
        cases.take_wanted.connect(dialogs.take_in)
        cases.match_wanted.connect(dialogs.ask_for_reply)
        cases.identity_wanted.connect(page.reveal)
        cases.changed.connect(page.reload)
        dialogs.changed.connect(self._take_change)
        dialogs.store_wanted.connect(lambda _kind: open_stores())
        self.authorities.match_wanted.connect(self._match_file)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self.dialogs.set_desk(desk)
        self.cases.set_desk(desk)
        self.authorities.set_desk(desk)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Count days to an instant; None is the present."""
        self.cases.set_evaluation_time(at)
        self.authorities.set_evaluation_time(at)

    def _take_change(self, case_id: int) -> None:
        self.cases.reload(reveal=case_id)
        # An accepted reply is an identity; the page and all who choose from it hear of it.
        self._page.reload()
        self._page.changed.emit()

    def _match_file(self, file: Path) -> None:
        self.dialogs.match([file])
