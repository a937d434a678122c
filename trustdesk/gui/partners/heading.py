"""The head of the page: title, count, filter and the buttons that run; or the way back to the table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_IMPORT = msg("Import …")
_NARROWEST, _ROOM_FOR_ALL = 560, 690


class PartnersHeading(QWidget):
    """One line above everything.

    Signals:
        filter_changed: other words stand in the filter.
        run_all_pressed, run_selected_pressed, import_pressed, export_pressed, back_pressed: the buttons.
    """

    filter_changed = Signal()
    run_all_pressed = Signal()
    run_selected_pressed = Signal()
    import_pressed = Signal()
    export_pressed = Signal()
    back_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_partners = False
        self._is_tight, self._has_room = False, True
        self._full_width = 0
        self._count = Text(ink="text2")
        self._field = FilterField(name=say(msg("Filter partners")), hint=say(msg("Filter partners")))
        self._field.setToolTip(say(msg("Words in the partner's name or endpoint (Ctrl+Shift+F)")))
        self._field.setMaximumWidth(260)
        self._field.textChanged.connect(self.filter_changed)
        self._import = Button(say(_IMPORT), icon="import", name=say(msg("Import")))
        self._import.setToolTip(say(msg("Add and change partners from a CSV or JSON file")))
        self._import.clicked.connect(self.import_pressed)
        self._more = Button(icon="more", name=say(msg("More for partners and their tests")))
        self._menu = QMenu(self._more)
        self._more.clicked.connect(self._open_menu)
        self._export_words = say(msg("Report …"))
        self._export = Button(self._export_words, icon="export", name=say(msg("Report")))
        self._export.setToolTip(say(msg("Write how the rows shown stand: page, PDF, table or document")))
        self._export.clicked.connect(self.export_pressed)
        self._selected = Button(say(msg("Run selected")))
        self._selected.setToolTip(say(msg("Test the marked partners; Ctrl and Shift mark several rows")))
        self._selected.clicked.connect(self.run_selected_pressed)
        self._all = Button(say(msg("Run all")), icon="run", key="F5", kind=ButtonKind.PRIMARY)
        self._all.setToolTip(say(msg("Test every partner (F5)")))
        self._all.clicked.connect(self.run_all_pressed)
        self._partner = ElidedLabel(style=TypeStyle.ROW_TITLE_BAD)
        self._place = Text(ink="text2")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_title())
        self._stack.addWidget(self._make_breadcrumb())
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        self.setMinimumHeight(self._all.sizeHint().height())
        # Less than its words need: they are left out before anything is cut.
        self.setMinimumWidth(_NARROWEST)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._field)
        layout.addWidget(self._import)
        layout.addWidget(self._export)
        layout.addWidget(self._more)
        layout.addWidget(self._selected)
        layout.addWidget(self._all)

    @property
    def filter_text(self) -> str:
        """What stands in the filter."""
        return self._field.text()

    @property
    def menu(self) -> QMenu:
        """What else can be done with the directory."""
        return self._menu

    @property
    def run_all_button(self) -> Button:
        """The button that tests every partner."""
        return self._all

    @property
    def filter_field(self) -> FilterField:
        """The field with the words to filter by."""
        return self._field

    def add_menu(self, words: Message, call: Callable[[], None]) -> QAction:
        """Add something that can be done with the directory."""
        action = self._menu.addAction(say(words))
        action.triggered.connect(lambda _checked=False: call())
        return action

    def focus_filter(self) -> None:
        """Put the cursor into the filter."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def set_count(self, count: int) -> None:
        """Say how many partners there are."""
        self._count.setText(say(msg_n("{count} in the directory", "{count} in the directory", count)))

    def set_directory(self, *, has_partners: bool, is_known: bool) -> None:
        """Offer only what makes sense: nothing to filter or run without partners."""
        self._has_partners = has_partners
        self._count.setVisible(is_known)
        for part in (self._field, self._export, self._selected, self._all):
            part.setVisible(has_partners)

    def set_runnable(self, *, all_rows: bool, marked: bool) -> None:
        """Enable what can be run now."""
        self._all.setEnabled(all_rows)
        self._selected.setEnabled(marked)

    def set_partner(self, partner: str, place: str) -> None:
        """Name the partner of the way back, and its place among the rows."""
        self._partner.setText(visible(partner))
        self._place.setText(place)

    def fit(self, width: int) -> None:
        """Leave out, where there is little room, the count (the chip All has it) and words of buttons."""
        if not self._is_tight:
            self._full_width = self._row.totalMinimumSize().width()
        tight = width < self._full_width
        if tight != self._is_tight:
            self._is_tight = tight
            self._import.show_as("" if tight else say(_IMPORT), icon="import", name=say(msg("Import")))
            words = "" if tight else self._export_words
            self._export.show_as(words, icon="export", name=say(msg("Report")))
        self._count.setVisible(not tight and self._has_partners)
        # F5 tests the marked rows too.
        self._has_room = width >= _ROOM_FOR_ALL
        self._selected.setVisible(self._has_room and self._has_partners and self._stack.currentIndex() == 0)

    def show_breadcrumb(self, shown: bool) -> None:
        """Show the way back instead of the title."""
        self._stack.setCurrentIndex(1 if shown else 0)
        self._field.setVisible(not shown and self._has_partners)
        self._export.setVisible(not shown and self._has_partners)
        self._import.setVisible(not shown)
        self._more.setVisible(not shown)
        self._selected.setVisible(not shown and self._has_partners and self._has_room)

    def _open_menu(self) -> None:
        side = self._more.rect().bottomRight() if self.isLeftToRight() else self._more.rect().bottomLeft()
        place = self._more.mapToGlobal(side + QPoint(0, 4))
        width = self._menu.sizeHint().width()
        self._menu.popup(QPoint(place.x() - width, place.y()) if self.isLeftToRight() else place)

    def _make_title(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Text(say(msg("Partners")), TypeStyle.PAGE_TITLE))
        layout.addWidget(self._count)
        layout.addStretch(1)
        return row

    def _make_breadcrumb(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        back = Button(say(msg("Partners")), icon="chevron-left", kind=ButtonKind.LINK)
        back.setToolTip(say(msg("Back to the table (Alt+Left)")))
        back.clicked.connect(self.back_pressed)
        layout.addWidget(back)
        layout.addWidget(self._partner, 1)
        layout.addWidget(self._place)
        return row
