"""What is done with lists and decisions: the question first, then the work, then one line that says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_entry import ListEntry, Usage
from trustdesk.core.trust_impact import Impact
from trustdesk.core.trust_version import ListSummary, ListVersion, SourceKind
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.trust.comment_dialog import CommentDialog
from trustdesk.gui.trust.heading import previous_version
from trustdesk.gui.trust.words import entry_title, short_subject, summary_title
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.services.trust_desk import PreparedList, TrustDesk

if TYPE_CHECKING:
    from trustdesk.gui.trust.import_dialog import ImportDialog

T = TypeVar("T")
_WAITING = msg("The key store is asked for the seal. If it is locked, it waits for you.")


class TrustActions(QObject):
    """Opens the dialogs of the page, and tells what came of them.

    Attributes:
        dialog: the one that is open; None for none.
        ask_file: asks where to write to.
        now: returns the instant that is judged for.
        identities: names of identities that can sign a list.

    Signals:
        done: the Message that says what was done, and a callable that takes it back, or None.
        failed: the TrustdeskError why it was not.
        kept: name of a list that was taken in.
    """

    done = Signal(object, object)
    failed = Signal(object)
    kept = Signal(str)

    def __init__(self, bridge: Bridge, page: QWidget, line: JobLine) -> None:
        super().__init__(page)
        self._bridge, self._page, self._line = bridge, page, line
        self._desk: TrustDesk | None = None
        self.dialog: QDialog | None = None
        self.identities: Callable[[], tuple[str, ...]] = tuple
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.now: Callable[[], datetime] = utc_now

    @property
    def desk(self) -> TrustDesk:
        """The desk; `set_desk` comes first."""
        if self._desk is None:
            raise RuntimeError("there is no desk yet")
        return self._desk

    def set_desk(self, desk: TrustDesk) -> None:
        """Work with a desk."""
        self._desk = desk

    # --- lists ---

    def import_list(self, source: Path | str | SourceKind | None = None) -> None:
        """Ask for a list, and review it."""
        if self._desk is not None:
            dialog = self._reviewing(msg("Import a trust list"))
            if source is not None:
                dialog.choose(source)

    def ask_for_list(self) -> None:
        """Ask for a list of any kind."""
        self.import_list()

    def import_system(self) -> None:
        """Review what this machine trusts."""
        self.import_list(SourceKind.SYSTEM)

    def review_waiting(self, summary: ListSummary, number: int) -> None:
        """Review a version that waits."""
        title = msg("Review version {number} of {list}", number=number, list=summary_title(summary))
        dialog = self._reviewing(title)
        dialog.review_waiting(summary.name, number)

    def fetch(self, summary: ListSummary) -> None:
        """Fetch a list's address again."""

        def take(prepared: PreparedList | None) -> None:
            if prepared is None:
                self.done.emit(msg("Nothing new: the server has the same version."), None)
                return
            title = msg("Review what was fetched of {list}", list=summary_title(summary))
            dialog = self._reviewing(title)
            dialog.show_fetched(prepared)

        self.run(
            self.desk.prepare_update(summary.name),
            msg("Fetching {list} …", list=summary_title(summary)),
            take,
        )

    def refuse(self, summary: ListSummary, number: int) -> None:
        """Decide against a version that waits."""

        def refuse(comment: str) -> None:
            words = msg("Version {number} is refused; it stays to be looked at.", number=number)
            future = self.desk.refuse(summary.name, number, comment)
            self._bridge.when_done(
                future, lambda _one: self.done.emit(words, None), self.failed.emit, owner=self
            )

        self.ask(
            msg("Refuse version {number}?", number=number),
            msg("What is judged by stays as it is."),
            (),
            msg("Refuse it"),
            refuse,
        )

    def undo(self, summary: ListSummary) -> None:
        """Go back to the version before."""
        before = previous_version(summary)
        if before is None:
            return
        self.ask(
            msg("Go back to version {number}?", number=before),
            msg("It is judged by version {number} from then on, in one step.", number=before),
            (),
            msg("Go back"),
            lambda comment: self._undo(summary.name, comment),
        )

    def turn_force(self, summary: ListSummary) -> None:
        """Put a list in force, or take it out."""

        def ask(lists: tuple[ListSummary, ...]) -> None:
            names = tuple(one.name for one in lists if one.in_force)
            title = summary_title(summary)
            if summary.in_force:
                wanted = tuple(one for one in names if one != summary.name)
                self.ask(
                    msg("Take {list} out of force?", list=title),
                    msg("Paths that end in it alone are not trusted any more, on every page at once."),
                    () if wanted else (msg("It is the only one: put another list in force first."),),
                    msg("Take it out"),
                    lambda comment: self._put(
                        wanted, comment, names, msg("{list} is out of force.", list=title)
                    ),
                )
            else:
                wanted = (*names, summary.name)
                self.ask(
                    msg("Put {list} in force?", list=title),
                    msg("A path counts when it ends in any list that is in force."),
                    (msg("It is the public web's list: it says nothing of partners."),)
                    if summary.is_builtin
                    else (),
                    msg("Put it in force"),
                    lambda comment: self._put(wanted, comment, names, msg("{list} is in force.", list=title)),
                )

        self._bridge.when_done(self.desk.lists(), ask, self.failed.emit, owner=self)

    def forget_signer(self, summary: ListSummary) -> None:
        """Forget whose signature counts."""

        def forget(comment: str) -> None:
            words = msg("The signer of {list} is forgotten.", list=summary_title(summary))
            self.run(
                self.desk.forget_pin(summary.name, comment),
                _WAITING,
                lambda _none: self.done.emit(words, None),
            )

        self.ask(
            msg("Forget the signer of {list}?", list=summary_title(summary)),
            msg("The next version may be signed by anybody, until a person compares a fingerprint again."),
            (),
            msg("Forget it"),
            forget,
        )

    def remove(self, summary: ListSummary) -> None:
        """Take a list away."""

        def remove(comment: str) -> None:
            words = msg("{list} is removed; the log keeps what was decided.", list=summary_title(summary))
            self.run(
                self.desk.remove(summary.name, comment), _WAITING, lambda _none: self.done.emit(words, None)
            )

        count = len(summary.versions)
        follows = [msg_n("{count} version goes with it.", "{count} versions go with it.", count)]
        if summary.in_force:
            follows.append(msg("It is in force: paths that end in it alone are not trusted any more."))
        self.ask(
            msg("Remove {list}?", list=summary_title(summary)),
            msg("It cannot be taken back; the list has to be imported again."),
            tuple(follows),
            msg("Remove it"),
            remove,
            danger=True,
        )

    def export(self, version: ListVersion) -> None:
        """Write a version into a file."""
        from trustdesk.gui.trust.export_dialog import ExportListDialog

        self.open(ExportListDialog(self._page.window(), self._bridge, self.desk, version, self.identities()))

    # --- what would change ---

    def write(self, impact: Impact | None) -> None:
        """Show a letter to each partner who would lose trust."""
        from trustdesk.gui.trust.letters_dialog import LettersDialog

        if impact is not None and any(one.loses for one in impact.partners):
            self.open(LettersDialog(self._page.window(), impact))

    def ask_date(self, now: datetime, take: Callable[[datetime], None]) -> None:
        """Ask for a date to try."""
        from trustdesk.gui.trust.try_dialogs import DateDialog

        dialog = DateDialog(self._page.window(), now)
        dialog.chosen.connect(take)
        self.open(dialog)

    def ask_entry(self, version: ListVersion, take: Callable[[ListEntry], None]) -> None:
        """Ask which CA goes."""
        from trustdesk.gui.trust.try_dialogs import EntryDialog

        dialog = EntryDialog(self._page.window(), version.content.entries)
        dialog.chosen.connect(take)
        self.open(dialog)

    # --- decisions ---

    def distrust(self, entry: ListEntry) -> None:
        """Ask why an entry shall be distrusted."""
        from trustdesk.gui.trust.decision_dialog import DecisionDialog

        dialog = DecisionDialog(self._page.window(), entry, limits=False)
        dialog.decided.connect(
            lambda reason, expires: self._decide(
                entry, self.desk.distrust(entry.sha256, reason, expires=expires)
            )
        )
        self.open(dialog)

    def limit(self, entry: ListEntry) -> None:
        """Ask what an entry may still vouch for."""
        from trustdesk.gui.trust.decision_dialog import DecisionDialog

        dialog = DecisionDialog(self._page.window(), entry, limits=True)

        def decide(reason: str, expires: datetime | None) -> None:
            usages: frozenset[Usage] = dialog.usages
            self._decide(entry, self.desk.limit_usage(entry.sha256, usages, reason, expires=expires))

        dialog.decided.connect(decide)
        self.open(dialog)

    def withdraw(self, decision: LocalDecision) -> None:
        """Take a decision back."""
        name = short_subject(decision.subject) or decision.sha256[:16]
        self.ask(
            msg("Take back what was decided about {name}?", name=name),
            msg("From then on it counts for what the lists in force say. The log keeps both."),
            (),
            msg("Take it back"),
            lambda reason: self._withdraw(decision.sha256, name, reason),
        )

    def export_log(self) -> None:
        """Write the log into a file."""
        file = self.ask_file(self._page, "trust-log.json")
        if file is not None:
            self.run(
                self.desk.export_log(file),
                msg("Writing the log …"),
                lambda written: self.done.emit(msg("{file} is written.", file=written.name), None),
            )

    # --- how ---

    def _reviewing(self, title: Message) -> ImportDialog:
        """Open the dialog in which lists are read and reviewed."""
        from trustdesk.gui.trust.import_dialog import ImportDialog

        dialog = ImportDialog(self._page.window(), self._bridge, self.desk, title=title, now=self.now)
        dialog.applied.connect(self._take_applied)
        dialog.kept.connect(self._take_kept)
        self.open(dialog)
        return dialog

    def _undo(self, name: str, comment: str) -> None:
        def take(version: ListVersion | None) -> None:
            words = (
                msg("No version of {list} is applied any more.", list=name)
                if version is None
                else msg("It is judged by version {number} again.", number=version.number)
            )
            self.done.emit(words, None)

        self.run(self.desk.undo(name, comment), _WAITING, take)

    def _put(self, names: tuple[str, ...], comment: str, before: tuple[str, ...], words: Message) -> None:
        def undo() -> None:
            back = msg("The lists in force are those from before.")
            future = self.desk.put_in_force(before, "undone")
            self._bridge.when_done(
                future, lambda _lists: self.done.emit(back, None), self.failed.emit, owner=self
            )

        future = self.desk.put_in_force(names, comment)
        self._bridge.when_done(
            future, lambda _lists: self.done.emit(words, undo), self.failed.emit, owner=self
        )

    def _decide(self, entry: ListEntry, job: Job[LocalDecision]) -> None:
        name = entry_title(entry)

        def take(decision: LocalDecision) -> None:
            words = msg("Decided about {name}. It holds whatever lists say.", name=name)
            self.done.emit(words, lambda: self._withdraw(decision.sha256, name, "undone"))

        self.run(job, _WAITING, take)

    def _withdraw(self, sha256: str, name: str, reason: str) -> None:
        words = msg("What was decided about {name} is taken back.", name=name)
        self.run(
            self.desk.withdraw_decision(sha256, reason), _WAITING, lambda _none: self.done.emit(words, None)
        )

    def _take_applied(self, version: ListVersion) -> None:
        self.kept.emit(version.list_name)
        words = msg(
            "{list}: version {number} is judged by from now on.",
            list=version.list_name,
            number=version.number,
        )
        self.done.emit(words, lambda: self._undo(version.list_name, "undone"))

    def _take_kept(self, version: ListVersion) -> None:
        self.kept.emit(version.list_name)
        self.done.emit(
            msg(
                "{list}: version {number} is kept, and waits.", list=version.list_name, number=version.number
            ),
            None,
        )

    def run(self, job: Job[T], words: Message, take: Callable[[T], None]) -> None:
        """Wait for a job above the page, with Cancel; what fails is told."""
        self._line.run(job, words, take, self._fail)

    def _fail(self, error: TrustdeskError) -> None:
        if not isinstance(error, CancelledByPersonError):
            self.failed.emit(error)

    def ask(
        self,
        title: Message,
        explanation: Message,
        follows: tuple[Message, ...],
        verb: Message,
        agreed: Callable[[str], None],
        *,
        danger: bool = False,
    ) -> None:
        """Ask for a reason first."""
        dialog = CommentDialog(self._page.window(), title, explanation, follows, verb=verb, danger=danger)
        dialog.agreed.connect(agreed)
        self.open(dialog)

    def open(self, dialog: QDialog) -> None:
        """Show a dialog of the page."""
        self.dialog = dialog
        dialog.finished.connect(lambda: self._closed(dialog))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _closed(self, dialog: QDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
