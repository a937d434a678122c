"""Whether an endpoint is ready for ONE Record: every rule of the live endpoint, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.message import Message


class HarmlessCall(StrEnum):
    """The calls that a check may make; there are no others.

    WRONG_CERTIFICATE presents a certificate made for this one call and thrown away; AUTHORISED sends a
    token that a person gave for it; UNKNOWN_OBJECT asks for an object that nobody has. All three are made
    only where a person asks for them.
    """

    HANDSHAKE = "handshake"
    WITHOUT_CREDENTIALS = "without_credentials"
    WITH_CERTIFICATE = "with_certificate"
    AUTHORISED = "authorised"
    UNKNOWN_OBJECT = "unknown_object"
    OLD_VERSIONS = "old_versions"
    PLAIN_HTTP = "plain_http"
    PLAIN_AMQP = "plain_amqp"
    WRONG_CERTIFICATE = "wrong_certificate"
    OWN_ENDPOINT = "own_endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade:
    """One call of a check, as it went.

    Attributes:
        outcome: in a sentence: "answered 401", "refused with alert protocol_version".
        not_made: why it was not made; None when it was.
    """

    call: HarmlessCall
    outcome: Message | None = None
    not_made: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What a check of one endpoint found.

    Attributes:
        findings: one for each rule of TLS-01 to TLS-12, API-01 to API-11, AMQ-01 to AMQ-06 that concerns the
            endpoint's protocol, then those of the certificates; what was not run says why in its evidence.
        calls: in the order in which they were made, or would have been.
        verdict: FAIL when a blocker or an error failed; WARN when a warning did; never PASS while a blocker
            or an error was not run, nor when it was cancelled.
        at: when it began.
        is_whole: whether it went to its end; one that was cancelled is not kept.
    """

    endpoint_id: int
    at: datetime
    findings: tuple[Finding, ...]
    calls: tuple[CallMade, ...]
    verdict: Verdict
    is_whole: bool = True
