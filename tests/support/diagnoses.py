"""A diagnosis as the engine makes it, with a hostile partner in it."""

from __future__ import annotations

from tests.support import pki
from tests.support.probes import IDENTITY, asked, record, refused_by_alert
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import (
    CertificateChoice,
    Diagnosis,
    Evidence,
    FamilyGuess,
    Hypothesis,
    LegacyAnswer,
    LegacyVersion,
    ProbeVariant,
    ServerFamily,
    VariantProbe,
)
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeRecord, Responsible
from trustdesk.services.reporting import report_on

HOSTILE = "<b>|`*\u202e\x1b[31m=cmd"
_ROOT = pki.root()
CLIENT = pki.client(_ROOT, common_name="ACME").facts
SERVER = pki.server(_ROOT, common_name=HOSTILE).facts


def probe(number: int, taken: ProbeRecord, variant: ProbeVariant | None = None) -> VariantProbe:
    return VariantProbe(
        id=f"P{number}",
        variant=variant or ProbeVariant(),
        report=report_on(taken),
        purpose=msg("As it was given."),
    )


def diagnosis(client: CertificateFacts | None = CLIENT) -> Diagnosis:
    """A server that does not know our CA, most likely."""
    timeline = (
        TimelineEvent(at_ms=1.5, direction=Direction.OUT, message="client_hello", bytes=1500, detail=HOSTILE),
        TimelineEvent(at_ms=4.0, direction=Direction.IN, message="alert", bytes=2, encrypted=True),
    )
    refused = refused_by_alert(48, asked(sent=True), presented_chain=(SERVER,), timeline=timeline)
    without = record(client_auth=asked())
    finding = Finding(
        rule="CLI-01",
        status=FindingStatus.PASS,
        severity=Severity.BLOCKER,
        title=msg("Certificate is within its validity period"),
        evidence=msg("Valid."),
        source="RFC 5280 4.1.2.5",
    )
    return Diagnosis(
        target=refused.target,
        identity=None if client is None else IDENTITY,
        started_at=pki.NOW,
        duration_ms=812.5,
        preflight=(finding,),
        probes=(probe(1, refused), probe(2, without, ProbeVariant(certificate=CertificateChoice.NONE))),
        legacy=(LegacyVersion(version="TLSv1.1", answer=LegacyAnswer.REFUSED, detail="closed"),),
        family=FamilyGuess(family=ServerFamily.NGINX, certain=True, evidence=msg("It says so.")),
        hypotheses=(
            Hypothesis(
                cause="client_ca_not_trusted",
                confidence=0.82,
                responsible=Responsible.PARTNER,
                statement=msg("The server does not know the CA {ca}.", ca=HOSTILE),
                evidence=(
                    Evidence(probe="P1", fact=msg("Alert {name} came back.", name="unknown_ca"), weight=3.0),
                    Evidence(probe=None, fact=msg("Our certificate is valid."), weight=0.5),
                ),
                remedy=msg("Add the CA to the list."),
                log_hint="client SSL certificate verify error: (20:unable to get local issuer certificate)",
                separated_by=msg("The partner's log."),
                same_as=("server_crl_missing",),
            ),
            Hypothesis(
                cause="server_crl_missing",
                confidence=0.16,
                responsible=Responsible.PARTNER,
                statement=msg("The server has no CRL of our CA."),
                evidence=(),
                remedy=msg("Load the CRL."),
            ),
            Hypothesis(
                cause="client_chain_incomplete",
                confidence=0.02,
                responsible=Responsible.US,
                statement=msg("An intermediate was not sent."),
                evidence=(),
                remedy=None,
            ),
        ),
        limit=msg("Nothing else would separate them."),
        verdict=Verdict.FAIL,
    )
