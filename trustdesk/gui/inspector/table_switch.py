"""Tree or table: which of them the page shows; the table is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CertificateRow
from trustdesk.core.message import Message
from trustdesk.core.trust import TrustList
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.table_page import CertificateTablePage
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData
from trustdesk.services.row_values import MANY

MAX_IN_TREE = 10_000
"""Certificates of bundles that can still be opened as a tree: the reader takes no more items in one call."""


class TableSwitch(QObject):
    """Knows what is shown, and hands on what the table has to know.

    Signals:
        failed: a TrustdeskError.
        open_wanted: the person wants to open files.
        changed: the other one is shown, or what runs has changed.
        tree_wanted: sources that are to be opened as a tree; none when the tree stands already.
    """

    failed = Signal(object)
    open_wanted = Signal()
    changed = Signal()
    tree_wanted = Signal(list)

    def __init__(self, bridge: Bridge, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._now = now
        self._desk: Desk | None = None
        self._lists: tuple[TrustList, ...] = ()
        self._online = False
        self._prefers_tree = False
        self._in_tree = 0
        self._wants_table = False
        self.page: CertificateTablePage | None = None

    @property
    def shown(self) -> CertificateTablePage | None:
        """The table's page while it is shown; None while the tree is."""
        return self.page if self._wants_table and self.page is not None and not self.page.is_empty else None

    @property
    def progress(self) -> tuple[Message, int, int] | None:
        """What runs on the rows: words, how much is done, of how much; None for nothing."""
        return None if self.page is None else self.page.progress

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk
        if self.page is not None:
            self.page.set_desk(desk)

    def set_lists(self, lists: tuple[TrustList, ...]) -> None:
        """Judge by other lists."""
        self._lists = lists
        if self.page is not None:
            self.page.set_lists(lists)

    def set_day(self) -> None:
        """Judge for the day that the desk knows by now."""
        if self.page is not None:
            self.page.set_day()

    def set_online(self, online: bool) -> None:
        """Ask the CAs about the revocation of the row in view from now on, or nobody."""
        self._online = online
        if self.page is not None:
            self.page.set_online(online)

    def ask(self, *, fetches: bool, asks_revocation: bool) -> bool:
        """Judge the row in view with what the CAs answer; False while the tree is shown."""
        if self.shown is None:
            return False
        self.shown.ask(fetches=fetches, asks_revocation=asks_revocation)
        return True

    def set_evidence(self) -> None:
        """Judge by the lists that the desk knows by now."""
        if self.page is not None:
            self.page.set_day()

    def read(self, sources: Sequence[Path | PastedData]) -> None:
        """Show bundles of very many certificates."""
        page = self._made()
        self._wants_table = True
        page.read(sources)
        self._settle()
        page.focus_main()

    def tree_changed(self, opened: OpenedItems) -> None:
        """Other items are open in the tree; a great many certificates make the table come."""
        self._in_tree = len(opened)
        if len(opened.certificates()) > MANY and not self._prefers_tree:
            self.show_table(opened)
        else:
            self._wants_table = False
            self._settle()

    def show_table(self, opened: OpenedItems) -> None:
        """Show the table, with the certificates that are open in the tree too."""
        self._in_tree = len(opened)
        self._prefers_tree = False
        self._wants_table = True
        page = self._made()
        page.add_rows([(one.places[0][0], _row(one.facts)) for one in opened.certificates() if one.facts])
        self._settle()
        page.focus_main()

    def cancel(self) -> None:
        """Stop what runs on the rows."""
        if self.page is not None:
            self.page.cancel()

    def give_detail(self) -> None:
        """The details are the tree's again."""
        if self.page is not None:
            self.page.give_detail()

    def _show_tree(self) -> None:
        self._prefers_tree = True
        self._wants_table = False
        self.tree_wanted.emit([] if self._in_tree or self.page is None else list(self.page.sources))
        self.changed.emit()

    def _close(self) -> None:
        if self.page is not None:
            self.page.clear()
        self._wants_table = False
        self.changed.emit()

    def _settle(self) -> None:
        page = self.page
        if page is not None:
            few = len(page.model.certificates) <= MAX_IN_TREE and not page.run.is_reading
            page.pane.tree_button.setEnabled(self._in_tree > 0 or few)
        self.changed.emit()

    def _made(self) -> CertificateTablePage:
        if self.page is None:
            page = self.page = CertificateTablePage(self._bridge, self._now)
            if self._desk is not None:
                page.set_desk(self._desk)
            page.set_lists(self._lists)
            page.set_online(self._online)
            page.pane.tree_wanted.connect(self._show_tree)
            page.pane.close_wanted.connect(self._close)
            page.busy_changed.connect(self._settle)
            page.pane.open_wanted.connect(self.open_wanted)
            page.failed.connect(self.failed)
        return self.page


def _row(facts: CertificateFacts) -> CertificateRow:
    return CertificateRow(
        facts.der,
        facts.sha256,
        facts.subject,
        facts.issuer,
        facts.serial_number,
        facts.not_before,
        facts.not_after,
    )
