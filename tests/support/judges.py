"""Judges for tests of the network layer: they say what the test wants, and remember what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from trustdesk.core.trust import ServerJudgement


class FixedJudge:
    """Trusts everybody or nobody."""

    def __init__(self, *, trusted: bool) -> None:
        self.trusted = trusted
        self.asked: list[tuple[tuple[bytes, ...], str, datetime]] = []
        self.staples: list[bytes | None] = []

    def judge_server(
        self,
        presented_chain: Sequence[bytes],
        reference_identifier: str,
        at: datetime,
        *,
        staple: bytes | None = None,
    ) -> ServerJudgement:
        self.staples.append(staple)
        self.asked.append((tuple(presented_chain), reference_identifier, at))
        return ServerJudgement(trusted=self.trusted, trust_list="test")


class DecidingJudge(FixedJudge):
    """Trusts the chains that a function says; what that raises is raised."""

    def __init__(self, decide: Callable[[Sequence[bytes]], bool]) -> None:
        super().__init__(trusted=False)
        self._decide = decide

    def judge_server(
        self,
        presented_chain: Sequence[bytes],
        reference_identifier: str,
        at: datetime,
        *,
        staple: bytes | None = None,
    ) -> ServerJudgement:
        self.trusted = self._decide(presented_chain)
        return super().judge_server(presented_chain, reference_identifier, at, staple=staple)


def broken_judge(error: Exception) -> DecidingJudge:
    """Return one that raises."""

    def decide(_chain: Sequence[bytes]) -> bool:
        raise error

    return DecidingJudge(decide)
