"""What is asked of a CRL before it is relied on for one certificate, each as a check of its own.

Source: RFC 5280 6.3.3 (a) to (h). `crl` runs them and draws the conclusion; nothing here stops another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import RevocationRuleCheck, RevocationRuleStatus
from trustdesk.formats.extension_oids import BASIC_CONSTRAINTS
from trustdesk.formats.extensions import REASONS
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.distribution_points import (
    ALL_REASONS,
    DistributionPoint,
    PointName,
    directory_point,
    issuer_points,
)
from trustdesk.verify.revocation.allowances import (
    BROKEN_DIGESTS,
    CLOCK_TOLERANCE,
    UNDATED_LIFE,
    WEAK_DIGESTS,
    uses_digest,
)
from trustdesk.verify.revocation.decoded_list import DecodedList

_MAX_LISTED = 4


@dataclass(frozen=True, slots=True)
class Match:
    """How a CRL fits one distribution point of a certificate.

    Attributes:
        issuer: whether its issuer is the one that the point asks for (b)(1).
        place: whether its own name is one of those of the point (b)(2)(i).
        reasons: what it speaks of, both ends together (d).
    """

    issuer: bool
    place: bool
    reasons: frozenset[int]

    @property
    def fits(self) -> bool:
        """Whether it may be used for this point."""
        return self.issuer and self.place and bool(self.reasons)


def best_match(crl: DecodedList, certificate: Decoded) -> Match:
    """Return how a CRL fits that of a certificate's points which it fits best.

    The certificate's own issuer is a point too (6.3.3, at its end), unless every point names another issuer:
    then the issuer says that it publishes nothing itself.
    """
    points = certificate.crl_distribution_points or ()
    matches = [_match(crl, certificate, point) for point in points]
    if not all(point.issuers for point in points) or not points:
        matches.append(_match(crl, certificate, None))
    return max(matches, key=lambda match: (match.fits, match.issuer, match.place, len(match.reasons)))


def form(crl: DecodedList) -> RevocationRuleCheck:
    """crl.form."""
    if crl.flaws:
        return failed("crl.form", "RFC 5280 5.1", crl.flaws[0])
    return passed("crl.form", "RFC 5280 5.1", msg("It is a CRL of version {version}.", version=_version(crl)))


def profile(crl: DecodedList) -> RevocationRuleCheck:
    """crl.profile: what is missed here takes nothing away unless form is asked for."""
    if crl.departures:
        return failed("crl.profile", "RFC 5280 5.1.2, 5.2", crl.departures[0])
    return passed("crl.profile", "RFC 5280 5.1.2, 5.2", msg("It has what the profile asks of a CRL."))


def critical(crl: DecodedList) -> RevocationRuleCheck:
    """crl.critical: of the list, and of every entry (5.2, 5.3)."""
    if crl.unhandled:
        return failed(
            "crl.critical",
            "RFC 5280 5.2",
            msg(
                "It has a critical extension that is not understood here: {oids}.",
                oids=", ".join(crl.unhandled),
            ),
        )
    if crl.facts.critical_entry_extensions:
        return failed(
            "crl.critical",
            "RFC 5280 5.3",
            msg(
                "An entry has a critical extension that is not understood here: {oids}.",
                oids=", ".join(crl.facts.critical_entry_extensions),
            ),
        )
    if crl.facts.names_other_issuers and not crl.scope.indirect:
        return failed(
            "crl.critical",
            "RFC 5280 5.3.3",
            msg("An entry names another issuer, and the list does not say that it is indirect."),
        )
    return passed("crl.critical", "RFC 5280 5.2, 5.3", msg("Every critical extension is understood."))


def issuer(crl: DecodedList, certificate: Decoded, match: Match) -> RevocationRuleCheck:
    """crl.issuer."""
    rule, source = "crl.issuer", "RFC 5280 6.3.3 (b)(1)"
    if match.issuer:
        return passed(rule, source, msg("It is issued by {issuer}.", issuer=crl.title))
    if crl.is_issued_by(certificate.issuer, certificate.facts.issuer):
        return failed(
            rule,
            source,
            msg("{subject} says that its CRL has another issuer than {issuer}.", **_both(crl, certificate)),
        )
    if not crl.scope.indirect and _is_named(crl, certificate):
        return failed(
            rule,
            source,
            msg(
                "It is issued by {issuer}, not by the issuer of {subject}, and is no indirect CRL.",
                **_both(crl, certificate),
            ),
        )
    return failed(
        rule,
        source,
        msg(
            "It is issued by {issuer}; the CRL of {subject} has to be issued by {named}.",
            **_both(crl, certificate),
            named=_expected(certificate),
        ),
    )


def distribution_point(crl: DecodedList, certificate: Decoded, match: Match) -> RevocationRuleCheck:
    """crl.distribution_point."""
    rule, source = "crl.distribution_point", "RFC 5280 6.3.3 (b)(2)(i)"
    if certificate.crl_distribution_points is None:
        return failed(
            rule,
            source,
            msg("The distribution points of {subject} cannot be read.", subject=certificate.title),
        )
    if crl.scope.names is None:
        return passed(rule, source, msg("It is not one of several that share the certificates."))
    if match.place:
        return passed(rule, source, msg("It is from a distribution point of the certificate."))
    named = [url for point in certificate.crl_distribution_points for url in point.urls]
    return failed(
        rule,
        source,
        msg(
            "It is for the distribution point {own}; {subject} names {named}.",
            own=_listed(crl.scope.names.urls),
            subject=certificate.title,
            named=_listed(named),
        ),
    )


def scope(crl: DecodedList, certificate: Decoded) -> RevocationRuleCheck:
    """crl.scope: which kind of certificate it speaks of."""
    rule, source = "crl.scope", "RFC 5280 6.3.3 (b)(2)(ii)-(iv)"
    says = crl.scope
    if says.only_attribute:
        return failed(rule, source, msg("It speaks of attribute certificates only."))
    if not says.only_user and not says.only_ca:
        return passed(rule, source, msg("It speaks of certificates of every kind."))
    is_ca = _is_ca(certificate)
    if is_ca is None:
        return failed(
            rule,
            source,
            msg(
                "It speaks of one kind of certificate only, and {subject} does not say of which kind it is.",
                subject=certificate.title,
            ),
        )
    if says.only_user and is_ca:
        return failed(
            rule,
            source,
            msg("It speaks of end entities only; {subject} is a CA.", subject=certificate.title),
        )
    if says.only_ca and not is_ca:
        return failed(
            rule, source, msg("It speaks of CAs only; {subject} is none.", subject=certificate.title)
        )
    return passed(rule, source, msg("It speaks of certificates of this kind."))


def reasons(match: Match) -> RevocationRuleCheck:
    """crl.reasons: whether it speaks of any reason for which the certificate's point sends here."""
    rule, source = "crl.reasons", "RFC 5280 6.3.3 (d), (e)"
    if match.reasons >= ALL_REASONS:
        return passed(rule, source, msg("It speaks of every reason."))
    if match.reasons:
        return passed(
            rule,
            source,
            msg("It speaks of these reasons only: {reasons}.", reasons=reason_names(match.reasons)),
        )
    return failed(rule, source, msg("It speaks of none of the reasons that it is asked for."))


