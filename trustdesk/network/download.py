"""Downloads from addresses that certificates name: bounded in size, time, redirects and in where they lie.

The name is resolved here, every address is checked, and the connection goes to an address that was checked:
a name server that answers otherwise the second time changes nothing. Through a proxy (`network.web_proxy`)
the proxy resolves the name. No cookie, nothing else from the environment. RFC 5280 8 (risks of fetching).

Decisions:
- 2026-11: one address that may not be connected to refuses the whole name: nobody who means well mixes
  public and private ones.
- 2026-11: a redirect repeats the request as it was, POST with its body included, for a responder that has
  moved to https asks just for that; 303, which asks for a GET, is refused then (RFC 9110 15.4).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from functools import cache
from http.client import HTTPException
from typing import cast

from urllib3.exceptions import HTTPError
from urllib3.util import Url

from trustdesk.core.message import Message, msg
from trustdesk.core.ports import FetchFailure
from trustdesk.core.proxy import Proxy
from trustdesk.core.untrusted import bounded
from trustdesk.network.address_rules import refusal_of
from trustdesk.network.outgoing import Outgoing
from trustdesk.network.resolve import Address, NameUnresolvedError, resolve
from trustdesk.network.web_connection import (
    Answer,
    PlainConnection,
    Progress,
    Redirect,
    TlsConnection,
    WebConnection,
    WebRequest,
    exchange,
)
from trustdesk.network.web_proxy import EnvironmentProxies, ProxyChoice, proxy_headers
from trustdesk.network.web_url import RefusedError, host_of, parsed_url, port_of, redirected

_MAX_WORDS = 200

Resolver = Callable[[str, int], Sequence[Address]]
"""Returns the addresses of a host and port; raises NameUnresolvedError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one download may cost; the defaults are those for certificates of CAs.

    Attributes:
        bytes: of the body.
        total_s: for everything, redirects included.
        redirects: followed at most.
        addresses: of one name, tried one after the other.
        allow_private_addresses: whether this machine and private networks may be asked too.
        private_host: the one host that may lie there all the same, for a person named it; "" for none. Where
            it redirects to is not what the person named.
        https_only: whether https alone is asked, where redirects lead to too.
    """

    bytes: int = 64 * 1024
    total_s: float = 5.0
    redirects: int = 3
    addresses: int = 3
    allow_private_addresses: bool = False
    private_host: str = ""
    https_only: bool = False


@dataclass(frozen=True, slots=True)
class _Route:
    """One way to a URL: the address to connect to, and the proxy behind it (None: the server itself)."""

    address: Address
    proxy: Proxy | None


class Downloader:
    """Asks over http and https, from any thread, and keeps nothing."""

    def __init__(
        self,
        *,
        proxies: ProxyChoice | None = None,
        resolver: Resolver | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        """Make a downloader.

        Args:
            proxies: None for the environment's.
            resolver: None for the system's.
            tls: makes the context for https; None for the public web's list.
        """
        self._means = _Means(
            proxies or EnvironmentProxies(), resolver or _system_resolver, tls or _public_web
        )
        if isinstance(proxies, Outgoing):
            proxies.watch(self)

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing is downloaded any more."""
        return self._means.cancelled.done()

    def download(
        self,
        request: WebRequest,
        limits: FetchLimits,
        sink: Callable[[bytes], object],
        progress: Progress | None = None,
    ) -> Answer | FetchFailure:
        """Ask for a URL and pass the body on as it comes; never raises for what a peer does.

        Args:
            sink: gets the body in pieces; what it got means nothing when a failure is returned.
            progress: called after each piece.
        """
        deadline = time.monotonic() + limits.total_s
        run = _Run(self._means, limits, sink, progress, deadline)
        try:
            for _ in range(limits.redirects + 1):
                outcome = run.ask(request)
                if isinstance(outcome, Answer):
                    return outcome
                request = replace(request, url=redirected(request.url, outcome.location))
            if not limits.redirects:
                raise RefusedError(msg("it redirects to another place, which is not followed"))
            raise RefusedError(msg("it redirects more than {count} times", count=limits.redirects))
        except RefusedError as refused:
            return FetchFailure(reason=refused.reason, of_certificate=refused.of_certificate)

    def cancel(self) -> None:
        """End the downloads that run, and refuse the next ones; from any thread, any number of times."""
        self._means.cancel()


