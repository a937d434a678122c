"""What rules of several roles ask alike: dates, strength, the usual extensions, and the list."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import Purpose
from trustdesk.formats.extension_oids import AUTHORITY_KEY_IDENTIFIER, SUBJECT_KEY_IDENTIFIER
from trustdesk.verify.profiles import path_outcomes as outcomes
from trustdesk.verify.profiles.context import AnyCase, CertificateCase, Role
from trustdesk.verify.profiles.lifetime import days_of, lifetime
from trustdesk.verify.profiles.rule import (
    Held,
    NotApplicable,
    NotRun,
    Outcome,
    RuleSetName,
    Violated,
    in_force,
)

RENEW = msg("Ask the CA for a renewed certificate and install it before that day.")
REISSUE = msg("Ask the CA for a new certificate.")
NO_LISTED_CA = msg("Select the list that this CA belongs to, or get a certificate from a listed CA.")
REISSUE_AS_PROFILED = msg("Ask the CA for a certificate that follows the ONE Record profile.")

_MIN_RSA_BITS = 2048
_MIN_CURVE_BITS = 224
_PROFILE_CURVES = frozenset({"P-256", "P-384"})
_PROFILE_SIGNATURES = frozenset({"sha256WithRSAEncryption", "ecdsa-with-SHA256", "ecdsa-with-SHA384"})
_BROKEN_DIGESTS = ("md2", "md4", "md5", "sha1")


def valid_now(case: CertificateCase) -> Outcome:
    """Whether the instant lies within the validity."""
    return outcomes.within_validity(
        *case.subject.validity,
        case.context.at,
        if_expired=REISSUE,
        if_early=msg("Wait until then, or check the date that it is judged for."),
    )


def valid_for_a_while(case: CertificateCase) -> Outcome:
    """Whether it is valid now; an end within the policy's thresholds is a warning."""
    now, soon = valid_now(case), valid_for_long(case)
    if isinstance(now, Held) and isinstance(soon, Violated):
        return Violated(soon.evidence, soon.remedy, Severity.WARNING)
    return now


def valid_for_long(case: CertificateCase) -> Outcome:
    """Whether the end of the validity is farther off than the policy's thresholds."""
    not_before, not_after = case.subject.validity
    left = not_after - case.context.at
    if left.total_seconds() < 0 or case.context.at < not_before:
        return NotApplicable(msg("It is not valid at the date that it is judged for."))
    length = lifetime(not_before, not_after)
    evidence = outcomes.expires(not_after, case.context.at)
    if left < case.policy.error_within(length):
        return Violated(evidence, RENEW, Severity.ERROR)
    if left < case.policy.warn_within(length):
        return Violated(evidence, RENEW, Severity.WARNING)
    return Held(evidence)


def weak_key(algorithm: str | None, bits: int | None) -> Message | None:
    """Return why a key is too weak for anybody; None when it is not."""
    if algorithm is None:
        return msg("The key is of a kind that is unknown here.")
    if algorithm == "DSA":
        return msg("The key is DSA, which nobody accepts any more.")
    least = {"RSA": _MIN_RSA_BITS, "RSASSA-PSS": _MIN_RSA_BITS, "EC": _MIN_CURVE_BITS}.get(algorithm)
    if least is None or (bits is not None and bits >= least):
        return None
    return msg(
        "The key is {key}; at least {least} bits are asked for.",
        key=key_text(algorithm, bits, None),
        least=least,
    )


def weak_signature(algorithm: str | None) -> Message | None:
    """Return why a signature algorithm is too weak for anybody; None when it is not."""
    if algorithm is None:
        return msg("The signature algorithm cannot be read.")
    plain = algorithm.lower().replace("-", "")
    if any(digest in plain for digest in _BROKEN_DIGESTS):
        return msg("It is signed with {algorithm}, whose digest is broken.", algorithm=algorithm)
    return None


def strong_key(case: AnyCase) -> Held | Violated:
    """Whether the key is strong, and of a kind that the profile of 2020 names when that is chosen."""
    facts, curve = case.subject.facts, case.subject.curve
    weakness = weak_key(facts.key_algorithm, facts.key_bits)
    if weakness is not None:
        return Violated(weakness, OTHER_KEY)
    shown = key_text(facts.key_algorithm, facts.key_bits, curve)
    in_profile = facts.key_algorithm == "RSA" or (facts.key_algorithm == "EC" and curve in _PROFILE_CURVES)
    if RuleSetName.ONE_RECORD_2020 in case.chosen and not in_profile:
        return Violated(
            msg("The key is {key}, which is strong, but the profile names RSA, P-256 and P-384.", key=shown),
            OTHER_KEY,
            in_force(RuleSetName.ONE_RECORD_2020, Severity.ERROR, case.policy),
        )
    return Held(msg("The key is {key}.", key=shown))


