"""The TLS client as a state machine without input and output: bytes in, bytes and events out.

Everything that arrives is cut into records. Each goes to the tap first and to OpenSSL after it, and what
OpenSSL answers goes through the tap before it leaves, so that the timeline has the order of the wire.

**The client certificate.** When the tap has the whole chain of the server, before OpenSSL has seen the record
that completes it, the machine stops: `awaiting_judgement`. A staple belongs to the chain: where TLS 1.2
promised one, which follows in a message of its own, the tap alone reads on until it is there. Only `resume`
goes on, and only there can a credential come in. OpenSSL asks back for the end-entity certificate that it
is about to accept; with a credential loaded, one that is not the judged one ends the handshake, and where
none was loaded the certificate is compared afterwards. After the handshake the credential is taken out again,
so that a renegotiation (TLS 1.2) finds nothing to present: it is a handshake of its own, whose server nobody
has judged. Post-handshake authentication (RFC 8446 4.6.2) is part of the judged connection; for it the
credential stays in, where the server is trusted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from OpenSSL import SSL, crypto

from trustdesk.core.diagnosis import GroupChoice, TlsVersions
from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.message import Message, msg
from trustdesk.core.target import is_ip_literal
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.observing_context import (
    ContextPool,
    CredentialRefusedError,
    JudgedOnly,
    library_words,
    log_keys_to,
    offer_post_handshake_auth,
)
from trustdesk.network.tap import Tap
from trustdesk.network.tls_records import NotTlsError, RecordCutter

_CHUNK = 1 << 16
_VERSIONS_WITH_CLIENT_CERTIFICATE = frozenset({"TLSv1.2", "TLSv1.3"})


class TlsClientMachine:
    """One TLS connection as a client.

    Attributes:
        tap: what was seen on the wire, both directions.
        awaiting_judgement: the server's chain is in `tap.server_chain`; nothing goes on before `resume`.
        handshake_done: our Finished is in the output, and the server's was verified.
        heard_application_data: application data came, as OpenSSL verified and decrypted it; where the server
            asked for a certificate, only what came after our answer to that. In TLS 1.3 a server may speak
            before it has seen ours (RFC 8446 2, "0.5-RTT data"), which proves nothing of it.
        heard_after_later_request: the same, in a later read than a CertificateRequest that came after the
            handshake: what came along with that was said before our answer to it.
        offers_post_handshake_auth: the ClientHello offers it.
        peer_closed: the peer's close_notify came.
        failure: OpenSSL's reason for giving up (it sent an alert, or received one); None while it goes on.
        not_tls: the bytes that are no TLS record (RFC 8446 5.1), as far as they came; None while all were.
        credential_error: why the credential was not loaded; None when it was, or none was given.
        credential_detail: the library's own words for that.
    """

    def __init__(
        self,
        *,
        server_name: str | None,
        alpn: tuple[str, ...],
        clock: Callable[[], float],
        max_events: int = 2000,
        versions: TlsVersions = TlsVersions.ANY,
        groups: GroupChoice = GroupChoice.PQ,
        wants_post_handshake_auth: bool = True,
        contexts: ContextPool | None = None,
    ) -> None:
        """Prepare a connection.

        Args:
            server_name: SNI; None sends none.
            alpn: protocols to offer, in order; empty offers none.
            clock: milliseconds since the probe started.
            max_events: most events that the tap keeps.
            versions: what the ClientHello offers.
            groups: likewise.
            wants_post_handshake_auth: offer it, where the library can and TLS 1.3 is offered.
            contexts: shared with other connections; None for its own.

        Raises:
            ValueError: `server_name` is an IP literal, which RFC 6066 3 forbids.
        """
        if server_name is not None and is_ip_literal(server_name):
            raise ValueError("an IP literal is no server name")
        self.tap = Tap(max_events=max_events)
        self.awaiting_judgement = False
        self.handshake_done = False
        self.heard_application_data = False
        self.heard_after_later_request = False
        self.offers_post_handshake_auth = False
        self.peer_closed = False
        self.failure: str | None = None
        self.not_tls: bytes | None = None
        self.credential_error: Message | None = None
        self.credential_detail: str | None = None
        self._clock = clock
        self._inbound = RecordCutter()
        self._outbound = RecordCutter()
        self._held: deque[tuple[bytes, float, bool]] = deque()  # bytes, when, and before our flight left
        self._read_ahead = 0  # of the held records, how many the tap has read
        self._is_early = False
        self._early_tickets = 0
        self._judged = False
        self._is_trusted = False
        self._asked_before_read = False
        self._versions = versions
        self._groups = groups
        self._guard: JudgedOnly | None = None
        self._trusted: bytes | None = None
        self._output = bytearray()
        self._application_data = bytearray()
        self._unsent = b""
        self._events: list[TimelineEvent] = []
        self._contexts = contexts or ContextPool()
        self._bare = self._context(None)
        self._connection = SSL.Connection(self._bare, None)
        log_keys_to(self._connection, self.tap.key_log)
        self._connection.set_connect_state()
        self._connection.request_ocsp()
        if wants_post_handshake_auth and versions is not TlsVersions.TLS_1_2:
            self.offers_post_handshake_auth = offer_post_handshake_auth(self._connection)
        if server_name is not None:
            self._connection.set_tlsext_host_name(server_name.encode("ascii"))
        if alpn:
            self._connection.set_alpn_protos([protocol.encode("ascii") for protocol in alpn])

    @property
    def has_spoken(self) -> bool:
        """Whether the server said anything after the handshake; as for `heard_application_data`."""
        tickets = self.tap.tickets - (self._early_tickets if self._is_asked else 0)
        return tickets > 0 or self.heard_application_data

    @property
    def _is_asked(self) -> bool:
        return self.tap.certificate_request is not None

    def start(self) -> None:
        """Put the ClientHello into the output."""
        self._step()

    def receive(self, data: bytes) -> None:
        """Take what the peer sent; ignored once the engine has given up."""
        if self.failure is not None:
            return
        at_ms = self._clock()
        self._asked_before_read = self.tap.certificate_requested_later
        try:
            records = self._inbound.feed(data)
        except NotTlsError as error:
            records = list(error.records)
            self.not_tls = error.first_bytes
        is_early = not self.tap.client_flight_done
        self._held.extend((record, at_ms, is_early) for record in records)
        self._pump()

    def resume(self, credential: ClientCredential | None, *, trusted: bool = False) -> None:
        """Go on after the judgement, with a credential to present or without.

        Below TLS 1.2 none is presented: signatures there are SHA-1 or MD5 based, and RFC 8996 forbids it.
        A credential that OpenSSL refuses is left out; `credential_error` says why.

        Args:
            trusted: whether the judge trusts the server: then no other certificate may answer in its name,
                and the credential is presented too where it is asked for after the handshake (TLS 1.3).
        """
        self._judged = True
        self._is_trusted = trusted
        self.awaiting_judgement = False
        negotiated = self.tap.negotiated
        chain = self.tap.server_chain
        if trusted and chain:
            self._trusted = chain[0]
        if credential is not None and chain and negotiated is not None:
            if negotiated.version in _VERSIONS_WITH_CLIENT_CERTIFICATE:
                self._load(credential, chain[0])
            else:
                self.credential_error = msg(
                    "No client certificate is presented in {version}.", version=negotiated.version
                )
        self._hand_over()
        self._pump()

    def send(self, data: bytes) -> None:
        """Encrypt application data into the output; waits inside while a renegotiation runs."""
        self._unsent += data
        self._step()

    def close(self) -> None:
        """Put a close_notify into the output, where the handshake is done."""
        if not self.handshake_done or self.failure is not None:
            return
        try:
            self._connection.shutdown()
        except SSL.Error as error:
            self.failure = library_words(error)
        self._drain()

    def end(self) -> None:
        """Close as far as it goes, and tell of the records that no key will open any more."""
        self.close()
        self._events += self.tap.flush(ended=True)

    def take_output(self) -> bytes:
        """Return the bytes to send, once."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def take_application_data(self) -> bytes:
        """Return the application data that came, once."""
        data = bytes(self._application_data)
        self._application_data.clear()
        return data

    def take_events(self) -> list[TimelineEvent]:
        """Return the messages seen since the last call, in the order of the wire."""
        events = self._events
        self._events = []
        return events

    def _context(self, credential: ClientCredential | None) -> SSL.Context:
        return self._contexts.context(credential, self._versions, self._groups)

    def _load(self, credential: ClientCredential, judged: bytes) -> None:
        try:
            context = self._context(credential)
        except CredentialRefusedError as error:
            self.credential_error = error.problem
            self.credential_detail = error.detail
            return
        self._guard = JudgedOnly(self._connection, judged)
        self._connection.set_context(context)

    def _unload(self) -> None:
        """Take the credential out again, unless it may be asked for later in TLS 1.3."""
        negotiated = self.tap.negotiated
        if self._is_trusted and negotiated is not None and negotiated.version == "TLSv1.3":
            return
        if self._guard is not None:
            # The callback itself stays: OpenSSL has no way to forget one.
            self._guard.judged = None
            self._connection.set_context(self._bare)

    def _is_who_was_trusted(self) -> bool:
        """Whether OpenSSL read the certificate that the judge trusted; true where it trusted none.

        Without the callback of `JudgedOnly`, which would leave a cycle to the garbage collector every time.
        """
        if self._trusted is None:
            return True
        found = self._connection.get_peer_certificate()
        return found is not None and crypto.dump_certificate(crypto.FILETYPE_ASN1, found) == self._trusted

    def _pump(self) -> None:
        while self._read_ahead < len(self._held) and not self.awaiting_judgement and self.failure is None:
            record, at_ms, is_early = self._held[self._read_ahead]
            tickets = self.tap.tickets
            self._events += self.tap.record(Direction.IN, record, at_ms)
            self._early_tickets += (self.tap.tickets - tickets) * is_early
            self._read_ahead += 1
            if self._judged or self.tap.server_chain is None:
                self._hand_over()
            else:
                self.awaiting_judgement = self.tap.staple_settled

    def _hand_over(self) -> None:
        """Give OpenSSL what the tap has read, one record at a time."""
        while self._read_ahead and self.failure is None:
            record, _, self._is_early = self._held.popleft()
            self._read_ahead -= 1
            self._connection.bio_write(record)
            self._step()
        self._is_early = False

    def _step(self) -> None:
        """Let OpenSSL work on what it has, until it wants more."""
        if self.failure is not None:
            return
        try:
            if not self.handshake_done:
                self._connection.do_handshake()
                self._unload()
                if not self._is_who_was_trusted():
                    self.failure = "another certificate than the one that was judged"
                    return
                self.handshake_done = True
            if self._unsent:
                sent = self._connection.send(self._unsent)
                self._unsent = self._unsent[sent:]
            while True:
                self._application_data += self._connection.recv(_CHUNK)
                self.heard_application_data |= not self._is_early or not self._is_asked
                self.heard_after_later_request |= self._asked_before_read
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.peer_closed = True
        except SSL.Error as error:
            self.failure = library_words(error)
        finally:
            self._drain()

    def _drain(self) -> None:
        at_ms = self._clock()
        while True:
            try:
                data = self._connection.bio_read(_CHUNK)
            except SSL.WantReadError:
                break
            self._output += data
            for record in self._outbound.feed(data):
                self._events += self.tap.record(Direction.OUT, record, at_ms)
        self._events += self.tap.flush()
