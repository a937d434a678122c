"""Whom else a test run can be of: those that are due, and those that the last one left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.left_sweep import LeftOfSweep
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.heading import PartnersHeading
from trustdesk.gui.partners.left_notice import LeftNotice
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.partners.sweep_run import SweepRun
from trustdesk.services.desk import Desk

Start = Callable[[Sequence[Endpoint], LeftOfSweep | None], None]


class RunChoices(QObject):
    """Has its places in the menu of the heading, and says after a start what is left.

    Attributes:
        notice: of the run that was interrupted before this start, for the head of the page.
        left: what the last run left, as far as is known; None for nothing.

    Signals:
        told: a Message; nothing was to be done.
        failed: the TrustdeskError for which something was not done.
    """

    told = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        heading: PartnersHeading,
        model: PartnersModel,
        sweep: SweepRun,
        start: Start,
        parent: QObject,
    ) -> None:
        """Take its places.

        Args:
            start: begins a run, or goes on with one.
        """
        super().__init__(parent)
        self._bridge, self._model, self._sweep, self._start = bridge, model, sweep, start
        self._desk: Desk | None = None
        self._asked = 0
        self._offered: int | None = None  # the sweep that the notice is about
        self._is_first = True
        self.left: LeftOfSweep | None = None
        self.notice = LeftNotice()
        self.due_action = heading.add_menu(msg("Test what is due"), self.test_due)
        self.go_on_action = heading.add_menu(msg("Go on with the last test run"), self.go_on)
        heading.menu.addSeparator()
        self.notice.go_on_pressed.connect(self.go_on)
        self.notice.dismissed.connect(self.dismiss)
        sweep.started.connect(self._settle)
        sweep.ended.connect(self.ask)
        model.board_changed.connect(self.ask)
        self._settle()

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk; what is left in its workspace is told once its board is shown."""
        self._desk = desk
        self._is_first = True

    def ask(self) -> None:
        """Find out what is left now."""
        self._settle()
        if self._desk is None or self._sweep.is_running:
            return
        self._asked += 1
        asked = self._asked

        def take(left: LeftOfSweep | None) -> None:
            if asked == self._asked:
                self._take(left)

        self._bridge.when_done(self._desk.left_of_sweep(), take, self._take_failure)

    def test_due(self) -> None:
        """Test those that are due, or say that nobody is."""
        if self._desk is not None and not self._sweep.is_running:
            due = self._desk.due(self._model.endpoints())
            self._bridge.when_done(due, self._take_due, self.failed.emit)

    def go_on(self) -> None:
        """Test what the last run left."""
        if self.left is not None and not self._sweep.is_running:
            self._start(self.left.endpoints, self.left)
            self._settle()

    def dismiss(self) -> None:
        """Leave what the last run left: it is not offered again."""
        if self._desk is None or self.left is None:
            return
        dismissing = self._desk.dismiss_sweep(self.left)
        self.left = self._offered = None
        self._settle()
        self._bridge.when_done(dismissing, lambda _nothing: self.ask(), self.failed.emit)

    def _take(self, left: LeftOfSweep | None) -> None:
        self.left = left
        if self._is_first:
            self._is_first = False
            self._offered = None if left is None else left.id
        self._settle()

    def _take_failure(self, error: TrustdeskError) -> None:
        self.left = None
        self._settle()
        self.failed.emit(error)

    def _take_due(self, due: tuple[Endpoint, ...]) -> None:
        if due:
            self._start(due, None)
        else:
            self.told.emit(msg("No endpoint is due for a test."))

    def _settle(self) -> None:
        """Offer what can be done now."""
        is_idle = self._desk is not None and not self._sweep.is_running
        self.due_action.setEnabled(is_idle and bool(self._model.total))
        self.go_on_action.setVisible(self.left is not None)
        self.go_on_action.setEnabled(is_idle)
        if is_idle and self.left is not None and self.left.id == self._offered:
            self.notice.show_left(self.left)
        else:
            self.notice.hide()
