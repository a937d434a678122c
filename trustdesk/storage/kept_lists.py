"""Revocation lists (CRL) that a person keeps for a workspace: they are evidence in every judgement there.

The DER lies in the database, so that a workspace is one file and an office that shares one shares its lists.
What describes a list is read without it: a long one is fetched only where its index has to be made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.schema import revocation_lists
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """What is known of a kept list without reading it.

    Attributes:
        sha256: of its DER, lower-case hex.
        issuer: RFC 4514 name; None when it cannot be read.
        scope: the same for two lists of an issuer that speak of the same certificates and reasons.
        number: cRLNumber; None without it.
        signer: SHA-256 of the certificate whose key was found to have signed it; None when none was.
        source: name of the file that it came from.
        size: octets of the DER.
    """

    sha256: str
    issuer: str | None
    scope: str
    number: int | None
    this_update: datetime | None
    next_update: datetime | None
    signer: str | None
    source: str
    kept_at: datetime
    size: int


class KeptLists:
    """The kept lists of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> Future[tuple[KeptList, ...]]:
        """All of them, the first kept first, without their DER."""
        return self._workspace.submit(_all)

    def der(self, sha256: str) -> Future[bytes | None]:
        """The DER of one; None when it is not kept.

        The future raises EnvironmentFailureError when what lies there is damaged.
        """
        return self._workspace.submit(lambda connection: _der(connection, sha256))

    def keep(self, kept: KeptList, der: bytes) -> Future[tuple[str, ...]]:
        """Keep a list; the answer is the digests of the older ones that went for it.

        A list goes for one that the same key signed, of the same issuer and scope, with a higher number. A
        list of which nobody knows who signed it replaces none: it would take the word of a real one away.
        """
        return self._workspace.submit(lambda connection: keep_list(connection, kept, der))

    def forget(self, sha256: str) -> Future[None]:
        """Keep a list no longer; nothing happens when it is not kept."""
        work = delete(revocation_lists).where(revocation_lists.c.sha256 == sha256)

        def run(connection: Connection) -> None:
            connection.execute(work)

        return self._workspace.submit(run)


_COLUMNS = tuple(column for column in revocation_lists.c if column is not revocation_lists.c.der)


def _all(connection: Connection) -> tuple[KeptList, ...]:
    rows = connection.execute(
        select(*_COLUMNS).order_by(revocation_lists.c.kept_at, revocation_lists.c.sha256)
    )
    return tuple(
        KeptList(
            sha256=row.sha256,
            issuer=row.issuer,
            scope=row.scope,
            number=None if row.number is None else int(row.number),
            this_update=row.this_update,
            next_update=row.next_update,
            signer=row.signer,
            source=row.source,
            kept_at=row.kept_at,
            size=row.size,
        )
        for row in rows
    )


def _der(connection: Connection, sha256: str) -> bytes | None:
    der: bytes | None = connection.execute(
        select(revocation_lists.c.der).where(revocation_lists.c.sha256 == sha256)
    ).scalar_one_or_none()
    if der is not None and hashlib.sha256(der).hexdigest() != sha256:
        raise EnvironmentFailureError(
            msg("A revocation list in the workspace is damaged."),
            remedy=msg("Forget it, and import it again."),
            place=sha256,
        )
    return der


def keep_list(connection: Connection, kept: KeptList, der: bytes) -> tuple[str, ...]:
    """Keep a list within a transaction; see `KeptLists.keep`."""
    others = _all(connection)
    before = next((one for one in others if one.sha256 == kept.sha256), None)
    if before is not None and kept.signer is None:
        # Who signed it was found once, perhaps with a certificate that is not at hand now.
        kept = replace(kept, signer=before.signer)
    values = {
        "issuer": kept.issuer,
        "scope": kept.scope,
        "number": None if kept.number is None else str(kept.number),
        "this_update": kept.this_update,
        "next_update": kept.next_update,
        "signer": kept.signer,
        "source": kept.source,
        "kept_at": kept.kept_at,
        "size": kept.size,
    }
    if before is not None:
        connection.execute(
            update(revocation_lists).where(revocation_lists.c.sha256 == kept.sha256).values(values)
        )
    else:
        connection.execute(insert(revocation_lists).values(sha256=kept.sha256, der=der, **values))
    older = tuple(one.sha256 for one in others if is_replaced(one, kept))
    _forget_all(connection, older)
    return older


def _forget_all(connection: Connection, digests: Sequence[str]) -> None:
    if digests:
        connection.execute(delete(revocation_lists).where(revocation_lists.c.sha256.in_(digests)))


def is_replaced(older: KeptList, newer: KeptList) -> bool:
    """Whether one list says everything that another does, later."""
    return (
        older.signer is not None
        and (older.signer, older.issuer, older.scope) == (newer.signer, newer.issuer, newer.scope)
        and older.number is not None
        and newer.number is not None
        and older.number < newer.number
    )
