"""Dragging something public out of the window, as a `.pem` file that other programs take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from trustdesk.core.file_name import plain_stem
from trustdesk.gui.inspector.raw_pane import pem_text
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.storage.dragged_files import DraggedFiles, dragged_folder

_ICON = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DraggedItems:
    """What is dragged: public things only, for whoever drops them may be anybody.

    Attributes:
        title: what the file is named after.
        items: PEM label and DER of each, in the order of the file.
    """

    title: str
    items: tuple[tuple[str, bytes], ...]

    @property
    def pem(self) -> str:
        """The content of the file."""
        return "".join(pem_text(der, label) for label, der in self.items)


def certificates(title: str, ders: Sequence[bytes]) -> DraggedItems | None:
    """Return certificates to drag; None for none."""
    return DraggedItems(title=title, items=tuple(("CERTIFICATE", der) for der in ders)) if ders else None


class DragOut(QObject):
    """Makes what lies under the pointer draggable; presses that end without a drag reach the widget.

    `content` returns what lies at a place of `widget`, None for nothing that can be dragged.
    """

    def __init__(self, widget: QWidget, content: Callable[[QPoint], DraggedItems | None]) -> None:
        super().__init__(widget)
        self._content = content
        self._pressed_at: QPoint | None = None
        self._held: DraggedItems | None = None
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin a drag once the pointer has moved far enough with the button held."""
        if not isinstance(event, QMouseEvent):
            return False
        place = event.position().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at, self._held = place, self._content(place)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._held = None
        elif event.type() == QEvent.Type.MouseMove and self._held is not None:
            if not event.buttons() & Qt.MouseButton.LeftButton:
                self._held = None
                return False
            if self._pressed_at is not None:
                way = (place - self._pressed_at).manhattanLength()
                if way >= QApplication.startDragDistance():
                    held, self._held = self._held, None
                    self._drag(held)
            return True  # the view would select rows as the pointer passes them
        return False

    def _drag(self, items: DraggedItems) -> None:
        drag = QDrag(self._widget)
        drag.setMimeData(mime_data(items))
        ratio = self._widget.devicePixelRatioF()
        drag.setPixmap(pixmap("certificate", current_theme().tokens.accent, _ICON, ratio))
        drag.exec(Qt.DropAction.CopyAction)


def mime_data(items: DraggedItems) -> QMimeData:
    """Return the file, and its text for whoever takes no files; text alone where no file can be written."""
    data = QMimeData()
    data.setText(items.pem)
    file = _files().write(f"{plain_stem(items.title, 'certificate')}.pem", items.pem)
    if file is not None:
        data.setUrls([QUrl.fromLocalFile(str(file))])
    return data


@cache
def _files() -> DraggedFiles:
    return DraggedFiles(dragged_folder())
