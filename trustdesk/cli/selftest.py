"""`trustdesk selftest`: whether this installation can do its work, with a remedy for what it cannot."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from trustdesk.cli.context import Faces
from trustdesk.cli.options import json_option, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console, marked
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg
from trustdesk.core.self_check import SelfCheck, SelfTest
from trustdesk.core.untrusted import visible
from trustdesk.formats.json_text import json_text
from trustdesk.services.clock import SystemClock
from trustdesk.services.selftest import (
    desk_checks,
    machine_checks,
    self_test,
    selftest_document,
    without_desk,
)
from trustdesk.services.verdict_words import STATE_OF_STATUS, STATUS_WORDS
from trustdesk.services.wording import wording
from trustdesk.services.workspace_care import look_at_workspace
from trustdesk.storage.places import WorkspacePlace, has_workspace, local_folder

_LONGEST = 400


@click.command(epilog="Example: trustdesk selftest --json")
@workspace_option
@json_option
@click.pass_context
def selftest(context: click.Context, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Look at keyring, clock, libraries, Qt, fonts, lists, workspace and disk.

    Exits with 1 where something failed. Nothing is changed or unlocked, and no connection is made: the clock
    is compared with what partners' servers said in the last tests.
    """
    faces = context.find_object(Faces)
    assert faces is not None  # noqa: S101 - composition always gives the faces
    now = SystemClock().now()
    test = self_test(
        now,
        machine_checks(local_folder(workspace)),
        tuple(faces.window_checks()),
        _desk_checks(workspace),
    )
    if as_json:
        click.echo(json_text(selftest_document(test, wording().text), indent=1))
    else:
        _print(test)
    context.exit(1 if test.verdict is Verdict.FAIL else 0)


def _desk_checks(workspace: WorkspacePlace | None) -> tuple[SelfCheck, ...]:
    now = SystemClock().now()
    if not has_workspace(workspace):
        return without_desk(None, now)
    try:
        with own_desk(workspace) as desk:
            return tuple(desk_checks(desk, lambda: look_at_workspace(workspace), now))
    except TrustdeskError as error:
        return without_desk(error, now)


def _print(test: SelfTest) -> None:
    say = wording().text
    out = console()
    table = Table(box=None, pad_edge=False, show_edge=False)
    for head in (msg("Check"), msg("State"), msg("Found, and what to do")):
        table.add_column(say(head), overflow="fold")
    for check in test.checks:
        words = visible(say(check.found), _LONGEST)
        told = Text(words)
        if check.remedy is not None:
            told.append(f"\n{visible(say(check.remedy), _LONGEST)}", style="bold")
        if check.command:
            told.append(f"\n{check.command}", style="bold")
        state = marked(STATE_OF_STATUS[check.status], say(STATUS_WORDS[check.status]))
        table.add_row(Text(say(check.title)), state, told)
    out.print(table)
    summary = {
        Verdict.PASS: msg("Everything that was looked at is in order."),
        Verdict.WARN: msg("It works; see the warnings."),
        Verdict.FAIL: msg("Something has to be put right first."),
    }[test.verdict]
    out.print()
    out.print(Text(say(summary), style="bold"), soft_wrap=True)
