"""What the clipboard holds that can be opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication


def in_clipboard() -> tuple[list[Path], str]:
    """Return local files, or else text; empty where there is neither."""
    held = QGuiApplication.clipboard().mimeData()
    files = [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()] if held.hasUrls() else []
    text = held.text() if held.hasText() and held.text().strip() and not files else ""
    return files, text
