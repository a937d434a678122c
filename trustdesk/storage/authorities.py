"""Private CAs of a workspace: their certificates, what they issued, and their last revocation list.

Their keys are in a key store; here stand the references. What changes together with keys is a function of a
connection, for the transaction of `storage.key_stores.KeyStores`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyReference, StoredKey
from trustdesk.core.message import msg
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority, RevocationReason
from trustdesk.formats.certificate import read_certificate
from trustdesk.storage.kept_lists import KeptList, keep_list
from trustdesk.storage.schema import authorities, certificates, issued_certificates, keys
from trustdesk.storage.seen_certificates import keep_certificates
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthority:
    """A CA that was made, before it is kept."""

    name: str
    root: CertificateFacts
    issuing: CertificateFacts
    crl_url: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCrl:
    """The last revocation list of a CA.

    Attributes:
        pem: that of the issuing CA, then that of the root.
        evidence: both of them with what is known of them, so that every judgement here looks at them.
    """

    pem: bytes = field(repr=False)
    evidence: tuple[tuple[KeptList, bytes], ...] = field(repr=False)
    number: int
    next_update: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """That a certificate is revoked, from when and why."""

    sha256: str
    at: datetime
    reason: RevocationReason


class Authorities:
    """The private CAs of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> Future[tuple[PrivateAuthority, ...]]:
        """All of them, by name."""
        return self._workspace.submit(_all)

    def one(self, authority_id: int) -> Future[PrivateAuthority]:
        """One of them. The future fails with UnusableInputError when it is not there any more."""
        return self._workspace.submit(lambda connection: _one(connection, authority_id))

    def check_name(self, name: str) -> Future[None]:
        """Make sure that no CA has a name. The future fails with UnusableInputError when one has."""
        return self._workspace.submit(lambda connection: _check_name(connection, name))

    def crl(self, authority_id: int) -> Future[bytes | None]:
        """The last revocation lists, as `KeptCrl.pem`; None while none was issued."""
        return self._workspace.submit(lambda connection: _crl(connection, authority_id))

    def add_issued(
        self, authority_id: int, certificate: CertificateFacts, purpose: RequestPurpose, at: datetime
    ) -> Future[IssuedCertificate]:
        """Keep what a CA issued. The future fails with UnusableInputError when the CA is gone."""
        return self._workspace.submit(
            lambda connection: _add_issued(connection, authority_id, certificate, purpose, at), durable=True
        )

    def keep_crl(self, authority_id: int, crl: KeptCrl, revocation: Revocation | None = None) -> Future[bool]:
        """Keep the next revocation list and, with it, that a certificate is revoked: both or none.

        The list is evidence in every judgement of the workspace from then on.

        The answer is False, and nothing is kept, when its number does not follow the last one: somebody else
        issued a list meanwhile, and this one may lack what stands on that. The future fails with
        UnusableInputError when the CA is gone, or the certificate is none of its, or is revoked already.
        """
        return self._workspace.submit(
            lambda connection: _keep_crl(connection, authority_id, crl, revocation), durable=True
        )


def add_authority(
    connection: Connection, new: NewAuthority, root_key: StoredKey, issuing_key: StoredKey
) -> PrivateAuthority:
    """Keep a CA whose keys are kept in the same transaction.

    Raises:
        UnusableInputError: its name is taken.
    """
    _check_name(connection, new.name)
    keep_certificates(connection, (new.root, new.issuing), new.created_at)
    row = insert(authorities).values(
        name=new.name,
        root=new.root.sha256,
        issuing=new.issuing.sha256,
        root_key_reference=str(root_key.reference),
        issuing_key_reference=str(issuing_key.reference),
        crl_url=new.crl_url,
        created_at=new.created_at,
        crl_number=0,
    )
    authority_id = connection.execute(row.returning(authorities.c.id)).scalar_one()
    return _one(connection, authority_id)


def remove_authority(connection: Connection, authority_id: int) -> None:
    """Remove a CA and what it notes of its certificates; nothing happens when it is not there."""
    connection.execute(delete(issued_certificates).where(issued_certificates.c.authority_id == authority_id))
    connection.execute(delete(authorities).where(authorities.c.id == authority_id))


def _check_name(connection: Connection, name: str) -> None:
    taken = connection.execute(select(authorities.c.id).where(authorities.c.name == name)).first()
    if taken is not None:
        raise UnusableInputError(
            msg("There is a private CA of this name already."), remedy=msg("Choose another name."), place=name
        )


def _gone() -> UnusableInputError:
    return UnusableInputError(
        msg("The private CA is not there any more."), remedy=msg("Look at the list of private CAs.")
    )


