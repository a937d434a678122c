"""Small files from addresses that certificates name: bounded in size, time, redirects and in where they lie.

The name is resolved here, every address is checked, and the connection goes to an address that was checked:
a name server that answers otherwise the second time changes nothing. No proxy, no cookie, nothing from the
environment. RFC 5280 4.2.2.1 (caIssuers), 8 (risks of fetching).

Decisions:
- 2026-12: one address that may not be connected to refuses the whole name: nobody who means well mixes
  public and private ones.
- 2026-12: urllib3's connections, not its pools: a pool hides the socket, and only who holds the socket can
  end a peer that sends a byte now and then. A timer shuts it down at the deadline; so does `cancel`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import cast
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import HTTPResponse
from urllib3.util import Url, parse_url

from trustdesk import __version__
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import FetchFailure
from trustdesk.network.address_rules import refusal_of
from trustdesk.network.resolve import Address, NameUnresolvedError, resolve

MAX_URL = 2048
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

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
    """

    bytes: int = 64 * 1024
    total_s: float = 5.0
    redirects: int = 3
    addresses: int = 3
    allow_private_addresses: bool = False


class WebFetcher:
    """Downloads over http and https (`core.ports.Fetcher`), from any thread; asks for each URL once."""

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        resolver: Resolver | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        """Make a fetcher.

        Args:
            limits: None for those of certificates.
            resolver: None for the system's.
            tls: makes the context for https; None for the public web's list.
        """
        self._limits = limits or FetchLimits()
        self._resolver = resolver or _system_resolver
        self._tls = tls or _public_web
        self._known: dict[str, bytes | FetchFailure] = {}
        self._cancelled: Future[None] = Future()
        self._connections: set[_Connection] = set()
        self._lock = threading.Lock()

    def fetch(self, url: str) -> bytes | FetchFailure:
        """Return the body at `url`, or why there is none; never raises for what a peer does."""
        if url not in self._known:
            outcome = self._fetch(url)
            if self._cancelled.done():
                return outcome
            self._known[url] = outcome
        return self._known[url]

    def cancel(self) -> None:
        """End the download that runs, and refuse the next ones; from any thread, any number of times."""
        with self._lock:
            if not self._cancelled.done():
                self._cancelled.set_result(None)
            for connection in self._connections:
                connection.stop()

    def _fetch(self, url: str) -> bytes | FetchFailure:
        deadline = time.monotonic() + self._limits.total_s
        try:
            for _ in range(self._limits.redirects + 1):
                outcome = self._get(_parsed(url), deadline)
                if isinstance(outcome, bytes):
                    return outcome
                url = _joined(url, outcome.location)
            raise _Refused(msg("it redirects more than {count} times", count=self._limits.redirects))
        except _Refused as refused:
            return FetchFailure(reason=refused.reason)

    def _get(self, url: Url, deadline: float) -> bytes | _Redirect:
        """Ask the addresses of one URL in turn; the first that connects answers."""
        host, port = (url.host or "").strip("[]"), url.port or _PORTS[url.scheme or ""]
        trouble = _Refused(msg("{host} has no address", host=host))
        for address in self._checked(host, port, deadline)[: self._limits.addresses]:
            connection = _Connection(self._connect_to(url, host, address, deadline))
            with self._lock:
                self._connections.add(connection)
            try:
                with connection.until(deadline):
                    try:
                        connection.open()
                    except (OSError, HTTPError, ValueError) as error:
                        trouble = _Refused(
                            msg(
                                "{address} cannot be connected to: {reason}",
                                address=address.text,
                                reason=_words(error),
                            )
                        )
                        self._in_time(deadline)
                        continue
                    return self._answer(connection, url, deadline)
            finally:
                with self._lock:
                    self._connections.discard(connection)
        raise trouble

    def _answer(self, connection: _Connection, url: Url, deadline: float) -> bytes | _Redirect:
        try:
            outcome = _exchange(connection.http, url, self._limits.bytes)
        except (OSError, HTTPError, HTTPException, ValueError) as error:
            self._in_time(deadline)
            raise _Refused(msg("the answer cannot be used: {reason}", reason=_words(error))) from None
        # A connection that was shut down here reads like one that the server has ended.
        self._in_time(deadline)
        return outcome

    def _checked(self, host: str, port: int, deadline: float) -> Sequence[Address]:
        """Resolve a name; every address has to be one that may be connected to."""
        looked_up: Future[Sequence[Address]] = Future()
        threading.Thread(
            target=_deliver, args=(looked_up, lambda: self._resolver(host, port)), daemon=True
        ).start()
        either = [cast("Future[object]", looked_up), cast("Future[object]", self._cancelled)]
        wait(either, max(0.0, deadline - time.monotonic()), FIRST_COMPLETED)
        if not looked_up.done():
            self._in_time(deadline)
            raise self._too_late()
        try:
            addresses = looked_up.result()
        except NameUnresolvedError as error:
            raise _Refused(
                msg("the name {host} cannot be resolved: {reason}", host=host, reason=error.detail)
            ) from None
        for address in addresses:
            refusal = refusal_of(address.text, allow_private=self._limits.allow_private_addresses)
            if refusal is not None:
                raise _Refused(msg("nothing is fetched from there: {refusal}", refusal=refusal))
        return addresses

    def _connect_to(self, url: Url, host: str, address: Address, deadline: float) -> HTTPConnection:
        self._in_time(deadline)
        timeout = max(0.001, deadline - time.monotonic())
        if url.scheme == "http":
            return HTTPConnection(address.text, address.port, timeout=timeout)
        return HTTPSConnection(
            address.text, address.port, timeout=timeout, server_hostname=host, ssl_context=self._tls()
        )

    def _in_time(self, deadline: float) -> None:
        if self._cancelled.done():
            raise _Refused(msg("cancelled"))
        if time.monotonic() >= deadline:
            raise self._too_late()

    def _too_late(self) -> _Refused:
        return _Refused(msg("it took longer than {seconds} s", seconds=f"{self._limits.total_s:g}"))


