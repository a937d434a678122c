"""Files that commands look into: named, or standard input, opened in a process that can be killed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, ReadingLimits
from trustdesk.core.message import Message, msg
from trustdesk.services.reading import Bytes, ReadingService

STANDARD_INPUT = Path("-")


def opened(files: Sequence[Path], password: Callable[[Message], str | None]) -> Inspection:
    """Open files and folders, `-` for standard input; what cannot be read is an item of kind UNKNOWN."""
    limits = ReadingLimits()
    with contextlib.closing(ReadingService(limits)) as reading:
        return reading.inspect([_source(file, limits.bytes) for file in dict.fromkeys(files)], password)


def of_file(inspection: Inspection, file: Path) -> Inspection:
    """Return what came out of one file or folder, and the problems of all."""
    items = (item for item in inspection.items if _lies_in(item.source, file))
    return Inspection(items=tuple(items), problems=inspection.problems)


def require_readable(inspection: Inspection, file: Path) -> None:
    """Make sure that something came out of a file.

    Raises:
        WrongPasswordError: all that is in it stayed closed.
        UnusableInputError: nothing in it could be read.
    """
    found = of_file(inspection, file)
    if any(_is_readable(item) for item in found.items):
        return
    problems = [*(problem for item in found.items for problem in item.problems), *found.problems]
    problem = problems[0] if problems else msg("There is nothing in it.")
    if any(item.locked for item in found.items):
        raise WrongPasswordError(
            problem,
            remedy=msg("Give the right one with --password-file, --password-fd or --password-env."),
            place=str(file),
        )
    if file == STANDARD_INPUT or os.access(file, os.R_OK):
        remedy = msg("Ask whoever sent it for the file again, as PEM or DER; inspect shows what is in it.")
    else:
        remedy = msg("Check the name, and who may read the file.")
    raise UnusableInputError(problem, remedy=remedy, place=str(file))


def _lies_in(source: str, file: Path) -> bool:
    if source == str(file) or source.startswith(f"{file}/"):
        return True
    # What lies in the working folder is named without a dot before it.
    return file == Path() and not Path(source).is_absolute() and not source.startswith("..")


def _is_readable(item: InspectedItem) -> bool:
    return item.kind is not ItemKind.UNKNOWN and not item.locked


def _source(file: Path, limit: int) -> Path | Bytes:
    if file == STANDARD_INPUT:
        return Bytes(name=str(file), data=sys.stdin.buffer.read(limit + 1))
    if file.is_fifo() or file.is_char_device():
        # The process that reads files does not have our pipes: `inspect <(curl …)`.
        with file.open("rb") as stream:
            return Bytes(name=str(file), data=stream.read(limit + 1))
    return file
