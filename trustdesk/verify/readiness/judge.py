"""All rules on one live endpoint, in the order of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict, verdict_of
from trustdesk.core.target import TargetProtocol
from trustdesk.verify.readiness.amqp_rules import amqp_findings
from trustdesk.verify.readiness.api_rules import api_findings
from trustdesk.verify.readiness.case import ReadinessCase
from trustdesk.verify.readiness.own_endpoint_rule import own_endpoint_ruling
from trustdesk.verify.readiness.tls_rules import tls_findings

_HEAVY = frozenset({Severity.BLOCKER, Severity.ERROR})


def endpoint_findings(case: ReadinessCase) -> tuple[Finding, ...]:
    """Apply every rule that concerns the endpoint's protocol."""
    tls = tls_findings(case, own_endpoint_ruling(case).finding)
    match case.target.protocol:
        case TargetProtocol.HTTPS:
            return (*tls, *api_findings(case))
        case TargetProtocol.AMQPS:
            return (*tls, *amqp_findings(case))
        case TargetProtocol.TLS:
            return tls


def readiness_verdict(findings: Iterable[Finding]) -> Verdict:
    """Return as `verdict_of`, but never pass while a blocker or an error was not run."""
    every = tuple(findings)
    verdict = verdict_of(every)
    open_ones = any(one.status is FindingStatus.NOT_RUN and one.severity in _HEAVY for one in every)
    return Verdict.WARN if verdict is Verdict.PASS and open_ones else verdict
