"""The workspace database, owned by one thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage import schema, sqlite
from trustdesk.storage.failures import database_failure

T = TypeVar("T")

BUSY_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


class Workspace:
    """One open workspace. Every question and every change runs on its own thread, in the order given."""

    def __init__(self, executor: ThreadPoolExecutor, connection: Connection, place: str) -> None:
        """Take over a migrated connection that belongs to the executor's one thread; see `open`."""
        self._executor = executor
        self._connection = connection
        self._place = place
        self._closed = False

    @classmethod
    def open(cls, folder: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Workspace:
        """Open the workspace of a folder, make it where there is none, and bring its tables up to date.

        Args:
            folder: made with mode 0700 where it is missing.
            busy_timeout_s: how long to wait for another process that is writing.

        Raises:
            EnvironmentFailureError: the folder cannot be written, the file is no workspace or damaged, a
                newer program made it (it stays as it was), the disk is full, or another process holds it.
        """
        file = sqlite.prepare_file(folder)
        executor = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-workspace")
        try:
            engine = sqlite.sqlite_engine(file, busy_timeout_s)
            connection = executor.submit(_open, engine, str(file)).result()
        except BaseException:
            executor.shutdown()
            raise
        return cls(executor, connection, str(file))

    @property
    def folder(self) -> Path:
        """The workspace's own folder, of mode 0700."""
        return Path(self._place).parent

    def submit(self, work: Callable[[Connection], T], *, durable: bool = False) -> Future[T]:
        """Run `work` on the workspace's thread, in one transaction of its own.

        The transaction is undone when `work` raises; the future then carries the exception, an
        EnvironmentFailureError where the database failed. A failure is logged too, because a caller
        that only keeps something may never look.

        Args:
            durable: whether the future waits until the disk has it, for what must outlive a power cut;
                without, the last transactions may be lost then.

        Raises:
            RuntimeError: the workspace is closed.
        """
        return self._executor.submit(self._run, work, durable)

    def close(self) -> None:
        """Finish what was submitted, bring the log into the file, and let go. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._executor.submit(_close, self._connection).result()
        self._executor.shutdown()

    def _run(self, work: Callable[[Connection], T], durable: bool) -> T:
        try:
            with sqlite.durable(self._connection) if durable else nullcontext(), self._connection.begin():
                return work(self._connection)
        except DBAPIError as error:
            failure = database_failure(error, self._place)
            if failure is None:
                raise
            _log.warning("workspace: %s", failure)
            raise failure from error


def _open(engine: Engine, place: str) -> Connection:
    connection: Connection | None = None
    try:
        connection = engine.connect()
        with connection.begin():
            revision = _revision(connection, place)
        sqlite.use_write_ahead_log(connection)
        if revision != schema.HEAD:
            with connection.begin():
                _migrate(connection)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, DBAPIError):
            raise database_failure(error, place) or error from error
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


def _close(connection: Connection) -> None:
    try:
        sqlite.checkpoint(connection)
    finally:
        connection.close()
