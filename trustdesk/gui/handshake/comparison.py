"""TLS and mTLS side by side: outcome in words, bars on one time scale, times as numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.comparison_facts import ComparisonColumn, comparison_column
from trustdesk.gui.handshake.phase_bar import PhaseBar, Swatch
from trustdesk.gui.handshake.phase_facts import PHASE_NAMES, PHASES, StepState
from trustdesk.gui.handshake.run_book import RunBook, RunKind
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import state_look
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.painting import CONTROL_RADIUS, paint_rounded
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State

KIND_NAMES = {RunKind.TLS: msg("TLS"), RunKind.MTLS: msg("mTLS")}

_INKS = {State.GOOD: "good", State.WARNING: "warning", State.BAD: "bad"}


class ComparisonCard(Card):
    """One column for each kind of run that was made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(style=TypeStyle.SECTION)
        self._columns = {kind: ColumnView(kind) for kind in RunKind}
        columns = QHBoxLayout()
        columns.setSpacing(16)
        for view in self._columns.values():
            columns.addWidget(view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addLayout(columns)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_book(self, book: RunBook) -> None:
        """Show the runs of a target that are judged; without any there is nothing to see."""
        columns = [
            comparison_column(report, kind, book.identity(kind))
            for kind in RunKind
            if (report := book.judged(kind)) is not None
        ]
        self.setVisible(bool(columns))
        self.show_columns(columns)

    def show_columns(self, columns: Sequence[ComparisonColumn]) -> None:
        """Show one or two finished runs on one time scale."""
        both = len(columns) == len(RunKind)
        title = msg("TLS and mTLS side by side") if both else msg("Outcome and times")
        self._title.setText(say(title))
        scale = max((column.total_ms for column in columns), default=0.0)
        shown = {column.kind: column for column in columns}
        for kind, view in self._columns.items():
            view.setVisible(kind in shown)
            if kind in shown:
                view.show_column(shown[kind], scale)


class ColumnView(QWidget):
    """One run."""

    def __init__(self, kind: RunKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._who = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._outcome = OutcomeBox()
        self._bar = PhaseBar()
        self._total = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self._times = {phase: Text(style=TypeStyle.LABEL) for phase in PHASES}
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Text(say(KIND_NAMES[kind]), TypeStyle.ROW_TITLE_BAD))
        head.addWidget(self._who, 1)
        times = QGridLayout()
        times.setHorizontalSpacing(8)
        times.setVerticalSpacing(5)
        times.setColumnStretch(1, 1)
        for row, phase in enumerate(PHASES):
            times.addWidget(Swatch(phase), row, 0)
            times.addWidget(ElidedLabel(say(PHASE_NAMES[phase]), TypeStyle.SECOND_LINE), row, 1)
            times.addWidget(self._times[phase], row, 2, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._outcome)
        layout.addSpacing(4)
        layout.addWidget(self._bar)
        layout.addWidget(self._total)
        layout.addSpacing(2)
        layout.addLayout(times)
        layout.addStretch(1)

    def show_column(self, column: ComparisonColumn, scale_ms: float) -> None:
        """Show a run; `scale_ms` is the time that fills the bar's width."""
        without = say(msg("without certificate"))
        self._who.setText(visible(column.identity) if column.identity is not None else without)
        detail = "" if column.detail is None else say(column.detail)
        self._outcome.show_outcome(column.state, say(column.outcome), detail)
        self._bar.show_parts(column.parts, scale_ms)
        self._total.setText(say(msg("{total} ms in all", total=column.total_ms)))
        for part in column.parts:
            failed = part.step.state is StepState.FAILED and column.state is State.BAD
            ran = part.step.state is StepState.DONE
            time = self._times[part.phase]
            time.setText(say(part.step.word))
            time.set_ink("bad" if failed else "text" if ran else "text3")
            time.set_style(TypeStyle.LABEL if ran or failed else TypeStyle.SECOND_LINE)


class OutcomeBox(QWidget):
    """Icon and words of an outcome on the soft ground of its state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.UNKNOWN
        self._outcome = Text(style=TypeStyle.ROW_TITLE_BAD, wrap=True)
        self._detail = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._outcome)
        words.addWidget(self._detail)
        layout = self._layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 7)
        layout.setSpacing(0)
        layout.addSpacing(26)
        layout.addLayout(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_outcome(self, state: State, outcome: str, detail: str) -> None:
        """Show an outcome; "" for `detail` leaves the second line empty."""
        self._state = state
        self._outcome.setText(outcome)
        self._outcome.set_ink(_INKS.get(state, "text"))
        self._detail.setText(detail)
        self.setAccessibleName(f"{outcome}, {detail}" if detail else outcome)
        self._grow()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of the words at the new width."""
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        # Boxes around this one ask for its height before they know its width: two lines would be cut.
        self.setMinimumHeight(self._layout.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the icon."""
        look = state_look(self._state)
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), CONTROL_RADIUS, fill=look.ground)
        left = 10 if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else self.width() - 26
        painter.drawPixmap(left, 8, pixmap(look.icon, look.color, 16, self.devicePixelRatioF()))
        painter.end()
