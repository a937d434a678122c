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
    RevocationStatus,
)
from trustdesk.formats.revocation_entries import CERTIFICATE_HOLD, REMOVE_FROM_CRL
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.distribution_points import ALL_REASONS
from trustdesk.verify.revocation import crl_requirements as ask
from trustdesk.verify.revocation.crl_delta import DELTA_RULE, Delta, DeltaSearch
from trustdesk.verify.revocation.crl_signer import SIGNATURE_RULE, SIGNER_RULE, PathPlace, SignerSearch
from trustdesk.verify.revocation.decoded_list import KnownList

_ENTRY = ("crl.entry", "RFC 5280 6.3.3 (i)-(k)")


@dataclass(frozen=True, slots=True, eq=False)
class ListAnswer:
    """What one CRL says.

    Attributes:
        reasons: for which, by what may be relied on, the certificate is not revoked; empty unless it is good
            for them.
    """

    answer: RevocationAnswer
    reasons: frozenset[int] = frozenset()


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
        search = DeltaSearch(at=self.at, deltas=deltas, is_signed_by=self.signers.is_signed_by)
        found = [self._of_complete(place, one, search) for one in lists if not one.crl.is_delta]
        found += [self._of_lone_delta(one, reason) for one, reason in search.not_used()]
        return found

    def _of_complete(self, place: PathPlace, known: KnownList, deltas: DeltaSearch) -> ListAnswer:
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
        if ask.has_broken_digest(crl):
            needed.append(digest)
        obstacle = _first_failure(needed)
        if obstacle is not None:
            return _unavailable(known, obstacle, [*checks, *_NOT_REACHED])
        signer, of_signer = self.signers.find(crl, place)
        checks += of_signer
        if signer is None:
            return _unavailable(known, _first_failure(of_signer), [*checks, *_NOT_REACHED[-2:]])
        if certificate.serial_number is None or certificate.facts.serial_number is None:
            unreadable = msg("The serial number of {subject} cannot be read.", subject=certificate.title)
            return _unavailable(known, unreadable, [*checks, ask.failed(*_ENTRY, unreadable)])
        delta, of_delta = deltas.find(known, signer, certificate)
        checks.append(of_delta)
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

    def _of_lone_delta(self, known: KnownList, reason: Message) -> ListAnswer:
        return _unavailable(known, reason, [ask.form(known.crl), ask.failed(*DELTA_RULE, reason)])


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
            if entry is not None and (entry.reason != REMOVE_FROM_CRL or entry.unhandled):
                return entry, delta.known
            if entry is not None and delta.is_fresh:
                return self._despite_removal(delta.known), self.known
        return self.known.crl.entry(self.certificate), self.known

    def _despite_removal(self, delta: KnownList) -> CrlEntry | None:
        """Return the entry that a removal leaves in force: nothing but a hold ends early (5.3.1)."""
        entry = self.known.crl.entry(self.certificate)
        ends, made = self.certificate.facts.not_after, delta.crl.facts.this_update
        has_expired = ends is not None and made is not None and made > ends
        return None if entry is None or entry.reason == CERTIFICATE_HOLD or has_expired else entry

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
        if entry.reason == REMOVE_FROM_CRL:
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
        if entry.reason == CERTIFICATE_HOLD and not self._is_fresh() and not ask.is_after(made, self.at):
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
        if entry.reason == CERTIFICATE_HOLD:
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
        if crl.facts.entries_damaged != 0 or on.crl.facts.entries_damaged != 0:
            reason = msg(
                "{subject} was not found on the list, which has entries that cannot be read.", subject=subject
            )
            return self._undecided(RevocationStatus.UNAVAILABLE, reason, on)
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


_NOT_REACHED = tuple(
    ask.not_run(*rule, msg("The list cannot be relied on whatever this says."))
    for rule in (SIGNER_RULE, SIGNATURE_RULE, DELTA_RULE, _ENTRY)
)
