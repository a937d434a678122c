"""Identity providers: whose tokens are accepted, what their servers publish, and what stands in a token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.identity_provider import IdentityProvider, ProviderCheck, ProviderList
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.identities.job_line import JobLine
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.requests.confirm_dialog import ConfirmDialog
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.provider_detail import ProviderDetail
from trustdesk.gui.trust.provider_import import ProviderImportDialog
from trustdesk.gui.trust.token_dialog import TokenDialog
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.provider_desk import ProviderDesk
from trustdesk.services.trust_words import AUTHENTICITY_STATES, AUTHENTICITY_WORDS

T = TypeVar("T")

_NARROW = 860
_INKS = {State.GOOD: "good", State.WARNING: "warning", State.BAD: "bad"}
_ICONS = {State.GOOD: "good", State.WARNING: "warning", State.BAD: "bad"}


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One provider with the list that names it."""

    provider: IdentityProvider
    of: ProviderList


class ProvidersTab(QWidget):
    """A table of providers, and the one in view beside it.

    Attributes:
        identities: names of our certificates that a token may be bound to.

    Signals:
        kept: a list, or keys, were kept or taken away: the trust log has more lines.
    """

    kept = Signal()

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge, self._now = bridge, now
        self._desk: ProviderDesk | None = None
        self._asked: Future[tuple[ProviderList, ...]] | None = None
        self.identities: Callable[[], Sequence[str]] = tuple
        self.checks: dict[str, ProviderCheck] = {}
        self.import_button = Button(say(msg("Import …")), icon="import")
        self.token_button = Button(say(msg("Inspect a token …")), icon="search")
        self.table: RowTable[ProviderRow] = _table()
        self.detail = ProviderDetail(now)
        self.job_line = JobLine(bridge)
        self.error = VerdictBanner()
        self.error.hide()
        self.notice = DoneNotice()
        self.first_import = Button(say(msg("Import a list …")), icon="import", kind=ButtonKind.PRIMARY)
        self._body = QStackedWidget()
        self._build()
        self.import_button.clicked.connect(self.import_list)
        self.first_import.clicked.connect(self.import_list)
        self.token_button.clicked.connect(self.inspect_token)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.detail.check_button.clicked.connect(self._check)
        self.detail.keep_button.clicked.connect(self._keep_keys)
        self.detail.remove_button.clicked.connect(self.ask_removal)
        self.job_line.changed.connect(self._show_buttons)
        self._show_buttons()

    @property
    def current(self) -> ProviderRow | None:
        """The provider in view."""
        place = self.table.currentIndex().row()
        return self.table.rows[place] if 0 <= place < len(self.table.rows) else None

    def set_desk(self, desk: ProviderDesk) -> None:
        """Work with a desk, and show its lists."""
        if desk is self._desk:
            return
        self._desk = desk
        self._show_buttons()
        self.reload()

    def reload(self) -> None:
        """Read the lists again."""
        if self._desk is None:
            return
        asked = self._asked = self._desk.provider_lists()
        self._bridge.when_done(asked, partial(self._take, asked), self._fail)

    def import_list(self) -> ProviderImportDialog | None:
        """Open the dialog that imports a list."""
        if self._desk is None:
            return None
        dialog = ProviderImportDialog(self, self._bridge, self._desk)
        dialog.kept.connect(self._imported)
        dialog.open()
        return dialog

    def inspect_token(self) -> TokenDialog | None:
        """Open the dialog that a token is pasted into."""
        if self._desk is None:
            return None
        dialog = TokenDialog(self, self._bridge, self._desk, identities=self.identities())
        dialog.open()
        return dialog

    def focus_main(self) -> None:
        """Move the keyboard to where a person goes on."""
        target = self.table if self.table.rows else self.first_import
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the provider in view below the table where there is little room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._columns.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )

    def _take(self, asked: Future[tuple[ProviderList, ...]], lists: tuple[ProviderList, ...]) -> None:
        if asked is not self._asked:
            return
        before = self.current
        rows = tuple(ProviderRow(provider, one) for one in lists for provider in one.providers)
        self.table.show_rows(rows)
        self._body.setCurrentIndex(0 if rows else 1)
        places = [
            place
            for place, row in enumerate(rows)
            if before is not None
            and (row.provider.issuer, row.of.name) == (before.provider.issuer, before.of.name)
        ]
        if rows:
            self.table.selectRow(places[0] if places else 0)
        self._show_current()

    def _show_current(self) -> None:
        row = self.current
        if row is not None:
            self.detail.show_provider(row.provider, row.of, self.checks.get(row.provider.issuer))
        self._show_buttons()

    def _check(self) -> None:
        row = self.current
        if row is None or self._desk is None:
            return
        self.error.hide()
        try:
            job = self._desk.check_provider(row.provider.issuer)
        except TrustdeskError as error:
            self._fail(error)
            return
        words = msg("{issuer} is being asked …", issuer=row.provider.issuer)
        self.job_line.run(job, words, self._checked, self._fail)

    def _checked(self, check: ProviderCheck) -> None:
        self.checks[check.issuer] = check
        self._show_current()

    def _keep_keys(self) -> None:
        row = self.current
        check = None if row is None else self.checks.get(row.provider.issuer)
        if check is None or self._desk is None:
            return
        self._change(
            lambda desk: desk.keep_keys(check, ""),
            msg("The keys are being kept …"),
            msg("Its keys are kept."),
        )

    def ask_removal(self) -> ConfirmDialog | None:
        """Ask before the list of the provider in view goes."""
        row = self.current
        if row is None:
            return None
        name = row.of.name
        dialog = ConfirmDialog(
            self,
            msg("Remove {name}?", name=name),
            msg("The trust log keeps what was; the list itself has to be imported again."),
            (
                msg_n(
                    "Tokens of its provider are judged as those of nobody known from then on.",
                    "Tokens of its {count} providers are judged as those of nobody known from then on.",
                    len(row.of.providers),
                ),
            ),
            verb=msg("Remove it"),
        )
        dialog.agreed.connect(lambda: self._remove(name))
        dialog.open()
        return dialog

    def _remove(self, name: str) -> None:
        self._change(
            lambda desk: desk.remove_providers(name, ""),
            msg("The list is being removed …"),
            msg("{name} was removed.", name=name),
        )

    def _change(self, begin: Callable[[ProviderDesk], Job[T]], words: Message, done: Message) -> None:
        if self._desk is None:
            return
        self.error.hide()

        def ended(_result: T) -> None:
            self.notice.say_done(say(done))
            self.kept.emit()
            self.reload()

        self.job_line.run(begin(self._desk), words, ended, self._fail)

    def _imported(self, providers: ProviderList) -> None:
        self.notice.say_done(say(msg("Kept as {name}.", name=providers.name)))
        self.kept.emit()
        self.reload()

    def _fail(self, error: TrustdeskError) -> None:
        self.error.show_error(error)
        self.error.show()

    def _show_buttons(self) -> None:
        is_free = self._desk is not None and not self.job_line.is_running
        for button in (self.import_button, self.token_button, self.first_import):
            button.setEnabled(self._desk is not None)
        row = self.current
        check = None if row is None else self.checks.get(row.provider.issuer)
        self.detail.check_button.setEnabled(is_free and row is not None)
        self.detail.remove_button.setEnabled(is_free and row is not None)
        self.detail.keep_button.setVisible(check is not None and bool(check.keys))
        self.detail.keep_button.setEnabled(
            is_free and row is not None and check is not None and check.keys != row.provider.keys
        )

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(say(msg("Identity providers")), TypeStyle.SUBJECT_TITLE), 1)
        head.addWidget(self.token_button)
        head.addWidget(self.import_button)
        listed = Card()
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table)
        filled = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, filled)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(14)
        self._columns.addWidget(listed, 2)
        self._columns.addWidget(self.detail, 3)
        self._body.addWidget(filled)
        self._body.addWidget(self._empty())
        # Nothing yet: neither "there is none" nor an empty table, until the lists have come.
        self._body.addWidget(QWidget())
        self._body.setCurrentIndex(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self.error)
        layout.addWidget(self.notice)
        layout.addWidget(self.job_line)
        layout.addWidget(self._body, 1)

    def _empty(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setSpacing(12)
        column.addStretch(1)
        words = msg(
            "No identity provider is known here. Tokens are accepted only from providers on a list; IATA"
            " publishes none that could be shipped, so that a list comes from your organisation or partner."
        )
        text = Text(say(words), ink="text2", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(text)
        column.addWidget(self.first_import, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return empty


def _table() -> RowTable[ProviderRow]:
    def name(row: ProviderRow) -> RowCell:
        return RowCell(visible(row.provider.name or row.provider.issuer), style=TypeStyle.ROW_TITLE)

    def signed(row: ProviderRow) -> RowCell:
        state = AUTHENTICITY_STATES[row.of.authenticity.state]
        words = say(AUTHENTICITY_WORDS[row.of.authenticity.state])
        return RowCell(words, _INKS.get(state, "text2"), _ICONS.get(state, "unknown"))

    def spoken(row: ProviderRow) -> str:
        return f"{name(row).word}, {visible(row.of.name)}, {signed(row).word}"

    return RowTable(
        (
            RowColumn(head=msg("Provider"), cell=name),
            RowColumn(
                head=msg("List"), cell=lambda row: RowCell(visible(row.of.name)), width=18, goes_first=2
            ),
            RowColumn(head=msg("Signature"), cell=signed, width=22, goes_first=1),
        ),
        name=say(msg("Identity providers")),
        spoken=spoken,
    )
