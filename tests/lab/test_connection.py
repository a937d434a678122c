"""What a hostile, slow or greedy client can cost a lab server: bounded time, bounded memory."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from tests.support.tls_client import client_context
from trustdesk.lab.catalogue import CATALOGUE
from trustdesk.lab.connection import Crowd, Limits
from trustdesk.lab.description import LabServer
from trustdesk.lab.pki import LabPki
from trustdesk.lab.servers import LabServers

PATIENT = Limits()
HASTY = Limits(phase_s=0.5, linger_s=0.1)
DEADLINE_S = 10.0
ENDED = b"ended"


@asynccontextmanager
async def serving(name: str, limits: Limits = PATIENT) -> AsyncIterator[tuple[LabServer, Crowd]]:
    """Run one server of the catalogue in this loop."""
    crowd = Crowd(limits)
    specs = [spec for spec in CATALOGUE if spec.name == name]
    servers = LabServers(LabPki.create(datetime.now(UTC)), crowd, specs, None)
    await servers.start()
    try:
        yield servers.running[0], crowd
    finally:
        servers.stop()


async def read_to_the_end(reader: asyncio.StreamReader) -> bytes:
    """Read until the server closes or resets."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await reader.read()
    except ConnectionResetError:
        return ENDED


async def everybody_left(crowd: Crowd) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while len(crowd):
            await asyncio.sleep(0)


@pytest.mark.parametrize("name", ["healthy-tls13", "stall", "reset", "garbage", "plain-http"])
def test_client_that_says_nothing_is_cut_off(name: str) -> None:
    async def case() -> None:
        async with serving(name, HASTY) as (server, crowd):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            await read_to_the_end(reader)
            writer.close()
            await everybody_left(crowd)

    asyncio.run(case())


@pytest.mark.parametrize("name", ["healthy-tls13", "stall", "garbage", "plain-http"])
def test_client_that_drips_gets_no_more_time(name: str) -> None:
    async def case() -> None:
        async with serving(name, HASTY) as (server, crowd):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            ended = asyncio.create_task(read_to_the_end(reader))
            started = asyncio.get_running_loop().time()
            for byte in b"\x16\x03\x01\x02\x00" + bytes(500):
                writer.write(bytes((byte,)))
                await asyncio.wait([ended], timeout=0.02)
                if ended.done():
                    break
            assert asyncio.get_running_loop().time() - started < 5 * HASTY.phase_s
            await ended
            writer.close()
            await everybody_left(crowd)

    asyncio.run(case())


def test_client_that_pauses_between_requests_is_cut_off() -> None:
    async def case() -> None:
        async with serving("healthy-tls13", HASTY) as (server, crowd):
            reader, writer = await asyncio.open_connection(
                server.host, server.port, ssl=client_context(), server_hostname=server.server_name
            )
            writer.write(b"GET / HTTP/1.1\r\nHost: lab.example\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
            await read_to_the_end(reader)
            writer.transport.abort()
            await everybody_left(crowd)

    asyncio.run(case())


@pytest.mark.parametrize(
    "name", ["healthy-tls13", "healthy-mtls-tls12", "healthy-amqps-mtls", "garbage", "plain-http"]
)
@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH\r\n",
        bytes(3000),
        b"\x16\x03\x01\x00\x05\xff\xff\xff\xff\xff",
        b"\x16\x03\x01\xff\xff" * 4000,
    ],
    ids=["banner", "zeros", "no-hello", "oversized-records"],
)
def test_garbage_ends_the_connection_in_order(name: str, garbage: bytes) -> None:
    async def case() -> None:
        async with serving(name) as (server, crowd):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(garbage)
            writer.write_eof()
            assert await read_to_the_end(reader) != ENDED
            writer.close()
            await everybody_left(crowd)

    asyncio.run(case())


def test_garbage_gets_its_alert() -> None:
    async def case() -> bytes:
        async with serving("healthy-tls13") as (server, _):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(b"\x16\x03\x01\x00\x05\xff\xff\xff\xff\xff")
            alert = await reader.readexactly(7)
            writer.close()
            return alert

    alert_record, fatal = 21, 2
    alert = asyncio.run(case())
    assert (alert[0], alert[5]) == (alert_record, fatal)


def test_client_that_asks_and_never_reads_is_held_back() -> None:
    request = b"GET / HTTP/1.1\r\nHost: lab.example\r\n\r\n"

    async def case() -> int:
        async with serving("plain-http", Limits(phase_s=DEADLINE_S)) as (server, crowd):
            with socket.socket() as greedy:
                greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                greedy.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(greedy, (server.host, server.port))
                flood = asyncio.create_task(loop.sock_sendall(greedy, request * 500_000))
                _, unsent = await asyncio.wait([flood], timeout=1.0)
                assert unsent, "the server took everything"
                waiting = sum(transport.get_write_buffer_size() for transport in crowd._transports)
                flood.cancel()
            await everybody_left(crowd)
            return waiting

    assert asyncio.run(case()) < 16 * 2**20


def test_connection_over_the_limit_is_cut_off_and_the_others_live() -> None:
    async def case() -> None:
        async with serving("stall", Limits(connections=2)) as (server, crowd):
            streams = [await asyncio.open_connection(server.host, server.port) for _ in range(2)]
            for _, writer in streams:
                writer.write(b"x")
            reader, writer = await asyncio.open_connection(server.host, server.port)
            assert await read_to_the_end(reader) in {b"", ENDED}
            writer.close()
            assert len(crowd) == 2
            for _, writer in streams:
                writer.close()
            await everybody_left(crowd)

    asyncio.run(case())
