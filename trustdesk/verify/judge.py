"""The first judge: cryptography's verifier as the gate, own rules that explain and can only take away.

Decisions:
- 2026-11: trusted means that the verifier accepted and that no rule of our own failed. The rules run on the
  path that the verifier took or, where it refused, on the best one that leads to the list at all, so that
  an expired certificate of a listed CA is called expired and not unknown.
- 2026-11: only CA certificates of a list are anchors. A list that holds the server's own certificate does not
  make it trusted: pinning is a decision about one partner and comes with the partner's policy.
- 2026-11: what was presented after the end entity is a set: no order is asked for (RFC 8446 4.4.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.x509.verification import Store

from trustdesk.core.trust import ServerFault, ServerJudgement, TrustList
from trustdesk.verify import chain_rules, server_rules
from trustdesk.verify.case import Case, Ruling
from trustdesk.verify.names import match_name
from trustdesk.verify.paths import Link, Path, Search, Signatures, by_subject, link_of, read_link, search
from trustdesk.verify.verifier import Opinion, verify_server

MAX_PRESENTED = 32
"""Certificates of a chain that are looked at; a longer one is judged by its first ones."""


class PathJudge:
    """Judges servers against trust lists (`core.ports.Judge`); nothing in it changes after the start."""

    def __init__(self, trust_lists: Sequence[TrustList]) -> None:
        self._lists = tuple(_IndexedList(trust_list) for trust_list in trust_lists) or (_IndexedList(None),)

    def judge_server(
        self, presented_chain: Sequence[bytes], reference_identifier: str, at: datetime
    ) -> ServerJudgement:
        """Judge a chain (DER, end entity first) for a name and an instant, against each list by itself.

        The judgement is that of the first list that trusts it, else of the first on which a path ends, else
        of the first. An empty chain is judged too: there is nothing to trust.
        """
        presented = tuple(read_link(der) for der in presented_chain[:MAX_PRESENTED]) or (read_link(b""),)
        instant = at.astimezone(UTC).replace(microsecond=0)
        signatures = Signatures()
        judgements = []
        for trust_list in self._lists:
            judgement = _judge(presented, trust_list, reference_identifier, instant, signatures)
            if judgement.trusted:
                return judgement
            judgements.append(judgement)
        return next((judgement for judgement in judgements if judgement.path), judgements[0])


class _IndexedList:
    """A trust list with its anchors ready for both searches."""

    def __init__(self, trust_list: TrustList | None) -> None:
        self.trust_list = trust_list
        anchors = [link_of(facts) for facts in trust_list.anchors if facts.is_ca] if trust_list else []
        self.anchors = by_subject(anchors)
        loaded = {link.facts.sha256: link for link in anchors if link.certificate is not None}
        self.by_digest = loaded
        certificates = [link.certificate for link in loaded.values() if link.certificate is not None]
        self.store = Store(certificates) if certificates else None


def _judge(
    presented: tuple[Link, ...],
    trust_list: _IndexedList,
    reference_identifier: str,
    at: datetime,
    signatures: Signatures,
) -> ServerJudgement:
    server = presented[0]
    opinion = Opinion((), None)
    if server.certificate is not None:
        intermediates = [link.certificate for link in presented[1:] if link.certificate is not None]
        opinion = verify_server(trust_list.store, server.certificate, intermediates, reference_identifier, at)
    path = _accepted_path(opinion, presented, trust_list)
    dead_end: Path = presented[:1]
    if path is None:
        found = search(presented, trust_list.anchors, signatures)
        path, dead_end = _best(found, at), found.dead_end
    case = Case(
        presented=presented,
        path=path,
        chain=path or dead_end,
        gave_up=signatures.gave_up,
        reference_identifier=reference_identifier,
        at=at,
        refusal=opinion.refusal if server.certificate is not None else "unreadable",
        trust_list=trust_list.trust_list,
    )
    rulings = [rule(case) for rule in (*server_rules.SERVER_RULES, *chain_rules.CHAIN_RULES)]
    known = frozenset(fault for ruling in rulings for fault in ruling.faults)
    rulings.append(chain_rules.path(case, known))
    return _judgement(case, rulings)


def _accepted_path(opinion: Opinion, presented: tuple[Link, ...], trust_list: _IndexedList) -> Path | None:
    """Return the verifier's path as links; None when it refused, or ended at the server's own certificate."""
    if len(opinion.path) < 2:
        return None
    known = {link.facts.sha256: link for link in presented} | trust_list.by_digest
    return tuple(known[digest] for digest in opinion.path)


def _best(found: Search, at: datetime) -> Path | None:
    """Return the path with the least wrong with it, the shorter of two equals; None without one."""

    def trouble(path: Path) -> tuple[int, int]:
        wrong = sum(not _is_valid(link, at) for link in path[1:]) + sum(
            not link.facts.is_ca for link in path[1:]
        )
        return wrong, len(path)

    return min(found.anchored, key=trouble, default=None)


def _is_valid(link: Link, at: datetime) -> bool:
    facts = link.facts
    return (
        facts.not_before is not None
        and facts.not_after is not None
        and facts.not_before <= at <= facts.not_after
    )


def _judgement(case: Case, rulings: Sequence[Ruling]) -> ServerJudgement:
    findings = tuple(ruling.finding for ruling in rulings)
    faults = {fault for ruling in rulings for fault in ruling.faults}
    facts = case.server.facts
    accepted = case.refusal is None and case.path is not None
    is_read = case.server.certificate is not None
    match = match_name(case.reference_identifier, facts.subject_alt_names)
    return ServerJudgement(
        trusted=accepted and not faults and not any(finding.is_failure for finding in findings),
        trust_list=case.trust_list.name if case.trust_list else "",
        path=tuple(link.facts.sha256 for link in case.path or ()),
        name_matched=match.matches if is_read else None,
        matched_by=match.matched_by,
        findings=tuple(sorted(findings, key=lambda finding: finding.rule)),
        faults=tuple(fault for fault in ServerFault if fault in faults),
        opinion=case.refusal if is_read else None,
    )
