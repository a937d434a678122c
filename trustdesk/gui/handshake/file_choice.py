"""A file in place of a choice: asked for, read by the desk, and chosen only once it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, WrongPasswordError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.file_combo import FileCombo
from trustdesk.gui.handshake.file_panel import FilePanel
from trustdesk.gui.words import say

T = TypeVar("T")

OpenFile = Callable[[Path, Path | None, str | None], Future[T]]
"""Has the desk read a file, with the file of its key and the passphrase, None for neither."""

SHOW_READING_MS = 200
"""What is read faster says nothing of it."""

_CERTIFICATE_FILES = msg("Certificates {patterns}", patterns="(*.p12 *.pfx *.pem *.crt *.cer *.der)")
_KEY_FILES = msg("Private keys {patterns}", patterns="(*.key *.pem *.der *.p8 *.pk8 *.p12 *.pfx)")
_ALL_FILES = msg("All files {patterns}", patterns="(*)")

_NO_KEY = msg("There is no private key in the file.")
"""The problem that reading reports for want of a key: then, and only then, a second file can help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRole:
    """What a field takes files for.

    Attributes:
        title: of the file dialog.
        has_key: whether a private key goes with it, in the same file or in a second one, and with it a
            passphrase.
    """

    title: Message
    has_key: bool


@dataclass(frozen=True, slots=True)
class _Attempt:
    file: Path
    key_file: Path | None = None


