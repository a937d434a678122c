"""Where a command's secrets come from: descriptors, files, variables, or a prompt; never arguments.

A command may need several: of a file, of a key in it, of the vault. Each has three options of its own.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from trustdesk.cli.options import file_path, stacked
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.services.files import read_bounded
from trustdesk.services.wording import wording

R = TypeVar("R")

_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretOption:
    """What the three options of one secret were given.

    Attributes:
        option: what their names begin with.
    """

    option: str
    descriptor: int | None = None
    file: Path | None = None
    environment_name: str | None = None
    # A descriptor can be read once; one command may open the same thing twice.
    _from_descriptor: list[str] = field(default_factory=list, repr=False, compare=False)

    @property
    def is_given(self) -> bool:
        """Whether one of them was given, so that nobody is asked."""
        return (self.descriptor, self.file, self.environment_name) != (None, None, None)

    def require_one(self) -> None:
        """Let nobody wonder which of two was taken.

        Raises:
            UnusableInputError: more than one option was given.
        """
        given = [one for one in (self.descriptor, self.file, self.environment_name) if one is not None]
        if len(given) > 1:
            raise UnusableInputError(
                msg("More than one source of the password was given."),
                remedy=msg("Give one of {option}-fd, {option}-file and {option}-env.", option=self.option),
            )

    def prompt(self) -> Callable[[Message], str | None]:
        """Return what is asked for the password of each thing that needs one.

        An option holds one password, which is given once; on a terminal each thing is asked for by its name,
        and an empty line ends the asking.
        """
        if not self.is_given:
            return lambda subject: _from_terminal(subject) or None
        given: list[str | None] = []

        def once(_: Message) -> str | None:
            if given:
                return None
            given.append(self.read())
            return given[0]

        return once

    def read(self) -> str | None:
        """Return it; without an option it is asked for on the terminal, without a terminal there is none.

        Raises:
            UnusableInputError: what the option names cannot be read.
        """
        if self.descriptor is not None:
            if not self._from_descriptor:
                place = f"{self.option}-fd {self.descriptor}"
                self._from_descriptor.append(_from_descriptor(self.descriptor, place))
            return self._from_descriptor[0]
        if self.file is not None:
            return _first_line(read_bounded(self.file, _MOST_BYTES), str(self.file))
        if self.environment_name is None:
            return _from_terminal()
        value = os.environ.get(self.environment_name)
        if value is None:
            raise UnusableInputError(
                msg("The environment variable is not set."),
                remedy=msg("Set it, or name another with {option}-env.", option=self.option),
                place=self.environment_name,
            )
        return value


def secret_options(name: str, what: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add the three options of a secret to a command; it gets them together, under `name`.

    A command that was given two of them ends before it begins.

    Args:
        name: "password", "key_password": of the parameter, and with hyphens of the options.
        what: what the help calls it.
    """
    option = f"--{name.replace('_', '-')}"
    options = stacked(
        click.option(f"{option}-fd", type=int, metavar="N", help=f"Read {what} from this file descriptor."),
        click.option(f"{option}-file", type=file_path, metavar="FILE", help=f"Read {what} from this file."),
        click.option(f"{option}-env", metavar="NAME", help=f"Take {what} from this environment variable."),
    )

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @wraps(command)
        def bundled(**given: object) -> R:
            descriptor, file, environment = (given.pop(f"{name}_{kind}") for kind in ("fd", "file", "env"))
            secret = SecretOption(
                option=option,
                descriptor=descriptor if isinstance(descriptor, int) else None,
                file=file if isinstance(file, Path) else None,
                environment_name=environment if isinstance(environment, str) else None,
            )
            secret.require_one()
            return command(**{name: secret}, **given)

        return options(bundled)

    return decorate


password_options = secret_options("password", "the password")
file_password_options = secret_options("password", "the file's password")
vault_password_options = secret_options("vault_password", "the vault's passphrase")


def _from_descriptor(descriptor: int, place: str) -> str:
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return _first_line(stream.read(_MOST_BYTES), place)
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
