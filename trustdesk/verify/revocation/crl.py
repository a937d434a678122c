"""What CRLs say of one certificate: RFC 5280 6.3.3, one complete CRL with its delta CRLs at a time.

Decisions:
- 2026-11: nothing good is concluded from a list that is past its nextUpdate: UNAVAILABLE. That a certificate
  stands on it is believed all the same, unless it was only on hold: a revocation is not undone (5.3.1).
  5.1.2.5 asks for nextUpdate; a list without it counts for 24 hours, as an OCSP response does.
- 2026-11: an indirect list makes nothing good whose distribution points name no CRL issuer: 6.3.3 would let
  it, but nobody can tell then whether the list was meant for it. What it lists is revoked.
- 2026-11: a list that was made after the date judged for says only what was revoked by that date; what was
  revoked later is said as such, and is not called good.
- 2026-11: a list made after the certificate expired may have dropped it (3.3), so it makes nothing good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import (
    CrlEntry,
    RevocationAnswer,
    RevocationRuleCheck,
    RevocationRuleStatus,
    RevocationSource,
    RevocationStatus,
)
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.distribution_points import ALL_REASONS
from trustdesk.verify.revocation import crl_requirements as ask
from trustdesk.verify.revocation.crl_signer import PathPlace, SignerSearch
from trustdesk.verify.revocation.decoded_list import DecodedList

HOLD = "certificateHold"
REMOVED = "removeFromCRL"

_ENTRY = ("crl.entry", "RFC 5280 6.3.3 (i)-(k)")
_DELTA = ("crl.delta", "RFC 5280 5.2.4, 6.3.3 (c), (h)")


@dataclass(frozen=True, slots=True, eq=False)
class KnownList:
    """A CRL with its source; `retrieved_at` is None for what was given."""

    source: RevocationSource
    crl: DecodedList
    retrieved_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ListAnswer:
    """What one CRL says.

    Attributes:
        reasons: for which, by what may be relied on, the certificate is not revoked; empty unless it is good
            for them.
    """

    answer: RevocationAnswer
    reasons: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """A delta CRL that goes with a complete one."""

    known: KnownList
    is_fresh: bool


@dataclass(eq=False, slots=True, kw_only=True)
class ListReading:
    """Reads CRLs for one verification.

    Attributes:
        at: the instant judged for.
        profile_required: whether departures from the profile keep a list from being relied on.
    """

    at: datetime
    signers: SignerSearch
    profile_required: bool = False

    def answers(self, place: PathPlace, lists: Sequence[KnownList]) -> list[ListAnswer]:
        """Return what each list says of a certificate, complete ones first."""
        deltas = [one for one in lists if one.crl.is_delta]
        used: set[str] = set()
        found = [self._of_complete(place, one, deltas, used) for one in lists if not one.crl.is_delta]
        found += [self._of_lone_delta(one) for one in deltas if one.crl.facts.sha256 not in used]
        return found

    def _of_complete(
        self, place: PathPlace, known: KnownList, deltas: Sequence[KnownList], used: set[str]
    ) -> ListAnswer:
        crl, certificate = known.crl, place.certificate
        match = ask.best_match(crl, certificate)
        profile = ask.profile(crl)
        needed = [
            ask.form(crl),
            ask.critical(crl),
            ask.issuer(crl, certificate, match),
            ask.distribution_point(crl, certificate, match),
            ask.scope(crl, certificate),
            ask.reasons(match),
        ]
        digest, freshness = ask.digest(crl), ask.freshness(crl, self.at)
        checks = [*needed, profile, digest, freshness]
        if self.profile_required:
            needed.append(profile)
        if ask.is_signed_with(crl, *ask.BROKEN_DIGESTS):
            needed.append(digest)
        obstacle = _first_failure(needed)
        if obstacle is not None:
            return _unavailable(known, obstacle, checks)
        signer, of_signer = self.signers.find(crl, place)
        checks += of_signer
        if signer is None:
            return _unavailable(known, _first_failure(of_signer), checks)
        if certificate.serial_number is None or certificate.facts.serial_number is None:
            unreadable = msg("The serial number of {subject} cannot be read.", subject=certificate.title)
            return _unavailable(known, unreadable, [*checks, ask.failed(*_ENTRY, unreadable)])
        delta, of_delta = self._delta(known, deltas, place, signer)
        checks.append(of_delta)
        if delta is not None:
            used.add(delta.known.crl.facts.sha256)
        found = _Found(
            known=known,
            delta=delta,
            certificate=certificate,
            signer=signer,
            at=self.at,
            reasons=match.reasons,
            freshness=freshness,
            checks=checks,
        )
        return found.conclusion()

    def _delta(
        self, base: KnownList, deltas: Sequence[KnownList], place: PathPlace, signer: Decoded
    ) -> tuple[Delta | None, RevocationRuleCheck]:
        """Return the newest delta CRL that goes with a complete one, and the check on it."""
        refusals: list[Message] = []
        newest = sorted(deltas, key=lambda one: one.crl.number or 0, reverse=True)
        for known in newest:
            if not base.crl.is_issued_by(known.crl.issuer, known.crl.facts.issuer):
                continue
            refusal = self._delta_refusal(base.crl, known.crl, signer)
            if refusal is None:
                fresh = ask.freshness(known.crl, self.at)
                is_fresh = fresh.status is RevocationRuleStatus.PASS
                evidence = msg(
                    "Delta CRL {number} starts from {base}. {freshness}",
                    number=known.crl.number or 0,
                    base=known.crl.base_number or 0,
                    freshness=fresh.evidence,
                )
                check = ask.passed if is_fresh else ask.failed
                return Delta(known, is_fresh), check(*_DELTA, evidence)
            refusals.append(refusal)
        if refusals:
            return None, ask.not_run(*_DELTA, refusals[0])
        if base.crl.freshest or place.certificate.freshest_crl != ():
            return None, ask.not_run(*_DELTA, msg("A delta CRL is published, and is not at hand."))
        return None, ask.not_applicable(*_DELTA, msg("No delta CRL is published."))

    def _delta_refusal(self, base: DecodedList, delta: DecodedList, signer: Decoded) -> Message | None:
        """Say why a delta CRL does not go with a complete one; None when it does."""
        critical = ask.critical(delta)
        if delta.flaws:
            return delta.flaws[0]
        if critical.status is not RevocationRuleStatus.PASS:
            return critical.evidence
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
        if not self.signers.is_signed_by(delta, signer):
            return msg("The delta CRL is not signed with the key of {signer}.", signer=signer.title)
        return None

    def _of_lone_delta(self, known: KnownList) -> ListAnswer:
        reason = msg("It is a delta CRL, and no complete one that it goes with is at hand.")
        return _unavailable(known, reason, [ask.form(known.crl), ask.failed(*_DELTA, reason)])


@dataclass(eq=False, slots=True, kw_only=True)
class _Found:
    """A list that may be relied on, and what is found on it."""

    known: KnownList
    delta: Delta | None
    certificate: Decoded
    signer: Decoded
    at: datetime
    reasons: frozenset[int]
    freshness: RevocationRuleCheck
    checks: list[RevocationRuleCheck]

    def conclusion(self) -> ListAnswer:
        entry, place = self._entry()
        if entry is None:
            return self._not_listed()
        return self._listed(entry, place)

    def _entry(self) -> tuple[CrlEntry | None, KnownList]:
        """Return the entry that counts, and the list that it stands on."""
        delta = self.delta
        if delta is not None:
            entry = delta.known.crl.entry(self.certificate)
            if entry is not None and (entry.reason != REMOVED or entry.unhandled):
                return entry, delta.known
            if entry is not None and delta.is_fresh:
                return self._despite_removal(delta.known), self.known
        return self.known.crl.entry(self.certificate), self.known

    def _despite_removal(self, delta: KnownList) -> CrlEntry | None:
        """Return the entry that a removal leaves in force: nothing but a hold ends early (5.3.1)."""
        entry = self.known.crl.entry(self.certificate)
        ends, made = self.certificate.facts.not_after, delta.crl.facts.this_update
        has_expired = ends is not None and made is not None and made > ends
        return None if entry is None or entry.reason == HOLD or has_expired else entry

    def _listed(self, entry: CrlEntry, on: KnownList) -> ListAnswer:
        subject, made = self.certificate.title, on.crl.facts.this_update
        listed = msg(
            "Serial number {serial} is listed; revoked on {revoked_at}.",
            serial=self.certificate.facts.serial_number or "?",
            revoked_at=entry.revoked_at or "?",
        )
        self.checks.append(ask.failed(*_ENTRY, listed))
        if entry.unhandled:
            reason = msg(
                "{subject} is listed, with a critical extension that is not understood here: {oids}.",
                subject=subject,
                oids=", ".join(entry.unhandled),
            )
            return self._undecided(RevocationStatus.UNAVAILABLE, reason, on)
        if entry.reason == REMOVED:
            reason = msg("{subject} is listed as removed, which only a delta CRL may say.", subject=subject)
            return self._undecided(RevocationStatus.UNAVAILABLE, reason, on)
        if (
            made is not None
            and ask.is_after(made, self.at)
            and entry.revoked_at is not None
            and entry.revoked_at > self.at
        ):
            reason = msg(
                "{subject} was revoked on {revoked_at}, after the date judged for; the list is of {made}.",
                subject=subject,
                revoked_at=entry.revoked_at,
                made=made,
            )
            return self._undecided(RevocationStatus.UNKNOWN, reason, on)
        if entry.reason == HOLD and not self._is_fresh() and not ask.is_after(made, self.at):
            reason = msg(
                "{subject} was on hold; whether it still is cannot be said. {freshness}",
                subject=subject,
                freshness=self.freshness.evidence,
            )
            return self._undecided(RevocationStatus.UNAVAILABLE, reason, on)
        return ListAnswer(
            self._answer(
                RevocationStatus.REVOKED,
                self._revoked(entry),
                on,
                revoked_at=entry.revoked_at,
                revocation_reason=entry.reason,
                invalidity_date=entry.invalidity_date,
            )
        )

    def _revoked(self, entry: CrlEntry) -> Message:
        subject, when = self.certificate.title, entry.revoked_at or "?"
        if entry.reason == HOLD:
            return msg("{subject} is on hold since {revoked_at}.", subject=subject, revoked_at=when)
        if entry.reason is not None:
            sentence = msg(
                "{subject} was revoked on {revoked_at}: {reason}.",
                subject=subject,
                revoked_at=when,
                reason=entry.reason,
            )
        else:
            sentence = msg("{subject} was revoked on {revoked_at}.", subject=subject, revoked_at=when)
        if self._is_fresh():
            return sentence
        return msg("{revoked} {freshness}", revoked=sentence, freshness=self.freshness.evidence)

    def _not_listed(self) -> ListAnswer:
        crl, subject = self.known.crl, self.certificate.title
        on = self.delta.known if self.delta is not None and self.delta.is_fresh else self.known
        not_listed = msg(
            "Serial number {serial} is not listed.", serial=self.certificate.facts.serial_number or "?"
        )
        self.checks.append(ask.passed(*_ENTRY, not_listed))
        made, ends = on.crl.facts.this_update, self.certificate.facts.not_after
        if not self._is_fresh():
            return self._undecided(RevocationStatus.UNAVAILABLE, self.freshness.evidence, on)
        if ask.is_unannounced(crl, self.certificate):
            reason = msg(
                "{subject} is not listed; the list is indirect, and the certificate's distribution points "
                "name no CRL issuer.",
                subject=subject,
            )
            return self._undecided(RevocationStatus.UNKNOWN, reason, on)
        if made is not None and (ends is None or made > ends):
            reason = msg(
                "{subject} is not listed, but it had expired before the list of {made} was made, "
                "which need not name it any more.",
                subject=subject,
                made=made,
            )
            return self._undecided(RevocationStatus.UNKNOWN, reason, on)
        if not self.reasons >= ALL_REASONS:
            reason = msg(
                "{subject} is not listed; the list speaks of these reasons only: {reasons}.",
                subject=subject,
                reasons=ask.reason_names(self.reasons),
            )
            return ListAnswer(self._answer(RevocationStatus.UNKNOWN, reason, on), self.reasons)
        reason = msg(
            "{subject} is not on the CRL of {issuer} of {made}.",
            subject=subject,
            issuer=crl.title,
            made=made or "?",
        )
        return ListAnswer(self._answer(RevocationStatus.GOOD, reason, on), self.reasons)

    def _is_fresh(self) -> bool:
        """Whether the list holds at the instant, by itself or with its delta CRL."""
        made = self.known.crl.facts.this_update
        if self.delta is not None and self.delta.is_fresh and not ask.is_after(made, self.at):
            return True
        return self.freshness.status is RevocationRuleStatus.PASS

    def _undecided(self, status: RevocationStatus, reason: Message, on: KnownList) -> ListAnswer:
        return ListAnswer(self._answer(status, reason, on))

    def _answer(
        self,
        status: RevocationStatus,
        reason: Message,
        on: KnownList,
        *,
        revoked_at: datetime | None = None,
        revocation_reason: str | None = None,
        invalidity_date: datetime | None = None,
    ) -> RevocationAnswer:
        return RevocationAnswer(
            source=on.source,
            status=status,
            reason=reason,
            signed_by=self.signer.facts.subject,
            this_update=on.crl.facts.this_update,
            next_update=on.crl.facts.next_update,
            retrieved_at=on.retrieved_at,
            revoked_at=revoked_at,
            revocation_reason=revocation_reason,
            invalidity_date=invalidity_date,
            checks=tuple(self.checks),
        )


def _first_failure(checks: Sequence[RevocationRuleCheck]) -> Message | None:
    return next((check.evidence for check in checks if check.status is RevocationRuleStatus.FAIL), None)


def _unavailable(
    known: KnownList, reason: Message | None, checks: Sequence[RevocationRuleCheck]
) -> ListAnswer:
    return ListAnswer(
        RevocationAnswer(
            source=known.source,
            status=RevocationStatus.UNAVAILABLE,
            reason=reason or msg("It cannot be relied on."),
            this_update=known.crl.facts.this_update,
            next_update=known.crl.facts.next_update,
            retrieved_at=known.retrieved_at,
            checks=tuple(checks),
        )
    )
