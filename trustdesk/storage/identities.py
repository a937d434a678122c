"""Our own certificates by name: which key belongs to each, what it follows, and who uses it.

The functions that take a connection run in its transaction: together with what `key_stores` does to keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import KeyLostError, UnusableInputError
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.identity import Identity, IdentityUse
from trustdesk.core.key_store import KeyReference, StoredKey
from trustdesk.core.message import msg
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.observation_records import unpacked
from trustdesk.formats.standing_records import grounds_from
from trustdesk.storage.directory import all_endpoints
from trustdesk.storage.key_rows import stored_key, stored_keys
from trustdesk.storage.observation_rows import newest_observation
from trustdesk.storage.readiness_checks import forget_checks
from trustdesk.storage.schema import (
    certificates,
    endpoint_standings,
    endpoints,
    identities,
    identity_certificates,
    observation_reports,
    observations,
    requests,
)
from trustdesk.storage.seen_certificates import keep_certificates, seen_certificates
from trustdesk.storage.standings import outdate
from trustdesk.storage.workspace import Workspace


class IdentityIndex:
    """The identities of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> Future[tuple[Identity, ...]]:
        """All of them, by name."""
        return self._workspace.submit(all_identities)

    def named(self, name: str) -> Future[Identity]:
        """The identity of a name. The future fails with UnusableInputError when there is none."""
        return self._workspace.submit(lambda connection: identity_named(connection, name))

    def rename(self, name: str, new_name: str) -> Future[Identity]:
        """Give an identity another name; endpoints, requests and identities that name it follow.

        The future fails with UnusableInputError when there is none, or the new name is blank or taken.
        """
        return self._workspace.submit(lambda connection: rename_identity(connection, name, new_name))

    def uses(self) -> Future[dict[str, IdentityUse]]:
        """Who uses each identity, by its name, as of the last test of every endpoint."""
        return self._workspace.submit(_uses)


def all_identities(connection: Connection) -> tuple[Identity, ...]:
    """Return all identities, by name."""
    rows = connection.execute(select(identities)).all()
    keys = stored_keys(connection)
    paths = _paths(connection)
    followers = {row.renews: row.name for row in sorted(rows, key=lambda row: row.id) if row.renews}
    found = [
        Identity(
            name=row.name,
            certification_path=paths[row.id],
            key=keys[KeyReference.parse(row.key_reference)],
            added_at=row.added_at,
            source=row.source,
            renews=row.renews,
            renewed_by=followers.get(row.name),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda identity: (identity.name.casefold(), identity.name)))


def identity_named(connection: Connection, name: str) -> Identity:
    """Return the identity of a name.

    Raises:
        UnusableInputError: there is none.
    """
    for identity in all_identities(connection):
        if identity.name == name:
            return identity
    raise UnusableInputError(
        msg("There is no identity of this name."), remedy=msg("Look at the list of identities."), place=name
    )


def add_identity(
    connection: Connection,
    *,
    name: str,
    certification_path: Sequence[CertificateFacts],
    key: StoredKey,
    added_at: datetime,
    source: str,
    renews: str | None = None,
) -> Identity:
    """Add an identity, whose key is active by now (`KeyStores.put` calls it so), with its certificates.

    Args:
        certification_path: end entity first.
        renews: name of the identity that it follows; that one may be gone.

    Raises:
        UnusableInputError: the name is blank or taken.
        KeyLostError: the key is on its way out.
    """
    name = _free_name(connection, name)
    if stored_key(connection, key.reference) is None:
        problem = msg("The private key was deleted in the meantime.")
        raise KeyLostError(problem, remedy=msg("Import it again."), place=str(key.reference))
    keep_certificates(connection, certification_path, added_at)
    row = insert(identities).values(
        name=name, key_reference=str(key.reference), added_at=added_at, source=source, renews=renews
    )
    identity_id = connection.execute(row.returning(identities.c.id)).scalar_one()
    connection.execute(
        insert(identity_certificates),
        [
            {"identity_id": identity_id, "position": position, "sha256": certificate.sha256}
            for position, certificate in enumerate(certification_path)
        ],
    )
    return identity_named(connection, name)


def rename_identity(connection: Connection, name: str, new_name: str) -> Identity:
    """Give an identity another name, everywhere; see `IdentityIndex.rename`."""
    identity_named(connection, name)
    if new_name.strip() == name:
        return identity_named(connection, name)
    new_name = _free_name(connection, new_name)
    connection.execute(update(identities).where(identities.c.name == name).values(name=new_name))
    for column in (endpoints.c.identity, identities.c.renews, requests.c.renews, requests.c.identity):
        connection.execute(update(column.table).where(column == name).values({column.name: new_name}))
    return identity_named(connection, new_name)