class _Means:
    """What the downloads of one downloader share."""

    def __init__(self, proxies: ProxyChoice, resolver: Resolver, tls: Callable[[], ssl.SSLContext]) -> None:
        self.proxies = proxies
        self.resolver = resolver
        self.tls = tls
        self.cancelled: Future[None] = Future()
        self._connections: set[WebConnection] = set()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def connection(self, http: PlainConnection, deadline: float) -> Iterator[WebConnection]:
        """Hold a connection that ends at the deadline, by `cancel`, or with the block."""
        connection = WebConnection(http)
        with self._lock:
            self._connections.add(connection)
            if self.cancelled.done():
                # `cancel` came while this one was prepared, and has ended only those that it knew of.
                connection.stop()
        try:
            with connection.until(deadline):
                yield connection
        finally:
            with self._lock:
                self._connections.discard(connection)

    def cancel(self) -> None:
        with self._lock:
            if not self.cancelled.done():
                self.cancelled.set_result(None)
            for connection in self._connections:
                connection.stop()


class _Run:
    """One download with its limits."""

    def __init__(
        self,
        means: _Means,
        limits: FetchLimits,
        sink: Callable[[bytes], object],
        progress: Progress | None,
        deadline: float,
    ) -> None:
        self._means = means
        self._limits = limits
        self._sink = sink
        self._progress = progress
        self._deadline = deadline

    def ask(self, request: WebRequest) -> Answer | Redirect:
        """Ask the addresses of one URL in turn; the first that connects answers."""
        url = parsed_url(request.url)
        if self._limits.https_only and url.scheme != "https":
            raise RefusedError(msg("only https is fetched"))
        proxy = self._means.proxies.proxy_for(url)
        routes = self._to_proxy(proxy, url) if proxy is not None else self._direct(url)
        trouble = RefusedError(msg("{host} has no address", host=host_of(url)))
        for route in routes[: self._limits.addresses]:
            self._in_time()
            with self._means.connection(self._prepared(url, route), self._deadline) as connection:
                try:
                    connection.open()
                except (OSError, HTTPError, ValueError) as error:
                    trouble = _not_connected(url, route, error)
                    self._in_time()
                    continue
                return self._answer(connection, request, url, route.proxy)
        raise trouble

    def _answer(
        self, connection: WebConnection, request: WebRequest, url: Url, proxy: Proxy | None
    ) -> Answer | Redirect:
        through = proxy if url.scheme == "http" else None
        try:
            outcome = exchange(
                connection,
                request,
                target=url.url if through is not None else url.request_uri,
                host=url.netloc or "",
                more_headers={} if through is None else proxy_headers(through),
                limit=self._limits.bytes,
                sink=self._sink,
                progress=self._progress,
                through_proxy=through is not None,
            )
        except (OSError, HTTPError, HTTPException, ValueError) as error:
            self._in_time()
            raise RefusedError(msg("the answer cannot be used: {reason}", reason=_words(error))) from None
        # A connection that was shut down here reads like one that the server has ended.
        self._in_time()
        return outcome

    def _direct(self, url: Url) -> list[_Route]:
        """Resolve a name; every address has to be one that may be connected to."""
        addresses = self._resolved(host_of(url), port_of(url))
        for address in addresses:
            self._require_allowed(address.text, host_of(url))
        return [_Route(address, None) for address in addresses]

    def _to_proxy(self, proxy: Proxy, url: Url) -> list[_Route]:
        """Resolve the proxy's name; of the URL's host only what is written out can be checked."""
        host = host_of(url).rstrip(".").lower()
        literal = _literal(host)
        if literal is not None:
            self._require_allowed(literal, host_of(url))
        elif (host == "localhost" or host.endswith(".localhost")) and not self._allows_private(host):
            raise RefusedError(_refused(msg("{host} is this machine itself", host=host)))
        return [_Route(address, proxy) for address in self._resolved(proxy.host, proxy.port)]

    def _allows_private(self, host: str) -> bool:
        named = self._limits.private_host
        return self._limits.allow_private_addresses or (bool(named) and host.lower() == named.lower())

    def _require_allowed(self, address: str, host: str) -> None:
        refusal = refusal_of(address, allow_private=self._allows_private(host))
        if refusal is not None:
            raise RefusedError(_refused(refusal))

    def _resolved(self, host: str, port: int) -> Sequence[Address]:
        looked_up: Future[Sequence[Address]] = Future()
        resolver, cancelled = self._means.resolver, self._means.cancelled
        threading.Thread(target=_deliver, args=(looked_up, lambda: resolver(host, port)), daemon=True).start()
        either = [cast("Future[object]", looked_up), cast("Future[object]", cancelled)]
        wait(either, max(0.0, self._deadline - time.monotonic()), FIRST_COMPLETED)
        if not looked_up.done():
            self._in_time()
            raise self._too_late()
        try:
            return looked_up.result()
        except NameUnresolvedError as error:
            raise RefusedError(
                msg("the name {host} cannot be resolved: {reason}", host=host, reason=error.detail)
            ) from None

    def _prepared(self, url: Url, route: _Route) -> PlainConnection:
        address, host = route.address, host_of(url)
        timeout = max(0.001, self._deadline - time.monotonic())
        if url.scheme == "http":
            return PlainConnection(address.text, address.port, timeout=timeout)
        connection = TlsConnection(
            address.text,
            address.port,
            timeout=timeout,
            server_hostname=host,
            ssl_context=self._means.tls(),
        )
        if route.proxy is not None:
            connection.set_tunnel(host, port_of(url), headers=proxy_headers(route.proxy))
        return connection

    def _in_time(self) -> None:
        if self._means.cancelled.done():
            raise RefusedError(msg("cancelled"))
        if time.monotonic() >= self._deadline:
            raise self._too_late()

    def _too_late(self) -> RefusedError:
        return RefusedError(msg("it took longer than {seconds} s", seconds=f"{self._limits.total_s:g}"))


