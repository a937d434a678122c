"""The clock in the status bar: what servers said, and never a pass where nobody did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.on_screen import on_screen
from trustdesk.gui.dates import utc_now
from trustdesk.gui.frame import clock_button
from trustdesk.gui.frame.clock_button import ClockButton


@pytest.mark.parametrize(("offset", "words"), [(0.24, "Clock checked, 0.2 s off"), (-900.0, "900.0 s off")])
def test_the_newest_answers_say_how_far_it_is_off(qapp: QApplication, offset: float, words: str) -> None:
    row = replace(samples.board_rows()[0], tested_at=utc_now() - timedelta(hours=1))
    report = next(iter(samples.reports().values()))
    told = replace(report, record=replace(report.record, clock_offset_s=offset))
    desk = FakeDesk([row], reports={row.endpoint.id: told})
    with on_screen(qapp, ClockButton) as button:
        button.set_desk(desk)
        run_until(lambda: button.told is not None, what="the clock")
        assert words in button.text()
        assert button.accessibleName().startswith("Clock: ")
        button.set_short(True)
        assert button.text().endswith(" s")
        assert "Clock" not in button.text()


def test_without_an_answer_it_is_not_checked(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_button, "system_is_synchronised", lambda: None)
    with on_screen(qapp, ClockButton) as button:
        assert button.text() == "Clock not checked"
        assert "Test a partner" in button.toolTip()
