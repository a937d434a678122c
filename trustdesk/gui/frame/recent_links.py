"""Joins the list of recent files with the Inspector's ways in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.gui.inspector.recent_files import RecentFiles

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from trustdesk.gui.inspector.page import InspectorPage


def link_recent(page: InspectorPage, settings: QSettings | None) -> RecentFiles:
    """Note what the page opens, and offer it again where files are opened; return the list."""
    recent = RecentFiles(settings, page)
    buttons = (page.pane.recent_button, page.empty.recent_button)

    def show() -> None:
        for button in buttons:
            button.show_files(recent.files)

    def open_again(file: Path) -> None:
        page.open_sources([file])

    page.opener.asked.connect(recent.add)
    recent.changed.connect(show)
    for button in buttons:
        button.chosen.connect(open_again)
        button.clear_wanted.connect(recent.clear)
    show()
    return recent
