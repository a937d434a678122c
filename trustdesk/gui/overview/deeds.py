"""What a person does from the page: the calendar file, the whole plan, and when to be warned."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from trustdesk.core.expiry import Endings
from trustdesk.core.message import msg
from trustdesk.core.renewal import RenewalPlan
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.overview.plan_dialog import PlanDialog
from trustdesk.gui.overview.reminders import Reminders
from trustdesk.gui.overview.reminders_dialog import RemindersDialog
from trustdesk.gui.widgets.notice import Notice
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.services.desk import Desk


class OverviewDeeds(QObject):
    """Dialogs and answers.

    Signals:
        renew_wanted: name of an identity.
        settings_changed: something else counts as near now.
        failed: the TrustdeskError.

    Attributes:
        notice: says what was written.
        plan_dialog, reminders_dialog: what is open; None while it is not.
        reminders: tells the desktop.
        ask_file: asks where to write to; None for nowhere.
    """

    renew_wanted = Signal(str)
    settings_changed = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, page: QWidget, settings: QSettings | None = None) -> None:
        super().__init__(page)
        self._bridge, self._page = bridge, page
        self._desk: Desk | None = None
        self._written: Path | None = None
        self.notice = Notice(page)
        self.notice.hide()
        self.notice.open_wanted.connect(self._open_written)
        self.plan_dialog: PlanDialog | None = None
        self.reminders_dialog: RemindersDialog | None = None
        self.reminders = Reminders(self, settings)
        self.ask_file: Callable[[QWidget], Path | None] = _ask_file

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def remind(self, endings: Endings) -> None:
        """Tell the desktop of what has come near, where the workspace wants that."""
        if self._desk is not None:
            self._bridge.when_done(
                self._desk.expiry_desk.settings(),
                partial(self._remind, endings),
                lambda _error: None,
                owner=self._page,
            )

    def save_calendar(self) -> None:
        """Ask for a file, and write what is to end into it."""
        if self._desk is None:
            return
        file = self.ask_file(self._page.window())
        if file is None:
            return
        self.notice.hide()
        self._bridge.when_done(
            self._desk.expiry_desk.calendar(),
            partial(self._write, file),
            self.failed.emit,
            owner=self._page,
        )

    def show_plan(self, plan: RenewalPlan | None) -> None:
        """Show all of the plan."""
        if plan is None or self.plan_dialog is not None:
            return
        dialog = self.plan_dialog = PlanDialog(self._page.window(), plan)
        dialog.renew_wanted.connect(self.renew_wanted)
        dialog.calendar_wanted.connect(self.save_calendar)
        dialog.finished.connect(lambda: setattr(self, "plan_dialog", None))
        dialog.open()

    def ask_reminders(self) -> None:
        """Ask when something counts as near."""
        if self._desk is not None and self.reminders_dialog is None:
            asked = self._desk.expiry_desk.settings()
            self._bridge.when_done(asked, self._show_reminders, self.failed.emit, owner=self._page)

    def _show_reminders(self, settings: WorkspaceSettings) -> None:
        if self._desk is None or self.reminders_dialog is not None:
            return
        dialog = self.reminders_dialog = RemindersDialog(
            self._page.window(), self._bridge, self._desk.expiry_desk, settings
        )
        dialog.saved.connect(self.settings_changed)
        dialog.finished.connect(lambda: setattr(self, "reminders_dialog", None))
        dialog.open()

    def _remind(self, endings: Endings, settings: WorkspaceSettings) -> None:
        if settings.notify:
            self.reminders.tell(endings)

    def _write(self, file: Path, data: bytes) -> None:
        if self._desk is not None:
            asked = self._desk.save_file(file, data)
            self._bridge.when_done(asked, self._show_written, self.failed.emit, owner=self._page)

    def _show_written(self, file: Path) -> None:
        self._written = file
        self.notice.show_notice(msg("Written: {file}", file=str(file)))

    def _open_written(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))


def _ask_file(parent: QWidget) -> Path | None:
    kinds = {".ics": msg("Calendar file")}
    return ask_file(parent, "trustdesk-expiry.ics", title=msg("Save what ends when"), kinds=kinds)
