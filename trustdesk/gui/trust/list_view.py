"""The list in view: its head, and the tabs Entries, Compare and impact, Lint, Decisions and Source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_impact import AffectedChain
from trustdesk.core.trust_version import ListSummary, ListVersion
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.trust.actions import TrustActions
from trustdesk.gui.trust.compare_pane import ComparePane
from trustdesk.gui.trust.decisions_pane import DecisionsPane
from trustdesk.gui.trust.entries_pane import EntriesPane
from trustdesk.gui.trust.entry_arrange import EntryRow
from trustdesk.gui.trust.heading import ListHeading
from trustdesk.gui.trust.lint_pane import LintPane
from trustdesk.gui.trust.source_pane import SourcePane
from trustdesk.gui.trust.words import is_unproved_iata
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.words import say
from trustdesk.services.trust_desk import TrustDesk

_TIGHT = 720
ENTRIES, COMPARE, LINT, DECISIONS, SOURCE = range(5)

UNPROVED = msg(
    "It calls itself IATA's, and nothing proves it (LST-10). It becomes IATA's list only with a signer that"
    " a person has compared and pinned as IATA's."
)


class ListView(QWidget):
    """One list.

    Signals:
        certificate_wanted: the CertificateFacts to show in the Inspector.
        partner_wanted, identity_wanted: a name to show.
    """

    certificate_wanted = Signal(object)
    partner_wanted = Signal(str)
    identity_wanted = Signal(str)

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._now = bridge, now
        self._desk: TrustDesk | None = None
        self._serial = 0
        self._is_due = False
        self._decisions: Mapping[str, LocalDecision] = {}
        self.summary: ListSummary | None = None
        self.version: ListVersion | None = None
        self.heading = ListHeading()
        self.unproved = Reason()
        self.unproved.hide()
        self.error = VerdictBanner()
        self.error.hide()
        self.tabs = Tabs(name=say(msg("Parts of the list")))
        self.entries = EntriesPane(now)
        self.compare = ComparePane(bridge, now)
        self.lint = LintPane()
        self.decisions = DecisionsPane(bridge, now)
        self.source = SourcePane(now)
        self._stack = QStackedWidget()
        for words, part in (
            (msg("Entries"), self.entries),
            (msg("Compare and impact"), self.compare),
            (msg("Lint"), self.lint),
            (msg("Decisions"), self.decisions),
            (msg("Source"), self.source),
        ):
            self.tabs.addTab(say(words))
            self._stack.addWidget(part)
        self.tabs.currentChanged.connect(self._turn)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.heading)
        layout.addWidget(self.unproved)
        layout.addWidget(self.error)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)

    def set_desk(self, desk: TrustDesk) -> None:
        """Ask a desk."""
        self._desk = desk
        self.compare.set_desk(desk)
        self.decisions.set_desk(desk)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where there is little room."""
        super().resizeEvent(event)
        self.heading.set_tight(self.width() < _TIGHT)

    def show_tab(self, tab: int) -> None:
        """Bring a tab into view."""
        self.tabs.setCurrentIndex(tab)

    def show_list(self, summary: ListSummary, decisions: Mapping[str, LocalDecision]) -> None:
        """Show a list by its applied version, or by the one that waits where none is applied."""
        is_other = self.summary is None or self.summary.name != summary.name
        self.summary, self._decisions = summary, decisions
        self._serial += 1
        # Nothing of a list is read, and nobody judged by it, while no one looks.
        self._is_due = not self.isVisible()
        if is_other:
            self.version = None
            self.entries.show_entries((), {})
            self.lint.clear()
            self.source.show_version(summary, None)
        self.heading.show_list(summary, None if is_other else self.version)
        self.compare.show_list(summary)
        if not self._is_due:
            self._read(summary)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list that became due while nobody looked."""
        super().showEvent(event)
        if self._is_due and self.summary is not None:
            self._is_due = False
            self._read(self.summary)

    def _read(self, summary: ListSummary) -> None:
        line = summary.applied or summary.waiting or (summary.versions[-1] if summary.versions else None)
        if self._desk is None or line is None:
            return
        take = partial(self._take, self._serial)
        self._bridge.when_done(
            self._desk.version(summary.name, line.number), take, partial(self._fail, self._serial), owner=self
        )
        self._bridge.when_done(
            self._desk.lint(summary.name, line.number),
            partial(self._take_lint, self._serial),
            partial(self._fail, self._serial),
            owner=self,
        )
        self.decisions.refresh()

    def show_decisions(self, decisions: Mapping[str, LocalDecision]) -> None:
        """Show what was decided here."""
        self._decisions = decisions
        self.decisions.show_decisions(tuple(decisions.values()))
        self.tabs.set_count(DECISIONS, len(decisions) or None)
        if self.version is not None:
            self.entries.show_entries(self.version.content.entries, decisions)

    def join(self, actions: TrustActions) -> None:
        """Have what is pressed here done."""
        head, detail, compare = self.heading, self.entries.detail, self.compare
        head.export_pressed.connect(lambda: self._with_version(actions.export))
        head.fetch_pressed.connect(lambda: self._with_list(actions.fetch))
        head.force_pressed.connect(lambda: self._with_list(actions.turn_force))
        head.undo_pressed.connect(lambda: self._with_list(actions.undo))
        head.forget_pressed.connect(lambda: self._with_list(actions.forget_signer))
        head.remove_pressed.connect(lambda: self._with_list(actions.remove))
        detail.distrust_wanted.connect(lambda row: actions.distrust(row.entry))
        detail.limit_wanted.connect(lambda row: actions.limit(row.entry))
        detail.withdraw_wanted.connect(self._withdraw_with(actions))
        detail.inspect_wanted.connect(self._inspect)
        detail.what_if_wanted.connect(self._what_if)
        compare.apply_wanted.connect(lambda number: self._with_list(actions.review_waiting, number))
        compare.keep_wanted.connect(lambda number: self._with_list(actions.refuse, number))
        compare.write_wanted.connect(lambda: actions.write(compare.impact_card.impact))
        compare.date_wanted.connect(lambda: actions.ask_date(self._now(), compare.try_date))
        compare.entry_choice_wanted.connect(
            lambda: self._with_version(lambda one: actions.ask_entry(one, compare.try_without))
        )
        compare.entry_wanted.connect(self._show_entry)
        compare.chain_wanted.connect(self._show_chain)
        self.decisions.withdraw_wanted.connect(actions.withdraw)
        self.decisions.export_wanted.connect(actions.export_log)
        self.decisions.seal_wanted.connect(lambda: self._seal_anew(actions))
        self.decisions.entry_wanted.connect(self._show_entry)
        self.source.forget_wanted.connect(lambda: self._with_list(actions.forget_signer))

    def _seal_anew(self, actions: TrustActions) -> None:
        from trustdesk.gui.trust.seal_dialog import ask_to_seal

        ask_to_seal(actions, self)

    def _withdraw_with(self, actions: TrustActions) -> Callable[[EntryRow], None]:
        def withdraw(row: EntryRow) -> None:
            if row.decision is not None:
                actions.withdraw(row.decision)

        return withdraw

    def _with_list(self, act: Callable[..., None], *given: int) -> None:
        if self.summary is not None:
            act(self.summary, *given)

    def _with_version(self, act: Callable[[ListVersion], None]) -> None:
        if self.version is not None:
            act(self.version)

    def _take(self, serial: int, version: ListVersion) -> None:
        if serial != self._serial or self.summary is None:
            return
        self.error.hide()
        self.version = version
        self.heading.show_list(self.summary, version)
        unproved = not self.summary.is_builtin and is_unproved_iata(version.content)
        self.unproved.show_words(UNPROVED if unproved else None, is_warning=True)
        self.entries.show_entries(version.content.entries, self._decisions)
        self.tabs.set_count(ENTRIES, len(version.content.entries))
        self.source.show_version(self.summary, version)

    def _take_lint(self, serial: int, findings: tuple[Finding, ...]) -> None:
        if serial == self._serial:
            self.lint.show_findings(findings)
            self.tabs.set_count(LINT, self.lint.trouble or None)

    def _fail(self, serial: int, error: TrustdeskError) -> None:
        if serial == self._serial:
            self.error.show_error(error)
            self.error.show()

    def _turn(self, tab: int) -> None:
        self._stack.setCurrentIndex(tab)

    def _inspect(self, row: EntryRow) -> None:
        if row.entry.certificate is not None:
            self.certificate_wanted.emit(row.entry.certificate)

    def _what_if(self, row: EntryRow) -> None:
        self.show_tab(COMPARE)
        self.compare.try_without(row.entry)

    def _show_entry(self, sha256: str) -> None:
        self.show_tab(ENTRIES)
        self.entries.reveal(sha256)

    def _show_chain(self, chain: AffectedChain) -> None:
        if chain.identity is not None:
            self.identity_wanted.emit(chain.identity)
        elif chain.partner is not None:
            self.partner_wanted.emit(chain.partner)