def _all(connection: Connection) -> tuple[PrivateAuthority, ...]:
    rows = connection.execute(select(authorities)).all()
    found = _read(connection, rows)
    # Sorted here: the collations of databases differ, and SQLite's own knows ASCII only.
    return tuple(sorted(found, key=lambda authority: (authority.name.casefold(), authority.id)))


def _one(connection: Connection, authority_id: int) -> PrivateAuthority:
    rows = connection.execute(select(authorities).where(authorities.c.id == authority_id)).all()
    if not rows:
        raise _gone()
    return _read(connection, rows)[0]


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> list[PrivateAuthority]:
    ids = [row.id for row in rows]
    references = [one for row in rows for one in (row.root_key_reference, row.issuing_key_reference)]
    own = [one for row in rows for one in (row.root, row.issuing)]
    stored = {
        row.reference: _stored_key(row)
        for row in connection.execute(select(keys).where(keys.c.reference.in_(references)))
    }
    facts = {
        row.sha256: read_certificate(row.der)
        for row in connection.execute(
            select(certificates.c.sha256, certificates.c.der).where(certificates.c.sha256.in_(own))
        )
    }
    issued = _issued(connection, ids)
    return [
        PrivateAuthority(
            id=row.id,
            name=row.name,
            root=facts[row.root],
            issuing=facts[row.issuing],
            root_key=stored[row.root_key_reference],
            issuing_key=stored[row.issuing_key_reference],
            crl_url=row.crl_url,
            created_at=row.created_at,
            issued=tuple(issued.get(row.id, ())),
            crl_number=row.crl_number or None,
            crl_next_update=row.crl_next_update,
        )
        for row in rows
    ]


def _stored_key(row: Row[Any]) -> StoredKey:
    return StoredKey(
        reference=KeyReference.parse(row.reference),
        store_title=row.store_title,
        algorithm=row.algorithm,
        bits=row.bits,
        curve=row.curve,
        spki_sha256=row.spki_sha256,
        created_at=row.created_at,
        source=row.source,
    )


def _issued(connection: Connection, authority_ids: list[int]) -> dict[int, list[IssuedCertificate]]:
    rows = connection.execute(
        select(issued_certificates, certificates.c.der)
        .join(certificates)
        .where(issued_certificates.c.authority_id.in_(authority_ids))
        .order_by(issued_certificates.c.issued_at.desc(), issued_certificates.c.sha256)
    )
    found: dict[int, list[IssuedCertificate]] = defaultdict(list)
    for row in rows:
        found[row.authority_id].append(
            IssuedCertificate(
                certificate=read_certificate(row.der),
                purpose=RequestPurpose(row.purpose),
                issued_at=row.issued_at,
                revoked_at=row.revoked_at,
                reason=None if row.reason is None else RevocationReason(row.reason),
            )
        )
    return found


def _crl(connection: Connection, authority_id: int) -> bytes | None:
    row = connection.execute(select(authorities.c.crl).where(authorities.c.id == authority_id)).first()
    if row is None:
        raise _gone()
    return None if row.crl is None else bytes(row.crl)


def _add_issued(
    connection: Connection,
    authority_id: int,
    certificate: CertificateFacts,
    purpose: RequestPurpose,
    at: datetime,
) -> IssuedCertificate:
    if connection.execute(select(authorities.c.id).where(authorities.c.id == authority_id)).first() is None:
        raise _gone()
    keep_certificates(connection, (certificate,), at)
    connection.execute(
        insert(issued_certificates).values(
            authority_id=authority_id, sha256=certificate.sha256, purpose=purpose.value, issued_at=at
        )
    )
    return IssuedCertificate(certificate=certificate, purpose=purpose, issued_at=at)


def _keep_crl(connection: Connection, authority_id: int, crl: KeptCrl, revocation: Revocation | None) -> bool:
    kept = connection.execute(
        update(authorities)
        .where(authorities.c.id == authority_id, authorities.c.crl_number == crl.number - 1)
        .values(crl_number=crl.number, crl=crl.pem, crl_next_update=crl.next_update)
    )
    if not kept.rowcount:
        _one(connection, authority_id)
        return False
    if revocation is not None:
        _revoke(connection, authority_id, revocation)
    for one, der in crl.evidence:
        keep_list(connection, one, der)
    return True


def _revoke(connection: Connection, authority_id: int, revocation: Revocation) -> None:
    revoked = connection.execute(
        update(issued_certificates)
        .where(
            issued_certificates.c.authority_id == authority_id,
            issued_certificates.c.sha256 == revocation.sha256,
            issued_certificates.c.revoked_at.is_(None),
        )
        .values(revoked_at=revocation.at, reason=revocation.reason.value)
    )
    if not revoked.rowcount:
        raise UnusableInputError(
            msg("This certificate is not one that the CA issued and that is still good."),
            remedy=msg("Look at the list of what it issued."),
            place=revocation.sha256,
        )
