"""The versions of a list on a line: in force filled, waiting outlined behind a dashed line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.core.trust_version import VersionLine, VersionState
from trustdesk.gui.dates import iso_date
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.trust.version_layout import VersionPlace, version_at, version_places
from trustdesk.gui.trust.words import VERSION_WORDS
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, shows_focus
from trustdesk.gui.words import say

_RADIUS = 6.5
_TOP = 14
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class VersionTimeline(QWidget):
    """One tab stop: Left and Right walk the versions, Enter compares with the one that is marked.

    Signals:
        chosen: number of the version that shall be compared.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions: tuple[VersionLine, ...] = ()
        self._marked: int | None = None
        self._compared: tuple[int | None, int | None] = (None, None)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Time runs from left to right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName(say(msg("Versions of the list")))

    @property
    def marked(self) -> int | None:
        """Number of the version that the keyboard is at; None without versions."""
        return self._marked

    def show_versions(self, versions: Sequence[VersionLine], before: int | None, after: int | None) -> None:
        """Show the versions, oldest first, and the two that are compared."""
        self._versions = tuple(versions)
        self._compared = before, after
        numbers = [place.version.number for place in self._places()]
        if self._marked not in numbers:
            self._marked = after if after in numbers else (numbers[-1] if numbers else None)
        self.setAccessibleDescription("; ".join(version_words(one) for one in self._versions))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for circle, number and date."""
        return QSize(
            460, _TOP + 10 + metrics(TypeStyle.LABEL).height() + metrics(TypeStyle.AXIS).height() + 8
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the versions, and compare."""
        numbers = [place.version.number for place in self._places()]
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if step and numbers:
            at = numbers.index(self._marked) if self._marked in numbers else 0
            self._marked = numbers[max(0, min(len(numbers) - 1, at + step))]
            self.setAccessibleName(self._spoken())
            self.update()
        elif (
            event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
            and self._marked is not None
        ):
            self.chosen.emit(self._marked)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Compare with the version under the pointer."""
        version = version_at(self._places(), event.position().x())
        if version is not None:
            self._marked = version.number
            self.update()
            self.chosen.emit(version.number)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line, the circles and what stands below them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places()
        for before, after in pairwise(places):
            self._paint_piece(painter, before, after)
        for place in places:
            self._paint_version(painter, place)
        if shows_focus(self) and self._marked is not None:
            for place in places:
                if place.version.number == self._marked:
                    ring = QRectF(place.x - 54, 1, 108, self.height() - 2)
                    paint_focus(painter, ring, CONTROL_RADIUS)
        painter.end()

    def _places(self) -> tuple[VersionPlace, ...]:
        return version_places(self._versions, self.width())

    def _spoken(self) -> str:
        marked = next((one for one in self._versions if one.number == self._marked), None)
        name = say(msg("Versions of the list"))
        return name if marked is None else f"{name}: {version_words(marked)}"

    def _paint_piece(self, painter: QPainter, before: VersionPlace, after: VersionPlace) -> None:
        tokens = current_theme().tokens
        waits = after.version.state is VersionState.WAITING
        pen = QPen(QColor(tokens.amber if waits else tokens.control), 2 if waits else 1.5)
        if waits:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(before.x + _RADIUS, _TOP), QPointF(after.x - _RADIUS, _TOP))

    def _paint_version(self, painter: QPainter, place: VersionPlace) -> None:
        tokens = current_theme().tokens
        version = place.version
        colors = {
            VersionState.APPLIED: (tokens.accent, tokens.accent),
            VersionState.WAITING: (tokens.warning, tokens.amber),
        }
        ink, ring = colors.get(version.state, (tokens.text2, tokens.control))
        painter.setPen(QPen(QColor(ring), 2))
        painter.setBrush(QColor(tokens.accent if version.state is VersionState.APPLIED else tokens.surface))
        painter.drawEllipse(QPointF(place.x, _TOP), _RADIUS, _RADIUS)
        words = str(version.number)
        if version.state is not VersionState.REPLACED:
            words = f"{words}  {say(VERSION_WORDS[version.state])}"
        label, axis = metrics(TypeStyle.LABEL), metrics(TypeStyle.AXIS)
        compared = version.number in self._compared
        painter.setFont(font(TypeStyle.ROW_TITLE_BAD if compared else TypeStyle.LABEL))
        painter.setPen(QColor(tokens.text if compared and ink == tokens.text2 else ink))
        middle = int(Qt.AlignmentFlag.AlignCenter)
        top = _TOP + _RADIUS + 3
        painter.drawText(QRectF(place.x - 70, top, 140, label.height() + 2), middle, words)
        painter.setFont(font(TypeStyle.AXIS))
        painter.setPen(QColor(ink if version.state is VersionState.WAITING else tokens.text2))
        date = iso_date(version.issued_at or version.kept_at)
        painter.drawText(QRectF(place.x - 70, top + label.height() + 1, 140, axis.height() + 2), middle, date)


def version_words(version: VersionLine) -> str:
    """Return a version as it is spoken and stands in choices."""
    return say(
        msg(
            "Version {number}, {state}, {date}",
            number=version.number,
            state=VERSION_WORDS[version.state],
            date=f"{(version.issued_at or version.kept_at):%Y-%m-%d}",
        )
    )
