"""Judges for tests of the network layer: they say what the test wants, and remember what they were asked."""

from __future__ import annotations

from collections.abc import Sequence
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
