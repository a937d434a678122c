"""The tap: reads both directions' records and tells what they say, without taking part.

It is given whole records in the order of the wire and the TLS engine's key-log lines, and knows nothing of
the engine. In TLS 1.3 it opens a record as soon as its key is there, which is before the engine gets that
record; so the server's certificates are known while it can still be decided what to send.

Everything that comes in may be hostile: nothing raises, work is linear in the bytes, and what is kept is
bounded. Message names are those of RFC 8446 and 5246; records that stay closed are `encrypted_handshake`,
`encrypted_alert` or `application_data` with the size of their payload.
"""

from __future__ import annotations

from dataclasses import replace

from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequest,
    Direction,
    Negotiated,
    TimelineEvent,
)
from trustdesk.network.dissect import Dissected, dissect
from trustdesk.network.dissect_auth import CertificateChain, CertificateStatus, Proof
from trustdesk.network.dissect_hello import ClientHello, EncryptedExtensions, ServerHello
from trustdesk.network.key_schedule import KeyLog, SecretLabel
from trustdesk.network.tap_flow import (
    ConnectionKeysWanted,
    Content,
    Flow,
    Protection,
    TrafficKeysWanted,
    sealed,
)
from trustdesk.network.tap_timeline import TapTimeline
from trustdesk.network.tls_names import TLS_1_2, TLS_1_3, alert_level_name, alert_name, version_name
from trustdesk.network.tls_records import RECORD_HEADER, ContentType
from trustdesk.network.tls_suites import suite_name

_MESSAGE_HEADER = 4
_MAX_WAITING = 64
_MAX_ALERTS = 200
_ALERT_LENGTH = 2

_SEALED_NAMES: dict[int, str] = {
    ContentType.CHANGE_CIPHER_SPEC: "change_cipher_spec",
    ContentType.ALERT: "encrypted_alert",
    ContentType.HANDSHAKE: "encrypted_handshake",
    ContentType.APPLICATION_DATA: "application_data",
    ContentType.HEARTBEAT: "heartbeat",
}


