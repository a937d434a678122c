"""Identities from values in memory: a test decides what they answer, and when.

What is imported, renamed, made, accepted or deleted shows in the next answer, as with the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.fake_key_jobs import Answers, FakeKeyJob
from tests.support.identity_samples import (
    FAKE_NOW,
    absent_vault,
    ready_keyring,
    sample_file,
    sample_identity,
    sample_key,
    sample_request,
    sample_view,
)
from trustdesk.core.certificate_request import (
    AskedFor,
    CaseState,
    FieldRemark,
    MatchedReply,
    RequestCase,
    RequestDraft,
    ServerCommand,
)
from trustdesk.core.errors import (
    UnusableInputError,
    WrongPasswordError,
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
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus, StoredKey
from trustdesk.core.message import msg
from trustdesk.services.identity_desk import IdentityDesk, PreparedImport
from trustdesk.services.request_content import asked_for
from trustdesk.services.request_fields import field_remarks


@dataclass
class FakePrepared(PreparedImport):
    """Opened files; `discarded` once the keys are let go."""

    held: ImportPreview
    discarded: bool = False

    @property
    def preview(self) -> ImportPreview:
        return self.held

    def discard(self) -> None:
        self.discarded = True


class FakeIdentityDesk(IdentityDesk):
    """Identities, requests and key stores in memory.

    Attributes:
        answers: whether questions fail and jobs wait; its `jobs` say what was asked.
        stores: the keyring, then the vault.
        vault_passphrase: what opens the vault.
        held: views by name.
        previews: what files hold, by the first file's path; a file that is not here cannot be read.
        file_password: what previews and the doctor ask for; None asks for none.
        diagnoses: what the doctor says, by path.
        kept_cases, replies, remarks_on_hosts, findings: what `cases`, `match`, `host_remarks` and `preflight`
            answer.
    """

    def __init__(self) -> None:
        self.answers = Answers()
        self.stores = {KeyStoreKind.KEYRING: ready_keyring(), KeyStoreKind.VAULT: absent_vault()}
        self.vault_passphrase: str | None = None
        self.held: dict[str, IdentityView] = {}
        self.previews: dict[Path, ImportPreview] = {}
        self.file_password: str | None = None
        self.diagnoses: dict[Path, P12Diagnosis] = {}
        self.kept_cases: list[RequestCase] = []
        self.replies: tuple[MatchedReply, ...] = ()
        self.remarks_on_hosts: tuple[FieldRemark, ...] = ()
        self.findings: Callable[[RequestDraft], Sequence[Finding]] = lambda _draft: ()
        self.make_request: Callable[[RequestDraft], CsrFacts] = lambda draft: sample_request(draft.name)

    # --- key stores ---

    def key_stores(self) -> Future[tuple[KeyStoreStatus, ...]]:
        return self.answers.answer(lambda: tuple(self.stores.values()))

    def unlock(self, store: KeyStoreKind, passphrase: str | None = None) -> FakeKeyJob[KeyStoreStatus]:
        return self.answers.job("unlock", lambda: self._unlocked(store, passphrase), store=store)

    def make_vault(self, passphrase: str) -> FakeKeyJob[KeyStoreStatus]:
        def made() -> KeyStoreStatus:
            self.vault_passphrase = passphrase
            return self._put(replace(absent_vault(), state=KeyStoreState.READY, problem=None, remedy=None))

        return self.answers.job("make_vault", made)

    def lock_vault(self) -> Future[KeyStoreStatus]:
        return self.answers.answer(
            lambda: self._put(replace(self.stores[KeyStoreKind.VAULT], state=KeyStoreState.LOCKED))
        )

    def _unlocked(self, store: KeyStoreKind, passphrase: str | None) -> KeyStoreStatus:
        if store is KeyStoreKind.VAULT and passphrase != self.vault_passphrase:
            raise WrongPasswordError(
                msg("The passphrase does not open the vault."), remedy=msg("Type it again.")
            )
        return self._put(replace(self.stores[store], state=KeyStoreState.READY, problem=None, remedy=None))

    def _put(self, status: KeyStoreStatus) -> KeyStoreStatus:
        self.stores[status.kind] = status
        return status

    # --- identities ---

    def views(self, trust_lists: Sequence[str] = ()) -> Future[tuple[IdentityView, ...]]:
        return self.answers.answer(lambda: tuple(self.held[name] for name in sorted(self.held)))

    def prepare_import(
        self, files: Sequence[Path], passwords: Sequence[str] = ()
    ) -> FakeKeyJob[PreparedImport]:
        def prepared() -> PreparedImport:
            preview = self.previews.get(files[0])
            if preview is None:
                raise UnusableInputError(
                    msg("There is no such file."), remedy=msg("Choose another file."), place=str(files[0])
                )
            if self.file_password is not None and self.file_password not in passwords:
                preview = replace(preview, locked=tuple(map(str, files)))
            return FakePrepared(preview)

        return self.answers.job("prepare_import", prepared, files=tuple(files), passwords=tuple(passwords))

    def import_identities(
        self, prepared: PreparedImport, choices: Sequence[ImportChoice]
    ) -> FakeKeyJob[tuple[Identity, ...]]:
        def imported() -> tuple[Identity, ...]:
            names = [choice.name for choice in choices]
            if len(set(names)) < len(names) or not self.held.keys().isdisjoint(names):
                raise UnusableInputError(
                    msg("An identity of this name is here already."), remedy=msg("Choose another name.")
                )
            by_position = {one.position: one for one in prepared.preview.candidates}
            made = []
            for choice in choices:
                candidate = by_position[choice.position]
                made.append(
                    sample_identity(
                        choice.name,
                        *candidate.certification_path,
                        store=choice.store,
                        source=candidate.source,
                    )
                )
            for identity in made:
                self.held[identity.name] = sample_view(identity)
            return tuple(made)

        return self.answers.job("import_identities", imported, choices=tuple(choices))

    def rename(self, name: str, new_name: str) -> Future[Identity]:
        def renamed() -> Identity:
            view = self._view(name)
            if new_name in self.held:
                raise UnusableInputError(
                    msg("An identity of this name is here already."), remedy=msg("Choose another name.")
                )
            del self.held[name]
            identity = replace(view.identity, name=new_name)
            self.held[new_name] = replace(view, identity=identity)
            return identity

        return self.answers.answer(renamed)

    def export(
        self,
        name: str,
        file: Path,
        form: ExportForm,
        *,
        profile: ExportProfile | None = None,
        passphrase: str | None = None,
        is_agreed: bool = False,
    ) -> FakeKeyJob[tuple[ExportedFile, ...]]:
        def exported() -> tuple[ExportedFile, ...]:
            self._view(name)
            return (sample_file(file),)

        return self.answers.job(
            "export",
            exported,
            name=name,
            file=file,
            form=form,
            profile=profile,
            passphrase=passphrase,
            is_agreed=is_agreed,
        )

    def hand_over(
        self,
        name: str,
        folder: Path,
        passphrase: str,
        *,
        form: ExportForm | None = None,
        profile: ExportProfile | None = None,
    ) -> FakeKeyJob[HandOver]:
        def handed_over() -> HandOver:
            self._view(name)
            return HandOver(
                archive=sample_file(folder / f"{name}.p12"), sheet=sample_file(folder / f"{name}.html")
            )

        return self.answers.job(
            "hand_over",
            handed_over,
            name=name,
            folder=folder,
            passphrase=passphrase,
            form=form,
            profile=profile,
        )

    def check_key(self, name: str) -> FakeKeyJob[None]:
        def checked() -> None:
            self._view(name)

        return self.answers.job("check_key", checked, name=name)

    def delete(self, name: str, *, even_if_away: bool = False) -> FakeKeyJob[Deletion]:
        def deleted() -> Deletion:
            self._view(name)
            del self.held[name]
            return Deletion(name=name, meaning=msg("The key was removed from the keyring."))

        return self.answers.job("delete", deleted, name=name, even_if_away=even_if_away)

    def doctor(self, file: Path, password: str | None = None) -> Future[P12Diagnosis]:
        def diagnosed() -> P12Diagnosis:
            found = self.diagnoses[file]
            return replace(found, opened=found.opened and password == self.file_password)

        return self.answers.answer(diagnosed)

    def reexport(
        self, file: Path, password: str | None, to: Path, profile: ExportProfile, passphrase: str
    ) -> FakeKeyJob[ExportedFile]:
        return self.answers.job(
            "reexport",
            lambda: sample_file(to),
            file=file,
            password=password,
            to=to,
            profile=profile,
            passphrase=passphrase,
        )

    def _view(self, name: str) -> IdentityView:
        if name not in self.held:
            raise UnusableInputError(
                msg("There is no identity of this name."), remedy=msg("Choose another."), place=name
            )
        return self.held[name]

    # --- requests ---

    def preflight(self, draft: RequestDraft) -> tuple[Finding, ...]:
        return tuple(self.findings(draft))

    def field_remarks(self, draft: RequestDraft) -> tuple[FieldRemark, ...]:
        return field_remarks(draft)

    def host_remarks(self, draft: RequestDraft) -> Future[tuple[FieldRemark, ...]]:
        return self.answers.answer(lambda: self.remarks_on_hosts)

    def asked_for(self, draft: RequestDraft) -> AskedFor:
        return asked_for(draft)

    def server_commands(self, draft: RequestDraft) -> tuple[ServerCommand, ...]:
        return (
            ServerCommand(tool="openssl", lines=(f"openssl req -new -out {draft.name}.csr",)),
            ServerCommand(tool="keytool", lines=(f"keytool -certreq -file {draft.name}.csr",)),
        )

    def make_requests(
        self, drafts: Sequence[RequestDraft], store: KeyStoreKind
    ) -> FakeKeyJob[tuple[RequestCase, ...]]:
        return self.answers.job(
            "make_requests",
            lambda: tuple(
                self._new_case(draft, self.make_request(draft), sample_key(draft.name, store))
                for draft in drafts
            ),
            drafts=tuple(drafts),
            store=store,
        )

    def take_request(self, csr: CsrFacts, draft: RequestDraft) -> Future[RequestCase]:
        return self.answers.answer(lambda: self._new_case(draft, csr, None))

    def cases(self) -> Future[tuple[RequestCase, ...]]:
        return self.answers.answer(lambda: tuple(reversed(self.kept_cases)))

    def set_case_state(self, case_id: int, state: CaseState) -> Future[RequestCase]:
        return self.answers.answer(lambda: self._change(case_id, state=state))

    def drop_case(self, case_id: int) -> FakeKeyJob[None]:
        def dropped() -> None:
            self.kept_cases = [one for one in self.kept_cases if one.id != case_id]

        return self.answers.job("drop_case", dropped, case_id=case_id)

    def match(self, files: Sequence[Path]) -> Future[tuple[MatchedReply, ...]]:
        return self.answers.answer(lambda: self.replies)

    def accept(self, reply: MatchedReply) -> FakeKeyJob[RequestCase]:
        def accepted() -> RequestCase:
            case = reply.case
            assert case is not None
            identity = None
            if case.key is not None:
                made = sample_identity(case.name, *reply.certification_path, source="request")
                self.held[case.name] = sample_view(replace(made, renews=case.renews))
                identity = case.name
            return self._change(
                case.id, state=CaseState.ISSUED, certificate=reply.certificate, identity=identity
            )

        return self.answers.job("accept", accepted, reply=reply)

    def _new_case(self, draft: RequestDraft, csr: CsrFacts, key: StoredKey | None) -> RequestCase:
        case = RequestCase(
            id=1 + max((one.id for one in self.kept_cases), default=0),
            name=draft.name,
            purpose=draft.purpose,
            state=CaseState.REQUESTED,
            request=csr,
            created_at=FAKE_NOW,
            key=key,
            partner=draft.partner,
            renews=draft.renews,
        )
        self.kept_cases.append(case)
        return case

    def _change(self, case_id: int, **changes: Any) -> RequestCase:
        place = next(place for place, one in enumerate(self.kept_cases) if one.id == case_id)
        self.kept_cases[place] = replace(self.kept_cases[place], **changes)
        return self.kept_cases[place]
