"""The ring of the keyboard around a part that cannot paint one itself: an area that its keys scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_focus, shows_focus

_FOCUS = frozenset(
    {
        QEvent.Type.FocusIn,
        QEvent.Type.FocusOut,
        QEvent.Type.WindowActivate,
        QEvent.Type.WindowDeactivate,
        QEvent.Type.Resize,
        QEvent.Type.Show,
    }
)


class FocusRing(QWidget):
    """Lies over a part while it has the keyboard; the pointer goes through it."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the keyboard, and the size of the part."""
        if watched is self._part and event.type() in _FOCUS:
            self.setGeometry(self._part.rect())
            self.setVisible(shows_focus(self._part))
            self.raise_()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        paint_focus(painter, QRectF(self.rect()), CONTROL_RADIUS)
        painter.end()
