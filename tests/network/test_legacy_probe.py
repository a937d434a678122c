"""Old versions: what a server's first record says, and real servers that still take them."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers import clients
from tests.servers.openssl_server import openssl_server
from tests.servers.process import ServerSetup, free_port
from tests.support import peers
from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.target import parse_target
from trustdesk.network import legacy_probe
from trustdesk.network.legacy_hello import LEGACY_VERSIONS, LegacyReading, legacy_client_hello
from trustdesk.network.legacy_probe import probe_legacy_versions
from trustdesk.network.resolve import resolve

VERSION_ARGUMENTS = {"TLSv1.1": "-tls1_1", "TLSv1": "-tls1"}


def record(content_type: int, content: bytes, version: int = 0x0301) -> bytes:
    return struct.pack("!BHH", content_type, version, len(content)) + content


def server_hello(version: int) -> bytes:
    body = struct.pack("!H", version) + bytes(32) + b"\0" + b"\x00\x2f" + b"\0"
    return record(22, b"\2" + struct.pack("!I", len(body))[1:] + body, version)


def read(name: str, *chunks: bytes) -> LegacyVersion | None:
    reading = LegacyReading(name)
    for chunk in chunks:
        reading.receive(chunk)
    return reading.outcome


@pytest.mark.parametrize("name", list(LEGACY_VERSIONS))
def test_server_hello_of_the_version_accepts_it(name: str) -> None:
    outcome = read(name, server_hello(LEGACY_VERSIONS[name]))
    assert outcome is not None
    assert outcome.answer is LegacyAnswer.ACCEPTED
    assert outcome.version == name


def test_server_hello_of_an_older_version_does_not_accept_the_one_asked_for() -> None:
    outcome = read("TLSv1.1", server_hello(0x0301))
    assert outcome is not None
    assert outcome.answer is LegacyAnswer.REFUSED
    assert "TLS 1.0" in outcome.detail


def test_alert_refuses() -> None:
    outcome = read("TLSv1", record(21, b"\2\x46"))
    assert outcome == LegacyVersion(
        version="TLSv1", answer=LegacyAnswer.REFUSED, detail="alert protocol_version (70)"
    )


def test_warning_before_the_server_hello_refuses_nothing() -> None:
    warning = record(21, b"\1\x70")
    assert read("TLSv1", warning) is None
    outcome = read("TLSv1", warning, server_hello(0x0301))
    assert outcome is not None
    assert outcome.answer is LegacyAnswer.ACCEPTED


@pytest.mark.parametrize(("end", "answer"), [("closed", "refused"), ("silent", "unknown")])
def test_end_after_a_warning_is_what_tells(end: str, answer: str) -> None:
    reading = LegacyReading("TLSv1")
    reading.receive(record(21, b"\1\0"))
    getattr(reading, end)()
    assert reading.outcome is not None
    assert reading.outcome.answer == answer


def test_answer_is_read_from_single_bytes_and_fragments() -> None:
    whole = server_hello(0x0302)
    content = whole[5:]
    in_two = record(22, content[:10]) + record(22, content[10:])
    assert read("TLSv1.1", *(in_two[at : at + 1] for at in range(len(in_two)))) == read("TLSv1.1", whole)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n", b"\0\0\0", record(23, b"x"), record(22, b"\x0b\0\0\1x")]
)
def test_what_is_no_answer_tells_nothing(answer: bytes) -> None:
    outcome = read("TLSv1", answer)
    assert outcome is not None
    assert outcome.answer is LegacyAnswer.UNKNOWN


@given(st.binary(max_size=300), st.sampled_from(list(LEGACY_VERSIONS)))
def test_nothing_that_comes_raises_or_accepts_by_chance(data: bytes, name: str) -> None:
    outcome = read(name, data)
    accepted = outcome is not None and outcome.answer is LegacyAnswer.ACCEPTED
    assert not accepted or data[5:6] == b"\2"


def test_ssl_3_is_asked_for_without_extensions() -> None:
    hello = legacy_client_hello(LEGACY_VERSIONS["SSLv3"], "host.example", bytes(32))
    assert hello[:3] == b"\x16\x03\x00"
    assert b"host.example" not in hello
    assert b"host.example" in legacy_client_hello(LEGACY_VERSIONS["TLSv1"], "host.example", bytes(32))


def asked(port: int) -> dict[str, LegacyVersion]:
    target = parse_target(f"tls://127.0.0.1:{port}", server_name=clients.HOST)

    async def ask() -> tuple[LegacyVersion, ...]:
        return await probe_legacy_versions(target, await resolve("127.0.0.1", port))

    return {outcome.version: outcome for outcome in asyncio.run(ask())}


@pytest.mark.servers
@pytest.mark.parametrize("accepted", list(VERSION_ARGUMENTS))
def test_openssl_that_takes_one_old_version(tmp_path: Path, accepted: str) -> None:
    park = clients.make_park()
    setup = ServerSetup(chain=park.server_chain, key=park.server.key_pem(), client_ca=None, folder=tmp_path)
    arguments = (VERSION_ARGUMENTS[accepted], "-cipher", "DEFAULT:@SECLEVEL=0")
    with openssl_server(setup, *arguments) as server:
        outcomes = asked(server.port)
    assert {name for name, one in outcomes.items() if one.answer is LegacyAnswer.ACCEPTED} == {accepted}
    assert outcomes["SSLv3"].answer is LegacyAnswer.REFUSED


@pytest.mark.servers
def test_openssl_of_today_refuses_all(tmp_path: Path) -> None:
    park = clients.make_park()
    setup = ServerSetup(
        chain=park.server_chain, key=park.server.key_pem(), client_ca=park.root.pem, folder=tmp_path
    )
    with openssl_server(setup) as server:
        outcomes = asked(server.port)
    assert {one.answer for one in outcomes.values()} == {LegacyAnswer.REFUSED}


def test_nobody_there_is_unknown_and_not_refused() -> None:
    assert {one.answer for one in asked(free_port()).values()} == {LegacyAnswer.UNKNOWN}


@pytest.mark.parametrize("handler", [peers.closes_after_client_hello, peers.resets_after_client_hello])
def test_server_that_hangs_up_refuses(handler: peers.Handler) -> None:
    with peers.Peer(handler) as peer:
        assert {one.detail for one in asked(peer.port).values()} == {"closed"}


def test_server_that_stays_silent_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_probe, "ANSWER_S", 0.2)
    with peers.Peer(peers.stalls) as peer:
        outcomes = asked(peer.port)
    assert {one.answer for one in outcomes.values()} == {LegacyAnswer.UNKNOWN}
    assert {one.detail for one in outcomes.values()} == {"no answer"}
