"""One probe: resolve, connect, talk, and the record of it."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime

from trustdesk.core.handshake import ClientAuth, Direction
from trustdesk.core.probe import AmqpFacts, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.proxy import Proxy
from trustdesk.formats.broker_user import broker_users
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientCredential
from trustdesk.network import ending
from trustdesk.network.address_book import Resolver
from trustdesk.network.amqp_exchange import AmqpDialect
from trustdesk.network.client_auth import ClientAuthFacts, client_auth
from trustdesk.network.conversation import Conversation
from trustdesk.network.dial import DialAttempt, DialFailure, NotConnectedError, dial
from trustdesk.network.ending import Stop, StoppedError
from trustdesk.network.journal import Journal
from trustdesk.network.observing_context import ContextPool
from trustdesk.network.proxied import connect_through
from trustdesk.network.request import ProbeListener, ProbeRequest
from trustdesk.network.resolve import Address, NameUnresolvedError, resolve
from trustdesk.network.tunnel import NoTunnelError

_MAX_CHAIN = 100
"""Certificates of a presented chain that are read out; OpenSSL's own limit of 100 kB ends most before."""

_MAX_STAPLE = 64 * 1024
"""Bytes of a staple that are kept; what is longer, and so cut short, is no valid response any more."""


async def probe(
    request: ProbeRequest,
    listener: ProbeListener | None = None,
    resolver: Resolver | None = None,
    contexts: ContextPool | None = None,
) -> ProbeRecord:
    """Make one probe and return what happened.

    Cancelling it does not raise: the record then has what was seen so far, with outcome CANCELLED.

    Args:
        request: what to probe, and how.
        listener: is told on the way.
        resolver: finds the addresses of the target's name; None asks the system.
        contexts: shared with other probes; None for its own.

    Raises:
        EnvironmentFailureError: this machine cannot make connections.
    """
    return await _Probe(request, listener, resolver or resolve, contexts).run()


