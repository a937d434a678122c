"""The names of one sweep: each is looked up once, and again only when the answer has become old.

An answer that a name has no address is not kept: what is tried again at the end is asked for again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from trustdesk.core.target import is_ip_literal
from trustdesk.network.resolve import Address, resolve

Resolver = Callable[[str, int], Awaitable[tuple[Address, ...]]]
"""As `resolve`: host and port to addresses; raises NameUnresolvedError."""

_KEPT_S = 60.0
_MOST_NAMES = 10_000


class AddressBook:
    """Answers of the name servers, on one loop."""

    def __init__(self, look_up: Resolver = resolve, *, kept_s: float = _KEPT_S) -> None:
        """Take what asks the name servers; `kept_s` seconds long its answers hold."""
        self._look_up = look_up
        self._kept_s = kept_s
        self._answers: dict[tuple[str, int], tuple[float, tuple[Address, ...]]] = {}
        self._asking: dict[tuple[str, int], asyncio.Task[tuple[Address, ...]]] = {}

    async def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """Return all addresses of a host, as `network.resolve.resolve`; who asks at once shares one look-up.

        Raises:
            NameUnresolvedError: there is no address.
        """
        if is_ip_literal(host):
            return await self._look_up(host, port)
        key = (host.lower(), port)
        loop = asyncio.get_running_loop()
        known = self._answers.get(key)
        if known is not None and loop.time() < known[0]:
            return known[1]
        task = self._asking.get(key)
        if task is None:
            asking = self._ask(key, host, port)
            task = self._asking[key] = loop.create_task(asking, name=f"resolve {host[:64]}")
            task.add_done_callback(_look_at)
        # One who gives up leaves the look-up to the others.
        return await asyncio.shield(task)

    def close(self) -> None:
        """Wait for no look-up any more."""
        for task in self._asking.values():
            task.cancel()

    async def _ask(self, key: tuple[str, int], host: str, port: int) -> tuple[Address, ...]:
        try:
            found = await self._look_up(host, port)
        finally:
            del self._asking[key]
        self._answers.pop(key, None)
        while len(self._answers) >= _MOST_NAMES:
            del self._answers[next(iter(self._answers))]
        self._answers[key] = (asyncio.get_running_loop().time() + self._kept_s, found)
        return found


def _look_at(task: asyncio.Task[tuple[Address, ...]]) -> None:
    """Take note of how it ended: those who asked may all have gone."""
    if not task.cancelled():
        task.exception()