class FileChoice(QObject, Generic[T]):
    """Leads from "From file …", or from a dropped file, to what the desk read from it.

    Until then, and after every failure, the field shows what was chosen before. The passphrase goes from
    its field to the desk and is kept nowhere on the way; errors are not kept either, for their tracebacks
    may hold it.
    """

    def __init__(
        self,
        field: FileCombo,
        role: FileRole,
        on_opened: Callable[[T], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._role = role
        self._on_opened = on_opened
        self._bridge: Bridge | None = None
        self._open_file: OpenFile[T] | None = None
        self._attempt: _Attempt | None = None
        self._future: Future[T] | None = None
        self._reads = 0
        self._panel = FilePanel()
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SHOW_READING_MS)
        self._delay.timeout.connect(self._show_reading)
        field.file_wanted.connect(self._ask_file)
        field.files_dropped.connect(self.take_dropped)
        field.picked.connect(self.give_up)
        field.given_up.connect(self.give_up)
        self._panel.given_up.connect(self.give_up)
        self._panel.key_file_wanted.connect(self._ask_key_file)
        self._panel.passphrase.submitted.connect(self._take_passphrase)

    @property
    def panel(self) -> FilePanel:
        """What is shown below the field."""
        return self._panel

    def work_with(self, bridge: Bridge, open_file: OpenFile[T]) -> None:
        """Have files read by this from now on."""
        self.give_up()
        self._bridge, self._open_file = bridge, open_file

    def take(self, file: Path) -> None:
        """Take a file, as if it had been chosen."""
        self.give_up()
        self._read(_Attempt(file))

    def take_dropped(self, files: Sequence[str]) -> None:
        """Take what was dropped: one local file, or say why it cannot be taken."""
        if len(files) == 1 and files[0]:
            self.take(Path(files[0]))
            return
        self.give_up()
        if len(files) == 1:
            self._show_problem(
                msg("What was dropped is no file on this machine."),
                msg("Save it to a folder, and choose it there."),
            )
        else:
            self._show_problem(
                msg_n(
                    "{count} file was dropped here; the field takes one.",
                    "{count} files were dropped here; the field takes one.",
                    len(files),
                ),
                msg("Drop the certificate alone: a key that is in another file is asked for.")
                if self._role.has_key
                else msg("Drop one file."),
            )

    def give_up(self) -> None:
        """End what is going on; the field stays as it is."""
        self._reads += 1
        if self._future is not None:
            self._future.cancel()
        self._end_reading()
        self._close()

    def _ask_file(self) -> None:
        if self._open_file is not None:
            _ask(self._field, say(self._role.title), _CERTIFICATE_FILES, self.take)

    def _ask_key_file(self) -> None:
        if self._attempt is not None:
            file = self._attempt.file
            title = say(msg("Private key of {file}", file=file.name))
            _ask(self._field, title, _KEY_FILES, partial(self._take_key, file), folder=file.parent)

    def _take_key(self, file: Path, key_file: Path) -> None:
        self._read(_Attempt(file, key_file))

    def _take_passphrase(self, passphrase: str) -> None:
        if self._attempt is not None:
            self._panel.passphrase.show_busy(True)
            self._read(self._attempt, passphrase)

    def _read(self, attempt: _Attempt, passphrase: str | None = None) -> None:
        if self._bridge is None or self._open_file is None:
            return
        self._reads += 1
        self._attempt = attempt
        self._field.set_invalid(False)
        self._field.holds_escape = True
        future = self._future = self._open_file(attempt.file, attempt.key_file, passphrase)
        self._delay.start()
        self._bridge.when_done(
            future,
            partial(self._take_result, self._reads),
            partial(self._take_error, self._reads, passphrase is not None),
        )

    def _show_reading(self) -> None:
        if self._attempt is not None and not self._panel.asks:
            self._panel.show_reading(visible(self._attempt.file.name))

    def _take_result(self, read: int, result: T) -> None:
        if read != self._reads:
            return
        self._end_reading()
        self._close()
        self._on_opened(result)

    def _take_error(self, read: int, had_passphrase: bool, error: TrustdeskError) -> None:
        if read != self._reads or self._attempt is None:
            return
        self._end_reading()
        if isinstance(error, CancelledByPersonError):
            self._close()
        elif not isinstance(error, WrongPasswordError):
            self._show_problem(error.problem, error.remedy, place=error.place)
        elif not self._role.has_key:
            remedy = msg("Save its certificates as PEM, which needs no password, and choose that file.")
            self._show_problem(error.problem, remedy, place=error.place)
        elif had_passphrase:
            self._panel.passphrase.show_wrong(say(error.problem), say(error.remedy))
        else:
            self._panel.ask(visible(self._name_of(error.place)))

    def _show_problem(self, problem: Message, remedy: Message, *, place: str | None = None) -> None:
        attempt, words = self._attempt, problem
        if attempt is not None:
            words = msg("{file}: {problem}", file=self._name_of(place), problem=problem)
        key_words = ""
        if self._role.has_key and attempt is not None:
            if attempt.key_file is not None and place == str(attempt.key_file):
                key_words = say(msg("Choose another key file …"))
            elif problem == _NO_KEY:
                key_words = say(msg("Choose the key file …"))
        self._field.set_invalid(True)
        self._field.holds_escape = True
        self._field.setAccessibleDescription(f"{say(words)} {say(remedy)}")
        self._panel.show_problem(say(words), say(remedy), key_words=key_words)
        if key_words:
            self._panel.focus_key()
        else:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_of(self, place: str | None) -> str:
        if place:
            return Path(place).name
        return "" if self._attempt is None else self._attempt.file.name

    def _end_reading(self) -> None:
        self._future = None
        self._delay.stop()

    def _close(self) -> None:
        focus = QApplication.focusWidget()
        was_inside = focus is not None and self._panel.isAncestorOf(focus)
        self._attempt = None
        self._field.set_invalid(False)
        self._field.holds_escape = False
        self._field.setAccessibleDescription("")
        if was_inside:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._panel.close_all()


def _ask(
    field: QWidget,
    title: str,
    files: Message,
    take: Callable[[Path], None],
    *,
    folder: Path | None = None,
) -> None:
    """Open the system's file dialog over the field's window; nothing waits for it."""
    dialog = QFileDialog(field.window(), title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([say(files), say(_ALL_FILES)])
    if folder is not None:
        dialog.setDirectory(str(folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.open()