def remove_identity(connection: Connection, name: str) -> Identity:
    """Remove an identity and return what it was; its key is for `KeyStores.release`.

    Endpoints go on naming it: a test there says that it is gone, instead of quietly going without one. What
    their last tests showed was shown with it, and says nothing of them any more.

    Raises:
        UnusableInputError: there is none.
    """
    identity = identity_named(connection, name)
    naming = connection.execute(select(endpoints.c.id).where(endpoints.c.identity == name)).scalars().all()
    outdate(connection, naming)
    forget_checks(connection, naming)
    connection.execute(update(requests).where(requests.c.identity == name).values(identity=None))
    connection.execute(delete(identities).where(identities.c.name == name))
    return identity


def identity_names(connection: Connection) -> frozenset[str]:
    """Return the names that are taken."""
    return frozenset(connection.execute(select(identities.c.name)).scalars())


def _free_name(connection: Connection, name: str) -> str:
    name = name.strip()
    if not name:
        problem = msg("The identity has no name.")
        raise UnusableInputError(problem, remedy=msg("Write what you want to call it."))
    taken = select(identities.c.id).where(identities.c.name == name)
    if connection.execute(taken).first() is not None:
        raise UnusableInputError(
            msg("An identity of this name is there already."), remedy=msg("Choose another name."), place=name
        )
    return name


def _paths(connection: Connection) -> Mapping[int, tuple[CertificateFacts, ...]]:
    member = identity_certificates.c
    readable = seen_certificates(connection, certificates.c.sha256.in_(select(member.sha256)))
    rows = connection.execute(
        select(member.identity_id, member.sha256, certificates.c.der)
        .join(certificates, certificates.c.sha256 == member.sha256)
        .order_by(member.identity_id, member.position)
    )
    paths: dict[int, tuple[CertificateFacts, ...]] = defaultdict(tuple)
    for row in rows:
        # Where the read-outs are damaged the certificate itself is read again.
        paths[row.identity_id] += (readable.get(row.sha256) or read_certificate(row.der),)
    return paths


@dataclass(frozen=True, slots=True, kw_only=True)
class _LastTest:
    """What the last test of an endpoint says of our certificate."""

    sha256: str
    was_sent: bool
    was_accepted: bool


def _uses(connection: Connection) -> dict[str, IdentityUse]:
    tests = _last_tests(connection)
    directory = all_endpoints(connection)
    uses = {}
    for identity in all_identities(connection):
        sha256 = identity.certificate.sha256
        tested = [
            (endpoint.partner, tests[endpoint.id])
            for endpoint in directory
            if endpoint.id in tests and tests[endpoint.id].sha256 == sha256 and tests[endpoint.id].was_sent
        ]
        uses[identity.name] = IdentityUse(
            endpoints=tuple(endpoint for endpoint in directory if endpoint.identity == identity.name),
            presented_to=len({partner for partner, _test in tested}),
            accepted_by=len({partner for partner, test in tested if test.was_accepted}),
        )
    return uses


def _last_tests(connection: Connection) -> dict[int, _LastTest]:
    """Look into standings, and where none is kept into the reports by hand: reading them takes far longer."""
    tests: dict[int, _LastTest] = {}
    for endpoint_id, form, document in connection.execute(
        select(endpoint_standings.c.endpoint_id, endpoint_standings.c.form, endpoint_standings.c.document)
    ):
        grounds = grounds_from(form, document)
        if grounds is not None and grounds.own is not None:
            tests[endpoint_id] = _LastTest(
                sha256=grounds.own, was_sent=True, was_accepted=grounds.own_accepted
            )
    rows = connection.execute(
        select(observations.c.endpoint_id, observation_reports.c.document)
        .select_from(endpoints)
        .join(observations, observations.c.id == newest_observation(endpoints.c.id))
        .join(observation_reports, observation_reports.c.observation_id == observations.c.id)
        .where(endpoints.c.id.not_in(select(endpoint_standings.c.endpoint_id)))
    )
    for row in rows:
        record = _member(_member(unpacked(row.document), "report"), "record")
        sha256 = _member(record, "identity").get("sha256")
        client_auth = _member(record, "client_auth")
        if isinstance(sha256, str):
            tests[row.endpoint_id] = _LastTest(
                sha256=sha256,
                was_sent=client_auth.get("sent") is True,
                was_accepted=client_auth.get("verdict") == ClientCertificateVerdict.ACCEPTED,
            )
    return tests


def _member(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    member = document.get(name)
    return member if isinstance(member, dict) else {}
