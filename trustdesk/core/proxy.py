"""A proxy that a connection goes through, as a person or the environment names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg


class ProxyKind(StrEnum):
    """HTTP: tunnels by CONNECT (RFC 9110 9.3.6). SOCKS5: RFC 1928."""

    HTTP = "http"
    SOCKS5 = "socks5"


_DEFAULT_PORTS = {ProxyKind.HTTP: 80, ProxyKind.SOCKS5: 1080}
_SCHEMES = {"http": ProxyKind.HTTP, "socks5": ProxyKind.SOCKS5, "socks5h": ProxyKind.SOCKS5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One proxy.

    Attributes:
        host: name or IP literal without brackets.
        user, password: for Basic (RFC 7617) or RFC 1929; None without.
    """

    kind: ProxyKind
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """Kind, host and port, without a user's name or password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{host}:{self.port}"


def parse_proxy(text: str) -> Proxy:
    """Read `http://host:port`, `socks5://user:password@host:port`, or `host:port` for an HTTP proxy.

    Raises:
        UnusableInputError: it is none of these; the message never holds a password.
    """
    given = text.strip()
    try:
        parts = urlsplit(given if "://" in given else f"http://{given}")
        port = parts.port
        host = parts.hostname
    except ValueError:
        raise _unusable(msg("The proxy that is set is no URL.")) from None
    kind = _SCHEMES.get(parts.scheme.lower())
    if kind is None:
        raise _unusable(msg("Proxies of the kind {scheme} are not spoken here.", scheme=parts.scheme))
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise _unusable(msg("The proxy that is set names no host."))
    return Proxy(
        kind=kind,
        host=host,
        port=port or _DEFAULT_PORTS[kind],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _unusable(problem: Message) -> UnusableInputError:
    return UnusableInputError(
        problem, remedy=msg("Write http://host:port or socks5://host:port, or use no proxy.")
    )
