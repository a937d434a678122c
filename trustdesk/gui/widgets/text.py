"""Words on the window: always plain text, in a style of the type scale and a colour of the theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import is_right_to_left
from trustdesk.gui.widgets.paragraph import lay_out, runs_left_to_right


class Text(QLabel):
    """A label that never guesses markup.

    With `wrap` it breaks lines at words and, where a word is longer than the line, inside of it: a name
    of a peer without a space cannot widen the page. `ink` is the name of a token.
    """

    def __init__(
        self,
        words: str = "",
        style: TypeStyle = TypeStyle.BODY,
        ink: str = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(style))
        self._ink = ink
        self._wraps = wrap
        self._measured: tuple[tuple[str, int, str], int] = ("", 0, ""), 0
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(words)
        self._take_ink()
        current_theme().changed.connect(self._take_ink)

    @property
    def color(self) -> str:
        """Colour in the theme in force."""
        return str(getattr(current_theme().tokens, self._ink))

    def set_ink(self, ink: str) -> None:
        """Take another token's colour."""
        if ink != self._ink:
            self._ink = ink
            self._take_ink()

    def set_style(self, style: TypeStyle) -> None:
        """Take another place in the type scale."""
        self.setFont(font(style))
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width."""
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped lines."""
        if not self._wraps:
            return -1
        # A layout asks for the same widths again and again.
        known = (self.text(), width, self.font().key())
        if known != self._measured[0]:
            self._measured = known, round(self._lay_out(width)[1] + 0.49)
        return self._measured[1]

    def sizeHint(self) -> QSize:
        """Return the size that shows everything, in lines that can be read."""
        if not self._wraps:
            return super().sizeHint()
        metrics = QFontMetricsF(self.font())
        longest = max(metrics.horizontalAdvance(line) for line in self.text().split("\n"))
        width = min(420, round(longest) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return one line of a few letters for wrapped text."""
        if not self._wraps:
            return super().minimumSizeHint()
        metrics = QFontMetricsF(self.font())
        return QSize(round(metrics.averageCharWidth() * 8), round(metrics.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines; a text of one line is the label's own affair."""
        if not self._wraps:
            if is_right_to_left(self) and not self.textInteractionFlags():
                self._paint_line()
            else:
                super().paintEvent(event)
            return
        layout, _height = self._lay_out(self.width())
        painter = QPainter(self)
        painter.setPen(QColor(self.color))
        layout.draw(painter, QPointF(0, 0), [], QRectF(event.rect()))
        painter.end()

    def _paint_line(self) -> None:
        """Paint from the right: a label goes by its first letter, and "TLS" would turn an Arabic sentence."""
        painter = QPainter(self)
        painter.setPen(QColor(self.color))
        align = QStyle.visualAlignment(Qt.LayoutDirection.RightToLeft, self.alignment())
        if runs_left_to_right(self.text()):
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.drawText(self.contentsRect(), int(align), self.text())
        painter.end()

    def _lay_out(self, width: int) -> tuple[QTextLayout, float]:
        return lay_out(
            self.text(),
            self.font(),
            width,
            direction=self.layoutDirection(),
            align=self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask,
        )

    def _take_ink(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(self.color))
        self.setPalette(palette)
