"""One probe: resolve, connect, talk, and the record of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from trustdesk.core.handshake import ClientAuth, Direction
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, StopReason
from trustdesk.formats.certificate import read_certificate
from trustdesk.network import ending
from trustdesk.network.client_auth import ClientAuthFacts, client_auth
from trustdesk.network.conversation import Conversation
from trustdesk.network.dial import DialAttempt, DialFailure, NotConnectedError, dial
from trustdesk.network.ending import Stop, StoppedError
from trustdesk.network.journal import Journal
from trustdesk.network.request import ProbeListener, ProbeRequest
from trustdesk.network.resolve import Address, NameUnresolvedError, resolve

_MAX_CHAIN = 100
"""Certificates of a presented chain that are read out; OpenSSL's own limit of 100 kB ends most before."""

_MAX_STAPLE = 64 * 1024
"""Bytes of a staple that are kept; what is longer, and so cut short, is no valid response any more."""


async def probe(request: ProbeRequest, listener: ProbeListener | None = None) -> ProbeRecord:
    """Make one probe and return what happened.

    Cancelling it does not raise: the record then has what was seen so far, with outcome CANCELLED.

    Raises:
        EnvironmentFailureError: this machine cannot make connections.
    """
    return await _Probe(request, listener).run()


class _Probe:
    """The state of one probe while it runs."""

    def __init__(self, request: ProbeRequest, listener: ProbeListener | None) -> None:
        self._request = request
        self._target = request.target
        self._started_at = datetime.now(UTC)
        limits = request.limits
        self._journal = Journal(listener, max_events=limits.max_events, total_s=limits.total_s)
        self._addresses: tuple[Address, ...] = ()
        self._address: str | None = None
        self._conversation: Conversation | None = None

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
            if self._conversation is not None:
                self._conversation.hang_up()
        return self._record(stop)

    async def _go(self) -> None:
        journal, limits = self._journal, self._request.limits
        async with journal.within(Phase.RESOLVE, journal.deadline(limits.resolve_s)):
            await self._resolve()
        deadline = journal.deadline(limits.connect_s)
        # The dialer keeps the deadline by itself, for it says which address did not answer.
        async with journal.within(Phase.CONNECT, None):
            conversation = await self._connect(deadline)
        async with journal.within(Phase.HANDSHAKE, journal.deadline(limits.handshake_s)):
            await conversation.handshake()
        async with journal.within(Phase.SETTLE, journal.deadline(limits.request_s)):
            if not conversation.makes_request:
                await conversation.settle_without_request()
                return
            await conversation.settle()
        async with journal.within(Phase.REQUEST, journal.deadline(limits.request_s)):
            await conversation.exchange()

    async def _resolve(self) -> None:
        host = self._target.connect_address or self._target.host
        try:
            self._addresses = await resolve(host, self._target.connect_port or self._target.port)
        except NameUnresolvedError as error:
            raise StoppedError(ending.unresolved(host, error)) from None

    async def _connect(self, deadline: float) -> Conversation:
        try:
            connected = await dial(self._addresses, deadline=deadline, on_attempt=self._on_attempt)
        except NotConnectedError as error:
            stop = ending.not_connected(error.attempts)
            if stop.reason is StopReason.RESET:
                # TCP did connect: what was refused is the conversation.
                self._journal.note(Direction.IN, "tcp_reset")
                self._journal.enter(Phase.HANDSHAKE)
            raise StoppedError(stop) from None
        try:
            self._conversation = Conversation(connected, self._request, self._journal)
        except ValueError:
            # A target that no parser made, such as an IP literal as server name: a bug, not a lost socket.
            connected.close()
            raise
        return self._conversation

    def _on_attempt(self, attempt: DialAttempt) -> None:
        address = attempt.address
        result = "connected" if attempt.failure is None else attempt.failure.value
        if attempt.failure in {None, DialFailure.RESET}:
            self._address = address.text
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
        credential = self._request.credential
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
            timeline=self._journal.timeline(),
            stopped_by=None if stop is None else stop.reason,
            error=None if stop is None else stop.error,
            error_detail=None if stop is None else stop.detail,
        )
        return record if self._conversation is None else _with_conversation(record, self._conversation)


def _with_conversation(record: ProbeRecord, conversation: Conversation) -> ProbeRecord:
    """Add what was said over the connection."""
    machine, judgement = conversation.machine, conversation.judgement
    tap = machine.tap
    outcome = record.outcome
    if judgement is not None and not judgement.trusted and outcome is not Outcome.CANCELLED:
        outcome = Outcome.UNTRUSTED_PEER
    return replace(
        record,
        outcome=outcome,
        negotiated=tap.negotiated,
        client_auth=_client_auth(record.stopped_by, conversation),
        presented_chain=tuple(read_certificate(der) for der in (tap.server_chain or ())[:_MAX_CHAIN]),
        stapled_ocsp=None if tap.stapled_ocsp is None else tap.stapled_ocsp[:_MAX_STAPLE],
        judgement=judgement,
        alerts=tap.alerts,
        http=conversation.http,
        amqp=conversation.amqp,
        credential_error=machine.credential_error,
        error_detail=record.error_detail or machine.credential_detail,
    )


def _client_auth(stopped_by: StopReason | None, conversation: Conversation) -> ClientAuth:
    machine, http = conversation.machine, conversation.http
    tap = machine.tap
    finished_is_proof = machine.handshake_done and not conversation.is_tls13 and stopped_by is None
    return client_auth(
        ClientAuthFacts(
            request=tap.certificate_request,
            requested_later=tap.certificate_requested_later,
            sent=tap.client_certificate_sent,
            flight_done=tap.client_flight_done,
            handshake_done=machine.handshake_done,
            proved=machine.heard_application_data or finished_is_proof,
            server_judged_before_finished=not conversation.is_tls13,
            refusal=None if http is None else http.certificate_refusal,
            stopped_by=stopped_by,
        )
    )
