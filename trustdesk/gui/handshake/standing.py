"""What stands above the ladder: the phases, the verdict in words, and beside the title what was run."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.core.target import Target
from trustdesk.gui.diagnosis.verdict import show_diagnosis_verdict
from trustdesk.gui.handshake.columns import ResultColumns
from trustdesk.gui.handshake.known_facts import known_facts, reached_tls
from trustdesk.gui.handshake.phase_facts import PhaseStep, finished_steps
from trustdesk.gui.handshake.phase_strip import PhaseStrip
from trustdesk.gui.handshake.run_view import report_details, report_title
from trustdesk.gui.handshake.start_hint import StartHint
from trustdesk.gui.report_words import action_of, loudest_fact, state_of
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.words import say
from trustdesk.services.board import State


class Standing:
    """Says how a run stands, and shows which parts of the page go with it.

    Attributes:
        start: the hint of a page on which nothing was run.
        fact: what was run and when, for the place beside the title.
    """

    def __init__(self, columns: ResultColumns) -> None:
        self._columns = columns
        self.start = StartHint()
        self.strip = PhaseStrip()
        self.banner = VerdictBanner()
        self.fact = ElidedLabel(ink="text2")

    def show_start(self) -> None:
        """Show that nothing was run."""
        self.fact.setText("")
        self.start.show()
        for part in (self.strip, self.banner, self._columns):
            part.hide()

    def show_running(self, target: Target, steps: Sequence[PhaseStep] | None) -> None:
        """Show that a target is being tested; None for `steps` where no single run goes on."""
        self.start.hide()
        if steps is not None:
            self.strip.show_steps(steps)
        self.strip.setVisible(steps is not None)
        self._columns.show()
        self._columns.show_known_only(False)
        self.fact.setText(say(msg("{endpoint}, running", endpoint=target.endpoint)))

    def show_none(self) -> None:
        """Show no verdict; a run of the other kind may still go on, and its phases stay in view."""
        self.banner.hide()
        self._columns.show_known_only(False)

    def show_result(
        self, report: ProbeReport, judged: ProbeReport | None, found: Diagnosis | None, *, with_matrix: bool
    ) -> None:
        """Show what was run, and how it stands on the day in view.

        Args:
            judged: None while that is asked.
            found: a diagnosis whose verdict says more; only for a report that stands as it was made.
            with_matrix: whether there is a tab to see besides the ladder.
        """
        record = report.record
        self.strip.show_steps(finished_steps(record))
        if found is not None and judged is report:
            show_diagnosis_verdict(self.banner, found)
        else:
            self._show_verdict(record, judged)
        # The times stand beside the ladder; where there is no ladder, the strip says where it stopped.
        self.strip.setVisible(not reached_tls(record))
        self.banner.show()
        self._columns.show()
        self.start.hide()
        self.fact.setText(report_title(report))
        self._columns.show_known_only(not reached_tls(record) and not with_matrix)
        self._columns.known.show_facts(known_facts(record))

    def show_error(self, error: TrustdeskError) -> None:
        """Say what could not be done."""
        self.start.hide()
        self.banner.show_error(error)
        self.banner.show()

    def _show_verdict(self, record: ProbeRecord, judged: ProbeReport | None) -> None:
        if judged is None:
            self.banner.show_verdict(State.UNKNOWN, say(msg("Judging …")), "")
            self.banner.setToolTip("")
            return
        explanation = judged.explanation
        self.banner.show_verdict(
            state_of(judged),
            say(explanation.headline),
            say(action_of(explanation)),
            loudest_fact(record),
            details=report_details(judged),
        )
        self.banner.setToolTip("" if explanation.cause == "none" else explanation.cause)
