"""What runs in the process that indexes one long CRL: it says how far it is, and ends."""

from __future__ import annotations

import mmap
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.formats.revocation_index import index_chunks
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates
from trustdesk.services.worker_process import settle_in
from trustdesk.storage.atomic_file import write_atomically


@dataclass(frozen=True, slots=True)
class IndexingTask:
    """A list that lies in a file, and where its index belongs.

    Attributes:
        sha256: of the list, lower-case hex; the caller has just checked it.
    """

    list_file: Path
    index_file: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """How far it is, from 0 to 1."""

    part: float


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index is written."""


@dataclass(frozen=True, slots=True)
class IndexingFailed:
    """There is no index, and why."""

    problem: Message
    remedy: Message


def index_list(pipe: Connection) -> None:
    """Write the index of the list that the other side names."""
    settle_in()
    with suppress(EOFError, OSError):  # the caller is gone
        pipe.send(_indexed(pipe, pipe.recv()))


def _indexed(pipe: Connection, task: IndexingTask) -> Indexed | IndexingFailed:
    try:
        with (
            task.list_file.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        ):
            facts = read_revocation_list(mapped, sha256=task.sha256, count=0)  # type: ignore[arg-type]
            revoked = revoked_certificates(facts, mapped)  # type: ignore[arg-type]
            chunks = index_chunks(revoked, task.sha256, lambda part: pipe.send(Indexing(part)))
            write_atomically(task.index_file, b"".join(chunks), durable=False)
            del chunks, revoked, facts
    except TrustdeskError as error:
        return IndexingFailed(error.problem, error.remedy)
    except MemoryError:
        return IndexingFailed(
            msg("Indexing the revocation list takes more memory than it is worth."),
            msg("Ask who publishes it for a shorter one."),
        )
    return Indexed()
