"""Where files are dropped, or chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.painting import paint_drop_frame
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class DropArea(QWidget):
    """A dashed frame with a button; the dialog around it takes the drops.

    Signals:
        choose_pressed: the person wants to choose files.
    """

    choose_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = Button(say(msg("Choose files …")), icon="file", kind=ButtonKind.PRIMARY)
        self.button.clicked.connect(self.choose_pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(10)
        layout.addStretch(1)
        for words, style, ink in (
            (msg("Drop files here"), TypeStyle.SECTION, "text"),
            (
                msg("PKCS#12 (.p12, .pfx), PEM with key and certificate, Java key stores"),
                TypeStyle.BODY,
                "text2",
            ),
        ):
            line = Text(say(words), style, ink, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(line)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        paint_drop_frame(painter, QRectF(self.rect()))
        painter.end()
