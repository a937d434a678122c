"""What is said over one connection: handshake, settling, request.

Decisions:
- 2026-11: the judge is called in a thread of its own. It takes 1.5 ms for an honest chain, and it works on
  what a stranger sent: a chain of ten CA certificates of one name kept the first judge busy for 15 s. The
  thread costs 0.1 ms, and keeps deadlines, Cancel and the other probes going.
- 2026-11: in a sweep a chain of at most three certificates and 8 kB is judged on the loop, where the judge
  has nothing to search but its lists: at 64 threads at once the switching took longer than the judging. What
  is longer can be made to be slow.
- 2026-11: for `tls` targets, for AMQPS listeners that are not trusted, and where ALPN chose something that
  is not HTTP/1, no request is made. Then the answer is application data, a ticket, in TLS 1.2 the server's
  Finished, or an orderly end in reply to ours.
- 2026-11: after the handshake the credential is presented to a trusted server alone, and in TLS 1.3 alone:
  not to one that `present_anyway` let through, for what it asks for later nobody was asked about.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.probe import AmqpFacts, HttpFacts, Phase
from trustdesk.core.target import TargetProtocol
from trustdesk.core.trust import ServerJudgement
from trustdesk.core.untrusted import visible
from trustdesk.network import ending
from trustdesk.network.amqp_exchange import AmqpDialect, AmqpExchange
from trustdesk.network.driver import Driver, StreamEnd
from trustdesk.network.ending import Stop, StoppedError
from trustdesk.network.http_exchange import HttpExchange
from trustdesk.network.journal import Journal
from trustdesk.network.machine import TlsClientMachine
from trustdesk.network.observing_context import ContextPool
from trustdesk.network.own_thread import in_own_thread
from trustdesk.network.request import ProbeRequest

_JUDGE_S = 3.0
_SHORT_CHAIN = 3
_SHORT_CHAIN_BYTES = 8 * 1024
_BODY_WAIT_S = 2.0
_BODY_BEFORE_NEXT_S = 0.5
_GREETING_WAIT_S = 0.5
_AGAIN_S = 3.0
_HTTP_ALPN = frozenset({None, "http/1.1", "http/1.0"})


class Exchange(Protocol):
    """One request and its answer, as bytes."""

    @property
    def is_answered(self) -> bool:
        """Whether the answer is there, as far as it is wanted."""
        ...

    @property
    def broken(self) -> str | None:
        """Why what came is no answer in the exchange's protocol; None while it may be one."""
        ...

    def request(self) -> bytes:
        """Return the bytes to send."""
        ...

    def receive(self, data: bytes) -> None:
        """Take application data."""
        ...

    def summary(self) -> tuple[str, str]:
        """Return the answer's name in the timeline, and its detail; only once it is answered."""
        ...


def clock_offset_s(told: datetime, now: datetime) -> float:
    """Return how far a clock that told this time is ahead; half a second stands for what it cut off."""
    return round((told - now).total_seconds() + 0.5, 1)


