"""A walk over what the keyboard reaches: nothing of it may be without a name."""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget


def nameless(root: QWidget, *, at_least: int = 1) -> list[str]:
    """Return the controls in view that say nothing to assistive technology.

    Args:
        at_least: so many controls have to be there, lest the walk be over nothing.
    """
    focusable = [
        widget
        for widget in (root, *root.findChildren(QWidget))
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    assert len(focusable) >= at_least, f"{len(focusable)} controls"
    found = [type(widget).__name__ for widget in focusable if not _name(widget)]
    gc.collect()
    return found


def accessible_name(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    name = _name(widget)
    gc.collect()
    return name


def _name(widget: QWidget) -> str:
    # The wrapper must not outlive the widget that it stands for: whoever asks collects what is left of it,
    # once for all that was asked, for each time costs what a large process takes.
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name)
