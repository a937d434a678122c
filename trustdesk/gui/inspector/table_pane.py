"""The left side where certificates come by the thousand: title, filters, what runs, and the table."""

from __future__ import annotations

from datetime import UTC

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.inspector.table_filters import ORDER_WORDS, TableFilters
from trustdesk.gui.inspector.table_model import CertificatesModel
from trustdesk.gui.inspector.table_run import TableRun
from trustdesk.gui.inspector.table_view import CertificateTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.job_strip import JobStrip
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.row_values import JudgingTotals, RowsRead

_SCALE = 1000


class TablePane(QWidget):
    """Everything around the table.

    Signals:
        judge_wanted, tree_wanted, open_wanted, close_wanted: the person pressed that button.
    """

    judge_wanted = Signal()
    tree_wanted = Signal()
    open_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, model: CertificatesModel, run: TableRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._run = run
        self._read: RowsRead | None = None
        self._judged: JudgingTotals | None = None
        self._fact = ElidedLabel(ink="text2", style=TypeStyle.SECOND_LINE)
        self.filters = TableFilters()
        self.table = CertificateTable(model)
        self.strip = JobStrip(bar=say(msg("Progress")), close=say(msg("Close the totals")))
        self.strip.hide()
        self.judge_button = Button(say(msg("Judge all")), icon="run", kind=ButtonKind.PRIMARY)
        self.tree_button = Button(say(msg("Tree")), icon="chevron-left")
        self.tree_button.setToolTip(say(msg("Show issuer trees in place of the table")))
        self._open = Button(icon="add", kind=ButtonKind.BARE, name=say(msg("Open files (Ctrl+O)")))
        self._close = Button(icon="close", kind=ButtonKind.BARE, name=say(msg("Close the table")))
        self._foot = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self.judge_button.clicked.connect(self.judge_wanted)
        self.tree_button.clicked.connect(self.tree_wanted)
        self._open.clicked.connect(self.open_wanted)
        self._close.clicked.connect(self.close_wanted)
        self.strip.cancelled.connect(run.cancel)
        self.strip.closed.connect(self.strip.hide)
        self._build()

    @property
    def foot(self) -> str:
        """What stands below the table."""
        return self._foot.text()

    @property
    def fact(self) -> str:
        """What stands beside the title."""
        return self._fact.text()

    def forget(self) -> None:
        """Nothing has been read or judged."""
        self._read = self._judged = None
        self.strip.hide()

    def show_read(self, read: RowsRead) -> None:
        """Say what the reading came to; nothing that needs to be said hides the strip."""
        self._read = read
        if read.is_partial:
            self._show_strip(_read_headline(read), _read_detail(read), [(_SCALE, "slate")], _SCALE)
        else:
            self.strip.hide()

    def show_judged(self, totals: JudgingTotals | None) -> None:
        """Say what the judging came to; None forgets what was said."""
        self._judged = totals
        if totals is None:
            return
        title = (
            msg("Cancelled")
            if totals.is_cancelled
            else msg_n("{count} certificate judged", "{count} certificates judged", totals.judged)
        )
        self._show_strip(title, _judged_detail(totals), self._parts(), totals.total)
        self._show_counts()

    def refresh(self) -> None:
        """Show how far what runs is, and what is shown."""
        run = self._run
        if run.is_reading:
            count = len(self._model.certificates)
            title = msg("Cancelling") if run.is_cancelling else msg("Reading certificates")
            numbers = msg_n("{count} so far", "{count} so far", count)
            parts = [(round(run.share * _SCALE), "accent")]
            self._show_strip(title, numbers, parts, _SCALE, running=True)
        elif run.is_judging:
            title = (
                msg("Cancelling")
                if run.is_cancelling
                else msg_n("Judging {count} certificate", "Judging {count} certificates", run.total)
            )
            numbers = msg("{done} of {total}", done=run.done, total=run.total)
            self._show_strip(title, numbers, self._parts(), run.total, running=True)
            self._show_counts()
        self.judge_button.setEnabled(
            not run.is_reading and not run.is_judging and bool(self._model.certificates)
        )
        self.filters.show_counts(self._model.counts(), judged=self._model.is_judged)
        self._fact.setText(self._fact_words())
        self._foot.setText(" · ".join(map(say, self._foot_words())))

    def sizeHint(self) -> QSize:
        """Return the room that the table needs beside the details."""
        return QSize(640, 500)

    def _show_strip(
        self,
        title: Message,
        numbers: Message,
        parts: list[tuple[int, str]],
        total: int,
        *,
        running: bool = False,
    ) -> None:
        self.strip.show_only()
        self.strip.show_job(
            title, numbers, parts, total, running=running, cancelling=running and self._run.is_cancelling
        )
        self.strip.show()

    def _show_counts(self) -> None:
        trusted, neither = self._model.verdict_totals
        self.strip.show_count(
            State.GOOD, trusted, msg_n("{count} can be used", "{count} can be used", trusted)
        )
        self.strip.show_count(
            State.BAD, neither, msg_n("{count} cannot be used", "{count} cannot be used", neither)
        )
        self.strip.show_only(State.GOOD, State.BAD)

    def _parts(self) -> list[tuple[int, str]]:
        trusted, neither = self._model.verdict_totals
        others = self._model.judged - trusted - neither
        return [(trusted, "teal"), (neither, "red"), (others, "slate")]

    def _fact_words(self) -> str:
        count = len(self._model.certificates)
        sources = self._model.sources
        name = sources[0].rpartition("/")[2] if len(sources) == 1 else ""
        files = msg_n("{count} file", "{count} files", len(sources))
        words = [
            msg_n(
                "{count} certificate from {file}",
                "{count} certificates from {file}",
                count,
                file=name or say(files),
            )
        ]
        if self._read is not None and self._read.unread:
            unread = self._read.unread
            words.append(msg_n("{count} other block, not shown", "{count} other blocks, not shown", unread))
        if self._read is not None and self._read.is_partial:
            words.append(msg("partial: not all was read"))
        return " · ".join(map(say, words))

    def _foot_words(self) -> list[Message]:
        wanted = self._model.wanted
        order = ORDER_WORDS[wanted.order]
        words = [
            msg(
                "{shown} of {total} shown, {order}",
                shown=self._model.rowCount(),
                total=len(self._model.certificates),
                order=msg("{order}, reversed", order=order) if wanted.descending else order,
            )
        ]
        judged = self._judged
        if judged is not None and judged.judged:
            by = judged.trust_list or msg("no list")
            day = f"{judged.at.astimezone(UTC):%Y-%m-%d}"
            if judged.judged < judged.total:
                words.append(msg("{count} not judged", count=judged.total - judged.judged))
            words.append(msg("judged by {list} as of {date}", list=by, date=day))
        return words

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(margins(14, 0, 6, 0))
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Certificates")), TypeStyle.SECTION))
        head.addWidget(self._fact, 1)
        head.addWidget(self.judge_button)
        head.addWidget(self.tree_button)
        head.addWidget(self._open)
        head.addWidget(self._close)
        filters = QVBoxLayout()
        filters.setContentsMargins(14, 0, 14, 4)
        filters.addWidget(self.filters)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 14, 8)
        foot.addWidget(self._foot, 1)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 8, 0, 0)
        inside.setSpacing(8)
        inside.addLayout(head)
        inside.addLayout(filters)
        below = QVBoxLayout()
        below.setSpacing(0)
        below.addWidget(Hairline())
        below.addWidget(self.table, 1)
        below.addWidget(Hairline())
        below.addLayout(foot)
        inside.addLayout(below, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.strip)
        layout.addWidget(card, 1)


def _read_headline(read: RowsRead) -> Message:
    return msg("Cancelled") if read.is_cancelled else msg("Not everything could be read")


def _read_detail(read: RowsRead) -> Message:
    count = msg_n("{count} certificate was read", "{count} certificates were read", read.count)
    if read.problems:
        return msg("{count}. {problem}", count=count, problem=read.problems[0])
    return msg("{count}, the rest of the file was not", count=count)


def _judged_detail(totals: JudgingTotals) -> Message:
    seconds = totals.duration_ms / 1000
    if totals.problems:
        return msg("in {seconds} s. {problem}", seconds=seconds, problem=totals.problems[0])
    if totals.judged < totals.total:
        return msg(
            "{done} of {total} judged in {seconds} s, the others are not judged",
            done=totals.judged,
            total=totals.total,
            seconds=seconds,
        )
    return msg("in {seconds} s", seconds=seconds)
