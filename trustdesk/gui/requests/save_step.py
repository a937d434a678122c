"""The last step: names and a folder, then what was made and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import DraftField, RequestCase, RequestPurpose
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit, set_invalid
from trustdesk.gui.requests.csr_files import files_for
from trustdesk.gui.requests.made_view import MadeView
from trustdesk.gui.requests.remark_line import RemarkLine
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.wish_book import WishBook
from trustdesk.gui.requests.words import REQUEST_WORDS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


def ask_folder(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a folder; None when the person thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, say(msg("Folder for the requests")), str(folder))
    return Path(name) if name else None


class SaveStep(StepPage):
    """Names, folder, progress, result.

    Signals:
        cancelled: the person no longer wants what is being made.
        take_wanted: RequestPurpose of a request that was made on the server, to be taken in.
        again_wanted: the person wants to write the files again, of requests that are made.
    """

    cancelled = Signal()
    take_wanted = Signal(object)
    again_wanted = Signal()

    def __init__(self, book: WishBook) -> None:
        super().__init__(msg("Name and save"), msg("-"))
        self._book = book
        self.ask_folder: Callable[[QWidget, Path], Path | None] = ask_folder
        self.folder = _documents()
        self.fields: dict[RequestPurpose, QLineEdit] = {}
        self.remarks: dict[RequestPurpose, RemarkLine] = {}
        self.take_buttons: dict[RequestPurpose, Button] = {}
        self._folder_name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.choose_button = Button(say(msg("Choose …")), icon="file", name=say(msg("Choose the folder")))
        self.will_write = Text(ink="text2", wrap=True)
        self.error = VerdictBanner()
        self.error.hide()
        self.again_button = Button(say(msg("Choose another folder …")), icon="file")
        self.again_button.hide()
        self._ring = Ring(16)
        self._progress = Text(ink="text2", wrap=True)
        self.cancel_button = Button(say(msg("Stop")), icon="stop")
        self._running = QWidget()
        self._running.hide()
        self.made = MadeView()
        self._form = QWidget()
        self._names = QVBoxLayout()
        self._stack = QStackedWidget()
        self._build()
        self.choose_button.clicked.connect(self._choose)
        self.cancel_button.clicked.connect(self.cancelled)
        self.again_button.clicked.connect(self.again_wanted)
        book.changed.connect(self._show)
        self._show()

    @property
    def is_sound(self) -> bool:
        """Whether each request has a name."""
        return not any(one.remarks_on(DraftField.NAME) for one in self._book.judged)

    @property
    def files(self) -> tuple[Path, ...]:
        """Where the requests will be written."""
        return files_for(self.folder, [draft.name for draft in self._book.drafts])

    def use_folder(self, folder: Path) -> None:
        """Write into this folder."""
        self.folder = folder
        self._show()

    def focus_first(self) -> None:
        """Move the keyboard to the first name."""
        if self._stack.currentWidget() is self.made and self.made.copy_buttons:
            self.made.copy_buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.fields:
            next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_running(self, store_title: str) -> None:
        """Say that keys and requests are being made."""
        self.error.hide()
        words = msg("Making the key in {store}. If it is locked, it waits for you.", store=store_title)
        self._progress.setText(say(words))
        self._form.setEnabled(False)
        self._running.show()
        # The field that had the keyboard is disabled now; whoever waits wants to stop, if anything.
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ring.set_running(True)

    def show_error(self, error: TrustdeskError, *, can_choose: bool = False) -> None:
        """Say what failed; with `can_choose` the files alone did."""
        self._stop()
        self.error.show_error(error)
        self.error.show()
        self.again_button.setVisible(can_choose)
        self.focus_first()
        self.ensureWidgetVisible(self.error)

    def show_made(self, cases: Sequence[RequestCase], files: Sequence[Path | None]) -> None:
        """Show what was made, and what comes next."""
        self._stop()
        self.made.show_made(cases, files)
        many = len(cases)
        self.ask(
            msg_n("The request is made", "The requests are made", many),
            msg_n("Its key stays where it is.", "Their keys stay where they are.", many),
        )
        self._stack.setCurrentWidget(self.made)

    def _stop(self) -> None:
        self._running.hide()
        self._ring.set_running(False)
        self._form.setEnabled(True)
        self.error.hide()
        self.again_button.hide()

    def _show(self) -> None:
        if self._stack.currentWidget() is self.made:
            return
        wish = self._book.wish
        many = len(wish.purposes)
        if wish.is_on_server:
            self.ask(
                msg_n("Take the request in", "Take the requests in", many),
                msg(
                    "Once the lines have run on the server, bring the request's file here. It can wait: the"
                    " tab Requests takes it in at any time."
                ),
            )
        else:
            self.ask(
                msg("Name and save"),
                msg_n(
                    "By this name you find the request again, and the identity that comes of it.",
                    "By these names you find the requests again, and the identities that come of them.",
                    many,
                ),
            )
        if tuple(self.fields) != wish.purposes:
            self._lay_out()
        for one in self._book.judged:
            purpose = one.draft.purpose
            field = self.fields[purpose]
            if field.text() != one.draft.name:
                field.setText(one.draft.name)
            remark = next(iter(one.remarks_on(DraftField.NAME)), None)
            self.remarks[purpose].show_remark(remark)
            set_invalid(field, remark is not None)
            self.take_buttons[purpose].setVisible(wish.is_on_server)
        self._place.setVisible(not wish.is_on_server)
        self._folder_name.setText(visible(str(self.folder), 400))
        names = ", ".join(visible(file.name) for file in self.files)
        self.will_write.setText(say(msg("Will be written: {names}", names=names)))

    def _lay_out(self) -> None:
        while (item := self._names.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self.fields, self.remarks, self.take_buttons = {}, {}, {}
        for purpose in self._book.wish.purposes:
            label = msg("Name of the {request}", request=REQUEST_WORDS[purpose])
            field = self.fields[purpose] = line_edit(say(label))
            field.setMaxLength(120)
            field.textEdited.connect(lambda text, at=purpose: self._book.put(self._book.wish.named(at, text)))
            take = self.take_buttons[purpose] = Button(say(msg("Take its file in …")), icon="import")
            take.setAccessibleName(f"{take.text()} {say(REQUEST_WORDS[purpose])}")
            take.clicked.connect(lambda _checked=False, at=purpose: self.take_wanted.emit(at))
            remark = self.remarks[purpose] = RemarkLine()
            part = QWidget()
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(field, 1)
            row.addWidget(take)
            control = QWidget()
            row.setContentsMargins(0, 0, 0, 0)
            control.setLayout(row)
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(FieldCell(say(label), control))
            column.addWidget(remark)
            self._names.addWidget(part)

    def _choose(self) -> None:
        folder = self.ask_folder(self, self.folder)
        if folder is not None:
            self.use_folder(folder)

    def _build(self) -> None:
        self._names.setSpacing(10)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._folder_name, 1)
        row.addWidget(self.choose_button)
        self._place = QWidget()
        column = QVBoxLayout(self._place)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(say(msg("Folder")), TypeStyle.LABEL, "text2"))
        column.addWidget(place)
        column.addWidget(self.will_write)
        running = QHBoxLayout(self._running)
        running.setContentsMargins(0, 0, 0, 0)
        running.setSpacing(8)
        running.addWidget(self._ring)
        running.addWidget(self._progress, 1)
        running.addWidget(self.cancel_button)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(10)
        form.addLayout(self._names)
        form.addWidget(self._place)
        form.addStretch(1)
        self._stack.addWidget(self._form)
        self._stack.addWidget(self.made)
        self.content.addWidget(self._stack, 1)
        self.content.addWidget(self._running)
        self.content.addWidget(self.error)
        self.content.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._ring.set_running(False)


def _documents() -> Path:
    return Path(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(Path.home())
    )