class _Refused(Exception):  # noqa: N818 - it carries a reason from deep inside to the one place that returns it
    def __init__(self, reason: Message) -> None:
        super().__init__(reason.id)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str


class _Connection:
    """One connection that can be ended from another thread."""

    def __init__(self, http: HTTPConnection) -> None:
        self.http = http
        self._stopped = threading.Event()

    def open(self) -> None:
        self.http.connect()
        if self._stopped.is_set():
            raise TimeoutError

    def stop(self) -> None:
        """Shut the socket down, so that whoever waits for it wakes."""
        self._stopped.set()
        sock = self.http.sock
        if isinstance(sock, socket.socket):
            # Not SSLSocket's own, which takes the session away from under the reader.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    @contextlib.contextmanager
    def until(self, deadline: float) -> Iterator[None]:
        """End the connection at an instant of the monotonic clock, or when the block is left."""
        timer = threading.Timer(max(0.0, deadline - time.monotonic()), self.stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            self.http.close()


def _exchange(http: HTTPConnection, url: Url, limit: int) -> bytes | _Redirect:
    """Make one GET and read at most `limit` bytes of its answer."""
    http.request(
        "GET",
        url.request_uri,
        headers={
            "Host": url.netloc or "",
            "User-Agent": f"trustdesk/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
        preload_content=False,
        decode_content=False,
        enforce_content_length=True,
    )
    response = http.getresponse()
    try:
        return _body(response, limit)
    finally:
        response.close()


def _body(response: HTTPResponse, limit: int) -> bytes | _Redirect:
    location = response.headers.get("Location")
    if response.status in _REDIRECTS and location is not None:
        return _Redirect(location)
    if response.status != 200:
        raise _Refused(msg("the server answers with HTTP status {status}", status=response.status))
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise _Refused(msg("the answer is compressed, which was not asked for"))
    too_big = _Refused(msg("it holds more than {limit} bytes", limit=limit))
    if response.length_remaining is not None and response.length_remaining > limit:
        raise too_big
    body = b""
    # The read after the last one is what finds that a length was promised and not kept.
    while part := response.read(limit + 1 - len(body), decode_content=False):
        body += part
        if len(body) > limit:
            raise too_big
    if not body:
        raise _Refused(msg("the answer is empty"))
    return body


def _parsed(text: str) -> Url:
    if len(text) > MAX_URL:
        raise _Refused(msg("the URL is longer than {limit} characters", limit=MAX_URL))
    try:
        url = parse_url(text)
    except LocationParseError:
        raise _Refused(msg("it is no URL that can be fetched")) from None
    if url.scheme not in _PORTS:
        raise _Refused(msg("only http and https are fetched"))
    if not url.host or url.auth is not None or not text.isascii() or not text.isprintable():
        raise _Refused(msg("it is no URL that can be fetched"))
    return url


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise _Refused(msg("it redirects to something that is no URL")) from None


def _words(error: Exception) -> str:
    """Return the library's own words without the names of its objects."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).rpartition(">: ")[2] or type(error).__name__


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