def strong_signature(case: AnyCase) -> Held | Violated:
    """Whether the signature stands on SHA-2, and is of a kind that the profile of 2020 names."""
    algorithm = case.subject.facts.signature_algorithm
    weakness = weak_signature(algorithm)
    if weakness is not None or algorithm is None:
        return Violated(weakness or msg("The signature algorithm cannot be read."), REISSUE)
    if RuleSetName.ONE_RECORD_2020 in case.chosen and algorithm not in _PROFILE_SIGNATURES:
        return Violated(
            msg(
                "It is signed with {algorithm}; the profile names {named}.",
                algorithm=algorithm,
                named=", ".join(sorted(_PROFILE_SIGNATURES)),
            ),
            msg("Nothing has to be done unless a partner refuses it."),
            Severity.WARNING,
        )
    return Held(msg("It is signed with {algorithm}.", algorithm=algorithm))


def strong(case: AnyCase) -> Outcome:
    """Key and signature in one."""
    outcomes = (strong_key(case), strong_signature(case))
    violations = [outcome for outcome in outcomes if isinstance(outcome, Violated)]
    if violations:
        # What is broken comes before what is merely outside the profile.
        return min(violations, key=lambda violation: violation.severity is not None)
    key, signature = (outcome.evidence for outcome in outcomes if isinstance(outcome, Held))
    return Held(msg("{key} {signature}", key=key, signature=signature))


def one_year(case: CertificateCase, limit_days: int) -> Outcome:
    """Whether the validity is at most so many days."""
    days = days_of(lifetime(*case.subject.validity))
    if days > limit_days:
        return Violated(
            msg("It is valid for {days} days; the limit is {limit}.", days=days, limit=limit_days),
            msg("Ask the CA for a shorter lifetime at the next renewal."),
        )
    return Held(msg("It is valid for {days} days, of {limit} allowed.", days=days, limit=limit_days))


def usual_extensions(case: CertificateCase) -> Outcome:
    """Whether key identifiers and pointers to issuer and revocation are there."""
    details = case.subject.details
    missing = [
        name
        for name, is_there in (
            ("authorityKeyIdentifier", case.subject.extension(AUTHORITY_KEY_IDENTIFIER) is not None),
            ("subjectKeyIdentifier", case.subject.extension(SUBJECT_KEY_IDENTIFIER) is not None),
            ("cRLDistributionPoints (http)", _has_http(details.crl_urls)),
            ("authorityInfoAccess caIssuers", _has_http(details.ca_issuer_urls)),
            ("authorityInfoAccess OCSP", _has_http(details.ocsp_urls)),
        )
        if not is_there
    ]
    if missing:
        return Violated(msg("Missing: {missing}.", missing=", ".join(missing)), REISSUE_AS_PROFILED)
    return Held(msg("Key identifiers, CRL, issuer and OCSP addresses are all there."))


def issuer_on_list(case: CertificateCase) -> Outcome:
    """Whether a path ends at a CA of the selected list."""
    verification = case.context.verification
    if verification is None:
        return NotRun(msg("No trust list is selected."))
    needed = Purpose.SERVER if case.role is Role.SERVER else Purpose.CLIENT
    if verification.purpose is not needed:
        return NotRun(msg("It was not judged for this purpose."))
    found = outcomes.on_list(
        case.along,
        msg("See what the list says of this CA, and get a certificate that it allows."),
    )
    if found is not None:
        return found
    return Violated(
        msg("No path leads from {issuer} to a CA of the list.", issuer=case.subject.facts.issuer or "?"),
        NO_LISTED_CA,
    )


def key_text(algorithm: str | None, bits: int | None, curve: str | None) -> str:
    """Return a key in short: "RSA 2048", "EC P-256"."""
    detail = curve or (str(bits) if bits is not None else "")
    return f"{algorithm or '?'} {detail}".strip()


def _has_http(urls: tuple[str, ...]) -> bool:
    return any(url.lower().startswith("http://") for url in urls)


OTHER_KEY = msg("Make a new key, P-256 or RSA with at least 2048 bits, and ask the CA for a new certificate.")

UNKNOWN_IF_PUBLIC: Message = msg(
    "Whether it is publicly trusted is not known: its chain was not judged against the public web list."
)
NOT_PUBLIC: Message = msg("It is not publicly trusted, so that the rules of the public web do not bind it.")
