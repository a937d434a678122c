"""A backup put back into a workspace: all of it in one transaction, in a file or on a server.

The backup is a file from anywhere: its pages and its references are checked, and nothing of it but the rows
of our own tables comes into a workspace.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Integer, Table, delete, exists, func, select

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.storage.backup import Progress, back_up, copy_tables
from trustdesk.storage.failures import DAMAGED, file_failure
from trustdesk.storage.places import FILE_NAME, WorkspacePlace, workspace_folder
from trustdesk.storage.schema import keys, metadata, workspace_ids
from trustdesk.storage.sqlite import first_damage
from trustdesk.storage.workspace import Workspace

_STAMP = "%Y%m%dT%H%M%SZ"
_NO_BACKUP = msg("This file is no backup of a workspace.")
_TAKE_ANOTHER = msg("Name a file that trustdesk workspace backup has written.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it.

    Attributes:
        kept: where what was there before lies now; None where there was nothing.
        keys: private keys that it knows of, each in the key store of the machine where it was made.
    """

    rows: int
    kept: Path | None
    keys: int


def restore(
    place: WorkspacePlace | None,
    file: Path,
    *,
    replace: bool,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> Restored:
    """Put a backup back; what was there before is kept beside it, as a backup or as it was.

    Args:
        place: None is the person's own workspace; made where it is missing.
        replace: whether to go on where the workspace has something in it.
        now: for the name of what is kept.

    Raises:
        UnusableInputError: the file is no backup, a damaged one, or a newer program's.
        EnvironmentFailureError: the workspace cannot be opened or written, or has something in it.
    """
    place = place or workspace_folder()
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(_opened_backup(file))
        kept = None if isinstance(place, DatabaseUrl) else _set_aside(place, replace=replace, now=now)
        target = stack.enter_context(closing(Workspace.open(place)))
        before = target.folder / f"before-restore-{now.strftime(_STAMP)}.sqlite"
        counted = 0

        def count(done: int, of: int) -> None:
            nonlocal counted
            counted = done
            progress(done, of)

        def put_back(connection: Connection) -> Path | None:
            kept = None
            if _has_rows(connection):
                if not replace:
                    raise _not_empty(target.place)
                kept = back_up(place, before).file  # nobody writes meanwhile: it is our turn
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            source.submit(lambda backup: copy_tables(backup, connection, count), reading=True).result()
            _count_on(connection)
            return kept

        kept = target.submit(put_back, durable=True).result() or kept
        known = target.submit(_keys, reading=True).result()
    return Restored(rows=counted, kept=kept, keys=known)


@contextlib.contextmanager
def _opened_backup(file: Path) -> Iterator[Workspace]:
    """Open a copy of a backup, brought up to date."""
    folder = Path(tempfile.mkdtemp(prefix="trustdesk-restore-"))
    try:
        try:
            shutil.copyfile(file, folder / FILE_NAME)
        except OSError as error:
            raise file_failure(error, str(file)) from error
        _see_that_it_is_one(folder / FILE_NAME, file)
        try:
            workspace = Workspace.open(folder)
        except EnvironmentFailureError as error:
            raise UnusableInputError(error.problem, remedy=error.remedy, place=str(file)) from error
        with closing(workspace):
            yield workspace
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _see_that_it_is_one(copy: Path, file: Path) -> None:
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as database:
            database.execute("PRAGMA trusted_schema = OFF").close()
            kinds = dict(
                database.execute("SELECT type, count(*) FROM sqlite_schema GROUP BY type").fetchall()
            )
            # Ours has tables and indexes; a trigger would be somebody's program.
            if not kinds.get("table") or kinds.keys() - {"table", "index"}:
                raise _unusable(_NO_BACKUP, file)
            database.execute("SELECT version_num FROM alembic_version").close()
            if first_damage(database) is not None:
                raise _unusable(msg("This backup is damaged."), file)
    except sqlite3.Error as error:
        raise _unusable(_NO_BACKUP, file) from error


def _set_aside(folder: Path, *, replace: bool, now: datetime) -> Path | None:
    """Move a file aside that is damaged, with its side files; return where it is, None where it is whole."""
    own = folder / FILE_NAME
    try:
        Workspace.open(folder).close()
    except EnvironmentFailureError as error:
        if error.problem != DAMAGED[0] or not replace:
            raise
        kept = own.with_name(f"damaged-{now.strftime(_STAMP)}.sqlite")
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                own.with_name(own.name + suffix).replace(kept.with_name(kept.name + suffix))
        return kept
    return None


def _has_rows(connection: Connection) -> bool:
    # The workspace's own number alone is nothing that anybody would miss.
    return any(
        connection.execute(select(exists().select_from(table))).scalar_one()
        for table in metadata.sorted_tables
        if table is not workspace_ids
    )


def _count_on(connection: Connection) -> None:
    """Let a server's counters of new rows go on behind the rows that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = _counted(table)
        if column is not None:
            last = connection.execute(select(func.max(table.c[column]))).scalar_one()
            sequence = func.pg_get_serial_sequence(table.name, column)
            connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def _counted(table: Table) -> str | None:
    key = table.autoincrement_column
    return key.name if key is not None and isinstance(key.type, Integer) else None


def _keys(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(keys)).scalar_one()


def _unusable(problem: Message, file: Path) -> UnusableInputError:
    return UnusableInputError(problem, remedy=_TAKE_ANOTHER, place=str(file))


def _not_empty(place: str) -> EnvironmentFailureError:
    return EnvironmentFailureError(
        msg("The workspace has something in it."),
        remedy=msg("Say --replace to put the backup in its place; what is there now is kept in a file."),
        place=place,
    )
