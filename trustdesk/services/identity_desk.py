"""Our own certificates at the desk: everything that the page Identities and its commands ask for.

As with `services.desk`, nothing here blocks and nothing needs Qt. What touches a key store runs on that
store's own thread; a person may cancel it while the store waits to be unlocked, and nothing is half done.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.certificate_request import (
        AskedFor,
        CaseState,
        FieldRemark,
        MatchedReply,
        RequestCase,
        RequestDraft,
        ServerCommand,
    )
    from trustdesk.core.finding import Finding
    from trustdesk.core.identity import (
        Deletion,
        ExportedFile,
        ExportForm,
        ExportProfile,
        HandOver,
        Identity,
        IdentityView,
        ImportChoice,
        ImportPreview,
        P12Diagnosis,
    )
    from trustdesk.core.inspection import CsrFacts
    from trustdesk.core.key_store import KeyStoreKind, KeyStoreStatus
    from trustdesk.core.ports import Job


class PreparedImport(Protocol):
    """Files that were opened to be imported; their keys are in memory until it is stored or discarded."""

    @property
    def preview(self) -> ImportPreview:
        """What they hold."""
        ...

    def discard(self) -> None:
        """Let go of the keys."""
        ...


class IdentityDesk(Protocol):
    """What a face does with identities, requests and key stores."""

    # --- key stores ---

    def key_stores(self) -> Future[tuple[KeyStoreStatus, ...]]:
        """The system's keyring, then the vault; asks nobody and unlocks nothing."""
        ...

    def unlock(self, store: KeyStoreKind, passphrase: str | None = None) -> Job[KeyStoreStatus]:
        """Ask the system to unlock its keyring, or open the vault with its passphrase.

        The future fails with WrongPasswordError, or with a KeyStoreError.
        """
        ...

    def make_vault(self, passphrase: str) -> Job[KeyStoreStatus]:
        """Make the encrypted file for a machine without a keyring; only where a person chose it.

        The future fails with UnusableInputError when the passphrase is weak.
        """
        ...

    def lock_vault(self) -> Future[KeyStoreStatus]:
        """Forget the vault's key."""
        ...

    # --- identities ---

    def views(self, trust_lists: Sequence[str] = ()) -> Future[tuple[IdentityView, ...]]:
        """All identities by name, as of the evaluation time; no key is touched.

        Args:
            trust_lists: names of lists to judge by; empty for the one in force.
        """
        ...

    def prepare_import(self, files: Sequence[Path], passwords: Sequence[str] = ()) -> Job[PreparedImport]:
        """Open files (PKCS#12, PEM, DER, PKCS#8, JKS, JCEKS) and say what they hold; nothing is kept.

        Args:
            passwords: tried on everything; a key store of Java may need one for each key.
        """
        ...

    def import_identities(
        self, prepared: PreparedImport, choices: Sequence[ImportChoice]
    ) -> Job[tuple[Identity, ...]]:
        """Keep the chosen ones, each whole or not at all.

        The future fails with UnusableInputError (a name is taken, blank or used twice; nothing was kept),
        or with a KeyStoreError that says which were kept before it.
        """
        ...

    def rename(self, name: str, new_name: str) -> Future[Identity]:
        """Give an identity another name; endpoints that use it follow."""
        ...

    def export(
        self,
        name: str,
        file: Path,
        form: ExportForm,
        *,
        profile: ExportProfile | None = None,
        passphrase: str | None = None,
        is_agreed: bool = False,
    ) -> Job[tuple[ExportedFile, ...]]:
        """Write an identity to a file of mode 0600, and read it back.

        Args:
            profile: for PKCS12; None is MODERN.
            passphrase: of PKCS12, PEM and JAVA_TRUST_STORE, which have none without.
            is_agreed: for PLAIN_PEM: that the person typed the sentence.
        """
        ...

    def hand_over(
        self,
        name: str,
        folder: Path,
        passphrase: str,
        *,
        form: ExportForm | None = None,
        profile: ExportProfile | None = None,
    ) -> Job[HandOver]:
        """Write a protected file (None is PKCS12) and an instruction sheet, without the passphrase."""
        ...

    def check_key(self, name: str) -> Job[None]:
        """Take the key of an identity from its store, see that it is the certificate's, and let go of it.

        The future fails with KeyLostError when it is not there or another, with a KeyStoreError when its
        store cannot be used.
        """
        ...

    def delete(self, name: str, *, even_if_away: bool = False) -> Job[Deletion]:
        """Delete an identity, and its key where nothing else uses it.

        Args:
            even_if_away: also when its key store is locked, or not on this machine: for a person who has been
                told that the key may stay there. `Deletion.meaning` says when it does.
        """
        ...

    def doctor(self, file: Path, password: str | None = None) -> Future[P12Diagnosis]:
        """Say what a PKCS#12 file is made of, and who can open it."""
        ...

    def reexport(
        self, file: Path, password: str | None, to: Path, profile: ExportProfile, passphrase: str
    ) -> Job[ExportedFile]:
        """Write a PKCS#12 file anew with another profile; nothing of it is kept."""
        ...

    # --- requests ---

    def preflight(self, draft: RequestDraft) -> tuple[Finding, ...]:
        """Apply the rules on requests (CSR-…) to a draft; at once, and without a key."""
        ...

    def field_remarks(self, draft: RequestDraft) -> tuple[FieldRemark, ...]:
        """What to say beside the fields of a draft, with what to write instead; at once."""
        ...

    def host_remarks(self, draft: RequestDraft) -> Future[tuple[FieldRemark, ...]]:
        """Ask the name servers for the hosts that a draft names; a few seconds at most, and only hints."""
        ...

    def asked_for(self, draft: RequestDraft) -> AskedFor:
        """What a request would ask for as the draft stands; at once, whatever is wrong with it."""
        ...

    def server_commands(self, draft: RequestDraft) -> tuple[ServerCommand, ...]:
        """Lines that make key and request on the server instead, for openssl and keytool."""
        ...

    def make_requests(
        self, drafts: Sequence[RequestDraft], store: KeyStoreKind
    ) -> Job[tuple[RequestCase, ...]]:
        """Make a key in the store and a request for each draft."""
        ...

    def take_request(self, csr: CsrFacts, draft: RequestDraft) -> Future[RequestCase]:
        """Take in a request whose key was made elsewhere; of the draft, name, purpose and partner count.

        The future fails with UnusableInputError when its signature is wrong, or a case has it already.
        """
        ...

    def cases(self) -> Future[tuple[RequestCase, ...]]:
        """All requests, the newest first."""
        ...

    def set_case_state(self, case_id: int, state: CaseState) -> Future[RequestCase]:
        """Note how far a case has come."""
        ...

    def drop_case(self, case_id: int) -> Job[None]:
        """Drop a case, and its key where nothing else uses it."""
        ...

    def match(self, files: Sequence[Path]) -> Future[tuple[MatchedReply, ...]]:
        """Find the cases that a CA's reply answers, by key, and what differs from what was asked."""
        ...

    def accept(self, reply: MatchedReply) -> Job[RequestCase]:
        """Take a matched certificate: with a key of ours it becomes an identity under the case's name."""
        ...