class _Probe:
    """The state of one probe while it runs."""

    def __init__(
        self,
        request: ProbeRequest,
        listener: ProbeListener | None,
        resolver: Resolver,
        contexts: ContextPool | None,
    ) -> None:
        self._request = request
        self._contexts = contexts
        self._resolver = resolver
        self._target = request.target_as_sent
        self._credential = request.credential_to_present
        self._started_at = datetime.now(UTC)
        limits = request.limits
        self._journal = Journal(listener, max_events=limits.max_events, total_s=limits.total_s)
        self._addresses: tuple[Address, ...] = ()
        self._address: str | None = None
        self._conversation: Conversation | None = None
        self._amqp_1_0: Conversation | None = None

    async def run(self) -> ProbeRecord:
        stop: Stop | None = None
        try:
            await self._go()
            self._journal.enter(Phase.DONE)
            stop = self._refused_in_http()
        except StoppedError as error:
            stop = error.stop
        except TimeoutError:
            stop = ending.out_of_time(self._journal.phase, self._target)
        except asyncio.CancelledError:
            stop = ending.cancelled()
        finally:
            for conversation in (self._conversation, self._amqp_1_0):
                if conversation is not None:
                    conversation.hang_up()
        return self._record(stop)

    async def _go(self) -> None:
        journal, limits = self._journal, self._request.limits
        connected = await self._reach()
        self._conversation = conversation = self._converse(connected)
        async with journal.within(Phase.HANDSHAKE, journal.deadline(limits.handshake_s)):
            await conversation.handshake()
        async with journal.within(Phase.SETTLE, journal.deadline(limits.request_s)):
            if not conversation.makes_request:
                await conversation.settle_without_request()
                return
            await conversation.settle()
        async with journal.within(Phase.REQUEST, journal.deadline(limits.request_s)):
            await conversation.exchange()
        amqp = conversation.amqp
        if amqp is not None and amqp.version == AmqpDialect.V_1_0 and not amqp.mechanisms:
            await self._ask_amqp_1_0(conversation)

    async def _reach(self) -> socket.socket:
        """Connect, through the proxy where there is one."""
        journal, limits = self._journal, self._request.limits
        if self._request.proxy is not None:
            # Each step keeps a deadline by itself, for it says who did not answer: the proxy, or the target.
            async with journal.within(Phase.PROXY, None):
                return await self._through(self._request.proxy)
        async with journal.within(Phase.RESOLVE, journal.deadline(limits.resolve_s)):
            await self._resolve()
        deadline = journal.deadline(limits.connect_s)
        # The dialer keeps the deadline by itself, for it says which address did not answer.
        async with journal.within(Phase.CONNECT, None):
            return await self._connect(deadline)

    async def _through(self, proxy: Proxy) -> socket.socket:
        journal, target, limits = self._journal, self._target, self._request.limits
        host, port = target.connect_address or target.host, target.connect_port or target.port
        try:
            connected, answer = await connect_through(
                proxy,
                host,
                port,
                deadline=journal.deadline(limits.proxy_s),
                resolve_s=limits.resolve_s,
                connect_s=limits.connect_s,
                on_attempt=self._on_proxy_attempt,
                on_request=lambda: journal.note(
                    Direction.OUT, "proxy_request", detail=f"{host} port {port} through {proxy.title}"
                ),
            )
        except NameUnresolvedError as error:
            raise StoppedError(ending.proxy_unresolved(proxy, error)) from None
        except NotConnectedError as error:
            raise StoppedError(ending.proxy_not_connected(proxy, error.attempts)) from None
        except NoTunnelError as error:
            journal.note(Direction.IN, "proxy_answer", detail=error.detail)
            raise StoppedError(ending.no_tunnel(proxy, error)) from None
        journal.note(Direction.IN, "proxy_answer", detail=answer)
        return connected

    async def _ask_amqp_1_0(self, first: Conversation) -> None:
        """Ask for the mechanisms of AMQP 1.0 too, over a connection of its own: the listener ended the first.

        Whatever comes of it, the first answer stands.
        """
        first.hang_up()
        journal, limits = self._journal, self._request.limits
        try:
            async with asyncio.timeout_at(journal.deadline(limits.request_s)):
                connected = await self._reach_again()
                again = self._converse(connected, AmqpDialect.V_1_0)
                self._amqp_1_0 = again
                await again.handshake()
                await again.settle()
                if again.makes_request:
                    await again.exchange()
        except (StoppedError, TimeoutError):
            return
        if again.amqp is not None and again.amqp.mechanisms:
            first.amqp = again.amqp

    async def _reach_again(self) -> socket.socket:
        if self._request.proxy is not None:
            return await self._through(self._request.proxy)
        return await self._connect(self._journal.deadline(self._request.limits.connect_s))

    async def _resolve(self) -> None:
        host = self._target.connect_address or self._target.host
        try:
            self._addresses = await self._resolver(host, self._target.connect_port or self._target.port)
        except NameUnresolvedError as error:
            raise StoppedError(ending.unresolved(host, error)) from None

    async def _connect(self, deadline: float) -> socket.socket:
        try:
            return await dial(self._addresses, deadline=deadline, on_attempt=self._on_attempt)
        except NotConnectedError as error:
            stop = ending.not_connected(error.attempts)
            if stop.reason is StopReason.RESET:
                # TCP did connect: what was refused is the conversation.
                self._journal.note(Direction.IN, "tcp_reset")
                self._journal.enter(Phase.HANDSHAKE)
            raise StoppedError(stop) from None

    def _converse(self, connected: socket.socket, amqp: AmqpDialect = AmqpDialect.V_0_9_1) -> Conversation:
        try:
            return Conversation(connected, self._request, self._journal, amqp=amqp, contexts=self._contexts)
        except ValueError:
            # A target that no parser made, such as an IP literal as server name: a bug, not a lost socket.
            connected.close()
            raise

    def _on_attempt(self, attempt: DialAttempt) -> None:
        if attempt.failure in {None, DialFailure.RESET}:
            self._address = attempt.address.text
        self._on_proxy_attempt(attempt)

    def _on_proxy_attempt(self, attempt: DialAttempt) -> None:
        address = attempt.address
        result = "connected" if attempt.failure is None else attempt.failure.value
        self._journal.note(
            Direction.OUT,
            "tcp_connect",
            detail=f"{address.text} port {address.port}: {result}",
            fields=(("address", address.text), ("port", str(address.port)), ("result", result)),
        )

    def _refused_in_http(self) -> Stop | None:
        http = self._conversation.http if self._conversation is not None else None
        if http is None or http.certificate_refusal is None:
            return None
        return ending.refused_in_http(http.status, http.certificate_refusal)

    def _record(self, stop: Stop | None) -> ProbeRecord:
        credential, proxy = self._credential, self._request.proxy
        record = ProbeRecord(
            target=self._target,
            identity=credential.label if credential is not None else None,
            client_revocation=self._request.client_revocation,
            started_at=self._started_at,
            outcome=Outcome.ACCEPTED if stop is None else stop.outcome,
            ended_in=self._journal.phase,
            phases=self._journal.times(),
            address=self._address,
            addresses=tuple(dict.fromkeys(address.text for address in self._addresses)),
            proxy=None if proxy is None else proxy.title,
            timeline=self._journal.timeline(),
            stopped_by=None if stop is None else stop.reason,
            error=None if stop is None else stop.error,
            error_detail=None if stop is None else stop.detail,
        )
        if self._conversation is None:
            return record
        return _with_conversation(record, self._conversation, credential)


