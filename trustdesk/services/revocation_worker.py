"""What runs in the process that indexes one long CRL: it says how far it is, and ends."""

from __future__ import annotations

import mmap
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.formats.revocation_index import index_chunks
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates
from trustdesk.storage.atomic_file import write_atomically

_MEMORY = 2 * 1024 * 1024 * 1024


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


def index_list(pipe: Connection, list_file: str, index_file: str, sha256: str) -> None:
    """Write the index of a list that lies in a file.

    Args:
        sha256: of the list, lower-case hex; the caller has just checked it.
    """
    # Ctrl+C on a terminal reaches every process of the group; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    with suppress(OSError):  # the caller is gone
        pipe.send(_indexed(pipe, Path(list_file), Path(index_file), sha256))


def _indexed(pipe: Connection, list_file: Path, index_file: Path, sha256: str) -> Indexed | IndexingFailed:
    try:
        with (
            list_file.open("rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        ):
            facts = read_revocation_list(mapped, sha256=sha256, count=0)  # type: ignore[arg-type]
            revoked = revoked_certificates(facts, mapped)  # type: ignore[arg-type]
            chunks = index_chunks(revoked, sha256, lambda part: pipe.send(Indexing(part)))
            write_atomically(index_file, b"".join(chunks), durable=False)
            del chunks, revoked, facts
    except TrustdeskError as error:
        return IndexingFailed(error.problem, error.remedy)
    except MemoryError:
        return IndexingFailed(
            msg("Indexing the revocation list takes more memory than it is worth."),
            msg("Ask who publishes it for a shorter one."),
        )
    return Indexed()


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):  # macOS does not know this limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
