"""What the makers of scenes share: each page's pictures stand beside the page, and the tour shows them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog

Wait = Callable[[Callable[[], bool]], None]
"""Runs the events until something is there."""

Named = tuple[str, Callable[[], QDialog | None]]
"""A scene's name, and what brings it into view: it returns the dialog over the page, None for the page."""
