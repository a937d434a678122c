"""Taking in certificates with their keys: everything is shown before anything is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, WrongPasswordError
from trustdesk.core.identity import Identity, IdentityView, ImportChoice
from trustdesk.core.message import listed, msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.identities.drop_area import DropArea
from trustdesk.gui.identities.import_preview import ImportPreviewArea
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.identities.store_choice import StoreChoice
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk, PreparedImport

AskFiles = Callable[[QWidget], Sequence[Path]]


class ImportDialog(PlainDialog):
    """Files, then what is in them, then where the keys go. Passwords are let go with the dialog.

    Signals:
        imported: a Message that says what was kept, and the name of the first one.
        interrupted: storing came to no good end; some may have been kept before.
    """

    imported = Signal(object, str)
    interrupted = Signal()

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: IdentityDesk,
        files: Sequence[Path] = (),
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(
            parent,
            msg("Import identities"),
            msg("What is in the files is shown first. Nothing is kept before you press Import."),
            size=(820, 700),
        )
        self._bridge, self._desk = bridge, desk
        self._files: tuple[Path, ...] = ()
        self._passwords: list[str] = []
        self._asked_for = ""
        self._taken: frozenset[str] = frozenset()
        self._prepared: PreparedImport | None = None
        self.ask_files: AskFiles = ask_files
        self.stores = KeyStoreWatch(bridge, self)
        self.drop = DropArea()
        self.preview = ImportPreviewArea(now)
        self.store = StoreChoice(bridge, desk, self.stores)
        self.job = JobLine(bridge)
        self.more_button = self.add_button(Button(say(msg("Add files …")), icon="file"))
        self.import_button = self.add_button(Button(say(msg("Import")), kind=ButtonKind.PRIMARY))
        self._pages = QStackedWidget()
        self._build()
        self.take_drops(self.add_files)
        self.stores.set_desk(desk)
        bridge.when_done(desk.views(), self._take_names, lambda _error: None)
        if files:
            self.add_files(files)
        else:
            self._refresh()
            self.drop.button.setFocus()

    def add_files(self, files: Sequence[Path]) -> None:
        """Look into files too."""
        added = [file for file in files if file not in self._files]
        if added:
            self._files = (*self._files, *added)
            self._prepare("")

    def done(self, result: int) -> None:
        """Close; keys and passwords are let go, and what waits is not done."""
        self.job.give_up()
        self._let_go()
        self._passwords.clear()
        self.preview.forget()
        self.store.give_up()
        self.stores.stop()
        super().done(result)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, but none while others are read."""
        if not self.job.is_running:
            super().dragEnterEvent(event)

    def _choose(self) -> None:
        self.add_files(self.ask_files(self))

    def _prepare(self, asked_for: str) -> None:
        """Open the files with every password so far; `asked_for` is the file that the last one was for."""
        self._let_go()
        self._asked_for = asked_for
        self.error.hide()
        words = msg_n("Reading {count} file …", "Reading {count} files …", len(self._files))
        self.job.run(
            self._desk.prepare_import(self._files, tuple(self._passwords)),
            words,
            self._take_prepared,
            self._fail_reading,
        )

    def _take_prepared(self, prepared: PreparedImport) -> None:
        self._prepared = prepared
        self.preview.show_preview(prepared.preview)
        if self._asked_for and self._asked_for in prepared.preview.locked:
            self.preview.show_wrong(self._asked_for)
        self._pages.setCurrentWidget(self._shown)
        self._refresh()

    def _fail_reading(self, error: TrustdeskError) -> None:
        if isinstance(error, WrongPasswordError) and self._asked_for:
            self.preview.show_wrong(self._asked_for)
        elif isinstance(error, CancelledByPersonError):
            self.notice.say_done(say(msg("Cancelled: nothing was read.")))
        else:
            self.show_error(error)
        if self._prepared is None and self._pages.currentWidget() is not self._shown:
            # They can be chosen once more.
            self._files = ()
        self._refresh()

    def _give_password(self, source: str, password: str) -> None:
        if password not in self._passwords:
            self._passwords.append(password)
        self._prepare(source)

    def _import(self) -> None:
        store = self.store.kind
        if self._prepared is None or store is None:
            return
        choices = [
            ImportChoice(position=card.candidate.position, name=card.chosen_name, store=store)
            for card in self.preview.cards
            if card.is_chosen
        ]
        self.error.hide()
        words = msg_n("Storing {count} key …", "Storing {count} keys …", len(choices))
        job = self._desk.import_identities(self._prepared, choices)
        self.job.run(job, words, lambda _identities: self.accept(), self._fail_storing)
        # What was kept is told of also where the person did not wait for it.
        self._bridge.when_done(job.future, self._tell, lambda _error: self.interrupted.emit())
        self.stay_until_told(self._bridge, job.future)

    def _tell(self, identities: tuple[Identity, ...]) -> None:
        names = [identity.name for identity in identities]
        words = msg_n(
            "{count} identity was imported: {names}.",
            "{count} identities were imported: {names}.",
            len(names),
            names=listed(names),
        )
        self.imported.emit(words, names[0] if names else "")

    def _fail_storing(self, error: TrustdeskError) -> None:
        # Some may have been kept before it: look again at what is here, and what is left.
        self.stores.tell_touched()
        self._bridge.when_done(self._desk.views(), self._take_names, lambda _error: None)
        self._prepare("")
        if isinstance(error, CancelledByPersonError):
            self.notice.say_done(say(msg("Cancelled. What was finished before is kept.")))
        else:
            self.show_error(error)

    def _take_names(self, views: tuple[IdentityView, ...]) -> None:
        if not self.is_gone:
            self._taken = frozenset(view.identity.name for view in views)
            self._refresh()

    def _let_go(self) -> None:
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            prepared.discard()

    def _refresh(self) -> None:
        running = self.job.is_running
        has_preview = self._pages.currentWidget() is self._shown
        good = self.preview.check(self._taken)
        count = sum(card.is_chosen for card in self.preview.cards)
        words = msg("Import")
        if count:
            words = msg_n("Import {count} identity", "Import {count} identities", count)
        self.import_button.show_as(say(words), icon="import")
        ready = good and self.store.kind is not None and self._prepared is not None
        self.import_button.setEnabled(ready and not running)
        self.import_button.setVisible(has_preview)
        self.more_button.setVisible(has_preview)
        self.more_button.setEnabled(not running)
        self._shown.setEnabled(not running)
        self.drop.setEnabled(not running)

    def _build(self) -> None:
        self._shown = QWidget()
        inside = QVBoxLayout(self._shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(self.preview, 1)
        inside.addWidget(self.store)
        self._pages.addWidget(self.drop)
        self._pages.addWidget(self._shown)
        self.content.addWidget(self._pages, 1)
        self.content.addWidget(self.job)
        self.drop.choose_pressed.connect(self._choose)
        self.more_button.clicked.connect(self._choose)
        self.import_button.clicked.connect(self._import)
        self.preview.changed.connect(self._refresh)
        self.preview.password_given.connect(self._give_password)
        self.store.changed.connect(self._refresh)
        self.job.changed.connect(self._refresh)


def ask_files(parent: QWidget) -> Sequence[Path]:
    """Ask which files hold certificates and keys; empty when the person thinks better of it."""
    names, _filter = QFileDialog.getOpenFileNames(parent, say(msg("Choose files with certificates and keys")))
    return [Path(name) for name in names]
