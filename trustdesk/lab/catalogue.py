"""The partner servers of the lab as data: how each behaves, and the truth about it.

Expected outcomes and causes hold for a probe with the named identity, or without one, against the lab's
trust list. The organisations are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.probe import Outcome
from trustdesk.core.target import TargetProtocol
from trustdesk.lab.description import NO_CAUSE


class ServerCertificate(StrEnum):
    """What certificate, and which chain, a server presents."""

    GOOD = "good"
    GOOD_RSA = "good_rsa"
    CROSS_SIGNED = "cross_signed"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_NAME = "wrong_name"
    WITHOUT_INTERMEDIATE = "without_intermediate"
    UNLISTED_CA = "unlisted_ca"
    SELF_SIGNED = "self_signed"
    HOSTILE = "hostile"


class Versions(StrEnum):
    """The TLS versions a server speaks."""

    MODERN = "1.2-1.3"
    TLS13 = "1.3"
    TLS12 = "1.2"
    TLS11 = "1.1"


class ClientPolicy(StrEnum):
    """What a server does about client certificates.

    NONE does not ask. REQUIRED refuses in TLS. IN_HTTP takes any or none in TLS and refuses by HTTP 400,
    as nginx does. OBSERVED takes any or none and only tells what it received.
    """

    NONE = "none"
    REQUIRED = "required"
    IN_HTTP = "in_http"
    OBSERVED = "observed"


class Behaviour(StrEnum):
    """What a server does with a connection."""

    ANSWER = "answer"
    PLAIN_HTTP = "plain_http"
    STALL = "stall"
    RESET = "reset"
    GARBAGE = "garbage"


class IdentityName(StrEnum):
    """The client identities of the lab."""

    GOOD = "client-good"
    EXPIRED = "client-expired"
    NOT_YET_VALID = "client-not-yet-valid"
    SERVER_AUTH_ONLY = "client-server-auth-only"
    UNKNOWN_CA = "client-unknown-ca"
    LEAF_ONLY = "client-leaf-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSpec:
    """One server of the catalogue; see `LabServer` for what the shared attributes mean.

    Attributes:
        company_id: the partner's identifier; its lower-case form makes the DNS name.
        age_days: how long the server has had its certificate.
        former: what kind of certificate it had before; None for the first one.
    """

    name: str
    partner: str
    company_id: str
    protocol: TargetProtocol = TargetProtocol.HTTPS
    certificate: ServerCertificate = ServerCertificate.GOOD
    versions: Versions = Versions.MODERN
    client_policy: ClientPolicy = ClientPolicy.NONE
    behaviour: Behaviour = Behaviour.ANSWER
    fault: str | None = None
    outcome: Outcome = Outcome.ACCEPTED
    cause: str = NO_CAUSE
    identity: IdentityName | None = None
    age_days: int = 0
    former: ServerCertificate | None = None

    @property
    def dns_name(self) -> str:
        """The name that the server goes by, under `.example`."""
        return f"onerecord.{self.company_id.lower()}.example"


def load_endpoint(number: int) -> ServerSpec:
    """Return the healthy endpoint `number`, counted from 1; all of them share one certificate."""
    return ServerSpec(
        name=f"load-{number:03}",
        partner=f"Load Partner {number:03}",
        company_id="LOAD-PARTNERS",
        versions=Versions.TLS13,
    )


_HEALTHY = (
    ServerSpec(
        name="healthy-tls13",
        partner="Nordwind Cargo",
        company_id="NORDWIND-CARGO",
        versions=Versions.TLS13,
        age_days=12,
        former=ServerCertificate.GOOD,
    ),
    ServerSpec(
        name="healthy-mtls-tls12",
        partner="Silberreiher Freight",
        company_id="SILBERREIHER",
        versions=Versions.TLS12,
        client_policy=ClientPolicy.REQUIRED,
        identity=IdentityName.GOOD,
        age_days=96,
    ),
    ServerSpec(
        name="healthy-mtls-tls13",
        partner="Tamarisk Air",
        company_id="TAMARISK-AIR",
        versions=Versions.TLS13,
        client_policy=ClientPolicy.REQUIRED,
        identity=IdentityName.GOOD,
        age_days=64,
    ),
    ServerSpec(
        name="healthy-cross-signed",
        partner="Brückenpfeiler Forwarding",
        company_id="BRUECKENPFEILER",
        certificate=ServerCertificate.CROSS_SIGNED,
        age_days=5,
        former=ServerCertificate.GOOD,
    ),
    ServerSpec(
        name="healthy-tls12-only",
        partner="Old Harbour Logistics",
        company_id="OLD-HARBOUR",
        certificate=ServerCertificate.GOOD_RSA,
        versions=Versions.TLS12,
        age_days=40,
    ),
    ServerSpec(
        name="healthy-amqps-mtls",
        partner="Flurfunk Messaging",
        company_id="FLURFUNK",
        protocol=TargetProtocol.AMQPS,
        client_policy=ClientPolicy.REQUIRED,
        identity=IdentityName.GOOD,
        age_days=78,
    ),
)

_FAULTY_CERTIFICATE = (
    ServerSpec(
        name="expired",
        partner="Zeitlos Air Freight",
        company_id="ZEITLOS",
        certificate=ServerCertificate.EXPIRED,
        fault="certificate expired",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_cert_expired",
    ),
    ServerSpec(
        name="not-yet-valid",
        partner="Morgenrot Cargo",
        company_id="MORGENROT",
        certificate=ServerCertificate.NOT_YET_VALID,
        fault="certificate not yet valid",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_cert_not_yet_valid",
    ),
    ServerSpec(
        name="wrong-name",
        partner="Umgezogen Handling",
        company_id="UMGEZOGEN",
        certificate=ServerCertificate.WRONG_NAME,
        fault="certificate for another name",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_name_mismatch",
    ),
    ServerSpec(
        name="missing-intermediate",
        partner="Kettenglied Handling",
        company_id="KETTENGLIED",
        certificate=ServerCertificate.WITHOUT_INTERMEDIATE,
        fault="intermediate certificate not sent",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_missing_intermediate",
    ),
    ServerSpec(
        name="unlisted-ca",
        partner="Fernland Air",
        company_id="FERNLAND-AIR",
        certificate=ServerCertificate.UNLISTED_CA,
        fault="CA not on the list",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_ca_not_in_list",
    ),
    ServerSpec(
        name="self-signed",
        partner="Eigenbrot Logistics",
        company_id="EIGENBROT",
        certificate=ServerCertificate.SELF_SIGNED,
        fault="self-signed certificate",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_self_signed",
    ),
    ServerSpec(
        name="hostile-certificate",
        partner="Trickster Freight",
        company_id="TRICKSTER",
        certificate=ServerCertificate.HOSTILE,
        fault="certificate with hostile text, CA not on the list",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_ca_not_in_list",
    ),
    ServerSpec(
        name="untrusted-mtls",
        partner="Neugierig Forwarding",
        company_id="NEUGIERIG",
        certificate=ServerCertificate.UNLISTED_CA,
        client_policy=ClientPolicy.OBSERVED,
        fault="CA not on the list, asks for a client certificate",
        outcome=Outcome.UNTRUSTED_PEER,
        cause="server_ca_not_in_list",
        identity=IdentityName.GOOD,
    ),
)


def _refusing(
    name: str,
    partner: str,
    company_id: str,
    *,
    fault: str,
    cause: str,
    identity: IdentityName | None,
    versions: Versions = Versions.MODERN,
    client_policy: ClientPolicy = ClientPolicy.REQUIRED,
) -> ServerSpec:
    return ServerSpec(
        name=name,
        partner=partner,
        company_id=company_id,
        versions=versions,
        client_policy=client_policy,
        fault=fault,
        outcome=Outcome.REJECTED_BY_PEER,
        cause=cause,
        identity=identity,
    )


_REFUSING = (
    _refusing(
        "mtls-none-sent",
        "Ausweis Air Cargo",
        "AUSWEIS",
        fault="no client certificate is refused",
        cause="client_cert_required",
        identity=None,
    ),
    _refusing(
        "mtls-unknown-ca",
        "Marlowe & Quill Forwarding",
        "MARLOWE-QUILL",
        fault="client certificate of an unknown CA is refused",
        cause="client_ca_not_trusted",
        identity=IdentityName.UNKNOWN_CA,
    ),
    _refusing(
        "mtls-expired-client",
        "Petrel Handling",
        "PETREL",
        fault="expired client certificate is refused",
        cause="client_cert_expired",
        identity=IdentityName.EXPIRED,
        versions=Versions.TLS12,
    ),
    _refusing(
        "mtls-not-yet-valid-client",
        "Vorlauf Cargo",
        "VORLAUF",
        fault="client certificate that is not yet valid is refused",
        cause="client_cert_not_yet_valid",
        identity=IdentityName.NOT_YET_VALID,
    ),
    _refusing(
        "mtls-no-client-auth",
        "Zweckmann Logistics",
        "ZWECKMANN",
        fault="client certificate without clientAuth is refused",
        cause="client_eku_missing_client_auth",
        identity=IdentityName.SERVER_AUTH_ONLY,
    ),
    _refusing(
        "mtls-leaf-only",
        "Einzelblatt Freight",
        "EINZELBLATT",
        fault="client certificate without its intermediate is refused",
        cause="client_chain_incomplete",
        identity=IdentityName.LEAF_ONLY,
    ),
    _refusing(
        "front-end-none-sent",
        "Torwart Cargo Gateway",
        "TORWART",
        fault="no client certificate is refused by HTTP 400",
        cause="client_cert_required",
        identity=None,
        client_policy=ClientPolicy.IN_HTTP,
    ),
    _refusing(
        "front-end-expired-client",
        "Schlagbaum Freight Gateway",
        "SCHLAGBAUM",
        fault="expired client certificate is refused by HTTP 400",
        cause="client_cert_expired",
        identity=IdentityName.EXPIRED,
        client_policy=ClientPolicy.IN_HTTP,
    ),
)

_MISBEHAVING = (
    ServerSpec(
        name="tls11-only",
        partner="Dampfross Cargo",
        company_id="DAMPFROSS",
        versions=Versions.TLS11,
        fault="TLS 1.1 only",
        cause="server_legacy_protocol_only",
    ),
    ServerSpec(
        name="plain-http",
        partner="Klartext Handling",
        company_id="KLARTEXT",
        behaviour=Behaviour.PLAIN_HTTP,
        fault="plain HTTP on the TLS port",
        outcome=Outcome.NOT_TLS,
        cause="not_tls_plain_http",
    ),
    ServerSpec(
        name="stall",
        partner="Schweigsam Air",
        company_id="SCHWEIGSAM",
        behaviour=Behaviour.STALL,
        fault="silent after the ClientHello",
        outcome=Outcome.TIMED_OUT,
        cause="handshake_stalled",
    ),
    ServerSpec(
        name="reset",
        partner="Tuerzu Logistics",
        company_id="TUERZU",
        behaviour=Behaviour.RESET,
        fault="reset after the ClientHello",
        outcome=Outcome.REJECTED_BY_PEER,
        cause="connection_reset_early",
    ),
    ServerSpec(
        name="garbage",
        partner="Kauderwelsch Cargo",
        company_id="KAUDERWELSCH",
        behaviour=Behaviour.GARBAGE,
        fault="garbage after the ServerHello",
        outcome=Outcome.NOT_TLS,
        cause="protocol_violation",
    ),
)

CATALOGUE: tuple[ServerSpec, ...] = (*_HEALTHY, *_FAULTY_CERTIFICATE, *_REFUSING, *_MISBEHAVING)
"""The base set, in the order of the lab's lines: healthy, untrusted, refusing, misbehaving."""
