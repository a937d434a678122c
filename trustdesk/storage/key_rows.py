"""Table `keys`: what is known of every key, and how far it is on its way in or out. Nothing secret.

Each function runs in the transaction of the connection that it is given.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, ScalarSelect, delete, insert, select, update

from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.storage.schema import authorities, identities, keys, requests, workspace_ids

_STORE_ID = "key_store"
_IS_COPY = "is_copy"


class KeyState(StrEnum):
    """Where a key stands."""

    PENDING = "pending"
    ACTIVE = "active"
    DELETING = "deleting"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key's row, as far as its records are concerned.

    Attributes:
        parts: records in the store.
    """

    reference: KeyReference
    state: KeyState
    parts: int


def store_id(connection: Connection) -> str:
    """Return the random number that stands in the names of this workspace's records; make it at first."""
    known = _value(connection, _STORE_ID)
    if known is None:
        known = secrets.token_hex(16)
        _set_value(connection, _STORE_ID, known)
    return known


def last_key_at(connection: Connection, store: KeyStoreKind) -> datetime | None:
    """When the youngest key of a store was made that this workspace ever knew of; None without one."""
    value = _value(connection, _last_key_of(store))
    return None if value is None else datetime.fromisoformat(value)


def is_copy(connection: Connection) -> bool:
    """Whether keys were seen once that another copy of this workspace has made."""
    return _value(connection, _IS_COPY) is not None


def note_copy(connection: Connection) -> None:
    """Remember that."""
    _set_value(connection, _IS_COPY, "1")


def add_pending(connection: Connection, new: Sequence[tuple[StoredKey, int]]) -> None:
    """Add keys, each with the number of its records, as pending."""
    for key, parts in new:
        connection.execute(
            insert(keys).values(
                reference=str(key.reference),
                state=KeyState.PENDING,
                store_title=key.store_title,
                parts=parts,
                algorithm=key.algorithm,
                bits=key.bits,
                curve=key.curve,
                spki_sha256=key.spki_sha256,
                created_at=key.created_at,
                source=key.source,
            )
        )
        store = key.reference.store
        known = last_key_at(connection, store)
        if known is None or known < key.created_at:
            _set_value(connection, _last_key_of(store), key.created_at.isoformat(timespec="seconds"))


def activate(connection: Connection, references: Sequence[KeyReference]) -> bool:
    """Make pending keys count; return whether all of them were still there."""
    changed = connection.execute(
        update(keys).where(_among(references), keys.c.state == KeyState.PENDING).values(state=KeyState.ACTIVE)
    )
    return changed.rowcount == len(references)


def let_go(connection: Connection, references: Iterable[KeyReference]) -> tuple[KeyRow, ...]:
    """Mark those that nothing refers to as deleting, and return them."""
    unused = [
        keys.c.reference.not_in(_references(column))
        for column in (
            identities.c.key_reference,
            requests.c.key_reference,
            authorities.c.root_key_reference,
            authorities.c.issuing_key_reference,
        )
    ]
    wanted = _among(tuple(references))
    connection.execute(update(keys).where(wanted, *unused).values(state=KeyState.DELETING))
    return _rows(connection, wanted, keys.c.state == KeyState.DELETING)


def unfinished(connection: Connection) -> tuple[KeyRow, ...]:
    """Return all keys on their way in or out."""
    return _rows(connection, keys.c.state != KeyState.ACTIVE)


def rows_of(connection: Connection, references: Sequence[KeyReference]) -> tuple[KeyRow, ...]:
    """Return those of some keys that have a row."""
    return _rows(connection, _among(references))


def known_references(connection: Connection) -> frozenset[str]:
    """Return the references of all keys, whatever their state."""
    return frozenset(connection.execute(select(keys.c.reference)).scalars())


def forget(connection: Connection, references: Sequence[KeyReference]) -> None:
    """Remove rows whose records are gone; one that is active by now stays."""
    connection.execute(delete(keys).where(_among(references), keys.c.state != KeyState.ACTIVE))


def stored_keys(connection: Connection, *which: ColumnElement[bool]) -> dict[KeyReference, StoredKey]:
    """Return the active keys, those of `which` alone where it says something of table `keys`."""
    rows = connection.execute(select(keys).where(keys.c.state == KeyState.ACTIVE, *which))
    found = {}
    for row in rows:
        reference = KeyReference.parse(row.reference)
        found[reference] = StoredKey(
            reference=reference,
            store_title=row.store_title,
            algorithm=row.algorithm,
            bits=row.bits,
            curve=row.curve,
            spki_sha256=row.spki_sha256,
            created_at=row.created_at,
            source=row.source,
        )
    return found


def stored_key(connection: Connection, reference: KeyReference) -> tuple[StoredKey, KeyRow] | None:
    """Return an active key with its row; None when there is none."""
    found = stored_keys(connection, _among([reference])).get(reference)
    rows = _rows(connection, _among([reference]))
    return (found, rows[0]) if found is not None and rows else None


def _rows(connection: Connection, *which: ColumnElement[bool]) -> tuple[KeyRow, ...]:
    rows = connection.execute(
        select(keys.c.reference, keys.c.state, keys.c.parts).where(*which).order_by(keys.c.reference)
    )
    return tuple(
        KeyRow(reference=KeyReference.parse(row.reference), state=KeyState(row.state), parts=row.parts)
        for row in rows
    )


def _references(column: ColumnElement[str]) -> ScalarSelect[str]:
    return select(column).where(column.is_not(None)).scalar_subquery()


def _among(references: Sequence[KeyReference]) -> ColumnElement[bool]:
    return keys.c.reference.in_([str(reference) for reference in references])


def _last_key_of(store: KeyStoreKind) -> str:
    return f"last_in_{store}"


def _value(connection: Connection, name: str) -> str | None:
    return connection.execute(
        select(workspace_ids.c.value).where(workspace_ids.c.name == name)
    ).scalar_one_or_none()


def _set_value(connection: Connection, name: str, value: str) -> None:
    connection.execute(delete(workspace_ids).where(workspace_ids.c.name == name))
    connection.execute(insert(workspace_ids).values(name=name, value=value))


def record_names(store: str, row: KeyRow) -> tuple[str, ...]:
    """Return the names of a key's records in order.

    Args:
        store: of `store_id`.
    """
    base = f"{record_prefix(store)}{row.reference.record_id}"
    return (base,) if row.parts == 1 else tuple(f"{base}:p{part}" for part in range(row.parts))


def record_prefix(store: str) -> str:
    """Return how the names of all records of a workspace begin."""
    return f"trustdesk:1:{store}:"


def reference_of(name: str, store: str, kind: KeyStoreKind) -> str:
    """Return the reference of the key that a record's name belongs to."""
    return f"{kind}:{name.removeprefix(record_prefix(store)).partition(':')[0]}"
