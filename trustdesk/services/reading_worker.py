"""What runs in the process that opens files: one job after the other, until the pipe closes."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import P12Diagnosis
from trustdesk.core.inspection import CertificateRow, Inspection, ReadingLimits
from trustdesk.core.message import Message, msg
from trustdesk.services.files import read_bounded
from trustdesk.services.worker_process import settle_in

_ROWS_AT_ONCE = 2_000
_MAX_BUNDLE_BYTES = 1024 * 1024 * 1024


class JobKind(StrEnum):
    """What to do with the file."""

    INSPECT = "inspect"
    ROWS = "rows"
    P12 = "p12"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read; `data` None for the file of that name; `passwords` are tried before one is asked."""

    kind: JobKind
    name: str
    data: bytes | None = field(repr=False)
    limits: ReadingLimits
    passwords: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """The worker needs a password; it waits for it, or for None."""

    subject: Message


@dataclass(frozen=True, slots=True)
class Done:
    """The file is read."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of the certificates of a bundle.

    Attributes:
        last: whether no more follow.
        unread: blocks of the file so far that hold no certificate or a damaged one.
        share: how much of the file is read, 0 to 1.
    """

    rows: tuple[CertificateRow, ...]
    last: bool
    unread: int
    share: float


@dataclass(frozen=True, slots=True)
class Examined:
    """A PKCS#12 file is examined."""

    diagnosis: P12Diagnosis


@dataclass(frozen=True, slots=True)
class Failed:
    """The file could not be read at all."""

    problem: Message
    remedy: Message | None = None


def work(pipe: Connection) -> None:
    """Serve jobs until the other side closes the pipe."""
    settle_in()
    with suppress(EOFError, OSError):
        while True:
            job = pipe.recv()
            if not isinstance(job, Job):
                return
            try:
                for answer in _answers(job, pipe):
                    pipe.send(answer)
            except UnusableInputError as error:
                pipe.send(Failed(error.problem, error.remedy))
            except MemoryError:
                pipe.send(Failed(msg("Reading the file takes more memory than it is worth.")))


def _answers(job: Job, pipe: Connection) -> Iterator[Done | Rows | Examined]:
    if job.kind is JobKind.ROWS:
        yield from _rows_of_file(Path(job.name)) if job.data is None else _rows(job.data)
        return
    from trustdesk.formats.opening import open_anything

    data = read_bounded(Path(job.name), job.limits.bytes) if job.data is None else job.data
    if job.kind is JobKind.P12:
        from trustdesk.services.p12_doctor import diagnose_p12

        yield Examined(diagnose_p12(data, job.name, *job.passwords[:1]))
        return

    def ask(subject: Message) -> str | None:
        pipe.send(Asked(subject))
        answer: str | None = pipe.recv()
        return answer

    yield Done(open_anything(data, job.name, ask, job.limits, job.passwords))


def _rows_of_file(file: Path) -> Iterator[Rows]:
    try:
        with file.open("rb") as stream:
            if not 0 < stream.seek(0, 2) <= _MAX_BUNDLE_BYTES:
                raise UnusableInputError(
                    msg("The file is empty, or larger than any bundle of certificates."),
                    remedy=msg("Name a PEM file."),
                    place=str(file),
                )
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                yield from _rows(mapped)
    except (OSError, ValueError) as error:
        raise UnusableInputError(
            msg("The file cannot be read: {reason}.", reason=getattr(error, "strerror", None) or str(error)),
            remedy=msg("Check who may read it."),
            place=str(file),
        ) from None


def _rows(data: bytes | mmap.mmap) -> Iterator[Rows]:
    from trustdesk.formats.certificate_columns import RowReader

    reader = RowReader()
    rows = reader.pem_rows(data)
    while chunk := tuple(islice(rows, _ROWS_AT_ONCE)):
        yield Rows(chunk, last=False, unread=reader.unread, share=reader.at / len(data))
    del rows
    yield Rows((), last=True, unread=reader.unread, share=1.0)
