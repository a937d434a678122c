"""The page Help: handbook, self-test, about; and the sheet of keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.help.about_pane import AboutPane
from trustdesk.gui.help.handbook_pane import HandbookPane
from trustdesk.gui.help.selftest_pane import SelfTestPane
from trustdesk.gui.shortcuts import Key, bind, key_text
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

HANDBOOK, SELF_TEST, ABOUT = range(3)


class HelpPage(QWidget):
    """The page.

    Signals:
        keys_wanted: the sheet of keys.

    Attributes:
        handbook, self_test, about: what the tabs show.
        buttons: the row at the end of the title, for what else helps.
    """

    keys_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handbook = HandbookPane()
        self.self_test = SelfTestPane(bridge)
        self.about = AboutPane(bridge)
        self.about.set_desk(None)
        self._panes = (self.handbook, self.self_test, self.about)
        self.tabs = Tabs(name=say(msg("Help")))
        self._stack = QStackedWidget()
        for words, pane in zip(
            (msg("Handbook"), msg("Self-test"), msg("About trustdesk")), self._panes, strict=True
        ):
            self.tabs.addTab(say(words))
            self._stack.addWidget(pane)
        self.tabs.currentChanged.connect(self._turn)
        self.keys_button = Button(say(msg("Keys …")), icon="keyboard", key=key_text(Key.SHORTCUTS))
        self.keys_button.clicked.connect(self.keys_wanted)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self.keys_button)
        head = QHBoxLayout()
        head.addWidget(Text(say(msg("Help")), TypeStyle.PAGE_TITLE))
        head.addStretch(1)
        head.addLayout(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        self.setAccessibleName(say(msg("Help")))
        bind(self, Key.HELP_BACK, self.handbook.back)
        bind(self, Key.HELP_SEARCH, self._search)
        bind(self, Key.HELP_TAB, lambda: self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % 3))

    def set_desk(self, desk: Desk | None, failure: TrustdeskError | None = None) -> None:
        """Work with a desk; None where it could not be opened, and why."""
        self.self_test.set_desk(desk, failure)
        self.about.set_desk(desk)

    def open_chapter(self, name: str) -> None:
        """Show a chapter of the handbook."""
        self.tabs.setCurrentIndex(HANDBOOK)
        self.handbook.open_chapter(name)

    def show_self_test(self) -> None:
        """Show the self-test, and look."""
        self.tabs.setCurrentIndex(SELF_TEST)
        self.self_test.begin()

    def focus_main(self) -> None:
        """Move the keyboard to what is in view."""
        self._panes[self.tabs.currentIndex()].focus_main()

    def _turn(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        if place == SELF_TEST:
            self.self_test.begin()
        elif place == ABOUT:
            self.about.begin()

    def _search(self) -> None:
        self.tabs.setCurrentIndex(HANDBOOK)
        self.handbook.focus_search()
