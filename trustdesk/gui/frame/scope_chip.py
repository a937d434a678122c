"""A chip that says by what every page judges; it opens a menu where there is a choice."""

from __future__ import annotations

import html

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_focus, paint_rounded, shows_focus

_ICON = 14
_WIDEST = 380


class ScopeChip(QAbstractButton):
    """Icon, words and, with a menu, a chevron."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = "trust-lists"
        self._warns = False
        self._menu: QMenu | None = None
        self.setFont(font(TypeStyle.LABEL))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._open)

    def show_choice(self, words: str, *, icon: str, is_warning: bool, name: str, tip: str) -> None:
        """Show what is in force."""
        self._icon, self._warns = icon, is_warning
        self.setText(words)
        self.setAccessibleName(name)
        self.setToolTip(f"<span>{html.escape(tip)}</span>")
        self.setAccessibleDescription(tip)
        self.updateGeometry()
        self.update()

    def set_menu(self, menu: QMenu | None) -> None:
        """Offer a choice; None for none."""
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu
        self.updateGeometry()

    @property
    def menu(self) -> QMenu | None:
        """The choice that is offered; None for none."""
        return self._menu

    def sizeHint(self) -> QSize:
        """Return the size of all of it, bounded."""
        metrics = QFontMetrics(self.font())
        chevron = _ICON + 6 if self._menu else 0
        width = 24 + _ICON + 6 + metrics.horizontalAdvance(self.text()) + 2 + chevron
        return QSize(min(_WIDEST, width), max(28, metrics.height() + 10))

    def minimumSizeHint(self) -> QSize:
        """Return a width at which the name can still be told."""
        return QSize(min(140, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chip."""
        tokens = current_theme().tokens
        ink = tokens.warning if self._warns else tokens.accent
        fill = tokens.warning_soft if self._warns else tokens.accent_soft
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        paint_rounded(painter, rect, radius, fill=fill)
        self._paint_icon(painter, self._icon, 12, ink)
        right = 12
        if self._menu is not None:
            self._paint_icon(painter, "chevron-down", self.width() - 10 - _ICON, ink)
            right = 10 + _ICON + 6
        left = 12 + _ICON + 6
        place = self._mirrored(QRect(left, 0, self.width() - left - right, self.height()))
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        # The age stands at the end, and says more than the end of a long name.
        words = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), words)
        if shows_focus(self):
            paint_focus(painter, rect, radius)
        painter.end()

    def _open(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _paint_icon(self, painter: QPainter, name: str, x: int, color: str) -> None:
        place = self._mirrored(QRect(x, (self.height() - _ICON) // 2, _ICON, _ICON))
        painter.drawPixmap(place.topLeft(), pixmap(name, color, _ICON, self.devicePixelRatioF()))

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
