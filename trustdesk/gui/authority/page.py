"""The tab Private CA: a small CA for closed groups, its certificates, and its revocation lists."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

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
from trustdesk.gui.requests.rows_page import RowsPage
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class AuthorityPage(RowsPage[PrivateAuthority]):
    """What it is and is not, the CAs, and the one in view.

    Signals:
        match_wanted: file with a chain, to be matched with the case that it answers.
    """

    match_wanted = Signal(object)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(bridge, parent, now=now)
        self.dialog: QDialog | None = None
        self.what = Reason()
        self.what.show_words(WHAT_IT_IS_NOT)
        self.new_button = Button(say(msg("New private CA …")), icon="add")
        self.table = authority_table(self.now)
        self.detail = AuthorityDetail(self.now)
        self.empty = NoAuthorities()
        self._build()
        self._connect()

    @property
    def authorities(self) -> tuple[PrivateAuthority, ...]:
        """The CAs as shown."""
        return self.table.rows

    def ask_rows(self, desk: Desk) -> Future[tuple[PrivateAuthority, ...]]:
        """Have the CAs read."""
        return desk.authority_desk.authorities()

    def show_row(self, row: PrivateAuthority) -> None:
        """Show a CA below the table."""
        self.detail.show_authority(row)

    def _new(self) -> None:
        from trustdesk.gui.authority.new_dialog import NewAuthorityDialog

        if self._desk is not None:
            dialog = NewAuthorityDialog(self.window(), self._bridge, self._desk)
            dialog.created.connect(self._take_created)
            self._open(dialog)

    def _take_created(self, authority: PrivateAuthority) -> None:
        self.done(
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
        self.done(msg("{name} is signed.", name=issued.certificate.title))

    def _issue_crl(self) -> None:
        from trustdesk.gui.authority.revoke_dialog import IssueCrlDialog

        authority = self.detail.authority
        if self._desk is not None and authority is not None:
            dialog = IssueCrlDialog(self.window(), self._bridge, self._desk, authority, self.now())
            dialog.issued.connect(
                lambda _crl: self.done(msg("The CRL of {name} is issued.", name=authority.name))
            )
            self._open(dialog)

    def _revoke(self, issued: IssuedCertificate) -> None:
        from trustdesk.gui.authority.revoke_dialog import RevokeDialog

        authority = self.detail.authority
        if self._desk is not None and authority is not None:
            dialog = RevokeDialog(self.window(), self._bridge, self._desk, authority, issued)
            words = msg("{name} is revoked.", name=issued.certificate.title)
            dialog.issued.connect(lambda _crl: self.done(words))
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
        self.say_done(
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
            self.await_written(future)

    def _ask_to_delete(self) -> None:
        authority = self.detail.authority
        if authority is None:
            return
        dialog = ConfirmDialog(
            self.window(),
            msg("Delete {name}?", name=authority.name),
            msg("The root stays trusted wherever it was handed over, until it is taken off there."),
            consequences(authority, self.now()),
            verb=msg("Delete it"),
        )
        dialog.agreed.connect(lambda: self._delete(authority))
        self._open(dialog)

    def _delete(self, authority: PrivateAuthority) -> None:
        if self._desk is None:
            return
        job = self._desk.authority_desk.delete(authority.id)
        words = msg("{name} is deleted, with its keys.", name=authority.name)
        self._bridge.when_done(job.future, lambda _nothing: self.done(words), self.show_error)

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda: setattr(self, "dialog", None))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _connect(self) -> None:
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
        self.lay_out(head, self.table, self.detail, self.empty, least=1, most=4)


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
