"""What the office agreed on for its workspace: each value is kept by itself, as soon as it is sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal

from trustdesk.core.errors import TrustdeskError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.settings.rows import FieldRow, SettingRow, TickRow
from trustdesk.gui.settings.section import Section
from trustdesk.gui.words import say
from trustdesk.services.settings_desk import SettingsDesk

_FOR_ALL = msg("Holds for everybody who opens this workspace, at once.")
_LONGEST = 9

Change = Callable[[WorkspaceSettings], WorkspaceSettings]


class AgreedSection(Section):
    """Rows of values of the workspace.

    Signals:
        changed: something holds otherwise from now on.
        failed: the TrustdeskError why nothing can be shown.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, title: Message, bridge: Bridge, desk: SettingsDesk) -> None:
        super().__init__(title, _FOR_ALL)
        self._bridge, self._desk = bridge, desk
        self.fields: dict[str, FieldRow] = {}
        self.ticks: list[TickRow] = []
        self._shown: list[Callable[[WorkspaceSettings], None]] = []

    def load(self) -> None:
        """Ask what holds, and show it."""
        for row in self.fields.values():
            row.field.setEnabled(False)
        self._bridge.when_done(self._desk.settings(), self._show_first, self.failed.emit, owner=self)

    def commit(self) -> None:
        """Hand over what was typed last."""
        for row in self.fields.values():
            row.commit()

    def number(
        self,
        key: str,
        label: Message,
        meaning: Message,
        *,
        held: Callable[[WorkspaceSettings], int | None],
        change: Callable[[WorkspaceSettings, int | None], WorkspaceSettings],
        empty: str = "",
    ) -> FieldRow:
        """Return a row for a whole number; `empty` stands for no number, "" where there has to be one."""
        row = FieldRow(label, meaning, placeholder=empty)

        def enter(text: str) -> None:
            if not text and empty:
                self._ask(row, lambda now: change(now, None))
            elif text.isdecimal() and len(text) <= _LONGEST:
                self._ask(row, lambda now: change(now, int(text)))
            else:
                row.show_problem(
                    UnusableInputError(
                        msg("This is no whole number."), remedy=msg("Write digits only, such as 30.")
                    )
                )

        def show(settings: WorkspaceSettings) -> None:
            value = held(settings)
            row.show_held("" if value is None else str(value))

        row.entered.connect(enter)
        self.fields[key] = row
        self._shown.append(show)
        return row

    def text(
        self,
        key: str,
        label: Message,
        meaning: Message,
        *,
        change: Callable[[WorkspaceSettings, str], WorkspaceSettings],
        placeholder: str,
        is_wide: bool = False,
    ) -> FieldRow:
        """Return a row for a text that is an attribute of the settings."""
        row = FieldRow(label, meaning, placeholder=placeholder, is_wide=is_wide)
        row.entered.connect(lambda text: self._ask(row, lambda now: change(now, text)))
        self.fields[key] = row
        self._shown.append(lambda settings: row.show_held(str(getattr(settings, key))))
        return row

    def notify(self, label: Message, meaning: Message) -> TickRow:
        """Return the row for whether the desktop tells of what is near."""
        row = TickRow(label, meaning)
        self.ticks.append(row)
        row.chosen.connect(lambda wanted: self._ask(row, lambda now: replace(now, notify=wanted)))
        self._shown.append(lambda settings: row.tick.setChecked(settings.notify))
        return row

    def _ask(self, row: SettingRow, change: Change) -> None:
        kept = self._desk.change(change)
        self._bridge.when_done(kept, partial(self._take, row), partial(self._fail, row), owner=self)

    def _take(self, row: SettingRow, settings: WorkspaceSettings) -> None:
        row.show_kept()
        self._show(settings)
        self.changed.emit()

    def _fail(self, row: SettingRow, error: TrustdeskError) -> None:
        row.show_problem(error)
        if isinstance(row, TickRow):
            row.tick.setChecked(not row.tick.isChecked())

    def _show_first(self, settings: WorkspaceSettings) -> None:
        for row in self.fields.values():
            row.field.setEnabled(True)
        self._show(settings)

    def _show(self, settings: WorkspaceSettings) -> None:
        for show in self._shown:
            show(settings)


