"""The history of an endpoint: every test in a few values, and what changed from one to the next.

What does not change from day to day (`ObservationFacts`) is kept once, however often it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.probe import NOT_TOLD, Outcome, Phase
from trustdesk.core.trust import ServerFault


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFacts:
    """How a test ended, without anything that another day alone would change.

    Attributes:
        verdict: as it was when it was tested.
        cause: code of the vocabulary of causes; "none" when nothing is wrong.
        tls_version, cipher_suite, group: as in `Negotiated`; None when no handshake got that far.
        alert: code that the peer refused with; None when it did not.
        http_status: of the answer; None without one.
        trusted: whether the server's certificate was trusted; None when it was not judged.
        faults: why it was not, worst first.
        anchor: SHA-256 of the CA at which its path ended; None without a path.
        anchor_list: name of the list that has it.
        identity: SHA-256 of the client certificate that was selected; None for none.
        mechanisms: SASL mechanisms that an AMQP listener offered.
        not_passed: rules that failed, sorted, but for those that only count days (CLI-02).
    """

    outcome: Outcome
    verdict: Verdict
    cause: str
    ended_in: Phase
    tls_version: str | None = None
    cipher_suite: str | None = None
    group: str | None = None
    alpn: str | None = None
    requested: CertificateRequested = CertificateRequested.UNKNOWN
    client_verdict: ClientCertificateVerdict = ClientCertificateVerdict.UNKNOWN
    alert: int | None = None
    http_status: int | None = None
    server_family: str | None = None
    trusted: bool | None = None
    faults: tuple[ServerFault, ...] = ()
    anchor: str | None = None
    anchor_list: str | None = None
    identity: str | None = None
    mechanisms: tuple[str, ...] = ()
    not_passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One test of an endpoint.

    Attributes:
        endpoint_id: None for a target that is no endpoint of the directory.
        chain: SHA-256 of what was presented, end entity first; empty when nothing was.
        handshake_ms, first_byte_ms: None when it did not get that far.
        changed: whether it showed something that was otherwise before; never of the first.
        has_report: whether the whole report is still kept; older ones give way (`WorkspaceSettings`).
    """

    id: int
    endpoint_id: int | None
    started_at: datetime
    facts: ObservationFacts
    chain: tuple[str, ...] = ()
    handshake_ms: float | None = None
    first_byte_ms: float | None = None
    changed: bool = False
    has_report: bool = False

    @property
    def is_conclusive(self) -> bool:
        """Whether the partner was reached: what a network kept from it tells nothing of the partner."""
        return self.facts.outcome not in NOT_TOLD


class ChangeKind(StrEnum):
    """What can change at an endpoint from one test to the next."""

    NOW_FAILS = "now_fails"
    NOW_WORKS = "now_works"
    CAUSE = "cause"
    UNREACHABLE = "unreachable"
    REACHABLE = "reachable"
    CERTIFICATE = "certificate"
    KEY = "key"
    ISSUER = "issuer"
    NAMES = "names"
    CHAIN = "chain"
    ANCHOR = "anchor"
    TRUST_GAINED = "trust_gained"
    TRUST_LOST = "trust_lost"
    TLS_VERSION = "tls_version"
    CIPHER_SUITE = "cipher_suite"
    CLIENT_CERTIFICATE = "client_certificate"
    CLIENT_VERDICT = "client_verdict"
    SERVER_SOFTWARE = "server_software"
    HTTP_STATUS = "http_status"
    MECHANISMS = "mechanisms"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed at an endpoint.

    Attributes:
        at: start of the test that showed it.
        before, after: the values, technical and in no language: "TLSv1.2", a cause's code, a SHA-256, an RFC
            4514 name; "" for none.
    """

    kind: ChangeKind
    endpoint_id: int
    observation_id: int
    at: datetime
    before: str = ""
    after: str = ""
