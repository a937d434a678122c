"""The rail at the left: one entry for each page that exists; at its foot Help and Settings."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.shortcuts import Key, key_text
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import (
    CONTROL_RADIUS,
    hairline,
    is_right_to_left,
    paint_focus,
    paint_rounded,
    shows_focus,
)
from trustdesk.gui.words import say

WIDTH, COLLAPSED_WIDTH = 184, 56
_WIDEST = 264
_SIDE = 12
_ICON = 18
_BEFORE_WORDS, _AFTER_WORDS = 40, 36
_LOGO = 26
_MOST_IN_FULL = 10_000


class Rail(QWidget):
    """Logo, name and entries; collapses to icons.

    Signals:
        chosen: key of the page that the person wants.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, RailEntry] = {}
        self._collapsed = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 60, 12, 12)
        self._layout.setSpacing(2)
        self._layout.addStretch(1)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(say(msg("Pages")))

    def add_entry(self, page: str, key: Key, *, icon: str) -> None:
        """Add a page; `key` is its shortcut, for its name and the tooltip."""
        self._add(page, RailEntry(say(key.value.words), icon=icon, keys=key_text(key)), len(self._entries))

    def add_foot_entry(self, name: str, key: Key, words: Message, *, icon: str, opens_page: bool) -> None:
        """Add what stands at the foot; connect to its `clicked` where it opens no page."""
        entry = RailEntry(say(words), icon=icon, keys=key_text(key), opens_page=opens_page)
        self._add(name, entry, self._layout.count())

    def entry(self, key: str) -> RailEntry:
        """Return the entry of a page."""
        return self._entries[key]

    def _add(self, name: str, entry: RailEntry, place: int) -> None:
        if entry.isCheckable():
            entry.clicked.connect(lambda: self.chosen.emit(name))
        entry.moved.connect(self._move_focus)
        self._layout.insertWidget(place, entry)
        self._entries[name] = entry
        self.set_collapsed(self._collapsed)

    def set_current(self, key: str) -> None:
        """Mark the page in view."""
        for one, entry in self._entries.items():
            entry.setChecked(one == key)

    def set_collapsed(self, collapsed: bool) -> None:
        """Show icons only, or icons and words."""
        self._collapsed = collapsed
        self.setFixedWidth(COLLAPSED_WIDTH if collapsed else self._full_width())
        side = 8 if collapsed else 12
        self._layout.setContentsMargins(side, 60, side, 12)
        for entry in self._entries.values():
            entry.set_collapsed(collapsed)
        self.update()

    def focus_current(self) -> None:
        """Move the keyboard to the entry of the page in view."""
        for entry in self._entries.values():
            if entry.isChecked():
                entry.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, line, logo and name."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.rail))
        line = hairline(self.devicePixelRatioF())
        x = 0.0 if is_right_to_left(self) else self.width() - line
        painter.fillRect(QRectF(x, 0, line, self.height()), QColor(tokens.border))
        left = (self.width() - _LOGO) // 2 if self._collapsed else 20
        logo = self._mirrored(QRect(left, 13, _LOGO, _LOGO))
        paint_rounded(painter, QRectF(logo), 6, fill=tokens.accent)
        mark = pixmap("logo", tokens.on_accent, _LOGO - 4, self.devicePixelRatioF())
        painter.drawPixmap(logo.left() + 2, logo.top() + 2, mark)
        if not self._collapsed:
            painter.setFont(font(TypeStyle.SECTION))
            painter.setPen(QColor(tokens.text))
            place = self._mirrored(QRect(left + _LOGO + 11, 13, self.width() - left - _LOGO - 20, _LOGO))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), "trustdesk")
        painter.end()

    def _full_width(self) -> int:
        """Return the width that the longest word needs in this language."""
        widest = max((entry.words_width for entry in self._entries.values()), default=0)
        return min(max(WIDTH, widest + 2 * _SIDE), _WIDEST)

    def _move_focus(self, step: int) -> None:
        entries = list(self._entries.values())
        place = next((i for i, entry in enumerate(entries) if entry.hasFocus()), 0) + step
        if 0 <= place < len(entries):
            entries[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)


