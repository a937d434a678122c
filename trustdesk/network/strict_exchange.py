"""GETs over a connection that is verified before anything is said over it: the only way a token leaves.

It shares nothing with a probe's connection: no key log, nothing older than TLS 1.2, no weak suites, no
resumption, no renegotiation. The judge is asked inside the handshake, in OpenSSL's own verification, about
the chain as it was presented here; where it does not trust that, the handshake ends with an alert, before a
client certificate or a byte of HTTP has left. A redirect is an answer like any other: it is not followed.

The token is taken out of its holder when the handshake is done, goes into the requests of this one
connection, and is forgotten whatever came of it. Where an answer repeats it, it is taken out of that too.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import h11
from OpenSSL import SSL, crypto

from trustdesk import __version__
from trustdesk.core.bearer_token import BearerToken
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Judge
from trustdesk.core.proxy import Proxy
from trustdesk.core.target import Target
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.dial import NotConnectedError
from trustdesk.network.http_exchange import ACCEPT, answer_of, authority
from trustdesk.network.observing_context import CredentialRefusedError, load_credential
from trustdesk.network.own_thread import in_own_thread
from trustdesk.network.resolve import NameUnresolvedError
from trustdesk.network.tunnel import NoTunnelError
from trustdesk.network.way import connected_to

MAX_BODY = 256 * 1024
"""Bytes of one answer's body that are read."""

_CHUNK = 1 << 16
_SUITES = b"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:!aNULL:!PSK:@SECLEVEL=2"
_HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictRequest:
    """What is asked, and of whom.

    Attributes:
        judge: decides in the handshake, for its moment.
        staple: OCSP response (DER) that the server gave before, as evidence; None for none.
        credential: presented where the server asks for one; None presents none.
        token: for every request of this connection; None sends none.
        paths: to GET, in their order, for as long as the server keeps the connection open.
        total_s: seconds for everything.
    """

    target: Target
    judge: Judge
    paths: tuple[str, ...]
    staple: bytes | None = field(default=None, repr=False)
    credential: ClientCredential | None = None
    token: BearerToken | None = None
    proxy: Proxy | None = None
    total_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictOutcome:
    """What came of it.

    Attributes:
        answers: to the first of the paths, in their order.
        sent: how many requests left.
        stopped: why there are no more answers; None when there is one for each path.
    """

    answers: tuple[HttpAnswer, ...] = ()
    sent: int = 0
    stopped: Message | None = None


async def strict_exchange(request: StrictRequest) -> StrictOutcome:
    """Connect, verify, and ask.

    Cancelling it does not raise: the outcome has what was answered so far.

    Raises:
        EnvironmentFailureError: this machine has no socket left.
    """
    exchange = _StrictExchange(request)
    try:
        async with asyncio.timeout(request.total_s):
            await exchange.run()
        stopped = None
    except _OverError as over:
        stopped = over.why
    except TimeoutError:
        stopped = msg("It took longer than {seconds} s.", seconds=request.total_s)
    except asyncio.CancelledError:
        stopped = msg("It was cancelled.")
    finally:
        exchange.close()
        if request.token is not None:
            request.token.forget()
    return StrictOutcome(answers=tuple(exchange.answers), sent=exchange.sent, stopped=stopped)


