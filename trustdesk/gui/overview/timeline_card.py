"""The timeline in a card: title, what is shown of how many, switches, the chart and its table twin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.trust_impact import RootDrop
from trustdesk.gui.overview.timeline_rows import GroupRows, drop_details
from trustdesk.gui.overview.timeline_table import TimelineTable
from trustdesk.gui.overview.timeline_view import FIRST_DAYS, TimelineView
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity

_ALL = "all"
_SPANS = {"3": 91.0, "6": 183.0, "18": FIRST_DAYS, "60": 1826.0}
_OTHER = "other"
_TIGHT, _TIGHTER = 960, 760
_LEAST = 300
_TITLE = msg("Expiry timeline")


class TimelineCard(Card):
    """Everything of the timeline.

    Signals:
        opened: the Validity whose certificate the person wants to see.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at = datetime(2000, 1, 1, tzinfo=UTC)
        self.view = TimelineView()
        self.table = TimelineTable()
        self._count = ElidedLabel(ink="text2")
        self.groups = Segment(
            (
                (_ALL, say(msg("All"))),
                (TimelineGroup.PARTNERS, say(msg("Partners"))),
                (TimelineGroup.IDENTITIES, say(msg("Identities"))),
                (TimelineGroup.AUTHORITIES, say(msg("CAs"))),
                (TimelineGroup.LISTS, say(msg("Lists"))),
            ),
            name=say(msg("Certificates shown")),
        )
        self.spans = Segment(
            (
                ("3", say(msg("{count} m", count=3))),
                ("6", say(msg("{count} m", count=6))),
                ("18", say(msg("{count} m", count=18))),
                ("60", say(msg("{count} y", count=5))),
            ),
            name=say(msg("Time in view")),
        )
        self.spans.set_current("18")
        self.spans.setToolTip(say(msg("Zoom with the wheel over the chart, or with + and -")))
        self.twin = Button(icon="table-twin", name=say(msg("Show the timeline as a table")))
        self.twin.setCheckable(True)
        self._nothing = Text(
            say(msg("Nothing ends in this time. A longer stretch shows more.")), ink="text2", wrap=True
        )
        self.setMinimumHeight(_LEAST)
        self._knows_who = False
        self._drops = Text(style=TypeStyle.SECOND_LINE, wrap=True)
        self._everybody = Text(style=TypeStyle.SECOND_LINE, wrap=True)
        self._note = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.all_button = Button(say(msg("Show everything")), kind=ButtonKind.LINK)
        self._near = QWidget()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    @property
    def everybody_words(self) -> str:
        """What the twin says of dates that concern everybody."""
        return self._everybody.text()

    @property
    def note_words(self) -> str:
        """What is said of what is not known."""
        return self._note.text()

    @property
    def drop_words(self) -> str:
        """What is said of the dates that the person chose; "" for none."""
        return self._drops.text()

    def show_timeline(
        self,
        timeline: ExpiryTimeline,
        *,
        is_today: bool,
        knows_who: bool = False,
        words: str = "",
        rows: GroupRows | None = None,
    ) -> None:
        """Show what was read.

        Args:
            rows: as for the view.
            knows_who: whether its dates say who is below them.
            words: said below it of what is not known; "" for nothing.
        """
        self._at = timeline.at
        self._knows_who = knows_who
        # The lines over the whole chart have no row of their own in its twin.
        self._everybody.setText(
            " ".join(drop_details(one, is_known=knows_who) for one in timeline.milestones)
        )
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self._show_drops(())
        self.view.show_timeline(timeline, is_today=is_today, rows=rows)

    def show_near(self) -> None:
        """Show as a table what is near its end or over, until the person wants everything again."""
        self.groups.set_current(_ALL)
        self.view.show_group(None)
        self.view.show_near(only=True)
        self.twin.setChecked(True)
        self._near.show()
        self.focus_main()

    def show_everything(self) -> None:
        """Show again what ends later."""
        self._near.hide()
        self.view.show_near(only=False)

    def focus_main(self) -> None:
        """Move the keyboard to the chart, or to its twin."""
        part = self.table if self.twin.isChecked() else self.view
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the count out where there is little room."""
        super().resizeEvent(event)
        self._count.setVisible(self.width() >= _TIGHT)
        self._head.setSpacing(10 if self.width() >= _TIGHTER else 5)
        self._title.setText(say(_TITLE if self.width() >= _TIGHTER else msg("Expiry")))

    def _build(self) -> None:
        head = self._head = QHBoxLayout()
        head.setSpacing(10)
        self._title = ElidedLabel(say(_TITLE), TypeStyle.SECTION)
        head.addWidget(self._title)
        head.addWidget(self._count, 1)
        head.addStretch(0)
        head.addWidget(self.groups)
        head.addWidget(self.spans)
        head.addWidget(self.twin)
        chart = QWidget()
        over = QVBoxLayout(chart)
        over.setContentsMargins(0, 0, 0, 0)
        over.setSpacing(0)
        over.addWidget(self.view, 1)
        over.addWidget(self._nothing)
        self._stack.addWidget(chart)
        twin = QWidget()
        below = QVBoxLayout(twin)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.table, 1)
        below.addWidget(self._everybody)
        self._stack.addWidget(twin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(8)
        near = QHBoxLayout(self._near)
        near.setContentsMargins(0, 0, 0, 0)
        near.setSpacing(10)
        near.addWidget(
            ElidedLabel(say(msg("Only what is near its end, or over")), TypeStyle.SECOND_LINE, "text2")
        )
        near.addWidget(self.all_button)
        near.addStretch(1)
        layout.addLayout(head)
        layout.addWidget(self._near)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._drops)
        layout.addWidget(self._note)
        self._drops.hide()
        self._note.hide()
        self._nothing.hide()
        self._near.hide()
        self.setTabOrder(self.groups, self.spans)
        self.setTabOrder(self.spans, self.twin)
        self.setTabOrder(self.twin, self.view)

    def _connect(self) -> None:
        self.groups.changed.connect(self._show_group)
        self.all_button.clicked.connect(self.show_everything)
        self.spans.changed.connect(lambda key: self.view.show_days(_SPANS[key]))
        self.twin.toggled.connect(lambda checked: self._stack.setCurrentIndex(1 if checked else 0))
        self.view.zoomed.connect(self._tell_zoom)
        self.view.arranged.connect(self._tell)
        self.view.opened.connect(self.opened)
        self.table.opened.connect(self.opened)
        self.view.current_changed.connect(self._show_drops_of)
        self.table.current_changed.connect(self._show_drops_of)
        self.view.drops_pressed.connect(self._show_drops)

    def _show_drops_of(self, validity: Validity | None) -> None:
        self._show_drops(() if validity is None else validity.drops)

    def _show_drops(self, drops: Sequence[RootDrop]) -> None:
        """Say what changes on dates, and who is below them."""
        words = " ".join(drop_details(one, is_known=self._knows_who) for one in drops)
        self._drops.setText(words)
        self._drops.setVisible(bool(words))

    def _show_group(self, key: str) -> None:
        self.view.show_group(None if key == _ALL else TimelineGroup(key))

    def _tell_zoom(self, days: float) -> None:
        self.spans.set_current(next((key for key, span in _SPANS.items() if abs(span - days) < 1), _OTHER))

    def _tell(self) -> None:
        content = self.view.content
        rows = content.rows
        self.table.show_rows(rows, self._at)
        self._nothing.setVisible(not rows)
        self._count.setText(
            say(
                msg(
                    "{shown} shown of {total}, the solid part is what is left",
                    shown=len(rows),
                    total=content.total,
                )
            )
        )
