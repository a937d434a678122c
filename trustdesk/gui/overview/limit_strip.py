"""The phases of the public web's limits side by side; the one that holds is marked by word and frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.renewal import LIMITS_SOURCE, LimitPhase
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, elided, font, metrics
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_rounded
from trustdesk.gui.words import say

_GAP = 4
_PADDING = 12


class LimitStrip(QWidget):
    """Paints the phases; all that it shows stands in its description too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phases: Sequence[LimitPhase] = ()
        self._at = datetime(2000, 1, 1, tzinfo=UTC)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say(msg("Longest validity that a public CA may give")))
        self.setToolTip(LIMITS_SOURCE)
        current_theme().changed.connect(self.update)

    def show_phases(self, phases: Sequence[LimitPhase], at: datetime) -> None:
        """Show the phases as of an instant."""
        self._phases, self._at = tuple(phases), at
        self.setAccessibleDescription(
            ", ".join(f"{self._title(one)} {self._dates(one)}" for one in self._phases)
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for two lines."""
        lines = metrics(TypeStyle.ROW_TITLE).height() + metrics(TypeStyle.SECOND_LINE).height()
        return QSize(480, lines + 14)

    def minimumSizeHint(self) -> QSize:
        """Return what is narrow, and as high."""
        return QSize(280, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a box for each phase."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        for phase, place in zip(self._phases, self._boxes(), strict=True):
            is_now = phase.is_at(self._at)
            is_past = phase.ends is not None and phase.ends <= self._at
            paint_rounded(
                painter,
                QRectF(place),
                CONTROL_RADIUS,
                fill=tokens.accent_soft if is_now else tokens.sunken,
                outline=tokens.accent if is_now else tokens.border,
            )
            inner = place.adjusted(_PADDING, 7, -_PADDING // 2, -7)
            title = metrics(TypeStyle.ROW_TITLE_BAD).height()
            ink = tokens.accent if is_now else tokens.text3 if is_past else tokens.text
            style = TypeStyle.ROW_TITLE if is_past else TypeStyle.ROW_TITLE_BAD
            lines = (
                (self._title(phase), style, ink, QRect(inner.left(), inner.top(), inner.width(), title)),
                (
                    self._dates(phase),
                    TypeStyle.SECOND_LINE,
                    tokens.text2,
                    QRect(inner.left(), inner.top() + title, inner.width(), inner.height() - title),
                ),
            )
            for text, used, color, line in lines:
                painter.setFont(font(used))
                painter.setPen(QColor(color))
                painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), elided(text, used, line.width()))
        painter.end()

    def _boxes(self) -> list[QRect]:
        count = max(1, len(self._phases))
        width = (self.width() - (count - 1) * _GAP) / count
        boxes = [
            QRect(round(place * (width + _GAP)), 0, round(width), self.height()) for place in range(count)
        ]
        # Time runs the other way where one reads so: this is a row of words and no axis.
        return [
            self.style().visualRect(self.layoutDirection(), self.rect(), box)
            for box in boxes[: len(self._phases)]
        ]

    def _title(self, phase: LimitPhase) -> str:
        days = msg_n("{count} day", "{count} days", phase.days)
        return say(msg("{days} · now", days=days)) if phase.is_at(self._at) else say(days)

    def _dates(self, phase: LimitPhase) -> str:
        if phase.is_at(self._at):
            return say(msg("since {date}", date=_day(phase.begins)))
        if phase.ends is not None and phase.ends <= self._at:
            return say(msg("until {date}", date=_day(phase.ends - timedelta(days=1))))
        return say(msg("from {date}", date=_day(phase.begins)))


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"
