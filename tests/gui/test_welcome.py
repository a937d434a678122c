"""The first start: three steps or the demo, skipped for good, and there again for whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until, settle
from tests.support.fake_desk import FakeDesk
from tests.support.named_controls import nameless
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.welcome_links import show_first_steps
from trustdesk.gui.welcome.first_steps import FirstSteps, Step
from trustdesk.gui.welcome.start import Start
from trustdesk.gui.window import HANDSHAKE, HELP, OVERVIEW, MainWindow


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


def shown(start: Start) -> Start:
    start.resize(900, 700)
    start.show()
    return start


def test_the_next_step_is_the_loud_one_and_has_the_keyboard(bridge: Bridge) -> None:
    steps = FirstSteps(offers_demo=True)
    steps.resize(900, 700)
    steps.show()
    steps.activateWindow()
    run_until(steps.isActiveWindow, what="the window")
    assert nameless(steps) == []
    for done, ahead in (
        (frozenset(), Step.LIST),
        (frozenset({Step.LIST}), Step.IDENTITY),
        (frozenset({Step.LIST, Step.PARTNER}), Step.IDENTITY),
        (frozenset({Step.LIST, Step.IDENTITY}), Step.PARTNER),
    ):
        steps.show_done(done)
        steps.focus_first()
        assert QApplication.focusWidget() is steps.cards[ahead].button
        assert {step for step, card in steps.cards.items() if card.is_done} == done
    assert steps.cards[Step.LIST].accessibleName() == "Load a trust list: done"
    steps.resize(600, 500)
    settle()
    first, second = (steps.cards[one].geometry() for one in (Step.LIST, Step.IDENTITY))
    assert first.bottom() < second.top()
    assert not steps.drawing.isVisible()
    steps.deleteLater()


def test_steps_that_were_skipped_stay_away_until_somebody_asks(bridge: Bridge, settings: QSettings) -> None:
    start = shown(Start(settings, offers_demo=False))
    assert start.shows_steps
    assert not start.steps.demo_button.isVisible()
    start.steps.skip_button.click()
    again = shown(Start(settings, offers_demo=False))
    assert not again.shows_steps
    again.nothing.steps_button.click()
    third = Start(settings, offers_demo=False)
    assert third.shows_steps
    for one in (start, again, third):
        one.deleteLater()
    settle()


def test_an_empty_window_begins_with_the_steps_and_they_lead_somewhere(
    bridge: Bridge, settings: QSettings
) -> None:
    window = MainWindow(bridge, title="trustdesk", settings=settings, offers_demo=True)
    window.build_pages()
    window.show()
    window.set_desk(FakeDesk((), reports={}))
    run_until(lambda: window.overview.is_read and window.overview.empty.isVisible(), what="the page")
    steps = window.overview.empty.steps
    run_until(lambda: steps.cards[Step.LIST].is_done, what="the list in force")
    assert not steps.cards[Step.PARTNER].is_done
    demos: list[bool] = []
    window.demo_wanted.connect(lambda: demos.append(True))
    steps.demo_button.click()
    steps.cards[Step.PARTNER].button.click()
    assert demos == [True]
    steps.self_test_button.click()
    assert window.current_page == HELP
    steps.cards[Step.PARTNER].button.click()
    assert window.current_page == HANDSHAKE
    window.show_page(OVERVIEW)
    dialog = show_first_steps(window)
    assert dialog.steps.cards[Step.LIST].is_done
    dialog.steps.cards[Step.PARTNER].button.click()
    assert not dialog.isVisible()
    assert window.current_page == HANDSHAKE
    bridge.close()
    window.close()
    window.deleteLater()
    settle()
