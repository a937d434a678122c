"""Who is at work on a sweep: a mark that goes with the program, however it ends."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trustdesk.storage.process_lock import LockTakenError, ProcessLock

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Claims(Protocol):
    """Marks by the numbers of sweeps. Used within transactions that write: one program at a time."""

    def take(self, connection: Connection, number: int) -> bool:
        """Mark a sweep as this program's, until `release` or its end; False where another one has it.

        One that this program has already stays its own.
        """
        ...

    def held(self, connection: Connection, numbers: Collection[int]) -> frozenset[int]:
        """Return those that a living program has, this one among them."""
        ...

    def release(self, connection: Connection, number: int) -> None:
        """Let a sweep go; one that this program does not have is left alone."""
        ...


class FileClaims:
    """Marks of the programs of one machine: a locked file for each sweep, in the workspace's folder.

    The system unlocks it when the process ends, however that happens. What a killed program leaves is a file
    that nobody has locked.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "sweeps"
        self._taken: dict[int, contextlib.ExitStack] = {}

    def take(self, connection: Connection, number: int) -> bool:  # noqa: ARG002 - of all claims
        """Lock its file."""
        if number in self._taken:
            return True
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(ProcessLock(self._file(number)).held(0))
            except LockTakenError:
                return False
            self._taken[number] = stack.pop_all()
        return True

    def held(self, connection: Connection, numbers: Collection[int]) -> frozenset[int]:  # noqa: ARG002 - likewise
        """Look which files are locked."""
        return frozenset(one for one in numbers if one in self._taken or self._is_locked(one))

    def release(self, connection: Connection, number: int) -> None:  # noqa: ARG002 - likewise
        """Unlock its file, and remove it."""
        taken = self._taken.pop(number, None)
        if taken is not None:
            taken.close()
            with contextlib.suppress(OSError):  # it says nothing: it may as well stay
                self._file(number).unlink(missing_ok=True)

    def close(self) -> None:
        """Unlock all files; outside a transaction too, for none is removed."""
        while self._taken:
            self._taken.popitem()[1].close()

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.lock"

    def _is_locked(self, number: int) -> bool:
        if not self._file(number).exists():
            return False
        try:
            with ProcessLock(self._file(number)).held(0):
                return False
        except LockTakenError:
            return True


_SWEEPS = 0x7377_6570
"""First key of the advisory locks: "swep" in ASCII."""


class AdvisoryClaims:
    """Marks of the programs of all machines at one PostgreSQL server: advisory locks of their sessions.

    The server lets them go with the connection. One that was lost and made anew takes them again.
    """

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}  # by the process of the server that this session had

    def take(self, connection: Connection, number: int) -> bool:
        """Lock its number for the session."""
        session = _session(connection)
        if self._taken.get(number) == session:
            return True
        taken = connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s, %s)", (_SWEEPS, number))
        if not taken.scalar_one():
            return False
        self._taken[number] = session
        return True

    def held(self, connection: Connection, numbers: Collection[int]) -> frozenset[int]:
        """Look which numbers are locked, by whichever session."""
        locked = connection.exec_driver_sql(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND classid::bigint = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (_SWEEPS,),
        )
        return frozenset(locked.scalars()) & frozenset(numbers)

    def release(self, connection: Connection, number: int) -> None:
        """Unlock its number, where this session has it."""
        if self._taken.pop(number, None) == _session(connection):
            connection.exec_driver_sql("SELECT pg_advisory_unlock(%s, %s)", (_SWEEPS, number))


def _session(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
