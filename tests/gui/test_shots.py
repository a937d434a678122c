from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.accessible_tree import Role, Told, complaints, told
from tests.support.answering_desk import AnsweringDesk, answering_desk
from tests.support.fake_desk import FakeDesk
from trustdesk.gui.shots import save_shots
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.tour import SIZE, Scene, tour
from trustdesk.services.desk import Desk


@pytest.fixture
def desk() -> AnsweringDesk:
    return answering_desk()


def test_every_page_is_drawn_in_both_themes_and_told_to_assistive_technology(
    qapp: QApplication, desk: AnsweringDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tour costs seconds: one serves the pictures and the walk over what is told.
    seen: dict[str, list[Told]] = {}

    def touring(desk: Desk, on_scene: Callable[[Scene], object], **wishes: Any) -> None:
        def look(scene: Scene) -> None:
            on_scene(scene)
            if scene.mode is ThemeMode.LIGHT:
                seen[scene.name] = told(scene.window if scene.dialog is None else scene.dialog)

        tour(desk, look, **wishes)

    monkeypatch.setattr("trustdesk.gui.shots.tour", touring)
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
    assert list(seen) == pages
    wrong = complaints(one for things in seen.values() for one in things)
    assert not wrong, "\n".join(wrong)
    assert {one.role for one in seen["history"]} >= {Role.Chart, Role.PageTab, Role.ListItem}


@pytest.mark.exhaustive
def test_an_empty_desk_is_drawn_too(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.gui.tour._DEADLINE_S", 0.2)
    assert len(save_shots(FakeDesk(), tmp_path)) == 22
