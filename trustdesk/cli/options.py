"""Options that several commands share, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from trustdesk.cli.workspace_place import PLACE_METAVAR, PlaceOfWorkspace
from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.message import msg
from trustdesk.core.trust import PUBLIC_WEB_LIST, TrustList, TrustListOrigin
from trustdesk.core.untrusted import visible
from trustdesk.services.command_trust import CommandTrust, command_trust
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

if TYPE_CHECKING:
    from trustdesk.storage.vault import Vault

F = TypeVar("F", bound=Callable[..., object])


def stacked(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return a decorator that adds several options, shown in this order."""
    return lambda command: reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


class Instant(click.ParamType[datetime]):
    """RFC 3339 time or ISO date; without an offset it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware UTC datetime."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time: write 2027-03-15 or 2027-03-15T12:00:00Z", param, ctx)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


file_path = click.Path(path_type=Path)


def _else_before(
    context: click.Context, _: click.Parameter, place: WorkspacePlace | None
) -> WorkspacePlace | None:
    """Return the place that was named, else the one named before the command."""
    before = context.find_root().params.get("workspace")
    return place if place is not None or not isinstance(before, Path | DatabaseUrl) else before


def workspace_option_for(what: str) -> Callable[[F], F]:
    """Return the option of a workspace's place; without it, the one named before the command counts.

    Args:
        what: what the help says of it.
    """
    return click.option(
        "--workspace", type=PlaceOfWorkspace(), metavar=PLACE_METAVAR, callback=_else_before, help=what
    )


workspace_option = workspace_option_for("Workspace (default: your own folder).")

target_options = stacked(
    click.option(
        "--connect", metavar="ADDRESS[:PORT]", help="Connect there instead of to the target's host."
    ),
    click.option("--server-name", metavar="SNI", help="Server name to send."),
    click.option("--no-sni", is_flag=True, help="Send no server name."),
    click.option("--verify-name", metavar="NAME", help="Name that the certificate must carry."),
    click.option("--alpn", metavar="A,B", help="Application protocols to offer; empty for none."),
)

trust_list_option = click.option(
    "--trust-list",
    "trust_lists",
    multiple=True,
    metavar="NAME|FILE",
    help="List to judge against (repeatable): a file, one of the workspace (NAME or NAME@NUMBER), or "
    f"{PUBLIC_WEB_LIST}, the public web's. Default: those in force, else {PUBLIC_WEB_LIST}.",
)
trust_options = stacked(
    trust_list_option,
    click.option("--at", type=Instant(), metavar="TIME", help="Judge as of this time."),
)

offline_option = click.option("--offline", is_flag=True, help="Fetch nothing: no AIA, OCSP, CRL or list.")
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    metavar="SECONDS",
    help="Time for a whole probe (default 30).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def chosen_trust(
    names: tuple[str, ...],
    workspace: WorkspacePlace | None = None,
    *,
    judges_partners: bool = False,
    open_vault: Callable[[Vault], None] | None = None,
) -> CommandTrust:
    """Return what `--trust-list` names; without it what the workspace judges by, or else the public web's.

    Args:
        workspace: its place; None is the one named before the command, or else the person's own.
        judges_partners: whether endpoints of partners are judged: their policies hold then.
        open_vault: opens it where the key of the seals may lie in it (`cli.vault.opener`).

    Raises:
        UnusableInputError: a name is neither a list nor a file that can be read.
        EnvironmentFailureError: what the workspace keeps cannot be read.
    """
    context = click.get_current_context(silent=True)
    before = None if context is None else context.find_root().params.get("workspace")
    place = workspace or (before if isinstance(before, Path | DatabaseUrl) else None)
    trust = command_trust(names, place, judges_partners=judges_partners, open_vault=open_vault)
    if trust.unsealed:
        words = msg(
            "Private roots and lists of these policies count for nothing, for want of a seal that holds:"
            " {names}. Unlock the keyring or open the vault; trustdesk trust log says how the seals stand.",
            names=", ".join(visible(name, 40) for name in trust.unsealed[:10]),
        )
        click.echo(wording().text(words), err=True)
    for trust_list in trust.lists:
        for one in trust_list.left_out if trust_list.origin is TrustListOrigin.FILE else ():
            words = msg(
                "{list}: {certificate} is no anchor. {reason}",
                list=trust_list.name,
                certificate=one.certificate.title,
                reason=one.reason,
            )
            click.echo(wording().text(words), err=True)
    return trust


def chosen_trust_lists(
    names: tuple[str, ...], workspace: WorkspacePlace | None = None
) -> tuple[TrustList, ...]:
    """Return the lists of `chosen_trust`, where no partner's endpoint is judged."""
    return chosen_trust(names, workspace).lists
