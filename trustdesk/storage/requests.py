"""Certificate requests as cases, in table `requests`; all of it in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import CaseState, RequestCase, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import KeyReference, StoredKey
from trustdesk.core.message import msg
from trustdesk.formats.request import read_request
from trustdesk.storage.key_rows import stored_keys
from trustdesk.storage.schema import certificates, requests
from trustdesk.storage.seen_certificates import seen_certificates

_AT_ONCE = 500
"""Values in one question: SQLite takes some thousands, older ones 999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request that shall be kept as a case.

    Attributes:
        key: None when it was made elsewhere.
    """

    name: str
    purpose: RequestPurpose
    request: CsrFacts = field(repr=False)
    created_at: datetime
    key: StoredKey | None = None
    partner: str | None = None
    renews: str | None = None


def add_request(connection: Connection, new: NewRequest) -> RequestCase:
    """Keep a request whose public key can be read, as a case that waits for the CA."""
    row = insert(requests).values(
        name=new.name,
        purpose=new.purpose.value,
        state=CaseState.REQUESTED.value,
        der=new.request.der,
        key_reference=None if new.key is None else str(new.key.reference),
        spki_sha256=new.request.spki_sha256,
        created_at=new.created_at,
        partner=new.partner,
        renews=new.renews,
    )
    case_id = connection.execute(row.returning(requests.c.id)).scalar_one()
    return request_case(connection, case_id)


def request_cases(connection: Connection) -> tuple[RequestCase, ...]:
    """Return all cases, the newest first."""
    return _cases(connection, true())


def request_case(connection: Connection, case_id: int) -> RequestCase:
    """Return one case.

    Raises:
        UnusableInputError: it is not there any more.
    """
    found = _cases(connection, requests.c.id == case_id)
    if not found:
        raise UnusableInputError(
            msg("The request is not here any more."), remedy=msg("Look at the list of requests again.")
        )
    return found[0]


def set_case_state(connection: Connection, case_id: int, state: CaseState) -> RequestCase:
    """Note how far a case has come.

    Raises:
        UnusableInputError: it is not there any more.
    """
    connection.execute(update(requests).where(requests.c.id == case_id).values(state=state.value))
    return request_case(connection, case_id)


def set_case_answer(
    connection: Connection, case_id: int, certificate: str, identity: str | None, state: CaseState
) -> RequestCase:
    """Note the certificate that answers a case.

    Args:
        certificate: SHA-256 of one that is kept (`seen_certificates.keep_certificates`).
        identity: name of the identity that came of it; None for none.

    Raises:
        UnusableInputError: the case is not there any more.
    """
    values = {"certificate": certificate, "identity": identity, "state": state.value}
    connection.execute(update(requests).where(requests.c.id == case_id).values(values))
    return request_case(connection, case_id)


def note_tested(connection: Connection, proved: Collection[str]) -> None:
    """Note that handshakes with certificates were accepted: the cases that they answer are done.

    Args:
        proved: SHA-256 of certificates.
    """
    if not proved:
        return
    is_on_its_way = requests.c.state.in_([CaseState.ISSUED.value, CaseState.INSTALLED.value])
    connection.execute(
        update(requests)
        .where(requests.c.certificate.in_(sorted(proved)), is_on_its_way)
        .values(state=CaseState.TESTED.value)
    )


def issuers_seen(
    connection: Connection, issuers: Iterable[str], *, most: int = 64
) -> tuple[CertificateFacts, ...]:
    """Return certificates of the workspace that may stand above others, up to the top.

    Args:
        issuers: names as in `CertificateFacts.issuer`.
        most: certificates that are looked at.
    """
    found: dict[str, CertificateFacts] = {}
    wanted, asked = set(issuers), set[str]()
    while wanted and len(found) < most:
        asked |= wanted
        above = seen_certificates(connection, certificates.c.subject.in_(sorted(wanted)[:_AT_ONCE]))
        found |= above
        wanted = {facts.issuer for facts in above.values() if facts.issuer is not None} - asked
    return tuple(found.values())[:most]


def remove_request(connection: Connection, case_id: int) -> None:
    """Remove a case; nothing happens when it is gone."""
    connection.execute(delete(requests).where(requests.c.id == case_id))


def _cases(connection: Connection, which: ColumnElement[bool]) -> tuple[RequestCase, ...]:
    rows = connection.execute(
        select(requests).where(which).order_by(requests.c.created_at.desc(), requests.c.id.desc())
    ).all()
    known = stored_keys(connection) if any(row.key_reference is not None for row in rows) else {}
    digests = sorted({row.certificate for row in rows if row.certificate is not None})
    issued = {
        sha256: facts
        for first in range(0, len(digests), _AT_ONCE)
        for sha256, facts in seen_certificates(
            connection, certificates.c.sha256.in_(digests[first : first + _AT_ONCE])
        ).items()
    }
    return tuple(
        RequestCase(
            id=row.id,
            name=row.name,
            purpose=RequestPurpose(row.purpose),
            state=CaseState(row.state),
            request=read_request(row.der),
            created_at=row.created_at,
            key=None if row.key_reference is None else known.get(KeyReference.parse(row.key_reference)),
            partner=row.partner,
            renews=row.renews,
            certificate=None if row.certificate is None else issued.get(row.certificate),
            identity=row.identity,
        )
        for row in rows
    )
