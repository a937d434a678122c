from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from tests.support.peers import Peer, stalls
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.network.dial import DialAttempt, DialFailure, NotConnectedError, dial
from trustdesk.network.resolve import Address


def ipv4(port: int, host: str = "127.0.0.1") -> Address:
    return Address(family=socket.AF_INET, socket_address=(host, port))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def dialled(*addresses: Address, seconds: float = 5.0) -> tuple[list[DialAttempt], NotConnectedError | None]:
    async def go() -> tuple[list[DialAttempt], NotConnectedError | None]:
        attempts: list[DialAttempt] = []
        deadline = asyncio.get_running_loop().time() + seconds
        try:
            (await dial(addresses, deadline=deadline, on_attempt=attempts.append)).close()
        except NotConnectedError as error:
            return attempts, error
        return attempts, None

    return asyncio.run(go())


def test_refused_first_address_tries_the_next() -> None:
    with Peer(stalls) as peer:
        attempts, error = dialled(ipv4(closed_port()), ipv4(peer.port))
    assert error is None
    assert [attempt.failure for attempt in attempts] == [DialFailure.REFUSED, None]


def test_all_refused_tells_every_attempt() -> None:
    attempts, error = dialled(ipv4(closed_port()), ipv4(closed_port()))
    assert error is not None
    assert list(error.attempts) == attempts
    assert {attempt.failure for attempt in attempts} == {DialFailure.REFUSED}


def test_address_that_swallows_packets_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    real_connect = asyncio.SelectorEventLoop.sock_connect

    async def connect(loop: asyncio.SelectorEventLoop, sock: socket.socket, address: tuple[str, int]) -> None:
        if address[0] == "192.0.2.1":
            await asyncio.Event().wait()
        await real_connect(loop, sock, address)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    with Peer(stalls) as peer:
        attempts, error = dialled(ipv4(443, "192.0.2.1"), ipv4(peer.port), seconds=0.2)
    assert error is None
    assert [attempt.failure for attempt in attempts] == [DialFailure.TIMED_OUT, None]


@pytest.mark.parametrize(
    ("number", "failure"),
    [
        (errno.ENETUNREACH, DialFailure.UNREACHABLE),
        (errno.EHOSTUNREACH, DialFailure.UNREACHABLE),
        (errno.EACCES, DialFailure.UNREACHABLE),
        (errno.ETIMEDOUT, DialFailure.TIMED_OUT),
        (errno.ECONNREFUSED, DialFailure.REFUSED),
    ],
)
def test_systems_error_becomes_a_failure_with_its_words(
    monkeypatch: pytest.MonkeyPatch, number: int, failure: DialFailure
) -> None:
    async def connect(*_: object) -> None:
        raise OSError(number, "the system's words")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    (attempt,), _ = dialled(ipv4(443, "192.0.2.1"))
    assert (attempt.failure, attempt.detail) == (failure, "the system's words")


def test_machine_without_sockets_is_a_failure_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    async def go() -> None:
        monkeypatch.setattr(socket, "socket", no_socket)
        try:
            await dial([ipv4(443)], deadline=9e9, on_attempt=lambda attempt: None)
        finally:
            monkeypatch.undo()

    with pytest.raises(EnvironmentFailureError):
        asyncio.run(go())
