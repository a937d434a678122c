"""Key stores that keep keys in memory, with their rows in the workspace as the real ones have them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, delete, insert

from trustdesk.core.errors import KeyLostError, KeyStoreLockedError, TrustdeskError
from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.core.message import msg
from trustdesk.services.clock import SystemClock
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.schema import keys as key_rows
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")


class MemoryKeyStores(KeyStores):
    """Keeps keys in a dictionary.

    Attributes:
        keys: by reference.
        loads: references that were asked for, in order.
        is_locked: whether every call finds the store locked.
        on_load: called on the thread that loads a key, before it has it.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, (), Path("unused"), SystemClock())
        self._own_workspace = workspace
        self.keys: dict[str, CertificateIssuerPrivateKeyTypes] = {}
        self.loads: list[str] = []
        self.is_locked = False
        self.on_load: Callable[[], None] = lambda: None

    def put(
        self,
        keys: Sequence[NewKey],
        *,
        store: KeyStoreKind,
        also: Callable[[Connection, tuple[StoredKey, ...]], T],
    ) -> T:
        self._check()
        stored = tuple(_stored(key, store) for key in keys)

        def work(connection: Connection) -> T:
            for one in stored:
                connection.execute(insert(key_rows).values(_row(one)))
            return also(connection, stored)

        kept = self._own_workspace.submit(work).result()
        for one, key in zip(stored, keys, strict=True):
            self.keys[str(one.reference)] = key.private_key
        return kept

    def load(self, reference: KeyReference) -> CertificateIssuerPrivateKeyTypes:
        self._check()
        self.loads.append(str(reference))
        self.on_load()
        if str(reference) not in self.keys:
            raise KeyLostError(msg("The key is lost."), remedy=msg("Make a new one."))
        return self.keys[str(reference)]

    def release(self, references: Sequence[KeyReference], *, also: Callable[[Connection], T]) -> T:
        self._check()

        def work(connection: Connection) -> T:
            done = also(connection)
            for one in references:
                connection.execute(delete(key_rows).where(key_rows.c.reference == str(one)))
            return done

        done = self._own_workspace.submit(work).result()
        for one in references:
            self.keys.pop(str(one))
        return done

    def _check(self) -> None:
        if self.is_locked:
            locked: TrustdeskError = KeyStoreLockedError(msg("It is locked."), remedy=msg("Unlock it."))
            raise locked


def _stored(key: NewKey, store: KeyStoreKind) -> StoredKey:
    public_key = key.private_key.public_key()
    digest = Hash(SHA256())
    digest.update(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    is_ec = isinstance(public_key, ec.EllipticCurvePublicKey)
    return StoredKey(
        reference=KeyReference(store=store, record_id=secrets.token_hex(16)),
        store_title="Memory",
        algorithm="EC" if is_ec else "RSA",
        bits=public_key.key_size,  # type: ignore[union-attr]
        curve="P-256" if is_ec else None,
        spki_sha256=digest.finalize().hex(),
        created_at=datetime.now(UTC),
        source=key.source,
    )


def _row(key: StoredKey) -> dict[str, object]:
    return {
        "reference": str(key.reference),
        "state": "active",
        "store_title": key.store_title,
        "parts": 1,
        "algorithm": key.algorithm,
        "bits": key.bits,
        "curve": key.curve,
        "spki_sha256": key.spki_sha256,
        "created_at": key.created_at,
        "source": key.source,
    }