class Conversation:
    """One connection from the ClientHello to the answer. Each step raises StoppedError when it is over.

    Attributes:
        machine: the TLS client.
        judgement: what the judge said; None before the server's chain was there.
        http: the answer to the GET; None before it.
        answer: the same with its body; None where that was not asked for.
        amqp: what an AMQP listener said; None before it.
        clock_offset_s: by the Date of the answer to the GET; None before it, or without one.
    """

    def __init__(
        self,
        connected: socket.socket,
        request: ProbeRequest,
        journal: Journal,
        *,
        amqp: AmqpDialect = AmqpDialect.V_0_9_1,
        contexts: ContextPool | None = None,
    ) -> None:
        """Take over a connected, non-blocking socket.

        Args:
            amqp: which of its protocols an AMQP listener is asked for.
            contexts: shared with other conversations; None for its own.
        """
        self._request = request
        self._target = request.target_as_sent
        self._amqp_dialect = amqp
        self._journal = journal
        self._exchange: Exchange | None = None
        self._asked_ms = 0.0
        self._answer_size = 0
        self._stream_end_noted = False
        self.judgement: ServerJudgement | None = None
        self.http: HttpFacts | None = None
        self.answer: HttpAnswer | None = None
        self.amqp: AmqpFacts | None = None
        self.clock_offset_s: float | None = None
        self.machine = TlsClientMachine(
            server_name=self._target.server_name,
            alpn=self._target.alpn,
            clock=journal.now_ms,
            max_events=request.limits.max_events,
            versions=request.variant.versions,
            groups=request.variant.groups,
            wants_post_handshake_auth=request.variant.offers_post_handshake_auth,
            contexts=contexts,
        )
        self._driver = Driver(
            connected, self.machine, max_bytes=request.limits.max_bytes, on_progress=self._collect
        )

    @property
    def is_tls13(self) -> bool:
        """Whether the server chose TLS 1.3; False before it chose."""
        negotiated = self.machine.tap.negotiated
        return negotiated is not None and negotiated.version == "TLSv1.3"

    @property
    def makes_request(self) -> bool:
        """Whether a request is sent over this connection: to an untrusted server nothing but a bare GET."""
        if self._target.protocol is TargetProtocol.HTTPS:
            negotiated = self.machine.tap.negotiated
            return negotiated is None or negotiated.alpn in _HTTP_ALPN
        is_trusted = self.judgement is not None and self.judgement.trusted
        return self._target.protocol is TargetProtocol.AMQPS and is_trusted

    async def handshake(self) -> None:
        """Shake hands; the judge is asked on the way, before any credential can leave."""
        self._driver.start()
        while not self.machine.handshake_done:
            if self.machine.awaiting_judgement:
                await self._judge()
                self._driver.moved()
            else:
                await self._check_handshake()
                await self._driver.change()
        if self.judgement is None:
            await self._judge()

    async def settle(self) -> None:
        """Read before the first write: in TLS 1.3 the server looks at our certificate only now."""
        await asyncio.sleep(0)
        if self.is_tls13 and self.machine.tap.certificate_request is not None:
            await self._listen()
        await self._check()

    async def settle_without_request(self) -> None:
        """Wait for an answer to nothing: see the decision above."""
        await asyncio.sleep(0)
        if not self.is_tls13:
            await self._check()
            return
        await self._listen()
        await self._check()
        if self.machine.has_spoken:
            return
        self.machine.close()
        self._driver.moved()
        await self._listen()
        if self._is_over_in_order():
            return
        await self._check()
        if not self.machine.has_spoken:
            raise StoppedError(ending.out_of_time(Phase.SETTLE, self._target))

    async def exchange(self) -> None:
        """Send the one request and read its answer."""
        if self._target.protocol is TargetProtocol.AMQPS:
            amqp = AmqpExchange(self._amqp_dialect)
            await self._ask(amqp, "amqp_header", f"AMQP {self._amqp_dialect}")
            self.amqp = amqp.facts
            return
        is_trusted = self.judgement is not None and self.judgement.trusted
        measures_reuse = self._request.measures_reuse and is_trusted
        http = HttpExchange(self._target, keeps_open=measures_reuse, keeps_answer=self._request.keeps_answer)
        await self._ask(http, "http_request", f"GET {self._target.path}")
        if http.date is not None:
            self.clock_offset_s = clock_offset_s(http.date, datetime.now(UTC))
        if http.wants_body:
            is_wanted = http.body_decides or self._request.keeps_answer
            patience_s = _BODY_WAIT_S if is_wanted else _BODY_BEFORE_NEXT_S
            await self._wait(patience_s, lambda: http.is_complete or self._is_over())
        self.http = http.facts()
        self.answer = http.answer() if self._request.keeps_answer else None
        if measures_reuse and self.http.certificate_refusal is None and not self._is_over():
            await self._ask_again(http, self.http)

    async def _ask_again(self, http: HttpExchange, first: HttpFacts) -> None:
        """Send the same GET over the open connection; whatever comes of it, the first answer stands."""
        if not http.again():
            return
        asked_ms = self._journal.now_ms()
        try:
            async with asyncio.timeout(_AGAIN_S):
                await self._ask(http, "http_request", f"GET {self._target.path}, on the open connection")
        except (StoppedError, TimeoutError):
            return
        self.http = replace(first, reused_connection_ms=self._journal.now_ms() - asked_ms)

    def hang_up(self) -> None:
        """Say goodbye where the handshake was done, and close the socket; any number of times."""
        self.machine.end()
        self._driver.moved()
        if self._driver.close():
            self._journal.note(Direction.OUT, "tcp_close")

    async def _check_handshake(self) -> None:
        """Raise when nothing more can come; a chain that still waited for its staple is judged without it."""
        try:
            await self._check()
        except StoppedError:
            if self.machine.tap.server_chain is not None and self.judgement is None:
                await self._judge()
            raise

    async def _judge(self) -> None:
        """Ask the judge, and only then let the machine go on, with the credential or without."""
        request = self._request
        judge = partial(
            request.judge.judge_server,
            self.machine.tap.server_chain or (),
            self._target.verify_name,
            datetime.now(UTC),
            staple=self.machine.tap.stapled_ocsp,
        )
        try:
            async with asyncio.timeout(_JUDGE_S):
                self.judgement = judge() if self._is_judged_here() else await in_own_thread("judge", judge)
        except TimeoutError:
            raise StoppedError(ending.not_judged()) from None
        if self.machine.awaiting_judgement:
            may_present = self.judgement.trusted or request.present_anyway
            self.machine.resume(
                request.credential_to_present if may_present else None, trusted=self.judgement.trusted
            )

    def _is_judged_here(self) -> bool:
        """Whether the judge is quick with what the server sent, and nothing has to wait for it."""
        if not self._request.judges_at_once:
            return False
        chain, staple = self.machine.tap.server_chain or (), self.machine.tap.stapled_ocsp
        return len(chain) <= _SHORT_CHAIN and sum(map(len, chain)) + len(staple or b"") <= _SHORT_CHAIN_BYTES

    async def _listen(self) -> None:
        """Read for the grace period, or until the server has said anything at all."""
        connect_ms = self._journal.took_ms(Phase.CONNECT) or self._journal.took_ms(Phase.PROXY) or 0.0
        grace_ms = min(max(3 * connect_ms + 300, 500), 3000)
        await self._wait(grace_ms / 1000, lambda: self.machine.has_spoken or self._is_over())

    async def _wait(self, seconds: float, is_enough: Callable[[], bool]) -> None:
        """Wait until it is enough, for at most so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not is_enough():
                    await self._driver.change()
        except TimeoutError:
            return

    async def _ask(self, exchange: Exchange, name: str, detail: str) -> None:
        """Send an exchange's request and wait until it is answered; `_collect` feeds it."""
        request = exchange.request()
        self._exchange = exchange
        self._answer_size = 0
        self._asked_ms = self._journal.now_ms()
        self._journal.note(Direction.OUT, name, len(request), detail, encrypted=True)
        self.machine.send(request)
        self._driver.moved()
        while not exchange.is_answered:
            if exchange.broken is not None:
                raise StoppedError(ending.unreadable(self._target.protocol, exchange.broken))
            await self._check()
            await self._driver.change()

    def _is_over(self) -> bool:
        machine = self.machine
        return machine.failure is not None or machine.peer_closed or self._driver.ended is not None

    def _is_over_in_order(self) -> bool:
        machine = self.machine
        closed = machine.peer_closed or self._driver.ended is StreamEnd.CLOSED
        return closed and machine.failure is None

    async def _check(self) -> None:
        """Raise when nothing more can come of this connection."""
        machine, driver, phase = self.machine, self._driver, self._journal.phase
        driver.require_sound()
        alert = ending.fatal_alert(machine.tap.alerts)
        if alert is not None:
            raise StoppedError(ending.refused_by_alert(alert, phase, machine.failure))
        if machine.failure is not None:
            raise StoppedError(ending.violation(machine.failure, machine.tap.alerts))
        if machine.not_tls is not None:
            raise StoppedError(await self._classify())
        if driver.ended is StreamEnd.TOO_MUCH:
            raise StoppedError(ending.too_much(self._request.limits.max_bytes))
        how = StreamEnd.CLOSED if machine.peer_closed else driver.ended
        if how is not None:
            raise StoppedError(
                ending.stream_ended(how, phase, heard=self._heard_tls(), detail=driver.end_detail)
            )

    async def _classify(self) -> Stop:
        """Say what it is that is no TLS; a greeting that comes in pieces is waited for."""
        heard_tls = self._heard_tls()
        if not heard_tls:
            await self._wait(
                _GREETING_WAIT_S,
                lambda: ending.tells_its_protocol(self.machine.not_tls or b"") or self._is_over(),
            )
        first_bytes = self.machine.not_tls or b""
        start = visible(first_bytes[:64].decode("latin-1"))
        self._journal.note(Direction.IN, "not_tls", len(first_bytes), start)
        if heard_tls:
            return ending.violation(f"no TLS record: {first_bytes[:64]!r}", self.machine.tap.alerts)
        return ending.not_tls(first_bytes, self._target.connect_port or self._target.port)

    def _heard_tls(self) -> bool:
        return any(event.direction is Direction.IN for event in self.machine.tap.events)

    def _collect(self) -> None:
        """Take over what the machine saw and decrypted, and how the stream ended."""
        answer = self._feed_exchange()
        for event in self.machine.take_events():
            if event.message != "application_data" or self._exchange is None:
                self._journal.add(event)
            elif event.direction is Direction.IN and answer is not None:
                # Our exchange stands in the timeline as request and answer, not as records.
                self._journal.add(replace(answer, at_ms=event.at_ms))
                answer = None
        if answer is not None:
            # What answers had come before the request was out, or the tap keeps no more events.
            self._journal.add(answer)
        ended = self._driver.ended
        if ended in {StreamEnd.CLOSED, StreamEnd.RESET} and not self._stream_end_noted:
            self._stream_end_noted = True
            name = "tcp_close" if ended is StreamEnd.CLOSED else "tcp_reset"
            self._journal.note(Direction.IN, name)

    def _feed_exchange(self) -> TimelineEvent | None:
        """Give the exchange what came for it; return the answer's event when that completes the answer."""
        exchange = self._exchange
        data = self.machine.take_application_data() if exchange is not None else b""
        if exchange is None or not data:
            return None
        if self._journal.first_byte_ms is None:
            self._journal.first_byte_ms = self._journal.now_ms() - self._asked_ms
        self._answer_size += len(data)
        was_answered = exchange.is_answered
        exchange.receive(data)
        if was_answered or not exchange.is_answered:
            return None
        message, detail = exchange.summary()
        return TimelineEvent(
            at_ms=self._journal.now_ms(),
            direction=Direction.IN,
            message=message,
            bytes=self._answer_size,
            detail=detail,
            encrypted=True,
        )
