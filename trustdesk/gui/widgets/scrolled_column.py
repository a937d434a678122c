"""Parts below one another that scroll, each as high as its wrapped words need."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trustdesk.gui.widgets.margins import margins


class ScrolledColumn(QScrollArea):
    """A scroll area with a column in it.

    Qt gives what scrolls no more height than its least one, which knows nothing of words that wrap: parts
    would be squeezed. So the least height is kept at what the parts need at the width there is.
    """

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self._body = QWidget()
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(margins(0, 0, 8, 0))
        self.column.setSpacing(8)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setWidget(self._body)
        # setWidget() gives every widget a ground of its own.
        self._body.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._body.installEventFilter(self)

    def clear(self) -> None:
        """Take every part out."""
        while (item := self.column.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to another width."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the height once a part needs another one."""
        if watched is self._body and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return False

    def _fit(self) -> None:
        layout = self.column
        least = layout.totalMinimumSize().height()
        if layout.hasHeightForWidth():
            least = max(least, layout.totalHeightForWidth(self.viewport().width()))
        self._body.setMinimumHeight(least)
