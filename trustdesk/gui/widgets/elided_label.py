"""One line that gives way: it ends in an ellipsis where the place is short, and shows all in its tooltip."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.paragraph import runs_left_to_right
from trustdesk.gui.widgets.text import Text


class ElidedLabel(Text):
    """A label that never widens its layout."""

    def __init__(
        self,
        words: str = "",
        style: TypeStyle = TypeStyle.BODY,
        ink: str = "text",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, style, ink, parent=parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.averageCharWidth() * 4, metrics.height())

    def sizeHint(self) -> QSize:
        """Return room for the whole line."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def setText(self, words: str) -> None:
        """Show other words; the tooltip comes only where they do not fit."""
        super().setText(words)
        self.updateGeometry()
        self._explain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tooltip in step with what is hidden."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        shown = QFontMetrics(self.font()).elidedText(self.text(), self._mode, self.width())
        align = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        if runs_left_to_right(shown):
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.drawText(self.rect(), int(align | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def _explain(self) -> None:
        hidden = QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.width()
        # Qt guesses whether a tooltip is markup; escaped text is shown as it is either way.
        self.setToolTip(f"<span>{html.escape(self.text())}</span>" if hidden else "")
