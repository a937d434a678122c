"""What painted parts say of themselves; the walk over all pages stands in test_shots, which shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

import trustdesk.gui
from tests.support.accessible_tree import Role, complaints, told
from tests.support.event_loop import settle
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.gui import accessible
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.notice import Notice
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.services.board import State

INCREASE = QAccessibleActionInterface.increaseAction()


def page(*parts: QWidget) -> QWidget:
    made = QWidget()
    made.setAccessibleName("Partners")
    layout = QVBoxLayout(made)
    for part in parts:
        layout.addWidget(part)
    made.show()
    return made


def test_every_class_of_the_table_is_one_of_the_window() -> None:
    folder = Path(trustdesk.gui.__file__).parent
    sources = [file.read_text(encoding="utf-8") for file in folder.rglob("*.py")]
    classes = {name for source in sources for name in re.findall(r"^class (\w+)", source, re.MULTILINE)}
    assert {*accessible.ROLES} - classes == {"QScrollArea"}
    assert {*accessible.ACTIONS} <= {*accessible.ROLES}


def test_a_state_is_told_in_a_word_and_a_choice_by_what_it_asks(qapp: QApplication) -> None:
    chip, combo = StateChip(), Combo(name="Protocol")
    chip.show_state(State.BAD, "Rejected")
    combo.addItems(["HTTPS", "AMQPS"])
    made = page(chip, combo)
    by_kind = {one.kind: one for one in told(made)}
    assert (by_kind["StateChip"].role, by_kind["StateChip"].name) == (Role.StaticText, "Rejected")
    told_combo = by_kind["Combo"]
    assert (told_combo.role, told_combo.name, told_combo.value) == (Role.ComboBox, "Protocol", "HTTPS")
    made.deleteLater()


def test_a_control_without_more_words_is_described_by_where_it_stands(qapp: QApplication) -> None:
    plain, with_tip = Button("Run all"), Button(icon="add", name="Add")
    made = page(plain, with_tip)
    described = {one.name: one.description for one in told(made)}
    assert (described["Run all"], described["Add"]) == ("Partners", "Add")
    made.deleteLater()


def test_what_says_nothing_is_complained_of(qapp: QApplication) -> None:
    class Painted(QWidget):
        pass

    painted, nameless = Painted(), Button(icon="add")
    painted.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made = page(painted, nameless)
    found = complaints(told(made))
    assert sorted(one.split(":")[0] for one in found) == ["no name", "no name", "no role"]
    made.deleteLater()


def test_a_painted_switch_is_turned_from_outside(qapp: QApplication) -> None:
    accessible.install()
    segment = Segment((("all", "All"), ("own", "Own")), name="Shown")
    made = page(segment)
    interface = QAccessible.queryAccessibleInterface(segment)
    actions = interface.actionInterface()
    assert INCREASE in actions.actionNames()
    actions.doAction(INCREASE)
    settle()
    assert segment.current == "own"
    assert interface.text(QAccessible.Text.Name) == "Shown: Own"
    del actions, interface
    made.deleteLater()


def test_what_stays_down_is_clicked_from_outside_and_tells_whether_it_is(qapp: QApplication) -> None:
    accessible.install()
    heard: list[bool] = []
    chip = Button("Details")
    chip.setCheckable(True)
    chip.clicked.connect(lambda: heard.append(chip.isChecked()))
    made = page(chip)
    interface = QAccessible.queryAccessibleInterface(chip)
    assert (interface.role(), interface.state().checked) == (Role.CheckBox, 0)
    actions = interface.actionInterface()
    actions.doAction(QAccessibleActionInterface.toggleAction())
    settle()
    assert heard == [True]
    assert (interface.state().checkable, interface.state().checked) == (1, 1)
    del actions, interface
    made.deleteLater()


def test_an_error_and_what_was_done_are_announced(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.type()))
    banner, notice = VerdictBanner(), Notice()
    made = page(banner, notice)
    banner.show_error(EnvironmentFailureError(msg("It failed."), remedy=msg("Try again.")))
    notice.show_notice(msg("It is done."))
    assert said == [QAccessible.Event.Announcement] * 2
    made.deleteLater()
