"""Files that a hand lets go over a dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop_files(target: QWidget, *files: Path) -> bool:
    """Drag files over a widget and let them go; return whether it wanted them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(target, enter)
    # Qt brings a drag only to who accepts drops; an event that is sent comes anyway.
    if not (target.acceptDrops() and enter.isAccepted()):
        return False
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), copy, data, left, none))
    return True
