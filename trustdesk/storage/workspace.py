"""The workspace database, owned by one thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage import schema
from trustdesk.storage.claims import Claims
from trustdesk.storage.database import Database
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.sqlite import SqliteDatabase

T = TypeVar("T")

BUSY_TIMEOUT_S = 5.0

_TRIES = 5
"""Of a transaction that the server undoes because of another one."""

_log = logging.getLogger(__name__)


class Workspace:
    """One open workspace. Every question and every change runs on its own thread, in the order given."""

    def __init__(self, executor: ThreadPoolExecutor, connection: Connection, database: Database) -> None:
        """Take over a migrated connection that belongs to the executor's one thread; see `open`."""
        self._executor = executor
        self._connection = connection
        self._database = database
        self._closed = False

    @classmethod
    def open(
        cls, place: WorkspacePlace, *, busy_timeout_s: float = BUSY_TIMEOUT_S, folder: Path | None = None
    ) -> Workspace:
        """Open a workspace, make it where there is none, and bring its tables up to date.

        Args:
            place: its folder, made with mode 0700 where it is missing; or the database on a server, which
                has to exist.
            busy_timeout_s: how long to wait for another program that is writing.
            folder: of this machine, for what does not lie in a database on a server; None is the one that
                goes with its URL.

        Raises:
            EnvironmentFailureError: the folder cannot be written, the file is no workspace or damaged, a
                newer program made it (it stays as it was), the disk is full, another program holds it, or
                the server cannot be reached or refuses.
        """
        database = _database(place, busy_timeout_s, folder)
        executor = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-workspace")
        try:
            connection = executor.submit(_open, database).result()
        except BaseException:
            executor.shutdown()
            raise
        return cls(executor, connection, database)

    @property
    def folder(self) -> Path:
        """The workspace's own folder on this machine, of mode 0700."""
        return self._database.folder

    @property
    def place(self) -> str:
        """Where its database is, as a person is told: a file, or a URL."""
        return self._database.place

    @property
    def machine(self) -> str | None:
        """Eight hex digits that stand for this machine in a workspace that several share; None where none do.

        Private keys lie in key stores of one machine each, and only that one may finish what it began there.
        """
        return self._database.machine

    @property
    def claims(self) -> Claims:
        """What marks the sweeps that a living program makes; for work that writes."""
        return self._database.claims

    def submit(
        self, work: Callable[[Connection], T], *, durable: bool = False, reading: bool = False
    ) -> Future[T]:
        """Run `work` on the workspace's thread, in one transaction of its own.

        The transaction is undone when `work` raises; the future then carries the exception, an
        EnvironmentFailureError where the database failed. A failure is logged too, because a caller
        that only keeps something may never look. A connection to a server that was lost is made anew by the
        next work.

        Args:
            work: may run again from its beginning where a server undid it because of another program: what
                it does besides the database has to bear that.
            durable: whether the future waits until the disk has it, for what must outlive a power cut;
                without, the last transactions may be lost then.
            reading: whether it only reads: it does not wait for programs that write, nor they for it.

        Raises:
            RuntimeError: the workspace is closed.
        """
        return self._executor.submit(self._run, work, durable, reading)

    def close(self) -> None:
        """Finish what was submitted, bring the log into the file, and let go. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._executor.submit(self._database.close, self._connection).result()
        self._executor.shutdown()

    def _run(self, work: Callable[[Connection], T], durable: bool, reading: bool) -> T:
        try:
            return self._done(work, durable, reading)
        except DBAPIError as error:
            failure = self._database.failure_of(error)
            if failure is None:
                raise
            _log.warning("workspace: %s", failure)
            raise failure from error

    def _done(self, work: Callable[[Connection], T], durable: bool, reading: bool) -> T:
        for tried in range(1, _TRIES + 1):
            has_begun = False
            try:
                with self._database.transaction(self._connection, durable=durable, reading=reading):
                    has_begun = True
                    return work(self._connection)
            except DBAPIError as error:
                # A connection that was lost while nobody used it shows at the beginning, and nothing ran yet.
                was_lost = error.connection_invalidated and not has_begun and tried == 1
                if tried == _TRIES or not (was_lost or self._database.is_conflict(error)):
                    raise
        raise AssertionError  # the last try returns or raises


def _database(place: WorkspacePlace, busy_timeout_s: float, folder: Path | None) -> Database:
    if not isinstance(place, DatabaseUrl):
        return SqliteDatabase(place, busy_timeout_s)
    from trustdesk.storage.postgres import PostgresDatabase  # a library that few people need

    return PostgresDatabase(place, busy_timeout_s, folder=folder)


def _open(database: Database) -> Connection:
    connection: Connection | None = None
    try:
        connection = database.connect()
        with database.transaction(connection, reading=True):
            revision = _revision(connection, database.place)
        database.prepare(connection)
        if revision != schema.HEAD:
            with database.transaction(connection):
                _migrate(connection)
        database.settled(connection)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, DBAPIError):
            raise database.failure_of(error) or error from error
        raise
    return connection


def _revision(connection: Connection, place: str) -> str | None:
    """Return the revision of the tables; None where there are none yet. Changes nothing.

    Raises:
        EnvironmentFailureError: the tables are not ours, or of a newer program.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise EnvironmentFailureError(
            msg("This database belongs to another program."),
            remedy=msg("Choose another folder."),
            place=place,
        )
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if revision is not None and str(revision) > schema.HEAD:
        raise EnvironmentFailureError(
            msg("A newer trustdesk made this workspace."),
            remedy=msg("Update trustdesk, or choose another folder."),
            place=place,
        )
    return None if revision is None else str(revision)


def _migrate(connection: Connection) -> None:
    # Alembic takes its time to import: only when there is something to bring up to date.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
