"""A filter that can be switched on: icon, word and the count of what it would leave."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_focus, paint_rounded, shows_focus

_ICON = 14
_GAP = 6


class FilterChip(QToolButton):
    """A checkable chip; Space switches it. `ink` names the token of the icon's colour."""

    def __init__(
        self, words: str, *, icon: str | None = None, ink: str = "text2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._ink = ink
        self._count: int | None = None
        self.setCheckable(True)
        self.setText(words)
        self.setFont(font(TypeStyle.LABEL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def set_count(self, count: int | None) -> None:
        """Show how many it leaves; None shows no number."""
        if count == self._count:
            return
        self._count = count
        self.setAccessibleName(self.text() if count is None else f"{self.text()}, {count}")
        self.updateGeometry()
        self.update()

    @property
    def count(self) -> int | None:
        """The number that is shown."""
        return self._count

    def sizeHint(self) -> QSize:
        """Return the size of icon, word and count."""
        return QSize(
            24 + sum(width for _part, width in self._parts()), max(28, self.fontMetrics().height() + 10)
        )

    def minimumSizeHint(self) -> QSize:
        """Return the same: a chip is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, outline and what stands on it."""
        tokens = current_theme().tokens
        checked = self.isChecked()
        fill = tokens.accent_soft if checked else tokens.hover if self.underMouse() else tokens.surface
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        paint_rounded(painter, rect, radius, fill=fill, outline=tokens.accent if checked else tokens.border)
        painter.setFont(self.font())
        x = 12
        for part, width in self._parts():
            place = self.style().visualRect(
                self.layoutDirection(), self.rect(), QRect(x, 0, width, self.height())
            )
            x += width
            if part == "icon":
                color = str(getattr(tokens, self._ink))
                picture = pixmap(self._icon or "", color, _ICON, self.devicePixelRatioF())
                left = (
                    place.left()
                    if self.layoutDirection() is Qt.LayoutDirection.LeftToRight
                    else place.right() - _ICON
                )
                painter.drawPixmap(left, (self.height() - _ICON) // 2, picture)
                continue
            ink = (tokens.accent if checked else tokens.text) if part == "words" else tokens.text3
            painter.setPen(QColor(tokens.accent if checked else ink))
            words = self.text() if part == "words" else str(self._count)
            ends = Qt.AlignmentFlag.AlignLeft if part == "words" else Qt.AlignmentFlag.AlignRight
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | ends), words)
        if shows_focus(self):
            paint_focus(painter, rect, radius)
        painter.end()

    def _parts(self) -> list[tuple[str, int]]:
        metrics = QFontMetrics(self.font())
        parts = [("icon", _ICON + _GAP)] if self._icon else []
        parts.append(("words", metrics.horizontalAdvance(self.text()) + 1))
        if self._count is not None:
            # Room for two figures at least, so that counting does not move the chips beside it.
            width = metrics.horizontalAdvance("0" * max(2, len(str(self._count))))
            parts.append(("count", _GAP + width - (0 if self._count > 9 else metrics.horizontalAdvance("0"))))
        return parts
