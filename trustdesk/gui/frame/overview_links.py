"""What the page Overview and the other pages have to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trustdesk.gui.window import MainWindow


def link_overview(window: MainWindow) -> None:
    """Join the page, once all pages are built."""
    overview = window.overview
    overview.certificate_wanted.connect(window.show_certificate)
    overview.test_wanted.connect(lambda: window.show_page("handshake"))
    overview.import_wanted.connect(lambda: _import(window))
    overview.demo_wanted.connect(window.demo_wanted)
    # What was tested, taken in or given away ends on another day.
    window.partners.sweep.ended.connect(overview.outdate)
    window.handshake.saved.connect(overview.outdate)
    window.identities.changed.connect(overview.outdate)


def _import(window: MainWindow) -> None:
    window.show_page("identities")
    window.identities.dialogs.import_files(())
