"""Going round the parts of the window with F6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from trustdesk.gui.frame.rail import Rail


@runtime_checkable
class HasParts(Protocol):
    """A page with several parts that F6 stops at."""

    def next_part(self, step: int) -> bool:
        """Move the keyboard so many parts on; False where there is none further."""
        ...


def next_part(parts: Sequence[QWidget], *, here: int, step: int) -> QWidget | None:
    """Return the part so many steps on from the one with the keyboard, which gets it.

    The rail and the pages know themselves where the keyboard goes in them: they are returned without it.

    Args:
        here: place of the part that counts as the one with the keyboard where none has it.

    A page that has parts itself goes round them first.

    Returns:
        None where no part takes the keyboard, or one within the page has taken it.
    """
    focus = QApplication.focusWidget()
    here = next((i for i, part in enumerate(parts) if focus and part.isAncestorOf(focus)), here)
    stack = parts[here]
    page: object = stack.currentWidget() if isinstance(stack, QStackedWidget) else None
    if isinstance(page, HasParts) and page.next_part(step):
        return None
    for offset in range(1, len(parts) + 1):
        part = parts[(here + step * offset) % len(parts)]
        if isinstance(part, Rail | QStackedWidget):
            return part
        target = next((child for child in part.findChildren(QWidget) if _takes_focus(child)), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return part
    return None


def _takes_focus(widget: QWidget) -> bool:
    wants = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(wants) and widget.isVisible() and widget.isEnabled()
