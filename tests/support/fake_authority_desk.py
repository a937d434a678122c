"""Private CAs from values in memory."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.support.fake_key_jobs import Answers, FakeKeyJob
from tests.support.identity_samples import (
    FAKE_NOW,
    sample_key,
)
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import (
    RequestPurpose,
)
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.private_ca import (
    AuthorityDraft,
    IssuedCertificate,
    IssuedCrl,
    PrivateAuthority,
    RevocationReason,
)
from trustdesk.services.authority_desk import AuthorityDesk


class FakeAuthorityDesk(AuthorityDesk):
    """Private CAs in memory.

    Attributes:
        answers: whether questions fail and jobs wait; its `jobs` say what was asked.
        held: by id.
        certificates: makes what is asked for: a root's, an issuing CA's or an issued one's name.
        findings: what `preflight` answers.
        saved: files that were written.
    """

    def __init__(self, certificates: Callable[[str], CertificateFacts]) -> None:
        self.answers = Answers()
        self.held: dict[int, PrivateAuthority] = {}
        self.certificates = certificates
        self.findings: tuple[Finding, ...] = ()
        self.saved: list[Path] = []

    def authorities(self) -> Future[tuple[PrivateAuthority, ...]]:
        return self.answers.answer(lambda: tuple(sorted(self.held.values(), key=lambda one: one.name)))

    def create(self, draft: AuthorityDraft) -> FakeKeyJob[PrivateAuthority]:
        def created() -> PrivateAuthority:
            made = PrivateAuthority(
                id=1 + max(self.held, default=0),
                name=draft.name,
                root=self.certificates(f"{draft.name} Root"),
                issuing=self.certificates(f"{draft.name} Issuing CA"),
                root_key=sample_key(f"{draft.name} Root", draft.store),
                issuing_key=sample_key(f"{draft.name} Issuing CA", draft.store),
                crl_url=draft.crl_url,
                created_at=FAKE_NOW,
            )
            self.held[made.id] = made
            return made

        return self.answers.job("create", created, draft=draft)

    def preflight(
        self, authority_id: int, csr: CsrFacts, purpose: RequestPurpose, partner: str | None = None
    ) -> Future[tuple[Finding, ...]]:
        return self.answers.answer(lambda: self.findings)

    def issue(
        self,
        authority_id: int,
        csr: CsrFacts,
        purpose: RequestPurpose,
        *,
        validity: timedelta,
        partner: str | None = None,
    ) -> FakeKeyJob[IssuedCertificate]:
        def issued() -> IssuedCertificate:
            made = IssuedCertificate(
                certificate=self.certificates(csr.subject or "issued"), purpose=purpose, issued_at=FAKE_NOW
            )
            held = self.held[authority_id]
            self.held[authority_id] = replace(held, issued=(made, *held.issued))
            return made

        return self.answers.job(
            "issue",
            issued,
            authority_id=authority_id,
            csr=csr,
            purpose=purpose,
            validity=validity,
            partner=partner,
        )

    def revoke(self, authority_id: int, sha256: str, reason: RevocationReason) -> FakeKeyJob[IssuedCrl]:
        def revoked() -> IssuedCrl:
            held = self.held[authority_id]
            self.held[authority_id] = replace(
                held,
                issued=tuple(
                    replace(one, revoked_at=FAKE_NOW, reason=reason)
                    if one.certificate.sha256 == sha256
                    else one
                    for one in held.issued
                ),
            )
            return self._crl(authority_id, days=7)

        return self.answers.job("revoke", revoked, authority_id=authority_id, sha256=sha256, reason=reason)

    def issue_crl(self, authority_id: int, *, days: int = 7) -> FakeKeyJob[IssuedCrl]:
        return self.answers.job(
            "issue_crl", lambda: self._crl(authority_id, days=days), authority_id=authority_id, days=days
        )

    def save_chain(self, authority_id: int, sha256: str, file: Path) -> Future[Path]:
        return self._save(file)

    def save_root(self, authority_id: int, file: Path) -> Future[Path]:
        return self._save(file)

    def save_crl(self, authority_id: int, file: Path) -> Future[Path]:
        return self._save(file)

    def delete(self, authority_id: int) -> FakeKeyJob[None]:
        def deleted() -> None:
            self.held.pop(authority_id, None)

        return self.answers.job("delete", deleted, authority_id=authority_id)

    def _save(self, file: Path) -> Future[Path]:
        def saved() -> Path:
            self.saved.append(file)
            return file

        return self.answers.answer(saved)

    def _crl(self, authority_id: int, *, days: int) -> IssuedCrl:
        held = self.held[authority_id]
        number = (held.crl_number or 0) + 1
        next_update = FAKE_NOW + timedelta(days=days)
        self.held[authority_id] = replace(held, crl_number=number, crl_next_update=next_update)
        return IssuedCrl(
            number=number,
            der=b"0\x00",
            root_der=b"0\x00",
            this_update=FAKE_NOW,
            next_update=next_update,
            count=sum(one.revoked_at is not None for one in held.issued),
        )
