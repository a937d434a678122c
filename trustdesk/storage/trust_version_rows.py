"""Rows of versions of trust lists and of their entries, in the transaction of a connection."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, select, update

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import ListContent, ListSource, ListVersion, VersionLine, VersionState
from trustdesk.formats.trust_records import StoredEntry, entry_of, envelope_of, envelope_text, stored_entry
from trustdesk.storage.schema import trust_list_entries, trust_list_versions
from trustdesk.storage.trust_rows import ListRow


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version, without its entries.

    Attributes:
        was_applied_at: when it came to be applied; None for never.
    """

    id: int
    line: VersionLine
    content: ListContent
    schema: int
    was_applied_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedVersion:
    """A version written out, outside of any transaction: 10,000 entries take half a second.

    Attributes:
        digest: over everything that is kept of it: what the log names.
    """

    content: ListContent
    source: ListSource
    envelope: str
    entries: tuple[StoredEntry, ...]
    digest: str


def prepared_version(content: ListContent, source: ListSource) -> PreparedVersion:
    """Write a version out."""
    envelope = envelope_text(content, source)
    entries = tuple(stored_entry(entry) for entry in content.entries)
    return PreparedVersion(
        content=content,
        source=source,
        envelope=envelope,
        entries=entries,
        digest=_digest(envelope, [(entry.sha256, entry.document) for entry in entries]),
    )


def versions_of(connection: Connection, row: ListRow) -> tuple[VersionRow, ...]:
    """Return the versions of a list, the newest first.

    Raises:
        EnvironmentFailureError: one is damaged.
    """
    rows = connection.execute(
        select(trust_list_versions)
        .where(trust_list_versions.c.list_id == row.id)
        .order_by(trust_list_versions.c.number.desc())
    )
    return tuple(_version_row(version) for version in rows)


def applied_of(versions: Sequence[VersionRow]) -> VersionRow | None:
    """Return the version that is applied; None while none is."""
    return next((one for one in versions if one.line.state is VersionState.APPLIED), None)


def waiting_of(versions: Sequence[VersionRow]) -> VersionRow | None:
    """Return the newest version that waits and came after the applied one; None when none does."""
    applied = applied_of(versions)
    after = 0 if applied is None else applied.line.number
    waiting = (one for one in versions if one.line.state is VersionState.WAITING and one.line.number > after)
    return next(waiting, None)


def version_numbered(versions: Sequence[VersionRow], name: str, number: int | None) -> VersionRow:
    """Return the version of a number, the applied one for None.

    Raises:
        UnusableInputError: there is none.
    """
    if number is None:
        found, problem = applied_of(versions), msg("No version of this trust list is applied.")
    else:
        found = next((one for one in versions if one.line.number == number), None)
        problem = msg("There is no such version of this trust list.")
    if found is None:
        place = name if number is None else f"{name}@{number}"
        raise UnusableInputError(problem, remedy=msg("Look at the versions of the list."), place=place)
    return found


def add_version(
    connection: Connection, row: ListRow, prepared: PreparedVersion, state: VersionState, at: datetime
) -> VersionRow:
    """Add a version under the next number; one that is APPLIED is marked so by `mark_applied`."""
    highest = select(func.max(trust_list_versions.c.number)).where(trust_list_versions.c.list_id == row.id)
    number = (connection.execute(highest).scalar_one_or_none() or 0) + 1
    content, sequence = prepared.content, prepared.content.sequence
    values = {
        "list_id": row.id,
        "number": number,
        "state": str(state),
        "was_applied_at": None,
        "kept_at": at,
        "sequence": None if sequence is None else str(sequence),
        "issued_at": content.issued_at,
        "next_update": content.next_update,
        "source_sha256": prepared.source.sha256,
        "entries": len(prepared.entries),
        "envelope": prepared.envelope,
    }
    adding = insert(trust_list_versions).values(values).returning(trust_list_versions.c.id)
    version_id = connection.execute(adding).scalar_one()
    if prepared.entries:
        connection.execute(
            insert(trust_list_entries),
            [
                {
                    "version_id": version_id,
                    "position": position,
                    "sha256": entry.sha256,
                    "der": entry.der,
                    "document": entry.document,
                }
                for position, entry in enumerate(prepared.entries)
            ],
        )
    added = _version_by_id(connection, version_id)
    # It is read next, to judge by it.
    documents = [(entry.sha256, entry.document) for entry in prepared.entries]
    _REMEMBERED.put(_digest(str(added.schema), documents), content.entries)
    return added


def copy_version(connection: Connection, row: ListRow, version: VersionRow, at: datetime) -> VersionRow:
    """Add a version that says the same as an older one: what was applied twice is two versions."""
    column = trust_list_versions.c
    original = connection.execute(select(trust_list_versions).where(column.id == version.id)).mappings().one()
    highest = connection.execute(select(func.max(column.number)).where(column.list_id == row.id)).scalar_one()
    values = dict(original) | {
        "number": highest + 1,
        "state": str(VersionState.WAITING),
        "was_applied_at": None,
        "kept_at": at,
    }
    del values["id"]
    adding = insert(trust_list_versions).values(values).returning(column.id)
    version_id = connection.execute(adding).scalar_one()
    entry = trust_list_entries.c
    copied = [entry.position, entry.sha256, entry.der, entry.document]
    connection.execute(
        insert(trust_list_entries).from_select(
            ["version_id", *(one.name for one in copied)],
            select(literal(version_id), *copied).where(entry.version_id == version.id),
        )
    )
    return _version_by_id(connection, version_id)


def set_state(connection: Connection, version: VersionRow, state: VersionState) -> None:
    """Give a version another state."""
    connection.execute(
        update(trust_list_versions).where(trust_list_versions.c.id == version.id).values(state=str(state))
    )


