"""`trustdesk workspace settings`: what an office has agreed on for its workspace."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table

from trustdesk.cli.options import json_option, stacked, workspace_option
from trustdesk.cli.render import console
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.formats.json_text import json_text
from trustdesk.services.expectations import expecting
from trustdesk.services.wording import wording
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.settings import SettingsStore

T = TypeVar("T")

_FOR_EVER = "forever"
_SHOWN = 200

_keeping_options = stacked(
    click.option(
        "--keep-days",
        metavar=f"DAYS|{_FOR_EVER}",
        help="How long tests are kept; the newest, and those that changed something, outlive it.",
    ),
    click.option("--full-reports", type=int, metavar="N", help="Whole reports kept of each endpoint."),
    click.option("--due-after-hours", type=int, metavar="N", help="Age of a test that sweep --due repeats."),
)
_expectation_options = stacked(
    click.option(
        "--own-endpoint", metavar="TARGET", help="Our notifications endpoint (TLS-11); '' for none."
    ),
    click.option("--api-version", metavar="VERSION", help="The least to support (API-08); '' for none."),
)
_nearness_options = stacked(
    click.option("--warn-days", type=int, metavar="N", help="Days left from which an end is near."),
    click.option("--urgent-days", type=int, metavar="N", help="Days left from which it is urgent."),
    click.option("--warn-per-cent", type=int, metavar="N", help="Near, of a short-lived certificate's time."),
    click.option("--urgent-per-cent", type=int, metavar="N", help="Urgent, of a short-lived one's time."),
    click.option(
        "--short-lived-days", type=int, metavar="N", help="What lives at most so long is short-lived."
    ),
    click.option("--notify/--no-notify", default=None, help="Whether the desktop tells of what is near."),
)


@click.command(epilog="Example: trustdesk workspace settings --keep-days 400 --due-after-hours 12")
@_keeping_options
@_expectation_options
@_nearness_options
@workspace_option
@json_option
def settings(
    keep_days: str | None,
    full_reports: int | None,
    due_after_hours: int | None,
    own_endpoint: str | None,
    api_version: str | None,
    warn_days: int | None,
    urgent_days: int | None,
    warn_per_cent: int | None,
    urgent_per_cent: int | None,
    short_lived_days: int | None,
    notify: bool | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Show the settings of a workspace, after those that are named were changed.

    They belong to the workspace: whoever shares it goes by them.
    """

    def changed(now: WorkspaceSettings) -> WorkspaceSettings:
        near = now.thresholds
        expected = expecting(now, own_endpoint, api_version)
        return WorkspaceSettings(
            thresholds=ExpiryThresholds(
                warn_days=_else(warn_days, near.warn_days),
                urgent_days=_else(urgent_days, near.urgent_days),
                warn_per_cent=_else(warn_per_cent, near.warn_per_cent),
                urgent_per_cent=_else(urgent_per_cent, near.urgent_per_cent),
                short_lived_days=_else(short_lived_days, near.short_lived_days),
            ),
            keep_days=now.keep_days if keep_days is None else kept,
            full_reports=_else(full_reports, now.full_reports),
            due_after_hours=_else(due_after_hours, now.due_after_hours),
            own_endpoint=expected.own_endpoint,
            required_api_version=expected.required_api_version,
            notify=_else(notify, now.notify),
        )

    kept = _days(keep_days)
    with open_workspace(workspace) as opened:
        store = SettingsStore(opened)
        found = store.read().result()
        if changed(found) != found:
            found = store.change(changed).result()
    if as_json:
        click.echo(json_text({"schema": "trustdesk.workspace-settings/1", **asdict(found)}, indent=1))
    else:
        _print(console(), found)


def _else(chosen: T | None, before: T) -> T:
    return before if chosen is None else chosen


def _days(text: str | None) -> int | None:
    if text is None or text == _FOR_EVER:
        return None
    try:
        return int(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is neither a number nor {_FOR_EVER}", param_hint="--keep-days"
        ) from None


def _print(out: Console, found: WorkspaceSettings) -> None:
    say = wording().text
    near = found.thresholds
    keep: int | Message = msg("for ever") if found.keep_days is None else found.keep_days
    none = msg("none")
    rows: tuple[tuple[Message, int | str | Message], ...] = (
        (msg("Days that observations are kept"), keep),
        (msg("Whole reports kept of each endpoint"), found.full_reports),
        (msg("Hours after which an endpoint is due"), found.due_after_hours),
        (msg("Our notifications endpoint"), found.own_endpoint or none),
        (msg("Least version of the API"), found.required_api_version or none),
        (msg("Days of the first warning"), near.warn_days),
        (msg("Days of the urgent warning"), near.urgent_days),
        (msg("Per cent of the first warning"), near.warn_per_cent),
        (msg("Per cent of the urgent warning"), near.urgent_per_cent),
        (msg("Days of a short-lived certificate"), near.short_lived_days),
        (msg("The desktop tells of what is near its end"), msg("yes") if found.notify else msg("no")),
    )
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        shown = say(value) if isinstance(value, Message) else visible(str(value), _SHOWN)
        table.add_row(say(name), shown)
    out.print(table)
