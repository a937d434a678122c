"""The page Inspector: joins intake, tree and detail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import InspectedItem
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dates import utc_now
from trustdesk.gui.inspector.clipboard import in_clipboard
from trustdesk.gui.inspector.compare_button import CompareButton
from trustdesk.gui.inspector.crl_viewer import CrlViewer
from trustdesk.gui.inspector.detail import DetailTab, ItemDetail
from trustdesk.gui.inspector.evidence import Evidence
from trustdesk.gui.inspector.examiner import Examiner, anchors_in_force
from trustdesk.gui.inspector.export_saving import ExportSaving
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.opener import Opener, Source
from trustdesk.gui.inspector.page_body import InspectorBody
from trustdesk.gui.inspector.table_switch import TableSwitch
from trustdesk.gui.inspector.tree import first_leaf, issuer_of
from trustdesk.gui.inspector.tree_drawer import TreeDrawer
from trustdesk.gui.inspector.tree_pane import TreePane
from trustdesk.gui.shortcuts import Key, bind
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.done_notice import DoneNotice
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData

_TIGHT, _TIGHT_BESIDE_TABLE = 860, 1120


class InspectorPage(QWidget):
    """Whatever was opened, judged and explained.

    Signals:
        busy_changed: whether something is being read.
        evidence_changed: judgements may come out otherwise, for what is open or kept says of revocation.
    """

    busy_changed = Signal(bool)
    evidence_changed = Signal()

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = now
        self._at: datetime | None = None
        self._desk: Desk | None = None
        self._lists: tuple[TrustList, ...] = ()
        self._pasted = 0
        self._current = ""
        self.opened = OpenedItems()
        self.examiner = Examiner(bridge, self)
        self.opener = Opener(bridge, self)
        self.intake = self.opener.card
        self.error = VerdictBanner()
        self.many = TableSwitch(bridge, self._now, self)
        self.pane = TreePane()
        self.tree = self.pane.tree
        self.detail = ItemDetail()
        self.evidence = Evidence(bridge, self)
        self.crls = CrlViewer(bridge, self.detail.entries, self.evidence, self)
        self._online = False
        self._body = InspectorBody(self.pane, self.detail)
        self.compare = self._body.compare
        self.empty = self._body.empty
        self.notice = DoneNotice()
        self._drawer = TreeDrawer(self.pane, self)
        self.saving = ExportSaving(bridge, self)
        self.unlock_button = Button(say(msg("Unlock …")), icon="lock")
        self.compare_button = CompareButton()
        self._build()
        self._connect()

    @property
    def is_reading(self) -> bool:
        """Whether something is being read."""
        return self.opener.is_reading

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk
        self.opener.set_desk(desk)
        self.saving.set_desk(desk)
        self.many.set_desk(desk)
        self.evidence.set_desk(desk)
        self.evidence.tell(self.opened)
        self.reload_lists()

    def reload_lists(self) -> None:
        """Ask for the trust lists again, and judge by them."""
        if self._desk is not None:
            self._bridge.when_done(self._desk.trust_lists(), self._take_lists, self.show_error)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Judge again, as of an instant that the desk knows already; None is the present."""
        self._at = at
        self.many.set_day()
        self._show_tree()
        self._show_current()

    def set_online(self, online: bool) -> None:
        """Ask the CAs about the revocation of what is in view from now on, or nobody."""
        self._online = online
        self.many.set_online(online)
        self._show_current()

    def open_sources(self, sources: Sequence[Source]) -> None:
        """Read files, folders or pasted text; several items are shown to choose from first."""
        self.error.hide()
        self.opener.open(sources)
        self._show_body()

    def compare_selected(self) -> None:
        """Show what is not the same in the two certificates that are selected."""
        pair = self.opened.details_of(self.tree.selected_keys)
        if len(pair) == 2:
            self.compare.show_pair(*pair)
            self._body.show_compare()

    def cancel_reading(self) -> None:
        """Wait no longer for what is being read: it is dropped; what came of very many certificates stays."""
        (self.opener if self.opener.is_reading else self.many).cancel()

    def choose_files(self) -> None:
        """Ask for files (Ctrl+O)."""
        names, _filter = QFileDialog.getOpenFileNames(self, say(msg("Open certificates")))
        self.open_sources([Path(name) for name in names])

    def paste(self) -> None:
        """Open what is in the clipboard (Ctrl+V)."""
        files, text = in_clipboard()
        if files:
            self.open_sources(files)
        elif text:
            self.open_text(text)

    def open_text(self, text: str) -> None:
        """Open PEM or base64 text."""
        self._pasted += 1
        name = say(msg("Pasted text {number}", number=self._pasted))
        self.open_sources([PastedData(name=name, data=text.encode("utf-8", "replace"))])

    def choose(self, key: str, facts: CertificateFacts | None = None) -> None:
        """Bring an item into view; a certificate that only the judge, or `facts`, knows is opened for it."""
        table = self.many.shown
        if table is not None and table.choose(key):
            return
        if self.opened.get(key) is None:
            examination = (self.examiner if table is None else table.examiner).current
            if facts is None and examination is not None:
                facts = examination.facts_of(key)
            if facts is not None:
                name = say(msg("From a trust list or the network: {title}", title=facts.title))
                self.open_sources([PastedData(name=name, data=facts.der)])
            return
        if not self.tree.choose(key):
            # The filter hides it, or its certificate stands for it.
            self.tree.clearSelection()
            self._current = key
            self._show_current()

    def focus_main(self) -> None:
        """Move the keyboard to the tree, or to the way in."""
        if self.intake.isVisible():
            return
        if self.many.shown is not None:
            self.many.shown.focus_main()
        elif not len(self.opened):
            self.empty.focus_first()
        elif self.pane.isVisible():
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_tabs()

    def show_error(self, error: TrustdeskError) -> None:
        """Say what could not be done."""
        self.error.show_error(error)
        self.error.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the tree a drawer in a narrow window."""
        super().resizeEvent(event)
        self._settle()

    def _focus_tabs(self) -> None:
        self.detail.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _now(self) -> datetime:
        return self._at or self._clock()

    def _take_items(self, items: Sequence[InspectedItem]) -> None:
        added = self.opened.take(items)
        if (leaf := first_leaf(added)) is not None:
            # What was looked at before is not chosen together with it: Delete would close both.
            self.tree.clearSelection()
            self._current = leaf
        self.many.tree_changed(self.opened)
        self._show_all()

    def _show_all(self) -> None:
        self._show_body()
        self._show_tree()
        self._show_current()
        self.focus_main()
        # After what is in view: a long list that is indexed for the person is indexed once.
        self.evidence.tell(self.opened)

    def _evidence_changed(self) -> None:
        if self.detail.item is None or self.detail.item.item.crl is None:
            self._show_current()
        self.many.set_evidence()
        self.empty.show_kept(self.evidence.in_use.kept)

    def _reading_changed(self, reading: bool) -> None:
        self._show_body()
        self.busy_changed.emit(reading)

    def _take_lists(self, lists: tuple[TrustList, ...]) -> None:
        self._lists = lists
        self.many.set_lists(lists)
        self._show_tree()
        self._show_current()

    def _choose_keys(self, keys: list[str]) -> None:
        self._tell_selection()
        if keys and keys[0] != self._current:
            self._end_compare()
            self._current = keys[0]
            self._show_current()
            self._drawer.close()

    def _ask(self, *, fetches: bool = False, asks_revocation: bool = False) -> None:
        if not self.many.ask(fetches=fetches, asks_revocation=asks_revocation):
            self._show_current(fetches=fetches, asks_revocation=asks_revocation)

    def _show_current(self, *, fetches: bool = False, asks_revocation: bool = False) -> None:
        one = self.opened.get(self._current)
        if one is None or self._desk is None or self.many.shown is not None:
            # The details are the table's while that is shown.
            self.examiner.clear()
            self.crls.clear()
            return
        self.detail.show()
        details = {a.key: a.details for a in self.opened.certificates() if a.details is not None}
        related = self.opened.related(one.key)
        self.detail.show_item(one, self._now(), issuer_of(one, self.opened.items), details, related)
        self.unlock_button.setVisible(one.item.locked)
        name = Path(one.places[0][0]).name
        self.crls.view(self._desk, one.item.crl, self.opened, self._lists, self._now(), name=name)
        if one.details is not None:
            now, asks = self._now(), asks_revocation or self._online
            self.examiner.examine(
                self._desk, one, self.opened, self._lists, now, fetches=fetches, asks_revocation=asks
            )
            self.detail.show_examination(self.examiner.current, self._now())
        else:
            self.examiner.examine_item(self._desk, one, self.opened)

    def _show_answers(self) -> None:
        self.detail.show_examination(self.examiner.current, self._now())
        if self.examiner.review is not None:
            self.detail.show_review(self.examiner.review)

    def _show_tree(self) -> None:
        anchors = anchors_in_force(self._lists, self._now())
        self.pane.show_opened(self.opened, now=self._now(), anchors=anchors, current=self._current)
        self._tell_selection()
        self.pane.table_button.setEnabled(bool(self.opened.certificates()))

    def _close_selected(self) -> None:
        following = self.tree.key_after_selected
        for key in self.tree.selected_keys:
            self.opened.remove(key)
        self._current = following or first_leaf(self.opened.items) or ""
        self._show_all()

    def _tell_selection(self) -> None:
        self.compare_button.show_selected(len(self.opened.details_of(self.tree.selected_keys)))

    def _unlock(self) -> None:
        one = self.opened.get(self._current)
        if one is not None:
            self.opener.read_again(one.item.source)

    def _end_compare(self) -> None:
        if self._body.end_compare():
            self.focus_main()

    def _show_body(self) -> None:
        table = self.many.shown
        if table is not None:
            self._body.show_table(table)
        elif len(self.opened):
            self._body.show_tree()
        else:
            self._body.show_way_in(is_in_the_way=self.intake.isVisible())
        if table is None and not self._body.has_detail:
            self.many.give_detail()
            self._body.take_detail()
            self._show_current()
        self._settle()

    def _open_tree(self, sources: list[Source]) -> None:
        self.opener.open(sources, as_tree=True)
        self._show_body()
        self.focus_main()

    def _drawer_toggled(self) -> None:
        self._settle()
        if self._drawer.is_open:
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        in_tree = self.many.shown is None
        self._drawer.settle(self.window().width(), in_tree=in_tree)
        self.compare_button.setVisible(in_tree)
        if not in_tree:
            self.unlock_button.hide()
        tight = self.width() < (_TIGHT if in_tree else _TIGHT_BESIDE_TABLE)
        self.detail.export.set_tight(tight)
        self.compare_button.set_tight(tight)

    def _build(self) -> None:
        self.detail.head.add_button(self.compare_button, first=True)
        for button in (self.unlock_button, self.crls.forget_button, self.crls.keep_button):
            self.detail.head.add_button(button, first=True)
        self.detail.head.add_leading(self._drawer.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(12)
        layout.addWidget(self.intake)
        layout.addWidget(self.error)
        layout.addWidget(self.notice)
        layout.addWidget(self._body, 1)
        self.error.hide()
        self.setAccessibleName(say(msg("Inspector")))

    def _connect(self) -> None:
        self.opener.took.connect(self._take_items)
        self.opener.dismissed.connect(self._show_body)
        self.opener.dismissed.connect(self.focus_main)
        for part in (self.opener, self.saving, self.many, self.evidence, self.examiner):
            part.failed.connect(self.show_error)
        self.opener.busy_changed.connect(self._reading_changed)
        for way_in in (self.empty, self.pane, self.many):
            way_in.open_wanted.connect(self.choose_files)
        self.empty.paste_wanted.connect(self.paste)
        self.empty.kept_wanted.connect(self.evidence.open_kept)
        self.evidence.kept_wanted.connect(self.open_sources)
        self.pane.filter_changed.connect(self._show_tree)
        self.tree.chosen.connect(self._choose_keys)
        self.unlock_button.clicked.connect(self._unlock)
        self.compare_button.clicked.connect(self.compare_selected)
        self.compare.closed.connect(self._end_compare)
        self.detail.export.wanted.connect(self.saving.ask_place)
        self.saving.saved.connect(self.notice.say_done)
        self.detail.copied.connect(lambda: self.notice.say_done(say(msg("Copied."))))
        self.opener.many_found.connect(self.many.read)
        self.pane.table_wanted.connect(lambda: self.many.show_table(self.opened))
        self.many.changed.connect(lambda: self._reading_changed(self.is_reading))
        self.many.tree_wanted.connect(self._open_tree)
        self.tree.close_wanted.connect(self._close_selected)
        self.detail.item_wanted.connect(self.choose)
        self.detail.fetch_wanted.connect(lambda: self._ask(fetches=True))
        self.detail.revocation_wanted.connect(lambda: self._ask(asks_revocation=True))
        self.detail.stop_wanted.connect(self.evidence.stop_asking)
        self.evidence.changed.connect(self._evidence_changed)
        self.evidence.changed.connect(self.evidence_changed)
        self.evidence.done.connect(lambda words: self.notice.say_done(say(words)))
        self.examiner.changed.connect(self._show_answers)
        self._drawer.toggled.connect(self._drawer_toggled)
        self._drawer.left.connect(self._focus_tabs)
        self.crls.judged.connect(self.detail.show_lines)
        bind(self, Key.INSPECTOR_COPY, self.detail.copy_pem)
        bind(self, Key.INSPECTOR_FILTER, self._find)
        bind(self, Key.INSPECTOR_SUMMARY, lambda: self.detail.tabs.setCurrentIndex(DetailTab.SUMMARY))

    def _find(self) -> None:
        if self.many.shown is not None:
            self.many.shown.focus_filter()
            return
        if self._drawer.is_hidden:
            self._drawer.toggle()
        self.pane.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
