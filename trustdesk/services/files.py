"""Reading a person's files: bounded, and with an error that names the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.storage.atomic_file import PASSED_ON, write_atomically

MAX_FILE_BYTES = 16 * 1024 * 1024
_ALONE = msg("Name the file with the certificates alone.")


def read_bounded(file: Path, limit: int = MAX_FILE_BYTES, *, too_much: Message = _ALONE) -> bytes:
    """Return the bytes of a file.

    Args:
        too_much: what to do about one that holds more than `limit` bytes.

    Raises:
        UnusableInputError: it does not exist, is no file, may not be read, or holds more than `limit` bytes.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError:
        raise UnusableInputError(
            msg("There is no such file."), remedy=msg("Check the name and the folder."), place=str(file)
        ) from None
    except IsADirectoryError:
        raise UnusableInputError(
            msg("This is a folder, not a file."), remedy=msg("Name the file in it."), place=str(file)
        ) from None
    except (OSError, ValueError) as error:
        raise UnusableInputError(
            msg("The file cannot be read: {reason}.", reason=getattr(error, "strerror", None) or str(error)),
            remedy=msg("Check who may read it."),
            place=str(file),
        ) from None
    if len(data) > limit:
        raise UnusableInputError(
            msg("The file holds more than {megabytes} MB.", megabytes=limit // (1024 * 1024)),
            remedy=too_much,
            place=str(file),
        )
    return data


def save_file(file: Path, data: bytes) -> Path:
    """Write a file to be passed on, whole or not at all, and return it.

    Raises:
        EnvironmentFailureError: it cannot be written; what was there is untouched.
    """
    write_atomically(file, data, PASSED_ON)
    return file


def writable_folder(folder: Path) -> Path:
    """Make a folder if it is not there, and return it.

    Raises:
        EnvironmentFailureError: it cannot be made, or nothing can be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise EnvironmentFailureError(
            msg("Nothing can be written there: {reason}.", reason=error.strerror or str(error)),
            remedy=msg("Name another folder with --output."),
            place=str(folder),
        ) from None
