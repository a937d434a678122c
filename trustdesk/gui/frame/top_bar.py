"""The bar above the pages: search, trust list in force, day judged for, whether CAs are asked, theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.evaluate_at.chip import EvaluateAtChip
from trustdesk.gui.frame.online_switch import OnlineSwitch
from trustdesk.gui.frame.scope_chip import ScopeChip
from trustdesk.gui.frame.search_field import SearchField
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.painting import hairline
from trustdesk.gui.words import say

if TYPE_CHECKING:
    from trustdesk.core.trust import TrustList

HEIGHT = 52
_WIDEST_SEARCH = 420

_MODES: dict[ThemeMode, tuple[str, Message]] = {
    ThemeMode.SYSTEM: ("half-moon", msg("Theme: as the system")),
    ThemeMode.LIGHT: ("sun", msg("Theme: light")),
    ThemeMode.DARK: ("moon", msg("Theme: dark")),
}
_OFFLINE = msg(
    "Nothing leaves this computer: no test, no question to a CA, no download. Press to change that."
)


class TopBar(QWidget):
    """Search field, trust list chip, chip of the day that is judged for, switch for the CAs, theme button.

    Signals:
        list_chosen: name of the list that the person wants in force.
        list_file_wanted: the person wants one from a file.
        mode_chosen: the ThemeMode that the person wants.
    """

    list_chosen = Signal(str)
    list_file_wanted = Signal()
    mode_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField()
        self.search.setMaximumWidth(_WIDEST_SEARCH)
        self.chip = ScopeChip()
        self.chip.hide()
        self._in_force: Message | None = None
        self.evaluate_at = EvaluateAtChip()
        self.online = OnlineSwitch()
        self.offline = Button(say(msg("Offline")), icon="not-applicable")
        self.offline.setToolTip(say(_OFFLINE))
        self.offline.setAccessibleDescription(say(_OFFLINE))
        self.offline.hide()
        name = say(_MODES[ThemeMode.SYSTEM][1])
        self.theme = Button(icon="half-moon", kind=ButtonKind.BARE, name=name)
        self._modes = QMenu(self)
        group = QActionGroup(self)
        self._mode_actions: dict[ThemeMode, QAction] = {}
        for mode, (_icon, words) in _MODES.items():
            action = QAction(say(words), self, checkable=True)
            action.triggered.connect(lambda _checked=False, wanted=mode: self.mode_chosen.emit(wanted))
            group.addAction(action)
            self._modes.addAction(action)
            self._mode_actions[mode] = action
        self.theme.clicked.connect(self._open_modes)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 0, 24, 0)
        layout.setSpacing(10)
        # The gap gets what the search cannot use.
        layout.addWidget(self.search, 1000)
        layout.addStretch(1)
        layout.addWidget(self.chip)
        layout.addWidget(self.evaluate_at)
        layout.addWidget(self.online)
        layout.addWidget(self.offline)
        layout.addWidget(self.theme)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(say(msg("Top bar")))

    def show_lists(self, lists: Sequence[TrustList]) -> None:
        """Show the list in force, the first; the others stand in the menu, and the way to one more."""
        self.chip.setVisible(bool(lists))
        if not lists:
            return
        from trustdesk.core.trust import TrustListOrigin  # comes with the first list, after the first paint

        in_force = lists[0]
        # The public web's list is for comparison: the chip says so by its colour.
        self.chip.show_choice(
            self._chip_words(in_force),
            icon="warning" if in_force.origin is TrustListOrigin.PUBLIC_WEB else "trust-lists",
            is_warning=in_force.origin is TrustListOrigin.PUBLIC_WEB,
            name=say(msg("Trust list in force: {list}", list=in_force.title)),
            tip=say(_described(in_force)),
        )
        menu = QMenu(self.chip)
        group = QActionGroup(menu)
        for one in lists:
            # An ampersand in a name is no mnemonic.
            action = QAction(say(one.title).replace("&", "&&"), menu, checkable=True)
            action.setChecked(one is in_force)
            action.setToolTip(say(_described(one)))
            action.triggered.connect(lambda _checked=False, name=one.name: self.list_chosen.emit(name))
            group.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(say(msg("From file …"))).triggered.connect(self._want_list_file)
        self.chip.set_menu(menu)

    def show_in_force(self, words: Message | None) -> None:
        """Say how many lists of the workspace are in force, and how old they are; None for none of them.

        It is shown while such a list is the first one of `show_lists`.
        """
        self._in_force = words

    def set_short(self, is_short: bool) -> None:
        """Say things in few words in a narrow window."""
        self.evaluate_at.set_short(is_short)
        self.online.set_short(is_short)

    def show_offline(self, is_offline: bool) -> None:
        """Say that nothing leaves, where else the switch that asks CAs stands; that one goes off."""
        if is_offline:
            self.online.setChecked(False)
        self.online.setVisible(not is_offline)
        self.offline.setVisible(is_offline)

    def show_mode(self, mode: ThemeMode) -> None:
        """Show which theme is chosen."""
        icon, words = _MODES[mode]
        self.theme.show_as("", icon=icon, name=say(words))
        self.theme.setToolTip(say(words))
        self._mode_actions[mode].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line below the bar."""
        painter = QPainter(self)
        line = hairline(self.devicePixelRatioF())
        color = QColor(current_theme().tokens.border)
        painter.fillRect(QRectF(0, self.height() - line, self.width(), line), color)
        painter.end()

    def _chip_words(self, in_force: TrustList) -> str:
        if self._in_force is not None and in_force.version is not None:
            return say(self._in_force)
        return say(in_force.title)

    def _want_list_file(self) -> None:
        self.list_file_wanted.emit()

    def _open_modes(self) -> None:
        right = self.theme.rect().bottomRight()
        if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            right.setX(right.x() - self._modes.sizeHint().width())
        self._modes.popup(self.theme.mapToGlobal(right))


def _described(trust_list: TrustList) -> Message:
    count = len(trust_list.anchors)
    return msg_n("{title}: {count} CA", "{title}: {count} CAs", count, title=trust_list.title)
