"""The tab Private CA: a small CA for closed groups, its certificates, and its revocation lists."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.file_name import plain_stem
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.private_ca import WHAT_IT_IS_NOT, IssuedCertificate, PrivateAuthority
from trustdesk.gui.authority.detail import AuthorityDetail
from trustdesk.gui.authority.no_authorities import NoAuthorities
from trustdesk.gui.authority.tables import authority_table
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.requests.confirm_dialog import ConfirmDialog
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

_MOST_ROWS = 4


class AuthorityPage(QWidget):
    """What it is and is not, the CAs, and the one in view.

    Signals:
        changed: a CA was made, changed or deleted.
        match_wanted: file with a chain, to be matched with the case that it answers.
    """

    changed = Signal()
    match_wanted = Signal(object)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, now
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._awaited: Future[tuple[PrivateAuthority, ...]] | None = None
        self._wanted: int | None = None
        self.ask_file: Callable[[QWidget, str], Path | None] = ask_file
        self.dialog: QDialog | None = None
        self.what = Reason()
        self.what.show_words(WHAT_IT_IS_NOT)
        self.new_button = Button(say(msg("New private CA …")), icon="add")
        self.table = authority_table(self._now)
        self.detail = AuthorityDetail(self._now)
        self.empty = NoAuthorities()
        self.notice, self.error = DoneNotice(), VerdictBanner()
        self.error.hide()
        self._body, self._nothing = QWidget(), QWidget()
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    @property
    def authorities(self) -> tuple[PrivateAuthority, ...]:
        """The CAs as shown."""
        return self.table.rows

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk, and show its CAs."""
        self._desk = desk
        self.reload()

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Count days to another instant; None is the present."""
        self._at = at
        self._show(self.authorities)

    def reload(self, reveal: int | None = None) -> None:
        """Read the CAs again; `reveal` is the id of one to show."""
        if self._desk is None:
            return
        self._wanted = reveal if reveal is not None else self._wanted
        asked = self._awaited = self._desk.authority_desk.authorities()
        self._bridge.when_done(asked, partial(self._take, asked), partial(self._fail, asked))

    def focus_main(self) -> None:
        """Move the keyboard to the table, or to the way in where there is none."""
        part: QWidget = self.table if self.authorities else self.empty.new_button
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: TrustdeskError) -> None:
        """Say what failed."""
        self.error.show_error(error)
        self.error.show()
        self._stack.setCurrentWidget(self._body)

    def _now(self) -> datetime:
        return self._at or self._clock()

    def _take(self, asked: Future[tuple[PrivateAuthority, ...]], found: tuple[PrivateAuthority, ...]) -> None:
        if asked is self._awaited:
            self.error.hide()
            self._show(found)

    def _fail(self, asked: Future[tuple[PrivateAuthority, ...]], error: TrustdeskError) -> None:
        if asked is self._awaited:
            self.show_error(error)

    def _show(self, found: tuple[PrivateAuthority, ...]) -> None:
        shown = self.detail.authority
        current = self._wanted if self._wanted is not None else None if shown is None else shown.id
        self._wanted = None
        if self._awaited is None:
            return
        blocked = self.table.selectionModel().blockSignals(True)
        self.table.show_rows(found)
        self.table.selectionModel().blockSignals(blocked)
        self.table.viewport().update()
        self._stack.setCurrentWidget(self._body if found or not self.error.isHidden() else self.empty)
        rows = min(_MOST_ROWS, max(1, len(found)))
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.row_height + 2
        )
        self.detail.setVisible(bool(found))
        if found:
            places = {one.id: place for place, one in enumerate(found)}
            place = places.get(current, 0) if current is not None else 0
            self.table.selectRow(place)
            self._show_row(place)

    def _show_row(self, place: int) -> None:
        if 0 <= place < len(self.authorities):
            self.detail.show_authority(self.authorities[place])

    def _new(self) -> None:
        from trustdesk.gui.authority.new_dialog import NewAuthorityDialog

        if self._desk is not None:
            dialog = NewAuthorityDialog(self.window(), self._bridge, self._desk)
            dialog.created.connect(self._take_created)
            self._open(dialog)

    def _take_created(self, authority: PrivateAuthority) -> None:
        self._done(
            msg("{name} is made. Hand its root over to whoever shall trust it.", name=authority.name),
            reveal=authority.id,
        )

    def _sign(self) -> None:
        from trustdesk.gui.authority.sign_dialog import SignDialog

        authority = self.detail.authority
        if self._desk is not None and authority is not None:
            dialog = SignDialog(self.window(), self._bridge, self._desk, authority)
            dialog.signed.connect(self._take_signed)
            dialog.match_wanted.connect(self.match_wanted)
            self._open(dialog)

    def _take_signed(self, issued: IssuedCertificate) -> None:
        self._done(msg("{name} is signed.", name=issued.certificate.title))

    def _issue_crl(self) -> None:
        from trustdesk.gui.authority.revoke_dialog import IssueCrlDialog

        authority = self.detail.authority
        if self._desk is not None and authority is not None:
            dialog = IssueCrlDialog(self.window(), self._bridge, self._desk, authority, self._now())
            dialog.issued.connect(
                lambda _crl: self._done(msg("The CRL of {name} is issued.", name=authority.name))
            )
            self._open(dialog)

    def _revoke(self, issued: IssuedCertificate) -> None:
        from trustdesk.gui.authority.revoke_dialog import RevokeDialog

        authority = self.detail.authority
        if self._desk is not None and authority is not None:
            dialog = RevokeDialog(self.window(), self._bridge, self._desk, authority, issued)
            words = msg("{name} is revoked.", name=issued.certificate.title)
            dialog.issued.connect(lambda _crl: self._done(words))
            self._open(dialog)

    def _hand_over(self) -> None:
        authority = self.detail.authority
        if self._desk is None or authority is None:
            return
        file = self.ask_file(self, f"{plain_stem(authority.name, 'ca')}-root.pem")
        if file is not None:
            future = self._desk.authority_desk.save_root(authority.id, file)
            self._bridge.when_done(future, self._take_root, self.show_error)

    def _take_root(self, file: Path) -> None:
        self._say(
            msg(
                "{file} is written: a trust list of one root. Compare its fingerprint with them another way.",
                file=file.name,
            )
        )

    def _save_chain(self, issued: IssuedCertificate) -> None:
        authority = self.detail.authority
        if self._desk is None or authority is None:
            return
        file = self.ask_file(self, f"{plain_stem(issued.certificate.title, 'ca')}.pem")
        if file is not None:
            future = self._desk.authority_desk.save_chain(authority.id, issued.certificate.sha256, file)
            self._bridge.when_done(
                future, lambda saved: self._say(msg("{file} is written.", file=saved.name)), self.show_error
            )

    def _ask_to_delete(self) -> None:
        authority = self.detail.authority
        if authority is None:
            return
        dialog = ConfirmDialog(
            self.window(),
            msg("Delete {name}?", name=authority.name),
            msg("The root stays trusted wherever it was handed over, until it is taken off there."),
            consequences(authority, self._now()),
            verb=msg("Delete it"),
        )
        dialog.agreed.connect(lambda: self._delete(authority))
        self._open(dialog)

    def _delete(self, authority: PrivateAuthority) -> None:
        if self._desk is None:
            return
        job = self._desk.authority_desk.delete(authority.id)
        words = msg("{name} is deleted, with its keys.", name=authority.name)
        self._bridge.when_done(job.future, lambda _nothing: self._done(words), self.show_error)

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda: setattr(self, "dialog", None))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _done(self, words: Message, *, reveal: int | None = None) -> None:
        self._say(words)
        self.reload(reveal)
        self.changed.emit()

    def _say(self, words: Message) -> None:
        self.error.hide()
        self.notice.say_done(say(words))

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(lambda index: self._show_row(index.row()))
        self.new_button.clicked.connect(self._new)
        self.empty.new_wanted.connect(self._new)
        self.detail.sign_wanted.connect(self._sign)
        self.detail.crl_wanted.connect(self._issue_crl)
        self.detail.root_wanted.connect(self._hand_over)
        self.detail.delete_wanted.connect(self._ask_to_delete)
        self.detail.chain_wanted.connect(self._save_chain)
        self.detail.revoke_wanted.connect(self._revoke)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.what, 1)
        head.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignTop)
        frame = Card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(14)
        body.addLayout(head)
        body.addWidget(self.error)
        body.addWidget(self.notice)
        body.addWidget(frame)
        body.addWidget(self.detail, 1)
        for part in (self._nothing, self._body, self.empty):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)


def consequences(authority: PrivateAuthority, now: datetime) -> tuple[Message, ...]:
    """Say what deleting a CA means."""
    running = sum(
        one.revoked_at is None and (one.certificate.not_after is None or one.certificate.not_after > now)
        for one in authority.issued
    )
    found = [msg("Its keys are deleted: it signs nothing more, not even a revocation list.")]
    if running:
        found.append(
            msg_n(
                "{count} certificate of it is still valid, and can never be revoked.",
                "{count} certificates of it are still valid, and can never be revoked.",
                running,
            )
        )
    return tuple(found)
