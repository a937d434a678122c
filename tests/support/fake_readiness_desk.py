"""Readiness of invented partners, as the window asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import Readiness
from trustdesk.services.readiness_desk import ReadinessProgress, ReadinessWishes


@dataclass
class FakeCheck:
    """A check that a test ends as it likes."""

    endpoint: Endpoint
    wishes: ReadinessWishes
    on_progress: Callable[[ReadinessProgress], None] | None
    future: Future[Readiness] = field(default_factory=Future)
    cancels: int = 0

    def cancel(self) -> None:
        self.cancels += 1


class FakeReadinessDesk:
    """Remembers what was asked; `kept` is answered at once, by endpoint."""

    def __init__(self) -> None:
        self.checks: list[FakeCheck] = []
        self.kept: dict[int, Readiness] = {}
        self.asked: list[int] = []

    def check(
        self,
        endpoint: Endpoint,
        wishes: ReadinessWishes | None = None,
        *,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[ReadinessProgress], None] | None = None,
    ) -> FakeCheck:
        made = FakeCheck(endpoint, wishes or ReadinessWishes(), on_progress)
        self.checks.append(made)
        return made

    def last(self, endpoint_id: int) -> Future[Readiness | None]:
        self.asked.append(endpoint_id)
        answer: Future[Readiness | None] = Future()
        answer.set_result(self.kept.get(endpoint_id))
        return answer
