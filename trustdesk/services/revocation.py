"""Revocation for every use: what was given in files, what may be asked of whom, and who is judged by it.

Decisions:
- 2026-11: the gate before the client certificate leaves asks nobody: it has the staple and the files, both at
  hand. Addresses are asked after the handshake, where a person allowed it, and the server is judged again. A
  download inside the handshake would let a dead responder decide whether a partner can be tested at all.
- 2026-11: hard fail holds at the gate too, unless addresses may be asked: then it holds for the verdict, for
  at the gate nothing would ever be known of the CAs, of which no server staples anything.
- 2026-11: a nonce goes with the questions of a single test; a sweep asks without, so that one answer of a
  responder serves all its partners, and so do questions on what is open, which share what they were told.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock, RevocationList, RevocationWeb
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.revocation import (
    FailMode,
    RevocationCheck,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
)
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.verification import TLS_INPUTS, Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientIdentity
from trustdesk.formats.der import SEQUENCE, DerError, read_whole
from trustdesk.formats.pem import ders_of
from trustdesk.network.download import Downloader
from trustdesk.network.web_connection import Progress
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.files import read_bounded
from trustdesk.services.revocation_lists import CRL_LABEL, open_revocation_list
from trustdesk.services.revocation_web import CachingRevocationWeb
from trustdesk.storage.places import revocation_cache_folder
from trustdesk.storage.revocation_cache import RevocationCache
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence

MAX_CRL_FILE = 128 << 20
MAX_OCSP_FILE = 1 << 20
_NONCE_OCTETS = 32


class StoppableWeb(RevocationWeb, Protocol):
    """Asks addresses until it is told to stop."""

    def cancel(self) -> None:
        """End what runs, and refuse the next ones; from any thread, any number of times."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationPolicy:
    """How revocation is found out.

    Attributes:
        given: lists and responses from files, and addresses that a person typed; no staple, no web.
        web: asks addresses; None for no connection but the target's own.
        fail_mode: what follows where nothing reliable is known.
    """

    given: RevocationEvidence = NO_EVIDENCE
    web: StoppableWeb | None = None
    fail_mode: FailMode = FailMode.SOFT

    def gate(
        self, trust_lists: Sequence[TrustList], *, published_keys: Mapping[str, str] | None = None
    ) -> PathJudge:
        """Return the judge that stands before the client certificate: it asks nobody."""
        fail_mode = self.fail_mode if self.web is None else FailMode.SOFT
        return PathJudge(
            trust_lists, published_keys=published_keys, revocation=self.given, fail_mode=fail_mode
        )

    def judge(
        self, trust_lists: Sequence[TrustList], *, published_keys: Mapping[str, str] | None = None
    ) -> PathJudge:
        """Return a judge of what was seen, for any instant: it asks who may be asked, and is no gate."""
        return PathJudge(
            trust_lists,
            published_keys=published_keys,
            revocation=self.evidence(single=False),
            fail_mode=self.fail_mode,
        )

    def second(
        self,
        trust_lists: Sequence[TrustList],
        *,
        published_keys: Mapping[str, str] | None = None,
        single: bool = True,
    ) -> SecondJudgement | None:
        """Return what judges servers again with what the CAs answer; None while nobody is asked.

        Args:
            single: whether one server is judged, or many.
        """
        if self.web is None:
            return None
        return SecondJudgement(trust_lists, self, published_keys=published_keys, single=single)

    def evidence(self, *, single: bool = True) -> RevocationEvidence:
        """Return all sources for one verification, or, when not `single`, for many."""
        if self.web is None:
            return self.given
        nonce = secrets.token_bytes(_NONCE_OCTETS) if single else None
        return replace(self.given, web=self.web, nonce=nonce)


class SecondJudgement:
    """Judges servers again after the handshake, with the addresses that may be asked; from any thread."""

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        policy: RevocationPolicy,
        *,
        published_keys: Mapping[str, str] | None = None,
        at: datetime | None = None,
        single: bool = True,
    ) -> None:
        """Prepare it.

        Args:
            published_keys: where private keys were published, by the SHA-256 of SubjectPublicKeyInfo.
            at: instant judged for; None for the present.
            single: whether one server is judged, or many.
        """
        self._judge = PathJudge(
            trust_lists,
            published_keys=published_keys,
            revocation=policy.evidence(single=single),
            fail_mode=policy.fail_mode,
        )
        self._at = at
        self._web = policy.web

    def cancel(self) -> None:
        """Ask no more addresses; what is judged from then on says that nothing could be had."""
        if self._web is not None:
            self._web.cancel()

    def judged(self, record: ProbeRecord) -> ProbeRecord:
        """Return the record with what the judge says now; as it was where no certificate was presented."""
        if record.judgement is None or record.outcome is Outcome.CANCELLED:
            return record
        judgement = self._judge.judge_server(
            [facts.der for facts in record.presented_chain],
            record.target.verify_name,
            self._at or datetime.now(UTC),
            staple=record.stapled_ocsp,
        )
        outcome = record.outcome if judgement.trusted else Outcome.UNTRUSTED_PEER
        return replace(record, judgement=judgement, outcome=outcome)


