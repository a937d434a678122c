"""The result in the detail of a partner: asked for, and shown unless another one is wanted by then."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer

from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import SweepProgress

_AT_EASE_MS = 20


class DetailReports(QObject):
    """Joins the detail with the desk's last reports, and with the tests that a sweep makes."""

    def __init__(self, bridge: Bridge, detail: PartnerDetail) -> None:
        super().__init__(detail)
        self._bridge, self._detail = bridge, detail
        self._desk: Desk | None = None
        self._at: datetime | None = None
        self._asked = 0

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def set_evaluation_time(self, at: datetime | None) -> None:
        """Take tests, which are of the present, for no result of another day."""
        self._at = at

    def ask(self) -> None:
        """Ask how the endpoint of the detail stands."""
        endpoint = self._detail.endpoint
        if self._desk is None or endpoint is None:
            return
        self._asked += 1
        asked = self._asked

        def show(report: ProbeReport | None) -> None:
            # An answer that comes late must not stand under another partner's name.
            if asked == self._asked:
                self._detail.show_report(report)

        self._bridge.when_done(self._desk.last_report(endpoint.id), show, self._detail.show_error)

    def take_test(self, progress: SweepProgress) -> None:
        """Show a test that has ended, if it is of the endpoint in the detail."""
        shown, report = self._detail.endpoint, progress.report
        if shown is None or progress.endpoint_id != shown.id or report is None:
            return
        if report.record.outcome is not Outcome.CANCELLED:
            self._asked += 1
            # In a turn of its own, so that table and detail are not painted in one go.
            QTimer.singleShot(_AT_EASE_MS, self, partial(self._show_test, shown.id, report))

    def _show_test(self, endpoint_id: int, report: ProbeReport) -> None:
        if self._at is not None:
            self.ask()
            return
        shown = self._detail.endpoint
        if shown is not None and shown.id == endpoint_id:
            self._detail.show_report(report, at_ease=True)
