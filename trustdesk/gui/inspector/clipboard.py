"""What the clipboard holds that can be opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from trustdesk.gui.widgets.dropped_files import files_in


def in_clipboard() -> tuple[list[Path], str]:
    """Return local files, or else text; empty where there is neither."""
    held = QGuiApplication.clipboard().mimeData()
    files = files_in(held)
    text = held.text() if held.hasText() and held.text().strip() and not files else ""
    return files, text
