"""New CA: its name, its key, the names that it is limited to, and where its revocation list will lie."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import DraftField, FieldRemark
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyKind, KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message, msg
from trustdesk.core.private_ca import WHAT_IT_IS_NOT, AuthorityDraft, PrivateAuthority
from trustdesk.gui.authority.job_dialog import JobDialog
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit, set_invalid
from trustdesk.gui.requests.entry_field import EntryField
from trustdesk.gui.requests.name_rows import NameRows
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.remark_line import RemarkLine
from trustdesk.gui.requests.words import KEY_WORDS, STORE_WORDS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

_USABLE = frozenset({KeyStoreState.READY, KeyStoreState.LOCKED})
_DAYS = ((3650, 1825), (1825, 1095), (7305, 3650))


class NewAuthorityDialog(JobDialog):
    """One form; what is wrong stands at its field while one types.

    Signals:
        created: the PrivateAuthority.
    """

    created = Signal(object)

    def __init__(self, parent: QWidget, bridge: Bridge, desk: Desk) -> None:
        super().__init__(
            parent,
            bridge,
            msg("New private CA"),
            msg("A root that the group trusts, and an issuing CA below it that signs."),
            size=(700, 720),
        )
        self._desk = desk
        self._stores: tuple[KeyStoreStatus, ...] = ()
        self._limits: tuple[str, ...] = ()
        self.warning = Reason()
        self.warning.show_words(WHAT_IT_IS_NOT, is_warning=True)
        self.name = line_edit(say(msg("Name")), placeholder="Halden Group")
        self.name_remark = RemarkLine()
        self.key = Combo(name=say(msg("Key")))
        for kind in KeyKind:
            self.key.addItem(say(KEY_WORDS[kind]), kind)
        self.store = Combo(name=say(msg("Keys live in")))
        for place in KeyStoreKind:
            self.store.addItem(say(STORE_WORDS[place]), place)
        self.days = Combo(name=say(msg("Valid for")))
        for root, issuing in _DAYS:
            words = msg("root {root}, issuing CA {issuing} years", root=root // 365, issuing=issuing // 365)
            self.days.addItem(say(words), (root, issuing))
        self.limits = NameRows(name=say(msg("Limits on names")), note=lambda _place: None, is_ordered=False)
        self.limit_entry = EntryField(
            name=say(msg("Limit to add")), hint="DNS:partner.example", judge=self._judge_limit
        )
        self.no_limit = Reason()
        self.crl_url = line_edit(
            say(msg("Address of its CRL")), placeholder="http://crl.example.com/group.crl"
        )
        self.crl_remark = RemarkLine()
        self.store_problem = Reason()
        self.create_button = self.add_button(
            Button(say(msg("Make the CA")), icon="add", kind=ButtonKind.PRIMARY)
        )
        self.create_button.setDefault(True)
        self._build()
        self._connect()
        self._show()
        bridge.when_done(desk.identity_desk.key_stores(), self._take_stores, lambda _error: None)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def draft(self) -> AuthorityDraft:
        """What the form says."""
        root, issuing = self.days.currentData()
        return AuthorityDraft(
            name=self.name.text().strip(),
            key=KeyKind(self.key.currentData()),
            permitted_names=self._limits,
            crl_url=self.crl_url.text().strip() or None,
            root_days=root,
            issuing_days=issuing,
            store=KeyStoreKind(self.store.currentData()),
        )

    def show_progress_over(self) -> None:
        """Let the button be pressed again."""
        self._show()

    def _create(self) -> None:
        if self.limit_entry.text:
            self.limit_entry.ask()
            return
        draft = self.draft
        job = self._desk.authority_desk.create(draft)
        self.run(job, msg("Making two keys. If the store is locked, it waits for you."), self._take)
        self.create_button.setEnabled(False)

    def _take(self, authority: PrivateAuthority) -> None:
        self.created.emit(authority)
        if not self.is_gone:
            self.accept()

    def _show(self) -> None:
        name, url = self.name.text().strip(), self.crl_url.text().strip()
        name_problem = _problem(AuthorityDraft(name=name)) if name else None
        url_problem = _problem(AuthorityDraft(name="-", crl_url=url)) if url else None
        _say(self.name, self.name_remark, name_problem)
        _say(self.crl_url, self.crl_remark, url_problem)
        self.limits.show_names(self._limits, ())
        self.limits.setVisible(bool(self._limits))
        self.no_limit.show_words(
            None
            if self._limits
            else msg("Without a limit it can certify any name for whoever trusts its root."),
        )
        usable = self._show_store()
        sound = bool(name) and name_problem is None and url_problem is None and usable
        self.create_button.setEnabled(sound and not self.is_running)

    def _show_store(self) -> bool:
        kind = self.store.currentData()
        status = next((one for one in self._stores if one.kind == kind), None)
        if status is None or status.state is KeyStoreState.READY:
            self.store_problem.show_words(None)
            return status is not None
        self.store_problem.show_words(status.problem, status.remedy, is_warning=True)
        return status.state in _USABLE

    def _take_stores(self, stores: Sequence[KeyStoreStatus]) -> None:
        if not self.is_gone:
            self._stores = tuple(stores)
            self._show()

    def _judge_limit(self, text: str) -> FieldRemark | None:
        problem = _problem(AuthorityDraft(name="-", permitted_names=(text,)))
        if problem is None:
            return None
        words, correction = problem, _corrected(text)
        return FieldRemark(
            field=DraftField.SUBJECT_ALT_NAMES,
            text=words,
            is_obstacle=True,
            correction=correction,
            offer=None if correction is None else msg("Use {text} instead", text=correction),
        )

    def _add_limit(self, text: str) -> None:
        self._limits = tuple(dict.fromkeys((*self._limits, text)))
        self._show()

    def _remove_limit(self, place: int) -> None:
        self._limits = (*self._limits[:place], *self._limits[place + 1 :])
        self._show()
        self.limit_entry.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit_limit(self, place: int) -> None:
        text = self._limits[place]
        self._remove_limit(place)
        self.limit_entry.write(text)

    def _connect(self) -> None:
        self.name.textChanged.connect(lambda _text: self._show())
        self.crl_url.textChanged.connect(lambda _text: self._show())
        self.store.currentIndexChanged.connect(lambda _place: self._show())
        self.limit_entry.added.connect(self._add_limit)
        self.limits.remove_wanted.connect(self._remove_limit)
        self.limits.edit_wanted.connect(self._edit_limit)
        self.create_button.clicked.connect(self._create)

    def _build(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(14)
        for label, control, share in (
            (msg("Key"), self.key, 2),
            (msg("Keys live in"), self.store, 2),
            (msg("Valid for"), self.days, 3),
        ):
            fields.addWidget(FieldCell(say(label), control), share)
        area = ScrolledColumn(name=say(msg("New private CA")))
        layout = area.column
        layout.setSpacing(8)
        layout.addWidget(self.warning)
        layout.addWidget(FieldCell(say(msg("Name")), self.name))
        layout.addWidget(self.name_remark)
        layout.addLayout(fields)
        layout.addWidget(self.store_problem)
        layout.addSpacing(4)
        layout.addWidget(Text(say(msg("Limited to these names")), TypeStyle.ROW_TITLE_BAD))
        layout.addWidget(
            Text(
                say(
                    msg("DNS:partner.example is a host with all below it; URI:.partner.example all below it.")
                ),
                TypeStyle.SECOND_LINE,
                "text2",
                wrap=True,
            )
        )
        layout.addWidget(self.limits)
        layout.addWidget(self.limit_entry)
        layout.addWidget(self.no_limit)
        layout.addSpacing(4)
        layout.addWidget(FieldCell(say(msg("Address of its CRL")), self.crl_url))
        layout.addWidget(self.crl_remark)
        layout.addWidget(
            Text(
                say(msg("It is written into every certificate. You put the list there yourself, each week.")),
                TypeStyle.SECOND_LINE,
                "text2",
                wrap=True,
            )
        )
        layout.addStretch(1)
        form = QVBoxLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addWidget(area)


def _problem(draft: AuthorityDraft) -> Message | None:
    """Return what keeps a CA from being made; None when nothing does."""
    from trustdesk.services.authority_making import checked

    try:
        checked(draft)
    except UnusableInputError as error:
        return msg("{problem} {remedy}", problem=error.problem, remedy=error.remedy)
    return None


def _corrected(text: str) -> str | None:
    """Return the limit that was probably meant; None where nobody can tell."""
    host = text.rpartition("://")[2].partition("/")[0].rpartition(":")[2].removeprefix("*").lower()
    host = host.removeprefix(".")
    corrected = f"URI:.{host}" if text.startswith("URI:") else f"DNS:{host}"
    if corrected == text or _problem(AuthorityDraft(name="-", permitted_names=(corrected,))) is not None:
        return None
    return corrected


def _say(field: QLineEdit, remark: RemarkLine, problem: Message | None) -> None:
    remark.setVisible(problem is not None)
    if problem is not None:
        remark.show_words(problem, is_bad=True)
    set_invalid(field, problem is not None)
