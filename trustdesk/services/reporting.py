"""From a record to the one document: rules applied, verdict given, cause named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Verdict, verdict_of
from trustdesk.core.probe import Outcome, ProbeRecord, ProbeReport
from trustdesk.diagnose.explain import explain
from trustdesk.diagnose.server_family import guess_family
from trustdesk.services.explaining import rule_book
from trustdesk.verify.handshake_rules import handshake_findings
from trustdesk.verify.revocation_rules import client_findings


def report_on(
    record: ProbeRecord,
    identity_issuers: Sequence[str] = (),
    client: CertificateFacts | None = None,
    client_titles: Mapping[str, str] = MappingProxyType({}),
) -> ProbeReport:
    """Make what is to be made of a record.

    Args:
        identity_issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first;
            empty when no identity was selected or its path is not known.
        client: read-outs of our certificate; None likewise.
        client_titles: what a person calls the certificates of our path, by SHA-256.
    """
    judged = record.judgement.findings if record.judgement is not None else ()
    ours = client_findings(client, record.client_revocation, client_titles, record.started_at)
    findings = (*judged, *ours, *handshake_findings(record, identity_issuers))
    verdict = verdict_of(findings) if record.outcome is Outcome.ACCEPTED else Verdict.FAIL
    family = guess_family([record])
    return ProbeReport(
        record=record,
        findings=findings,
        verdict=verdict,
        explanation=explain(record, findings, client, identity_issuers, rules=rule_book()),
        server_family=None if family is None else family.family.value,
    )