def _refused(refusal: Message) -> Message:
    return msg("nothing is fetched from there: {refusal}", refusal=refusal)


def _not_connected(url: Url, route: _Route, error: Exception) -> RefusedError:
    cause = error.__cause__ if isinstance(error.__cause__, ssl.SSLCertVerificationError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        words = bounded(cause.verify_message or type(cause).__name__, _MAX_WORDS)
        return RefusedError(
            msg("the certificate of {host} is not trusted: {reason}", host=host_of(url), reason=words),
            of_certificate=True,
        )
    if route.proxy is not None:
        return RefusedError(
            msg("the proxy {proxy} does not connect: {reason}", proxy=route.proxy.title, reason=_words(error))
        )
    return RefusedError(
        msg("{address} cannot be connected to: {reason}", address=route.address.text, reason=_words(error))
    )


def _literal(host: str) -> str | None:
    """Return an address that is written out, also as the C library reads it (`0x7f.1`); None for a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def _words(error: Exception) -> str:
    """Return the system's or the library's own words, bounded, without the names of its objects.

    A library may quote what the peer sent.
    """
    if isinstance(error.__cause__, OSError):
        error = error.__cause__
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return bounded(str(error).rpartition(">: ")[2] or type(error).__name__, _MAX_WORDS)


def _system_resolver(host: str, port: int) -> Sequence[Address]:
    return asyncio.run(resolve(host, port))


def _deliver(outcome: Future[Sequence[Address]], work: Callable[[], Sequence[Address]]) -> None:
    try:
        outcome.set_result(work())
    except Exception as error:  # noqa: BLE001 - a thread's edge: raised again where it is waited for
        outcome.set_exception(error)


@cache
def _public_web() -> ssl.SSLContext:
    # Not create_default_context, which obeys the environment (SSLKEYLOGFILE).
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certifi.where())
    return context
