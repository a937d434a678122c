"""The workspace's file: everything that is SQLite's own and not portable SQL."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.claims import FileClaims
from trustdesk.storage.failures import DAMAGED, database_file_failure, file_failure, sqlite_failure
from trustdesk.storage.places import FILE_NAME

START_CHECK_S = 0.05
"""A workspace of 30 MB is looked through at every start; of a larger one, what the time allows."""

_STEPS_BETWEEN_LOOKS = 20_000

_SMALL_BYTES = 32_000_000

_HISTORY = frozenset(
    {"certificates", "changes", "endpoint_standings", "observation_reports", "observations", "sweep_results"}
)
"""Tables that grow with every test. SQLite goes through the pages of one without looking at the time, which
takes seconds where there are a million observations."""


def prepare_file(folder: Path) -> Path:
    """Make the folder (0700) and the empty file (0600) where they are missing; return the file.

    A file that others may read or write is closed to them. SQLite gives its side files (-wal, -shm) the
    same mode. POSIX only: on Windows the user's data folder is private by inheritance.

    Raises:
        EnvironmentFailureError: the folder cannot be made or written.
    """
    file = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if os.name == "posix" and file.stat().st_mode & 0o077:
            file.chmod(0o600)
    except OSError as error:
        raise file_failure(error, str(error.filename or file)) from error
    return file


class SqliteDatabase:
    """The workspace's database in a file of its own folder (`storage.database.Database`)."""

    def __init__(self, folder: Path, busy_timeout_s: float) -> None:
        """Make what is missing of the folder and the file; nothing is opened yet.

        Args:
            busy_timeout_s: how long a statement waits for another process's lock.

        Raises:
            EnvironmentFailureError: the folder cannot be made or written.
        """
        self._file = prepare_file(folder)
        self._reading = False
        self._claims = FileClaims(folder)
        self._engine = _engine(self._file, busy_timeout_s)
        event.listen(self._engine, "begin", self._begin)

    @property
    def place(self) -> str:
        """The file."""
        return str(self._file)

    @property
    def folder(self) -> Path:
        """The file's own."""
        return self._file.parent

    @property
    def machine(self) -> None:
        """None: a file and the keys of its workspace are one machine's."""
        return None

    @property
    def claims(self) -> FileClaims:
        """Locked files: a file's programs run on one machine."""
        return self._claims

    def connect(self) -> Connection:
        """Open the file."""
        return self._engine.connect()

    def prepare(self, connection: Connection) -> None:
        """Let other processes read while this one writes."""
        use_write_ahead_log(connection)

    def settled(self, connection: Connection) -> None:
        """Look whether the file is whole, as far as that takes no time."""
        driver = _driver(connection)
        is_small = self._file.stat().st_size <= _SMALL_BYTES
        look = first_damage if is_small else damage_beside_history
        try:
            found = look(driver, START_CHECK_S)
        except sqlite3.Error as error:  # the driver's own: a damage that the check cannot get past
            raise database_file_failure(error, self.place) or error from error
        if found is not None:
            raise damaged(self.place)

    @contextlib.contextmanager
    def transaction(
        self, connection: Connection, *, durable: bool = False, reading: bool = False
    ) -> Iterator[None]:
        """One transaction; the log is synced at its end where that is asked for."""
        with contextlib.ExitStack() as stack:
            if durable:
                stack.enter_context(_synced(connection))
            if reading:
                stack.enter_context(self._read_only(connection))
            stack.enter_context(connection.begin())
            yield

    def is_conflict(self, error: DBAPIError) -> bool:  # noqa: ARG002 - a database's signature
        """Never: whoever writes has waited for its turn at the beginning."""
        return False

    def failure_of(self, error: DBAPIError) -> EnvironmentFailureError | None:
        """Return what SQLite says in words."""
        return sqlite_failure(error, self.place)

    def close(self, connection: Connection) -> None:
        """Bring what the log holds into the file, if it can be, and let go."""
        try:
            checkpoint(connection)
        finally:
            connection.close()
            self._claims.close()

    @contextlib.contextmanager
    def _read_only(self, connection: Connection) -> Iterator[None]:
        driver = _driver(connection)
        self._reading = True
        driver.execute("PRAGMA query_only = ON").close()
        try:
            yield
        finally:
            driver.execute("PRAGMA query_only = OFF").close()
            self._reading = False

    def _begin(self, connection: Connection) -> None:
        # IMMEDIATE: a reader that starts to write later could not wait for the lock (SQLITE_BUSY at once).
        connection.exec_driver_sql("BEGIN" if self._reading else "BEGIN IMMEDIATE")


def first_damage(driver: sqlite3.Connection, budget_s: float | None = None) -> str | None:
    """Return the first thing that is wrong in a database's pages and indexes; None where nothing was found.

    Args:
        budget_s: when to stop looking, in seconds; what was not looked at then counts for whole. None is for
            the whole database, and for references between tables too.
    """
    if budget_s is not None:
        deadline = time.monotonic() + budget_s
        driver.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
    try:
        pragma = "integrity_check(1)" if budget_s is None else "quick_check(1)"
        (found,) = driver.execute(f"PRAGMA {pragma}").fetchone()
        if found != "ok":
            return str(found)
        if budget_s is None:
            broken = driver.execute("PRAGMA foreign_key_check").fetchone()
            return None if broken is None else f"{broken[0]}: row {broken[1]} refers to no {broken[2]}"
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        driver.set_progress_handler(None, 0)
    return None


def damage_beside_history(driver: sqlite3.Connection, budget_s: float) -> str | None:
    """Return the first thing that is wrong in what does not grow with every test, as far as time allows."""
    deadline = time.monotonic() + budget_s
    tables = driver.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in tables:
        if table in _HISTORY:
            continue
        if time.monotonic() > deadline:
            break
        (found,) = driver.execute(f'PRAGMA quick_check("{table}")').fetchone()
        if found != "ok":
            return str(found)
    return None


def damaged(place: str) -> EnvironmentFailureError:
    """Return the failure of a workspace whose file is not whole."""
    problem, remedy = DAMAGED
    return EnvironmentFailureError(problem, remedy=remedy, place=place)


def _engine(file: Path, busy_timeout_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=NullPool,
        connect_args={"timeout": busy_timeout_s},
    )
    event.listen(engine, "connect", _connected)
    return engine


def use_write_ahead_log(connection: Connection) -> None:
    """Let other processes read while this one writes. Not inside a transaction; kept in the file."""
    driver = _driver(connection)
    driver.execute("PRAGMA journal_mode = WAL").close()
    # With a write-ahead log, NORMAL loses the last commits only when the power goes, and never more.
    driver.execute("PRAGMA synchronous = NORMAL").close()


@contextlib.contextmanager
def _synced(connection: Connection) -> Iterator[None]:
    """Let the transactions of the block wait until the disk has them. Not inside a transaction."""
    driver = _driver(connection)
    driver.execute("PRAGMA synchronous = FULL").close()
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous = NORMAL").close()


def checkpoint(connection: Connection) -> None:
    """Bring what the write-ahead log holds into the file, if it can be. Not inside a transaction."""
    with contextlib.suppress(sqlite3.OperationalError):  # Another reader, or no room: the log is safe too.
        _driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _connected(driver: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would start transactions by itself, and not before DDL: we say BEGIN, so that a
    # migration is one transaction.
    connection = cast("sqlite3.Connection", driver)
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON").close()
