"""One of a few: a sunken trough with the chosen part raised."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import (
    CONTROL_RADIUS,
    is_right_to_left,
    paint_focus,
    paint_rounded,
    shows_focus,
)


class Segment(QWidget):
    """A switch between named parts; arrow keys move.

    Signals:
        changed: the key of the part that the person chose.
    """

    changed = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str]], *, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._current = self._choices[0][0]
        self._name = name
        self.setFont(font(TypeStyle.LABEL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tell()

    @property
    def current(self) -> str:
        """Key of the chosen part."""
        return self._current

    def set_current(self, key: str) -> None:
        """Choose a part without the signal; a key of none of them chooses none."""
        self._current = key
        self._tell()
        self.update()

    def add(self, key: str, words: str) -> None:
        """Put one more part behind the others, or give one that is there other words."""
        if any(one == key for one, _words in self._choices):
            self._choices = tuple((one, words if one == key else old) for one, old in self._choices)
        else:
            self._choices = (*self._choices, (key, words))
        self._tell()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of all parts."""
        return QSize(sum(self._widths()) + 4, max(28, QFontMetrics(self.font()).height() + 12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        if is_right_to_left(self):
            step = -step
        keys = [key for key, _words in self._choices]
        place = keys.index(self._current) + step if self._current in keys else 0
        if 0 <= place < len(keys):
            self._choose(keys[place])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the part under the pointer."""
        for (key, _words), place in zip(self._choices, self._places(), strict=True):
            if place.contains(event.position().toPoint()):
                self._choose(key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the trough, the raised part and the words."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        rect = QRectF(self.rect())
        paint_rounded(painter, rect, CONTROL_RADIUS, fill=tokens.unknown_soft, outline=tokens.border)
        painter.setFont(self.font())
        for (key, words), place in zip(self._choices, self._places(), strict=True):
            chosen = key == self._current
            if chosen:
                raised = QRectF(place)
                paint_rounded(
                    painter, raised, CONTROL_RADIUS - 1, fill=tokens.surface, outline=tokens.control
                )
            painter.setPen(QColor(tokens.text if chosen else tokens.text2))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)
        if shows_focus(self):
            paint_focus(painter, rect, CONTROL_RADIUS)
        painter.end()

    def _choose(self, key: str) -> None:
        if key != self._current:
            self.set_current(key)
            self.changed.emit(key)

    def _tell(self) -> None:
        words = dict(self._choices).get(self._current)
        self.setAccessibleName(f"{self._name}: {words}" if words is not None else self._name)

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(self.font())
        return [metrics.horizontalAdvance(words) + 25 for _key, words in self._choices]

    def _places(self) -> list[QRect]:
        places, x = [], 2
        for width in self._widths():
            place = QRect(x, 2, width, self.height() - 4)
            places.append(self.style().visualRect(self.layoutDirection(), self.rect(), place))
            x += width
        return places
