"""Whether a workspace is whole: its pages and references, its digests, its documents, its log.

A start looks at what takes no time (`storage.sqlite`); this looks at everything, and changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, Table, func, select

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.storage import schema
from trustdesk.storage.backup import database_errors
from trustdesk.storage.places import FILE_NAME, WorkspacePlace, has_workspace, workspace_folder
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.sqlite import first_damage
from trustdesk.storage.trust_log import read_log
from trustdesk.storage.workspace import Workspace

ROWS_AT_ONCE = 500
MAX_REPORT_BYTES = 64 * 1024 * 1024
"""Of a report that was packed: what unpacks to more is none of ours."""

_DIGESTED: tuple[tuple[Column[str], Column[bytes] | Column[str]], ...] = (
    (schema.certificates.c.sha256, schema.certificates.c.der),
    (schema.revocation_lists.c.sha256, schema.revocation_lists.c.der),
    (schema.trust_list_entries.c.sha256, schema.trust_list_entries.c.der),
    (schema.observation_facts.c.sha256, schema.observation_facts.c.document),
)
"""Digests, and what they are of; None is kept by its digest alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceCheck:
    """What was found.

    Attributes:
        rows: that were looked at.
        problems: empty where the workspace is whole.
        not_looked_at: what could not be checked here, and why.
    """

    place: str
    rows: int
    problems: tuple[Message, ...]
    not_looked_at: tuple[Message, ...]


def check_workspace(place: WorkspacePlace | None) -> WorkspaceCheck:
    """Look at all of a workspace; None is the person's own.

    Tables of an older program are brought up to date first.

    Raises:
        EnvironmentFailureError: there is none, or it cannot be opened or read.
    """
    place = place or workspace_folder()
    if not isinstance(place, DatabaseUrl):
        if not has_workspace(place):
            raise EnvironmentFailureError(
                msg("There is no workspace in this folder."),
                remedy=msg("Name the folder of a workspace."),
                place=str(place),
            )
        found = _damage(place / FILE_NAME)
        if found is not None:
            problem = msg("The file is damaged: {damage}", damage=found)
            return WorkspaceCheck(
                place=str(place / FILE_NAME),
                rows=0,
                problems=(problem,),
                not_looked_at=(msg("Not looked at: what stands in the tables, for the file is damaged."),),
            )
    with closing(Workspace.open(place)) as workspace:
        rows, problems = workspace.submit(_looked_at, reading=True).result()
        where = workspace.place
    pages = msg("Not looked at: the pages of the server's files, which its own tools check (pg_amcheck).")
    return WorkspaceCheck(
        place=where,
        rows=rows,
        problems=problems,
        not_looked_at=(pages,) if isinstance(place, DatabaseUrl) else (),
    )


def check_opened(workspace: Workspace) -> WorkspaceCheck:
    """Look at all of a workspace that is open; a folder's is opened once more for it, and nobody waits.

    Raises:
        EnvironmentFailureError: it cannot be read.
    """
    if workspace.machine is None:
        return check_workspace(workspace.folder)
    rows, problems = workspace.submit(_looked_at, reading=True).result()
    return WorkspaceCheck(place=workspace.place, rows=rows, problems=problems, not_looked_at=())


def _damage(file: Path) -> str | None:
    with database_errors(str(file)), closing(sqlite3.connect(file, isolation_level=None)) as database:
        try:
            return first_damage(database)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            return str(error)


def _looked_at(connection: Connection) -> tuple[int, tuple[Message, ...]]:
    differing = tuple(_tables(connection))
    if differing:
        # What is missing cannot be counted, and what is another table cannot be read.
        return 0, differing
    rows = sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in schema.metadata.sorted_tables
    )
    looks = (_digests, _documents, _reports, _log, _counters)
    return rows, tuple(problem for look in looks for problem in look(connection))


def _tables(connection: Connection) -> Iterator[Message]:
    differences = compare_metadata(MigrationContext.configure(connection), schema.metadata)
    if differences:
        yield msg_n(
            "The tables differ from what they have to be in {count} place.",
            "The tables differ from what they have to be in {count} places.",
            len(differences),
        )


def _digests(connection: Connection) -> Iterator[Message]:
    for digest, content in _DIGESTED:
        rows = select(digest, content).where(content.is_not(None))

        def is_wrong(sha256: str, data: bytes | str) -> bool:
            return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest() != sha256

        wrong = _count(connection, rows, is_wrong)
        if wrong:
            yield msg_n(
                "{table}: {count} row is not what its digest says.",
                "{table}: {count} rows are not what their digests say.",
                wrong,
                table=digest.table.name,
            )


def _documents(connection: Connection) -> Iterator[Message]:
    for table in schema.metadata.sorted_tables:
        column = table.c.get("document")
        if column is None or table is schema.observation_reports:
            continue
        is_wrong = _has_no_json if table is schema.endpoint_standings else _is_no_json
        wrong = _count(connection, select(column).where(column.is_not(None)), is_wrong)
        if wrong:
            yield _unreadable(table, wrong)
    wrong = _count(connection, select(schema.certificates.c.facts), _is_no_json)
    if wrong:
        yield _unreadable(schema.certificates, wrong)


def _reports(connection: Connection) -> Iterator[Message]:
    def is_wrong(packed: bytes) -> bool:
        unpacker = zlib.decompressobj()
        try:
            document = unpacker.decompress(packed, MAX_REPORT_BYTES)
        except zlib.error:
            return True
        return not unpacker.eof or _is_no_json(document)

    wrong = _count(connection, select(schema.observation_reports.c.document), is_wrong)
    if wrong:
        yield _unreadable(schema.observation_reports, wrong)


def _log(connection: Connection) -> Iterator[Message]:
    log = read_log(connection, NO_SEALER)
    if log.broken_at is not None:
        yield msg("The trust log is broken at line {number}.", number=log.broken_at)


def _counters(connection: Connection) -> Iterator[Message]:
    """A server counts new rows by itself: behind a row that is there already, it would fail."""
    if connection.dialect.name != "postgresql":
        return
    for table in schema.metadata.sorted_tables:
        key = table.autoincrement_column
        if (
            key is None or not isinstance(key.type, Integer) or table is schema.trust_log
        ):  # which counts itself
            continue
        name = connection.execute(select(func.pg_get_serial_sequence(table.name, key.name))).scalar_one()
        if name is None:
            continue
        last = connection.execute(select(func.max(table.c[key.name]))).scalar_one() or 0
        counted = connection.exec_driver_sql(
            f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {name}"  # noqa: S608
        ).scalar_one()
        if counted < last:
            yield msg("{table}: the server would give a number that is taken.", table=table.name)


def _count(connection: Connection, rows: Any, is_wrong: Callable[..., bool]) -> int:
    with connection.execute(rows.execution_options(yield_per=ROWS_AT_ONCE)) as found:
        return sum(1 for row in found if is_wrong(*row))


def _is_no_json(text: str | bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return True
    return False


def _has_no_json(lines: str) -> bool:
    """Whether a standing is not what `formats.standing_records` writes: a JSON text in each line."""
    return any(map(_is_no_json, lines.split("\n")))


def _unreadable(table: Table, count: int) -> Message:
    return msg_n(
        "{table}: {count} document cannot be read.",
        "{table}: {count} documents cannot be read.",
        count,
        table=table.name,
    )
