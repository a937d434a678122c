"""The verdict of a diagnosis in a banner: the first cause, who has to act, and how our side stands."""

from __future__ import annotations

from datetime import datetime

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Responsible
from trustdesk.core.untrusted import visible
from trustdesk.gui.report_words import loudest_fact
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.preflight_words import preflight_sentence
from trustdesk.services.verdict_words import STATE_OF_VERDICT, WHO_ACTS

OF_ANOTHER_DAY = msg("Diagnosed at the present: it gives no verdict on the day in view.")
OF_OTHER_GROUNDS = msg(
    "Diagnosed before the trust list or the revocation data changed: it gives no verdict any more. "
    "Diagnose again."
)


def doubt_of(*, is_current: bool, at: datetime | None) -> Message | None:
    """Return why a diagnosis gives no verdict on what is in view; None where it does.

    Args:
        is_current: whether list and evidence are still those that it was judged by.
        at: the day in view; None for the present.
    """
    if not is_current:
        return OF_OTHER_GROUNDS
    return None if at is None else OF_ANOTHER_DAY


def state_of_diagnosis(diagnosis: Diagnosis) -> State:
    """Return the state that a diagnosis is shown with; without a cause nothing is proved."""
    if not diagnosis.hypotheses or diagnosis.probes[0].report.is_open:
        return State.UNKNOWN
    return STATE_OF_VERDICT[diagnosis.verdict]


def show_diagnosis_verdict(banner: VerdictBanner, diagnosis: Diagnosis) -> None:
    """Say the first cause; there must be one."""
    first = diagnosis.hypotheses[0]
    who = WHO_ACTS[first.responsible]
    preflight = preflight_sentence(
        diagnosis.preflight, blames_us=first.responsible in {Responsible.US, Responsible.CA}
    )
    action = who if preflight is None else msg("{who} {preflight}", who=who, preflight=preflight)
    banner.show_verdict(
        state_of_diagnosis(diagnosis),
        say(first.statement),
        say(action),
        loudest_fact(diagnosis.probes[0].report.record),
    )
    banner.setToolTip(visible(first.cause) if first.cause != "none" else "")
