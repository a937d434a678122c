"""What runs in the process that reads trust lists: one after the other, until the pipe closes."""

from __future__ import annotations

import gc
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import TypeVar, cast

from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import ListContent, SourceKind
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.services.worker_process import settle_in

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJob:
    """One list to read; see `formats.list_reading.read_list`."""

    source: ListBytes
    schema: str = field(repr=False)
    title: str
    signers: tuple[NamedSigner, ...]
    passwords: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """How many entries are read, and of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ListRead:
    """The list is read."""

    kind: SourceKind
    content: ListContent


@dataclass(frozen=True, slots=True)
class ListUnread:
    """It cannot be used; what a UnusableInputError says."""

    problem: Message
    remedy: Message
    place: str | None
    is_password: bool


def work(pipe: Connection) -> None:
    """Serve jobs until the other side closes the pipe."""
    settle_in()
    # Nothing that is read goes in circles, and looking for that takes a third of the time.
    gc.disable()
    # What reading needs is loaded while the other side still fetches.
    from trustdesk.formats import list_reading  # noqa: F401

    with suppress(EOFError, OSError):
        while True:
            job = pipe.recv()
            if not isinstance(job, ListJob):
                return
            pipe.send(_outcome(job, pipe))


def _outcome(job: ListJob, pipe: Connection) -> ListRead | ListUnread:
    from trustdesk.formats.list_reading import kind_of_source, read_list

    try:
        kind = kind_of_source(job.source)
        content = read_list(
            job.source,
            schema=job.schema,
            title=job.title,
            signers=job.signers,
            passwords=job.passwords,
            on_progress=lambda done, total: pipe.send(ReadSoFar(done, total)),
        )
    except UnusableInputError as error:
        return ListUnread(error.problem, error.remedy, error.place, isinstance(error, WrongPasswordError))
    except MemoryError:
        return ListUnread(
            msg("Reading the list takes more memory than it is worth."),
            msg("Check that it is the file that you mean."),
            job.source.place,
            False,
        )
    if kind is None:
        raise ValueError("a list of no form was read")
    return ListRead(kind, _sharing(content))


def _sharing(content: ListContent) -> ListContent:
    """Return a list in which what is said of many entries is one value.

    CCADB repeats owners, policies and audits ten thousand times. Sent and made once each, they take a third
    of the time on their way to the other process, and of its memory.
    """
    known: dict[object, object] = {}

    def one(value: T) -> T:
        return cast("T", known.setdefault(value, value))

    return replace(
        content,
        entries=tuple(
            replace(
                entry,
                owner=one(entry.owner),
                policy=one(entry.policy),
                distrust=one(entry.distrust),
                constraints=one(entry.constraints),
                audits=one(entry.audits),
                stores=one(entry.stores),
                usages=one(entry.usages),
            )
            for entry in content.entries
        ),
    )
