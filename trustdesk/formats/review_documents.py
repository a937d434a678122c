"""The document `trustdesk.review/1`: everything on one partner, for programs.

Keys, in this order: `schema`, `made_at`, `evaluated_at` (null for the present), `partner` (`name`,
`company_id`, `role`?, `one_record_ids`, `contacts`, `tags`, `note`), `endpoints`, `summary` (`pass`, `warn`,
`fail`, `not_run`). An endpoint: `endpoint`, `identity`?, `note`, `state`, `result` (`trustdesk.probe/1`, null
when it was never tested), `diagnosis` (`trustdesk.diagnosis/1`), `readiness` (`at`, `verdict`, `findings`,
`calls`), `changes` (`at`, `text`, `details`), `endings` (`what`, `ends_at`, `days_left`, `state`), each null
where nobody has looked, and `not_checked` (`rule`?, `what`, `why`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint, Partner
from trustdesk.core.probe import ProbeReport
from trustdesk.core.readiness import CallMade, Readiness
from trustdesk.formats.diagnosis_documents import diagnosis_document
from trustdesk.formats.document_values import Words, finding_value, instant, optional, utf8
from trustdesk.formats.documents import probe_document

SCHEMA = "trustdesk.review/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedEndpoint:
    """One endpoint as the document has it.

    Attributes:
        state: value of `services.board.State`.
        report: None when it was never tested.
        changes: instants, words and further lines, newest first; None where no history was read.
        endings: what, when, whole days left from the day judged for, state; None where nobody has looked.
        not_checked: rule ("" for none), what, why.
    """

    endpoint: Endpoint
    state: str
    report: ProbeReport | None
    diagnosis: Diagnosis | None
    readiness: Readiness | None
    changes: Sequence[tuple[datetime, Message, Sequence[Message]]] | None
    endings: Sequence[tuple[Message, datetime, int, str]] | None
    not_checked: Sequence[tuple[str, Message, Message]]


def review_document(
    partner: Partner,
    endpoints: Sequence[ReviewedEndpoint],
    text: Words,
    *,
    made_at: datetime,
    evaluated_at: datetime | None,
) -> dict[str, object]:
    """Return the document.

    Args:
        endpoints: in the order in which they are to stand.
        text: turns a sentence into words.
        made_at: the present.
        evaluated_at: what certificates are judged for; None for the present.
    """
    summary = {"pass": 0, "warn": 0, "fail": 0, "not_run": 0}
    for one in endpoints:
        summary["not_run" if one.report is None or one.report.is_open else one.report.verdict.value] += 1
    return {
        "schema": SCHEMA,
        "made_at": instant(made_at),
        "evaluated_at": optional(evaluated_at, instant),
        "partner": _partner(partner),
        "endpoints": [_endpoint(one, text) for one in endpoints],
        "summary": summary,
    }


def _partner(partner: Partner) -> dict[str, object]:
    return {
        "name": utf8(partner.name),
        "company_id": utf8(partner.company_id),
        "role": None if partner.role is None else partner.role.value,
        "one_record_ids": [utf8(one) for one in partner.one_record_ids],
        "contacts": [
            {
                "name": utf8(one.name),
                "duty": utf8(one.duty),
                "email": utf8(one.email),
                "phone": utf8(one.phone),
            }
            for one in partner.contacts
        ],
        "tags": [utf8(tag) for tag in partner.tags],
        "note": utf8(partner.note),
    }


def _endpoint(one: ReviewedEndpoint, text: Words) -> dict[str, object]:
    return {
        "endpoint": one.endpoint.target.endpoint,
        "identity": utf8(one.endpoint.identity),
        "note": utf8(one.endpoint.note),
        "state": one.state,
        "result": None if one.report is None else probe_document(one.report, text),
        "diagnosis": None if one.diagnosis is None else diagnosis_document(one.diagnosis, text),
        "readiness": None if one.readiness is None else _readiness(one.readiness, text),
        "changes": None
        if one.changes is None
        else [
            {"at": instant(at), "text": utf8(text(words)), "details": [utf8(text(line)) for line in details]}
            for at, words, details in one.changes
        ],
        "endings": None
        if one.endings is None
        else [
            {"what": utf8(text(what)), "ends_at": instant(at), "days_left": days, "state": state}
            for what, at, days, state in one.endings
        ],
        "not_checked": [
            {"rule": rule or None, "what": utf8(text(what)), "why": utf8(text(why))}
            for rule, what, why in one.not_checked
        ],
    }


def _readiness(readiness: Readiness, text: Words) -> dict[str, object]:
    return {
        "at": instant(readiness.at),
        "verdict": readiness.verdict.value,
        "findings": [finding_value(finding, text) for finding in readiness.findings],
        "calls": [_call(call, text) for call in readiness.calls],
    }


def _call(call: CallMade, text: Words) -> dict[str, object]:
    return {
        "call": call.call.value,
        "made": call.not_made is None,
        "outcome": None if call.outcome is None else utf8(text(call.outcome)),
        "not_made": None if call.not_made is None else utf8(text(call.not_made)),
    }
