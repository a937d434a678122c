"""What assistive technology is told of every page and dialog, with a desk full of data."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.accessible_tree import Role, Told, complaints, told
from tests.support.answering_desk import answering_desk
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.tour import Scene, tour


def test_every_control_of_every_page_has_name_role_and_description(qapp: QApplication) -> None:
    current_theme().apply(qapp)
    seen: dict[str, list[Told]] = {}

    def look(scene: Scene) -> None:
        seen[scene.name] = told(scene.window if scene.dialog is None else scene.dialog)

    endpoint = replace(samples.board_rows()[0].endpoint, identity="client-good")
    tour(answering_desk(), look, handshake_target=endpoint, modes=(ThemeMode.LIGHT,))
    assert len(seen) >= 18
    wrong = complaints(one for things in seen.values() for one in things)
    assert not wrong, "\n".join(wrong)
    assert {one.role for one in seen["history"]} >= {Role.Chart, Role.PageTab, Role.ListItem}
