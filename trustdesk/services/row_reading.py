"""Bundles of any number of certificates, read into rows; what is no certificate in them is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.row_values import MANY, RowsChunk, RowsRead

_LOOKED_AT = 8 * 1024 * 1024
"""Bytes of all sources that are looked through for the first certificates: 16 kB for each of `MANY`."""

_BEGIN = b"-----BEGIN CERTIFICATE-----"


def holds_many(sources: Sequence[Path | Bytes]) -> bool:
    """Whether files and pasted text hold more PEM certificates than a tree shows well.

    Folders, and files that cannot be read, hold none: opening them says what is the matter.
    """
    left, found = _LOOKED_AT, 0
    for source in sources:
        data = _beginning(source, left) if isinstance(source, Path) else source.data[:left]
        left -= len(data)
        found += data.count(_BEGIN)
        if found > MANY or left <= 0:
            break
    return found > MANY


def read_rows(
    reading: ReadingService,
    sources: Sequence[Path | Bytes],
    on_rows: Callable[[RowsChunk], None],
    cancel: Event,
) -> RowsRead:
    """Read bundles one after the other; a source that fails costs what it had not yet given.

    Args:
        on_rows: called in this thread.
        cancel: set from any thread to stop; what had come stands.
    """
    count = unread = 0
    problems: list[Message] = []
    for place, source in enumerate(sources):
        name = str(source) if isinstance(source, Path) else source.name
        bad = 0
        try:
            for rows in reading.certificate_rows(source, cancel):
                bad = rows.unread
                count += len(rows.rows)
                share = (place + rows.share) / len(sources)
                on_rows(RowsChunk(source=name, rows=rows.rows, unread=bad, share=share))
        except CancelledByPersonError:
            return RowsRead(count=count, unread=unread + bad, is_cancelled=True, problems=tuple(problems))
        except UnusableInputError as error:
            problems.append(msg("{file}: {problem}", file=name, problem=error.problem))
        unread += bad
    return RowsRead(count=count, unread=unread, is_cancelled=False, problems=tuple(problems))


def _beginning(file: Path, size: int) -> bytes:
    try:
        # A device or a pipe would wait for ever.
        if not file.is_file():
            return b""
        with file.open("rb") as stream:
            return stream.read(size)
    except OSError:
        return b""
