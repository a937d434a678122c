"""Tests of an endpoint as a history keeps them, made by hand: one a day, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.observation import Change, Observation, ObservationFacts
from trustdesk.core.observation_changes import ServerCertificate, changes_between, past_of
from trustdesk.core.probe import Outcome, Phase
from trustdesk.core.trust import ServerFault

START = datetime(2026, 8, 23, 6, 0, tzinfo=UTC)
"""Of the first day."""

WORKS = ObservationFacts(
    outcome=Outcome.ACCEPTED,
    verdict=Verdict.PASS,
    cause="none",
    ended_in=Phase.DONE,
    tls_version="TLSv1.3",
    cipher_suite="TLS_AES_256_GCM_SHA384",
    client_verdict=ClientCertificateVerdict.ACCEPTED,
    http_status=401,
    server_family="nginx",
    trusted=True,
    anchor="ea" * 32,
    identity="c1" * 32,
)
EXPIRED = replace(
    WORKS,
    outcome=Outcome.UNTRUSTED_PEER,
    verdict=Verdict.FAIL,
    cause="server_cert_expired",
    client_verdict=ClientCertificateVerdict.UNKNOWN,
    trusted=False,
    faults=(ServerFault.EXPIRED,),
)
SILENT = ObservationFacts(
    outcome=Outcome.NOT_REACHED,
    verdict=Verdict.FAIL,
    cause="connect_timeout",
    ended_in=Phase.CONNECT,
    identity="c1" * 32,
)

CA, OTHER_CA = "ca" * 32, "cb" * 32
ISSUER, OTHER_ISSUER = "CN=Skybridge G3,O=Skybridge", r"CN=Meridian\, TLS CA 4,O=Meridian"
NAME, NEW_NAME = "DNS:1r.tamarind.example", "DNS:new.tamarind.example"


def certificate(
    digit: str, *, issuer: str = ISSUER, names: tuple[str, ...] = (NAME,), begins: float = -30, ends: float
) -> CertificateFacts:
    """Return the read-outs of a certificate; begin and end in days from START."""
    return CertificateFacts(
        der=b"",
        sha256=digit * 32,
        subject="CN=1r.tamarind.example",
        issuer=issuer,
        subject_common_name="1r.tamarind.example",
        subject_alt_names=names,
        not_before=START + timedelta(days=begins),
        not_after=START + timedelta(days=ends),
    )


CERTIFICATES = {
    one.sha256: one
    for one in (
        certificate("a1", ends=40),
        certificate("a2", begins=30, ends=130),
        certificate("a3", issuer=OTHER_ISSUER, begins=30, ends=130),
        certificate("a4", issuer=OTHER_ISSUER, names=(NAME, NEW_NAME), begins=40, ends=140),
        certificate("a5", begins=30, ends=130),
    )
}
FIRST, NEW_KEY, NEW_ISSUER, NEW_NAMES, SAME_KEY = CERTIFICATES
_KEYS = {FIRST: "51", SAME_KEY: "51", NEW_KEY: "52", NEW_ISSUER: "53", NEW_NAMES: "53"}
_COMPARED = {
    sha256: ServerCertificate(
        sha256=sha256,
        spki_sha256=_KEYS[sha256] * 32,
        issuer=facts.issuer or "",
        names=facts.subject_alt_names,
    )
    for sha256, facts in CERTIFICATES.items()
}


def observed(
    day: float,
    facts: ObservationFacts = WORKS,
    *,
    chain: tuple[str, ...] = (FIRST, CA),
    handshake_ms: float | None = 60.0,
) -> Observation:
    """Return a test on a day, counted from 0; one that did not get there presents nothing."""
    got_there = facts.outcome not in {Outcome.NOT_REACHED, Outcome.TIMED_OUT}
    return Observation(
        id=round(day * 100) + 1,
        endpoint_id=7,
        started_at=START + timedelta(days=day),
        facts=facts,
        chain=chain if got_there else (),
        handshake_ms=handshake_ms if got_there else None,
    )


def changes_of(observations: Iterable[Observation]) -> tuple[Change, ...]:
    """Return what changed from each to the next, oldest first."""
    found: list[Change] = []
    earlier: list[Observation] = []
    for one in observations:
        found += changes_between(past_of(reversed(earlier)), one, _COMPARED)
        earlier.append(one)
    return tuple(found)
