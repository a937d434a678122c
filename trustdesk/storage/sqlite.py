"""The workspace's file: everything that is SQLite's own and not portable SQL."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from trustdesk.storage.failures import file_failure

FILE_NAME = "workspace.sqlite"


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


def sqlite_engine(file: Path, busy_timeout_s: float) -> Engine:
    """Return an engine on the file; nothing is opened yet.

    Args:
        file: as `prepare_file` returned it.
        busy_timeout_s: how long a statement waits for another process's lock.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=NullPool,
        connect_args={"timeout": busy_timeout_s},
    )
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


def use_write_ahead_log(connection: Connection) -> None:
    """Let other processes read while this one writes. Not inside a transaction; kept in the file."""
    driver = _driver(connection)
    driver.execute("PRAGMA journal_mode = WAL").close()
    # With a write-ahead log, NORMAL loses the last commits only when the power goes, and never more.
    driver.execute("PRAGMA synchronous = NORMAL").close()


@contextlib.contextmanager
def durable(connection: Connection) -> Iterator[None]:
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


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a reader that starts to write later could not wait for the lock (SQLITE_BUSY at once).
    connection.exec_driver_sql("BEGIN IMMEDIATE")
