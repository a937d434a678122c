"""Which proxy a download or a probe goes through: the one that was named, the environment's, or none.

Decisions:
- 2026-11: where a proxy is set, nothing goes around it: one that cannot be used refuses the download, and
  only NO_PROXY, or `--no-proxy`, lets a download go out directly.
- 2026-11: the proxy resolves the names. Looking them up here as well would tell them to a name server that
  the proxy is there to hide, and inside many networks no public name resolves. What can be seen without a
  look-up is still refused here: addresses written out, and the names of this machine.
- 2026-11: downloads through http:// proxies alone: CONNECT for https, the absolute form for http (RFC 9110
  9.3.6, RFC 9112 3.2.2). urllib3 speaks SOCKS only with PySocks, which is not carried for this. Probes have
  a tunnel of their own (`network.tunnel`), which speaks SOCKS5 too.
- 2026-11: a probe takes HTTPS_PROXY, then ALL_PROXY, for every protocol: what it needs is a tunnel for TLS.
  An address of this machine is excepted where NO_PROXY says so, and not by itself, as curl has it.
"""

from __future__ import annotations

import ipaddress
from typing import Protocol
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from urllib3.util import Url, make_headers

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.proxy import Proxy, ProxyKind, parse_proxy
from trustdesk.network.web_url import RefusedError, host_of, port_of


class ProxyChoice(Protocol):
    """Says through which proxy a URL is fetched, and a target is probed."""

    def proxy_for(self, url: Url) -> Proxy | None:
        """Return the proxy for a URL; None for a direct connection.

        Raises:
            RefusedError: a proxy is set that cannot be used; nothing goes around it.
        """
        ...

    def tunnel_to(self, host: str, port: int) -> Proxy | None:
        """Return the proxy for a probe; None for a direct connection.

        Raises:
            UnusableInputError: a proxy is set that cannot be used; nothing goes around it.
        """
        ...


class NoProxy:
    """Every connection is direct (`--no-proxy`)."""

    def proxy_for(self, url: Url) -> Proxy | None:  # noqa: ARG002 - the protocol's signature
        """Return None."""
        return None

    def tunnel_to(self, host: str, port: int) -> Proxy | None:  # noqa: ARG002 - the protocol's signature
        """Return None."""
        return None


class NamedProxy:
    """One proxy for everything (`--proxy URL`); NO_PROXY of the environment does not count."""

    def __init__(self, text: str, *, tunnels: bool = False) -> None:
        """Read the proxy's URL.

        Args:
            tunnels: it is for a probe too, so that socks5:// will do; downloads are refused by that then.

        Raises:
            UnusableInputError: it is none, of another kind, or has a user or a password in it, which an
                argument would show to everybody on this machine.
        """
        self._proxy = parse_proxy(text)
        if self._proxy.kind is not ProxyKind.HTTP and not tunnels:
            raise UnusableInputError(
                msg("Downloads go through http:// proxies only."),
                remedy=msg("Write http://host:port, or --no-proxy for none."),
            )
        if self._proxy.user is not None or self._proxy.password is not None:
            raise UnusableInputError(
                msg("The proxy's URL holds a user's name or password."),
                remedy=msg("Put it into the environment variable HTTPS_PROXY instead."),
            )

    def proxy_for(self, url: Url) -> Proxy | None:  # noqa: ARG002 - the protocol's signature
        """Return the proxy.

        Raises:
            RefusedError: it is one for probes alone.
        """
        return _for_downloads(self._proxy)

    def tunnel_to(self, host: str, port: int) -> Proxy | None:  # noqa: ARG002 - the protocol's signature
        """Return the proxy."""
        return self._proxy


class EnvironmentProxies:
    """HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in capitals or not, as they stand at each download."""

    def __init__(self, known: dict[str, str] | None = None) -> None:
        """Read the environment each time it is asked.

        Args:
            known: what stood there, as the standard library reads it, to be asked instead.
        """
        self._known = known

    def proxy_for(self, url: Url) -> Proxy | None:
        """Return the environment's proxy for the URL's scheme; None where it names none.

        Raises:
            RefusedError: it names one that cannot be used.
        """
        proxies = self._proxies()
        text = proxies.get(url.scheme or "") or proxies.get("all")
        if text is None or _is_excepted(host_of(url), port_of(url), proxies):
            return None
        try:
            return _for_downloads(parse_proxy(text))
        except UnusableInputError as error:
            raise RefusedError(
                msg("no proxy that can be used is set: {reason}", reason=error.problem)
            ) from None

    def tunnel_to(self, host: str, port: int) -> Proxy | None:
        """Return the environment's proxy for TLS; None where it names none.

        Raises:
            UnusableInputError: it names one that cannot be used.
        """
        proxies = self._proxies()
        text = proxies.get("https") or proxies.get("all")
        if text is None or _is_excepted(host, port, proxies):
            return None
        return parse_proxy(text)

    def _proxies(self) -> dict[str, str]:
        return getproxies_environment() if self._known is None else self._known


def as_they_stand(choice: ProxyChoice) -> ProxyChoice:
    """Return a choice that does not change any more, for thousands of targets in a row.

    To go through a whole environment for each of them would take a twentieth of a sweep.
    """
    return EnvironmentProxies(getproxies_environment()) if isinstance(choice, EnvironmentProxies) else choice


def proxy_headers(proxy: Proxy) -> dict[str, str]:
    """Return its Proxy-Authorization (Basic, RFC 7617), where a user was named."""
    if proxy.user is None:
        return {}
    made = make_headers(proxy_basic_auth=f"{proxy.user}:{proxy.password or ''}")
    return {"Proxy-Authorization": made["proxy-authorization"]}


def _is_excepted(host: str, port: int, proxies: dict[str, str]) -> bool:
    if proxy_bypass_environment(f"{host}:{port}", proxies):
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


def _for_downloads(proxy: Proxy) -> Proxy:
    if proxy.kind is not ProxyKind.HTTP:
        raise RefusedError(msg("a SOCKS proxy is set, and downloads go through http:// proxies only"))
    return proxy
