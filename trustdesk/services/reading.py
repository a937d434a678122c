"""Opening files from anywhere in a process that can be killed.

What a file does to its reader stays in that process: endless work ends with the deadline, memory with a
limit, and a crash costs the file that caused it and no other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock

from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.identity import P12Diagnosis
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, ReadingLimits
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.services.reading_worker import Asked, Done, Examined, Failed, Job, JobKind, Rows, work
from trustdesk.services.worker_process import WorkerProcess

DEADLINE_S = 20.0
"""Seconds that one file may take, the time for answering a question about its password left out."""

_LOOK_S = 0.05
_MAX_DEPTH = 8
Ask = Callable[[Message], str | None]


@dataclass(frozen=True, slots=True)
class Bytes:
    """Something that is no file: pasted, dropped, fetched. `name` is what it is called."""

    name: str
    data: bytes = field(repr=False)


class ReadingService:
    """Reads files and folders, one call at a time, in one worker process that is started when needed.

    Methods may be called from any thread; calls wait for each other.
    """

    def __init__(self, limits: ReadingLimits | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._limits = limits or ReadingLimits()
        self._deadline_s = deadline_s
        self._lock = Lock()
        self._worker: WorkerProcess | None = None

    def inspect(
        self,
        sources: Sequence[Path | Bytes],
        password: Ask | None = None,
        cancel: Event | None = None,
        known_passwords: Sequence[str] = (),
    ) -> Inspection:
        """Open files, folders with all that lies in them, and bytes; say what is in each.

        A file that cannot be read, takes too long or kills its reader is an item of kind UNKNOWN, and the
        others still come out.

        Args:
            password: asked in this thread, for each thing that needs one that has not been given yet.
            cancel: set from any thread to stop.
            known_passwords: tried on everything before anybody is asked.

        Raises:
            CancelledByPersonError: `cancel` was set.
        """
        with self._lock:
            found: list[InspectedItem] = []
            problems: list[Message] = []
            passwords = _Passwords(password, tuple(known_passwords))
            for source in self._files(sources, problems):
                left = self._limits.items - len(found)
                if left <= 0:
                    limit = self._limits.items
                    problems.append(
                        msg("There are more than {limit} items: the rest is left unread.", limit=limit)
                    )
                    break
                inspection = self._inspect_one(source, passwords, cancel, left)
                found.extend(inspection.items)
                problems.extend(inspection.problems)
            return Inspection(items=tuple(found), problems=tuple(problems))

    def certificate_rows(self, source: Path | Bytes, cancel: Event | None = None) -> Iterator[Rows]:
        """Yield the certificates of a PEM bundle of any size, as columns, some thousand at a time.

        Raises:
            UnusableInputError: the file cannot be read, or its reader died.
            CancelledByPersonError: `cancel` was set.
        """
        with self._lock, self._stopped_unless_done() as finish:
            worker = self._started()
            name, data = _name_and_data(source)
            worker.send(Job(JobKind.ROWS, name, data, self._limits))
            while True:
                match self._answer(worker, cancel, self._deadline_s):
                    case Rows() as rows:
                        if rows.last:
                            finish()
                        yield rows
                        if rows.last:
                            return
                    case Failed(problem=problem):
                        finish()
                        raise UnusableInputError(
                            problem, remedy=msg("Check the file, and who may read it."), place=name
                        )
                    case _:
                        raise UnusableInputError(
                            msg("Reading the file brought its reader down."),
                            remedy=msg("Take the file apart and try its parts."),
                            place=name,
                        )

    def diagnose_p12(
        self, source: Path | Bytes, password: str | None = None, cancel: Event | None = None
    ) -> P12Diagnosis:
        """Say what a PKCS#12 file is made of, and who can open it; see `services.p12_doctor`.

        Raises:
            UnusableInputError: it is none, cannot be read, or its reader took too long or died.
            CancelledByPersonError: `cancel` was set.
        """
        with self._lock, self._stopped_unless_done() as finish:
            worker = self._started()
            name, data = _name_and_data(source)
            worker.send(Job(JobKind.P12, name, data, self._limits, () if password is None else (password,)))
            match self._answer(worker, cancel, self._deadline_s):
                case Examined(diagnosis=diagnosis):
                    finish()
                    return diagnosis
                case Failed(problem=problem, remedy=remedy):
                    finish()
                    raise UnusableInputError(
                        problem, remedy=remedy or msg("Check the file, and who may read it."), place=name
                    )
                case _:
                    raise UnusableInputError(
                        msg("Reading the file took too long, or brought its reader down."),
                        remedy=msg("Ask for the file once more, or export it again."),
                        place=name,
                    )

    @contextmanager
    def _stopped_unless_done(self) -> Iterator[Callable[[], None]]:
        """End a worker that is in the middle of something when its caller goes away."""
        done: list[bool] = []
        try:
            yield lambda: done.append(True)
        finally:
            if not done:
                self._stop()

    def close(self) -> None:
        """End the worker process; the next call starts another."""
        with self._lock:
            self._stop()

    def _inspect_one(
        self, source: Path | Bytes, passwords: _Passwords, cancel: Event | None, items: int
    ) -> Inspection:
        name, data = _name_and_data(source)
        limits = replace(self._limits, items=items)
        with self._stopped_unless_done() as finish:
            worker = self._started()
            worker.send(Job(JobKind.INSPECT, name, data, limits, passwords.known))
            end = time.monotonic() + self._deadline_s
            while True:
                match self._answer(worker, cancel, end - time.monotonic()):
                    case Asked(subject=subject):
                        asked_at = time.monotonic()
                        worker.send(passwords.answer(subject))
                        end += time.monotonic() - asked_at
                    case Done(inspection=inspection):
                        finish()
                        return inspection
                    case Failed(problem=problem):
                        finish()
                        return _unread(name, problem)
                    case _ if time.monotonic() >= end:
                        return _unread(name, _too_long(round(self._deadline_s)))
                    case _:
                        return _unread(name, msg("Reading the file brought its reader down."))

    def _answer(
        self, worker: WorkerProcess, cancel: Event | None, timeout_s: float
    ) -> Asked | Done | Examined | Failed | Rows | None:
        """Wait for the worker; None when it died or the time is over.

        Raises:
            CancelledByPersonError: `cancel` was set.
        """
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            if cancel is not None and cancel.is_set():
                raise CancelledByPersonError
            answer = worker.receive(min(_LOOK_S, left) if cancel is not None else left)
            if isinstance(answer, Asked | Done | Examined | Failed | Rows):
                return answer
            if answer is not None or not worker.is_alive:
                return None
        return None

    def _started(self) -> WorkerProcess:
        if self._worker is None or not self._worker.is_alive:
            self._stop()
            self._worker = WorkerProcess(work)
        return self._worker

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def _files(self, sources: Sequence[Path | Bytes], problems: list[Message]) -> Iterator[Path | Bytes]:
        for source in sources:
            if isinstance(source, Path) and source.is_dir():
                yield from self._folder(source, problems)
            else:
                yield source

    def _folder(self, folder: Path, problems: list[Message]) -> Iterator[Path]:
        """Yield the files of a folder in the order of their names; links are not followed."""
        left = self._limits.members
        for place, folders, names in os.walk(folder, onerror=lambda error: problems.append(_closed(error))):
            folders.sort()
            if len(Path(place).relative_to(folder).parts) >= _MAX_DEPTH:
                folders.clear()
            for name in sorted(names):
                file = Path(place, name)
                if file.is_symlink() or not file.is_file():
                    continue
                if left == 0:
                    limit = self._limits.members
                    problems.append(msg("The folder has more than {limit} files.", limit=limit))
                    return
                left -= 1
                yield file


class _Passwords:
    """Asks a person, and keeps what was given for the files that follow, until the call is over."""

    def __init__(self, ask: Ask | None, known: tuple[str, ...]) -> None:
        self._ask = ask
        self.known = known

    def answer(self, subject: Message) -> str | None:
        """Return the password that a person gives; None ends the asking."""
        given = None if self._ask is None else self._ask(subject)
        if given is None:
            self._ask = None
        else:
            self.known = (*self.known, given)
        return given


def _name_and_data(source: Path | Bytes) -> tuple[str, bytes | None]:
    return (str(source), None) if isinstance(source, Path) else (source.name, source.data)


def _closed(error: OSError) -> Message:
    reason = error.strerror or str(error)
    return msg("The folder {folder} cannot be read: {reason}.", folder=str(error.filename), reason=reason)


def _too_long(seconds: int) -> Message:
    return msg_n(
        "Reading took longer than {count} second and was stopped.",
        "Reading took longer than {count} seconds and was stopped.",
        seconds,
    )


def _unread(name: str, problem: Message) -> Inspection:
    return Inspection(
        items=(InspectedItem(kind=ItemKind.UNKNOWN, source=name, position=0, problems=(problem,)),)
    )
