"""What the inner layers need from the outer ones; `app` puts implementations behind these."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from trustdesk.core.message import Message
from trustdesk.core.trust import ServerJudgement

T = TypeVar("T")


class Judge(Protocol):
    """Says whether a server may be trusted, before a client certificate is sent to it.

    Implementations are pure functions of their arguments and of the lists they hold, thread-safe, and
    total: an unreadable certificate is a judgement, not an exception.
    """

    def judge_server(
        self, presented_chain: Sequence[bytes], reference_identifier: str, at: datetime
    ) -> ServerJudgement:
        """Judge a chain (DER, end entity first, as presented) for a name, as of an instant."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """Why nothing came from a URL: refused by a limit of ours, not reached, or not answered."""

    reason: Message


class Fetcher(Protocol):
    """Gets small files that certificates point to (AIA); limits, addresses and caching are its own."""

    def fetch(self, url: str) -> bytes | FetchFailure:
        """Return the body at `url`, or why there is none; never raises for what a peer does."""
        ...


class Job(Protocol[T]):
    """Something long that runs elsewhere."""

    @property
    def future(self) -> Future[T]:
        """The result to come; a cancelled job delivers what it has, it does not raise."""
        ...

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        ...


class Clock(Protocol):
    """Tells the time; a test or an **Evaluate at** date stands in for it."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""
        ...


class SecretPrompt(Protocol):
    """Asks the person for a passphrase: the terminal, a dialog, a file descriptor, or a test."""

    def passphrase(self, subject: Message) -> str | None:
        """Return the passphrase for `subject`, or None when there is nobody to ask."""
        ...
