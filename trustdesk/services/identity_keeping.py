"""What an import has to do with the workspace: what is here already, and how one identity is kept whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, true

from trustdesk.core.identity import Identity, ImportCandidate, ImportChoice
from trustdesk.core.key_store import StoredKey
from trustdesk.core.trust import TrustList
from trustdesk.services.identity_import import Keep
from trustdesk.services.identity_preview import Surroundings
from trustdesk.storage.identities import add_identity, all_identities
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.schema import requests
from trustdesk.storage.seen_certificates import seen_certificates
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
    from sqlalchemy import Connection


def surroundings_of(workspace: Workspace, trust_lists: Sequence[TrustList], at: datetime) -> Surroundings:
    """Return what a workspace has that an import is compared with and completed from. It blocks.

    Args:
        at: as of when dates are looked at.

    Raises:
        EnvironmentFailureError: the workspace cannot be read.
    """

    def read(connection: Connection) -> Surroundings:
        open_requests = select(requests.c.spki_sha256, requests.c.name).where(
            requests.c.key_reference.is_not(None), requests.c.identity.is_(None)
        )
        return Surroundings(
            at=at,
            identities=all_identities(connection),
            trust_lists=tuple(trust_lists),
            known=tuple(seen_certificates(connection, true()).values()),
            requests={row.spki_sha256: row.name for row in connection.execute(open_requests)},
        )

    return workspace.submit(read).result()


def keeper(stores: KeyStores, now: datetime) -> Keep:
    """Return what keeps one identity: its key in the chosen store and its rows in one transaction.

    Call what it returns on the key stores' thread. It raises what `KeyStores.put` and `add_identity` do.

    Args:
        now: stands as the instant at which the identity was added.
    """

    def keep(
        candidate: ImportCandidate, choice: ImportChoice, key: CertificateIssuerPrivateKeyTypes
    ) -> Identity:
        def also(connection: Connection, kept: tuple[StoredKey, ...]) -> Identity:
            return add_identity(
                connection,
                name=choice.name,
                certification_path=candidate.certification_path,
                key=kept[0],
                added_at=now,
                source=candidate.source,
            )

        new = NewKey(private_key=key, source=candidate.source)
        return stores.put([new], store=choice.store, also=also)

    return keep