class RailEntry(QAbstractButton):
    """Icon, word and, where something needs a look, how much; collapsed a dot stands for the number.

    Signals:
        moved: an arrow key wants the entry so many steps away.
    """

    moved = Signal(int)

    def __init__(
        self, words: str, *, icon: str, keys: str, opens_page: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._count, self._count_words, self._count_ink = 0, "", "bad"
        self._collapsed = False
        self._keys = keys
        self.setText(words)
        self.setCheckable(opens_page)
        self.setAutoExclusive(opens_page)
        self.setFont(font(TypeStyle.ROW_TITLE))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tell()

    def set_failing(self, count: int) -> None:
        """Show how many fail; nothing for none."""
        self.set_badge(count, msg_n("{count} failing", "{count} failing", count), ink="bad")

    def set_badge(self, count: int, words: Message, *, ink: str) -> None:
        """Show a number, and say it in words; nothing for 0. `ink` is the token of a state."""
        self._count, self._count_words, self._count_ink = count, say(words) if count else "", ink
        self._tell()
        self.update()

    def set_collapsed(self, collapsed: bool) -> None:
        """Show the icon only; the word moves into the tooltip."""
        self._collapsed = collapsed
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of an entry."""
        return QSize(40, max(36, QFontMetrics(self.font()).height() + 18))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move among the entries with the arrow keys."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.moved.emit(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the entry."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        rect = QRectF(self.rect())
        current = self.isChecked()
        if current or self.underMouse():
            painter.setOpacity(1.0 if current else 0.5)
            paint_rounded(painter, rect, CONTROL_RADIUS, fill=tokens.rail_current)
            painter.setOpacity(1.0)
        if current:
            bar = self._mirrored(QRect(0, (self.height() - 18) // 2, 3, 18))
            paint_rounded(painter, QRectF(bar), 1.5, fill=tokens.accent)
        left = (self.width() - _ICON) // 2 if self._collapsed else 13
        place = self._mirrored(QRect(left, (self.height() - _ICON) // 2, _ICON, _ICON))
        ink = tokens.accent if current else tokens.text2
        painter.drawPixmap(place.topLeft(), pixmap(self._icon, ink, _ICON, self.devicePixelRatioF()))
        if not self._collapsed:
            painter.setFont(font(TypeStyle.ROW_TITLE_BAD) if current else self.font())
            painter.setPen(QColor(tokens.text if current else tokens.text2))
            words = self._mirrored(
                QRect(_BEFORE_WORDS, 0, self.width() - _BEFORE_WORDS - _AFTER_WORDS, self.height())
            )
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if self._count:
            self._paint_badge(painter)
        if shows_focus(self):
            paint_focus(painter, rect, CONTROL_RADIUS)
        painter.end()

    @property
    def words_width(self) -> int:
        """The width that the entry needs for its whole word beside a number, in pixels."""
        longest = QFontMetrics(font(TypeStyle.ROW_TITLE_BAD)).horizontalAdvance(self.text())
        return _BEFORE_WORDS + longest + _AFTER_WORDS

    @property
    def badge(self) -> str:
        """The count, as far as the rail has room; the tooltip has all of it."""
        return str(self._count) if self._count < _MOST_IN_FULL else f"{self._count // 1000}k"

    def _paint_badge(self, painter: QPainter) -> None:
        tokens = current_theme().tokens
        color = str(getattr(tokens, self._count_ink))
        if self._collapsed:
            dot = self._mirrored(QRect(self.width() // 2 + 5, 5, 8, 8))
            paint_rounded(painter, QRectF(dot), 4, fill=color)
            return
        used = font(TypeStyle.LABEL)
        width = max(20, QFontMetrics(used).horizontalAdvance(self.badge) + 12)
        pill = self._mirrored(QRect(self.width() - width - 8, (self.height() - 18) // 2, width, 18))
        paint_rounded(painter, QRectF(pill), 9, fill=str(getattr(tokens, f"{self._count_ink}_soft")))
        painter.setFont(used)
        painter.setPen(QColor(color))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), self.badge)

    def _tell(self) -> None:
        name = ", ".join(part for part in (self.text(), self._count_words) if part)
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({self._keys})" if self._collapsed or self._count_words else self._keys)

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
