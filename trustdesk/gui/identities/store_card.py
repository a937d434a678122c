"""One key store: how it stands, what keeps it from being used, what to do, and the means to do it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, WrongPasswordError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.problem_line import ProblemLine
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.identities.secret_field import SecretField
from trustdesk.gui.identities.store_words import short_words, store_look, store_name
from trustdesk.gui.identities.vault_form import VaultForm
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

_ICON = 16


class StoreCard(Card):
    """A store with its state and its one action.

    Signals:
        touched: it was unlocked, made or locked.
    """

    touched = Signal()

    def __init__(
        self, bridge: Bridge, desk: IdentityDesk, kind: KeyStoreKind, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._desk, self._kind = bridge, desk, kind
        self._status: KeyStoreStatus | None = None
        self._is_given_up = False
        self._icon = QLabel()
        self._title = Text(style=TypeStyle.ROW_TITLE_BAD, wrap=True)
        self._state = Text(ink="text2")
        self._problem = Text(ink="text2", wrap=True)
        self.passphrase = SecretField(say(msg("Passphrase of the vault")))
        self.passphrase.submitted.connect(self._unlock)
        self.wrong = ProblemLine()
        self.form = VaultForm()
        self.form.made.connect(self._make)
        self.unlock_button = Button(say(msg("Unlock")), icon="unlock", name=say(msg("Unlock the store")))
        self.lock_button = Button(say(msg("Lock the vault")), icon="lock")
        self.make_button = Button(say(msg("Make a vault …")), icon="add")
        self.job = JobLine(bridge)
        for button, call in (
            (self.unlock_button, self._unlock),
            (self.lock_button, self._lock),
            (self.make_button, self._open_form),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(call)
        self._build()
        current_theme().changed.connect(self._draw)

    @property
    def words(self) -> str:
        """Title, state, problem and remedy."""
        return " ".join(part for part in (self._state.text(), self._problem.text()) if part)

    def show_status(self, status: KeyStoreStatus) -> None:
        """Show how the store stands now."""
        changed = self._status is None or self._status.state is not status.state
        self._status = status
        self._title.setText(say(store_name(status)))
        self._state.setText(say(short_words(status)))
        parts = [say(part) for part in (status.problem, status.remedy) if part is not None]
        self._problem.setText(" ".join(parts))
        self._problem.setVisible(bool(parts))
        locked = status.state is KeyStoreState.LOCKED
        vault = self._kind is KeyStoreKind.VAULT
        self.unlock_button.setVisible(locked)
        self.passphrase.setVisible(locked and vault)
        self.lock_button.setVisible(vault and status.state is KeyStoreState.READY)
        self.make_button.setVisible(status.state is KeyStoreState.ABSENT and self.form.isHidden())
        if changed:
            self.wrong.hide()
            if status.state is not KeyStoreState.ABSENT:
                self.form.hide()
        self.setAccessibleName(f"{self._title.text()}: {self.words}")
        self._draw()

    def give_up(self) -> None:
        """Wait for nothing any more, and let go of what was typed."""
        self._is_given_up = True
        self.job.give_up()
        self.passphrase.forget()
        self.form.forget()

    def _unlock(self) -> None:
        if self.job.is_running:
            return
        vault = self._kind is KeyStoreKind.VAULT
        passphrase = self.passphrase.text if vault else None
        self.wrong.hide()
        words = msg("Opening the vault …") if vault else msg("Waiting for the keyring to be unlocked …")
        self.job.run(self._desk.unlock(self._kind, passphrase), words, self._done, self._fail)

    def _make(self, passphrase: str) -> None:
        self.wrong.hide()
        self.job.run(self._desk.make_vault(passphrase), msg("Making the vault …"), self._done, self._fail)

    def _lock(self) -> None:
        self._bridge.when_done(self._desk.lock_vault(), self._done, self._fail)

    def _open_form(self) -> None:
        self.form.show()
        self.make_button.hide()
        self.form.focus_first()

    def _done(self, status: KeyStoreStatus) -> None:
        if self._is_given_up:
            return
        self.passphrase.forget()
        self.show_status(status)
        self.touched.emit()

    def _fail(self, error: TrustdeskError) -> None:
        if self._is_given_up or isinstance(error, CancelledByPersonError):
            return
        self.wrong.show_problem(say(error.problem), say(error.remedy))
        self.wrong.show()
        if isinstance(error, WrongPasswordError):
            self.passphrase.show_wrong()
        self.touched.emit()

    def _draw(self) -> None:
        if self._status is not None:
            look = store_look(self._status)
            color = str(getattr(current_theme().tokens, look.ink))
            self._icon.setPixmap(pixmap(look.icon, color, _ICON, self.devicePixelRatioF()))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.passphrase, 1)
        for button in (self.unlock_button, self.lock_button, self.make_button):
            line.addWidget(button)
        line.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._problem)
        layout.addWidget(self.form)
        layout.addLayout(line)
        layout.addWidget(self.wrong)
        layout.addWidget(self.job)
        self.form.hide()
        self.wrong.hide()
