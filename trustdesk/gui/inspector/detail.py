"""The item in view: verdict lines, then its parts in tabs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.inspection import CertificateDetails, ItemKind
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import Purpose, Verification
from trustdesk.gui.inspector.chain_graph import CardRole, ChainGraph
from trustdesk.gui.inspector.crl_pane import CrlPane
from trustdesk.gui.inspector.detail_head import DetailHead
from trustdesk.gui.inspector.detail_parts import carded, extensions_of, fields_of, scrolled
from trustdesk.gui.inspector.examination import Examination, ItemReview, best_path
from trustdesk.gui.inspector.export_button import ExportButton
from trustdesk.gui.inspector.extension_table import ExtensionPane
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.inspector.facts import label_of_pem, summary_facts, usage_facts
from trustdesk.gui.inspector.fingerprint_field import FingerprintField
from trustdesk.gui.inspector.graph_building import chain_graph
from trustdesk.gui.inspector.graph_card import GraphCardView
from trustdesk.gui.inspector.item_facts import where_it_breaks
from trustdesk.gui.inspector.item_verdicts import item_verdict_lines
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.inspector.raw_pane import RawPane, pem_text
from trustdesk.gui.inspector.revocation_pane import RevocationPane
from trustdesk.gui.inspector.rule_rows import finding_rows, path_rows, title_of_rule
from trustdesk.gui.inspector.rules_pane import RulesPane
from trustdesk.gui.inspector.verdict_card import VerdictCard
from trustdesk.gui.inspector.verdicts import VerdictLine, verdict_lines
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.words import say


class DetailTab(IntEnum):
    """The tabs in their order."""

    SUMMARY = 0
    ENTRIES = 1
    CHAIN = 2
    REVOCATION = 3
    USAGE = 4
    EXTENSIONS = 5
    RULES = 6
    RAW = 7


_NAMES = {
    DetailTab.SUMMARY: msg("Summary"),
    DetailTab.ENTRIES: msg("Entries"),
    DetailTab.CHAIN: msg("Chain graph"),
    DetailTab.REVOCATION: msg("Revocation"),
    DetailTab.USAGE: msg("Usage"),
    DetailTab.EXTENSIONS: msg("Extensions"),
    DetailTab.RULES: msg("Rules"),
    DetailTab.RAW: msg("Raw"),
}
_OF_CERTIFICATES = frozenset({DetailTab.CHAIN, DetailTab.REVOCATION, DetailTab.USAGE})


class ItemDetail(QWidget):
    """Everything right of the tree.

    Signals:
        fetch_wanted: the person wants missing issuers asked for at the CA.
        revocation_wanted: the person wants the addresses asked that publish revocation.
        stop_wanted: the person does not want to wait for their answers.
        item_wanted: key of another item that the person wants to see.
        copied: something was put into the clipboard.
        turned: the OpenedItem that is shown now.
    """

    fetch_wanted = Signal()
    revocation_wanted = Signal()
    stop_wanted = Signal()
    item_wanted = Signal(str)
    copied = Signal()
    turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one: OpenedItem | None = None
        self._examination: Examination | None = None
        self._related: tuple[OpenedItem, ...] = ()
        self._details: dict[str, CertificateDetails] = {}
        self._purpose: Purpose | None = None
        self._list = ""
        self._tab = DetailTab.CHAIN
        self._filling = False
        self.head = DetailHead()
        self.export = ExportButton()
        self.head.add_button(self.export)
        self.verdict = VerdictCard()
        self.tabs = Tabs(name=say(msg("Parts of the certificate")))
        self.fingerprint = FingerprintField()
        self.summary = FactGrid(name=say(msg("Summary")))
        self.chain = GraphCardView()
        self.path_rules = RulesPane(msg("Rules on this path"))
        self.revocation = RevocationPane()
        self.usage = FactGrid(name=say(msg("Usage")))
        self.usage_findings = {purpose: FindingsList() for purpose in Purpose}
        self.extensions = ExtensionPane()
        self.rules = RulesPane(msg("Rules of the rule sets"), names_certificates=False)
        self.raw = RawPane()
        self.entries = CrlPane()
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    @property
    def item(self) -> OpenedItem | None:
        """The item in view; None before the first."""
        return self._one

    @property
    def purpose(self) -> Purpose:
        """What the graph and the rules judge for."""
        return self._purpose or self._fitting_purpose()

    @property
    def trust_list(self) -> str:
        """Name of the list whose path is highlighted; "" without lists."""
        examination = self._examination
        names = [one.name for one in examination.lists] if examination is not None else []
        return self._list if self._list in names else names[0] if names else ""

    def show_item(
        self,
        one: OpenedItem,
        now: datetime,
        issuer_key: str | None,
        details: dict[str, CertificateDetails],
        related: tuple[OpenedItem, ...] = (),
    ) -> None:
        """Show another item; its judgement comes with `show_examination` or `show_review`.

        Args:
            related: open items with the same public key; of a key store what lies in it.
        """
        if self._one is None or one.key != self._one.key:
            self._purpose = None
        self._one, self._details, self._related = one, details, related
        self.head.show_item(one, now, issuer_key)
        self.turned.emit(one)
        self.summary.show_facts(summary_facts(one, now, issuer_key, related))
        pem = label_of_pem(one.item)
        is_certificate = one.details is not None
        self.fingerprint.show_certificate(one.details)
        if one.details is not None:
            self.usage.show_facts(usage_facts(one.details))
        extensions = extensions_of(one)
        self.extensions.show_extensions(extensions)
        unread = one.item.data if one.item.kind is ItemKind.UNKNOWN else None
        if pem is not None:
            self.raw.show_item(pem[1], pem[0], fields_of(one), extensions)
        elif unread:
            self.raw.show_item(unread, None, (), ())
            place = where_it_breaks(one.item)
            if place is not None:
                at = min(place.offset, len(unread) - 1)
                self.raw.mark(at, at + 1)
        self._filling = True
        for tab in DetailTab:
            there = is_certificate or tab not in _OF_CERTIFICATES
            if tab is DetailTab.EXTENSIONS:
                there = pem is not None
            elif tab is DetailTab.ENTRIES:
                there = one.item.crl is not None
            elif tab is DetailTab.RAW:
                there = pem is not None or bool(unread)
            elif tab is DetailTab.RULES:
                there = is_certificate or one.item.csr is not None or one.item.key is not None
            self.tabs.setTabVisible(tab, there)
        self.tabs.set_count(DetailTab.EXTENSIONS, len(extensions) or None)
        first = DetailTab.SUMMARY if one.item.crl is None else DetailTab.ENTRIES
        self.tabs.setCurrentIndex(self._tab if self.tabs.isTabVisible(self._tab) else first)
        self._pages.setCurrentIndex(self.tabs.currentIndex())
        self._filling = False
        if not is_certificate:
            self._examination = None
            self.show_review(None)
        has_lines = one.item.crl is not None or bool(self.verdict.words)
        self.verdict.setVisible(is_certificate or has_lines)
        self.export.set_path((one.facts,) if one.facts is not None else ())

    def show_examination(self, examination: Examination | None, now: datetime) -> None:
        """Show what is known so far of the certificate in view."""
        self._examination = examination
        if examination is None:
            return
        self.verdict.show_lines(verdict_lines(examination, now))
        self._show_path()
        self._show_rules(examination)
        for purpose, view in self.usage_findings.items():
            wanted = examination.findings.get(purpose, ())
            # What is wrong first; what passes stands in the tab Rules.
            view.show_findings([one for one in wanted if one.is_failure or one.is_warning][:30])

    def show_lines(self, lines: Sequence[VerdictLine]) -> None:
        """Show the verdict on an item that is no certificate."""
        self.verdict.show_lines(lines)
        self.verdict.setVisible(bool(lines))

    def show_review(self, review: ItemReview | None) -> None:
        """Show what is known so far of the item in view, which is no certificate."""
        if self._one is None or self._one.facts is not None or self._one.item.crl is not None:
            return
        findings = review.findings if review is not None and review.key == self._one.key else None
        self.verdict.show_lines(item_verdict_lines(self._one, self._related, findings))
        rows = finding_rows(findings or (), None)
        self.rules.show_rows(rows, empty=say(msg("The rule sets are being applied …")))
        self.tabs.set_count(DetailTab.RULES, len(rows) or None)

    def show_bytes(self, start: int, end: int) -> None:
        """Go to the raw view with bytes marked."""
        self.tabs.setCurrentIndex(DetailTab.RAW)
        self.raw.mark(start, end)

    def copy_pem(self) -> None:
        """Put the item into the clipboard as PEM; nothing for keys."""
        pem = label_of_pem(self._one.item) if self._one is not None else None
        if pem is not None:
            QGuiApplication.clipboard().setText(pem_text(pem[1], pem[0]))
            self.copied.emit()

    def next_tab(self, step: int = 1) -> None:
        """Go on to the next tab that is there."""
        shown = [tab for tab in DetailTab if self.tabs.isTabVisible(tab)]
        place = shown.index(DetailTab(self.tabs.currentIndex()))
        self.tabs.setCurrentIndex(shown[(place + step) % len(shown)])

    def _fitting_purpose(self) -> Purpose:
        """The purpose that the list in force trusts it for, else the one that it was made for."""
        examination = self._examination
        if examination is None:
            return Purpose.SERVER
        for purpose in Purpose:
            verification = examination.in_force(purpose)
            if verification is not None and verification.trusted:
                return purpose
        usages = examination.certificate.extended_key_usage
        only_client = usages is not None and "clientAuth" in usages and "serverAuth" not in usages
        return Purpose.CLIENT if only_client else Purpose.SERVER

    def _show_path(self) -> None:
        examination = self._examination
        if examination is None:
            return
        purpose, trust_list = self.purpose, self.trust_list
        title = examination.title_of(trust_list) or msg("no list")
        self.chain.show_lists(examination.lists, trust_list)
        graph = chain_graph(examination, trust_list, purpose, self._details)
        self.chain.show_graph(
            graph, examination.certificate.sha256, purpose, title, can_fetch=self._can_fetch(graph)
        )
        verification = examination.verifications.get((trust_list, purpose))
        self._show_revocation(examination, verification, title)
        if verification is None or not verification.paths:
            self.path_rules.show_rows((), empty=say(msg("The chain is being judged …")))
            return
        path = best_path(verification, trust_list) or verification.paths[0]
        self.export.set_path([facts for one in path.certificates if (facts := examination.facts_of(one))])
        rows = path_rows(path, examination, title_of_rule)
        self.path_rules.show_rows(rows)

    def _show_revocation(
        self, examination: Examination, verification: Verification | None, title: Message
    ) -> None:
        path = None
        if verification is not None and verification.paths:
            path = best_path(verification, self.trust_list) or verification.paths[0]
        self.revocation.show_path(
            path,
            examination.facts_of,
            None if verification is None else verification.at,
            title,
            asking=examination.asks_revocation and verification is None,
        )

    def _show_rules(self, examination: Examination) -> None:
        """Show our rules for the purpose, and pkilint's remarks beside them when they are there."""
        ours = examination.findings.get(self.purpose, ())
        rows = finding_rows((*ours, *(examination.conformance or ())), examination.certificate)
        fact = say(msg("pkilint is checking …")) if examination.is_checking else ""
        self.rules.show_rows(rows, fact=fact, empty=say(msg("The rule sets are being applied …")))
        self.tabs.set_count(DetailTab.RULES, len(rows) or None)

    def _can_fetch(self, graph: ChainGraph) -> bool:
        """Whether a certificate whose issuer is missing says where that can be had."""
        missing = {card.key for card in graph.cards if card.role is CardRole.MISSING}
        below = [edge.below for edge in graph.edges if edge.above in missing]
        found = [self._details[key] for key in below if key in self._details]
        return any(details.ca_issuer_urls for details in found)

    def _choose_list(self, name: str) -> None:
        self._list = name
        self._show_path()

    def _choose_purpose(self, purpose: Purpose) -> None:
        self._purpose = purpose
        self._show_path()
        examination = self._examination
        if examination is not None:
            self._show_rules(examination)

    def _rule_bytes(self, certificate: str, start: int, end: int) -> None:
        if self._one is not None and certificate != self._one.key:
            self.item_wanted.emit(certificate)
        if self._one is not None and certificate == self._one.key:
            self.show_bytes(start, end)

    def _turn(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        if not self._filling:
            self._tab = DetailTab(index)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn)
        self.head.issuer_pressed.connect(self.item_wanted)
        self.summary.link_pressed.connect(self.item_wanted)
        self.chain.chosen.connect(self.item_wanted)
        self.chain.list_chosen.connect(self._choose_list)
        self.chain.purpose_chosen.connect(self._choose_purpose)
        self.chain.fetch_wanted.connect(self.fetch_wanted)
        self.revocation.check_wanted.connect(self.revocation_wanted)
        self.revocation.stop_wanted.connect(self.stop_wanted)
        self.path_rules.bytes_wanted.connect(self._rule_bytes)
        self.rules.bytes_wanted.connect(self._rule_bytes)
        self.extensions.bytes_wanted.connect(self.show_bytes)
        self.raw.copy_wanted.connect(self.copy_pem)
        bind(self, Key.INSPECTOR_TAB, lambda: self.next_tab(1), in_part=True)
        bind(self, Key.INSPECTOR_TAB_BACK, lambda: self.next_tab(-1), in_part=True)

    def _build(self) -> None:
        for tab in DetailTab:
            self.tabs.addTab(say(_NAMES[tab]))
        copy = Button(say(msg("Copy all")), icon="copy")
        copy.clicked.connect(self._copy_summary)
        chain = QWidget()
        column = QVBoxLayout(chain)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.chain)
        column.addWidget(self.path_rules, 1)
        self.path_rules.setMinimumHeight(240)
        self.rules.setMinimumHeight(240)
        usage = QWidget()
        column = QVBoxLayout(usage)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(carded(self.usage))
        titles = {
            Purpose.SERVER: msg("What stands against a ONE Record server"),
            Purpose.CLIENT: msg("What stands against a ONE Record client"),
        }
        for purpose, view in self.usage_findings.items():
            column.addWidget(carded(view, title=say(titles[purpose])))
        column.addStretch(1)
        for page in (
            scrolled(carded(self.summary, below=self.fingerprint, foot=copy)),
            self.entries,
            scrolled(chain),
            scrolled(self.revocation),
            scrolled(usage),
            self.extensions,
            self.rules,
            self.raw,
        ):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.head)
        layout.addWidget(self.verdict)
        layout.addWidget(self.tabs)
        layout.addWidget(self._pages, 1)
        self.tabs.setCurrentIndex(self._tab)

    def _copy_summary(self) -> None:
        text = self.summary.text.replace("\u2068", "").replace("\u2069", "")
        QGuiApplication.clipboard().setText(text)
        self.copied.emit()
