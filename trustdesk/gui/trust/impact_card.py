"""The card Impact: who would lose or gain trust, judged from stored chains while a person looks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.ports import Job
from trustdesk.core.trust_impact import AffectedChain, Impact
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.impact_table import ImpactModel, ImpactTable, PathLine, count_tiles, tile_row
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.ring import Ring
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_PAD = 16


class ImpactCard(Card):
    """Counts, the table, and the path of the one in view.

    Signals:
        told: an impact is there, or is gone.
        chain_chosen: the AffectedChain in view.
        chain_opened: the AffectedChain that a person wants to see elsewhere.
    """

    told = Signal()
    chain_chosen = Signal(object)
    chain_opened = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._job: Job[Impact] | None = None
        self._asked: object = None
        self.impact: Impact | None = None
        self._title = Text(say(msg("Impact if applied")), TypeStyle.SECTION)
        self._looked_at = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._ring = Ring(16)
        self._words = Text(ink="text2", wrap=True)
        self.what_if_button = Button(say(msg("What if …")), icon="chevron-down")
        self.menu = QMenu(self.what_if_button)
        self.entry_action = self.menu.addAction(say(msg("A CA goes …")))
        self.date_action = self.menu.addAction(say(msg("A date comes …")))
        self.what_if_button.clicked.connect(self._open_menu)
        self.what_if_button.hide()
        self.cancel_button = Button(say(msg("Cancel")))
        self.cancel_button.clicked.connect(self.cancel)
        self.error = VerdictBanner()
        self.error.hide()
        self._tiles = QVBoxLayout()
        self._tiles.setContentsMargins(_PAD, 0, _PAD, 0)
        self._tile_row: QWidget | None = None
        self.model = ImpactModel(self)
        self.table = ImpactTable(self.model)
        self._others = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.all_button = Button(say(msg("Show all")), kind=ButtonKind.LINK)
        self.all_button.clicked.connect(self._show_all)
        self.names_button = Button(say(msg("Who?")), kind=ButtonKind.LINK)
        self.names_button.clicked.connect(self._show_names)
        self._names = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.path = PathLine()
        self.table.selectionModel().currentRowChanged.connect(lambda _index: self._show_current())
        self.table.entered_row.connect(self._open)
        self._build()
        self.clear()

    @property
    def losing(self) -> tuple[AffectedChain, ...]:
        """Partners that would lose trust."""
        return () if self.impact is None else tuple(one for one in self.impact.partners if one.loses)

    @property
    def words(self) -> str:
        """What is said in place of, or below, the table."""
        return self._words.text()

    @property
    def is_running(self) -> bool:
        """Whether chains are judged now."""
        return self._job is not None

    def set_title(self, words: Message) -> None:
        """Say what the impact is of."""
        self._title.setText(say(words))

    def clear(self, words: Message | None = None) -> None:
        """Show no impact, and say why there is none."""
        self._drop()
        self._show(None)
        self._say(words)

    def ask(self, begin: Callable[[Callable[[int, int], None]], Job[Impact]]) -> None:
        """Begin a job that tells how far it is, and show what it says, as `follow` does.

        Args:
            begin: takes whom to tell how many chains of how many were judged; from any thread.
        """
        asked = self._asked = object()

        def tell(done: int, total: int) -> None:
            self._bridge.post(lambda: self._take_progress(asked, done, total))

        self.follow(begin(tell))

    def follow(self, job: Job[Impact]) -> None:
        """Show what a job says, once it does; one before it is given up."""
        self._drop()
        self._show(None)
        self._job = job
        self._ring.set_running(True)
        self.cancel_button.show()
        self._say(msg("Judging stored chains; no connection is made …"))
        self._bridge.when_done(
            job.future,
            lambda impact: self._take(job, impact),
            lambda error: self._fail(job, error),
            owner=self,
        )

    def cancel(self) -> None:
        """Stop judging."""
        if self._job is not None:
            self._job.cancel()

    def select(self, sha256: str) -> None:
        """Mark the first one whose path has a certificate."""
        for place, chain in enumerate(self.model.chains):
            if sha256 == chain.broken_by or sha256 in chain.digests:
                self.table.select(place)
                return

    def _take_progress(self, asked: object, done: int, total: int) -> None:
        if isValid(self) and asked is self._asked and self._job is not None and total:
            self._say(
                msg("{done} of {total} stored chains judged; no connection is made …", done=done, total=total)
            )

    def _drop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        self._ring.set_running(False)
        self.cancel_button.hide()

    def _take(self, job: Job[Impact], impact: Impact) -> None:
        if job is not self._job:
            return
        self._job = None
        self._ring.set_running(False)
        self.cancel_button.hide()
        self._show(impact)

    def _fail(self, job: Job[Impact], error: TrustdeskError) -> None:
        if job is not self._job:
            return
        self._job = None
        self._ring.set_running(False)
        self.cancel_button.hide()
        self._show(None)
        if isinstance(error, CancelledByPersonError):
            self._say(msg("Cancelled: it is not known who loses or gains trust."))
            return
        self._say(None)
        self.error.show_error(error)
        self.error.show()

    def _show(self, impact: Impact | None) -> None:
        self.impact = impact
        self.error.hide()
        if self._tile_row is not None:
            self._tiles.removeWidget(self._tile_row)
            self._tile_row.hide()
            self._tile_row.deleteLater()
            self._tile_row = None
        self.model.show_impact(impact)
        has_rows = bool(self.model.chains)
        self.table.setVisible(has_rows)
        self._foot.setVisible(has_rows)
        self._names.hide()
        self.names_button.setVisible(impact is not None and bool(impact.not_judged))
        self.all_button.setVisible(impact is not None and bool(impact.unchanged))
        self._looked_at.setVisible(impact is not None)
        self._others.setVisible(impact is not None)
        if impact is None:
            self.path.show_chain(None)
            self.told.emit()
            return
        self._tile_row = tile_row(count_tiles(impact))
        self._tiles.addWidget(self._tile_row)
        self._looked_at.setText(say(msg_n("{count} looked at", "{count} looked at", impact.looked_at)))
        self._others.setText(" ".join(say(one) for one in _others(impact, self._shown())))
        self._say(None if has_rows else _nobody(impact))
        if has_rows:
            self.table.select(0)
        self.setAccessibleName(f"{self._title.text()}: {say(impact_words(impact))}")
        self.told.emit()

    def _say(self, words: Message | None) -> None:
        self._words.setText("" if words is None else say(words))
        self._wait.setVisible(words is not None)

    def _show_names(self) -> None:
        if self.impact is not None:
            self._names.setText(say(msg("Not judged: {names}", names=listed(self.impact.not_judged))))
            self._names.setVisible(not self._names.isVisible())

    def _shown(self) -> int:
        # An identity that is for both purposes may be there twice.
        return len({(one.endpoint_id, one.identity, one.partner) for one in self.model.chains})

    def _show_all(self) -> None:
        from trustdesk.gui.trust.unchanged_dialog import UnchangedDialog

        if self.impact is not None:
            UnchangedDialog(self.window(), self.impact).show()

    def _show_current(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.model.chains):
            self.path.show_chain(self.model.chains[place])
            self.chain_chosen.emit(self.model.chains[place])

    def _open_menu(self) -> None:
        self.menu.popup(self.what_if_button.mapToGlobal(QPoint(0, self.what_if_button.height() + 4)))

    def _open(self, place: int) -> None:
        self.chain_opened.emit(self.model.chains[place])

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_PAD, 12, _PAD, 0)
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._looked_at)
        head.addStretch(1)
        head.addWidget(self.what_if_button)
        head.addStrut(32)
        self._wait = QWidget()
        wait = QHBoxLayout(self._wait)
        wait.setContentsMargins(_PAD, 4, _PAD, 8)
        wait.setSpacing(10)
        wait.addWidget(self._ring)
        wait.addWidget(self._words, 1)
        wait.addWidget(self.cancel_button)
        said = QVBoxLayout()
        said.setSpacing(4)
        # In the middle of the buttons beside it.
        self._others.setMinimumHeight(32)
        self._others.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        said.addWidget(self._others)
        said.addWidget(self._names)
        others = QHBoxLayout()
        others.setContentsMargins(margins(_PAD, 4, 12, 6))
        others.addLayout(said, 1)
        others.addWidget(self.names_button, 0, Qt.AlignmentFlag.AlignTop)
        others.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignTop)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(Hairline())
        path = QVBoxLayout()
        path.setContentsMargins(_PAD, 9, _PAD, 12)
        path.addWidget(self.path)
        foot.addLayout(path)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._wait)
        layout.addWidget(self.error)
        layout.addLayout(self._tiles)
        layout.addWidget(self.table, 1)
        layout.addLayout(others)
        layout.addStretch(0)
        layout.addWidget(self._foot)


def impact_words(impact: Impact) -> Message:
    """Say in one sentence who loses trust."""
    partners = sum(one.loses for one in impact.partners)
    identities = sum(one.loses for one in impact.identities)
    if not partners and not identities:
        return msg("Nobody would stop being trusted.")
    if not identities:
        return msg_n(
            "{count} partner would stop being trusted.",
            "{count} partners would stop being trusted.",
            partners,
        )
    who = msg_n("{count} identity", "{count} identities", identities)
    if not partners:
        return msg("{identities} would stop being trusted.", identities=who)
    return msg(
        "{partners} and {identities} would stop being trusted.",
        partners=msg_n("{count} partner", "{count} partners", partners),
        identities=who,
    )


def _nobody(impact: Impact) -> Message:
    if not impact.looked_at:
        return msg("No stored chain could be judged: nothing is known of who loses or gains trust.")
    return msg("Nobody loses or gains trust.")


def _others(impact: Impact, shown: int) -> list[Message]:
    found = []
    same = max(0, impact.looked_at - shown)
    if same:
        found.append(msg_n("{count} other is judged the same.", "{count} others are judged the same.", same))
    if impact.not_judged:
        found.append(
            msg_n(
                "Nothing is said of {count} partner that was not tested.",
                "Nothing is said of {count} partners that were not tested.",
                len(impact.not_judged),
            )
        )
    return found
