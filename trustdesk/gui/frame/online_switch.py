"""The switch in the top bar that lets the CAs be asked about revocation; off until a person turns it."""

from __future__ import annotations

import html

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_focus, paint_rounded, shows_focus
from trustdesk.gui.words import say

_TRACK = QSize(32, 18)
_KNOB = 12
_GAP = 8

_NAME = msg("Ask CAs for revocation (OCSP, CRL)")
_SHORT = msg("Ask CAs")
_OFF = msg(
    "Off: nobody but the partner under test is contacted. What servers staple and the lists that are open or "
    "kept are judged by. Switch it on, and handshakes, sweeps and the Inspector ask the CAs too."
)
_ON = msg(
    "On: handshakes, sweeps and the Inspector ask the OCSP responders and download the CRLs that "
    "certificates name. The CA learns this machine's address and, by OCSP, whose certificate is looked at; "
    "most of it goes unencrypted. It is off again in the next session."
)


class OnlineSwitch(QAbstractButton):
    """Words and a switch; `toggled` tells what the person wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_short = False
        self.setCheckable(True)
        self.setFont(font(TypeStyle.LABEL))
        self.setText(say(_NAME))
        self.setAccessibleName(say(_NAME))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._describe)
        self._describe()

    def set_short(self, is_short: bool) -> None:
        """Say it in few words in a narrow window."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.setText(say(_SHORT if is_short else _NAME))
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of words and switch."""
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text()) + _GAP + _TRACK.width() + 8
        return QSize(width, max(28, metrics.height() + 10))

    def minimumSizeHint(self) -> QSize:
        """Return the same: half a sentence would say something else."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the words, then the switch: where the knob is says it without the colour."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = self._mirrored(QRect(4, 0, self.width() - _TRACK.width() - _GAP - 8, self.height()))
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.text if self.isChecked() else tokens.text2))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        top = (self.height() - _TRACK.height()) // 2
        track = self._mirrored(QRect(self.width() - _TRACK.width() - 4, top, _TRACK.width(), _TRACK.height()))
        fill = tokens.accent if self.isChecked() else tokens.text3
        paint_rounded(painter, QRectF(track), _TRACK.height() / 2, fill=fill)
        inset = (_TRACK.height() - _KNOB) // 2
        left = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        at_end = self.isChecked() is left
        x = track.right() + 1 - inset - _KNOB if at_end else track.left() + inset
        knob = QRectF(x, track.top() + inset, _KNOB, _KNOB)
        paint_rounded(painter, knob, _KNOB / 2, fill=tokens.surface)
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()), 6)
        painter.end()

    def _describe(self) -> None:
        words = say(_ON if self.isChecked() else _OFF)
        self.setToolTip(f"<span>{html.escape(words)}</span>")
        self.setAccessibleDescription(words)
        self.setAccessibleDescription(words)

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
