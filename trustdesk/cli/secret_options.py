"""Where a command's secrets come from: descriptors, files, variables, or a prompt; never arguments.

A command may need several: of a file, of a key in it, of the vault. Each has three options of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from trustdesk.cli.options import file_path, password_prompt, password_source, stacked
from trustdesk.core.message import Message

R = TypeVar("R")


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

    @property
    def is_given(self) -> bool:
        """Whether one of them was given, so that nobody is asked."""
        return (self.descriptor, self.file, self.environment_name) != (None, None, None)

    def source(self) -> Callable[[], str | None]:
        """Return what yields it; without an option it is asked for on the terminal.

        Raises:
            UnusableInputError: more than one option was given.
        """
        return password_source(self.descriptor, self.file, self.environment_name, option=self.option)

    def prompt(self) -> Callable[[Message], str | None]:
        """Return what is asked for each thing that needs one; see `cli.options.password_prompt`."""
        return password_prompt(self.descriptor, self.file, self.environment_name, option=self.option)


def secret_options(name: str, what: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add the three options of a secret to a command; it gets them together, under `name`.

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
            return command(**{name: secret}, **given)

        return options(bundled)

    return decorate


file_password_options = secret_options("password", "the file's password")
vault_password_options = secret_options("vault_password", "the vault's passphrase")
