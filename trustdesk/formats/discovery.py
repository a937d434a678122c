"""What an identity provider says of itself: its discovery document.

Sources: RFC 8414 (OAuth 2.0 authorization server metadata), OpenID Connect Discovery 1.0 section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.untrusted import bounded
from trustdesk.formats.strict_json import JsonFault, read_jose_json

MAX_DISCOVERY_BYTES = 128 * 1024
"""Real ones have under 10 KB."""

_MAX_URL = 2048
_OPENID = "/.well-known/openid-configuration"
_OAUTH = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryDocument:
    """The parts of a discovery document that are looked at; "" for what is missing or no text."""

    issuer: str
    jwks_uri: str
    token_endpoint: str


def read_discovery(data: bytes) -> DiscoveryDocument:
    """Read a discovery document.

    Raises:
        JsonFault: it is no JSON object, or is ambiguous.
    """
    value = read_jose_json(data)
    if not isinstance(value, Mapping):
        raise JsonFault(msg("it is no JSON object"))

    def text(name: str) -> str:
        found = value.get(name)
        return bounded(found, _MAX_URL) if isinstance(found, str) else ""

    return DiscoveryDocument(
        issuer=text("issuer"), jwks_uri=text("jwks_uri"), token_endpoint=text("token_endpoint")
    )


def discovery_urls(issuer: str) -> tuple[str, ...]:
    """Return where the document of an issuer may lie, the usual place first.

    OpenID Connect puts the well-known path behind the issuer's, RFC 8414 between its host and its path.
    """
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")
    return (
        urlunsplit((parts.scheme, parts.netloc, path + _OPENID, "", "")),
        urlunsplit((parts.scheme, parts.netloc, _OAUTH + path, "", "")),
    )


def require_issuer(issuer: str) -> str:
    """Return an issuer that can be asked.

    Raises:
        UnusableInputError: it is no https URL, or has a query, a fragment or a user (RFC 8414 2).
    """
    remedy = msg("Write it as its tokens do: https://idp.example/realms/cargo.")
    if len(issuer) > _MAX_URL or not issuer.isascii() or not issuer.isprintable() or " " in issuer:
        raise UnusableInputError(msg("It is no URL of an issuer."), remedy=remedy, place=issuer)
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UnusableInputError(msg("It is no URL of an issuer."), remedy=remedy, place=issuer) from None
    if parts.scheme != "https" or not host:
        raise UnusableInputError(msg("An issuer is an https URL."), remedy=remedy, place=issuer)
    if "?" in issuer or "#" in issuer or "@" in parts.netloc:
        raise UnusableInputError(
            msg("An issuer has no query, no fragment and no user."), remedy=remedy, place=issuer
        )
    return issuer
