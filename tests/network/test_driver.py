from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

import pytest

from tests.support.peers import Handler, Peer, drain, reset
from trustdesk.network.driver import Driver, StreamEnd
from trustdesk.network.machine import TlsClientMachine

GREETING = b"what the peer said before it went"


def driven(handler: Handler, until: Callable[[Driver], bool], *, before: Callable[[], object]) -> Driver:
    """Connect to a peer, wait for `before`, and drive a machine until something holds."""

    async def go(peer: Peer) -> Driver:
        connected = socket.create_connection(("127.0.0.1", peer.port))
        connected.setblocking(False)
        before()
        machine = TlsClientMachine(server_name=None, alpn=(), clock=lambda: 0.0)
        driver = Driver(connected, machine, max_bytes=1000, on_progress=lambda: None)
        driver.start()
        async with asyncio.timeout(5):
            while not until(driver):
                await driver.change()
        driver.close()
        return driver

    with Peer(handler) as peer:
        return asyncio.run(go(peer))


def test_what_came_before_a_reset_is_read_although_our_send_fails() -> None:
    """The peer has said why and reset before we write: our write fails, and its words must not be lost."""
    gone = threading.Event()

    def handle(connection: socket.socket) -> None:
        connection.sendall(GREETING)
        reset(connection)
        gone.set()

    driver = driven(
        handler=handle, until=lambda driver: driver.ended is not None, before=lambda: gone.wait(5)
    )
    assert driver.machine.not_tls == GREETING
    assert driver.ended is StreamEnd.RESET
    assert driver.end_detail


def test_end_of_stream_is_no_reset() -> None:
    def handle(connection: socket.socket) -> None:
        connection.sendall(GREETING)
        connection.shutdown(socket.SHUT_WR)
        drain(connection)

    driver = driven(handler=handle, until=lambda driver: driver.ended is not None, before=lambda: None)
    assert driver.machine.not_tls == GREETING
    assert driver.ended is StreamEnd.CLOSED
    assert driver.end_detail is None


def test_reading_stops_at_the_limit() -> None:
    def handle(connection: socket.socket) -> None:
        connection.sendall(b"\x14\x03\x03\x00\x01\x01" * 200_000)

    driver = driven(handler=handle, until=lambda driver: driver.ended is not None, before=lambda: None)
    assert driver.ended in {StreamEnd.TOO_MUCH, StreamEnd.CLOSED}
    assert driver.received_bytes < 1000 + (1 << 16)


def test_closing_twice_says_so_once() -> None:
    driver = driven(handler=drain, until=lambda driver: True, before=lambda: None)
    assert not driver.close()


@pytest.mark.parametrize("told", [b"\x16", b"\x15\x03\x03\x00\x02\x02\x28"])
def test_fault_of_ours_in_what_is_made_of_the_answer_is_raised_and_no_silence(told: bytes) -> None:
    """An exception in a callback of the loop is only logged there: the wait would run into its deadline."""

    def handle(connection: socket.socket) -> None:
        connection.recv(1)
        connection.sendall(told)
        drain(connection)

    async def go(peer: Peer) -> None:
        connected = socket.create_connection(("127.0.0.1", peer.port))
        connected.setblocking(False)
        machine = TlsClientMachine(server_name=None, alpn=(), clock=lambda: 0.0)
        calls = 0

        def broken() -> None:
            nonlocal calls
            calls += 1
            if calls > 1:
                raise OverflowError("date value out of range")

        driver = Driver(connected, machine, max_bytes=1000, on_progress=broken)
        driver.start()
        await driver.change()
        with pytest.raises(OverflowError, match="out of range"):
            await driver.change()
        with pytest.raises(OverflowError, match="out of range"):
            driver.require_sound()
        assert driver.ended is None
        driver.moved()
        assert driver.close()

    with Peer(handle) as peer:
        asyncio.run(asyncio.wait_for(go(peer), 5))
