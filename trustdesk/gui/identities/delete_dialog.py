"""What deleting an identity means, before it is done."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.certificate_request import RequestCase
from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.identity import Deletion, IdentityView
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

_LONGEST_NAME = 40
_STORE_WORDS = {
    KeyStoreKind.KEYRING: msg(
        "The key is removed from the keyring. What the keyring keeps in a bin, a backup or the free space of "
        "its disk is up to it: if the key must be worthless, have the certificate revoked."
    ),
    KeyStoreKind.VAULT: msg(
        "The key is removed from the vault. Older copies of the vault, in backups, still hold it: if the key "
        "must be worthless, have the certificate revoked."
    ),
}


class DeleteDialog(PlainDialog):
    """Consequences, and a button that names what goes.

    Signals:
        deleted: a Message that says what was deleted, and what that means on the store.
    """

    deleted = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, view: IdentityView) -> None:
        name = view.identity.name
        super().__init__(
            parent,
            msg("Delete {identity}?", identity=name),
            msg("The certificate leaves the workspace, and its key the key store. This cannot be undone."),
            size=(640, 440),
        )
        self._bridge, self._desk, self._view = bridge, desk, view
        self.lines: list[RemarkLine] = []
        self.job = JobLine(bridge)
        words = say(msg("Delete {identity}", identity=visible(name, _LONGEST_NAME)))
        self.delete_button = self.add_button(Button(words, icon="remove", kind=ButtonKind.DANGER))
        self.delete_button.clicked.connect(self._delete)
        subject = view.identity.certificate.subject or say(msg("empty subject"))
        self.content.addWidget(Text(visible(subject), TypeStyle.ROW_TITLE, wrap=True))
        for line in _consequences(view):
            self._add_line(line)
        self.content.addStretch(1)
        self.content.addWidget(self.job)
        self.job.changed.connect(lambda: self.delete_button.setEnabled(not self.job.is_running))
        bridge.when_done(desk.cases(), self._take_cases, lambda _error: None)
        self.close_button.setFocus()

    def done(self, result: int) -> None:
        """Close; a deletion that waits is not done then, and one that is past that is told of."""
        self.job.cancel()
        super().done(result)

    def _add_line(self, line: RemarkLine) -> None:
        self.content.insertWidget(1 + len(self.lines), line)
        self.lines.append(line)

    def _take_cases(self, cases: tuple[RequestCase, ...]) -> None:
        if self.is_gone:
            return
        name = self._view.identity.name
        for case in cases:
            if case.identity == name:
                words = msg("It came of the request {case}, which stays on the list.", case=case.name)
                self._add_line(RemarkLine(say(words), icon="file"))
            elif case.renews == name:
                words = msg("The request {case} shall follow it: the link is lost.", case=case.name)
                self._add_line(RemarkLine(say(words), icon="warning", ink="warning"))

    def _delete(self) -> None:
        self.error.hide()
        job = self._desk.delete(self._view.identity.name)
        words = msg("Deleting {identity} …", identity=self._view.identity.name)
        self.job.run(job, words, self._done, self._fail)
        self.stay_until_told(self._bridge, job.future)

    def _done(self, deletion: Deletion) -> None:
        words: Message = msg("{identity} was deleted.", identity=deletion.name)
        if deletion.meaning is not None:
            words = msg("{deleted} {meaning}", deleted=words, meaning=deletion.meaning)
        self.deleted.emit(words)
        if not self.is_gone:
            self.accept()

    def _fail(self, error: TrustdeskError) -> None:
        if isinstance(error, CancelledByPersonError):
            self.notice.say_done(say(msg("Cancelled: nothing was deleted.")))
            return
        self.show_error(error)


def _consequences(view: IdentityView) -> Iterator[RemarkLine]:
    endpoints = view.use.endpoints
    if endpoints:
        partners = tuple(dict.fromkeys(visible(one.partner, 60) for one in endpoints))
        words = msg_n(
            "{count} partner uses it, and is tested without a certificate from then on: {partners}.",
            "{count} partners use it, and are tested without a certificate from then on: {partners}.",
            len(partners),
            partners=listed(partners),
        )
        yield RemarkLine(say(words), icon="warning", ink="warning")
    else:
        yield RemarkLine(say(msg("No partner uses it.")), icon="tick")
    if view.identity.renewed_by is not None:
        words = msg("{identity} follows it and stays.", identity=view.identity.renewed_by)
        yield RemarkLine(say(words), icon="link")
    if view.days_left is not None and view.days_left >= 0:
        words = msg_n(
            "Its certificate stays valid for {count} day more, with or without it here.",
            "Its certificate stays valid for {count} days more, with or without it here.",
            view.days_left,
        )
        yield RemarkLine(say(words), icon="calendar")
    yield RemarkLine(say(_STORE_WORDS[view.identity.key.reference.store]), icon="lock")
