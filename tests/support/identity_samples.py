"""Identities, key stores and what belongs to them, as values."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import (
    KeyStoreLockedError,
)
from trustdesk.core.identity import (
    ExportedFile,
    Identity,
    IdentityUse,
    IdentityView,
    PurposeVerdict,
    Usable,
)
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import KeyReference, KeyStoreKind, KeyStoreState, KeyStoreStatus, StoredKey
from trustdesk.core.message import msg
from trustdesk.formats.certificate_details import read_details

FAKE_NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def ready_keyring() -> KeyStoreStatus:
    """The system's keyring as it should be."""
    return KeyStoreStatus(kind=KeyStoreKind.KEYRING, state=KeyStoreState.READY, title="Secret Service")


def locked_keyring() -> KeyStoreStatus:
    """The system's keyring, locked."""
    return replace(
        ready_keyring(),
        state=KeyStoreState.LOCKED,
        problem=msg("The keyring is locked."),
        remedy=msg("Unlock it."),
    )


def absent_vault() -> KeyStoreStatus:
    """A vault that nobody made."""
    return KeyStoreStatus(
        kind=KeyStoreKind.VAULT,
        state=KeyStoreState.ABSENT,
        title="Vault",
        problem=msg("There is no vault in this workspace."),
        remedy=msg("Make one where the machine has no keyring."),
    )


def locked_error() -> KeyStoreLockedError:
    """What a job fails with when nobody unlocks the keyring."""
    return KeyStoreLockedError(msg("The keyring is locked."), remedy=msg("Unlock it."))


def sample_key(
    name: str, store: KeyStoreKind = KeyStoreKind.KEYRING, *, spki_sha256: str | None = None
) -> StoredKey:
    """A P-256 key, always the same for a name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return StoredKey(
        reference=KeyReference(store=store, record_id=digest[:32]),
        store_title="Vault" if store is KeyStoreKind.VAULT else "Secret Service",
        algorithm="EC",
        bits=256,
        curve="P-256",
        spki_sha256=spki_sha256 or digest,
        created_at=FAKE_NOW,
        source=f"{name}.p12",
    )


def sample_identity(
    name: str,
    *path: CertificateFacts,
    store: KeyStoreKind = KeyStoreKind.KEYRING,
    source: str | None = None,
) -> Identity:
    """An identity of a certification path, end entity first."""
    return Identity(
        name=name,
        certification_path=path,
        key=sample_key(name, store, spki_sha256=read_details(path[0].der).spki_sha256),
        added_at=FAKE_NOW,
        source=source or f"{name}.p12",
    )


def sample_view(identity: Identity, **changes: Any) -> IdentityView:
    """A view that is usable as a client; `changes` are fields of IdentityView."""
    certificate = identity.certificate
    view = IdentityView(
        identity=identity,
        client=PurposeVerdict(usable=Usable.YES, why=msg("It can be used as a TLS client.")),
        server=PurposeVerdict(usable=Usable.NOT_MEANT, why=msg("It is not meant to be a server's.")),
        one_record_ids=tuple(
            one.removeprefix("URI:") for one in certificate.subject_alt_names if one.startswith("URI:")
        ),
        days_left=None if certificate.not_after is None else (certificate.not_after - FAKE_NOW).days,
        path_is_complete=True,
        use=IdentityUse(),
    )
    return replace(view, **changes)


def sample_file(file: Path) -> ExportedFile:
    """A file as the desk says that it was written; there is none."""
    return ExportedFile(
        path=str(file),
        sha256=hashlib.sha256(str(file).encode()).hexdigest(),
        holds=msg("1 private key and 2 certificates"),
    )


def sample_request(name: str) -> CsrFacts:
    """A request in words; its DER is none."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return CsrFacts(
        der=b"0\x00",
        sha256=digest,
        subject=f"CN={name}",
        spki_sha256=digest,
        key_algorithm="EC",
        key_bits=256,
        curve="P-256",
        signature_valid=True,
    )
