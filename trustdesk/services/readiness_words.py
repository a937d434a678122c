"""What came of each call of a readiness check, in a sentence, and what the calls are called."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.finding import FindingStatus, Severity, Verdict
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.plain_answer import PlainAnswer, PlainOutcome
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.readiness import HarmlessCall, Readiness
from trustdesk.services.probe_words import result_words

CALL_WORDS: dict[HarmlessCall, Message] = {
    HarmlessCall.HANDSHAKE: msg("TLS handshake"),
    HarmlessCall.WITHOUT_CREDENTIALS: msg("GET without credentials"),
    HarmlessCall.WITH_CERTIFICATE: msg("The same with our client certificate"),
    HarmlessCall.AUTHORISED: msg("GET with a token, strictly verified"),
    HarmlessCall.UNKNOWN_OBJECT: msg("GET of an object that nobody has"),
    HarmlessCall.OLD_VERSIONS: msg("ClientHello of old versions"),
    HarmlessCall.PLAIN_HTTP: msg("GET over plain HTTP"),
    HarmlessCall.PLAIN_AMQP: msg("Mechanisms of plain AMQP"),
    HarmlessCall.WRONG_CERTIFICATE: msg("Handshake with a throw-away certificate"),
    HarmlessCall.OWN_ENDPOINT: msg("Our own notifications endpoint"),
}

_VERSIONS = {
    "TLSv1.3": "TLS 1.3",
    "TLSv1.2": "TLS 1.2",
    "TLSv1.1": "TLS 1.1",
    "TLSv1": "TLS 1.0",
    "SSLv3": "SSL 3.0",
}
_PLAIN: dict[PlainOutcome, Message] = {
    PlainOutcome.ANSWERED: msg("answered"),
    PlainOutcome.REFUSED: msg("refused"),
    PlainOutcome.NOT_REACHED: msg("not reached"),
    PlainOutcome.SILENT: msg("silent"),
    PlainOutcome.CLOSED: msg("ended without an answer"),
    PlainOutcome.SOMETHING_ELSE: msg("answered in another protocol"),
}


def handshake_words(record: ProbeRecord) -> Message:
    """Return what was negotiated; where nothing was, what came instead."""
    if record.negotiated is None:
        return result_words(record)
    version = _VERSIONS.get(record.negotiated.version, record.negotiated.version)
    return msg("{version}, {suite}", version=version, suite=record.negotiated.cipher_suite)


def request_words(record: ProbeRecord) -> Message:
    """Return the answer to the GET of a probe; without one, how the probe ended."""
    if record.http is None:
        return result_words(record)
    return status_words(record.http.status)


def with_certificate_words(records: Sequence[ProbeRecord]) -> Message:
    """Return what came of each version."""
    words = [
        msg(
            "{version}: {outcome}",
            version=_VERSIONS.get(record.negotiated.version, record.negotiated.version),
            outcome=request_words(record),
        )
        for record in records
        if record.negotiated is not None
    ]
    match words:
        case []:
            return request_words(records[0])
        case [one]:
            return one
        case [first, second, *_]:
            return msg("{first}; {second}", first=first, second=second)
    raise AssertionError("every list matches")


def answer_words(answer: HttpAnswer) -> Message:
    """Return the status."""
    return status_words(answer.status)


def status_words(status: int) -> Message:
    """Return a status as an answer."""
    return msg("answered HTTP {status}", status=status)


def legacy_words(legacy: Sequence[LegacyVersion]) -> Message:
    """Return which old versions were accepted, or that none was."""
    accepted = [
        _VERSIONS.get(one.version, one.version) for one in legacy if one.answer is LegacyAnswer.ACCEPTED
    ]
    if accepted:
        return msg("accepted: {versions}", versions=listed(accepted))
    if any(one.answer is LegacyAnswer.UNKNOWN for one in legacy):
        return msg("not all of them answered")
    return msg("all refused")


def plain_words(answer: PlainAnswer) -> Message:
    """Return what the port did."""
    if answer.http is not None:
        return msg("port {port}: answered HTTP {status}", port=answer.port, status=answer.http.status)
    if answer.amqp is not None and answer.amqp.mechanisms:
        return msg(
            "port {port}: offers {mechanisms}", port=answer.port, mechanisms=listed(answer.amqp.mechanisms)
        )
    return msg("port {port}: {outcome}", port=answer.port, outcome=_PLAIN[answer.outcome])


def was_reached(record: ProbeRecord) -> bool:
    """Whether further calls can tell anything: TLS was spoken, or refused by alert."""
    spoke = record.negotiated is not None or bool(record.alerts)
    return spoke and record.outcome not in {Outcome.NOT_REACHED, Outcome.CANCELLED}


def shows_nothing(readiness: Readiness) -> bool:
    """Whether it was cancelled, or the endpoint did not even say which TLS it speaks."""
    return not readiness.is_whole or any(
        one.rule == "TLS-01" and one.status is FindingStatus.NOT_RUN for one in readiness.findings
    )


def verdict_words(readiness: Readiness) -> Message:
    """Return the verdict in a sentence: which rules fail, or what keeps it from being shown."""
    if not readiness.is_whole and readiness.verdict is not Verdict.FAIL:
        return msg("It was cancelled: not all was shown.")
    if shows_nothing(readiness) and readiness.verdict is not Verdict.FAIL:
        handshake = next((one.outcome for one in readiness.calls if one.outcome is not None), None)
        return msg("Nothing is known of it: {outcome}.", outcome=handshake or msg("it was not asked"))
    failed = [one.rule for one in readiness.findings if one.is_failure]
    warned = [one.rule for one in readiness.findings if one.is_warning]
    still_open = [
        one.rule
        for one in readiness.findings
        if one.status is FindingStatus.NOT_RUN and one.severity in {Severity.BLOCKER, Severity.ERROR}
    ]
    if failed:
        return msg("Not ready: {rules}.", rules=listed(list(dict.fromkeys(failed))))
    if warned and still_open:
        return msg(
            "Nothing fails; warnings: {rules}. Not run: {others}.",
            rules=listed(list(dict.fromkeys(warned))),
            others=listed(list(dict.fromkeys(still_open))),
        )
    if warned:
        return msg("Ready, with warnings: {rules}.", rules=listed(list(dict.fromkeys(warned))))
    if still_open:
        return msg(
            "Nothing fails, and not all was shown. Not run: {rules}.",
            rules=listed(list(dict.fromkeys(still_open))),
        )
    return msg("Ready for ONE Record.")
