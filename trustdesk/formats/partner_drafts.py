"""Partners as a file says them: what it leaves out is None, and what is wrong has its place."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message
from trustdesk.core.partner import Contact, PartnerRole
from trustdesk.core.target import Target, is_ip_literal, parse_target

NONE = "(none)"
"""What a file says for no server name (SNI) and for no ALPN, which is not the same as saying nothing."""

MAX_PARTNERS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProblem:
    """Something wrong in a file.

    Attributes:
        place: "line 7", "partners[3].endpoints[0]".
    """

    place: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDraft:
    """An endpoint as a file says it; None for what it does not say."""

    place: str
    target: Target
    identity: str | None = None
    note: str | None = None
    claims_mutual_tls: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDraft:
    """A partner as a file says it; None for what it does not say.

    Attributes:
        place: where it begins.
        name: "" where it has none, which is among the problems.
        problems: what could not be read.
    """

    place: str
    name: str
    company_id: str | None = None
    one_record_ids: tuple[str, ...] | None = None
    role: PartnerRole | None = None
    contacts: tuple[Contact, ...] | None = None
    note: str | None = None
    tags: tuple[str, ...] | None = None
    endpoints: tuple[EndpointDraft, ...] = ()
    problems: tuple[DraftProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFile:
    """What a file holds.

    Attributes:
        ignored: columns or keys that are not known.
    """

    drafts: tuple[PartnerDraft, ...]
    ignored: tuple[str, ...] = ()


def target_texts(target: Target) -> dict[str, str]:
    """Return a target as the texts that a file holds; "" for what follows from `endpoint`."""
    connect = ""
    if target.connect_address is not None:
        address = target.connect_address
        bracketed = f"[{address}]" if ":" in address and target.connect_port is not None else address
        port = "" if target.connect_port is None else f":{target.connect_port}"
        connect = f"{bracketed}{port}"
    plain = parse_target(target.endpoint)
    return {
        "endpoint": target.endpoint,
        "connect": connect,
        "server_name": _other(target.server_name, None if is_ip_literal(target.host) else target.host),
        "verify_name": "" if target.verify_name == target.host else target.verify_name,
        "alpn": "" if target.alpn == plain.alpn else ",".join(target.alpn) or NONE,
    }


def target_from(
    endpoint: str, connect: str = "", server_name: str = "", verify_name: str = "", alpn: str = ""
) -> Target:
    """Read a target from the texts of `target_texts`.

    Raises:
        UnusableInputError: one of them cannot be read.
    """
    protocols: tuple[str, ...] | None = None
    if alpn.strip():
        protocols = () if alpn.strip() == NONE else tuple(one.strip() for one in alpn.split(","))
    name = server_name.strip()
    return parse_target(
        endpoint,
        connect=connect.strip() or None,
        server_name=None if name in {"", NONE} else name,
        send_server_name=name != NONE,
        verify_name=verify_name.strip() or None,
        alpn=protocols,
    )


def role_of(text: str) -> PartnerRole | None:
    """Return the role that a word names; None for none. Case, spaces and hyphens do not matter."""
    word = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return next((role for role in PartnerRole if role.value == word), None)


def problem_of(place: str, error: UnusableInputError) -> DraftProblem:
    """Return what an error says, at a place."""
    return DraftProblem(place=place, message=error.problem)


def _other(value: str | None, usual: str | None) -> str:
    if value == usual:
        return ""
    return NONE if value is None else value
