"""Readiness of invented partners, as the window asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import Readiness
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.services.expectations import expecting
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
    """Remembers what was asked; `kept` is answered at once, by endpoint, or `failure` while it is set."""

    def __init__(self) -> None:
        self.checks: list[FakeCheck] = []
        self.kept: dict[int, Readiness] = {}
        self.asked: list[int] = []
        self.settings_held = WorkspaceSettings()
        self.refusal: TrustdeskError | None = None
        self.failure: TrustdeskError | None = None

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
        if self.failure is not None:
            answer.set_exception(self.failure)
        else:
            answer.set_result(self.kept.get(endpoint_id))
        return answer

    def settings(self) -> Future[WorkspaceSettings]:
        answer: Future[WorkspaceSettings] = Future()
        answer.set_result(self.settings_held)
        return answer

    def expect(self, own_endpoint: str | None, required_api_version: str | None) -> Future[WorkspaceSettings]:
        answer: Future[WorkspaceSettings] = Future()
        if self.refusal is not None:
            answer.set_exception(self.refusal)
            return answer
        self.settings_held = expecting(self.settings_held, own_endpoint, required_api_version)
        answer.set_result(self.settings_held)
        return answer
