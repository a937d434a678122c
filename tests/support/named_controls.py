"""A walk over what the keyboard reaches: nothing of it may be without a name."""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from tests.support.accessible_tree import complaints, told


def nameless(root: QWidget, *, at_least: int = 1) -> list[str]:
    """Return the controls in view that say too little to assistive technology: no name, role or description.

    Args:
        at_least: so many controls have to be there, lest the walk be over nothing.
    """
    focusable = [
        widget
        for widget in (root, *root.findChildren(QWidget))
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    assert len(focusable) >= at_least, f"{len(focusable)} controls"
    return complaints(told(root))


def accessible_name(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    name = _name(widget)
    gc.collect(0)  # see `told`
    return name


def _name(widget: QWidget) -> str:
    # The wrapper must not outlive the widget that it stands for: whoever asks collects what is left of it,
    # once for all that was asked, for each time costs what a large process takes.
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name)
