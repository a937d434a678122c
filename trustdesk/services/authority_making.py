"""Making a private CA: what was typed becomes a root and an issuing CA with fresh keys, in memory.

Source: ONE Record certificate policy 6.1.5, 7.1.2; RFC 5280 4.2.1.9, 4.2.1.10.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import MAX_COMMON_NAME
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.private_ca import AuthorityDraft
from trustdesk.formats.certificate import read_certificate
from trustdesk.verify.name_subtrees import subtree, unusable_base

if TYPE_CHECKING:
    from trustdesk.formats.issuing import NameLimits, SigningKey

MAX_CA_DAYS = 7305
"""Twenty years."""

BACKDATED = timedelta(minutes=5)
"""Clocks of others may be a little slow: what begins in their future, they refuse."""

_ROOT, _ISSUING = " Root", " Issuing CA"
_MAX_NAME = MAX_COMMON_NAME - len(_ISSUING)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeAuthority:
    """A CA in memory; nothing of it is kept yet."""

    root: CertificateFacts
    issuing: CertificateFacts
    root_key: SigningKey = field(repr=False, compare=False)
    issuing_key: SigningKey = field(repr=False, compare=False)


def checked(draft: AuthorityDraft) -> AuthorityDraft:
    """Return a draft as it will be made: name stripped, names of limits in lower case.

    Raises:
        UnusableInputError: what is typed cannot be made.
    """
    name = draft.name.strip()
    if not name:
        raise UnusableInputError(msg("The CA has no name."), remedy=msg("Write what people shall call it."))
    if len(name) > _MAX_NAME or not name.isprintable():
        raise UnusableInputError(
            msg("The name of a CA has at most {count} characters, all printable.", count=_MAX_NAME),
            remedy=msg("Choose a shorter name."),
            place=name,
        )
    if not 1 <= draft.issuing_days <= draft.root_days <= MAX_CA_DAYS:
        raise UnusableInputError(
            msg(
                "A root lasts {count} days at most, and its issuing CA no longer than the root.",
                count=MAX_CA_DAYS,
            ),
            remedy=msg("Choose other days."),
            place=name,
        )
    return AuthorityDraft(
        name=name,
        key=draft.key,
        permitted_names=tuple(dict.fromkeys(_limit(text) for text in draft.permitted_names)),
        crl_url=_crl_url(draft.crl_url),
        root_days=draft.root_days,
        issuing_days=draft.issuing_days,
        store=draft.store,
    )


def make_authority(draft: AuthorityDraft, at: datetime) -> MadeAuthority:
    """Make keys and certificates of a checked draft; RSA keys take seconds."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from trustdesk.formats import issuing
    from trustdesk.formats.issuing import CLIENT_AUTH, SERVER_AUTH, Issuer, Validity, common_name
    from trustdesk.formats.request_writing import make_key

    start = at.replace(microsecond=0) - BACKDATED
    root_key, issuing_key = make_key(draft.key), make_key(draft.key)

    def valid_for(days: int) -> Validity:
        return Validity(start, start + timedelta(days=days, seconds=-1))

    root = issuing.root_certificate(
        common_name(draft.name + _ROOT), root_key, valid_for(draft.root_days), path_length=1
    )
    below = issuing.subordinate_certificate(
        Issuer(certificate=root, key=root_key),
        common_name(draft.name + _ISSUING),
        issuing_key.public_key(),
        valid_for(draft.issuing_days),
        path_length=0,
        purposes=(SERVER_AUTH, CLIENT_AUTH),
        limits=_name_limits(draft.permitted_names),
    )

    def facts(certificate: x509.Certificate) -> CertificateFacts:
        return read_certificate(certificate.public_bytes(Encoding.DER))

    return MadeAuthority(root=facts(root), issuing=facts(below), root_key=root_key, issuing_key=issuing_key)


def _limit(text: str) -> str:
    """Return a subtree as it will stand there.

    Raises:
        UnusableInputError: it is none of a kind that a profile certifies.
    """
    kind, _, host = text.strip().partition(":")
    limit = f"{kind}:{host.lower()}"
    if (
        kind not in {"DNS", "URI"}
        or not host.removeprefix(".")
        or (kind == "DNS" and host.startswith("."))
        or unusable_base(subtree(limit))
    ):
        raise UnusableInputError(
            msg("It is no limit on names."),
            remedy=msg(
                "Write DNS:partner.example for a host and all below it, or URI:.partner.example for all"
                " hosts below it; write international names as A-labels (xn--…)."
            ),
            place=text,
        )
    return limit


def _name_limits(permitted: tuple[str, ...]) -> NameLimits:
    """Return the constraints: hosts of one kind alone hold for the other kind too, addresses are excluded."""
    from cryptography import x509

    from trustdesk.formats.issuing import NO_LIMITS, NameLimits

    if not permitted:
        return NO_LIMITS
    dns = [text.partition(":")[2] for text in permitted if text.startswith("DNS:")]
    uri = [text.partition(":")[2] for text in permitted if text.startswith("URI:")]
    if not uri:
        uri = [form for host in dns for form in (host, f".{host}")]
    elif not dns:
        dns = list(dict.fromkeys(host.removeprefix(".") for host in uri))
    return NameLimits(
        permitted=(
            *(x509.DNSName(host) for host in dns),
            *(x509.UniformResourceIdentifier(host) for host in uri),
        ),
        excluded=tuple(x509.IPAddress(ipaddress.ip_network(network)) for network in ("0.0.0.0/0", "::/0")),
    )


def _crl_url(url: str | None) -> str | None:
    """Return the address of a CRL; None for none.

    Raises:
        UnusableInputError: it is no http address. Who would fetch a CRL over https would need a CRL first.
    """
    text = (url or "").strip()
    if not text:
        return None
    try:
        parts = urlsplit(text)
        is_fit = parts.scheme == "http" and bool(parts.hostname) and text.isascii() and text.isprintable()
    except ValueError:
        is_fit = False
    if not is_fit or " " in text:
        raise UnusableInputError(
            msg("It is no address of a CRL."),
            remedy=msg("Write it as http://host/path: clients fetch it without TLS (RFC 5280 8)."),
            place=text,
        )
    return text
