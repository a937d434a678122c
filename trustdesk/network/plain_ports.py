"""Whether a partner serves in the clear what it should serve over TLS alone: one question to each port.

HTTP is asked for the base path, without credentials and without following a redirect; AMQP for the list of
its SASL mechanisms. Nothing else is sent, and no credential is tried.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from trustdesk.core.plain_answer import PlainAnswer, PlainOutcome
from trustdesk.core.proxy import Proxy
from trustdesk.core.target import DEFAULT_PORTS, Target
from trustdesk.network.amqp_exchange import AmqpDialect, AmqpExchange
from trustdesk.network.dial import DialFailure, NotConnectedError
from trustdesk.network.http_exchange import HttpExchange
from trustdesk.network.resolve import NameUnresolvedError
from trustdesk.network.tunnel import NoTunnelError
from trustdesk.network.way import connected_to

HTTP_PORT = 80
AMQP_PORT = 5672
ANSWER_S = 5.0
"""Seconds for connecting, and as many for the answer."""

_CHUNK = 16 * 1024
_MAX_BYTES = 256 * 1024

_IsEnough = Callable[[], bool]


class _Exchange(Protocol):
    @property
    def is_answered(self) -> bool: ...

    @property
    def broken(self) -> str | None: ...

    def request(self) -> bytes: ...

    def receive(self, data: bytes) -> None: ...


async def plain_http(target: Target, proxy: Proxy | None = None, port: int = HTTP_PORT) -> PlainAnswer:
    """GET the target's base path without TLS. Cancelling it does not raise: it was not reached then.

    Raises:
        EnvironmentFailureError: this machine has no socket left.
    """
    # The port of a Host field is that of TLS, which is another one.
    exchange = HttpExchange(replace(target, port=DEFAULT_PORTS[target.protocol]), keeps_answer=True)
    outcome = await _asked(target, proxy, port, exchange, lambda: exchange.is_complete)
    return PlainAnswer(port=port, outcome=outcome, http=exchange.answer() if exchange.is_answered else None)


async def plain_amqp(target: Target, proxy: Proxy | None = None, port: int = AMQP_PORT) -> PlainAnswer:
    """Ask a listener without TLS for its SASL mechanisms, in 0-9-1, and in 1.0 where it speaks that.

    Cancelling it does not raise. Raises as `plain_http`.
    """
    exchange = AmqpExchange()
    outcome = await _asked(target, proxy, port, exchange, lambda: exchange.is_answered)
    if exchange.facts is not None and exchange.facts.version == "1.0" and not exchange.facts.mechanisms:
        second = AmqpExchange(AmqpDialect.V_1_0)
        await _asked(target, proxy, port, second, lambda: second.is_answered)
        exchange = second if second.facts is not None else exchange
    return PlainAnswer(port=port, outcome=outcome, amqp=exchange.facts)


async def _asked(
    target: Target, proxy: Proxy | None, port: int, exchange: _Exchange, is_enough: _IsEnough
) -> PlainOutcome:
    try:
        connected = await connected_to(target, proxy, ANSWER_S, port=port)
    except NotConnectedError as error:
        failures = {attempt.failure for attempt in error.attempts}
        # All of its addresses have to say no: one that is silent may serve somebody else. What refuses here
        # behind a proxy is that.
        is_theirs = proxy is None and failures == {DialFailure.REFUSED}
        return PlainOutcome.REFUSED if is_theirs else PlainOutcome.NOT_REACHED
    except (NameUnresolvedError, NoTunnelError, TimeoutError, asyncio.CancelledError):
        return PlainOutcome.NOT_REACHED
    try:
        async with asyncio.timeout(ANSWER_S):
            outcome = await _conversed(connected, exchange, is_enough)
        # A proxy may say that it has connected before it has.
        is_open = outcome is PlainOutcome.CLOSED and proxy is not None
        return PlainOutcome.NOT_REACHED if is_open else outcome
    except TimeoutError:
        return PlainOutcome.ANSWERED if exchange.is_answered else PlainOutcome.SILENT
    except asyncio.CancelledError:
        return PlainOutcome.NOT_REACHED
    except OSError:
        if exchange.is_answered:
            return PlainOutcome.ANSWERED
        return PlainOutcome.CLOSED if proxy is None else PlainOutcome.NOT_REACHED
    finally:
        connected.close()


async def _conversed(connected: socket.socket, exchange: _Exchange, is_enough: _IsEnough) -> PlainOutcome:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connected, exchange.request())
    received = 0
    while not is_enough() and exchange.broken is None and received < _MAX_BYTES:
        data = await loop.sock_recv(connected, _CHUNK)
        if not data:
            break
        received += len(data)
        exchange.receive(data)
    if exchange.is_answered:
        return PlainOutcome.ANSWERED
    return PlainOutcome.CLOSED if exchange.broken is None and not received else PlainOutcome.SOMETHING_ELSE
