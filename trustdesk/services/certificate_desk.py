"""The desk's side of judging and linting what is open: certificates, requests, keys and lists."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CertificateDetails, CertificateRow, CrlFacts, InspectedItem
from trustdesk.core.message import msg
from trustdesk.core.ports import Job
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.network.fetch import WebFetcher
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.bulk_judging import judge_rows
from trustdesk.services.conformance import ConformanceLinting
from trustdesk.services.crl_opening import CrlOpener
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import OpenedCrl
from trustdesk.services.lint_evidence import key_evidence, with_evidence
from trustdesk.services.linting import choose_rule_sets, context_of, lint_all
from trustdesk.services.published_keys import published_keys
from trustdesk.services.row_values import JudgedRows, JudgingTotals
from trustdesk.services.thread_jobs import ThreadJobs
from trustdesk.services.trust_lists import certifi_list
from trustdesk.services.verification import verify_certificate
from trustdesk.verify.lint import lint_key
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext, Role

_FETCHED_FOR_S = 10.0
"""Seconds in which an issuer, or that it could not be had, is not asked for again."""

_OPEN = msg("what is open")

_MAX_BESIDE = 200
"""CAs that are open and may stand above what is linted; more strangers find no other path."""


class CertificateDesk:
    """Judges what was read, as of the session's evaluation time; each method as in `services.desk.Desk`."""

    def __init__(self, session: DeskSession, crls: CrlOpener, proxies: ProxyChoice | None = None) -> None:
        """Take the session, and what opens long lists, which its owner closes after this.

        Args:
            proxies: for issuers that are fetched; None for the environment's.
        """
        self._proxies = proxies
        self._session = session
        self._examiner = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-examiner")
        self._fetching = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-fetching")
        self._lock = threading.Lock()
        self._fetcher: tuple[float, WebFetcher] | None = None
        self._judging = ThreadJobs("trustdesk-judging")
        self._crls = crls
        self._conformance = ConformanceLinting()

    def judge_rows(
        self, rows: Sequence[CertificateRow], on_verdicts: Callable[[JudgedRows], None]
    ) -> Job[JudgingTotals]:
        """Judge rows for both purposes by the lists in force."""
        at, given = self._session.at, self._session.revocation.given()
        return self._judging.start(
            lambda cancel: judge_rows(
                rows,
                self._session.lists(),
                at=at,
                on_verdicts=on_verdicts,
                cancel=cancel,
                revocation=given,
            )
        )

    def judge(
        self,
        certificate: CertificateFacts,
        *,
        purpose: Purpose,
        beside: Sequence[CertificateFacts],
        trust_list: str | None,
        fetches: bool,
        asks_revocation: bool,
    ) -> Future[Verification]:
        """Judge one certificate with others that may be its issuers."""
        revocation = self._session.revocation
        policy = revocation.asking_policy() if asks_revocation else revocation.silent_policy()
        # A slow web server of a CA holds up nothing but what was asked of it.
        at, names = self._session.at, () if trust_list is None else (trust_list,)
        fetcher = self._current_fetcher() if fetches else None
        # Without a nonce, so that what a responder answered is found again.
        evidence = policy.evidence(single=False)

        def judged() -> Verification:
            return verify_certificate(
                certificate,
                beside,
                purpose=purpose,
                trust_lists=self._session.lists(names),
                at=at,
                fetcher=fetcher,
                revocation=evidence,
            )

        return (self._fetching if fetches or asks_revocation else self._examiner).submit(judged)

    def lint(
        self,
        certificate: CertificateDetails,
        *,
        purpose: Purpose,
        chain: Sequence[CertificateDetails],
        beside: Sequence[InspectedItem],
    ) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets for a purpose."""
        at = self._session.at
        return self._examiner.submit(
            lambda: _lint(
                certificate,
                purpose,
                tuple(chain),
                tuple(beside),
                trust_lists=self._session.lists(),
                at=at,
            )
        )

    def lint_item(self, item: InspectedItem, beside: Sequence[InspectedItem]) -> Future[tuple[Finding, ...]]:
        """Apply the rule sets to a request or a private key; there are none for anything else."""
        return self._examiner.submit(_lint_item, item, tuple(beside), self._session.at)

    def lint_conformance(self, certificate: CertificateFacts) -> Job[tuple[Finding, ...]]:
        """Have pkilint read a certificate, in a process of its own."""
        return self._conformance.start(certificate.der)

    def open_crl(
        self,
        crl: CrlFacts,
        beside: Sequence[CertificateFacts],
        on_progress: Callable[[float], None] | None,
    ) -> Job[OpenedCrl]:
        """Make a revocation list that was read ready to be asked; a long one is indexed first."""
        job = self._crls.open(crl, tuple(beside), on_progress)
        taken = self._session.revocation.opened_for_a_face
        job.future.add_done_callback(lambda done: taken(crl.sha256, done))
        return job

    def cancel(self) -> None:
        """Ask nothing further of the network."""
        if self._fetcher is not None:
            self._fetcher[1].cancel()

    def close(self) -> None:
        """End what runs and let go of threads and processes."""
        self.cancel()
        self._judging.close()
        self._examiner.shutdown(cancel_futures=True)
        self._fetching.shutdown(cancel_futures=True)
        self._conformance.close()

    def _current_fetcher(self) -> WebFetcher:
        """Return the fetcher of this moment: it asks once for what several questions need."""
        now = time.monotonic()
        with self._lock:
            known = self._fetcher
            if known is None or known[1].is_cancelled or now - known[0] > _FETCHED_FOR_S:
                known = self._fetcher = (now, WebFetcher(proxies=self._proxies))
            return known[1]


def _lint(
    certificate: CertificateDetails,
    purpose: Purpose,
    chain: tuple[CertificateDetails, ...],
    beside: tuple[InspectedItem, ...],
    *,
    trust_lists: Sequence[TrustList],
    at: datetime,
) -> tuple[Finding, ...]:
    role = Role.CA if certificate.facts.is_ca else Role(purpose.value)
    authorities = (item.certificate for item in beside if item.certificate is not None)
    context = context_of(
        certificate,
        role,
        at,
        trust_lists,
        chain=chain,
        beside=[one for one in authorities if one.facts.is_ca][:_MAX_BESIDE],
        public_list=certifi_list(),
    )
    subject = CertificateSubject(certificate)
    sources = (
        item.source
        for item in beside
        if item.certificate is not None and item.certificate.facts.sha256 == certificate.facts.sha256
    )
    context = with_evidence(context, subject, beside, source=next(sources, ""), place=_OPEN)
    return lint_all(subject, role, choose_rule_sets(()), context)


def _lint_item(item: InspectedItem, beside: tuple[InspectedItem, ...], at: datetime) -> tuple[Finding, ...]:
    rule_sets, context = choose_rule_sets(()), LintContext(at=at)
    if item.csr is not None:
        subject = CsrSubject(item.csr)
        context = with_evidence(context, subject, beside, source=item.source, place=_OPEN)
        return lint_all(subject, Role.CSR, rule_sets, context)
    key = key_evidence(item, beside)
    if key is None:
        return ()
    return lint_key(key, rule_sets, replace(context, compromised_keys=published_keys()))