def mark_applied(
    connection: Connection, versions: Sequence[VersionRow], version: VersionRow, at: datetime
) -> None:
    """Make a version the applied one, and the one that was a replaced one.

    Args:
        versions: all others of the list.
        at: now; a clock that went back does not bring the order of versions out of order.
    """
    for one in versions:
        if one.line.state is VersionState.APPLIED:
            set_state(connection, one, VersionState.REPLACED)
    for one in versions:
        if one.was_applied_at is not None and one.was_applied_at >= at:
            at = one.was_applied_at + timedelta(microseconds=1)
    connection.execute(
        update(trust_list_versions)
        .where(trust_list_versions.c.id == version.id)
        .values(state=str(VersionState.APPLIED), was_applied_at=at)
    )


def applied_before(versions: Sequence[VersionRow], applied: VersionRow) -> VersionRow | None:
    """Return the version that was applied before the one that is; None when it is the first."""
    if applied.was_applied_at is None:
        return None
    before = [
        (one.was_applied_at, one)
        for one in versions
        if one.was_applied_at is not None and one.was_applied_at < applied.was_applied_at
    ]
    return max(before, key=lambda pair: pair[0])[1] if before else None


def entries_of(connection: Connection, version: VersionRow) -> tuple[ListEntry, ...]:
    """Return the entries of a version, in the order of its source.

    To read 10,000 takes the better part of a second, so that the last few versions are remembered by digest:
    what is given is what stands in the workspace now, to the letter.

    Raises:
        EnvironmentFailureError: one is damaged, or missing.
    """
    documents = _documents(connection, version)
    if len(documents) != version.line.entries:
        raise EnvironmentFailureError(
            msg("Entries of a trust list are missing in the workspace."),
            remedy=msg("Restore the workspace from a backup, or import the list again."),
        )
    return _REMEMBERED.get(
        _digest(str(version.schema), documents), lambda: _entries_read(connection, version)
    )


def _entries_read(connection: Connection, version: VersionRow) -> tuple[ListEntry, ...]:
    column = trust_list_entries.c
    rows = connection.execute(
        select(column.sha256, column.der, column.document)
        .where(column.version_id == version.id)
        .order_by(column.position)
    )
    return tuple(
        entry_of(StoredEntry(sha256=row.sha256, der=row.der, document=row.document), version.schema)
        for row in rows
    )


class _Remembered:
    """The entries that were read last, by digest; used by the threads of all open workspaces."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[ListEntry, ...]] = OrderedDict()

    def get(self, digest: str, read: Callable[[], tuple[ListEntry, ...]]) -> tuple[ListEntry, ...]:
        with self._lock:
            known = self._entries.get(digest)
            if known is not None:
                self._entries.move_to_end(digest)
                return known
        entries = read()
        self.put(digest, entries)
        return entries

    def put(self, digest: str, entries: tuple[ListEntry, ...]) -> None:
        with self._lock:
            self._entries[digest] = entries
            while len(self._entries) > _MOST_REMEMBERED:
                self._entries.popitem(last=False)


_MOST_REMEMBERED = 4
"""Versions; one of 10,000 entries takes some 50 MB."""

_REMEMBERED = _Remembered()


def digest_of(connection: Connection, version: VersionRow) -> str:
    """Return the digest over everything that is kept of a version, as `PreparedVersion` has it."""
    envelope = select(trust_list_versions.c.envelope).where(trust_list_versions.c.id == version.id)
    return _digest(connection.execute(envelope).scalar_one(), _documents(connection, version))


def _documents(connection: Connection, version: VersionRow) -> list[tuple[str, str]]:
    """Return digest and document of every entry of a version, in order."""
    column = trust_list_entries.c
    rows = connection.execute(
        select(column.sha256, column.document)
        .where(column.version_id == version.id)
        .order_by(column.position)
    )
    return [(row.sha256, row.document) for row in rows]


def list_version(row: ListRow, version: VersionRow, entries: tuple[ListEntry, ...]) -> ListVersion:
    """Return a version with its entries as a value."""
    return ListVersion(
        list_name=row.name,
        number=version.line.number,
        content=replace(version.content, entries=entries),
        source=version.line.source,
        state=version.line.state,
        kept_at=version.line.kept_at,
    )


def _digest(envelope: str, entries: Sequence[tuple[str, str]]) -> str:
    # A document is JSON in one line of ASCII: a line's end stands nowhere in it.
    digest = hashlib.sha256(envelope.encode())
    for sha256, document in entries:
        digest.update(f"\n{sha256} {document}".encode())
    return digest.hexdigest()


def version_again(connection: Connection, version: VersionRow) -> VersionRow:
    """Return a version as it is now: its state may have changed."""
    return _version_by_id(connection, version.id)


def _version_by_id(connection: Connection, version_id: int) -> VersionRow:
    found = select(trust_list_versions).where(trust_list_versions.c.id == version_id)
    return _version_row(connection.execute(found).one())


def _version_row(row: Row[Any]) -> VersionRow:
    content, source, schema = envelope_of(row.envelope)
    line = VersionLine(
        number=row.number,
        sequence=content.sequence,
        issued_at=content.issued_at,
        next_update=content.next_update,
        kept_at=row.kept_at,
        state=_state(row.state),
        entries=row.entries,
        authenticity=content.authenticity,
        source=source,
    )
    return VersionRow(id=row.id, line=line, content=content, schema=schema, was_applied_at=row.was_applied_at)


def _state(text: str) -> VersionState:
    try:
        return VersionState(text)
    except ValueError:
        raise EnvironmentFailureError(
            msg("A record of trust in the workspace is damaged."),
            remedy=msg("Restore the workspace from a backup, or import the list again."),
        ) from None
