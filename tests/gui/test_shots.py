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
from tests.support.identity_views import carrier
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.probe import Phase
from trustdesk.core.target import Target
from trustdesk.gui.shots import SIZE, save_shots
from trustdesk.gui.theme.theme import current_theme
from trustdesk.services.diagnosing import DiagnosisProgress


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


@pytest.fixture
def desk() -> AnsweringDesk:
    made = AnsweringDesk(samples.board_rows(), reports=samples.reports())
    made.identity_desk.held = carrier()
    made.expiries = sample_timeline()
    return made


def test_every_page_is_drawn_in_both_themes(qapp: QApplication, desk: AnsweringDesk, tmp_path: Path) -> None:
    current_theme().apply(qapp)
    before = current_theme().mode
    row = samples.board_rows()[0]
    endpoint = replace(row.endpoint, identity="client-good")
    files = save_shots(desk, tmp_path, handshake_target=endpoint)
    assert [probe.identity for probe in desk.probes] == [None, "client-good"]
    pages = [
        *("overview", "partners", "diagnosis", "handshake", "inspector"),
        *("identities", "requests", "private-ca"),
        *("trust-lists-entries", "trust-lists-compare", "trust-lists-review", "wizard"),
    ]
    names = [f"{page}-{theme}.png" for page in pages for theme in ("light", "dark")]
    assert [file.name for file in files] == names
    grounds = []
    for file in files:
        image = QImage(str(file))
        assert (image.width(), image.height()) == SIZE
        colors = {image.pixel(x, y) for x in range(0, 1440, 16) for y in range(0, 900, 16)}
        assert len(colors) > 10
        grounds.append(image.pixelColor(700, 60).lightness())
    assert min(grounds[::2]) > 200
    assert max(grounds[1::2]) < 60
    assert current_theme().mode is before
    assert not desk.closed


def test_an_empty_desk_is_drawn_too(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.gui.shots._DEADLINE_S", 0.2)
    assert len(save_shots(FakeDesk(), tmp_path)) == 22