def _with_conversation(
    record: ProbeRecord, conversation: Conversation, credential: ClientCredential | None
) -> ProbeRecord:
    """Add what was said over the connection."""
    machine, judgement = conversation.machine, conversation.judgement
    tap = machine.tap
    outcome = record.outcome
    if judgement is not None and not judgement.trusted and outcome is not Outcome.CANCELLED:
        outcome = Outcome.UNTRUSTED_PEER
    return replace(
        record,
        outcome=outcome,
        client_hello_bytes=tap.client_hello_bytes,
        clock_offset_s=conversation.clock_offset_s,
        negotiated=tap.negotiated,
        client_auth=_client_auth(record.stopped_by, conversation),
        presented_chain=tuple(read_certificate(der) for der in (tap.server_chain or ())[:_MAX_CHAIN]),
        stapled_ocsp=None if tap.stapled_ocsp is None else tap.stapled_ocsp[:_MAX_STAPLE],
        judgement=judgement,
        alerts=tap.alerts,
        http=conversation.http,
        answer=conversation.answer,
        amqp=_amqp(conversation, credential),
        credential_error=machine.credential_error,
        error_detail=record.error_detail or machine.credential_detail,
    )


def _amqp(conversation: Conversation, credential: ClientCredential | None) -> AmqpFacts | None:
    """Add whom a broker that logs in by certificate would take us for."""
    amqp = conversation.amqp
    if amqp is None or credential is None or not conversation.machine.tap.client_certificate_sent:
        return amqp
    user, others = broker_users(read_certificate(credential.certification_path[0]))
    return replace(amqp, derived_user=user, other_users=others)


def _client_auth(stopped_by: StopReason | None, conversation: Conversation) -> ClientAuth:
    machine, http = conversation.machine, conversation.http
    tap = machine.tap
    finished_is_proof = machine.handshake_done and not conversation.is_tls13 and stopped_by is None
    return client_auth(
        ClientAuthFacts(
            request=tap.certificate_request,
            requested_later=tap.certificate_requested_later,
            sent=tap.client_certificate_sent,
            sent_later=tap.client_certificate_sent_later,
            proved_later=machine.heard_after_later_request,
            offered_later=machine.offers_post_handshake_auth,
            flight_done=tap.client_flight_done,
            handshake_done=machine.handshake_done,
            proved=machine.heard_application_data or finished_is_proof,
            server_judged_before_finished=not conversation.is_tls13,
            refusal=None if http is None else http.certificate_refusal,
            stopped_by=stopped_by,
        )
    )
