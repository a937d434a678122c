"""Which delta CRL goes with a complete one: RFC 5280 5.2.4 and 6.3.3 (c), (h)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import RevocationRuleCheck, RevocationRuleStatus
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.revocation import crl_requirements as ask
from trustdesk.verify.revocation.decoded_list import DecodedList, KnownList

DELTA_RULE = ("crl.delta", "RFC 5280 5.2.4, 6.3.3 (c), (h)")


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """A delta CRL that goes with a complete one."""

    known: KnownList
    is_fresh: bool


@dataclass(eq=False, slots=True, kw_only=True)
class DeltaSearch:
    """The delta CRLs at hand, and what came of each.

    Attributes:
        at: the instant judged for.
        is_signed_by: whether the key of a certificate signed a list; None where that cannot be checked.
    """

    at: datetime
    deltas: Sequence[KnownList]
    is_signed_by: Callable[[DecodedList, Decoded], bool | None]
    _used: set[str] = field(default_factory=set)
    _refused: dict[str, Message] = field(default_factory=dict)

    def find(
        self, base: KnownList, signer: Decoded, certificate: Decoded
    ) -> tuple[Delta | None, RevocationRuleCheck]:
        """Return the newest delta CRL that goes with a complete one, and the check on it."""
        refusals: list[Message] = []
        for known in sorted(self.deltas, key=lambda one: one.crl.number or 0, reverse=True):
            if not base.crl.is_issued_by(known.crl.issuer, known.crl.facts.issuer):
                continue
            refusal = self._refusal(base.crl, known.crl, signer)
            if refusal is None:
                self._used.add(known.crl.facts.sha256)
                return self._found(known)
            self._refused.setdefault(known.crl.facts.sha256, refusal)
            refusals.append(refusal)
        if refusals:
            return None, ask.not_run(*DELTA_RULE, refusals[0])
        if base.crl.freshest or certificate.freshest_crl != ():
            return None, ask.not_run(*DELTA_RULE, msg("A delta CRL is published, and is not at hand."))
        return None, ask.not_applicable(*DELTA_RULE, msg("No delta CRL is published."))

    def not_used(self) -> Iterator[tuple[KnownList, Message]]:
        """Return those that went with no complete CRL, each with the reason."""
        for known in self.deltas:
            digest = known.crl.facts.sha256
            if digest not in self._used:
                yield known, self._refused.get(digest, _ALONE)

    def _found(self, known: KnownList) -> tuple[Delta, RevocationRuleCheck]:
        fresh = ask.freshness(known.crl, self.at)
        is_fresh = fresh.status is RevocationRuleStatus.PASS
        evidence = msg(
            "Delta CRL {number} starts from {base}. {freshness}",
            number=known.crl.number or 0,
            base=known.crl.base_number or 0,
            freshness=fresh.evidence,
        )
        return Delta(known, is_fresh), (ask.passed if is_fresh else ask.failed)(*DELTA_RULE, evidence)

    def _refusal(self, base: DecodedList, delta: DecodedList, signer: Decoded) -> Message | None:
        """Say why a delta CRL does not go with a complete one; None when it does."""
        if delta.flaws:
            return delta.flaws[0]
        critical = ask.critical(delta)
        if critical.status is not RevocationRuleStatus.PASS:
            return critical.evidence
        if ask.has_broken_digest(delta):
            return ask.digest(delta).evidence
        if delta.has_scope != base.has_scope or delta.scope != base.scope:
            return msg("The delta CRL speaks of other certificates than the complete one.")
        if delta.key_identifier != base.key_identifier:
            return msg("The delta CRL names another key than the complete one.")
        if base.number is None or delta.number is None or delta.base_number is None:
            return msg("A delta CRL cannot be joined to a CRL without a number.")
        if base.number < delta.base_number:
            return msg(
                "The delta CRL starts from CRL {base}; the complete one is {number}, which is older.",
                base=delta.base_number,
                number=base.number,
            )
        if delta.number <= base.number:
            return msg(
                "The delta CRL is {delta}, no newer than the complete one, which is {number}.",
                delta=delta.number,
                number=base.number,
            )
        if delta.facts.this_update is None or ask.is_after(delta.facts.this_update, self.at):
            return msg("The delta CRL was made after the date judged for.")
        if not self.is_signed_by(delta, signer):
            return msg("The delta CRL is not signed with the key of {signer}.", signer=signer.title)
        return None


_ALONE = msg("It is a delta CRL, and no complete one that it goes with is at hand.")
