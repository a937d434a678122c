"""The words of purposes, keys, stores and states of requests."""

from __future__ import annotations

from datetime import UTC, datetime

from trustdesk.core.certificate_request import CaseState, RequestPurpose
from trustdesk.core.key_store import KeyKind, KeyStoreKind, StoredKey
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.requests.wish import Wanted

PURPOSE_WORDS: dict[RequestPurpose, Message] = {
    RequestPurpose.CLIENT: msg("ONE Record client"),
    RequestPurpose.SERVER: msg("ONE Record server"),
    RequestPurpose.FREE: msg("Free form"),
}

REQUEST_WORDS: dict[RequestPurpose, Message] = {
    RequestPurpose.CLIENT: msg("Client request"),
    RequestPurpose.SERVER: msg("Server request"),
    RequestPurpose.FREE: msg("Request"),
}

PURPOSE_ICONS: dict[RequestPurpose, str] = {
    RequestPurpose.CLIENT: "person",
    RequestPurpose.SERVER: "server",
    RequestPurpose.FREE: "certificate",
}

WANTED_WORDS: dict[Wanted, Message] = {
    Wanted.CLIENT: msg("client, one request"),
    Wanted.SERVER: msg("server, one request"),
    Wanted.BOTH: msg("both, two requests"),
    Wanted.FREE: msg("free form"),
}

KEY_WORDS: dict[KeyKind, Message] = {
    KeyKind.P256: msg("EC P-256"),
    KeyKind.P384: msg("EC P-384"),
    KeyKind.RSA_2048: msg("RSA 2048"),
    KeyKind.RSA_3072: msg("RSA 3072"),
    KeyKind.RSA_4096: msg("RSA 4096"),
}

STORE_WORDS: dict[KeyStoreKind, Message] = {
    KeyStoreKind.KEYRING: msg("OS keyring"),
    KeyStoreKind.VAULT: msg("Vault"),
}

CASE_WORDS: dict[CaseState, Message] = {
    CaseState.REQUESTED: msg("Requested"),
    CaseState.ISSUED: msg("Issued"),
    CaseState.INSTALLED: msg("Installed"),
    CaseState.TESTED: msg("Tested"),
}

# Only what a handshake has proved is good; what waits for the CA is nobody's fault.
CASE_ICONS: dict[CaseState, str] = {
    CaseState.REQUESTED: "clock",
    CaseState.ISSUED: "certificate",
    CaseState.INSTALLED: "tick",
    CaseState.TESTED: "good",
}

ON_THE_SERVER = msg("On the server")
UP_TO_NOW = (CaseState.REQUESTED, CaseState.ISSUED, CaseState.INSTALLED, CaseState.TESTED)
"""The states in the order in which a case goes through them."""


def key_words(key: StoredKey) -> str:
    """Return what a key is, in short: "EC P-256", "RSA 3072"."""
    return f"{key.algorithm} {key.curve or key.bits}"


def key_place(key: StoredKey | None) -> Message:
    """Say where a request's key lives."""
    return ON_THE_SERVER if key is None else STORE_WORDS[key.reference.store]


def day(at: datetime) -> str:
    """Return a UTC date as a parameter of a sentence; `dates.iso_date` is for text that stands alone."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def age(since: datetime, now: datetime) -> Message:
    """Say for how long something has been there."""
    days = (now - since).days
    return msg("today") if days <= 0 else msg_n("{count} day", "{count} days", days)
