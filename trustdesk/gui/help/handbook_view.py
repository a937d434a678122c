"""A chapter as it is read: Markdown without markup of its own, and nothing is ever loaded from elsewhere."""

from __future__ import annotations

import re

from PySide6.QtCore import QByteArray, QEvent, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.help.handbook import Chapter, handbook_folder
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.words import say

_PICTURE = re.compile(r"pictures/([a-z0-9-]+)\.png")
_CHAPTER = re.compile(r"([a-z-]+)(?:\.md)?(?:#.*)?")
_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_HEADS = {1: TypeStyle.PAGE_TITLE, 2: TypeStyle.SECTION, 3: TypeStyle.ROW_TITLE_BAD}
_ABOVE = {1: 0, 2: 20, 3: 14}
_MARGIN = 24
_WIDEST_PICTURE = 720
_HALF = 128
_IMAGE = QTextDocument.ResourceType.ImageResource.value


class HandbookView(QTextBrowser):
    """Shows one chapter.

    Signals:
        chapter_wanted: name of the chapter of a link that was pressed.
    """

    chapter_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chapter: Chapter | None = None
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(say(msg("Chapter of the handbook")))
        # The handbook is in English, whatever the window speaks.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN)
        self.anchorClicked.connect(self._follow)
        current_theme().changed.connect(self._show_again)

    @property
    def chapter(self) -> Chapter | None:
        """What is shown; None before the first."""
        return self._chapter

    def show_chapter(self, chapter: Chapter) -> None:
        """Show a chapter from its beginning."""
        self._chapter = chapter
        document = self.document()
        document.setDefaultFont(font(TypeStyle.BODY))
        document.setMarkdown(chapter.text, _FEATURES)
        self._dress()
        self._fit_pictures()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.setExtraSelections([])

    def show_section(self, title: str, level: int) -> bool:
        """Scroll to a heading; return whether it is there."""
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == level and block.text() == title:
                self.setTextCursor(QTextCursor(block))
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top) - _MARGIN // 2)
                return True
            block = block.next()
        return False

    def mark(self, words: str) -> None:
        """Mark every place of these words in the chapter."""
        tokens = current_theme().tokens
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.warning_soft))
        look.setForeground(QColor(tokens.text))
        marks = []
        for word in words.split():
            cursor = QTextCursor(self.document())
            while not (cursor := self.document().find(word, cursor)).isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor, selection.format = cursor, look
                marks.append(selection)
        self.setExtraSelections(marks)

    def loadResource(self, kind: int, name: QUrl) -> QImage | QByteArray:  # type: ignore[override]
        """Return a picture of the handbook; whatever else is asked for is not there."""
        picture = self._picture(name.toString()) if kind == _IMAGE else QImage()
        return QByteArray() if picture.isNull() else picture

    def _picture(self, name: str) -> QImage:
        """Return a picture of the handbook; one of nothing for any other name."""
        found = _PICTURE.fullmatch(name)
        if found is None:
            return QImage()
        folder = handbook_folder() / "pictures"
        dark = folder / f"{found[1]}-dark.png"
        is_dark = QColor(current_theme().tokens.window).lightness() < _HALF
        file = dark if is_dark and dark.exists() else folder / f"{found[1]}.png"
        return QImage(str(file))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures to another width."""
        super().resizeEvent(event)
        self._fit_pictures()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll with the keys, and leave Esc and Backspace to others."""
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Backspace}:
            event.ignore()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the direction of English."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange and self.isRightToLeft():
            self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def _follow(self, url: QUrl) -> None:
        found = _CHAPTER.fullmatch(url.toString())
        if found:
            self.chapter_wanted.emit(found[1])

    def _show_again(self) -> None:
        if self._chapter is None:
            return
        place = self.verticalScrollBar().value()
        self.show_chapter(self._chapter)
        self.verticalScrollBar().setValue(place)

    def _dress(self) -> None:
        """Give headings, code and paragraphs the type scale and the colours of the theme."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            layout = QTextBlockFormat()
            if not _is_picture(block):
                layout.setLineHeight(124, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            layout.setBottomMargin(4 if level else 8)
            layout.setTopMargin(_ABOVE.get(level, 0))
            cursor.setPosition(block.position())
            cursor.mergeBlockFormat(layout)
            self._dress_words(cursor, block, level)
            block = block.next()
        cursor.endEditBlock()

    def _dress_words(self, cursor: QTextCursor, block: QTextBlock, level: int) -> None:
        tokens = current_theme().tokens
        look = QTextCharFormat()
        if level in _HEADS:
            look.setFont(font(_HEADS[level]))
            look.setForeground(QColor(tokens.text))
            look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(look)
            cursor.clearSelection()
            return
        parts = block.begin()
        places = []
        while not parts.atEnd():
            fragment = parts.fragment()
            places.append((fragment.position(), fragment.length(), fragment.charFormat()))
            parts += 1
        for position, length, given in places:
            if given.isImageFormat():
                continue
            change = QTextCharFormat()
            if given.fontFixedPitch():
                change.setFont(font(TypeStyle.FIXED))
                change.setForeground(QColor(tokens.text))
                change.setBackground(QColor(tokens.sunken))
            elif given.isAnchor():
                change.setForeground(QColor(tokens.accent))
            else:
                continue
            cursor.setPosition(position)
            cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(change)
            cursor.clearSelection()

    def _fit_pictures(self) -> None:
        room = min(_WIDEST_PICTURE, self.viewport().width() - 2 * _MARGIN)
        block = self.document().begin()
        while block.isValid():
            parts = block.begin()
            while not parts.atEnd():
                fragment = parts.fragment()
                given = fragment.charFormat()
                if given.isImageFormat():
                    image: QTextImageFormat = given.toImageFormat()
                    picture = self._picture(image.name())
                    if not picture.isNull() and room > 0 and round(image.width()) != room:
                        image.setWidth(room)
                        image.setHeight(round(room * picture.height() / picture.width()))
                        cursor = QTextCursor(self.document())
                        cursor.setPosition(fragment.position())
                        cursor.setPosition(
                            fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor
                        )
                        cursor.setCharFormat(image)
                parts += 1
            block = block.next()


def _is_picture(block: QTextBlock) -> bool:
    return block.length() > 1 and block.begin().fragment().charFormat().isImageFormat()
