"""The lab in a process of its own, for the demo and for tests."""

from __future__ import annotations

import multiprocessing
import weakref
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg
from trustdesk.lab.description import LabDescription, LabIdentity, LabServer
from trustdesk.lab.folder import make_folder, remove_folder

__all__ = ["LabDescription", "LabIdentity", "LabProcess", "LabServer"]

_STOP_S = 0.8

_Failure = tuple[Message, Message, str | None]


class LabProcess:
    """A running lab; a context manager that stops it.

    It also ends when this process ends, however that happens, and its folder is removed by whichever of the
    two lives longer.

    Attributes:
        description: the servers, identities and trust list.
        pid: number of its process.
    """

    def __init__(
        self, process: SpawnProcess, lifeline: Connection, folder: Path, description: LabDescription
    ) -> None:
        self.description = description
        self.pid = process.pid
        self._end = weakref.finalize(self, _end, process, lifeline, folder)

    @classmethod
    def start(cls, *, count: int = 0, timeout_s: float = 20) -> LabProcess:
        """Start a lab with `count` healthy endpoints more, and wait until all of it listens.

        The process is spawned, never forked, so a frozen program needs `multiprocessing.freeze_support()`.

        Raises:
            EnvironmentFailureError: it could not start, or not within `timeout_s`.
        """
        folder = make_folder()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_run_child, args=(str(folder), count, theirs), name="trustdesk-lab", daemon=True
        )
        try:
            process.start()
            theirs.close()
            description = _await_description(ours, timeout_s)
        except BaseException:
            _end(process, ours, folder)
            raise
        return cls(process, ours, folder, description)

    def stop(self) -> None:
        """End the lab and remove what it left; again is allowed."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _run_child(folder: str, count: int, lifeline: Connection) -> None:
    # The parent needs neither cryptography nor OpenSSL for this, so only the child imports them.
    from trustdesk.lab.serve import run

    try:
        run(Path(folder), lifeline.send, count=count, lifeline=lifeline)
    except EnvironmentFailureError as failure:
        with suppress(OSError):  # the parent has given up
            lifeline.send((failure.problem, failure.remedy, failure.place))
    except OSError:
        # The parent ended between our start and our first word; anything else is a bug and shows itself.
        if lifeline.poll():
            return
        raise


def _await_description(lifeline: Connection, timeout_s: float) -> LabDescription:
    try:
        if not lifeline.poll(timeout_s):
            raise EnvironmentFailureError(
                msg("The lab did not start within {seconds} seconds.", seconds=timeout_s),
                remedy=msg("Close programs that keep the machine busy, and try again."),
            )
        answer: LabDescription | _Failure = lifeline.recv()
    except (EOFError, ConnectionError) as problem:
        raise EnvironmentFailureError(
            msg("The lab ended before it was ready."),
            remedy=msg("Start trustdesk lab serve in a terminal: it says there what went wrong."),
        ) from problem
    if isinstance(answer, LabDescription):
        return answer
    problem_said, remedy, place = answer
    raise EnvironmentFailureError(problem_said, remedy=remedy, place=place)


def _end(process: SpawnProcess, lifeline: Connection, folder: Path) -> None:
    """Let the child go, make it go if it does not, and remove what it may have left."""
    lifeline.close()
    if process.pid is not None:
        process.join(_STOP_S)
        if process.is_alive():
            process.kill()
            process.join(_STOP_S)
        if process.exitcode is not None:
            process.close()
    remove_folder(folder)