def person_web(
    clock: Clock,
    *,
    proxies: ProxyChoice | None = None,
    allow_private_addresses: bool = False,
    progress: Progress | None = None,
) -> CachingRevocationWeb:
    """Return what asks addresses on behalf of this person, and keeps CRLs in the person's own cache.

    Args:
        proxies: None for the environment's.
        progress: told of the bytes of each CRL as it comes.
    """
    return CachingRevocationWeb(
        Downloader(proxies=proxies),
        RevocationCache(revocation_cache_folder()),
        clock=clock,
        allow_private_addresses=allow_private_addresses,
        progress=progress,
    )


def own_revocation(
    identity: ClientIdentity,
    trust_lists: Sequence[TrustList],
    policy: RevocationPolicy,
    at: datetime | None = None,
) -> tuple[RevocationCheck, ...]:
    """Find out whether our own certificate, or a CA above it, is revoked: before a partner is asked.

    The path that we send is taken at its word: whether the partner trusts its CA is another question.

    Returns:
        Our certificate first; empty when there is no source to look at.
    """
    evidence = policy.evidence()
    if evidence.is_empty:
        return ()
    path = [read_certificate(der) for der in identity.certification_path]
    cas = tuple(facts for facts in path[1:] if facts.is_ca)
    sent = TrustList(name="sent", title=msg("What we send"), origin=TrustListOrigin.FILE, anchors=cas[-1:])
    verification = PathVerifier([*trust_lists, sent]).verify(
        path[0],
        path[1:],
        purpose=Purpose.CLIENT,
        at=at or datetime.now(UTC),
        inputs=replace(TLS_INPUTS, purpose_required=False),
        revocation=evidence,
    )
    longest = max(verification.paths, key=lambda one: (one.anchor_list is not None, len(one.certificates)))
    return longest.revocation


def given_evidence(
    crl_files: Sequence[Path],
    ocsp_files: Sequence[Path],
    *,
    crl_urls: Sequence[str] = (),
    ocsp_urls: Sequence[str] = (),
) -> RevocationEvidence:
    """Read CRLs and OCSP responses from files.

    Raises:
        UnusableInputError: a file cannot be read, or is none of its kind.
    """
    lists = tuple(
        (
            _source(RevocationSourceKind.DELTA_CRL if one.facts.is_delta else RevocationSourceKind.CRL, file),
            one,
        )
        for file in crl_files
        for one in open_lists(file)
    )
    responses = tuple(
        (_source(RevocationSourceKind.OCSP, file), one) for file in ocsp_files for one in _responses(file)
    )
    return RevocationEvidence(
        lists=lists, responses=responses, crl_urls=tuple(crl_urls), ocsp_urls=tuple(ocsp_urls)
    )


def open_lists(file: Path) -> tuple[RevocationList, ...]:
    """Open all CRLs in a file, DER or PEM, in their order: a bundle speaks for several CAs.

    Raises:
        UnusableInputError: it cannot be read, holds no CRL, or one of them is none: which one is said.
            Leaving that one out would leave unsaid what it revokes.
    """
    lists = tuple(open_revocation_list(der) for der in ders_of(read_bounded(file, MAX_CRL_FILE), CRL_LABEL))
    for position, one in enumerate(lists, 1):
        if one.facts.this_update is None:
            raise UnusableInputError(
                msg("There is no CRL in the file.")
                if len(lists) == 1
                else msg(
                    "CRL {position} of {count} in the file cannot be read.",
                    position=position,
                    count=len(lists),
                ),
                remedy=msg("Name a CRL, as DER or PEM."),
                place=str(file),
            )
    return lists


def _responses(file: Path) -> tuple[bytes, ...]:
    ders = ders_of(read_bounded(file, MAX_OCSP_FILE), "OCSP RESPONSE")
    try:
        for der in ders:
            read_whole(der, SEQUENCE)
    except DerError:
        raise UnusableInputError(
            msg("There is no OCSP response in the file."),
            remedy=msg("Name a response as DER, such as openssl ocsp -respout writes."),
            place=str(file),
        ) from None
    return ders


def _source(kind: RevocationSourceKind, file: Path) -> RevocationSource:
    return RevocationSource(kind=kind, origin=RevocationSourceOrigin.FILE, place=file.name)
