"""What the page Identities has to do with the rest of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustdesk.core.message import msg_n

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow


def link_identities(window: MainWindow) -> None:
    """Join the page with rail, handshakes, partners and the Inspector's evidence."""
    page, rail = window.identities, window.rail.entry("identities")

    def count(unusable: int) -> None:
        words = msg_n("{count} not usable as client", "{count} not usable as client", unusable)
        rail.set_badge(unusable, words, ink="warning")

    page.unusable_changed.connect(count)
    page.changed.connect(window.handshake.refresh_choices)
    page.changed.connect(window.partners.reload)
    page.partner_wanted.connect(window.show_partner)
    window.inspector.evidence_changed.connect(page.judge_anew)
