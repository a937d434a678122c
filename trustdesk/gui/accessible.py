"""What assistive technology is told of the parts that the window paints itself.

Qt knows the roles of its own controls and tables; of a bare QWidget it says "client", which a screen reader
passes over. Here stands what such a part is, and which of its keys can be pressed from outside. Nothing of
this runs before something asks (QAccessible.isActive), so it costs nobody else anything.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QFont,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAccessibleWidget,
    QComboBox,
    QLabel,
    QWidget,
)
from shiboken6 import isValid

_Role = QAccessible.Role
_PRESS = QAccessibleActionInterface.pressAction()
_TOGGLE = QAccessibleActionInterface.toggleAction()
_MORE, _LESS = QAccessibleActionInterface.increaseAction(), QAccessibleActionInterface.decreaseAction()
_ENTER, _LEFT, _RIGHT = Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Right
_UP_AND_DOWN = {_PRESS: _ENTER, _MORE: Qt.Key.Key_Down, _LESS: Qt.Key.Key_Up}
_LEFT_AND_RIGHT = {_PRESS: _ENTER, _MORE: _RIGHT, _LESS: _LEFT}
_ONLY_PRESS = {_PRESS: _ENTER}

ROLES: dict[str, QAccessible.Role] = {
    # Drawings: one tab stop each, walked with the arrow keys.
    "TimelineView": _Role.Chart,
    "Ladder": _Role.Chart,
    "ChainGraphView": _Role.Chart,
    "TrendChart": _Role.Chart,
    "VersionTimeline": _Role.Chart,
    # Drawings that only show: all of it stands in name and description.
    "PhaseBar": _Role.Chart,
    "LimitStrip": _Role.Chart,
    "CasePath": _Role.Chart,
    "PathLine": _Role.Chart,
    "Swatch": _Role.Graphic,
    "Ring": _Role.Indicator,
    "ProgressBar": _Role.ProgressBar,
    # Lines and chips of words.
    "StateChip": _Role.StaticText,
    "CountTile": _Role.StaticText,
    "OutcomeBox": _Role.StaticText,
    "VerdictLineView": _Role.StaticText,
    "RemarkLine": _Role.Note,
    "Reason": _Role.Note,
    "SoftNotice": _Role.Note,
    "VerdictBanner": _Role.AlertMessage,
    "DoneNotice": _Role.Notification,
    "AsOfBanner": _Role.AlertMessage,
    "FindingRow": _Role.ListItem,
    "FindingsList": _Role.List,
    "ChangeRow": _Role.ListItem,
    "NameRow": _Role.ListItem,
    "NameRows": _Role.List,
    "CertificateCard": _Role.ListItem,
    "ChainList": _Role.List,
    # A group that is one tab stop: the chosen part stands in the name, arrow keys choose another.
    "Segment": _Role.ComboBox,
    # Qt names a combo box by its choice on Linux, and leaves what is chosen to a label that not each has.
    "Combo": _Role.ComboBox,
    # An area that its keys scroll is a stop of its own.
    "QScrollArea": _Role.Section,
    "HexView": _Role.Document,
    # The window and its parts.
    "MainWindow": _Role.Window,
    "Rail": _Role.ToolBar,
    "TopBar": _Role.ToolBar,
    "StatusBar": _Role.StatusBar,
    "StepRail": _Role.Grouping,
    "HostChips": _Role.Grouping,
    "ChoiceList": _Role.Grouping,
    "ProbeMatrix": _Role.Grouping,
    "FactGrid": _Role.Grouping,
    "FieldDifferences": _Role.Grouping,
    "PreviewPane": _Role.Grouping,
    "Card": _Role.Grouping,
}
"""Role of each class of ours that Qt does not know; and of its subclasses without their own."""

ACTIONS: dict[str, dict[str, Qt.Key]] = {
    "TimelineView": _UP_AND_DOWN,
    "Ladder": _UP_AND_DOWN,
    "ChainGraphView": _UP_AND_DOWN,
    "TrendChart": {_MORE: _RIGHT, _LESS: _LEFT},
    "VersionTimeline": _LEFT_AND_RIGHT,
    "Segment": {_MORE: _RIGHT, _LESS: _LEFT},
    "Combo": {_PRESS: Qt.Key.Key_Space, _MORE: Qt.Key.Key_Down, _LESS: Qt.Key.Key_Up},
    "ChangeRow": _ONLY_PRESS,
    "CertificateCard": _ONLY_PRESS,
}
"""What can be done from outside to such a part, and the key that does it."""

_undescribed: list[QWidget] = []


class PaintedPart(QAccessibleWidget):
    """A part with a role of its own, whose keys are its actions."""

    def __init__(self, widget: QWidget, role: QAccessible.Role, keys: dict[str, Qt.Key]) -> None:
        super().__init__(widget, role)
        self._keys = keys

    def text(self, kind: QAccessible.Text, /) -> str:
        """Return the name, the description, or as value what a combo box has chosen."""
        widget = self.widget()
        if kind is QAccessible.Text.Value and isinstance(widget, QComboBox):
            return widget.currentText()
        return super().text(kind)

    def actionNames(self) -> list[str]:
        """Return what can be done."""
        return [*self._keys, *super().actionNames()]

    def doAction(self, name: str, /) -> None:
        """Press the key that does it, as the person would."""
        key = self._keys.get(name)
        if key is None:
            super().doAction(name)
            return
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            press = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.postEvent(self.widget(), press)


class CheckablePart(PaintedPart):
    """A button that stays down: Qt's own action turns it without a click, on which most of ours wait."""

    def __init__(self, button: QAbstractButton) -> None:
        role = _Role.RadioButton if button.autoExclusive() else _Role.CheckBox
        super().__init__(button, role, {_TOGGLE: Qt.Key.Key_Space})
        self._button = button

    def text(self, kind: QAccessible.Text, /) -> str:
        """Return the words on it where it has no other name."""
        return super().text(kind) or (self._button.text() if kind is QAccessible.Text.Name else "")

    def state(self) -> QAccessible.State:
        """Return whether it is down, besides what is true of every part."""
        told = super().state()
        told.checkable = 1
        told.checked = int(self._button.isChecked())
        return told


