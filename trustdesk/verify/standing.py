"""Whether a chain is trusted, and by which path, without the findings: the gate's word for thousands.

`verify.judge` applies every rule and words every finding, which takes four times as long; what both say of
trust has to be the same, and a test compares them on random PKIs. Where a finding may take trust away that no
rule of the path knows (a published key, a staple that is asked for), the gate itself is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trustdesk.core.message import Message
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import TLS_INPUTS, Purpose
from trustdesk.verify.decoded import decode
from trustdesk.verify.evaluator import Question
from trustdesk.verify.judge import MAX_PRESENTED, PathJudge, verifiers_of
from trustdesk.verify.path_sources import Pool
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence
from trustdesk.verify.same_keys import published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A chain to judge.

    Attributes:
        certificates: DER, end entity first.
        reference_identifier: of a server; None for a client, which is judged by our own rules alone, as
            identities are.
        staple: OCSP response (DER) that came with it; None when none did.
    """

    certificates: tuple[bytes, ...]
    purpose: Purpose = Purpose.SERVER
    reference_identifier: str | None = None
    staple: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStanding:
    """What came of it.

    Attributes:
        path: SHA-256 digests, end entity first; of the path that holds, empty where none does.
        trust_list: name of the list that it ends on; "" where none holds.
        reason: the first thing against it; None where it is trusted.
        was_limited: the search for paths ended at a limit, so that not all were seen.
    """

    trusted: bool
    path: tuple[str, ...] = ()
    trust_list: str = ""
    reason: Message | None = None
    was_limited: bool = False


class StandingJudge:
    """Judges by some lists as of an instant; not for two threads at once."""

    def __init__(
        self,
        trust_lists: Sequence[TrustList],
        *,
        at: datetime,
        published_keys: Mapping[str, str] | None = None,
        revocation: RevocationEvidence = NO_EVIDENCE,
    ) -> None:
        self._at = at.astimezone(UTC).replace(microsecond=0)
        self._published_keys = published_keys or {}
        self._revocation = revocation
        self._lists = tuple(trust_lists)
        self._verifiers = verifiers_of(trust_lists)
        self._gate = PathJudge(trust_lists, published_keys=published_keys, revocation=revocation)

    def standing(self, presented: Presented) -> ChainStanding:
        """Judge a chain: trusted where one of the lists trusts it."""
        chain = presented.certificates[:MAX_PRESENTED] or (b"",)
        end_entity = decode(chain[0])
        if presented.reference_identifier is not None and end_entity.must_staple:
            return self._by_the_gate(presented)
        question = Question(
            purpose=presented.purpose,
            reference_identifier=presented.reference_identifier,
            at=self._at,
            inputs=TLS_INPUTS,
            failures_only=True,
            revocation=replace(self._revocation, staple=presented.staple),
        )
        reason: Message | None = None
        was_limited = False
        above = [decode(one) for one in chain[1:]]
        for trust_list, verifier in zip(self._lists, self._verifiers, strict=True):
            found = verifier.verify_decoded(end_entity, Pool(above), question)
            was_limited = was_limited or found.search_limit_hit is not None
            if not found.trusted:
                reason = reason or found.own.reason
            elif presented.reference_identifier is None or found.cryptography.accepted:
                path = found.paths[0].certificates
                facts = {one.sha256: one for one in found.known}
                if presented.reference_identifier is not None and any(
                    published_at(self._published_keys, decode(facts[one].der).key_digests) is not None
                    for one in path
                ):
                    return self._by_the_gate(presented)
                return ChainStanding(
                    trusted=True, path=path, trust_list=trust_list.name, was_limited=was_limited
                )
            else:
                reason = reason or found.cryptography.reason
        return ChainStanding(trusted=False, reason=reason, was_limited=was_limited)

    def _by_the_gate(self, presented: Presented) -> ChainStanding:
        judgement = self._gate.judge_server(
            presented.certificates, presented.reference_identifier or "", self._at, staple=presented.staple
        )
        failed = next((one for one in judgement.findings if one.is_failure), None)
        return ChainStanding(
            trusted=judgement.trusted,
            path=judgement.path if judgement.trusted else (),
            trust_list=judgement.trust_list if judgement.trusted else "",
            reason=None if judgement.trusted or failed is None else failed.evidence,
            # Its search may have been limited, and it does not say so.
            was_limited=True,
        )
