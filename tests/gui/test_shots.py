from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

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
from trustdesk.gui.shots import save_shots
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.tour import SIZE
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


@pytest.fixture
def desk() -> AnsweringDesk:
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


def test_every_page_is_drawn_in_both_themes(qapp: QApplication, desk: AnsweringDesk, tmp_path: Path) -> None:
    current_theme().apply(qapp)
    before = current_theme().mode
    row = samples.board_rows()[0]
    endpoint = replace(row.endpoint, identity="client-good")
    files = save_shots(desk, tmp_path, handshake_target=endpoint)
    assert [probe.identity for probe in desk.probes] == [None, "client-good"]
    pages = [
        *("overview", "partners", "diagnosis", "partner-handshake", "readiness", "history", "renewal"),
        *("handshake", "inspector"),
        *("identities", "requests", "private-ca"),
        *("trust-lists-entries", "trust-lists-compare"),
        *("partner-edit", "partner-import", "trust-lists-review", "wizard"),
    ]
    names = [f"{page}-{theme}.png" for page in pages for theme in ("light", "dark")]
    assert [file.name for file in files] == names
    grounds = []
    for file in files:
        image = QImage(str(file))
        assert (image.width(), image.height()) == SIZE
        colors = {image.pixel(x, y) for x in range(0, 1440, 32) for y in range(0, 900, 32)}
        assert len(colors) > 10
        grounds.append(image.pixelColor(700, 60).lightness())
    assert min(grounds[::2]) > 200
    assert max(grounds[1::2]) < 60
    assert [check.endpoint.target.protocol for check in desk.readiness_desk_held.checks] == ["https"]
    assert current_theme().mode is before
    assert not desk.closed


@pytest.mark.exhaustive
def test_an_empty_desk_is_drawn_too(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.gui.tour._DEADLINE_S", 0.2)
    assert len(save_shots(FakeDesk(), tmp_path)) == 22
