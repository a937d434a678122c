"""The head of a cause: rank, sentence, how far the facts favour it, who has to act. Pressed, it opens."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from trustdesk.core.diagnosis import Hypothesis
from trustdesk.core.message import msg
from trustdesk.core.probe import Responsible
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font, metrics
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, paint_rounded, shows_focus
from trustdesk.gui.widgets.paragraph import lay_out
from trustdesk.gui.words import say
from trustdesk.services.verdict_words import WHO

_BAR, _BAR_HEIGHT = 64, 6
_ICON = 14
_PADDING, _GAP = 12, 8
_RANK = 22
_LEAST_BESIDE = 220
"""Width of the sentence from which bar and chip stand beside it; else they stand below."""

_WHO_ICONS = {
    Responsible.US: "person",
    Responsible.PARTNER: "server",
    Responsible.NETWORK: "globe",
    Responsible.CA: "certificate",
    Responsible.UNCLEAR: "unknown",
    Responsible.NOBODY: "tick",
}


class HypothesisHead(QPushButton):
    """Checkable: checked is open."""

    def __init__(self, rank: int, hypothesis: Hypothesis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rank = str(rank)
        self._statement = say(hypothesis.statement)
        self._share = hypothesis.confidence
        self._per_cent = say(msg("{share} %", share=round(hypothesis.confidence * 100)))
        self._who = say(WHO[hypothesis.responsible])
        self._who_icon = _WHO_ICONS[hypothesis.responsible]
        self._leads = rank == 1
        self.setCheckable(True)
        self.setToolTip(visible(hypothesis.cause))
        self.setAccessibleName(
            say(
                msg(
                    "Cause {rank}, {share}: {statement} To act: {who}.",
                    rank=rank,
                    share=self._per_cent,
                    statement=hypothesis.statement,
                    who=WHO[hypothesis.responsible],
                )
            )
        )
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self.update)

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: the sentence wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the sentence, and of the second line where there is one."""
        _layout, height = self._sentence(width)
        below = 0 if self._beside(width) else self._meta_height() + 6
        return max(36, round(height + 0.49) + below + 18)

    def sizeHint(self) -> QSize:
        """Return the size at a usual width."""
        return QSize(420, self.heightForWidth(420))

    def minimumSizeHint(self) -> QSize:
        """Return the least width at which it can be read."""
        return QSize(220, 36)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint rank, sentence, bar, per cent, chip and chevron."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setFont(font(TypeStyle.ROW_TITLE_BAD))
        line = metrics(TypeStyle.ROW_TITLE_BAD).height()
        painter.setPen(QColor(tokens.text2))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(self._mirrored(QRect(_PADDING, 9, _RANK, line)), middle, self._rank)
        layout, height = self._sentence(self.width())
        left = _PADDING + _RANK
        place = self._mirrored(QRect(left, 9, self._sentence_width(self.width()), round(height)))
        painter.setPen(QColor(tokens.text))
        layout.draw(painter, QPointF(place.left(), place.top()))
        chevron = QRect(self.width() - _PADDING - 16, 9 + (line - 16) // 2, 16, 16)
        icon = "chevron-down" if self.isChecked() else self._closed_chevron()
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(self._mirrored(chevron).topLeft(), pixmap(icon, tokens.text2, 16, ratio))
        if self._beside(self.width()):
            self._paint_meta(painter, chevron.left() - _GAP - self._meta_width(), 9, line)
        else:
            self._paint_meta(painter, left, round(9 + height + 6), self._meta_height())
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), CONTROL_RADIUS)
        painter.end()

    def _paint_meta(self, painter: QPainter, left: int, top: int, height: int) -> None:
        tokens, ratio = current_theme().tokens, self.devicePixelRatioF()
        trough = self._mirrored(QRect(left, top + (height - _BAR_HEIGHT) // 2, _BAR, _BAR_HEIGHT))
        paint_rounded(painter, QRectF(trough), _BAR_HEIGHT / 2, fill=tokens.border)
        share = self._mirrored(
            QRect(left, trough.top(), max(2, round(_BAR * min(1.0, self._share))), _BAR_HEIGHT)
        )
        color = tokens.accent if self._leads else tokens.text3
        paint_rounded(painter, QRectF(share), _BAR_HEIGHT / 2, fill=color)
        painter.setFont(font(TypeStyle.LABEL))
        painter.setPen(QColor(tokens.text))
        words = QRect(left + _BAR + _GAP, top, self._per_cent_width(), height)
        end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(self._mirrored(words), int(end), self._per_cent)
        chip = QRect(
            words.right() + 1 + _GAP, top + (height - self._meta_height()) // 2, 0, self._meta_height()
        )
        chip.setWidth(self._chip_width())
        paint_rounded(painter, QRectF(self._mirrored(chip)), chip.height() / 2, fill=tokens.unknown_soft)
        mark = QRect(chip.left() + 8, chip.top() + (chip.height() - _ICON) // 2, _ICON, _ICON)
        painter.drawPixmap(self._mirrored(mark).topLeft(), pixmap(self._who_icon, tokens.text2, _ICON, ratio))
        painter.setPen(QColor(tokens.text2))
        who = QRect(mark.right() + 5, chip.top(), chip.right() - mark.right() - 5, chip.height())
        painter.drawText(self._mirrored(who), int(Qt.AlignmentFlag.AlignVCenter), self._who)

    def _sentence(self, width: int) -> tuple[QTextLayout, float]:
        return lay_out(
            self._statement,
            font(TypeStyle.ROW_TITLE_BAD),
            self._sentence_width(width),
            direction=self.layoutDirection(),
        )

    def _sentence_width(self, width: int) -> int:
        room = width - 2 * _PADDING - _RANK - 16 - _GAP
        return room - self._meta_width() - _GAP if self._beside(width) else max(80, room)

    def _beside(self, width: int) -> bool:
        room = width - 2 * _PADDING - _RANK - 16 - _GAP - self._meta_width() - _GAP
        fits = metrics(TypeStyle.ROW_TITLE_BAD).horizontalAdvance(self._statement) <= room
        return fits or room >= 2 * _LEAST_BESIDE

    def _meta_width(self) -> int:
        return _BAR + _GAP + self._per_cent_width() + _GAP + self._chip_width()

    def _per_cent_width(self) -> int:
        return metrics(TypeStyle.LABEL).horizontalAdvance(say(msg("{share} %", share=100))) + 1

    def _chip_width(self) -> int:
        return 16 + _ICON + 4 + metrics(TypeStyle.LABEL).horizontalAdvance(self._who) + 2

    def _meta_height(self) -> int:
        return max(22, metrics(TypeStyle.LABEL).height() + 6)

    def _closed_chevron(self) -> str:
        left_to_right = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        return "chevron-right" if left_to_right else "chevron-left"

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
