"""Taking in partners from a file: every row is shown before anything is kept, and all are kept or none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import TickBox
from trustdesk.gui.partners.import_rows import DETAILS, ORDER, STANDING, ImportRowsModel
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.empty_state import EmptyState
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say
from trustdesk.services.directory_desk import DirectoryDesk
from trustdesk.services.directory_values import DirectoryChange, ImportPreview, ImportStanding
from trustdesk.services.partner_words import STANDING_WORDS


class PartnerImportDialog(PlainDialog):
    """Choose a file, look at what it brings, import it.

    Signals:
        imported: the DirectoryChange; the dialog closes.
    """

    imported = Signal(object)

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: DirectoryDesk, file: Path | None = None
    ) -> None:
        super().__init__(
            parent,
            msg("Import partners"),
            msg(
                "A CSV or JSON file adds partners and changes those that are there; what it leaves out "
                "stays. Nothing is kept before you press Import."
            ),
            size=(860, 680),
        )
        self._bridge, self._desk = bridge, desk
        self._reading: Job[ImportPreview] | None = None
        self._is_applying = False
        self.preview: ImportPreview | None = None
        self.ask_file: Callable[[], Path | None] = self._ask_file
        self.model = ImportRowsModel(self)
        self.table = TwoLineTable(
            self.model,
            name=say(msg("What the file brings")),
            with_icon=(STANDING,),
            widest={DETAILS: 430},
            opens_on_click=False,
        )
        self.choose_button = Button(say(msg("Choose a file …")), icon="file", kind=ButtonKind.PRIMARY)
        self.choose_button.setAutoDefault(False)
        self.line = Text(ink="text2", wrap=True)
        self.counts = Text(style=TypeStyle.ROW_TITLE)
        self.reason = Reason()
        self.duplicates = TickBox("", name=say(msg("Add also what may be there already")))
        self.other_button = self.add_button(Button(say(msg("Another file …")), icon="file"))
        self.import_button = self.add_button(Button(say(msg("Import")), kind=ButtonKind.PRIMARY))
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))
        self._build()
        self.take_drops(lambda files: self.read(files[0]))
        self.choose_button.clicked.connect(self._choose)
        self.other_button.clicked.connect(self._choose)
        self.import_button.clicked.connect(self._apply)
        self.duplicates.toggled.connect(self._refresh)
        self._refresh()
        if file is not None:
            self.read(file)

    def read(self, file: Path) -> None:
        """Read a file beside the directory, in place of the one before."""
        if self._is_applying:
            return
        if self._reading is not None:
            self._reading.cancel()
        self.error.hide()
        self.preview = None
        self.line.setText(say(msg("Reading {file} …", file=file.name)))
        self._pages.setCurrentWidget(self._shown)
        job = self._reading = self._desk.prepare_import(file)
        self._bridge.when_done(
            job.future, lambda preview: self._take(job, preview), lambda error: self._fail(job, error)
        )
        self._refresh()

    def done(self, result: int) -> None:
        """Close; what is being read is let go."""
        if self._reading is not None:
            self._reading.cancel()
        super().done(result)

    def _choose(self) -> None:
        file = self.ask_file()
        if file is not None:
            self.read(file)

    def _take(self, job: Job[ImportPreview], preview: ImportPreview) -> None:
        if self.is_gone or job is not self._reading:
            return
        self._reading = None
        self.preview = preview
        self.line.setText(str(preview.file))
        self.duplicates.setChecked(False)
        self.model.set_rows(preview.rows)
        self.table.measure_words(
            {STANDING: {say(words) for words in STANDING_WORDS.values()}, DETAILS: {"x" * 90}}
        )
        self._refresh()
        if preview.rows:
            self.table.select(0)

    def _fail(self, job: Job[ImportPreview], error: TrustdeskError) -> None:
        if self.is_gone or job is not self._reading:
            return
        self._reading = None
        self._pages.setCurrentWidget(self._empty)
        self.show_error(error)
        self._refresh()

    def _apply(self) -> None:
        if self.preview is None:
            return
        self.error.hide()
        self._is_applying = True
        self._refresh()
        wanted = [
            row.name
            for row in self.preview.rows
            if row.standing is ImportStanding.DUPLICATE and self.duplicates.isChecked()
        ]
        applying: Future[DirectoryChange] = self._desk.apply_import(self.preview, with_duplicates=wanted)
        self._bridge.when_done(applying, self._applied, self._fail_applying)
        self.stay_until_told(self._bridge, applying)

    def _applied(self, change: DirectoryChange) -> None:
        self.imported.emit(change)
        if not self.is_gone:
            self.accept()

    def _fail_applying(self, error: TrustdeskError) -> None:
        self._is_applying = False
        self.show_error(error)
        self._refresh()

    def _refresh(self) -> None:
        preview = self.preview
        is_shown = self._pages.currentWidget() is self._shown
        for button in (self.other_button, self.import_button):
            button.setVisible(is_shown)
        self.other_button.setEnabled(not self._is_applying)
        counts = preview.counts if preview is not None else {}
        found = {standing: counts.get(standing, 0) for standing in ORDER}
        self.counts.setText(
            "   ".join(f"{say(STANDING_WORDS[one])} {number}" for one, number in found.items() if number)
        )
        self._say_hindrance(preview, found[ImportStanding.UNUSABLE])
        double = found[ImportStanding.DUPLICATE]
        self.duplicates.setText(
            say(
                msg_n(
                    "Add also the {count} that may be there already",
                    "Add also the {count} that may be there already",
                    double,
                )
            )
        )
        self.duplicates.updateGeometry()
        self.duplicates.setVisible(double > 0 and not found[ImportStanding.UNUSABLE])
        number = found[ImportStanding.NEW] + found[ImportStanding.CHANGED]
        number += double if self.duplicates.isChecked() else 0
        words = (
            msg_n("Import {count} partner", "Import {count} partners", number) if number else msg("Import")
        )
        self.import_button.setText(say(words if number else msg("Import")))
        usable = preview is not None and preview.is_usable
        self.import_button.setEnabled(usable and number > 0 and not self._is_applying)

    def _say_hindrance(self, preview: ImportPreview | None, unusable: int) -> None:
        if preview is None:
            self.reason.show_words()
        elif unusable:
            self.reason.show_words(
                msg_n(
                    "{count} partner is unusable. A file is taken whole or not at all: correct it first.",
                    "{count} partners are unusable. A file is taken whole or not at all: correct it first.",
                    unusable,
                ),
                is_bad=True,
            )
        elif preview.ignored:
            names = ", ".join(preview.ignored[:8])
            self.reason.show_words(msg("Passed over, because it is not known: {names}.", names=names))
        else:
            self.reason.show_words()

    def _build(self) -> None:
        self._empty = EmptyState(
            msg("Choose a file, or drop it here"),
            msg("The first line of a CSV file names its columns: partner, endpoint, company_id, tags …"),
            msg("Export writes a file with all of them."),
            buttons=(self.choose_button,),
            style=TypeStyle.HEADLINE,
        )
        self._shown = QWidget()
        card = Card()
        framed = QVBoxLayout(card)
        framed.setContentsMargins(0, 0, 0, 0)
        framed.addWidget(self.table)
        inside = QVBoxLayout(self._shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.line)
        inside.addWidget(card, 1)
        inside.addWidget(self.counts)
        inside.addWidget(self.duplicates, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.reason)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._shown)
        self.content.addWidget(self._pages, 1)
        self.setMinimumSize(QSize(620, 460))

    def _ask_file(self) -> Path | None:
        kinds = say(msg("Partners {patterns}", patterns="(*.csv *.json)"))
        everything = say(msg("All files {patterns}", patterns="(*)"))
        name, _kind = QFileDialog.getOpenFileName(
            self, say(msg("Import partners")), "", f"{kinds};;{everything}"
        )
        return Path(name) if name else None
