"""The files in what is dropped or pasted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData


def files_in(data: QMimeData) -> list[Path]:
    """Return the files of this computer, in their order; empty where there is none."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
