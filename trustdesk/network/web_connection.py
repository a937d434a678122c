"""One HTTP exchange over one connection that another thread can end, and what may come back.

urllib3's connections, not its pools: a pool hides the socket, and only who holds the socket can end a peer
that sends a byte now and then. A timer shuts it down at the deadline; so does whoever cancels.

The connection's own `sock` is no hold on it: TLS detaches it for the length of the handshake, and an answer
that ends with the connection takes it along. A duplicate is kept from the first, and shut down.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from trustdesk import __version__
from trustdesk.core.message import msg
from trustdesk.core.untrusted import bounded
from trustdesk.network.web_url import RefusedError

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 16
_MAX_CONTENT_TYPE = 200
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')

Progress = Callable[[int, int | None], None]
"""Gets the bytes that came and those that were promised (None: no word of it), on the download's thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """What is asked of a URL.

    Attributes:
        body: what is posted; None asks by GET.
        content_type: of `body`.
        accept: media types, for the header of that name.
        etag: what the server called the answer that is at hand (If-None-Match, RFC 9110 13.1.2): it may say
            that this is still the one; "" for none.
    """

    url: str
    body: bytes | None = None
    content_type: str | None = None
    accept: str = "*/*"
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """The server names another place."""

    location: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The body went to the sink, or is still the one that is at hand.

    Attributes:
        content_type: the server's word, bounded; None without one.
        etag: what the server calls this answer, as it is sent back to it; "" for none that could be.
        is_unchanged: nothing came, for what was called by the request's ETag still holds.
    """

    content_type: str | None
    etag: str = ""
    is_unchanged: bool = False


class PlainConnection(HTTPConnection):
    """HTTP over TCP.

    Attributes:
        on_socket: gets the connected TCP socket before anything is said over it; None for nobody.
    """

    on_socket: Callable[[socket.socket], None] | None = None

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        if self.on_socket is not None:
            self.on_socket(connected)
        return connected


class TlsConnection(PlainConnection, HTTPSConnection):
    """The same over TLS, through a proxy's tunnel where one is set."""


class WebConnection:
    """One connection that can be ended from another thread."""

    def __init__(self, http: PlainConnection) -> None:
        self.http = http
        self._lock = threading.Lock()
        self._is_stopped = False
        self._hold: socket.socket | None = None
        http.on_socket = self._keep

    def open(self) -> None:
        """Connect, through the proxy's tunnel and with TLS where that was prepared.

        Raises:
            OSError, HTTPError, ValueError: it cannot be connected to.
        """
        self.http.connect()
        if self._is_stopped:
            raise TimeoutError

    def stop(self) -> None:
        """Shut the socket down, so that whoever waits for it wakes."""
        with self._lock:
            self._is_stopped = True
            self._shut_down()

    def _keep(self, connected: socket.socket) -> None:
        try:
            hold = connected.dup()
        except OSError:
            connected.close()
            raise
        with self._lock:
            self._hold = hold
            if self._is_stopped:
                self._shut_down()

    def _shut_down(self) -> None:
        if self._hold is not None:
            with contextlib.suppress(OSError):
                self._hold.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        self.http.close()
        self.http.on_socket = None
        with self._lock:
            if self._hold is not None:
                self._hold.close()
                self._hold = None

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
            self._close()


def exchange(
    connection: WebConnection,
    request: WebRequest,
    *,
    target: str,
    host: str,
    more_headers: Mapping[str, str],
    limit: int,
    sink: Callable[[bytes], object],
    progress: Progress | None,
    through_proxy: bool = False,
) -> Answer | Redirect:
    """Ask once, and pass at most `limit` bytes of the answer on to the sink.

    Args:
        target: of the request line (RFC 9112 3.2).
        host: for the header of that name.
        more_headers: for the proxy.
        through_proxy: the answer may be that of a proxy.

    Raises:
        RefusedError: the answer is not one of use; says why.
        OSError, HTTPError, HTTPException, ValueError: it breaks off or is no HTTP.
    """
    headers = {
        "Host": host,
        "User-Agent": f"trustdesk/{__version__}",
        "Accept": request.accept,
        "Accept-Encoding": "identity",
        "Connection": "close",
        **more_headers,
    }
    if request.content_type is not None:
        headers["Content-Type"] = request.content_type
    if request.etag:
        headers["If-None-Match"] = request.etag
    connection.http.request(
        "GET" if request.body is None else "POST",
        target,
        body=request.body,
        headers=headers,
        preload_content=False,
        decode_content=False,
        enforce_content_length=True,
    )
    response = connection.http.getresponse()
    try:
        if response.status == 407 and through_proxy:
            raise RefusedError(msg("the proxy asks for a name and a password (HTTP status 407)"))
        if response.status == 304 and request.etag:
            return Answer(None, etag=request.etag, is_unchanged=True)
        return _read(response, limit, sink, progress)
    finally:
        response.close()


def _read(
    response: HTTPResponse, limit: int, sink: Callable[[bytes], object], progress: Progress | None
) -> Answer | Redirect:
    location = response.headers.get("Location")
    if response.status in _REDIRECTS and location is not None:
        return Redirect(location)
    if response.status != 200:
        raise RefusedError(msg("the server answers with HTTP status {status}", status=response.status))
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise RefusedError(msg("the answer is compressed, which was not asked for"))
    too_big = RefusedError(msg("it holds more than {limit} bytes", limit=limit))
    promised = response.length_remaining
    if promised is not None and promised > limit:
        raise too_big
    size = 0
    # The read after the last one is what finds that a length was promised and not kept.
    while part := response.read(min(_CHUNK, limit + 1 - size), decode_content=False):
        size += len(part)
        if size > limit:
            raise too_big
        sink(part)
        if progress is not None:
            progress(size, promised)
    if not size:
        raise RefusedError(msg("the answer is empty"))
    content_type = response.headers.get("Content-Type")
    return Answer(
        None if content_type is None else bounded(content_type, _MAX_CONTENT_TYPE),
        etag=_etag(response.headers.get("ETag", "")),
    )


def _etag(text: str) -> str:
    """Return an entity tag (RFC 9110 8.8.3) as it may be sent back; "" for anything else."""
    return text if _ETAG.fullmatch(text) is not None else ""
