"""The page Inspector: joins intake, tree and detail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import InspectedItem
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.compare_pane import ComparePane
from trustdesk.gui.inspector.detail import DetailTab, ItemDetail
from trustdesk.gui.inspector.empty import NothingOpened
from trustdesk.gui.inspector.examiner import Examiner
from trustdesk.gui.inspector.export_button import FileToSave
from trustdesk.gui.inspector.notice import Notice
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.opener import Opener, Source
from trustdesk.gui.inspector.tree import first_leaf, issuer_of, tree_of
from trustdesk.gui.inspector.tree_pane import TreePane
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk, PastedData

_TIGHT = 860
DRAWER_BELOW = 1080
"""Width of the window below which the tree is a drawer."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class InspectorPage(QWidget):
    """Whatever was opened, judged and explained.

    Signals:
        busy_changed: whether something is being read.
    """

    busy_changed = Signal(bool)

    def __init__(
        self, bridge: Bridge, parent: QWidget | None = None, *, now: Callable[[], datetime] = _utc_now
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = now
        self._at: datetime | None = None
        self._desk: Desk | None = None
        self._lists: tuple[TrustList, ...] = ()
        self._pasted = 0
        self._narrow = False
        self._drawer_open = False
        self._current = ""
        self.opened = OpenedItems()
        self.examiner = Examiner(bridge, self)
        self.opener = Opener(bridge, self)
        self.intake = self.opener.card
        self.error = VerdictBanner()
        self.pane = TreePane()
        self.tree = self.pane.tree
        self.detail = ItemDetail()
        self.compare = ComparePane()
        self.notice = Notice()
        self.empty = NothingOpened()
        self._drawer = Button(icon="columns", name=say(msg("Opened items")))
        self.unlock_button = Button(say(msg("Unlock …")), icon="lock")
        self.compare_button = Button(say(msg("Compare")), icon="compare")
        self._right = QStackedWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._body = QStackedWidget()
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
        self.reload_lists()

    def reload_lists(self) -> None:
        """Ask for the trust lists again, and judge by them."""
        if self._desk is not None:
            self._bridge.when_done(self._desk.trust_lists(), self._take_lists, self._show_error)

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Judge again, as of an instant that the desk knows already; None is the present."""
        self._at = at
        self._show_tree()
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
            self._right.setCurrentWidget(self.compare)
            self.compare.focus_first()

    def save(self, wanted: FileToSave, file: Path) -> None:
        """Save an export, and say what to do with it."""
        if self._desk is None:
            return

        def done(saved: Path) -> None:
            words = msg("Saved as {file}. {then}", file=str(saved), then=wanted.done)
            self.notice.say_done(say(words))

        self._bridge.when_done(self._desk.save_file(file, wanted.data), done, self._show_error)

    def cancel_reading(self) -> None:
        """Wait no longer for what is being read; what comes of it is dropped."""
        if self.opener.is_reading:
            self.opener.cancel()

    def choose_files(self) -> None:
        """Ask for files (Ctrl+O)."""
        names, _filter = QFileDialog.getOpenFileNames(self, say(msg("Open certificates")))
        self.open_sources([Path(name) for name in names])

    def paste(self) -> None:
        """Open what is in the clipboard (Ctrl+V)."""
        clipboard = QGuiApplication.clipboard().mimeData()
        if clipboard.hasUrls():
            files = [Path(url.toLocalFile()) for url in clipboard.urls() if url.isLocalFile()]
            if files:
                self.open_sources(files)
                return
        if clipboard.hasText() and clipboard.text().strip():
            self.open_text(clipboard.text())

    def open_text(self, text: str) -> None:
        """Open PEM or base64 text."""
        self._pasted += 1
        name = say(msg("Pasted text {number}", number=self._pasted))
        self.open_sources([PastedData(name=name, data=text.encode("utf-8", "replace"))])

    def choose(self, key: str, facts: CertificateFacts | None = None) -> None:
        """Bring an item into view; a certificate that only the judge, or `facts`, knows is opened for it."""
        if self.opened.get(key) is None:
            examination = self.examiner.current
            if facts is None and examination is not None:
                facts = examination.facts_of(key)
            if facts is not None:
                name = say(msg("From a trust list or the network: {title}", title=facts.title))
                self.open_sources([PastedData(name=name, data=facts.der)])
            return
        if not self.tree.choose(key):
            # The filter hides it.
            self._current = key
            self._show_current()

    def focus_main(self) -> None:
        """Move the keyboard to the tree, or to the way in."""
        if self.intake.isVisible():
            return
        if not len(self.opened):
            self.empty.focus_first()
        elif self.pane.isVisible():
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.detail.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the tree a drawer in a narrow window."""
        super().resizeEvent(event)
        self._settle()

    def _now(self) -> datetime:
        return self._at or self._clock()

    def _take_items(self, items: Sequence[InspectedItem]) -> None:
        # What was locked before has been replaced by what lay in it.
        for source in {item.source for item in items}:
            for one in self.opened.items:
                if one.item.locked and one.item.source == source:
                    self.opened.remove(one.key)
        added = self.opened.add(items)
        self._current = first_leaf(added) or self._current
        self._show_body()
        self._show_tree()
        self._show_current()
        self.focus_main()

    def _nothing_taken(self) -> None:
        self._show_body()
        self.focus_main()

    def _reading_changed(self, reading: bool) -> None:
        self._show_body()
        self.busy_changed.emit(reading)

    def _take_lists(self, lists: tuple[TrustList, ...]) -> None:
        self._lists = lists
        self._show_tree()
        self._show_current()

    def _choose_keys(self, keys: list[str]) -> None:
        self._tell_selection()
        if keys and keys[0] != self._current:
            self._end_compare()
            self._current = keys[0]
            self._show_current()
            if self._narrow and self._drawer_open:
                self._drawer_open = False
                self._settle()

    def _fetch_issuers(self) -> None:
        self._show_current(fetches=True)

    def _show_current(self, *, fetches: bool = False) -> None:
        one = self.opened.get(self._current)
        if one is None or self._desk is None:
            self.examiner.clear()
            return
        details = {a.key: a.details for a in self.opened.certificates() if a.details is not None}
        self.detail.show_item(one, self._now(), issuer_of(one, self.opened.items), details)
        self.unlock_button.setVisible(one.item.locked)
        if one.details is not None:
            self.examiner.examine(self._desk, one, self.opened, self._lists, fetches=fetches)
            self.detail.show_examination(self.examiner.current, self._now())
        else:
            self.examiner.clear()

    def _show_tree(self) -> None:
        anchors = frozenset[str]()
        if self._lists:
            anchors = frozenset(a.certificate.sha256 for a in self._lists[0].trust_anchors)
        nodes = tree_of(self.opened.items, now=self._now(), anchors=anchors, wanted=self.pane.wanted)
        keys = [self._current, *self.tree.selected_keys]
        self.pane.show_nodes(
            nodes,
            list(dict.fromkeys(keys))[:2] if self._current else [],
            items=len(self.opened),
            files=len(self.opened.sources),
        )
        self._tell_selection()

    def _close_selected(self) -> None:
        keys = self.tree.selected_keys
        shown = [node.key for node in self.tree.tree_model.nodes if not node.is_group]
        place = min((shown.index(key) for key in keys if key in shown), default=0)
        for key in keys:
            self.opened.remove(key)
        left = [key for key in shown if key not in keys]
        self._current = left[min(place, len(left) - 1)] if left else ""
        if not self._current:
            self._current = first_leaf(self.opened.items) or ""
        self._show_body()
        self._show_tree()
        self._show_current()
        self.focus_main()

    def _tell_selection(self) -> None:
        two = len(self.opened.details_of(self.tree.selected_keys)) == 2
        self.compare_button.setEnabled(two)
        words = msg("What is not the same in the two") if two else msg("Select two certificates (Ctrl+click)")
        self.compare_button.setToolTip(say(words))

    def _unlock(self) -> None:
        one = self.opened.get(self._current)
        if one is not None:
            self.opener.read_again(one.item.source)

    def _end_compare(self) -> None:
        if self._right.currentWidget() is self.compare:
            self._right.setCurrentWidget(self.detail)
            self.focus_main()

    def _ask_place(self, wanted: FileToSave) -> None:
        name, _filter = QFileDialog.getSaveFileName(self, say(msg("Save the export")), wanted.name)
        if name:
            self.save(wanted, Path(name))

    def _show_body(self) -> None:
        ways_in = self._blank if self.intake.isVisible() else self.empty
        self._body.setCurrentWidget(self._split if len(self.opened) else ways_in)

    def _show_error(self, error: TrustdeskError) -> None:
        self.error.show_error(error)
        self.error.show()

    def _toggle_drawer(self) -> None:
        self._drawer_open = not self._drawer_open
        self._settle()
        if self._drawer_open:
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        narrow = self.window().width() < DRAWER_BELOW
        if narrow is not self._narrow:
            self._narrow, self._drawer_open = narrow, False
        if narrow and not self._drawer_open and self.pane.isAncestorOf(QApplication.focusWidget() or self):
            self.detail.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pane.setVisible(not narrow or self._drawer_open)
        self._drawer.setVisible(narrow)
        tight = self.width() < _TIGHT
        self.detail.export.set_tight(tight)
        self.compare_button.show_as(
            "" if tight else say(msg("Compare")), icon="compare", name=say(msg("Compare"))
        )
        if self._drawer.isChecked() is not self._drawer_open:
            self._drawer.setChecked(self._drawer_open)

    def _build(self) -> None:
        self.detail.head.add_button(self.compare_button, first=True)
        self.detail.head.add_button(self.unlock_button, first=True)
        self._right.addWidget(self.detail)
        self._right.addWidget(self.compare)
        self._split.setHandleWidth(20)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.pane)
        self._split.addWidget(self._right)
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([322, 900])
        self.pane.setMinimumWidth(240)
        self._blank = QWidget()
        self._body.addWidget(self.empty)
        self._body.addWidget(self._blank)
        self._body.addWidget(self._split)
        self._drawer.setCheckable(True)
        self._drawer.hide()
        self.detail.head.add_leading(self._drawer)
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
        self.opener.dismissed.connect(self._nothing_taken)
        self.opener.failed.connect(self._show_error)
        self.opener.busy_changed.connect(self._reading_changed)
        self.empty.open_wanted.connect(self.choose_files)
        self.empty.paste_wanted.connect(self.paste)
        self.pane.open_wanted.connect(self.choose_files)
        self.pane.filter_changed.connect(self._show_tree)
        self.tree.chosen.connect(self._choose_keys)
        self.unlock_button.clicked.connect(self._unlock)
        self.compare_button.clicked.connect(self.compare_selected)
        self.compare.closed.connect(self._end_compare)
        self.detail.export.wanted.connect(self._ask_place)
        self.detail.copied.connect(lambda: self.notice.say_done(say(msg("Copied."))))
        self.tree.close_wanted.connect(self._close_selected)
        self.detail.item_wanted.connect(self.choose)
        self.detail.fetch_wanted.connect(self._fetch_issuers)
        self.examiner.changed.connect(
            lambda: self.detail.show_examination(self.examiner.current, self._now())
        )
        self.examiner.failed.connect(self._show_error)
        self._drawer.clicked.connect(self._toggle_drawer)
        for keys, call in (
            (QKeySequence(QKeySequence.StandardKey.Copy), self.detail.copy_pem),
            (QKeySequence("Ctrl+Shift+F"), self._find),
            (QKeySequence("Alt+Return"), lambda: self.detail.tabs.setCurrentIndex(DetailTab.SUMMARY)),
        ):
            QShortcut(keys, self).activated.connect(call)

    def _find(self) -> None:
        if self._narrow and not self._drawer_open:
            self._toggle_drawer()
        self.pane.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
