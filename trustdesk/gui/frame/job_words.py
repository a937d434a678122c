"""What runs, in the status bar: the one job that a person would cancel first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustdesk.core.message import Message, msg
from trustdesk.gui.frame.status_bar import StatusBar

if TYPE_CHECKING:
    from trustdesk.gui.handshake.page import HandshakePage
    from trustdesk.gui.inspector.page import InspectorPage
    from trustdesk.gui.partners.page import PartnersPage
    from trustdesk.services.desk_values import SweepTotals


def tell_jobs(
    bar: StatusBar, partners: PartnersPage, handshake: HandshakePage, inspector: InspectorPage
) -> None:
    """Show the job that runs, or what the last sweep came to."""
    sweep, judging = partners.sweep, partners.judging
    if sweep.is_running:
        tally = sweep.tally
        words = msg("Sweep: {done} of {total}", done=tally.done, total=tally.total)
        bar.show_job(words, tally.done, tally.total, can_cancel=not sweep.is_cancelling)
    elif handshake.is_running:
        bar.show_job(msg("Handshake running"), 0, 0, can_cancel=True)
    elif partners.diagnosing.is_running:
        bar.show_job(msg("Diagnosing"), 0, 0, can_cancel=not partners.diagnosing.run.is_cancelling)
    elif judging.is_running:
        words = msg("Judging again: {done} of {total}", done=judging.done, total=judging.total)
        bar.show_job(words, judging.done, judging.total, can_cancel=True)
    elif inspector.is_reading:
        bar.show_job(msg("Reading files"), 0, 0, can_cancel=True)
    elif (progress := inspector.many.progress) is not None:
        bar.show_job(*progress, can_cancel=True)
    elif sweep.totals is not None:
        bar.show_rest(_summary(sweep.totals))
    else:
        bar.show_rest(msg("No jobs running"))


def cancel_job(partners: PartnersPage, handshake: HandshakePage, inspector: InspectorPage) -> None:
    """Cancel what `tell_jobs` shows."""
    if partners.sweep.is_running:
        partners.sweep.cancel()
    elif handshake.is_running:
        handshake.cancel()
    elif partners.diagnosing.is_running:
        partners.diagnosing.cancel()
    elif partners.judging.is_running:
        partners.judging.cancel()
    else:
        inspector.cancel_reading()


def _summary(totals: SweepTotals) -> Message:
    return msg(
        "Last sweep: {passed} passed, {warned} with warnings, {failed} failed in {seconds} s",
        passed=totals.passed,
        warned=totals.warned,
        failed=totals.failed,
        seconds=totals.duration_ms / 1000,
    )