class _OverError(Exception):
    """Nothing more comes of this connection."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.id)
        self.why = why


class _StrictExchange:
    """One connection while it is open."""

    def __init__(self, request: StrictRequest) -> None:
        self._request = request
        self._socket: socket.socket | None = None
        self._connection: SSL.Connection | None = None
        self._judged: tuple[bytes, ...] | None = None
        self._is_trusted = False
        self._http = h11.Connection(h11.CLIENT)
        self.answers: list[HttpAnswer] = []
        self.sent = 0

    async def run(self) -> None:
        request = self._request
        try:
            self._socket = await connected_to(request.target, request.proxy, request.total_s)
        except (NotConnectedError, NameUnresolvedError, NoTunnelError):
            raise _OverError(msg("It could not be connected to a second time.")) from None
        await self._handshake()
        bearer = None if request.token is None else request.token.take()
        try:
            for path in request.paths:
                if self.answers:
                    self._next_cycle()
                answer = await self._ask(path, bearer)
                self.answers.append(answer if bearer is None else _without(answer, bearer))
        finally:
            del bearer

    def close(self) -> None:
        """Close the socket; any number of times."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._connection = None

    async def _handshake(self) -> None:
        connection = self._prepared()
        while True:
            # The judge is asked in there, about what a stranger sent: not on the loop's thread.
            done, why = await in_own_thread("strict-judge", lambda: self._stepped(connection))
            await self._flush(connection)
            if why is not None:
                raise _OverError(why)
            if done:
                break
            await self._receive(connection)
        found = connection.get_peer_certificate()
        leaf = None if found is None else crypto.dump_certificate(crypto.FILETYPE_ASN1, found)
        if not self._is_trusted or not self._judged or leaf != self._judged[0]:
            raise _OverError(msg("The server's certificate was not verified."))

    def _prepared(self) -> SSL.Connection:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_cipher_list(_SUITES)
        context.set_options(SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        if self._request.credential is not None:
            try:
                load_credential(context, self._request.credential)
            except CredentialRefusedError as error:
                raise _OverError(error.problem) from None
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._verify)
        self._connection = connection = SSL.Connection(context, None)
        connection.set_connect_state()
        target = self._request.target
        if target.server_name is not None:
            connection.set_tlsext_host_name(target.server_name.encode("ascii"))
        connection.set_alpn_protos([b"http/1.1"])
        return connection

    def _verify(
        self, connection: SSL.Connection, _certificate: crypto.X509, _errno: int, _depth: int, _ok: int
    ) -> bool:
        """Answer OpenSSL, which asks about one certificate after the other: as the judge says of them all."""
        if self._judged is None:
            presented = connection.get_peer_cert_chain() or []
            self._judged = tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in presented)
            judgement = self._request.judge.judge_server(
                self._judged,
                self._request.target.verify_name,
                datetime.now(UTC),
                staple=self._request.staple,
            )
            self._is_trusted = bool(self._judged) and judgement.trusted
        return self._is_trusted

    def _stepped(self, connection: SSL.Connection) -> tuple[bool, Message | None]:
        """Go on with the handshake; return whether it is done, and why it is over."""
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            return False, None
        except SSL.Error:
            if self._judged is not None and not self._is_trusted:
                return False, msg("The server's certificate was not trusted on this connection.")
            return False, msg("The handshake failed under the strict settings for tokens.")
        return True, None

    async def _ask(self, path: str, bearer: str | None) -> HttpAnswer:
        connection = self._connection
        assert connection is not None  # noqa: S101 - the handshake made it
        headers = [
            ("Host", authority(self._request.target)),
            ("Accept", ACCEPT),
            ("Accept-Encoding", "identity"),
            ("User-Agent", f"trustdesk/{__version__}"),
        ]
        if bearer is not None:
            headers.append(("Authorization", f"Bearer {bearer}"))
        head = h11.Request(method="GET", target=path, headers=headers)
        data = (self._http.send(head) or b"") + (self._http.send(h11.EndOfMessage()) or b"")
        del headers, head
        try:
            connection.sendall(data)
        except SSL.Error:
            raise _OverError(msg("The server ended the connection with an alert.")) from None
        self.sent += 1
        await self._flush(connection)
        return await self._answer(connection)

    async def _answer(self, connection: SSL.Connection) -> HttpAnswer:
        response: h11.Response | None = None
        body = bytearray()
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError:
                if response is None:
                    raise _OverError(msg("What came back is no HTTP.")) from None
                return answer_of(response, bytes(body), is_whole=False)
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._decrypted(connection))
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MAX_BODY and response is not None:
                    return answer_of(response, bytes(body[:MAX_BODY]), is_whole=False)
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                return answer_of(response, bytes(body), is_whole=True)
            elif not isinstance(event, h11.InformationalResponse):
                raise _OverError(msg("The server ended the connection without an answer."))

    def _next_cycle(self) -> None:
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            raise _OverError(msg("The server ended the connection after its answer."))
        self._http.start_next_cycle()

    async def _decrypted(self, connection: SSL.Connection) -> bytes:
        """Return the next application data; empty at the end of the stream."""
        while True:
            try:
                return connection.recv(_CHUNK)
            except SSL.WantReadError:
                await self._flush(connection)
                if not await self._receive(connection, may_end=True):
                    return b""
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            except SSL.Error:
                raise _OverError(msg("The server ended the connection with an alert.")) from None

    async def _flush(self, connection: SSL.Connection) -> None:
        output = bytearray()
        while True:
            try:
                output += connection.bio_read(_CHUNK)
            except SSL.WantReadError:
                break
        if output and self._socket is not None:
            try:
                await asyncio.get_running_loop().sock_sendall(self._socket, output)
            except OSError:
                return  # What the peer said before it went away is still to be read.

    async def _receive(self, connection: SSL.Connection, *, may_end: bool = False) -> bool:
        """Take what comes next over the wire; return False at its end."""
        assert self._socket is not None  # noqa: S101 - it is connected
        try:
            data = await asyncio.get_running_loop().sock_recv(self._socket, _CHUNK)
        except OSError:
            data = b""
        if data:
            connection.bio_write(data)
        elif not may_end:
            raise _OverError(msg("The server ended the connection in the handshake."))
        return bool(data)


def _without(answer: HttpAnswer, bearer: str) -> HttpAnswer:
    """Take the token out of what the server says, which may repeat it."""

    def clean(text: str | None) -> str | None:
        return None if text is None else text.replace(bearer, _HIDDEN)

    return replace(
        answer,
        content_type=clean(answer.content_type),
        content_language=clean(answer.content_language),
        last_modified=clean(answer.last_modified),
        location=clean(answer.location),
        body=answer.body.replace(bearer.encode(), _HIDDEN.encode()),
    )
