"""A workspace in one file: a database of SQLite with the same tables, wherever the workspace lies.

So a backup of a file comes back on a server, and the other way round. Private keys are not in it: they lie in
key stores, the vault among them, and a workspace knows them by reference alone.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.storage.atomic_file import sync_folder
from trustdesk.storage.failures import database_file_failure, file_failure
from trustdesk.storage.places import FILE_NAME, WorkspacePlace, has_workspace, workspace_folder
from trustdesk.storage.schema import metadata
from trustdesk.storage.sqlite import damaged, first_damage
from trustdesk.storage.workspace import Workspace

Progress = Callable[[int, int], None]
"""Is told how much of how much is done, in no unit; what it raises ends the work, which leaves nothing."""

ROWS_AT_ONCE = 500
_PAGES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What was written.

    Attributes:
        size: of the file, in bytes.
    """

    file: Path
    size: int


def back_up(place: WorkspacePlace | None, file: Path, progress: Progress = lambda _done, _of: None) -> Backup:
    """Write a workspace as it is at one instant into a file, whole or not at all.

    Programs may use it meanwhile.

    Args:
        place: None is the person's own workspace.
        file: replaced where it is there; of mode 0600.

    Raises:
        EnvironmentFailureError: there is no workspace, it is damaged, or the file cannot be written.
        UnusableInputError: the file is the workspace's own.
    """
    place = place or workspace_folder()
    with _written(file) as temporary:
        if isinstance(place, DatabaseUrl):
            _copy_rows(place, temporary, progress)
        else:
            _copy_pages(place, file, temporary, progress)
    return Backup(file=file, size=file.stat().st_size)


def copy_tables(source: Connection, target: Connection, progress: Progress) -> None:
    """Copy every row of every table, in the order that references ask for; the target is empty."""
    tables = metadata.sorted_tables
    rows = [source.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
    done, of = 0, sum(rows)
    for table in tables:
        with source.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE)) as found:
            for part in found.mappings().partitions():
                target.execute(insert(table), [dict(row) for row in part])
                done += len(part)
                progress(done, of)


def _copy_rows(url: DatabaseUrl, temporary: Path, progress: Progress) -> None:
    folder = Path(tempfile.mkdtemp(prefix=".trustdesk-", dir=temporary.parent))
    try:
        with closing(Workspace.open(url)) as source, closing(Workspace.open(folder)) as target:

            def copy(source: Connection) -> None:
                target.submit(lambda target: copy_tables(source, target, progress)).result()

            source.submit(copy, reading=True).result()
        (folder / FILE_NAME).replace(temporary)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_pages(folder: Path, file: Path, temporary: Path, progress: Progress) -> None:
    own = folder / FILE_NAME
    if not has_workspace(folder):
        raise EnvironmentFailureError(
            msg("There is no workspace in this folder."),
            remedy=msg("Name the folder of a workspace."),
            place=str(folder),
        )
    if file.exists() and file.samefile(own):
        raise UnusableInputError(
            msg("This is the workspace itself."), remedy=msg("Name another file."), place=str(file)
        )
    with database_errors(str(own)), closing(_opened(own)) as source, closing(_opened(temporary)) as target:
        # What others write from here on is not in it, and does not make it begin anew.
        source.execute("BEGIN")
        known = "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"
        if source.execute(known).fetchone() != (1,):
            raise EnvironmentFailureError(
                msg("This database belongs to another program."),
                remedy=msg("Name the folder of a workspace."),
                place=str(own),
            )
        source.backup(
            target, pages=_PAGES_AT_ONCE, progress=lambda _status, left, of: progress(of - left, of)
        )
        target.execute("PRAGMA journal_mode = DELETE").close()
        if first_damage(target) is not None:
            raise damaged(str(own))


@contextlib.contextmanager
def database_errors(place: str) -> Iterator[None]:
    """Turn what SQLite raises in the block into failures in words."""
    try:
        yield
    except sqlite3.Error as error:
        raise database_file_failure(error, place) or error from error
    except DBAPIError as error:
        raise database_file_failure(error.orig, place) or error from error


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)


@contextlib.contextmanager
def _written(file: Path) -> Iterator[Path]:
    """Yield a new file of mode 0600 beside `file`, which takes its place at the end of the block."""
    temporary = file.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        if file.is_dir():
            raise IsADirectoryError(21, os.strerror(21), str(file))
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            yield temporary
            with temporary.open("rb") as whole:
                os.fsync(whole.fileno())
            temporary.replace(file)
        except BaseException:
            for left in temporary.parent.glob(f"{temporary.name}*"):  # SQLite's side files too
                left.unlink(missing_ok=True)
            raise
        sync_folder(file.parent)
    except OSError as error:
        raise file_failure(error, str(file)) from error
