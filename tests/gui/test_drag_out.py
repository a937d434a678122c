"""Dragging out: what is public leaves as a file of this person's, keys never do."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support import pki
from trustdesk.formats.opening import open_anything
from trustdesk.gui.dates import utc_now
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.tree_pane import TreePane
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets import drag_out
from trustdesk.gui.widgets.drag_out import DraggedItems, DragOut, certificates, mime_data
from trustdesk.storage.dragged_files import DraggedFiles


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DraggedFiles:
    made = DraggedFiles(tmp_path / "dragged")
    monkeypatch.setattr(drag_out, "_files", lambda: made)
    return made


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of every drag that began: no desktop is here to drop on."""
    texts: list[str] = []

    def begin(drag: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:
        texts.append(drag.mimeData().text())
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", begin)
    return texts


def test_certificate_leaves_as_a_file_and_as_text(
    qapp: QApplication, files: DraggedFiles, tmp_path: Path
) -> None:
    root = pki.root("Frachtführer / CA")

    items = certificates(root.facts.title, [root.der, root.der])
    assert items is not None
    data = mime_data(items)

    (url,) = data.urls()
    file = Path(url.toLocalFile())
    assert file.read_text() == data.text() == items.pem
    assert data.text().count("BEGIN CERTIFICATE") == 2
    assert file.suffix == ".pem"
    assert file.is_relative_to(tmp_path / "dragged")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    files.forget()
    assert list((tmp_path / "dragged").iterdir()) == []


def test_folder_that_cannot_be_written_leaves_the_text(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(drag_out, "_files", lambda: DraggedFiles(tmp_path / "file"))

    data = mime_data(DraggedItems(title="x", items=(("CERTIFICATE", b"der"),)))

    assert not data.hasUrls()
    assert data.text().startswith("-----BEGIN CERTIFICATE-----")


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    import os

    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    files = DraggedFiles(tmp_path)

    assert files.write("a.pem", "text") is not None

    assert not old.exists()
    assert new.exists()
    files.forget()


def pull(widget: QWidget, place: QPoint) -> None:
    """Press, and move far enough for a drag, with real events."""
    far = QPoint(QApplication.startDragDistance() + 2, 0)
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(widget, place + QPoint(1, 0))
    QTest.mouseMove(widget, place + far)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=place + far)


def test_drag_begins_only_after_the_pointer_has_moved(
    qapp: QApplication, files: DraggedFiles, drags: list[str]
) -> None:
    widget = QWidget()
    items = DraggedItems(title="x", items=(("CERTIFICATE", b"der"),))
    DragOut(widget, lambda place: items if place.x() < 50 else None)
    widget.show()

    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert drags == []
    pull(widget, QPoint(60, 10))
    assert drags == []
    pull(widget, QPoint(10, 10))
    assert drags == [items.pem]


def test_tree_gives_certificates_and_keeps_keys(
    qapp: QApplication, files: DraggedFiles, drags: list[str]
) -> None:
    current_theme().apply(qapp)
    root = pki.root()
    opened = OpenedItems()
    opened.take(open_anything(root.key_pem() + pki.root("Other").pem, "file.pem").items)
    pane = TreePane()
    pane.resize(320, 400)
    pane.show_opened(opened, now=utc_now(), anchors=frozenset(), current="")
    pane.show()
    tree = pane.tree

    for node in tree.tree_model.nodes:
        pull(tree.viewport(), tree.visualRect(tree.tree_model.index_of(node.key)).center())

    assert len(drags) == 1
    assert drags[0].count("-----BEGIN CERTIFICATE-----") == 1
    assert "PRIVATE" not in drags[0]
    pane.deleteLater()
