"""The facts of a test, taken out of its report."""

from __future__ import annotations

from trustdesk.core.finding import FindingStatus
from trustdesk.core.observation import ObservationFacts
from trustdesk.core.probe import ProbeReport

_COUNTS_DAYS = frozenset({"CLI-02"})
"""Rules that only count days: they fail one morning without anything having been done."""


def observed_facts(report: ProbeReport) -> ObservationFacts:
    """Return how a test ended, without anything that another day alone would change.

    Args:
        report: as the probe left it, not judged again.
    """
    record = report.record
    negotiated, judgement, alert = record.negotiated, record.judgement, record.refusing_alert
    path = judgement.path if judgement is not None else ()
    failed = {one.rule for one in report.findings if one.status is FindingStatus.FAIL}
    return ObservationFacts(
        outcome=record.outcome,
        verdict=report.verdict,
        cause=report.explanation.cause,
        ended_in=record.ended_in,
        tls_version=negotiated.version if negotiated else None,
        cipher_suite=negotiated.cipher_suite if negotiated else None,
        group=negotiated.group if negotiated else None,
        alpn=negotiated.alpn if negotiated else None,
        requested=record.client_auth.requested,
        client_verdict=record.client_auth.verdict,
        alert=alert.code if alert else None,
        http_status=record.http.status if record.http else None,
        server_family=report.server_family,
        trusted=judgement.trusted if judgement else None,
        faults=judgement.faults if judgement else (),
        anchor=path[-1] if path else None,
        anchor_list=judgement.trust_list if judgement is not None and path else None,
        identity=record.identity.sha256 if record.identity else None,
        mechanisms=record.amqp.mechanisms if record.amqp else (),
        not_passed=tuple(sorted(failed - _COUNTS_DAYS)),
    )
