"""The part Partner policies: by what each partner's servers are judged, where not by the lists in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import listed, msg, msg_n
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.core.trust_version import ListSummary
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import iso_date
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import summary_title
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.filter_field import FilterField
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A partner with its policy; None where it is judged by the lists in force."""

    partner: str
    policy: PartnerPolicy | None


class PoliciesPage(QWidget):
    """All partners, those with a policy first.

    Signals:
        edit_wanted: the PolicyRow whose policy shall be written.
        clear_wanted: the PartnerPolicy that shall be taken away.
    """

    edit_wanted = Signal(object)
    clear_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._partners: tuple[str, ...] = ()
        self._is_outdated = False
        self._policies: dict[str, PartnerPolicy] = {}
        self._titles: dict[str, str] = {}
        explained = Text(
            say(
                msg(
                    "A partner without a policy is judged by the lists in force. A policy can name other"
                    " lists, only one CA, pinned keys, and private roots that hold for this partner alone."
                )
            ),
            ink="text2",
            wrap=True,
        )
        self.search = FilterField(name=say(msg("Search the partners")), hint=say(msg("Partner")))
        self.search.textChanged.connect(self._settle)
        self.table = _table(self._titles)
        self.table.opened.connect(lambda _place: self._edit())
        self.table.selectionModel().currentRowChanged.connect(lambda _index: self._check())
        self.edit_button = Button(say(msg("Edit policy …")), icon="edit")
        self.clear_button = Button(say(msg("Take the policy away …")), icon="remove")
        self.edit_button.clicked.connect(self._edit)
        self.clear_button.clicked.connect(self._clear)
        self._nothing = Text(ink="text2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.search, 1)
        head.addStretch(1)
        head.addWidget(self.edit_button)
        head.addWidget(self.clear_button)
        self._card = Card()
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(explained)
        layout.addLayout(head)
        layout.addWidget(self._nothing)
        layout.addWidget(self._card, 1)
        layout.addStretch(0)
        self._settle()

    @property
    def current(self) -> PolicyRow | None:
        """The partner in view; None for none."""
        place = self.table.currentIndex().row()
        return self.table.rows[place] if 0 <= place < len(self.table.rows) else None

    def show_partners(self, partners: Sequence[str]) -> None:
        """Show all partners that are known."""
        known = tuple(dict.fromkeys(partners))
        # Told with each filter of the partners too, which changes nothing here.
        if known != self._partners:
            self._partners = known
            self._settle_in_view()

    def show_policies(self, policies: Sequence[PartnerPolicy]) -> None:
        """Show the policies that there are."""
        self._policies = {one.partner: one for one in policies}
        self._settle_in_view()

    def show_lists(self, lists: Sequence[ListSummary]) -> None:
        """Call lists by their titles."""
        self._titles.clear()
        self._titles.update({one.name: summary_title(one) for one in lists})
        self._settle_in_view()

    def focus_main(self) -> None:
        """Move the keyboard to the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was told while the page was out of view."""
        super().showEvent(event)
        if self._is_outdated:
            self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a policy away with Delete."""
        if self.table.hasFocus() and event.key() == Qt.Key.Key_Delete:
            self._clear()
        else:
            super().keyPressEvent(event)

    def _settle_in_view(self) -> None:
        """Make the rows now, or when the page comes into view: ten thousand take some 20 ms."""
        self._is_outdated = True
        if self.isVisible():
            self._settle()

    def _settle(self) -> None:
        self._is_outdated = False
        before = self.current
        words = self.search.text().casefold().split()
        names = sorted({*self._partners, *self._policies}, key=str.casefold)
        shown = [name for name in names if all(word in name.casefold() for word in words)] if words else names
        rows = [PolicyRow(name, self._policies.get(name)) for name in shown]
        rows.sort(key=lambda row: row.policy is None)
        self.table.show_rows(tuple(rows))
        self._card.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._nothing.setText(
            say(msg("No partner passes this filter.") if names else msg("There is no partner yet."))
        )
        if rows:
            same = (place for place, row in enumerate(rows) if before and row.partner == before.partner)
            self.table.selectRow(next(same, 0))
        self._check()

    def _check(self) -> None:
        row = self.current
        self.edit_button.setEnabled(row is not None)
        self.clear_button.setEnabled(row is not None and row.policy is not None)

    def _edit(self) -> None:
        if self.current is not None:
            self.edit_wanted.emit(self.current)

    def _clear(self) -> None:
        row = self.current
        if row is not None and row.policy is not None:
            self.clear_wanted.emit(row.policy)


def policy_words(policy: PartnerPolicy | None, titles: Mapping[str, str] | None = None) -> str:
    """Return a policy in one line; a list without a title in `titles` is called by its name."""
    known = titles or {}
    if policy is None or policy.is_empty:
        return say(msg("the lists in force"))
    parts = [
        say(msg("list {names}", names=listed([known.get(one, visible(one)) for one in policy.lists])))
        if policy.lists
        else say(msg("the lists in force"))
    ]
    if policy.only_cas:
        parts.append(
            say(msg_n("only through {count} CA", "only through one of {count} CAs", len(policy.only_cas)))
        )
    if policy.pins:
        parts.append(say(msg_n("{count} pinned key", "{count} pinned keys", len(policy.pins))))
    if policy.private_roots:
        parts.append(say(msg_n("{count} private root", "{count} private roots", len(policy.private_roots))))
    return ", ".join(parts)


def _table(titles: Mapping[str, str]) -> RowTable[PolicyRow]:
    def judged_by(row: PolicyRow) -> RowCell:
        policy = row.policy
        if policy is not None and policy.sealed is False:
            words = msg(
                "{policy}; seal broken, what it grants counts for nothing",
                policy=policy_words(policy, titles),
            )
            return RowCell(say(words), "bad", "bad")
        if policy is not None and policy.sealed is None:
            words = msg("{policy}; seal not checked", policy=policy_words(policy, titles))
            return RowCell(say(words), "unknown", "unknown")
        return RowCell(policy_words(policy, titles), "text" if policy is not None else "text2")

    def who(row: PolicyRow) -> RowCell:
        policy = row.policy
        if policy is None or policy.at is None:
            return RowCell("", "text2")
        return RowCell(f"{visible(policy.by, 40)}, {iso_date(policy.at)}", "text2")

    columns: tuple[RowColumn[PolicyRow], ...] = (
        RowColumn(
            head=msg("Partner"),
            cell=lambda row: RowCell(visible(row.partner), icon="partners", icon_ink="text2",
                                     style=TypeStyle.ROW_TITLE),
        ),
        RowColumn(head=msg("Judged by"), cell=judged_by),
        RowColumn(
            head=msg("Why"),
            cell=lambda row: RowCell("" if row.policy is None else visible(row.policy.reason), "text2"),
            width=30,
            goes_first=1,
        ),
        RowColumn(head=msg("Who, when"), cell=who, width=26, goes_first=2),
    )  # fmt: skip
    return RowTable(
        columns,
        name=say(msg("Partner policies")),
        spoken=lambda row: f"{visible(row.partner)}: {policy_words(row.policy, titles)}",
        opens_on_click=False,
    )
