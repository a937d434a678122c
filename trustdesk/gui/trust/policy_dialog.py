"""Write one partner's policy: lists, only these CAs, pinned keys, and private roots from files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import ListSummary
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.digest_list import DigestList
from trustdesk.gui.trust.policies_page import PolicyRow
from trustdesk.gui.trust.words import entry_title, summary_title
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

ReadRoots = Callable[[Path], Future[tuple[CertificateFacts, ...]]]


class PolicyDialog(PlainDialog):
    """Four ways of narrowing and widening, and why.

    Signals:
        written: the PartnerPolicy and the reason; the dialog closes.
    """

    written = Signal(object, str)

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        row: PolicyRow,
        lists: Sequence[ListSummary],
        read_roots: ReadRoots | None,
        *,
        entries: Sequence[ListEntry] = (),
    ) -> None:
        """Make it.

        Args:
            lists: that can be chosen.
            read_roots: reads the certificates of a file; None where nobody can.
            entries: of the list in view, to choose CAs from, and for their names.
        """
        super().__init__(
            parent,
            msg("Policy of {partner}", partner=row.partner),
            msg("It holds for this partner's servers, and for nobody else's. Everything empty is no policy."),
            size=(680, 720),
        )
        self._bridge, self._read_roots = bridge, read_roots
        self._before = row.policy or PartnerPolicy(partner=row.partner)
        self.ask_file: Callable[[], str] = self._ask_file
        self.boxes: dict[str, TickBox] = {}
        choice = QWidget()
        flow = Flow(choice, gap=14)
        for one in lists:
            words = summary_title(one)
            box = TickBox(words, name=say(msg("Judge by: {list}", list=words)))
            box.setChecked(one.name in self._before.lists)
            box.toggled.connect(self._check)
            self.boxes[one.name] = box
            flow.addWidget(box)
        self._entries = tuple(entries)
        names = {one.sha256: entry_title(one) for one in self._entries}
        self.only = DigestList(msg("SHA-256 of a CA certificate"), ())
        for digest in self._before.only_cas:
            self.only.add(digest, names.get(digest, ""))
        self.choose_button = Button(say(msg("Choose from the list in view …")), icon="trust-lists")
        self.choose_button.setAutoDefault(False)
        self.choose_button.setEnabled(bool(self._entries))
        self.choose_button.clicked.connect(self._choose_ca)
        chooser = QWidget()
        beside = QHBoxLayout(chooser)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.choose_button)
        beside.addStretch(1)
        self.pins = DigestList(msg("SHA-256 of a public key (SPKI)"), self._before.pins)
        self.roots = DigestList(None, ())
        for root in self._before.private_roots:
            self.roots.add(root.sha256, visible(root.title))
        self._roots = {root.sha256: root for root in self._before.private_roots}
        self.root_button = Button(say(msg("Add from a file …")), icon="add")
        self.root_button.setAutoDefault(False)
        self.root_button.setEnabled(read_roots is not None)
        self.root_button.clicked.connect(self._add_root)
        self.warning = Reason()
        self.comment = line_edit(say(msg("Why")), placeholder=say(msg("It is written into the trust log")))
        self.comment.setLayoutDirection(self.layoutDirection())
        self.comment.setMaxLength(500)
        scroll = ScrolledColumn(name=say(msg("Policy")))
        scroll.column.setSpacing(8)
        for part in (
            _heading(msg("Lists in place of those in force")),
            choice,
            _heading(msg("Only through one of these CAs")),
            self.only,
            chooser,
            _heading(msg("Pinned keys: one of them has to be in the path")),
            self.pins,
            _heading(msg("Private roots, for this partner alone")),
            self.roots,
        ):
            scroll.column.addWidget(part)
        row_of_button = QHBoxLayout()
        row_of_button.addWidget(self.root_button)
        row_of_button.addStretch(1)
        scroll.column.addLayout(row_of_button)
        scroll.column.addWidget(self.warning)
        scroll.column.addStretch(1)
        self.content.addWidget(scroll, 1)
        self.content.addWidget(FieldCell(say(msg("Why")), self.comment))
        self.write_button = self.add_button(Button(say(msg("Write it")), kind=ButtonKind.PRIMARY))
        self.close_button.show_as(say(msg("Cancel")), key=say(msg("Esc")))
        self.write_button.clicked.connect(self._write)
        self.comment.textChanged.connect(self._check)
        for digests in (self.only, self.pins, self.roots):
            digests.changed.connect(self._check)
        self._check()
        self.comment.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def policy(self) -> PartnerPolicy:
        """What is written here now."""
        return replace(
            self._before,
            lists=tuple(name for name, box in self.boxes.items() if box.isChecked()),
            only_cas=self.only.digests,
            pins=self.pins.digests,
            private_roots=tuple(self._roots[one] for one in self.roots.digests if one in self._roots),
        )

    def _check(self) -> None:
        policy = self.policy
        same = all(
            getattr(policy, field) == getattr(self._before, field)
            for field in ("lists", "only_cas", "pins", "private_roots")
        )
        self.write_button.setEnabled(not same and bool(self.comment.text().strip()))
        self.warning.show_words(
            msg("Nothing is left of the policy: the partner is judged by the lists in force again.")
            if policy.is_empty and not self._before.is_empty
            else None,
            msg("Who has the key of a private root can stand in for this partner: take it from them alone.")
            if policy.private_roots
            else None,
            is_warning=True,
        )

    def _write(self) -> None:
        self.written.emit(self.policy, self.comment.text().strip())
        self.accept()

    def _choose_ca(self) -> None:
        from trustdesk.gui.trust.try_dialogs import EntryDialog

        self.chooser = EntryDialog(
            self,
            self._entries,
            title=msg("Only through which CA?"),
            explanation=msg(
                "Every path of this partner has to pass through it, or through another one named."
            ),
            verb=msg("Choose it"),
        )
        self.chooser.chosen.connect(lambda entry: self.only.add(entry.sha256, entry_title(entry)))
        self.chooser.show()

    def _add_root(self) -> None:
        name = self.ask_file()
        if name and self._read_roots is not None:
            self._bridge.when_done(
                self._read_roots(Path(name)), self._take_roots, self.show_error, owner=self
            )

    def _take_roots(self, roots: tuple[CertificateFacts, ...]) -> None:
        if self.is_gone:
            return
        self.error.hide()
        found = [one for one in roots if one.is_ca]
        for one in found:
            self._roots[one.sha256] = one
            self.roots.add(one.sha256, visible(one.title))
        if not found:
            self.warning.show_words(msg("There is no CA certificate in this file."), is_warning=True)

    def _ask_file(self) -> str:
        return QFileDialog.getOpenFileName(self, say(msg("Certificate of a private root")))[0]


def _heading(words: Message) -> Text:
    return Text(say(words), TypeStyle.ROW_TITLE_BAD, wrap=True)
