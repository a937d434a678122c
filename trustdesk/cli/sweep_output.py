"""What `trustdesk sweep` prints and writes: rows for a person, documents, and what a monitor reads.

Of each test only that is kept which is needed at the end: ten thousand whole reports would fill the memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import click

from trustdesk.cli.progress import ProbeBar
from trustdesk.cli.render import console, print_board
from trustdesk.core.finding import Verdict
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.documents import probe_document, sweep_text
from trustdesk.formats.json_text import json_text
from trustdesk.services.board import BoardRow, board_row
from trustdesk.services.desk_values import SweepTotals
from trustdesk.services.metrics_text import SweepMetrics
from trustdesk.services.sweeps import SweepTally
from trustdesk.services.wording import wording


class OutputForm(StrEnum):
    """How the results are printed."""

    TABLE = "table"
    JSON = "json"
    LINES = "lines"


class SweepOutput:
    """Takes the results of a sweep as they come, one at a time, and prints them."""

    def __init__(
        self, form: OutputForm, *, at: datetime | None, metrics: Path | None, bar: ProbeBar | None
    ) -> None:
        """Prepare it.

        Args:
            form: of the output.
            at: the day that is looked at; None for the present.
            metrics: file for a monitor; None for none.
            bar: shows how far it is; None shows nothing.
        """
        self._form = form
        self._at = at
        self._file = metrics
        self._metrics = None if metrics is None else SweepMetrics()
        self._bar = bar
        self._tally = SweepTally()
        self._verdicts = dict.fromkeys(Verdict, 0)
        self._rows: dict[int, BoardRow] = {}
        self._documents: dict[int, bytes] = {}
        self._not_tested = 0
        self.count = 0

    def add(self, index: int, endpoint: Endpoint, report: ProbeReport) -> None:
        """Take one result as it is shown; `index` is its place."""
        self.count += 1
        self._tally.add(report)
        self._verdicts[report.verdict] += 1
        if self._metrics is not None:
            self._metrics.add(endpoint.partner, report)
        match self._form:
            case OutputForm.TABLE:
                self._rows[index] = board_row(endpoint, report, self._at or datetime.now(UTC))
            case OutputForm.LINES:
                click.echo(json_text(probe_document(report, wording().text)))
            case OutputForm.JSON:
                text = json_text(probe_document(report, wording().text), indent=1)
                self._documents[index] = zlib.compress(text.encode("utf-8"), 1)
        if self._bar is not None:
            self._bar.advance()

    def leave_out(self, count: int) -> None:
        """Count endpoints that are not tested at all, for want of the identity that they name."""
        self._not_tested += count
        if self._metrics is not None:
            self._metrics.leave_out(count)

    def totals(self) -> SweepTotals:
        """Return what it came to, as it is shown."""
        return self._tally.totals()

    def finish(self, totals: SweepTotals, started_at: datetime) -> None:
        """Print what is printed at the end.

        Raises:
            EnvironmentFailureError: the file for the monitor cannot be written.
        """
        match self._form:
            case OutputForm.TABLE if not self._rows:
                pass  # a table without rows says less than the totals, or than that nobody is due
            case OutputForm.TABLE:
                print_board(console(), [self._rows[index] for index in sorted(self._rows)], totals)
            case OutputForm.JSON:
                summary = self._summary(totals)
                for part in sweep_text(started_at, totals.duration_ms, self._probes(), summary):
                    click.echo(part, nl=False)
            case OutputForm.LINES:
                pass
        if self._metrics is not None and self._file is not None:
            self._metrics.write(self._file, started_at, totals.duration_ms)

    def _probes(self) -> Iterator[str]:
        for index in sorted(self._documents):
            yield zlib.decompress(self._documents.pop(index)).decode("utf-8")

    def _summary(self, totals: SweepTotals) -> dict[str, int]:
        counts = {verdict.value: count for verdict, count in self._verdicts.items()}
        without = {"inconclusive": totals.inconclusive, "not_tested": self._not_tested}
        return counts | {name: count for name, count in without.items() if count}
