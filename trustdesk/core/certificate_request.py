"""Certificate requests as cases: what was asked of a CA, how far it has come, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import KeyKind, StoredKey
from trustdesk.core.message import Message


class RequestPurpose(StrEnum):
    """What a certificate is asked for. Both at once is two requests with two keys (CSR-8, X1, X3)."""

    CLIENT = "client"
    SERVER = "server"
    FREE = "free"


class CaseState(StrEnum):
    """How far a request has come."""

    REQUESTED = "requested"
    ISSUED = "issued"  # the CA's certificate is here and was matched
    INSTALLED = "installed"  # a person said so: it is on the server, or in the key store as an identity
    TESTED = "tested"  # a handshake with it was accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    """What shall be asked for, as typed; `preflight` says what is wrong with it.

    Attributes:
        name: of the case, and of the identity that comes of it.
        one_record_ids: for CLIENT, the main one first; its last segment becomes the CN. For SERVER their
            hosts are asked for.
        dns_names: for SERVER, beside the hosts of its 1R-IDs.
        subject: RFC 4514, for FREE alone; the other purposes follow the profile (`domain` 2.5).
        subject_alt_names: as CertificateFacts writes them ("DNS:host"), for FREE alone.
        client_auth: whether a SERVER request asks for clientAuth too.
        key_usage, extended_key_usage: for FREE alone.
        partner: whom it is for; None when it is for nobody in particular.
        renews: name of the identity that it shall follow; None for none.
    """

    name: str
    purpose: RequestPurpose
    key: KeyKind = KeyKind.P256
    one_record_ids: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()
    subject: str = ""
    subject_alt_names: tuple[str, ...] = ()
    client_auth: bool = False
    key_usage: tuple[str, ...] = ("digitalSignature",)
    extended_key_usage: tuple[str, ...] = ()
    partner: str | None = None
    renews: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a request asks for, as it is written into it.

    Attributes:
        key: that is made for it.
        subject: RFC 4514, as typed where it cannot be read; "" for an empty one.
        subject_alt_names: as CertificateFacts writes them, hosts as A-labels; in their order.
        names_are_critical: where the subject is empty (RFC 5280 4.2.1.6).
        key_usage: critical (`domain` 2.5); empty to ask for none.
        extended_key_usage: names or dotted OIDs; empty to ask for none.
    """

    key: KeyKind
    subject: str
    subject_alt_names: tuple[str, ...]
    names_are_critical: bool
    key_usage: tuple[str, ...]
    extended_key_usage: tuple[str, ...]


class DraftField(StrEnum):
    """The fields of a draft that something can be said of, by their names in RequestDraft."""

    NAME = "name"
    ONE_RECORD_IDS = "one_record_ids"
    DNS_NAMES = "dns_names"
    SUBJECT = "subject"
    SUBJECT_ALT_NAMES = "subject_alt_names"
    CLIENT_AUTH = "client_auth"
    KEY_USAGE = "key_usage"
    EXTENDED_KEY_USAGE = "extended_key_usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRemark:
    """Something about one field of a draft, to stand beside it.

    Attributes:
        position: which of several values, counted from 0 and as typed; None for the field as a whole.
        is_obstacle: whether no request is made until it is corrected.
        correction: what to write there instead; "" for leaving it out; None where only a person knows.
        offer: what to call the correction: "Use HAC-OSL instead"; None without a correction.
    """

    field: DraftField
    text: Message
    is_obstacle: bool
    position: int | None = None
    correction: str | None = None
    offer: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCase:
    """A request that was made, or taken in.

    Attributes:
        id: the workspace's number.
        request: what was asked for.
        key: None when it was made elsewhere ("on the server").
        certificate: what the CA issued; None until it is matched.
        identity: name of the identity that came of it; None while there is none.
        renews: name of the identity that it shall follow.
    """

    id: int
    name: str
    purpose: RequestPurpose
    state: CaseState
    request: CsrFacts
    created_at: datetime
    key: StoredKey | None = None
    partner: str | None = None
    renews: str | None = None
    certificate: CertificateFacts | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCommand:
    """A line to type where the key shall be made.

    Attributes:
        tool: "openssl" or "keytool".
        files: what has to lie beside it first, by name (a configuration for openssl); may be empty.
        lines: to be typed in this order.
    """

    tool: str
    lines: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDifference:
    """One thing that the CA did not issue as it was asked (CSR-9).

    Attributes:
        asked, issued: None for nothing.
        is_harmful: whether the certificate cannot be used as it was meant to be.
    """

    subject: Message
    asked: Message | None
    issued: Message | None
    meaning: Message
    is_harmful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedReply:
    """A CA's certificate and the case that it answers.

    Attributes:
        case: None when no case has its key.
        certification_path: end entity first, completed from what came along, the lists and the workspace.
        differences: empty when everything is as it was asked; the harmful ones first.
        completed: for certificates of the path that did not come along, where each was found.
        problem: why it cannot be taken; None when it can.
        remedy: what to do about the problem; None without one.
        next_step: what to do once it is taken: install it on the server, or test it; None with a problem.
    """

    certificate: CertificateFacts
    case: RequestCase | None
    certification_path: tuple[CertificateFacts, ...]
    differences: tuple[RequestDifference, ...] = field(default=())
    problem: Message | None = None
    remedy: Message | None = None
    next_step: Message | None = None
    completed: tuple[tuple[CertificateFacts, Message], ...] = ()
