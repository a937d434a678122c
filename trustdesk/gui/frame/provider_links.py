"""What the tab of identity providers has to do with the rest of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustdesk.core.message import msg
from trustdesk.gui.trust.page import PROVIDERS, TrustListsPage
from trustdesk.gui.trust.providers_tab import ProvidersTab

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow


def link_providers(window: MainWindow, page: TrustListsPage) -> ProvidersTab:
    """Put the tab beside the lists; it works with the window's desk from the first lists on."""
    tab = ProvidersTab(window.bridge, now=page.now)

    def begin() -> None:
        if window.desk is not None:
            tab.set_desk(window.desk.provider_desk)

    page.add_part(PROVIDERS, msg("Identity providers"), tab)
    page.lists_changed.connect(lambda _lists: begin())
    tab.identities = lambda: tuple(one.identity.name for one in window.identities.model.views)
    tab.kept.connect(page.reload)
    return tab
