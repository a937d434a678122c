"""Options that several commands share, and what they turn into."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TypeVar

import click

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.services.files import read_bounded
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

target_options = stacked(
    click.option(
        "--connect", metavar="ADDRESS[:PORT]", help="Connect there instead of to the target's host."
    ),
    click.option("--server-name", metavar="SNI", help="Server name to send."),
    click.option("--no-sni", is_flag=True, help="Send no server name."),
    click.option("--verify-name", metavar="NAME", help="Name that the certificate must carry."),
    click.option("--alpn", metavar="A,B", help="Application protocols to offer; empty for none."),
)

trust_options = stacked(
    click.option(
        "--trust-list",
        "trust_lists",
        multiple=True,
        metavar="NAME|FILE",
        help=f"List to judge against (repeatable): a file, or {PUBLIC_WEB_LIST}, the public web's (default).",
    ),
    click.option("--at", type=Instant(), metavar="TIME", help="Judge as of this time."),
)

password_options = stacked(
    click.option("--password-fd", type=int, metavar="N", help="Read the password from this file descriptor."),
    click.option("--password-file", type=file_path, metavar="FILE", help="Read the password from this file."),
    click.option("--password-env", metavar="NAME", help="Take the password from this environment variable."),
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
    """Return the lists that `--trust-list` names, the public web's without one.

    Raises:
        UnusableInputError: a name is neither a list nor a file that can be read.
    """

    if not names:
        return (certifi_list(),)
    chosen = tuple(
        certifi_list() if name == PUBLIC_WEB_LIST and not Path(name).exists() else file_list(Path(name))
        for name in names
    )
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


def password_source(
    descriptor: int | None, file: Path | None, environment_name: str | None, *, option: str = "--password"
) -> Callable[[], str | None]:
    """Return what yields the password when a file turns out to be protected.

    Without an option it is asked for on the terminal; without a terminal there is none.

    Args:
        option: what the names of the options begin with.
    """
    given = [one for one in (descriptor, file, environment_name) if one is not None]
    if len(given) > 1:
        raise UnusableInputError(
            msg("More than one source of the password was given."),
            remedy=msg("Give one of {option}-fd, {option}-file and {option}-env.", option=option),
        )

    def password() -> str | None:
        if descriptor is not None:
            return _from_descriptor(descriptor, f"{option}-fd {descriptor}")
        if file is not None:
            return _first_line(read_bounded(file, 64 * 1024), str(file))
        if environment_name is not None:
            value = os.environ.get(environment_name)
            if value is None:
                raise UnusableInputError(
                    msg("The environment variable is not set."),
                    remedy=msg("Set it, or name another with {option}-env.", option=option),
                    place=environment_name,
                )
            return value
        return _from_terminal()

    return password


def password_prompt(
    descriptor: int | None, file: Path | None, environment_name: str | None, *, option: str = "--password"
) -> Callable[[Message], str | None]:
    """Return what is asked for the password of each thing in a file that needs one.

    An option holds one password, which is given once; on a terminal each thing is asked for by its name,
    and an empty line ends the asking.
    """
    source = password_source(descriptor, file, environment_name, option=option)
    if (descriptor, file, environment_name) == (None, None, None):
        return lambda subject: _from_terminal(subject) or None
    given: list[str | None] = []

    def once(_: Message) -> str | None:
        if given:
            return None
        given.append(source())
        return given[0]

    return once


def _from_descriptor(descriptor: int, place: str) -> str:
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return _first_line(stream.read(64 * 1024), place)
    except OSError as error:
        raise UnusableInputError(
            msg("The file descriptor cannot be read: {reason}.", reason=error.strerror or str(error)),
            remedy=msg("Open it for the program, as in 3<file."),
            place=place,
        ) from None


def _first_line(data: bytes, place: str) -> str:
    try:
        return data.partition(b"\n")[0].rstrip(b"\r").decode()
    except UnicodeDecodeError:
        raise UnusableInputError(
            msg("The password is not UTF-8 text."), remedy=msg("Save it as UTF-8."), place=place
        ) from None


def _from_terminal(subject: Message | None = None) -> str | None:
    if not sys.stdin.isatty():
        return None
    prompt = msg("Password: ") if subject is None else msg("{subject}: ", subject=subject)
    return getpass.getpass(wording().text(prompt))
