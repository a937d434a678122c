"""The identities of one workspace with their keys: kept, exported, renamed, deleted.

Every call blocks. What needs a key belongs on the thread of the key stores; it holds the key for that one
call. What needs none waits for the workspace alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from sqlalchemy import Connection

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import KeyLostError, KeyStillThereError
from trustdesk.core.identity import (
    Deletion,
    ExportedFile,
    ExportForm,
    ExportProfile,
    Identity,
    ImportChoice,
)
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.certification_path import spki_sha256
from trustdesk.services.deletion_words import key_stays, meaning_of_deletion
from trustdesk.services.identity_export import WITH_KEY, Exportable, export_identity
from trustdesk.services.identity_import import OpenedImport, import_chosen
from trustdesk.services.identity_keeping import keeper
from trustdesk.services.identity_names import check_names
from trustdesk.storage.identities import (
    IdentityIndex,
    identity_names,
    remove_identity,
)
from trustdesk.storage.key_cancellation import current_cancellation
from trustdesk.storage.key_rows import stored_key
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.requests import request_cases
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.path_view import ends_at_anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What an identity shall be written as; see `services.identity_desk.IdentityDesk.export`."""

    form: ExportForm
    profile: ExportProfile | None = None
    passphrase: str | None = field(default=None, repr=False)
    is_agreed: bool = False

    @property
    def needs_key(self) -> bool:
        """Whether the private key is in it."""
        return self.form in WITH_KEY


class StoredIdentities:
    """What can be done with identities whose keys are in a key store."""

    def __init__(self, workspace: Workspace, key_stores: KeyStores, clock: Clock) -> None:
        self._workspace = workspace
        self._key_stores = key_stores
        self._index = IdentityIndex(workspace)
        self._clock = clock

    def import_chosen(self, prepared: OpenedImport, choices: Sequence[ImportChoice]) -> tuple[Identity, ...]:
        """Keep the chosen ones, each whole or not at all; on the key stores' thread.

        Raises:
            UnusableInputError: a name or a position cannot be used; nothing was kept.
            KeyStoreError: the store failed; it says which were kept before.
            CancelledByPersonError: the person gave up; what was kept before stays.
        """
        taken = self._workspace.submit(identity_names).result()
        keep = keeper(self._key_stores, self._clock.now())
        return import_chosen(prepared, choices, taken=taken, keep=keep)

    def rename(self, name: str, new_name: str) -> Identity:
        """Give an identity another name; endpoints that use it follow.

        Raises:
            UnusableInputError: there is none of the name, or the new one cannot be used.
        """
        wanted = new_name.strip()
        taken = self._workspace.submit(identity_names).result() - {name}
        check_names([wanted], taken)
        return self._index.rename(name, wanted).result()

    def export(
        self, name: str, file: Path, wish: ExportWish, trust_lists: Sequence[TrustList]
    ) -> tuple[ExportedFile, ...]:
        """Write an identity to a file, and read it back; with its key on the key stores' thread.

        Raises:
            UnusableInputError: there is no such identity, or the form cannot be had so.
            KeyStoreError: its key cannot be had.
            EnvironmentFailureError: the file cannot be written.
        """
        what = self.exportable(name, trust_lists, with_key=wish.needs_key)
        return (
            export_identity(
                what,
                file,
                wish.form,
                profile=wish.profile,
                passphrase=wish.passphrase,
                is_agreed=wish.is_agreed,
            ),
        )

    def exportable(self, name: str, trust_lists: Sequence[TrustList], *, with_key: bool) -> Exportable:
        """Gather what is written of an identity; the caller keeps the key no longer than it writes.

        Raises:
            UnusableInputError: there is no such identity.
            KeyStoreError: its key cannot be had.
            CancelledByPersonError: the person gave up while the key was waited for.
        """
        identity = self._index.named(name).result()
        key: CertificateIssuerPrivateKeyTypes | None = None
        if with_key:
            key = self._key_stores.load(identity.key.reference)
            # From here on it is written: nobody gives up half a file.
            current_cancellation().decide()
        return Exportable.of(identity, key, _anchor(identity, trust_lists, self._clock))

    def check_key(self, name: str) -> None:
        """See that the key of an identity is in its store and is the certificate's.

        Raises:
            UnusableInputError: there is no such identity.
            KeyLostError: it is not there, or another one.
            KeyStoreError: the store cannot be used.
        """
        identity = self._index.named(name).result()
        key = self._key_stores.load(identity.key.reference)
        if spki_sha256(key) != read_details(identity.certificate.der).spki_sha256:
            raise KeyLostError(
                msg("The key in the store belongs to another certificate."),
                remedy=msg("Delete the identity and import it again."),
                place=name,
            )

    def delete(self, name: str, *, even_if_away: bool = False) -> Deletion:
        """Delete an identity, and its key where nothing else uses it; on the key stores' thread.

        Args:
            even_if_away: also when its store cannot be asked; the answer says that the key stayed there.

        Raises:
            UnusableInputError: there is no such identity.
            KeyStoreError: the store cannot be used, and nothing was changed; KeyStillThereError where the
                identity is gone and only the store still has the key.
            CancelledByPersonError: the person gave up; nothing was changed.
        """
        identity = self._index.named(name).result()
        reference = identity.key.reference
        try:
            self._key_stores.release(
                (reference,),
                also=lambda connection: remove_identity(connection, name),
                even_if_away=even_if_away,
            )
        except KeyStillThereError as left:
            if not even_if_away:
                raise
            meaning = msg("{problem} {remedy}", problem=left.problem, remedy=left.remedy)
            return Deletion(name=name, meaning=meaning)

        def remains(connection: Connection) -> tuple[bool, str | None]:
            cases = (case for case in request_cases(connection) if case.key is not None)
            names = (case.name for case in cases if case.key and case.key.reference == reference)
            return stored_key(connection, reference) is not None, next(names, None)

        is_used, case = self._workspace.submit(remains).result()
        return Deletion(name=name, meaning=key_stays(case) if is_used else meaning_of_deletion(identity.key))


def _anchor(identity: Identity, trust_lists: Sequence[TrustList], clock: Clock) -> CertificateFacts | None:
    """Return the root above an identity's chain, as the lists have it; None where they do not."""
    if not trust_lists:
        return None
    verification = PathVerifier(trust_lists).verify(
        identity.certificate, identity.certification_path[1:], purpose=Purpose.CLIENT, at=clock.now()
    )
    known = {facts.sha256: facts for facts in verification.known}
    for path in verification.paths:
        top = known.get(path.certificates[-1])
        if ends_at_anchor(path) and top is not None and top.is_self_issued:
            return top
    return None
