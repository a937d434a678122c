"""About: version, licence, and everything that trustdesk is made of, with the licence of each."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk import __version__
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.components import Component, components, licence_texts, own_licence, software_bill
from trustdesk.services.desk import Desk


class AboutPane(QWidget):
    """The pane.

    Attributes:
        table: the libraries.
        licence: text of the one that is chosen.
        ask_file: asks where the bill goes; a test answers in its place.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self.ask_file: Callable[[QWidget], Path | None] = _ask_file
        self.copy_button = Button(say(msg("Copy for support")), icon="copy")
        self.copy_button.clicked.connect(self._copy)
        self.save_button = Button(say(msg("Save the list of parts …")), icon="export")
        self.save_button.setToolTip(say(msg("As CycloneDX, a software bill of materials (SBOM)")))
        self.save_button.clicked.connect(self._save)
        self._count = Text(ink="text2", wrap=True)
        self.table: RowTable[Component] = RowTable(
            (
                RowColumn(head=msg("Part"), cell=lambda one: RowCell(one.name, style=TypeStyle.ROW_TITLE)),
                RowColumn(head=msg("Version"), cell=lambda one: RowCell(one.version), width=14),
                RowColumn(
                    head=msg("Licence"),
                    cell=lambda one: RowCell(one.licence or say(msg("see its text")), "text2"),
                    width=24,
                    goes_first=1,
                ),
            ),
            name=say(msg("Parts of trustdesk")),
            spoken=lambda one: f"{one.name} {one.version}, {one.licence}",
            narrowest=150,
            opens_on_click=False,
        )
        self.licence = PlainView(name=say(msg("Text of the licence")))
        self.table.selectionModel().currentRowChanged.connect(lambda now: self._show(now.row()))
        self.notice = DoneNotice()
        self.error = VerdictBanner()
        self.error.hide()
        self._build()

    def set_desk(self, desk: Desk | None) -> None:
        """Write files through a desk; None while there is none."""
        self._desk = desk
        self.save_button.setEnabled(desk is not None)

    def begin(self) -> None:
        """Read what there is, once."""
        if not self.table.rows:
            parts = components()
            self.table.show_rows(parts)
            words = msg_n("Made of {count} library:", "Made of {count} libraries:", len(parts))
            self._count.setText(say(words))
            self.licence.setPlainText(own_licence())
            if parts:
                self.table.setCurrentIndex(self.table.model().index(0, 0))

    def focus_main(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def support_text(self) -> str:
        """Return what support asks first: versions, nothing of the person's."""
        lines = [
            f"trustdesk {__version__}",
            f"Python {platform.python_version()}, {platform.system()} {platform.release()}, "
            f"{platform.machine()}",
            f"Qt {qVersion()} ({QGuiApplication.platformName()})",
            *(f"{one.name} {one.version}" for one in components()),
        ]
        return "\n".join(lines)

    def _show(self, place: int) -> None:
        if not 0 <= place < len(self.table.rows):
            return
        part = self.table.rows[place]
        try:
            text = licence_texts(part.name)
        except TrustdeskError as error:
            text = say(error.problem)
        self.licence.setPlainText(text or say(msg("It brings no text; it says: {said}", said=part.licence)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.support_text())
        self.notice.say_done(say(msg("The versions are on the clipboard.")))

    def _save(self) -> None:
        file = None if self._desk is None else self.ask_file(self)
        if file is None or self._desk is None:
            return
        bill = json.dumps(software_bill(self.table.rows), indent=1, ensure_ascii=False) + "\n"
        done = self._desk.save_file(file, bill.encode())
        self._bridge.when_done(done, self._say_saved, self._fail, owner=self)

    def _say_saved(self, file: Path) -> None:
        self.error.hide()
        self.notice.say_done(say(msg("The list of parts is in {file}.", file=str(file))))

    def _fail(self, error: TrustdeskError) -> None:
        self.error.show_error(error)
        self.error.show()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(f"trustdesk {__version__}", TypeStyle.SECTION), 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.save_button)
        words = msg(
            "The ONE Record security desk. Licence: Apache-2.0. Qt is used under the LGPL-3.0 through"
            " PySide6: its libraries lie beside the program and may be replaced."
        )
        lists = QHBoxLayout()
        lists.setSpacing(16)
        lists.addWidget(framed(self.table), 6)
        lists.addWidget(framed(self.licence), 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(Text(say(words), ink="text2", wrap=True))
        layout.addWidget(self._count)
        layout.addLayout(lists, 1)
        layout.addWidget(self.error)
        layout.addWidget(self.notice)


def _ask_file(parent: QWidget) -> Path | None:
    name, _kind = QFileDialog.getSaveFileName(
        parent, say(msg("Save the list of parts")), "trustdesk.cdx.json"
    )
    return Path(name) if name else None
