"""Rows of trust lists without their versions, in the transaction of a connection."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_version import SignerPin
from trustdesk.formats.canonical_json import canonical_json
from trustdesk.formats.trust_records import pin_document, pin_of
from trustdesk.storage.schema import trust_lists, workspace_ids
from trustdesk.storage.sealing import Sealed, Sealer

_BUILTIN = "builtin_list"
"""Row of `workspace_ids`: that the list which comes with the program is not judged by."""

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A list, without its versions.

    Attributes:
        pin: as it was kept; its seal was looked at by whoever read it.
    """

    id: int
    name: str
    url: str
    in_force: bool
    pin: SignerPin | None


def all_lists(connection: Connection, sealer: Sealer) -> tuple[ListRow, ...]:
    """Return all lists, by name."""
    rows = connection.execute(select(trust_lists)).all()
    found = [_list_row(row, sealer) for row in rows]
    return tuple(sorted(found, key=lambda row: (row.name.casefold(), row.name)))


def list_named(connection: Connection, name: str, sealer: Sealer) -> ListRow:
    """Return the list of a name.

    Raises:
        UnusableInputError: there is none.
    """
    row = connection.execute(select(trust_lists).where(trust_lists.c.name == name)).first()
    if row is None:
        problem = msg("There is no trust list of this name.")
        raise UnusableInputError(problem, remedy=msg("Look at the trust lists."), place=name)
    return _list_row(row, sealer)


def list_for(connection: Connection, name: str, url: str, sealer: Sealer) -> ListRow:
    """Return the list of a name; a new one, not in force, where there is none.

    Raises:
        UnusableInputError: the name is blank, or could not be told from `NAME@NUMBER`.
    """
    if connection.execute(select(trust_lists.c.id).where(trust_lists.c.name == name)).first() is None:
        if not name.strip() or name != name.strip() or "@" in name or len(name) > _LONGEST_NAME:
            problem = msg("This name cannot be given to a trust list.")
            raise UnusableInputError(problem, remedy=msg('Choose a short one without "@".'), place=name)
        connection.execute(insert(trust_lists).values(name=name, url=url, in_force=False, pin=None))
    return list_named(connection, name, sealer)


def remove_list(connection: Connection, row: ListRow) -> None:
    """Remove a list with all its versions."""
    connection.execute(delete(trust_lists).where(trust_lists.c.id == row.id))


def set_in_force(connection: Connection, row: ListRow, in_force: bool) -> None:
    """Put a list in force, or take it out."""
    connection.execute(update(trust_lists).where(trust_lists.c.id == row.id).values(in_force=in_force))


def set_url(connection: Connection, row: ListRow, url: str) -> None:
    """Note where a list is fetched; "" for nowhere."""
    connection.execute(update(trust_lists).where(trust_lists.c.id == row.id).values(url=url))


def set_pin(connection: Connection, row: ListRow, pin: SignerPin | None, sealer: Sealer) -> str:
    """Pin the signer of a list, or none any more; return the digest of what was kept, "" for none."""
    if pin is None:
        connection.execute(update(trust_lists).where(trust_lists.c.id == row.id).values(pin=None))
        return ""
    text, digest = sealed_pin(pin, row.name, Sealed.PIN, sealer)
    connection.execute(update(trust_lists).where(trust_lists.c.id == row.id).values(pin=text))
    return digest


def sealed_pin(pin: SignerPin, name: str, kind: Sealed, sealer: Sealer) -> tuple[str, str]:
    """Write a pin with its seal; return that, and the digest of the pin alone."""
    document = pin_document(pin)
    canonical = canonical_json(document)
    seal = sealer.seal(kind, name, canonical.decode())
    return json.dumps({"pin": document, "seal": seal}), pin_digest(pin)


def pin_digest(pin: SignerPin) -> str:
    """Return SHA-256 over a pin as it is kept: what the log names it by."""
    return hashlib.sha256(canonical_json(pin_document(pin))).hexdigest()


def pin_from(text: str | None, name: str, kind: Sealed, sealer: Sealer) -> SignerPin | None:
    """Return the pin that was kept, with whether its seal holds; None for none.

    Raises:
        EnvironmentFailureError: it is damaged.
    """
    if text is None:
        return None
    try:
        kept = json.loads(text)
        document, seal = kept["pin"], kept["seal"]
        canonical = canonical_json(document).decode()
    except (ValueError, KeyError, TypeError, RecursionError):
        document, seal, canonical = None, None, ""
    pin = pin_of(document)
    is_text = isinstance(seal, str)
    return replace(pin, sealed=sealer.holds(kind, name, canonical, seal if is_text else None))


def builtin_is_in_force(connection: Connection) -> bool:
    """Whether the list that comes with the program is judged by: it is until a person says otherwise."""
    found = select(workspace_ids.c.value).where(workspace_ids.c.name == _BUILTIN)
    return connection.execute(found).scalar_one_or_none() != "off"


def set_builtin_in_force(connection: Connection, in_force: bool) -> None:
    """Put that list in force, or take it out."""
    connection.execute(delete(workspace_ids).where(workspace_ids.c.name == _BUILTIN))
    if not in_force:
        connection.execute(insert(workspace_ids).values(name=_BUILTIN, value="off"))


def _list_row(row: Row[Any], sealer: Sealer) -> ListRow:
    return ListRow(
        id=row.id,
        name=row.name,
        url=row.url,
        in_force=row.in_force,
        pin=pin_from(row.pin, row.name, Sealed.PIN, sealer),
    )
