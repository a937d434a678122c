"""A desk full of data whose probes, diagnoses and checks end at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.support import sample_diagnoses, samples
from tests.support.expiries import sample_timeline
from tests.support.fake_desk import FakeDesk, FakeDiagnosing, FakeProbe
from tests.support.fake_readiness_desk import FakeCheck, FakeReadinessDesk
from tests.support.identity_views import carrier
from tests.support.readiness_samples import readiness
from tests.support.sample_histories import latest_changes, sample_history
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.partner import Endpoint, Partner, PartnerEntry
from trustdesk.core.probe import Phase
from trustdesk.core.target import Target
from trustdesk.services.diagnosing import DiagnosisProgress
from trustdesk.services.readiness_desk import ReadinessProgress, ReadinessWishes


class AnsweringDesk(FakeDesk):
    """Every probe ends at once."""

    def probe(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[Phase | TimelineEvent], None] | None = None,
    ) -> FakeProbe:
        probe = super().probe(target, identity=identity, trust_lists=trust_lists, on_progress=on_progress)
        probe.future.set_result(samples.rejected_client() if identity else samples.healthy_without_mtls())
        return probe

    def diagnose(
        self,
        target: Target,
        *,
        identity: str | None = None,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[DiagnosisProgress], None] | None = None,
    ) -> FakeDiagnosing:
        job = super().diagnose(target, identity=identity, trust_lists=trust_lists, on_progress=on_progress)
        job.future.set_result(sample_diagnoses.diagnosis())
        return job


class AnsweringReadiness(FakeReadinessDesk):
    """Every check ends at once, and is kept."""

    def check(
        self,
        endpoint: Endpoint,
        wishes: ReadinessWishes | None = None,
        *,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[ReadinessProgress], None] | None = None,
    ) -> FakeCheck:
        made = super().check(endpoint, wishes, trust_lists=trust_lists, on_progress=on_progress)
        self.kept[endpoint.id] = readiness(endpoint.id)
        made.future.set_result(self.kept[endpoint.id])
        return made


def answering_desk() -> AnsweringDesk:
    """Return one with partners, identities, lists, a history and what expires."""
    made = AnsweringDesk(samples.board_rows(), reports=samples.reports())
    made.identity_desk.held = carrier()
    made.expiries = sample_timeline()
    rows = samples.board_rows()
    made.directory_desk_held.entries = [
        PartnerEntry(
            partner=Partner(id=row.endpoint.id, name=row.endpoint.partner), endpoints=(row.endpoint,)
        )
        for row in rows
    ]
    made.history_desk_held.changes = latest_changes()
    made.history_desk_held.histories = {7: sample_history(7)}
    made.readiness_desk_held = AnsweringReadiness()
    return made
