"""The handbook: contents and search at one side, the chapter at the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.help.handbook import Chapter, Section, find, read_handbook
from trustdesk.gui.help.handbook_view import HandbookView
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.shortcuts import Key, key_text
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.plain_view import framed
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_CONTENTS_WIDTH, _LEAST_CONTENTS_WIDTH, _NARROW = 300, 220, 900
_DEEPEST = 2
_MOST_KEPT = 50


class HandbookPane(QWidget):
    """The pane.

    Attributes:
        contents: chapters with their sections, or what a search found.
        view: the chapter.
        field: the search.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chapters: tuple[Chapter, ...] = ()
        self._been: list[Section] = []
        self._shown: Section | None = None
        self._error = VerdictBanner()
        self._error.hide()
        self.field = FilterField(name=say(msg("Search the handbook")), hint=say(msg("Search the handbook")))
        self.field.textChanged.connect(self._search)
        self.contents: RowTable[Section] = RowTable(
            (RowColumn(head=msg("Contents"), cell=self._cell),),
            name=say(msg("Contents of the handbook")),
            spoken=lambda one: one.title,
        )
        self.contents.opened.connect(self._open_row)
        self.contents.selectionModel().currentRowChanged.connect(lambda now: self._open_row(now.row()))
        self.view = HandbookView()
        self.view.chapter_wanted.connect(self.open_chapter)
        self.back_button = Button(say(msg("Back")), icon="chevron-left", key=key_text(Key.HELP_BACK))
        self.back_button.clicked.connect(self.back)
        self.back_button.setEnabled(False)
        self._none = Text(say(msg("Nothing has these words.")), ink="text2", wrap=True)
        self._none.hide()
        self._english = Text(say(msg("The handbook is in English.")), TypeStyle.SECOND_LINE, "text2")
        self._english.setVisible(self._english.text() != msg("The handbook is in English.").id)
        self._build()

    def open_chapter(self, name: str) -> None:
        """Show a chapter; one that is not there shows the first."""
        self._read()
        if self._chapters:
            chapter = next((one for one in self._chapters if one.name == name), self._chapters[0])
            self._show(chapter.sections[0])

    def back(self) -> None:
        """Show what was shown before."""
        if self._been:
            self._shown = None
            self._show(self._been.pop())

    def focus_main(self) -> None:
        """Move the keyboard to the contents."""
        if self._shown is None:
            self.open_chapter("start")
        self.contents.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Move the keyboard to the search."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the chapter more of a narrow window."""
        super().resizeEvent(event)
        self._side.setFixedWidth(_CONTENTS_WIDTH if self.width() >= _NARROW else _LEAST_CONTENTS_WIDTH)

    def _read(self) -> None:
        if self._chapters:
            return
        try:
            self._chapters = read_handbook()
        except TrustdeskError as error:
            self._error.show_error(error)
            self._error.show()
            return
        self._search(self.field.text())

    def _search(self, words: str) -> None:
        self._read()
        if words.strip():
            rows = find(self._chapters, words)
        else:
            rows = tuple(
                one for chapter in self._chapters for one in chapter.sections if one.level <= _DEEPEST
            )
        was = self.contents.blockSignals(True)
        self.contents.show_rows(rows)
        self.contents.blockSignals(was)
        self._none.setVisible(not rows and bool(self._chapters))
        self._choose(self._shown)
        self.view.mark(words)

    def _open_row(self, place: int) -> None:
        if 0 <= place < len(self.contents.rows):
            self._show(self.contents.rows[place])

    def _show(self, section: Section) -> None:
        if section == self._shown:
            return
        if self._shown is not None:
            self._been = [*self._been[-_MOST_KEPT:], self._shown]
        self._shown = section
        self.back_button.setEnabled(bool(self._been))
        chapter = next(one for one in self._chapters if one.name == section.chapter)
        if self.view.chapter is not chapter:
            self.view.show_chapter(chapter)
        self.view.show_section(section.title, section.level)
        self.view.mark(self.field.text())
        self._choose(section)

    def _choose(self, section: Section | None) -> None:
        if section is not None and section in self.contents.rows:
            place = self.contents.rows.index(section)
            if self.contents.currentIndex().row() != place:
                self.contents.setCurrentIndex(self.contents.model().index(place, 0))

    def _cell(self, section: Section) -> RowCell:
        if section.level == 1:
            return RowCell(section.title, style=TypeStyle.ROW_TITLE_BAD)
        if self.field.text().strip():
            return RowCell(section.title)
        return RowCell(f"\u2003{section.title}", "text2")

    def _build(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self.field)
        side.addWidget(framed(self.contents), 1)
        side.addWidget(self._none)
        side.addWidget(self._english)
        side.addWidget(self.back_button)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        holder.setFixedWidth(_CONTENTS_WIDTH)
        self._side = holder
        text = QVBoxLayout()
        text.setSpacing(10)
        text.addWidget(self._error)
        text.addWidget(framed(self.view), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(holder)
        layout.addLayout(text, 1)
