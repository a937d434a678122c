"""What a report does not tell, said plainly: everything that was not looked into, and why.

A reader takes silence for a pass. So each part of a check that did not take place has a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import NOT_TOLD, ProbeReport
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.services.board import State
from trustdesk.services.review import EndpointReview

_RAN = frozenset({FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL})

_REVOKED = "REV-04"
"""The rule that no certificate of the server's path is revoked."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was not checked.

    Attributes:
        what: in a few words.
        why: in a sentence.
        rule: id of the rule that was not run; "" for what is no rule.
    """

    what: Message
    why: Message
    rule: str = ""


def gaps_of(review: EndpointReview) -> tuple[Gap, ...]:
    """Return what was not checked at an endpoint: the test itself first, then what surrounds it."""
    report = review.report
    if report is None:
        tested: tuple[Gap, ...] = (
            Gap(
                msg("Everything on the connection: TLS, certificates, client certificate"),
                msg("It was not tested as it is set up now."),
            ),
        )
    else:
        checked = () if review.readiness is None else review.readiness.findings
        tested = (*_of_test(report), *_of_rules(report.findings, _ran(checked)))
    # What neither the last test nor the readiness check ran is said once.
    found = (*tested, *_of_surroundings(review))
    return tuple({(one.rule, one.what, one.why): one for one in found}.values())


def _ran(findings: Sequence[Finding]) -> frozenset[str]:
    """Return the rules that were run, and nowhere not: one may be there for each of several certificates."""
    left_open = {one.rule for one in findings if one.status is FindingStatus.NOT_RUN}
    return frozenset(one.rule for one in findings if one.status in _RAN) - left_open


def _of_test(report: ProbeReport) -> Iterator[Gap]:
    record, rejudged = report.record, report.rejudged
    if rejudged is not None and rejudged.is_open:
        yield Gap(
            msg("The verdict for the day in view"),
            msg("What was seen in the test of {at} does not tell how it would end.", at=record.started_at),
        )
    outcome = record.outcome if rejudged is None else rejudged.outcome
    if outcome in NOT_TOLD:
        yield Gap(
            msg("Everything behind the point where the test ended"),
            msg(
                "The endpoint was not reached, or gave no answer in time; that is not the partner's failure."
            ),
        )
    if not record.presented_chain:
        yield Gap(msg("The server's certificate"), msg("The server presented none."))
    if record.identity is None:
        yield Gap(
            msg("Whether the partner accepts our certificate"),
            msg("The test was made without a client certificate."),
        )
    elif not record.client_auth.sent:
        yield Gap(
            msg("Whether the partner accepts our certificate"),
            record.credential_error or msg("It was not presented."),
        )
    elif not record.client_revocation:
        yield Gap(msg("Revocation of our own certificate"), msg("Nobody was asked, and no list was given."))
    if record.judgement is not None:
        titles = {one.sha256: one.title for one in record.presented_chain}
        # The rule says it for all of them.
        is_said = any(one.rule == _REVOKED and one.status is FindingStatus.NOT_RUN for one in report.findings)
        for check in () if is_said else record.judgement.revocation:
            yield from _of_revocation(check, titles.get(check.certificate, check.certificate[:16]))
    others = len(record.addresses) - 1
    if others > 0 and record.address is not None:
        yield Gap(
            msg_n("{count} more address of the host", "{count} more addresses of the host", others),
            msg("The test went to {address} alone.", address=record.address),
        )


def _of_revocation(check: RevocationCheck, title: str) -> Iterator[Gap]:
    if check.exempt is not None or check.status not in {
        RevocationStatus.UNKNOWN,
        RevocationStatus.UNAVAILABLE,
    }:
        return
    yield Gap(
        msg("Whether {certificate} is revoked", certificate=title),
        check.reason or msg("No source was asked, or none of them says."),
    )


def _of_rules(findings: Sequence[Finding], elsewhere: frozenset[str]) -> Iterator[Gap]:
    for finding in findings:
        if finding.status is FindingStatus.NOT_RUN and finding.rule not in elsewhere:
            yield Gap(finding.title, finding.evidence, finding.rule)


def _of_surroundings(review: EndpointReview) -> Iterator[Gap]:
    tested = review.report is not None
    if tested and review.diagnosis is None and review.row.state not in {State.GOOD, State.NOT_APPLICABLE}:
        yield Gap(
            msg("Further causes"),
            msg("No diagnosis was run: the cause named rests on one test alone."),
        )
    if review.readiness is None:
        yield Gap(
            msg("Readiness for ONE Record: transport, API or broker"), msg("The check was not run here.")
        )
    else:
        tested_rules = () if review.report is None else review.report.findings
        yield from _of_rules(review.readiness.findings, _ran(tested_rules))
    if review.awaits_decision:
        yield Gap(
            msg("Whether its certificate is the one to expect"),
            msg("It is new here, and nobody has decided on it yet."),
        )
    if review.changes is None:
        yield Gap(msg("What changed since earlier tests"), msg("The history was not read."))
