"""What a person names on the command line: sources, versions, fingerprints, usages."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import SourceKind

SYSTEM = "system"
_USAGES = {
    "server": Usage.TLS_SERVER,
    "client": Usage.TLS_CLIENT,
    "idp": Usage.IDP_SIGNING,
    "email": Usage.EMAIL,
    "list": Usage.LIST_SIGNING,
}


class Usages(click.ParamType[frozenset[Usage]]):
    """`server`, `client`, `idp`, `email`, `list`, several with commas; `none` for nothing of ours."""

    name = "usages"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[Usage]:
        """Return the usages."""
        if isinstance(value, frozenset):
            return value
        words = [word.strip().casefold() for word in str(value).split(",")]
        if words == ["none"]:
            return frozenset()
        unknown = [word for word in words if word not in _USAGES]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(_USAGES)}, none", param, ctx)
        return frozenset(_USAGES[word] for word in words)


def source_of(text: str) -> Path | str | SourceKind:
    """Return what is read: an address, this machine's store, or a file or folder."""
    if text == SYSTEM and not Path(text).exists():
        return SourceKind.SYSTEM
    if "://" in text:
        return text
    return Path(text)


def split_reference(text: str) -> tuple[str, int | None]:
    """Return the name and the number of `NAME@NUMBER`; None for a name alone.

    Raises:
        UnusableInputError: what stands behind the last @ is no number.
    """
    name, at, number = text.rpartition("@")
    if not at:
        return text, None
    if not (number.isascii() and number.isdigit()) or not name:
        raise UnusableInputError(
            msg("This names no version of a list."),
            remedy=msg("Write NAME@NUMBER, as trustdesk trust list prints it."),
            place=text,
        )
    return name, int(number)


def agreed_to(question: str, *, yes: bool, place: str) -> None:
    """Ask on the terminal, unless `--yes` was given.

    Raises:
        UnusableInputError: there is nobody to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise UnusableInputError(msg("This has to be agreed to."), remedy=msg("Add --yes."), place=place)
    click.confirm(question, abort=True, err=True)