def digest(crl: DecodedList) -> RevocationRuleCheck:
    """crl.digest: a list is relied on with SHA-1, which is named, and not with what is older."""
    rule, source = "crl.digest", "RFC 9155; CA/B BR 7.1.3.2"
    algorithm = crl.facts.signature_algorithm or "?"
    if uses_digest(crl.facts.signature_algorithm, WEAK_DIGESTS):
        return failed(rule, source, msg("It is signed with {algorithm}.", algorithm=algorithm))
    return passed(rule, source, msg("Signed with {algorithm}.", algorithm=algorithm))


def has_broken_digest(crl: DecodedList) -> bool:
    """Whether the digest that a list is signed with proves nothing."""
    return uses_digest(crl.facts.signature_algorithm, BROKEN_DIGESTS)


def freshness(crl: DecodedList, at: datetime) -> RevocationRuleCheck:
    """crl.freshness: thisUpdate and nextUpdate belong to it."""
    rule, source = "crl.freshness", "RFC 5280 6.3.3 (a), 5.1.2.5"
    made, ends = crl.facts.this_update, crl.facts.next_update
    if made is None:
        return failed(rule, source, msg("It does not say of when it is."))
    if is_after(made, at):
        return failed(
            rule, source, msg("It is of {this_update}, after the date judged for.", this_update=made)
        )
    if ends is None:
        evidence = msg(
            "It is of {this_update}; it does not say when the next one comes, and counts for {hours} hours.",
            this_update=made,
            hours=int(UNDATED_LIFE.total_seconds() // 3600),
        )
        return (passed if at - made <= UNDATED_LIFE else failed)(rule, source, evidence)
    if ends < at:
        return failed(
            rule,
            source,
            msg(
                "It is of {this_update}; the next one was due on {next_update}.",
                this_update=made,
                next_update=ends,
            ),
        )
    return passed(
        rule,
        source,
        msg("It is of {this_update} and holds to {next_update}.", this_update=made, next_update=ends),
    )


def is_unannounced(crl: DecodedList, certificate: Decoded) -> bool:
    """Whether a list is indirect although a certificate's distribution points name no CRL issuer."""
    points = certificate.crl_distribution_points
    return crl.scope.indirect and bool(points) and not any(point.issuers for point in points or ())


def is_after(made: datetime | None, at: datetime) -> bool:
    """Whether a list was made after the instant judged for; clocks differ a little."""
    return made is not None and made - at > CLOCK_TOLERANCE


def reason_names(bits: frozenset[int]) -> str:
    """Return the names of RFC 5280 4.2.1.13 of some reasons."""
    return ", ".join(REASONS[bit] for bit in sorted(bits))


def passed(rule: str, source: str, evidence: Message) -> RevocationRuleCheck:
    """It holds."""
    return RevocationRuleCheck(rule=rule, status=RevocationRuleStatus.PASS, evidence=evidence, source=source)


def failed(rule: str, source: str, evidence: Message) -> RevocationRuleCheck:
    """It does not hold."""
    return RevocationRuleCheck(rule=rule, status=RevocationRuleStatus.FAIL, evidence=evidence, source=source)


def not_run(rule: str, source: str, evidence: Message) -> RevocationRuleCheck:
    """It could not be applied, or was not worth it."""
    return RevocationRuleCheck(
        rule=rule, status=RevocationRuleStatus.NOT_RUN, evidence=evidence, source=source
    )


def not_applicable(rule: str, source: str, evidence: Message) -> RevocationRuleCheck:
    """There is nothing here that it applies to."""
    return RevocationRuleCheck(
        rule=rule, status=RevocationRuleStatus.NOT_APPLICABLE, evidence=evidence, source=source
    )


def _match(crl: DecodedList, certificate: Decoded, point: DistributionPoint | None) -> Match:
    """Say how a CRL fits a point; None stands for the certificate's issuer itself."""
    says = crl.scope.only_some_reasons
    own = ALL_REASONS if says is None else says
    if point is None:
        is_issuer = crl.is_issued_by(certificate.issuer, certificate.facts.issuer)
        names = frozenset() if certificate.issuer is None else directory_point(certificate.issuer)
        return Match(is_issuer, _is_at(crl, names), own)
    if point.issuers:
        is_issuer = crl.scope.indirect and _is_one_of(crl, point)
        relative_to = next(iter(point.crl_issuers()), None) if len(point.crl_issuers()) == 1 else None
    else:
        is_issuer = crl.is_issued_by(certificate.issuer, certificate.facts.issuer)
        relative_to = certificate.issuer
    names = issuer_points(point) if point.names is None else point.names.of(relative_to)
    return Match(is_issuer, _is_at(crl, names), own if point.reasons is None else own & point.reasons)


def _is_at(crl: DecodedList, names: frozenset[PointName]) -> bool:
    own = crl.scope.names
    return own is None or bool(own.of(crl.issuer) & names)


def _is_one_of(crl: DecodedList, point: DistributionPoint) -> bool:
    if crl.issuer is not None:
        return crl.issuer in point.crl_issuers()
    return any(crl.is_issued_by(None, name.text) for name in point.issuers)


def _is_named(crl: DecodedList, certificate: Decoded) -> bool:
    return any(_is_one_of(crl, point) for point in certificate.crl_distribution_points or () if point.issuers)


def concerns(crl: DecodedList, certificate: Decoded) -> bool:
    """Whether a list that was given without an address may be one that speaks of a certificate."""
    return crl.is_issued_by(certificate.issuer, certificate.facts.issuer) or _is_named(crl, certificate)


def _listed(urls: Sequence[str]) -> str | Message:
    return ", ".join(urls[:_MAX_LISTED]) or msg("one without an address")


def _is_ca(certificate: Decoded) -> bool | None:
    """Whether it is a CA; None where it cannot say: without version 3 there are no basicConstraints."""
    fields = certificate.fields
    if fields is None or fields.unread_extensions or BASIC_CONSTRAINTS in certificate.broken:
        return None
    return certificate.may_issue if fields.version >= 3 else None


def _expected(certificate: Decoded) -> str:
    points = certificate.crl_distribution_points or ()
    named = [name.text for point in points for name in point.issuers]
    return " / ".join(named) or certificate.facts.issuer or "?"


def _both(crl: DecodedList, certificate: Decoded) -> dict[str, str]:
    return {"issuer": crl.title, "subject": certificate.title}


def _version(crl: DecodedList) -> int | str:
    return crl.facts.version or "?"
