"""Import a trust list: where it is, reading it, and the review; nothing is kept before a person says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import Endorsement, ListVersion, SourceKind
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit
from trustdesk.gui.trust.import_source import ImportSource
from trustdesk.gui.trust.import_steps import ImportSteps
from trustdesk.gui.trust.review_view import ReviewView, stands_against
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say
from trustdesk.services.trust_desk import ImportProgress, ImportWish, PreparedList, TrustDesk, WhatIf

_IMPORT = msg("Import a trust list")
_FIRST_SIZE, _SIZE, _SMALLEST = (680, 460), (1020, 780), (540, 440)


class ImportDialog(PlainDialog):
    """Three steps in one window; Esc stops what runs, and closes it otherwise.

    Signals:
        applied, kept: the ListVersion; the dialog closes.
    """

    applied = Signal(object)
    kept = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: TrustDesk,
        *,
        title: Message = _IMPORT,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(
            parent,
            title,
            msg("It is read and compared first. What it would change is shown before anything is kept."),
            size=_FIRST_SIZE,
        )
        self.setMinimumSize(*_SMALLEST)
        self._bridge, self._desk, self._now = bridge, desk, now
        self._job: Job[PreparedList] | Job[ListVersion] | None = None
        self._wish: ImportWish | None = None
        self._waiting: int | None = None
        self._back: QWidget | None = None
        self.prepared: PreparedList | None = None
        self.source = ImportSource()
        self.steps = ImportSteps()
        self.review = ReviewView(bridge)
        self.stack = QStackedWidget()
        for part in (self.source, self.steps, self.review):
            self.stack.addWidget(part)
        self.content.addWidget(self.stack, 1)
        self.comment = line_edit(
            say(msg("Comment")), placeholder=say(msg("It is written into the trust log"))
        )
        self.comment.setLayoutDirection(self.layoutDirection())
        self.comment.setMaxLength(500)
        self._comment_cell = FieldCell(say(msg("Comment")), self.comment)
        self.content.addWidget(self._comment_cell)
        self.read_button = self.add_button(Button(say(msg("Read it")), kind=ButtonKind.PRIMARY))
        self.apply_button = self.add_button(Button(say(msg("Apply")), kind=ButtonKind.PRIMARY))
        self.keep_button = self.add_button(Button(say(msg("Keep for later"))))
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))
        self.read_button.clicked.connect(self._read)
        self.apply_button.clicked.connect(self._apply)
        self.keep_button.clicked.connect(self._keep)
        self.source.changed.connect(self._settle)
        self.source.entered.connect(self.read_button.click)
        self.comment.textChanged.connect(self._settle)
        self.steps.cancelled.connect(self._cancel)
        self.review.signer_taken.connect(self._take_signer)
        self.review.usages_chosen.connect(self._take_usages)
        self.review.overdue_taken.connect(self._take_overdue)
        self.take_drops(lambda files: self.choose(files[0]))
        self._show(self.source)
        self.source.place.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_running(self) -> bool:
        """Whether something is read or kept now."""
        return self._job is not None

    def choose(self, source: Path | str | SourceKind) -> None:
        """Fill in where the list is, as long as nothing is read."""
        if self.stack.currentWidget() is self.source:
            self.source.choose(source)

    def review_waiting(self, name: str, number: int) -> None:
        """Review a version that waits."""
        self._back, self._waiting = None, number
        self._read_wish(ImportWish(source="", name=name))

    def show_fetched(self, prepared: PreparedList) -> None:
        """Review what was fetched from the list's address; what a person answers has it fetched again."""
        review = prepared.review
        self._wish = ImportWish(source=review.source.place, name=review.name)
        self.show_prepared(prepared)

    def show_prepared(self, prepared: PreparedList) -> None:
        """Review what was read already."""
        self.prepared = prepared
        review = prepared.review
        self.setWindowTitle(say(msg("Review of {list}", list=review.name)))
        self.review.show_review(review, self._now(), can_change=self._wish is not None)
        self.review.impact.ask(partial(self._desk.impact, WhatIf(review=review)))
        self._show(self.review)
        wanted = QSize(*_SIZE).boundedTo(self.screen().availableSize())
        self.resize(self.size().expandedTo(wanted))
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    def reject(self) -> None:
        """Stop what runs; without that, close."""
        if self._job is not None:
            self._cancel()
            return
        self.review.impact.cancel()
        super().reject()

    def _read(self) -> None:
        wish = self.source.wish
        if wish is not None and self._job is None:
            self._back = self.source
            self._read_wish(wish)

    def _read_wish(self, wish: ImportWish) -> None:
        self._wish, number = wish, self._waiting
        if number is not None:
            job = self._desk.prepare_waiting(
                wish.name,
                number,
                accept_expired=wish.accept_expired,
                usages=wish.usages,
                signer=wish.signer,
                endorsement=wish.endorsement,
            )
            self._prepare(job, msg("Reading version {number} …", number=number))
            return

        def tell(progress: ImportProgress) -> None:
            self._bridge.post(lambda: self._take_progress(progress))

        self._prepare(self._desk.prepare_import(wish, tell), msg("Reading …"))

    def _take_progress(self, progress: ImportProgress) -> None:
        if not self.is_gone and self._job is not None:
            self.steps.show_progress(progress)

    def _take_signer(self, signer: str, endorsement: Endorsement) -> None:
        if self._wish is not None:
            self._back = self.review
            self._read_wish(replace(self._wish, signer=signer, endorsement=endorsement))

    def _take_usages(self, usages: frozenset[Usage]) -> None:
        if self._wish is not None:
            self._back = self.review
            self._read_wish(replace(self._wish, usages=usages))

    def _take_overdue(self) -> None:
        if self._wish is not None:
            self._back = self.review
            self._read_wish(replace(self._wish, accept_expired=True))

    def _prepare(self, job: Job[PreparedList], words: Message) -> None:
        self.error.hide()
        self._job = job
        self.steps.begin(words)
        self._show(self.steps)
        self.steps.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

        def take(prepared: PreparedList) -> None:
            self._end()
            if not self.is_gone:
                self.show_prepared(prepared)

        self._bridge.when_done(job.future, take, self._fail, owner=self)

    def _apply(self) -> None:
        if self.prepared is not None and self._job is None:
            comment = self.comment.text().strip()
            self._decide(self._desk.apply(self.prepared, comment), msg("Applying …"), self.applied.emit)

    def _keep(self) -> None:
        if self.prepared is not None and self._job is None:
            comment = self.comment.text().strip()
            self._decide(self._desk.keep_waiting(self.prepared, comment), msg("Keeping …"), self.kept.emit)

    def _decide(self, job: Job[ListVersion], words: Message, tell: Callable[[ListVersion], None]) -> None:
        self.error.hide()
        self._job, self._back = job, self.review
        self.review.impact.cancel()
        self.steps.begin(words)
        self._show(self.steps)
        self.stay_until_told(self._bridge, job.future)

        def take(version: ListVersion) -> None:
            self._end()
            tell(version)
            if not self.is_gone:
                self.accept()

        self._bridge.when_done(job.future, take, self._fail, owner=self)

    def _fail(self, error: TrustdeskError) -> None:
        self._end()
        if self.is_gone:
            return
        if self._back is None:
            self.show_error(error)
            self._show(self.steps)
            return
        if not isinstance(error, CancelledByPersonError):
            self.show_error(error)
        self._show(self._back)

    def _cancel(self) -> None:
        if self._job is not None:
            self.steps.cancel_button.setEnabled(False)
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self.steps.end()

    def _show(self, part: QWidget) -> None:
        self.stack.setCurrentWidget(part)
        self._settle()

    def _settle(self) -> None:
        shown = self.stack.currentWidget()
        self.read_button.setVisible(shown is self.source)
        self.read_button.setEnabled(self.source.wish is not None)
        reviewing = shown is self.review and self.prepared is not None
        self._comment_cell.setVisible(reviewing)
        self.apply_button.setVisible(reviewing)
        self.keep_button.setVisible(reviewing and self._wish is not None and self._waiting is None)
        self.close_button.setVisible(self._job is None)
        if self.prepared is None or not reviewing:
            return
        review = self.prepared.review
        why = stands_against(review, can_change=self._wish is not None)
        if why is None and review.needs_comment and not self.comment.text().strip():
            why = msg("It takes trust away: say why first.")
        self.apply_button.setEnabled(why is None)
        self.apply_button.setToolTip("" if why is None else say(why))
        self.apply_button.setAccessibleDescription("" if why is None else say(why))
        self.keep_button.setEnabled(not review.is_same)
        self.apply_button.show_as(say(msg("Apply version {number}", number=review.number)))
