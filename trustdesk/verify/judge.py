"""The gate of live probes: may a client certificate be sent to this server?

Decisions:
- 2026-11: our own evaluator (`verify.path_verifier`) judges, on every path, and its checks become the
  findings of the catalogue. Trusted here takes more than there: cryptography's verifier must accept as well.
  What leaves over the connection afterwards cannot be called back, so a fault in one engine alone must not
  open it. Where our rules accept and the other engine refuses (Ed25519, names that it cannot take, critical
  policies), CHN-01 says so with its words; where it accepts and our rules refuse, `disagreement` says it.
- 2026-11: only CA certificates of a list are anchors, and roots of version 1 (`verify.anchor_candidates`).
  A list that holds the server's own certificate does not
  make it trusted: pinning is a decision about one partner and comes with the partner's policy, which only
  ever takes trust away by it.
- 2026-11: a staple is judged with the chain: a server whose own staple says revoked is not trusted. The gate
  asks nobody; services judge a second time, with the addresses that may be asked, after the handshake.
- 2026-11: what was presented after the end entity is a set: no order is asked for (RFC 8446 4.4.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.revocation import FailMode
from trustdesk.core.trust import ServerFault, ServerJudgement, TrustList
from trustdesk.core.verification import TLS_INPUTS, Purpose, Verification
from trustdesk.verify import chain_rules, revocation_rules, server_rules
from trustdesk.verify.anchor_candidates import may_be_anchor
from trustdesk.verify.case import Case, Ruling
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.names import match_name
from trustdesk.verify.path_policy import policy_of
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.path_view import view_of
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence
from trustdesk.verify.trust_basis import basis_of, engine_of

MAX_PRESENTED = 32
"""Certificates of a chain that are looked at; a longer one is judged by its first ones."""


class PathJudge:
    """Judges servers against trust lists (`core.ports.Judge`); nothing in it changes what it says.

    With evidence that holds a `web` it is no gate any more: it asks addresses, and takes its time. With
    `published_keys` (origins by the SHA-256 of SubjectPublicKeyInfo) a chain with a key that anybody can have
    is not trusted; without them, that rule is not run.
    """

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        *,
        published_keys: Mapping[str, str] | None = None,
        revocation: RevocationEvidence = NO_EVIDENCE,
        fail_mode: FailMode = FailMode.SOFT,
    ) -> None:
        self._published_keys = published_keys
        self._revocation = revocation
        self._inputs = replace(TLS_INPUTS, fail_mode=fail_mode)
        self._basis = basis_of(trust_lists)
        self._engine = engine_of(knows_published_keys=published_keys is not None)
        self._lists: tuple[tuple[TrustList | None, PathVerifier], ...] = tuple(
            zip(trust_lists, verifiers_of(trust_lists), strict=True)
        ) or ((None, PathVerifier([])),)

    def judge_server(
        self,
        presented_chain: Sequence[bytes],
        reference_identifier: str,
        at: datetime,
        *,
        staple: bytes | None = None,
    ) -> ServerJudgement:
        """Judge a chain (DER, end entity first) for a name and an instant, against each list by itself.

        What any of the lists distrusts is distrusted by all of them, and what one of them says of every path
        holds for all. The judgement is that of the first list that trusts it, else of the first on which a
        path ends, else of the first. An empty chain is judged too: there is nothing to trust.
        """
        chain = list(presented_chain[:MAX_PRESENTED]) or [b""]
        presented = tuple(decode(der) for der in chain)
        evidence = replace(self._revocation, staple=staple)
        judgements = []
        for trust_list, verifier in self._lists:
            verification = verifier.verify(
                chain[0],
                chain[1:],
                purpose=Purpose.SERVER,
                at=at,
                reference_identifier=reference_identifier,
                inputs=self._inputs,
                revocation=evidence,
            )
            case = _case(presented, verification, trust_list, self._published_keys)
            judgement = replace(
                _judgement(replace(case, staple=staple)),
                basis=self._basis,
                judged_at=at.astimezone(UTC),
                engine=self._engine,
            )
            if judgement.trusted:
                return judgement
            judgements.append(judgement)
        return next((judgement for judgement in judgements if judgement.path), judgements[0])


def verifiers_of(trust_lists: Sequence[TrustList]) -> tuple[PathVerifier, ...]:
    """Return a verifier for each of some lists that judge together.

    Each ends paths on its own list, with the intermediates of all. What one of them distrusts, or asks of
    every path, holds for all.
    """
    policy = policy_of(trust_lists)
    issuers = tuple(one for trust_list in trust_lists for one in trust_list.intermediates)
    return tuple(PathVerifier([_of_cas(trust_list, issuers)], policy=policy) for trust_list in trust_lists)


def _of_cas(trust_list: TrustList, issuers: tuple[CertificateFacts, ...]) -> TrustList:
    """Leave out what is no anchor: it vouches for nobody, and must not look as if a path ended at it.

    Args:
        issuers: of all lists, for building paths.
    """
    return replace(
        trust_list,
        intermediates=issuers,
        anchors=tuple(facts for facts in trust_list.anchors if may_be_anchor(facts)),
        limited=tuple(anchor for anchor in trust_list.limited if may_be_anchor(anchor.certificate)),
    )


def _case(
    presented: tuple[Decoded, ...],
    verification: Verification,
    trust_list: TrustList | None,
    published_keys: Mapping[str, str] | None,
) -> Case:
    return Case(
        presented=presented,
        verification=verification,
        view=view_of(verification.paths[0], verification.known),
        trust_list=trust_list,
        published_keys=published_keys,
    )


def _judgement(case: Case) -> ServerJudgement:
    rules = (*server_rules.SERVER_RULES, *chain_rules.CHAIN_RULES, *revocation_rules.REVOCATION_RULES)
    rulings: list[Ruling] = [rule(case) for rule in rules]
    known = frozenset(fault for ruling in rulings for fault in ruling.faults)
    rulings.append(chain_rules.path(case, known))
    findings = tuple(ruling.finding for ruling in rulings)
    faults = {fault for ruling in rulings for fault in ruling.faults}
    server, second = case.server, case.second
    match = match_name(case.verification.reference_identifier or "", server.facts.subject_alt_names)
    is_read = server.fields is not None
    return ServerJudgement(
        trusted=case.verification.trusted
        and second.accepted is True
        and not faults
        and not any(finding.is_failure for finding in findings),
        trust_list=case.trust_list.name if case.trust_list else "",
        path=tuple(one.sha256 for one in case.path or ()),
        name_matched=match.matches if is_read else None,
        matched_by=match.matched_by,
        findings=tuple(sorted(findings, key=lambda finding: finding.rule)),
        faults=tuple(fault for fault in ServerFault if fault in faults),
        opinion=None if second.accepted or not is_read else chain_rules.words_of(second),
        disagreement=case.verification.disagreement,
        revocation=case.revocation,
        fail_modes=case.verification.paths[0].fail_modes,
    )
