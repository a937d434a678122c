"""Certificates that stand on some version of some list."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, select

from trustdesk.storage.schema import trust_list_entries


def listed_certificate(connection: Connection, sha256: str) -> bytes | None:
    """Return the DER of a certificate that a list of the workspace holds; None where none does."""
    column = trust_list_entries.c
    der = connection.execute(
        select(column.der).where(column.sha256 == sha256).where(column.der.is_not(None)).limit(1)
    ).scalar_one_or_none()
    return der if der is not None and hashlib.sha256(der).hexdigest() == sha256 else None
