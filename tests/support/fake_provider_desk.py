"""A desk of identity providers without a workspace: what it answers is given, what it was asked is kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tests.support import tokens
from tests.support.pki import NOW
from tests.support.tokens import public_jwk
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.identity_provider import ProviderCheck, ProviderList, TokenReading
from trustdesk.core.message import msg
from trustdesk.core.ports import Job
from trustdesk.core.trust_version import (
    Authenticity,
    AuthenticityState,
    ListSource,
    Publisher,
    SignatureMethod,
    SourceKind,
)
from trustdesk.formats.token import read_token
from trustdesk.formats.web_key import read_key
from trustdesk.services.prepared_jobs import DoneJob
from trustdesk.verify.tokens.judge import judge_token

T = TypeVar("T")


def sample_list(**changes: object) -> ProviderList:
    """A signed list of two providers."""
    made = ProviderList(
        name="partners",
        title="Identity providers of the pilot",
        providers=(
            tokens.provider(public_jwk()),
            tokens.provider(issuer="https://login.skybridge.example", name="Skybridge Login", keys=()),
        ),
        source=ListSource(
            kind=SourceKind.JSON, place="p.jws", retrieved_at=NOW, retrieved_by="ann", sha256="ab" * 32
        ),
        authenticity=Authenticity(
            state=AuthenticityState.VERIFIED, method=SignatureMethod.JWS, signer="cd" * 32, pinned=True
        ),
        publisher=Publisher(name="Pilot Operations Office"),
        sequence=4,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def sample_check(issuer: str, verdict: Verdict = Verdict.FAIL) -> ProviderCheck:
    """What came of asking a provider whose endpoint is weak."""
    finding = Finding(
        rule="JWT-11",
        status=FindingStatus.PASS if verdict is Verdict.PASS else FindingStatus.FAIL,
        severity=Severity.ERROR,
        title=msg("Its keys are strong, and its TLS endpoints pass the rules for servers."),
        evidence=msg("k1: The key is RSA 1024; at least 2048 bits are asked for."),
        remedy=msg("Ask the identity provider to correct it; see the rules below."),
        source="RFC 7518 3.3",
    )
    document = tokens.provider(public_jwk(kid="new")).keys
    return ProviderCheck(issuer=issuer, findings=(finding,), verdict=verdict, checked_at=NOW, keys=document)


class FakeProviderDesk:
    """A `services.provider_desk.ProviderDesk`."""

    def __init__(self, *lists: ProviderList) -> None:
        self.lists = list(lists)
        self.error: TrustdeskError | None = None
        self.asked: list[str] = []
        self.waiting: Future[ProviderCheck] | None = None

    def provider_lists(self) -> Future[tuple[ProviderList, ...]]:
        return DoneJob(tuple(self.lists)).future

    def prepare_providers(self, file: Path, name: str, *, signer: str | None = None) -> Job[ProviderList]:
        self.asked.append(f"prepare {file.name} {name} {signer}")
        state = AuthenticityState.UNKNOWN_SIGNER if signer is None else AuthenticityState.VERIFIED
        return self._job(sample_list(name=name, authenticity=Authenticity(state=state, signer="cd" * 32)))

    def keep_providers(
        self, prepared: ProviderList, comment: str, *, accept_expired: bool = False
    ) -> Job[ProviderList]:
        self.asked.append(f"keep {prepared.name} {comment} {accept_expired}")
        if self.error is None:
            self.lists.append(prepared)
        return self._job(prepared)

    def remove_providers(self, name: str, comment: str) -> Job[None]:
        self.asked.append(f"remove {name} {comment}".strip())
        self.lists = [one for one in self.lists if one.name != name]
        return self._job(None)

    def keep_keys(self, check: ProviderCheck, comment: str) -> Job[ProviderList]:
        self.asked.append(f"keep keys of {check.issuer} {comment}".strip())
        return self._job(self.lists[0])

    def check_provider(
        self, issuer: str, *, trust_lists: Sequence[str] = (), allow_private_addresses: bool = False
    ) -> Job[ProviderCheck]:
        self.asked.append(f"check {issuer} {list(trust_lists)} {allow_private_addresses}")
        return self._job(sample_check(issuer))

    def read_token(
        self,
        token: str,
        *,
        identity: str | None = None,
        certificate: CertificateFacts | None = None,
        beside: Sequence[ProviderList] = (),
        with_keys: bool = False,
        trust_lists: Sequence[str] = (),
        allow_private_addresses: bool = False,
    ) -> Job[TokenReading]:
        del certificate, beside, trust_lists, allow_private_addresses
        self.asked.append(f"token {identity} {with_keys}")
        reading = judge_token(
            read_token(token),
            at=NOW,
            providers=[tokens.on_list(tokens.provider())],
            keys=[read_key(public_jwk())],
        )
        return self._job(reading)

    def _job(self, value: T) -> Job[T]:
        job = DoneJob(value)
        if self.error is not None:
            failed: Future[T] = Future()
            failed.set_exception(self.error)
            job.future = failed
        return job