def install() -> None:
    """Let Qt ask here first; once for a process, as often as it is called."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_interface)


def announce(part: QWidget, words: str) -> None:
    """Have a screen reader say what came about, though the keyboard is elsewhere."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, words))


def describe_waiting() -> int:
    """Describe the controls that were asked for and say no more than their name.

    Each gets the name of the part of the window that it stands in: "Run all" is said to belong to "Partners".

    Returns:
        How many were waiting.
    """
    waiting, _undescribed[:] = _undescribed[:], []
    for widget in waiting:
        if isValid(widget) and not _is_described(widget):
            widget.setAccessibleDescription(surroundings(widget))
    return len(waiting)


def surroundings(widget: QWidget) -> str:
    """Return the nearest name around a widget that is not its own; "" for none."""
    own = widget.accessibleName()
    around = widget.parentWidget()
    while around is not None:
        name = around.accessibleName() or around.windowTitle() or _heading(around)
        if name and name != own:
            return name
        around = around.parentWidget()
    return QCoreApplication.applicationName()


def _heading(part: QWidget) -> str:
    """Return the words of a part's own title."""
    for label in part.children():
        if isinstance(label, QLabel) and label.font().weight() >= QFont.Weight.DemiBold and label.text():
            return label.text()
    return ""


def _interface(key: str, asked: QObject) -> QAccessibleInterface | None:
    """Return what stands for an object; None leaves it to Qt. It is asked for each class up to QWidget."""
    # Qt asks also while a part goes, of which nothing is left on this side.
    if not isinstance(asked, QWidget) or not isValid(asked):
        return None
    if key == asked.metaObject().className():
        _look_at(asked)
        if isinstance(asked, QAbstractButton) and asked.isCheckable():
            return CheckablePart(asked)
    role = ROLES.get(key)
    return None if role is None else PaintedPart(asked, role, ACTIONS.get(key, {}))


def _look_at(widget: QWidget) -> None:
    reached = widget.focusPolicy() is not Qt.FocusPolicy.NoFocus or isinstance(widget, QAbstractButton)
    # An area that scrolls is reached where it has more than fits.
    if isinstance(widget, QAbstractScrollArea) and not widget.accessibleName():
        return
    if reached and not _is_described(widget):
        if not _undescribed:
            # Not now: the change would be told, and whom it is told would ask for the same object again.
            QTimer.singleShot(0, describe_waiting)
        _undescribed.append(widget)


def _is_described(widget: QWidget) -> bool:
    """Whether there is a description, or a tooltip in plain words, which Qt takes for one."""
    tip = widget.toolTip()
    return bool(widget.accessibleDescription() or (tip and not tip.startswith("<")))


_installed: list[bool] = []
