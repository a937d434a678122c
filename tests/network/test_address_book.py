"""Names are looked up once in a sweep; failures are not kept."""

from __future__ import annotations

import asyncio
import socket

import pytest

from trustdesk.network.address_book import AddressBook
from trustdesk.network.resolve import Address, NameUnresolvedError

HERE = (Address(family=socket.AF_INET, socket_address=("192.0.2.1", 443)),)


class NameServer:
    """Answers when it is let, and counts."""

    def __init__(self, *, fails: int = 0) -> None:
        self.asked: list[tuple[str, int]] = []
        self.answers = asyncio.Event()
        self._fails = fails

    async def look_up(self, host: str, port: int) -> tuple[Address, ...]:
        self.asked.append((host, port))
        await self.answers.wait()
        if len(self.asked) <= self._fails:
            raise NameUnresolvedError(temporary=True, detail="no answer")
        return HERE


def test_who_asks_at_once_shares_a_look_up_and_later_ones_its_answer() -> None:
    async def go() -> None:
        server = NameServer()
        book = AddressBook(server.look_up)
        asking = [asyncio.create_task(book.resolve("A.example", 443)) for _ in range(3)]
        await asyncio.sleep(0)
        server.answers.set()
        assert await asyncio.gather(*asking) == [HERE] * 3
        assert await book.resolve("a.EXAMPLE", 443) == HERE
        assert server.asked == [("A.example", 443)]
        await book.resolve("a.example", 8443)
        assert len(server.asked) == 2

    asyncio.run(go())


def test_an_old_answer_is_asked_for_again() -> None:
    async def go() -> None:
        server = NameServer()
        server.answers.set()
        book = AddressBook(server.look_up, kept_s=0.0)
        await book.resolve("a.example", 443)
        await book.resolve("a.example", 443)
        assert len(server.asked) == 2

    asyncio.run(go())


def test_a_failure_is_told_to_all_who_asked_and_forgotten() -> None:
    async def go() -> None:
        server = NameServer(fails=1)
        server.answers.set()
        book = AddressBook(server.look_up)
        failed = await asyncio.gather(
            *(book.resolve("a.example", 443) for _ in range(2)), return_exceptions=True
        )
        assert [type(one) for one in failed] == [NameUnresolvedError] * 2
        assert await book.resolve("a.example", 443) == HERE

    asyncio.run(go())


def test_one_who_gives_up_leaves_the_look_up_to_the_others() -> None:
    async def go() -> None:
        server = NameServer()
        book = AddressBook(server.look_up)
        first, second = (asyncio.create_task(book.resolve("a.example", 443)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        server.answers.set()
        assert await second == HERE
        with pytest.raises(asyncio.CancelledError):
            await first
        assert len(server.asked) == 1

    asyncio.run(go())


def test_closing_ends_what_nobody_waits_for_any_more() -> None:
    async def go() -> None:
        server = NameServer()
        book = AddressBook(server.look_up)
        asking = asyncio.create_task(book.resolve("a.example", 443))
        await asyncio.sleep(0)
        book.close()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(go())
