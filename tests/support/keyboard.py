"""A person with nothing but a keyboard: every key goes to whatever has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.support.accessible_tree import name_of
from tests.support.event_loop import run_until, settle

_NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
_MOST_STOPS = 200


def holder() -> QWidget:
    """Return the control that has the keyboard; a window with nothing in it that has, itself."""
    found = QApplication.focusWidget() or QApplication.activeWindow()
    assert found is not None, "the keyboard is nowhere"
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
    """Press a key, and let what follows at once take place."""
    QTest.keyClick(holder(), key, modifier)
    settle(1)


def write(text: str) -> None:
    """Type into what has the keyboard."""
    QTest.keyClicks(holder(), text)


def go_to(name: str) -> QWidget:
    """Press Tab until a control of this name has the keyboard; fail where the way leads past none."""
    passed = [holder()]
    for _stop in range(_MOST_STOPS):
        if name_of(holder()) == name:
            return holder()
        press(Qt.Key.Key_Tab)
        passed.append(holder())
    raise AssertionError(f"Tab leads to no {name!r} but to {sorted({name_of(one) for one in passed})}")


def go_and_press(name: str) -> None:
    """Go to a button and press it."""
    go_to(name)
    press(Qt.Key.Key_Space)


def stops(window: QWidget, *, on_stop: Callable[[QWidget], object] = lambda _stop: None) -> list[QWidget]:
    """Return where Tab stops, from where the keyboard is until it is there again; fail if it never is.

    Args:
        on_stop: called with each control while it has the keyboard, with the first at last again.
    """
    first = holder()
    found = [first]
    on_stop(first)
    for _stop in range(_MOST_STOPS):
        press(Qt.Key.Key_Tab)
        on_stop(holder())
        if holder() is first:
            return found
        assert holder() is not found[-1], f"the keyboard is caught in {name_of(holder())!r}"
        assert window.isAncestorOf(holder())
        found.append(holder())
    raise AssertionError(f"Tab does not come back: {[name_of(one) for one in found[-8:]]}")


def reachable(window: QWidget) -> Iterator[QWidget]:
    """Yield what Tab has to reach: all in view that takes the keyboard, of exclusive ones the chosen."""
    for widget in window.findChildren(QWidget):
        if not (widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()):
            continue
        if widget.focusProxy() is not None or widget.window() is not window:
            continue
        if isinstance(widget, QAbstractButton) and widget.autoExclusive() and not widget.isChecked():
            continue
        yield widget


def wait_for_keyboard(name: str) -> None:
    """Wait until a control has the keyboard."""
    run_until(
        lambda: QApplication.focusWidget() and name_of(holder()) == name, what=f"the keyboard at {name}"
    )
