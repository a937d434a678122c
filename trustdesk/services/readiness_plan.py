"""What a readiness check is asked for, and which calls come of it in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.diagnosis import Preflight, TlsVersions
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Judge
from trustdesk.core.probe import ProbeRecord
from trustdesk.core.proxy import Proxy
from trustdesk.core.readiness import HarmlessCall
from trustdesk.core.target import TargetProtocol
from trustdesk.network.plain_ports import AMQP_PORT, HTTP_PORT
from trustdesk.network.request import ProbeRequest
from trustdesk.services.readiness_desk import ReadinessWishes
from trustdesk.services.readiness_words import was_reached
from trustdesk.services.revocation import SecondJudgement


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPorts:
    """Where a partner would listen without TLS."""

    http: int = HTTP_PORT
    amqp: int = AMQP_PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessRequest:
    """What is checked.

    Attributes:
        probe: the endpoint's target with gate, credential, proxy and limits; its variant is set here.
        second: judges the server again, with addresses that may be asked; None for none.
        preflight: what was found out about our own certificate.
        own_endpoint: our notifications endpoint as a target; "" for none.
        own_judge: judges our endpoint, by the lists in force; None for the probe's own.
        required_api_version: "" for none.
        tunnel_to: returns the proxy for a host and a port; None for a direct connection.
    """

    endpoint: Endpoint
    probe: ProbeRequest
    at: datetime
    wishes: ReadinessWishes = field(default_factory=ReadinessWishes)
    second: SecondJudgement | None = None
    preflight: Preflight = field(default_factory=Preflight)
    own_endpoint: str = ""
    own_judge: Judge | None = None
    required_api_version: str = ""
    tunnel_to: Callable[[str, int], Proxy | None] = lambda _host, _port: None
    plain_ports: PlainPorts = field(default_factory=PlainPorts)


def planned_calls(protocol: TargetProtocol) -> tuple[HarmlessCall, ...]:
    """Return the calls that concern a protocol, in the order in which they are made."""
    of_https: tuple[HarmlessCall, ...] = (HarmlessCall.WITHOUT_CREDENTIALS,)
    in_the_clear: tuple[HarmlessCall, ...] = ()
    with_token: tuple[HarmlessCall, ...] = ()
    match protocol:
        case TargetProtocol.HTTPS:
            in_the_clear = (HarmlessCall.PLAIN_HTTP,)
            with_token = (HarmlessCall.AUTHORISED, HarmlessCall.UNKNOWN_OBJECT)
        case TargetProtocol.AMQPS:
            of_https, in_the_clear = (), (HarmlessCall.PLAIN_AMQP,)
        case TargetProtocol.TLS:
            of_https = ()
    return (
        HarmlessCall.HANDSHAKE,
        *of_https,
        HarmlessCall.WITH_CERTIFICATE,
        HarmlessCall.OLD_VERSIONS,
        *in_the_clear,
        *with_token,
        HarmlessCall.WRONG_CERTIFICATE,
        HarmlessCall.OWN_ENDPOINT,
    )


def versions_to_try(bare: ProbeRecord, *, with_certificate: bool) -> tuple[TlsVersions, ...]:
    """Return the versions to shake hands in by themselves.

    A server that chose 1.2 although 1.3 was offered does not speak that; one that chose 1.3 may speak both.
    """
    if not was_reached(bare):
        return ()
    version = None if bare.negotiated is None else bare.negotiated.version
    match version:
        case "TLSv1.3":
            both = (TlsVersions.TLS_1_3, TlsVersions.TLS_1_2)
            return both if with_certificate else (TlsVersions.TLS_1_2,)
        case "TLSv1.2":
            return (TlsVersions.TLS_1_2,) if with_certificate else ()
        case _:
            return ()
