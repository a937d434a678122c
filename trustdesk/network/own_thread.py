"""Blocking work beside the loop, in a thread that can be abandoned.

A look-up of a name cannot be stopped, and a judgement works on what a stranger sent. Each runs in a daemon
thread of its own: a pool would be filled by those that hang, and would hold up the end of the process until
the last of them returns.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


async def in_own_thread(name: str, work: Callable[[], T]) -> T:
    """Run `work` in a thread called `name` and return what it returns, or raise what it raises.

    Cancelling returns at once; the thread ends when its work does, and nobody hears of it.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        result: T | None = None
        trouble: Exception | None = None
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            trouble = error

        def deliver() -> None:
            if outcome.done():
                return
            if trouble is not None:
                outcome.set_exception(trouble)
            else:
                outcome.set_result(cast("T", result))

        # The loop may have been closed while the work went on: nobody waits then.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(deliver)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await outcome
