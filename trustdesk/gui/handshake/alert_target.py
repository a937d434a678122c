"""Which message an alert answered, or a refusal in HTTP.

TLS does not say; the alert's description and the order on the wire do. In TLS 1.3 the refusal of a client
certificate comes after our whole flight, so the last message is not the one that was refused.

Sources: RFC 8446 6.2, RFC 5246 7.2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.handshake import Direction, TimelineEvent

_CERTIFICATE_ALERTS = frozenset(
    {
        "no_certificate",
        "bad_certificate",
        "unsupported_certificate",
        "certificate_revoked",
        "certificate_expired",
        "certificate_unknown",
        "unknown_ca",
        "certificate_required",
        "certificate_unobtainable",
        "bad_certificate_status_response",
        "bad_certificate_hash_value",
    }
)
_HELLO_ALERTS = frozenset(
    {
        "protocol_version",
        "insufficient_security",
        "inappropriate_fallback",
        "missing_extension",
        "unsupported_extension",
        "unrecognized_name",
        "no_application_protocol",
        "unknown_psk_identity",
    }
)
_ENDINGS = frozenset({"close_notify", "user_canceled"})

_CERTIFICATES = ("certificate", "compressed_certificate")
_HELLOS = ("client_hello", "server_hello", "hello_retry_request")
_CHOSEN_BY_NAME = (
    (_CERTIFICATE_ALERTS, (_CERTIFICATES,)),
    (frozenset({"decrypt_error"}), (("certificate_verify",), ("finished",), ("server_key_exchange",))),
    (frozenset({"handshake_failure", "access_denied"}), (_CERTIFICATES, _HELLOS)),
    (_HELLO_ALERTS, (_HELLOS,)),
)
_ANSWERABLE = frozenset(
    {*_CERTIFICATES, *_HELLOS, "finished", "certificate_verify", "client_key_exchange", "server_key_exchange"}
)


_LEVELS = frozenset({"fatal", "warning"})


@dataclass(frozen=True, slots=True)
class AlertWords:
    """What an alert event says.

    Attributes:
        name: as RFC 8446 6 spells it; "" for an event that does not tell.
        label: the name with its code, as it stands on the ladder.
        level: "fatal", "warning", or "" where it was not seen.
    """

    name: str
    label: str
    level: str


def alert_words(event: TimelineEvent) -> AlertWords:
    """Read an alert from its fields, else from its summary ("unknown_ca (48), fatal", in either order)."""
    fields = dict(event.fields)
    parts = [part.strip() for part in event.detail.split(",")]
    level = fields.get("level") or next((part for part in parts if part in _LEVELS), "")
    named = [part for part in parts if part and part not in _LEVELS]
    label = (named[0] if named else "") or fields.get("description", "") or fields.get("name", "")
    return AlertWords(label.partition(" ")[0], label, level)


def is_refusal(event: TimelineEvent) -> bool:
    """Whether an event is an alert that ends the handshake in failure; warnings and endings are none."""
    if event.message != "alert":
        return False
    words = alert_words(event)
    return words.name not in _ENDINGS and words.level != "warning"


def answered_message(events: Sequence[TimelineEvent], index: int) -> int | None:
    """Return the index of the message that the alert at `index` answered; None when there is none.

    It is always an earlier handshake message of the other direction.
    """
    alert = events[index]
    if not is_refusal(alert):
        return None
    name = alert_words(alert).name
    other = Direction.IN if alert.direction is Direction.OUT else Direction.OUT
    earlier = [i for i in range(index) if events[i].direction is other and events[i].message in _ANSWERABLE]
    for names, wanted in _CHOSEN_BY_NAME:
        if name not in names:
            continue
        for messages in wanted:
            found = [i for i in earlier if events[i].message in messages]
            if found:
                return found[-1]
    return earlier[-1] if earlier else None


def our_certificate(events: Sequence[TimelineEvent], index: int) -> int | None:
    """Return the index of our last Certificate, empty ones too, before `index`; None when none went out."""
    sent = (i for i in range(index) if events[i].direction is Direction.OUT)
    return max((i for i in sent if events[i].message in _CERTIFICATES), default=None)
