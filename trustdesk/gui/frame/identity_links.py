"""What the page Identities has to do with the rest of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.core.message import msg_n
from trustdesk.gui.identities.inspector_offers import InspectorOffers
from trustdesk.gui.identities.key_store_button import KeyStoreButton

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow


def link_identities(window: MainWindow) -> KeyStoreButton:
    """Join the page with rail, status bar, handshakes, partners and the Inspector.

    Returns:
        What stands at the end of the status bar.
    """
    page, rail = window.identities, window.rail.entry("identities")
    stores = KeyStoreButton(window.bridge)
    window.status_bar.add_at_end(stores)

    def count(unusable: int) -> None:
        words = msg_n("{count} not usable as client", "{count} not usable as client", unusable)
        rail.set_badge(unusable, words, ink="warning")

    def import_files(files: tuple[Path, ...]) -> None:
        # What comes of it is said, and seen, on that page.
        window.show_page("identities")
        page.dialogs.import_files(files)

    def show_identity(name: str) -> None:
        window.show_page("identities")
        page.reveal(name)

    page.unusable_changed.connect(count)
    page.changed.connect(window.handshake.refresh_choices)
    page.changed.connect(window.partners.reload)
    page.partner_wanted.connect(window.show_partner)
    page.key_stores_changed.connect(stores.watch.refresh)
    window.inspector.evidence_changed.connect(page.judge_anew)
    window.searching.identity_wanted.connect(show_identity)
    offers = InspectorOffers(window.inspector.detail)
    offers.import_wanted.connect(import_files)
    offers.doctor_wanted.connect(page.dialogs.examine_file)
    return stores
