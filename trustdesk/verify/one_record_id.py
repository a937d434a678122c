"""1R-IDs: how one is written, and when two are the same.

A 1R-ID is `https://<DNS name>/<company id>` (ONE Record certificate policy 3.1.1). RFC 9525 compares names
of servers, ignores the path of a URI and leaves the identities of clients out of its scope, so that
`https://host/companyA` and `https://host/companyB` would be one. The rule for equality is therefore ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import idna

from trustdesk.core.message import Message, msg
from trustdesk.core.target import is_ip_literal

EXACT_MATCH = msg(
    "1R-IDs are compared by a rule of trustdesk's own, because RFC 9525 leaves the identities of clients "
    "out: scheme and host without regard to case, everything else character by character."
)

_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+")
_MAX_HOST = 253


class IdFault(StrEnum):
    """What keeps a URI from being a 1R-ID. HTTP and PORT were met in the field and are judged apart."""

    NO_URI = "no_uri"
    SCHEME = "scheme"
    HTTP = "http"
    PORT = "port"
    USER = "user"
    HOST = "host"
    COMPANY = "company"
    QUERY = "query"
    FRAGMENT = "fragment"


MET_IN_THE_FIELD = frozenset({IdFault.HTTP, IdFault.PORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRecordId:
    """A URI read as a 1R-ID.

    Attributes:
        text: as it was written.
        host: lower case, without port; None when there is none.
        company_id: the one path segment; None when the path is not exactly one segment.
        faults: what is wrong with it, in the order of `IdFault`; empty for a 1R-ID.
    """

    text: str
    host: str | None
    company_id: str | None
    faults: tuple[IdFault, ...]

    @property
    def is_valid(self) -> bool:
        """Whether it is written as the certificate policy asks."""
        return not self.faults


def read_one_record_id(text: str) -> OneRecordId:
    """Read a URI as a 1R-ID, whatever is wrong with it."""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return OneRecordId(text=text, host=None, company_id=None, faults=(IdFault.NO_URI,))
    faults = set()
    scheme = parts["scheme"].lower()
    if scheme == "http":
        faults.add(IdFault.HTTP)
    elif scheme != "https":
        faults.add(IdFault.SCHEME)
    host, fault = _host(parts["authority"])
    faults |= fault
    if not is_fqdn(host):
        faults.add(IdFault.HOST)
    segment = parts["path"].removeprefix("/")
    company_id = segment if _SEGMENT.fullmatch(segment) else None
    if company_id is None:
        faults.add(IdFault.COMPANY)
    if parts["query"] is not None:
        faults.add(IdFault.QUERY)
    if parts["fragment"] is not None:
        faults.add(IdFault.FRAGMENT)
    return OneRecordId(
        text=text,
        host=host.lower() or None,
        company_id=company_id,
        faults=tuple(fault for fault in IdFault if fault in faults),
    )


def in_a_labels(text: str) -> str:
    """Return a URI as a request holds it: scheme in lower case, host in A-labels, all else as it was.

    What has no host, or one that IDNA does not take, comes back as it was.
    """
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return text
    user, at, host = parts["authority"].rpartition("@")
    name, colon, port = host.partition(":")
    rest = text[parts.end("authority") :]
    return f"{parts['scheme'].lower()}://{user}{at}{host_in_a_labels(name)}{colon}{port}{rest}"


def host_in_a_labels(host: str) -> str:
    """Return a host name in A-labels (RFC 5891) and lower case; as it was where IDNA does not take it."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def is_fqdn(host: str) -> bool:
    """Whether a host is a fully qualified domain name in A-labels, without a wildcard or a final dot."""
    labels = host.split(".")
    return (
        len(labels) > 1
        and len(host) <= _MAX_HOST
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
        and not is_ip_literal(host)
    )


def same_one_record_id(one: str, other: str) -> bool:
    """Whether two 1R-IDs are the same by `EXACT_MATCH`: only the case of scheme and host is normalised.

    An explicit port, a final slash and the case of the path make a difference.
    """
    return comparable_id(one) == comparable_id(other)


def fault_text(fault: IdFault) -> Message:
    """Return what is wrong, in words that stand after the URI."""
    match fault:
        case IdFault.NO_URI:
            return msg("is no URI with a host")
        case IdFault.SCHEME:
            return msg("is not https")
        case IdFault.HTTP:
            return msg("is http")
        case IdFault.PORT:
            return msg("names a port")
        case IdFault.USER:
            return msg("names a user")
        case IdFault.HOST:
            return msg("has no fully qualified domain name as host")
        case IdFault.COMPANY:
            return msg("does not have exactly one path segment, the company id")
        case IdFault.QUERY:
            return msg("has a query")
        case IdFault.FRAGMENT:
            return msg("has a fragment")


def _host(authority: str) -> tuple[str, set[IdFault]]:
    faults = set()
    _, at, host = authority.rpartition("@")
    if at:
        faults.add(IdFault.USER)
    bracket = host.rfind("]")
    colon = host.find(":", bracket + 1)
    if colon >= 0:
        faults.add(IdFault.PORT)
        host = host[:colon]
    return host, faults


def comparable_id(text: str) -> str:
    """Return what is equal for 1R-IDs that are the same by `EXACT_MATCH`."""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return text
    user, at, host = parts["authority"].rpartition("@")
    rest = text[parts.end("authority") :]
    return f"{parts['scheme'].lower()}://{user}{at}{host.lower()}{rest}"