class Tap:
    """Dissects one connection, client side.

    Attributes:
        negotiated: from the ServerHello on; the latest handshake's. None before.
        server_chain: DER certificates of the server's first Certificate message, end entity first, those
            that do not parse among them; None before that message is complete.
        certificate_request: the latest; None when none came.
        client_certificate_sent: our Certificate message left with at least one certificate.
        client_certificate_sent_later: the same, after a CertificateRequest that came after the handshake.
        client_flight_done: our Finished left.
        server_finished: the server's Finished came.
        client_hello_bytes: size of our first ClientHello, without record framing; None before it left.
        tickets: NewSessionTicket messages that came.
        stapled_ocsp: OCSP response (DER) for the server's end entity; None when none came.
        staple_settled: the server's chain came, and no staple can follow it any more.
        hello_retry: a HelloRetryRequest came.
        certificate_requested_later: a CertificateRequest came after the handshake: post-handshake
            authentication (RFC 8446 4.6.2) or a renegotiation.
        malformed: the first thing that could not be parsed, technical words; None when all could. The tap
            goes on after it.
    """

    def __init__(self, *, max_events: int = 2000, max_message: int = 1 << 20) -> None:
        """Prepare for a new connection.

        Args:
            max_events: events kept; later messages still count for everything else.
            max_message: bytes of the longest handshake message that is put together.
        """
        self.negotiated: Negotiated | None = None
        self.server_chain: tuple[bytes, ...] | None = None
        self.certificate_request: CertificateRequest | None = None
        self.client_certificate_sent = False
        self.client_certificate_sent_later = False
        self.client_flight_done = False
        self.server_finished = False
        self.client_hello_bytes: int | None = None
        self.tickets = 0
        self.stapled_ocsp: bytes | None = None
        self.staple_settled = False
        self.hello_retry = False
        self.certificate_requested_later = False
        self.malformed: str | None = None
        self._timeline = TapTimeline(max_events)
        self._alerts: list[Alert] = []
        self._key_log = KeyLog()
        self._flows = {direction: Flow(max_message) for direction in Direction}
        self._client_random = b""
        self._server_hello: ServerHello | None = None

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """All messages so far, in the order in which they could be read."""
        return tuple(self._timeline.events)

    @property
    def events_dropped(self) -> int:
        """Messages seen after the limit of events."""
        return self._timeline.dropped

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts of both directions, those under encryption too; at most 200."""
        return tuple(self._alerts)

    def key_log(self, line: bytes) -> None:
        """Take one NSS key-log line (RFC 9850); lines that open no records are ignored."""
        self._key_log.add(line)

    def record(self, direction: Direction, record: bytes, at_ms: float) -> list[TimelineEvent]:
        """Take one whole record, header included; return the messages that it made readable.

        A record whose key has not come waits, and with it what follows in its direction: at most 64.
        """
        if len(record) < RECORD_HEADER:
            self._note("truncated record")
            return []
        fresh = self._timeline.begin()
        self._read_waiting()
        flow = self._flows[direction]
        if flow.waiting or not self._read(direction, record, at_ms):
            flow.waiting.append((record, at_ms))
            if len(flow.waiting) > _MAX_WAITING:
                oldest, oldest_at_ms = flow.waiting.popleft()
                self._on_content(direction, sealed(oldest), oldest_at_ms)
        return fresh

    def flush(self, *, ended: bool = False) -> list[TimelineEvent]:
        """Read the records that waited for a key which has come; return their messages.

        Args:
            ended: no key will come any more: the rest becomes events of closed records.
        """
        fresh = self._timeline.begin()
        self._read_waiting()
        if ended:
            for direction, flow in self._flows.items():
                while flow.waiting:
                    record, at_ms = flow.waiting.popleft()
                    self._on_content(direction, sealed(record), at_ms)
        return fresh

    def _read_waiting(self) -> None:
        for direction, flow in self._flows.items():
            while flow.waiting and self._read(direction, *flow.waiting[0]):
                flow.waiting.popleft()

    def _read(self, direction: Direction, record: bytes, at_ms: float) -> bool:
        """Read one record; return False when its key has not come."""
        content = self._flows[direction].unwrap(record, self._key_log)
        if content is None:
            return False
        self._on_content(direction, content, at_ms)
        return True

    def _on_content(self, direction: Direction, content: Content, at_ms: float) -> None:
        if content.protection in {Protection.SEALED, Protection.DAMAGED}:
            self._on_closed(direction, content, at_ms)
            return
        match content.content_type:
            case ContentType.HANDSHAKE:
                self._on_handshake(direction, content, at_ms)
            case ContentType.ALERT:
                self._on_alerts(direction, content, at_ms)
            case ContentType.CHANGE_CIPHER_SPEC:
                self._timeline.add_content(direction, content, at_ms, "change_cipher_spec")
                self._on_change_cipher_spec(direction)
            case ContentType.APPLICATION_DATA:
                # Empty fragments only protect the next record's vector (RFC 5246 6.2.1).
                if content.data:
                    self._timeline.add_content(direction, content, at_ms, "application_data")
            case ContentType.HEARTBEAT:
                self._timeline.add_content(direction, content, at_ms, "heartbeat")
            case other:
                self._note(f"content type {other}")
                self._timeline.add_content(direction, content, at_ms, f"content_type_{other}")

    def _on_closed(self, direction: Direction, content: Content, at_ms: float) -> None:
        flow = self._flows[direction]
        if content.protection is Protection.DAMAGED:
            self._note("record that its key does not open")
        name = _SEALED_NAMES.get(content.content_type, "application_data")
        is_finished = self.client_flight_done if direction is Direction.OUT else self.server_finished
        if name == "application_data" and not is_finished:
            name = "encrypted_handshake"  # TLS 1.3 hides the type
        self._timeline.add_content(direction, content, at_ms, name)
        if name == "encrypted_handshake" and flow.finished_comes_sealed:
            flow.finished_comes_sealed = False
            self._on_finished(direction)

    def _on_handshake(self, direction: Direction, content: Content, at_ms: float) -> None:
        flow = self._flows[direction]
        for message_type, body in flow.messages(content.data):
            hello = self._server_hello
            dissected = dissect(
                message_type,
                body,
                version=hello.version if hello else TLS_1_2,
                suite=hello.suite if hello else 0,
            )
            if dissected.problem is not None:
                self._note(dissected.problem)
            self._timeline.add(
                TimelineEvent(
                    at_ms=at_ms,
                    direction=direction,
                    message=dissected.message,
                    bytes=_MESSAGE_HEADER + len(body),
                    detail=dissected.detail,
                    encrypted=content.encrypted,
                    fields=dissected.fields,
                )
            )
            if direction is Direction.IN:
                self._on_server_message(dissected, content.protection)
            else:
                self._on_client_message(dissected, _MESSAGE_HEADER + len(body))
        problem = flow.take_problem()
        if problem is not None:
            self._note(problem)

    def _on_client_message(self, dissected: Dissected, size: int) -> None:
        match dissected.facts:
            case ClientHello(random=random):
                self._client_random = random
                self.client_hello_bytes = self.client_hello_bytes or size
            case CertificateChain(certificates=certificates):
                self.client_certificate_sent |= bool(certificates)
                self.client_certificate_sent_later |= bool(certificates) and self.certificate_requested_later
            case _:
                pass
        match dissected.message:
            case "finished":
                self._on_finished(Direction.OUT)
            case "key_update":
                self._flows[Direction.OUT].key_update()
            case _:
                pass

    def _on_server_message(self, dissected: Dissected, protection: Protection) -> None:
        # A CertificateStatus comes right after the chain, or not at all (RFC 6066 8).
        self.staple_settled |= self.server_chain is not None
        match dissected.facts:
            case ServerHello() as hello:
                self._on_server_hello(hello, protection)
            case EncryptedExtensions(alpn=alpn):
                self._agree(alpn=alpn)
            case CertificateChain() as chain if self.server_chain is None:
                self.server_chain = chain.certificates
                self.stapled_ocsp = chain.stapled_ocsp
                before = self._server_hello
                self.staple_settled = before is None or not before.promises_status
            case CertificateStatus(stapled_ocsp=response) if self.stapled_ocsp is None:
                self.stapled_ocsp = response
            case CertificateRequest() as request:
                self.certificate_request = request
                self.certificate_requested_later |= self.server_finished
            case Proof(group=group, signature_scheme=scheme):
                self._agree(group=group, signature_scheme=scheme)
            case ClientHello():
                self._note("client_hello from the server")
            case _:
                pass
        match dissected.message:
            case "finished" if protection is Protection.OPENED:
                self._on_finished(Direction.IN)
            case "finished":
                self._note("finished without protection")
            case "key_update":
                self._flows[Direction.IN].key_update()
            case "new_session_ticket":
                self.tickets += 1
            case _:
                pass

    def _on_server_hello(self, hello: ServerHello, protection: Protection) -> None:
        before = self._server_hello
        if before is not None and not before.is_retry:
            renegotiates = before.version < TLS_1_3 and hello.version < TLS_1_3
            if protection is not Protection.OPENED or not renegotiates:
                self._note("server_hello out of order")
                return
        self._server_hello = hello
        if hello.is_retry:
            self.hello_retry = True
            return
        self.negotiated = Negotiated(
            version=version_name(hello.version),
            cipher_suite=suite_name(hello.suite),
            group=hello.group,
            alpn=hello.alpn,
        )
        if hello.version >= TLS_1_3:
            self._expect_traffic(Direction.IN, SecretLabel.SERVER_HANDSHAKE)
            self._expect_traffic(Direction.OUT, SecretLabel.CLIENT_HANDSHAKE)

    def _on_change_cipher_spec(self, direction: Direction) -> None:
        hello = self._server_hello
        if hello is None or hello.is_retry or hello.version >= TLS_1_3:
            return  # RFC 8446 D.4: there for middleboxes, without meaning
        self._flows[direction].expect(
            ConnectionKeysWanted(
                version=hello.version,
                suite=hello.suite,
                client_random=self._client_random,
                server_random=hello.random,
                encrypt_then_mac=hello.encrypt_then_mac,
                of_client=direction is Direction.OUT,
            )
        )

    def _on_finished(self, direction: Direction) -> None:
        """Note the end of a flight; the first one of TLS 1.3 is followed by application keys."""
        is_out = direction is Direction.OUT
        is_first = not (self.client_flight_done if is_out else self.server_finished)
        if is_out:
            self.client_flight_done = True
        else:
            self.server_finished = True
        if is_first and self._server_hello is not None and self._server_hello.version >= TLS_1_3:
            label = SecretLabel.CLIENT_APPLICATION if is_out else SecretLabel.SERVER_APPLICATION
            self._expect_traffic(direction, label)

    def _expect_traffic(self, direction: Direction, label: SecretLabel) -> None:
        suite = self._server_hello.suite if self._server_hello is not None else 0
        wanted = TrafficKeysWanted(label=label, client_random=self._client_random, suite=suite)
        self._flows[direction].expect(wanted)
        problem = self._flows[direction].take_problem()
        if problem is not None:
            self._note(problem)

    def _agree(
        self, *, group: str | None = None, signature_scheme: str | None = None, alpn: str | None = None
    ) -> None:
        """Add what later messages say to what the ServerHello said."""
        if self.negotiated is not None:
            self.negotiated = replace(
                self.negotiated,
                group=group or self.negotiated.group,
                signature_scheme=signature_scheme or self.negotiated.signature_scheme,
                alpn=alpn or self.negotiated.alpn,
            )

    def _on_alerts(self, direction: Direction, content: Content, at_ms: float) -> None:
        if len(content.data) % _ALERT_LENGTH or not content.data:
            self._note(f"alert record of {len(content.data)} bytes")
        pairs = zip(content.data[::2], content.data[1::2], strict=False)
        for level_code, code in pairs:
            alert = Alert(
                direction=AlertDirection.SENT if direction is Direction.OUT else AlertDirection.RECEIVED,
                level=alert_level_name(level_code),
                code=code,
                name=alert_name(code),
                at_ms=at_ms,
            )
            if len(self._alerts) < _MAX_ALERTS:
                self._alerts.append(alert)
            self._timeline.add(
                TimelineEvent(
                    at_ms=at_ms,
                    direction=direction,
                    message="alert",
                    bytes=_ALERT_LENGTH,
                    detail=f"{alert.name} ({alert.code}), {alert.level}",
                    encrypted=content.encrypted,
                    fields=(("description", f"{alert.name} ({alert.code})"), ("level", alert.level)),
                )
            )

    def _note(self, problem: str) -> None:
        if self.malformed is None:
            self.malformed = problem
