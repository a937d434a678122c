"""A field of the form with its label above it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_focus, paint_rounded, shows_focus
from trustdesk.gui.widgets.text import Text

_BOX = 14


class TickBox(QCheckBox):
    """A small tick box that takes its colours from the tokens."""

    def __init__(self, words: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setFont(font(TypeStyle.LABEL))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the size of box and words."""
        metrics = QFontMetrics(self.font())
        return QSize(_BOX + 6 + metrics.horizontalAdvance(self.text()) + 5, metrics.height() + 4)

    def hitButton(self, pos: QPoint) -> bool:
        """Take a press anywhere on box and words."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the box, its tick and the words."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        direction, ratio = self.layoutDirection(), self.devicePixelRatioF()
        box = QRect(2, (self.height() - _BOX) // 2, _BOX, _BOX)
        box = self.style().visualRect(direction, self.rect(), box)
        checked = self.isChecked()
        fill, outline = (tokens.accent, tokens.accent) if checked else (tokens.surface, tokens.control)
        paint_rounded(painter, QRectF(box), 3, fill=fill, outline=outline)
        if checked:
            painter.drawPixmap(box.topLeft(), pixmap("tick", tokens.on_accent, _BOX, ratio))
        words = self.style().visualRect(direction, self.rect(), self.rect().adjusted(_BOX + 8, 0, 0, 0))
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.text2))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()), 4)
        painter.end()


class FieldCell(QWidget):
    """Label, an optional key hint or switch beside it, and the control below."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        key: str = "",
        switch: QCheckBox | None = None,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        words = Text(label, TypeStyle.LABEL, "text2", wrap=wrap)
        words.setBuddy(control)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(words, 1 if wrap else 0)
        if key:
            head.addWidget(Text(key, TypeStyle.AXIS, "text3"))
        if not wrap:
            head.addStretch(1)
        if switch is not None:
            head.addWidget(switch)
        # The labels of one row share a baseline, whether or not one has a switch beside it.
        head.addStrut(QFontMetrics(font(TypeStyle.LABEL)).height() + 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(head)
        layout.addStretch(1)
        layout.addWidget(control)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)


def line_edit(name: str, *, placeholder: str = "") -> QLineEdit:
    """Return a field for one line of text; `name` is what assistive technology says."""
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setPlaceholderText(placeholder)
    edit.setFont(font(TypeStyle.BODY))
    edit.setMaxLength(2100)
    edit.setMinimumWidth(64)
    # Host names and addresses run from left to right in every language.
    edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return edit


def set_invalid(edit: QLineEdit, invalid: bool) -> None:
    """Mark a field as unusable, or take the mark away."""
    if bool(edit.property("invalid")) is invalid:
        return
    edit.setProperty("invalid", invalid)
    # A dynamic property changes the style sheet's answer only after the style has been asked again.
    edit.style().unpolish(edit)
    edit.style().polish(edit)
