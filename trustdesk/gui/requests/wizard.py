"""New certificate request: purpose, names, key, check, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.certificate_request import DraftField, RequestCase, RequestPurpose
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.identity import IdentityView
from trustdesk.core.key_store import KeyStoreStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.requests.check_step import CheckStep
from trustdesk.gui.requests.csr_files import files_for
from trustdesk.gui.requests.draft_words import summary
from trustdesk.gui.requests.entry_field import EntryField
from trustdesk.gui.requests.free_step import FreeStep
from trustdesk.gui.requests.host_asking import HostAsking
from trustdesk.gui.requests.key_step import KeyStep
from trustdesk.gui.requests.making import RequestMaking
from trustdesk.gui.requests.names_step import NamesStep
from trustdesk.gui.requests.purpose_step import PurposeStep
from trustdesk.gui.requests.save_step import SaveStep
from trustdesk.gui.requests.server_step import ServerStep
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.step_rail import Step
from trustdesk.gui.requests.take_dialog import TakeDialog
from trustdesk.gui.requests.wish import Wanted, Wish
from trustdesk.gui.requests.wish_book import WishBook
from trustdesk.gui.requests.wizard_frame import WizardFrame
from trustdesk.gui.requests.words import KEY_WORDS, WANTED_WORDS
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow
from trustdesk.services.desk import Desk

_STEPS = (
    Step(key="purpose", word=msg("Purpose"), next_word=msg("purpose")),
    Step(key="names", word=msg("Names"), next_word=msg("names")),
    Step(key="key", word=msg("Key"), next_word=msg("key")),
    Step(key="check", word=msg("Check"), next_word=msg("check")),
    Step(key="save", word=msg("Save"), next_word=msg("save")),
)
_PURPOSE, _NAMES, _KEY, _CHECK, _SAVE = range(5)
_SIZE = QSize(1040, 640)
_SMALLEST = QSize(560, 480)
_SIZE_KEY = "requests/wizard"
# What is wrong with a name of the case is for the last step.
_NOT_OF_NAMES = frozenset({DraftField.NAME})


class RequestWizard(WizardFrame):
    """The dialog; it stands without a window manager's sheet.

    Signals:
        made: the RequestCase values that were made or taken in.
        store_wanted: KeyStoreKind of a store that the person wants to unlock or to make; call
            `reload_stores` when that is done.
    """

    made = Signal(tuple)
    store_wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        bridge: Bridge,
        desk: Desk,
        *,
        wish: Wish | None = None,
        now: Callable[[], datetime] = utc_now,
        settings: QSettings | None = None,
    ) -> None:
        """Make it; `wish` is what it begins with, see `renewal.wish_of_renewal`."""
        super().__init__(parent, msg("New certificate request"), _STEPS)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(_SMALLEST)
        self._bridge, self._desk, self._settings = bridge, desk, settings
        self._place = 0
        self._taken_in: list[RequestCase] = []
        self._taken: tuple[str, ...] = ()
        self._stores: tuple[KeyStoreStatus, ...] = ()
        self.is_gone = False
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.book = WishBook(wish or Wish(), desk.identity_desk, now, self)
        self.purpose, self.names = PurposeStep(self.book), NamesStep(self.book)
        self.free, self.key = FreeStep(self.book), KeyStep(self.book)
        self.server, self.check, self.save = ServerStep(), CheckStep(), SaveStep(self.book)
        for page in (self.purpose, self.names, self.free, self.key, self.server, self.check, self.save):
            self.stack.addWidget(page)
        self.making = RequestMaking(bridge, desk, self)
        self.hosts = HostAsking(bridge, self.book, desk.identity_desk.host_remarks, self)
        self.check.use_hosts(self.hosts)
        self._connect()
        self._restore_size()
        self._ask_desk()
        self._show()
        self._page.focus_first()

    @property
    def place(self) -> int:
        """Which step is in view, counted from 0."""
        return self._place

    @property
    def is_made(self) -> bool:
        """Whether the requests are there, and nothing can be changed any more."""
        return bool(self.making.cases)

    @property
    def can_go(self) -> bool:
        """Whether nothing is lost when it closes."""
        if self.making.is_running:
            return False
        is_untouched = self.book.is_untouched and self._unfinished is None
        return self.is_made or bool(self._taken_in) or is_untouched

    def go_on(self) -> None:
        """Go to the next step, where this one is sound; the last one makes the requests, or closes."""
        if not self.next_button.isEnabled():
            return
        if self.is_made or (self._place == _SAVE and self.book.wish.is_on_server):
            self.accept()
            return
        unfinished = self._unfinished
        if unfinished is not None:
            unfinished.ask()
            return
        if self._place == _SAVE:
            self._make()
            return
        self.go_to(self._place + 1)

    def go_back(self) -> None:
        """Go back a step; nothing is lost by it."""
        if self._place and not self.is_made and not self.making.is_running:
            self.go_to(self._place - 1)

    def go_to(self, place: int) -> None:
        """Show a step."""
        self._place = place
        self._show()
        self._page.focus_first()

    def reload_stores(self) -> None:
        """Ask again how the key stores stand."""
        future = self._desk.identity_desk.key_stores()
        self._bridge.when_done(future, self._take_stores, self._drop)

    def reject(self) -> None:
        """Close, after a question where something was typed; what is being made is stopped first."""
        if self.making.is_running:
            self.making.cancel()
        elif self.question.isVisible():
            self.ask_to_leave(False)
            self._page.focus_first()
        elif self.can_go:
            super().reject()
        else:
            self.ask_to_leave(True)

    def done(self, result: int) -> None:
        """Close, and remember the size."""
        if not self.is_gone:
            self.hosts.stop()
            self.making.stop()
        self.is_gone = True
        if self._settings is not None:
            self._settings.setValue(_SIZE_KEY, self.size())
        super().done(result)

    @property
    def _page(self) -> StepPage:
        names = self.free if self.book.wish.wanted is Wanted.FREE else self.names
        key = self.server if self.book.wish.is_on_server else self.key
        pages: tuple[StepPage, ...] = (self.purpose, names, key, self.check, self.save)
        return pages[self._place]

    @property
    def _unfinished(self) -> EntryField | None:
        return self.free.unfinished if self.book.wish.wanted is Wanted.FREE else self.names.unfinished

    def _is_sound(self) -> bool:
        judged = self.book.judged
        names_stand = all(one.is_begun for one in judged) and not any(
            remark.field not in _NOT_OF_NAMES for one in judged for remark in one.obstacles
        )
        match self._place:
            case 0:
                return True
            case 1:
                return names_stand or self._unfinished is not None
            case 2:
                return self.book.wish.is_on_server or self.key.is_sound
            case 3:
                return names_stand and self.check.is_sound
            case _:
                return names_stand and self.save.is_sound and not self.making.is_running

    def _show(self) -> None:
        if self.is_made:
            # Other names are suggested from now on; what was made stays as it was.
            self._show_buttons()
            return
        wish, judged = self.book.wish, self.book.judged
        self.preview.show_judged(judged)
        self.show_summary(summary(judged))
        if self._place == _CHECK:
            self.check.show_judged(judged)
        if wish.is_on_server and self._place == _KEY:
            self.server.show_drafts(self.book.drafts)
        self.stack.setCurrentWidget(self._page)
        self.show_at(self._place, self._answers(), is_over=self.making.is_running)
        self._show_buttons()

    def _answers(self) -> tuple[str, ...]:
        wish = self.book.wish
        many = len(wish.purposes)
        if wish.wanted is Wanted.FREE:
            names = msg("subject and names")
        elif RequestPurpose.SERVER in wish.purposes:
            names = msg("1R-IDs and host names")
        else:
            names = msg("1R-IDs")
        key = (
            msg("made on the server")
            if wish.is_on_server
            else msg_n("new {key}", "new {key} each", many, key=KEY_WORDS[wish.key])
        )
        save = (
            msg("take the file in")
            if wish.is_on_server
            else msg_n("file and next step", "files and next step", many)
        )
        check = msg("preflight by the rules")
        return tuple(say(words) for words in (WANTED_WORDS[wish.wanted], names, key, check, save))

    def _show_buttons(self) -> None:
        wish = self.book.wish
        is_last = self._place == _SAVE
        running = self.making.is_running
        over = self.is_made or (is_last and wish.is_on_server)
        self.back_button.setVisible(not self.is_made)
        self.back_button.setEnabled(bool(self._place) and not self.is_made and not running)
        self.cancel_button.setVisible(not self.is_made)
        self.server_button.setVisible(not self.is_made and not running)
        self.server_button.show_as(
            say(msg("Make the key here instead"))
            if wish.is_on_server
            else say(msg("Generate on the server instead …"))
        )
        if over:
            words: Message = msg("Close")
        elif is_last:
            words = msg_n("Make the request", "Make {count} requests", len(wish.purposes))
        else:
            words = msg("Next: {step}", step=_STEPS[self._place + 1].next_word)
        self.next_button.show_as(say(words))
        ready = self.is_made or self._is_sound()
        self.next_button.setEnabled(ready and not self.making.is_writing)

    def _turn_server(self) -> None:
        self.book.choose(is_on_server=not self.book.wish.is_on_server)
        # The lines stand in the step of the key; whoever asks for them wants to see them.
        if self._place != _KEY and self._is_sound_until(_KEY):
            self.go_to(_KEY)
        else:
            self._page.focus_first()

    def _is_sound_until(self, place: int) -> bool:
        before, self._place = self._place, min(_NAMES, place)
        sound = self._is_sound() and self._unfinished is None
        self._place = before
        return sound

    def _make(self) -> None:
        store = self.book.wish.store
        titles = {status.kind: status.title for status in self._stores}
        self.save.show_running(titles.get(store, store.value))
        self.making.make(self.book.drafts, store, self.save.files)
        self._show()

    def _take_made(self, cases: tuple[RequestCase, ...]) -> None:
        self.preview.title.setText(say(msg("What was requested")))
        self.made.emit(cases)
        self._show()
        self.show_at(len(_STEPS), self._answers(), is_over=True)

    def _take_written(self, files: tuple[Path | None, ...]) -> None:
        if not self.is_gone:
            self.save.show_made(self.making.cases, files)
            self._show_buttons()
            self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, error: TrustdeskError) -> None:
        if self.is_gone:
            return
        self.save.show_error(error)
        self.reload_stores()
        self._show()

    def _write_again(self) -> None:
        folder = self.save.ask_folder(self, self.save.folder)
        if folder is not None:
            self.save.folder = folder
            self.making.write(files_for(folder, [case.name for case in self.making.cases]))

    def _take_in(self, purpose: RequestPurpose) -> None:
        draft = next(one for one in self.book.drafts if one.purpose is purpose)
        dialog = TakeDialog(self, self._bridge, self._desk, draft=draft)
        dialog.taken.connect(self._take_taken)
        dialog.open()

    def _take_taken(self, case: RequestCase) -> None:
        self._taken_in.append(case)
        self.save.take_buttons[case.purpose].setEnabled(False)
        self.save.take_buttons[case.purpose].show_as(say(msg("Taken in")), icon="tick")
        self.made.emit((case,))

    def _save_text(self, name: str, text: str) -> None:
        file = self.ask_file(self, name)
        if file is not None:
            future = self._desk.save_file(file, text.encode())
            self._bridge.when_done(future, lambda _file: None, self._fail)

    def _ask_desk(self) -> None:
        identities = self._desk.identity_desk
        self.server.use_commands(identities.server_commands)
        self.reload_stores()
        self._bridge.when_done(self._desk.board(), self._take_partners, self._drop)
        self._bridge.when_done(identities.views(), self._take_identities, self._drop)
        self._bridge.when_done(identities.cases(), self._take_cases, self._drop)

    def _take_stores(self, stores: tuple[KeyStoreStatus, ...]) -> None:
        if not self.is_gone:
            self._stores = stores
            self.key.show_stores(stores)
            self._show_buttons()

    def _take_partners(self, rows: Sequence[BoardRow]) -> None:
        if not self.is_gone:
            self.purpose.offer_partners(sorted({row.endpoint.partner for row in rows}))

    def _take_identities(self, views: Sequence[IdentityView]) -> None:
        if not self.is_gone:
            names = tuple(view.identity.name for view in views)
            self.purpose.offer_identities(names)
            self._keep_from(names)

    def _take_cases(self, cases: Sequence[RequestCase]) -> None:
        if not self.is_gone:
            self._keep_from(tuple(case.name for case in cases))

    def _keep_from(self, names: tuple[str, ...]) -> None:
        self._taken = (*self._taken, *names)
        self.book.keep_from(self._taken)

    def _drop(self, _error: TrustdeskError) -> None:
        """Leave a choice empty: making the request says what is wrong, if anything still is."""

    def _restore_size(self) -> None:
        size = None if self._settings is None else self._settings.value(_SIZE_KEY)
        wanted = size if isinstance(size, QSize) else _SIZE
        self.resize(wanted.boundedTo(self.screen().availableSize()).expandedTo(_SMALLEST))

    def _connect(self) -> None:
        self.book.changed.connect(self._show)
        self.rail.chosen.connect(self.go_to)
        for field in (self.names.entry, self.names.host_entry, self.free.entry):
            field.typed.connect(self._show_buttons)
        self.check.changed.connect(self._show_buttons)
        self.key.store_wanted.connect(self.store_wanted)
        self.server.save_wanted.connect(self._save_text)
        self.save.cancelled.connect(self.making.cancel)
        self.save.take_wanted.connect(self._take_in)
        self.save.again_wanted.connect(self._write_again)
        self.making.made.connect(self._take_made)
        self.making.written.connect(self._take_written)
        self.making.failed.connect(self._fail)
        self.making.not_written.connect(lambda error: self.save.show_error(error, can_choose=True))
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(self.go_back)
        self.cancel_button.clicked.connect(self.reject)
        self.close_button.clicked.connect(self.reject)
        self.server_button.clicked.connect(self._turn_server)
        self.stay_button.clicked.connect(self.reject)
        self.leave_button.clicked.connect(lambda: self.done(WizardFrame.DialogCode.Rejected.value))
        bind(self, Key.REQUEST_NEXT, self.go_on)
        bind(self, Key.REQUEST_BACK, self.go_back)