def warnings_section(bridge: Bridge, desk: SettingsDesk) -> AgreedSection:
    """Return when an end counts as near, and whether the desktop tells of it."""
    section = AgreedSection(msg("Warnings"), bridge, desk)
    section.add_rows(
        [
            _threshold(
                section,
                "warn_days",
                msg("Near: days left"),
                msg("From here on an end is counted as near, and warned of."),
            ),
            _threshold(
                section, "urgent_days", msg("Urgent: days left"), msg("From here on it is shown in red.")
            ),
        ],
        title=msg("Certificates, lists and decisions"),
    )
    section.add_rows(
        [
            _threshold(
                section,
                "short_lived_days",
                msg("Short-lived: valid for at most so many days"),
                msg("Those are judged by the share of their validity that is left, all others by days."),
            ),
            _threshold(
                section,
                "warn_per_cent",
                msg("Short-lived and near: per cent left"),
                msg("A third is when automatic renewal should have happened."),
            ),
            _threshold(
                section,
                "urgent_per_cent",
                msg("Short-lived and urgent: per cent left"),
                msg("A tenth is hours rather than days for the shortest ones."),
            ),
        ],
        title=msg("Short-lived certificates"),
    )
    notify = section.notify(
        msg("Tell on the desktop"),
        msg("A notification for what has come near its end, once a day while the window is open."),
    )
    section.add_rows([notify], title=msg("Notifications"))
    section.finish()
    return section


def tests_section(bridge: Bridge, desk: SettingsDesk) -> AgreedSection:
    """Return how long tests are kept and count, and what partners are held to."""
    section = AgreedSection(msg("Tests and retention"), bridge, desk)
    rows: Sequence[SettingRow] = [
        section.number(
            "keep_days",
            msg("Days that tests are kept"),
            msg("Older ones go, but for the newest and those that changed something. Empty: for ever."),
            held=lambda now: now.keep_days,
            change=lambda now, value: replace(now, keep_days=value),
            empty=say(msg("for ever")),
        ),
        section.number(
            "full_reports",
            msg("Whole reports of each endpoint"),
            msg("Beside these, of older tests the facts stay and the messages of the handshake go."),
            held=lambda now: now.full_reports,
            change=lambda now, value: replace(now, full_reports=value or 0),
        ),
    ]
    section.add_rows(rows, title=msg("Retention"))
    due = section.number(
        "due_after_hours",
        msg("Hours after which a test is due"),
        msg("Test what is due tests the endpoints whose last answer is older."),
        held=lambda now: now.due_after_hours,
        change=lambda now, value: replace(now, due_after_hours=value or 0),
    )
    endpoint = section.text(
        "own_endpoint",
        msg("Our notifications endpoint"),
        msg("Each readiness check looks at it too, as a partner that connects to us would (TLS-11)."),
        change=lambda now, text: replace(now, own_endpoint=text),
        placeholder="https://1r.example/notifications",
        is_wide=True,
    )
    version = section.text(
        "required_api_version",
        msg("Least version of the API"),
        msg("Partners that support none as new are told of it (API-08)."),
        change=lambda now, text: replace(now, required_api_version=text),
        placeholder="2.2.0",
    )
    section.add_rows([due, endpoint, version], title=msg("What checks go by"))
    section.finish()
    return section


def _threshold(section: AgreedSection, key: str, label: Message, meaning: Message) -> FieldRow:
    def change(now: WorkspaceSettings, value: int | None) -> WorkspaceSettings:
        limits: ExpiryThresholds = replace(now.thresholds, **{key: value or 0})
        return replace(now, thresholds=limits)

    return section.number(
        key, label, meaning, held=lambda now: int(getattr(now.thresholds, key)), change=change
    )
