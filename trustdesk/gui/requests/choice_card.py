"""One of several choices, each with a sentence on what it means: a radio button that is a card."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import CARD_RADIUS, paint_rounded, shows_focus
from trustdesk.gui.widgets.paragraph import lay_out

_DOT = 16
_ICON = 18
_PADDING = 9
_LEFT = 12
_GAP = 10

K = TypeVar("K", bound=Hashable)


class ChoiceCard(QRadioButton):
    """Circle, icon, title, and a sentence below; a fact stands at the end of the title's line."""

    def __init__(self, title: str, sentence: str, *, icon: str = "", fact: str = "") -> None:
        super().__init__(title)
        self._sentence, self._icon, self._fact = sentence, icon, fact
        self._height = 0
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tell()

    def show_sentence(self, sentence: str, *, fact: str = "") -> None:
        """Say something else below the title."""
        self._sentence, self._fact = sentence, fact
        self._tell()
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of title and sentence at the present width."""
        return QSize(380, self._height_for(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        """Return the height with a width that can be read."""
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height of the sentence at the new width."""
        super().resizeEvent(event)
        self._fit()

    def hitButton(self, pos: QPoint) -> bool:
        """Take a press anywhere on the card."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        chosen, usable = self.isChecked(), self.isEnabled()
        fill = tokens.accent_soft if chosen else tokens.hover if self.underMouse() else tokens.surface
        outline = tokens.accent if chosen or shows_focus(self) else tokens.border
        width = 2.0 if shows_focus(self) else None
        paint_rounded(painter, rect, CARD_RADIUS, fill=fill, outline=outline, width=width)
        title_height = QFontMetricsF(font(TypeStyle.ROW_TITLE)).height()
        top = _PADDING + (title_height - _DOT) / 2
        dot = self._mirrored(QRect(_LEFT, round(top), _DOT, _DOT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent if chosen else tokens.control if usable else tokens.border))
        painter.drawEllipse(QRectF(dot))
        painter.setBrush(QColor(tokens.surface))
        inset = 5 if chosen else 1.2
        painter.drawEllipse(QRectF(dot).adjusted(inset, inset, -inset, -inset))
        if self._icon:
            x = self.width() - _LEFT - _ICON
            place = self._mirrored(QRect(x, round(_PADDING + (title_height - _ICON) / 2), _ICON, _ICON))
            color = tokens.accent if chosen else tokens.text2
            painter.drawPixmap(place.topLeft(), pixmap(self._icon, color, _ICON, self.devicePixelRatioF()))
        self._paint_words(painter, round(title_height))
        painter.end()

    def _paint_words(self, painter: QPainter, title_height: int) -> None:
        tokens = current_theme().tokens
        words = self._mirrored(
            QRect(_LEFT + _DOT + _GAP, _PADDING, round(self._text_width(self.width())), title_height)
        )
        # The painter itself changes sides where the language runs from right to left.
        begins, ends = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(TypeStyle.ROW_TITLE))
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.text3))
        painter.drawText(words, int(begins | middle), self.text())
        if self._fact:
            painter.setFont(font(TypeStyle.SECOND_LINE))
            painter.setPen(QColor(tokens.text3))
            painter.drawText(words, int(ends | middle), self._fact)
        layout, _height = lay_out(
            self._sentence,
            font(TypeStyle.SECOND_LINE),
            self._text_width(self.width()),
            direction=self.layoutDirection(),
        )
        painter.setPen(QColor(tokens.text2 if self.isEnabled() else tokens.text3))
        layout.draw(painter, QPointF(words.left(), _PADDING + title_height + 2))

    def _text_width(self, width: int) -> float:
        return max(80.0, width - 2 * _LEFT - _DOT - _GAP - (_ICON + _GAP if self._icon else 0))

    def _height_for(self, width: int) -> int:
        title = QFontMetricsF(font(TypeStyle.ROW_TITLE)).height()
        if not self._sentence:
            return round(title) + 2 * _PADDING
        _layout, height = lay_out(self._sentence, font(TypeStyle.SECOND_LINE), self._text_width(width))
        return round(title + 2 + height + 2 * _PADDING)

    def _fit(self) -> None:
        height = self._height_for(self.width())
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def _tell(self) -> None:
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(" ".join(part for part in (self._sentence, self._fact) if part))

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)


class ChoiceList(QWidget, Generic[K]):
    """Cards below one another, one of them chosen; arrow keys move.

    Signals:
        chosen: the key that the person chose.
    """

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[K, ChoiceCard]], *, name: str, gap: int = 8) -> None:
        super().__init__()
        self.cards: dict[K, ChoiceCard] = dict(choices)
        self._group = QButtonGroup(self)
        self.setAccessibleName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap)
        for key, card in choices:
            self._group.addButton(card)
            layout.addWidget(card)
            card.clicked.connect(lambda _checked=False, one=key: self.chosen.emit(one))

    @property
    def current(self) -> K | None:
        """Key of the chosen card; None while there is none."""
        return next((key for key, card in self.cards.items() if card.isChecked()), None)

    def set_current(self, key: K) -> None:
        """Choose a card without the signal."""
        self.cards[key].setChecked(True)

    def focus_current(self) -> None:
        """Move the keyboard to the chosen card."""
        card = next((one for one in self.cards.values() if one.isChecked()), None)
        (card or next(iter(self.cards.values()))).setFocus(Qt.FocusReason.OtherFocusReason)
