"""A report is written while everything else goes on: its progress shows, it can be cancelled, and opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.fake_report_desk import FakeReport
from trustdesk.core.errors import EnvironmentFailureError, TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.reports.strip import ReportStrip

ENDPOINTS = [row.endpoint for row in samples.board_rows()]


@pytest.fixture
def strip(bridge: Bridge, tmp_path: Path) -> Iterator[ReportStrip]:
    made = ReportStrip(bridge)
    made.ask_file = lambda _parent, name, _title, _kinds: tmp_path / name
    made.resize(900, 60)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def begun(strip: ReportStrip) -> FakeReport:
    """Begin a report on the board."""
    desk = FakeDesk(samples.board_rows(), reports=samples.reports())
    strip.write_board(desk, ENDPOINTS)
    (report,) = desk.report_desk.reports
    return report


def test_it_shows_how_far_it_is_and_then_where_it_lies(strip: ReportStrip) -> None:
    report = begun(strip)
    assert strip.progress.isVisible()
    report.go_on(16, 32)
    run_until(lambda: strip.progress.words == "Writing the report: 50 %", what="half of it")
    report.finish()
    run_until(strip.notice.isVisible, what="the notice")
    assert strip.notice.words == f"Written: {report.file}"
    assert not strip.progress.isVisible()
    assert not strip.is_running


def test_it_can_be_cancelled(strip: ReportStrip) -> None:
    begun(strip)
    strip.progress.cancel_button.click()
    run_until(strip.notice.isVisible, what="the notice")
    assert strip.notice.words == "Cancelled. No report was written."
    assert not strip.notice.open_button.isVisible()
    assert not strip.cancel()


def test_a_second_one_waits_until_the_first_is_done(strip: ReportStrip) -> None:
    begun(strip)
    desk = FakeDesk(samples.board_rows(), reports=samples.reports())
    strip.write_sheet(desk, "Nordwind Cargo", {})
    assert desk.report_desk.reports == []


def test_what_goes_wrong_is_told(strip: ReportStrip) -> None:
    told: list[TrustdeskError] = []
    strip.failed.connect(told.append)
    report = begun(strip)
    report.future.set_exception(EnvironmentFailureError(msg("Full."), remedy=msg("Make room.")))
    run_until(lambda: bool(told), what="the error")
    assert not strip.progress.isVisible()
    assert not strip.notice.isVisible()


def test_nothing_is_written_when_no_file_is_named(strip: ReportStrip) -> None:
    strip.ask_file = lambda _parent, _name, _title, _kinds: None
    desk = FakeDesk(samples.board_rows(), reports=samples.reports())
    strip.write_board(desk, ENDPOINTS)
    assert desk.report_desk.reports == []
    assert not strip.progress.isVisible()
