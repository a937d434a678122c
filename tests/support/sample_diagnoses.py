"""A diagnosis of an invented partner that refuses our certificate, as the pages show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support import samples
from trustdesk.core.diagnosis import (
    CertificateChoice,
    ClientBehaviour,
    Diagnosis,
    Evidence,
    FamilyGuess,
    GroupChoice,
    Hypothesis,
    IdentityMatch,
    LegacyAnswer,
    LegacyVersion,
    ProbeVariant,
    ServerFamily,
    TlsVersions,
    VariantProbe,
    WouldSend,
)
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequested,
    ClientCertificateVerdict,
    Negotiated,
)
from trustdesk.core.message import msg
from trustdesk.core.probe import Outcome, Phase, ProbeReport, Responsible

TLS12 = Negotiated(
    version="TLSv1.2", cipher_suite="TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", group="secp256r1"
)


def refused(code: int, name: str, *, sent: bool, version_12: bool = False) -> ProbeReport:
    """The partner refused with an alert, with our certificate or for want of one."""
    report = samples.rejected_client()
    record = report.record
    auth = replace(
        record.client_auth,
        sent=sent,
        requested=CertificateRequested.UNKNOWN if sent else CertificateRequested.REQUIRED,
        verdict=ClientCertificateVerdict.REJECTED,
    )
    alert = Alert(direction=AlertDirection.RECEIVED, level="fatal", code=code, name=name, at_ms=132.4)
    record = replace(
        record,
        identity=samples.IDENTITY if sent else None,
        outcome=Outcome.REJECTED_BY_PEER,
        ended_in=Phase.HANDSHAKE if version_12 else Phase.SETTLE,
        client_auth=auth,
        alerts=(alert,),
        negotiated=TLS12 if version_12 else record.negotiated,
    )
    return replace(report, record=record)


def probe(number: int, report: ProbeReport, variant: ProbeVariant, purpose: str) -> VariantProbe:
    return VariantProbe(id=f"P{number}", variant=variant, report=report, purpose=msg(purpose))


def finding(rule: str, status: FindingStatus) -> Finding:
    return Finding(
        rule=rule,
        status=status,
        severity=Severity.ERROR,
        title=msg("A rule on our certificate"),
        evidence=msg("It was looked at."),
        source="RFC 5280",
    )


def matches() -> tuple[IdentityMatch, ...]:
    """One identity that some clients would not send."""
    behaviours = (
        ("OpenSSL, curl, Python, Node", WouldSend.YES, msg("It sends what it is given.")),
        ("Java", WouldSend.NO, msg("The server names none of its issuers.")),
        ("Go", WouldSend.NO, msg("The server names none of its issuers.")),
        (".NET", WouldSend.MAYBE, msg("It depends on the store.")),
    )
    return tuple(
        IdentityMatch(
            name=name,
            sha256=digit * 64,
            behaviours=tuple(
                ClientBehaviour(client=client, would_send=sends, reason=reason)
                for client, sends, reason in behaviours
            ),
        )
        for name, digit in (("client-good", "a"), ("client-expired", "b"))
    )


def probes() -> tuple[VariantProbe, ...]:
    """The target as given, then what separates the causes."""
    none = CertificateChoice.NONE
    return (
        probe(1, refused(48, "unknown_ca", sent=True), ProbeVariant(), "The target as it was given."),
        probe(
            2,
            refused(116, "certificate_required", sent=False),
            ProbeVariant(certificate=none),
            "Whether it insists on a certificate.",
        ),
        probe(
            3,
            refused(40, "handshake_failure", sent=False, version_12=True),
            ProbeVariant(certificate=none, versions=TlsVersions.TLS_1_2),
            "Whether TLS 1.2 insists as well.",
        ),
        probe(
            4,
            refused(48, "unknown_ca", sent=True, version_12=True),
            ProbeVariant(versions=TlsVersions.TLS_1_2),
            "Whether TLS 1.2 fails with the same alert.",
        ),
        probe(
            5,
            refused(48, "unknown_ca", sent=True),
            ProbeVariant(groups=GroupChoice.CLASSIC),
            "Whether it is the size of the ClientHello.",
        ),
    )


def diagnosis() -> Diagnosis:
    """Most likely their list does not hold our CA."""
    made = probes()
    first = made[0].report.record
    return Diagnosis(
        target=first.target,
        identity=samples.IDENTITY,
        started_at=first.started_at - timedelta(seconds=1),
        duration_ms=1102.0,
        preflight=tuple(finding(f"CLI-{number:02}", FindingStatus.PASS) for number in range(1, 20)),
        probes=made,
        legacy=(
            LegacyVersion(version="TLSv1.1", answer=LegacyAnswer.REFUSED),
            LegacyVersion(version="TLSv1", answer=LegacyAnswer.REFUSED),
        ),
        family=FamilyGuess(
            family=ServerFamily.NGINX, certain=True, evidence=msg("Its answer says so in the Server header.")
        ),
        hypotheses=(
            Hypothesis(
                cause="client_ca_not_trusted",
                confidence=0.82,
                responsible=Responsible.PARTNER,
                statement=msg("Their list does not hold our CA"),
                evidence=(
                    Evidence(
                        probe="P1", fact=msg("Alert unknown_ca came back 74 ms after our Finished."), weight=3
                    ),
                    Evidence(
                        probe="P1", fact=msg("Fjordsign Root 2021 is not among their 6 CA names."), weight=2
                    ),
                    Evidence(
                        probe="P4",
                        fact=msg("TLS 1.2 fails with the same alert, so the version is not it."),
                        weight=1,
                    ),
                    Evidence(probe=None, fact=msg("What we send leads up to a root."), weight=-0.5),
                ),
                remedy=msg(
                    "Add {ca} to the CAs accepted for client certificates, then reload.",
                    ca="Fjordsign Root 2021",
                ),
                log_hint="client SSL certificate verify error: (20:unable to get local issuer certificate) "
                "while reading client request headers",
                same_as=("server_crl_missing", "depth_too_short"),
                separated_by=msg("The partner's error log names the number of the verification error."),
            ),
            Hypothesis(
                cause="client_chain_incomplete",
                confidence=0.11,
                responsible=Responsible.US,
                statement=msg("Our intermediate was not sent"),
                evidence=(Evidence(probe="P1", fact=msg("One certificate was sent."), weight=1),),
                remedy=msg("Put the intermediate behind the certificate in the file."),
            ),
            Hypothesis(
                cause="server_crl_missing",
                confidence=0.05,
                responsible=Responsible.PARTNER,
                statement=msg(
                    "The partner's server has no revocation list of the CA that issued our certificate, and "
                    "insists on one"
                ),
                evidence=(),
                remedy=msg("Load the CRL."),
            ),
        ),
        identities=matches(),
        limit=None,
        verdict=Verdict.FAIL,
    )
