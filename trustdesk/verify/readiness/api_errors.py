"""API-09: a refusal is an api:Error that says what its status says."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import listed, msg
from trustdesk.formats.one_record_json import read_error
from trustdesk.formats.strict_json import JsonFault
from trustdesk.verify.case import Rule, Ruling
from trustdesk.verify.readiness.case import ReadinessCase

ERRORS = Rule(
    "API-09",
    Severity.WARNING,
    msg("Refusals are api:Error with a title, and with their HTTP status as code."),
    "ONE Record API 2.3 implementation-guidelines",
)

_REFUSALS = frozenset({401, 403, 404})
_REMEDY = msg("The partner should answer errors as the API describes them, behind its front end too.")


def error_ruling(case: ReadinessCase) -> Ruling:
    """Apply it to every refusal that was answered."""
    judgement = case.bare.judgement
    if judgement is None:
        return ERRORS.not_run(case.bare.error or msg("No certificate was presented."))
    if not judgement.trusted:
        return ERRORS.not_run(msg("The server is not trusted: what it says is not looked at."))
    # A front end's page about the client certificate is a verdict of TLS, and no answer of the API.
    probes = [
        record.answer
        for record in case.records
        if record.http is not None and record.http.certificate_refusal is None
    ]
    answers = [*probes, case.authorised, case.unknown_object]
    refusals = [one for one in answers if one is not None and one.status in _REFUSALS]
    if not refusals:
        return ERRORS.not_run(msg("Nothing was refused with HTTP 401, 403 or 404."))
    for answer in refusals:
        fault = _fault(answer)
        if fault is not None:
            return fault
    statuses = sorted({one.status for one in refusals})
    return ERRORS.passed(
        msg("In order with HTTP {statuses}.", statuses=listed([str(status) for status in statuses]))
    )


def _fault(answer: HttpAnswer) -> Ruling | None:
    status = answer.status
    try:
        error = read_error(answer.body)
    except JsonFault as fault:
        return ERRORS.warned(
            msg("HTTP {status} came without one: {reason}.", status=status, reason=fault.reason), _REMEDY
        )
    if not error.titles:
        return ERRORS.warned(msg("HTTP {status} came without hasTitle.", status=status), _REMEDY)
    if not error.codes:
        return ERRORS.warned(msg("HTTP {status} came without hasCode.", status=status), _REMEDY)
    if str(status) not in error.codes:
        return ERRORS.warned(
            msg("HTTP {status} came with hasCode {codes}.", status=status, codes=listed(error.codes)), _REMEDY
        )
    return None
