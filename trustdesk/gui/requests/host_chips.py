"""Host names of a server's request as chips: those that follow from 1R-IDs are locked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.painting import paint_focus, paint_rounded, shows_focus
from trustdesk.gui.words import say

_ICON = 14
_LONGEST = 260
_WIDEST = 320


class HostChips(QWidget):
    """Locked hosts first, then those that can be removed.

    Signals:
        remove_wanted: place of a host among those that can be removed.
    """

    remove_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[HostChip] = []
        self.setAccessibleName(say(msg("Host names")))
        self._flow = Flow(self, gap=7)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_hosts(self, locked: Sequence[str], added: Sequence[str], faulty: frozenset[int]) -> None:
        """Show hosts; `faulty` are places among the added ones."""
        while self._flow.takeAt(0) is not None:
            pass
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = [HostChip(host, is_locked=True) for host in locked]
        for place, host in enumerate(added):
            chip = HostChip(host, is_locked=False, is_faulty=place in faulty)
            chip.clicked.connect(lambda _checked=False, at=place: self.remove_wanted.emit(at))
            self.chips.append(chip)
        for chip in self.chips:
            self._flow.addWidget(chip)
            chip.show()
        self.updateGeometry()


class HostChip(QPushButton):
    """Lock or cross, and the host; a press on one with a cross removes it."""

    def __init__(self, host: str, *, is_locked: bool, is_faulty: bool = False) -> None:
        super().__init__(visible(host, _LONGEST))
        self.host = host
        self.is_locked, self._is_faulty = is_locked, is_faulty
        self.setFont(font(TypeStyle.LABEL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # Host names run from left to right in every language.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if is_locked:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAccessibleName(say(msg("{host}, follows from the 1R-IDs", host=host)))
            self.setToolTip(self.accessibleName())
        else:
            self.setAccessibleName(say(msg("Remove {name}", name=host)))
            self.setToolTip(self.accessibleName())

    def sizeHint(self) -> QSize:
        """Return the size of icon and host."""
        metrics = QFontMetrics(self.font())
        width = 20 + _ICON + 5 + metrics.horizontalAdvance(self.text()) + 1
        return QSize(min(width, _WIDEST), max(24, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """Return the same: only what is longer than any host that is met is cut, in its middle."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chip."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ink = tokens.bad if self._is_faulty else tokens.text2
        hovered = self.underMouse() and not self.is_locked
        ground = tokens.bad_soft if self._is_faulty else tokens.hover if hovered else tokens.unknown_soft
        paint_rounded(painter, rect, rect.height() / 2, fill=ground)
        icon = "lock" if self.is_locked else "close"
        place = QRect(10, (self.height() - _ICON) // 2, _ICON, _ICON)
        painter.drawPixmap(place.topLeft(), pixmap(icon, ink, _ICON, self.devicePixelRatioF()))
        painter.setFont(self.font())
        painter.setPen(QColor(ink if self._is_faulty else tokens.text2))
        words = self.rect().adjusted(10 + _ICON + 5, 0, -8, 0)
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), shown)
        if shows_focus(self):
            paint_focus(painter, rect, rect.height() / 2)
        painter.end()
