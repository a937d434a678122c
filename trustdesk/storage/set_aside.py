"""Rows that are removed with everything that hangs on them, and put back when that is undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, func, insert, select

from trustdesk.storage.schema import metadata

MOST_ROWS = 200_000
"""Rows that are held for an undo: some hundred megabytes with the reports of thousands of partners."""

_AT_ONCE = 500

Rows = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Rows by the name of their table, in memory only."""

    rows: Rows = field(repr=False)


def set_aside(connection: Connection, table: Table, ids: Sequence[int]) -> SetAside | None:
    """Return rows and all that a database removes with them; removes nothing.

    Args:
        table: has a whole number as its key, `id`.

    Returns:
        None where there are more than `MOST_ROWS`.
    """
    found: dict[str, dict[tuple[object, ...], Mapping[str, object]]] = defaultdict(dict)
    count = 0
    waiting: list[tuple[Table, Column[int], Sequence[object]]] = [(table, table.c.id, list(ids))]
    while waiting:
        current, column, values = waiting.pop()
        count += _count(connection, current, column, values)
        if count > MOST_ROWS:
            return None
        fresh: list[object] = []
        for row in _rows(connection, current, column, values):
            key = tuple(row[part.name] for part in current.primary_key)
            if key not in found[current.name]:
                found[current.name][key] = row
                fresh.append(key[0])
        if fresh and _has_number(current):
            waiting.extend((child, to, fresh) for child, to in _children(current))
    return SetAside(rows={name: list(rows.values()) for name, rows in found.items()})


def put_back(connection: Connection, aside: SetAside) -> Mapping[str, Mapping[object, object]]:
    """Insert rows that were set aside, under their numbers where these are free, else under others.

    Returns:
        By table, the numbers that are others now.

    Raises:
        IntegrityError: something that they hang on is gone, or a name is taken.
    """
    renumbered: dict[str, dict[object, object]] = defaultdict(dict)
    for table in metadata.sorted_tables:
        rows = [_with_numbers(table, row, renumbered) for row in aside.rows.get(table.name, ())]
        if not rows:
            continue
        taken = _taken(connection, table, rows) if _has_number(table) else frozenset()
        free = [row for row in rows if not taken or row["id"] not in taken]
        for first in range(0, len(free), _AT_ONCE):
            connection.execute(insert(table), free[first : first + _AT_ONCE])
        for row in rows:
            if taken and row["id"] in taken:
                values = {name: value for name, value in row.items() if name != "id"}
                number = connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
                renumbered[table.name][row["id"]] = number
    return renumbered


def _with_numbers(
    table: Table, row: Mapping[str, object], renumbered: Mapping[str, Mapping[object, object]]
) -> dict[str, object]:
    values = dict(row)
    for key in _references(table):
        others = renumbered.get(key.column.table.name, {})
        name = key.parent.name
        values[name] = others.get(values[name], values[name])
    return values


def _references(table: Table) -> Iterator[ForeignKey]:
    for column in table.c:
        yield from column.foreign_keys


def _children(table: Table) -> Iterator[tuple[Table, Column[int]]]:
    """Return what is removed with a row of a table, by which column."""
    for other in metadata.sorted_tables:
        for key in _references(other):
            if key.column is table.c.get("id") and key.ondelete == "CASCADE":
                yield other, other.c[key.parent.name]


def _has_number(table: Table) -> bool:
    keys = list(table.primary_key)
    return len(keys) == 1 and keys[0].name == "id" and isinstance(keys[0].type, Integer)


def _count(connection: Connection, table: Table, column: Column[int], values: Sequence[object]) -> int:
    return sum(
        connection.execute(select(func.count()).select_from(table).where(column.in_(some))).scalar_one()
        for some in _chunks(values)
    )


def _rows(
    connection: Connection, table: Table, column: Column[int], values: Sequence[object]
) -> Iterator[Mapping[str, object]]:
    for some in _chunks(values):
        for row in connection.execute(select(table).where(column.in_(some))).mappings():
            yield dict(row)


def _taken(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> frozenset[object]:
    taken = set[object]()
    for some in _chunks([row["id"] for row in rows]):
        taken.update(connection.execute(select(table.c.id).where(table.c.id.in_(some))).scalars())
    return frozenset(taken)


def _chunks(values: Sequence[object]) -> Iterator[Sequence[object]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]
