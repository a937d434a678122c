from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from trustdesk.network.resolve import Address, NameUnresolvedError, resolve


def entry(address: str, port: int = 443) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    tail = (0, 0) if ":" in address else ()
    return family, socket.SOCK_STREAM, 6, "", (address, port, *tail)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_ip_literal_is_its_own_address_without_a_look_up(address: str) -> None:
    before = threading.active_count()
    (found,) = asyncio.run(resolve(address, 8443))
    assert (found.text, found.port) == (address, 8443)
    assert threading.active_count() == before


def test_all_addresses_are_kept_once_and_in_the_systems_order(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [entry("2001:db8::1"), entry("192.0.2.2"), entry("192.0.2.1"), entry("192.0.2.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers)
    found = asyncio.run(resolve("partner.example", 443))
    assert [address.text for address in found] == ["2001:db8::1", "192.0.2.2", "192.0.2.1"]


def test_name_that_does_not_exist_is_told_from_silent_name_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, temporary in ((socket.EAI_NONAME, False), (socket.EAI_AGAIN, True)):

        def fail(*_: object, code: int = code, **__: object) -> None:
            raise socket.gaierror(code, "the system's words")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        with pytest.raises(NameUnresolvedError) as caught:
            asyncio.run(resolve("partner.example", 443))
        assert caught.value.temporary is temporary
        assert caught.value.detail == "the system's words"


def test_name_without_usable_address_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [])
    with pytest.raises(NameUnresolvedError):
        asyncio.run(resolve("partner.example", 443))


def test_look_up_that_hangs_does_not_hold_up_cancelling_nor_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[tuple[object, ...]]:
        release.wait(30)
        return [entry("192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", hang)

    async def give_up() -> tuple[Address, ...]:
        async with asyncio.timeout(0.05):
            return await resolve("partner.example", 443)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    release.set()
    for thread in threading.enumerate():
        if thread.name.startswith("resolve"):
            thread.join(5)
            assert thread.daemon
