"""Which proxy a download goes through: the one that was named, the environment's, or none.

Decisions:
- 2026-12: where a proxy is set, nothing goes around it: one that cannot be used refuses the download, and
  only NO_PROXY, or `--no-proxy`, lets a download go out directly.
- 2026-12: the proxy resolves the names. Looking them up here as well would tell them to a name server that
  the proxy is there to hide, and inside many networks no public name resolves. What can be seen without a
  look-up is still refused here: addresses written out, and the names of this machine.
- 2026-12: http:// proxies alone: CONNECT for https, the absolute form for http (RFC 9110 9.3.6, RFC 9112
  3.2.2). urllib3 speaks SOCKS only with PySocks, which is not carried for this.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, make_headers, parse_url

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.network.web_url import RefusedError, host_of, port_of

_DEFAULT_PORT = 80


@dataclass(frozen=True, slots=True)
class Proxy:
    """An http:// proxy.

    Attributes:
        headers: its Proxy-Authorization, where the environment named a user.
    """

    host: str
    port: int
    headers: Mapping[str, str] = field(repr=False)

    @property
    def title(self) -> str:
        """Host and port, without a user's name or password."""
        return f"{self.host}:{self.port}"


class ProxyChoice(Protocol):
    """Says through which proxy a URL is fetched."""

    def proxy_for(self, url: Url) -> Proxy | None:
        """Return the proxy for a URL; None for a direct connection.

        Raises:
            RefusedError: a proxy is set that cannot be used; nothing goes around it.
        """
        ...


class NoProxy:
    """Every connection is direct (`--no-proxy`)."""

    def proxy_for(self, url: Url) -> Proxy | None:  # noqa: ARG002 - the protocol's signature
        """Return None."""
        return None


class NamedProxy:
    """One proxy for everything (`--proxy URL`); NO_PROXY of the environment does not count."""

    def __init__(self, text: str) -> None:
        """Read the proxy's URL.

        Raises:
            UnusableInputError: it is none, of another kind, or has a password in it, which an argument
                would show to everybody on this machine.
        """
        try:
            self._proxy = _read(text)
        except RefusedError as refused:
            raise UnusableInputError(
                msg("The proxy cannot be used: {reason}.", reason=refused.reason),
                remedy=msg("Write http://host:port, or --no-proxy for none."),
            ) from None
        if self._proxy.headers:
            raise UnusableInputError(
                msg("The proxy's URL holds a user's name or password."),
                remedy=msg("Put it into the environment variable HTTPS_PROXY instead."),
            )

    def proxy_for(self, url: Url) -> Proxy | None:  # noqa: ARG002 - the protocol's signature
        """Return the proxy."""
        return self._proxy


class EnvironmentProxies:
    """HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in capitals or not, as they stand at each download."""

    def proxy_for(self, url: Url) -> Proxy | None:
        """Return the environment's proxy for the URL's scheme; None where it names none.

        Raises:
            RefusedError: it names one that cannot be used.
        """
        proxies = getproxies_environment()
        text = proxies.get(url.scheme or "") or proxies.get("all")
        if text is None or _is_excepted(url, proxies):
            return None
        return _read(text)


def _is_excepted(url: Url, proxies: dict[str, str]) -> bool:
    host = host_of(url)
    if proxy_bypass_environment(f"{host}:{port_of(url)}", proxies):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    for entry in proxies.get("no", "").split(","):
        try:
            if address in ipaddress.ip_network(entry.strip().strip("[]"), strict=False):
                return True
        except ValueError:
            continue  # A name; the standard library has compared those.
    return False


def _read(text: str) -> Proxy:
    """Read a proxy's URL; `host:port` alone is one of http, as everybody writes it into the environment."""
    try:
        url = parse_url(text if "://" in text else f"http://{text}")
    except LocationParseError:
        raise RefusedError(msg("the proxy that is set is no URL")) from None
    if url.scheme is not None and url.scheme.startswith("socks"):
        raise RefusedError(msg("a SOCKS proxy is set, and downloads go through http:// proxies only"))
    if url.scheme != "http" or not url.host:
        raise RefusedError(msg("downloads go through http:// proxies only"))
    headers = {} if url.auth is None else _authorization(url.auth)
    return Proxy(host_of(url), url.port or _DEFAULT_PORT, headers)


def _authorization(auth: str) -> dict[str, str]:
    made = make_headers(proxy_basic_auth=unquote(auth))
    return {"Proxy-Authorization": made["proxy-authorization"]}
