"""Options that several commands share, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TypeVar

import click

from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.services.identity_names import unique_name
from trustdesk.services.trust_lists import certifi_list, file_list
from trustdesk.services.wording import wording

F = TypeVar("F", bound=Callable[..., object])

PUBLIC_WEB_LIST = "certifi"


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


def _else_before(context: click.Context, _: click.Parameter, folder: Path | None) -> Path | None:
    """Return the folder that was named, else the one named before the command."""
    before = context.find_root().params.get("workspace")
    return folder if folder is not None or not isinstance(before, Path) else before


def workspace_option_for(what: str) -> Callable[[F], F]:
    """Return the option of a workspace's folder; without it, the one named before the command counts.

    Args:
        what: what the help says of it.
    """
    return click.option("--workspace", type=file_path, metavar="DIR", callback=_else_before, help=what)


workspace_option = workspace_option_for("Workspace folder (default: your own).")

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
    help=f"List to judge against (repeatable): a file, or {PUBLIC_WEB_LIST}, the public web's (default).",
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


def chosen_trust_lists(names: tuple[str, ...]) -> tuple[TrustList, ...]:
    """Return the lists that `--trust-list` names, the public web's without one; no two have the same name.

    Raises:
        UnusableInputError: a name is neither a list nor a file that can be read.
    """

    if not names:
        return (certifi_list(),)
    chosen = tuple(
        certifi_list() if name == PUBLIC_WEB_LIST and not Path(name).exists() else file_list(Path(name))
        for name in names
    )
    chosen = _told_apart(chosen)
    for trust_list in chosen:
        for one in trust_list.left_out:
            words = msg(
                "{list}: {certificate} is no anchor. {reason}",
                list=trust_list.name,
                certificate=one.certificate.title,
                reason=one.reason,
            )
            click.echo(wording().text(words), err=True)
    return chosen


def _told_apart(lists: tuple[TrustList, ...]) -> tuple[TrustList, ...]:
    """Give lists from files of the same name names of their own: verdicts and desks go by these."""
    found: dict[str, TrustList] = {}
    for one in lists:
        if found.get(one.name) == one:
            continue
        name = unique_name(one.name, found) if one.name in found else one.name
        found[name] = replace(one, name=name)
    return tuple(found.values())
