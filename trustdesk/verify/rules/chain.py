"""Dates, and what binds each certificate to the next: name, signature, strength of both."""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.core.verification import RuleKind
from trustdesk.verify.decoded import Decoded, place_of
from trustdesk.verify.rules.rule import (
    ISSUERS,
    UNREADABLE,
    OnAnchor,
    Outcome,
    PathContext,
    Place,
    Rule,
    failed,
    not_applicable,
    not_run,
    passed,
)
from trustdesk.verify.signatures import SignatureStatus, public_key

MIN_RSA_BITS = 2048
MIN_CURVE_BITS = 224
_LEAST_BITS = {"RSA": MIN_RSA_BITS, "RSASSA-PSS": MIN_RSA_BITS, "EC": MIN_CURVE_BITS}
_WEAK_DIGESTS = ("md2", "md4", "md5", "sha1")


def not_before(context: PathContext, index: int) -> Outcome:
    """validity.not_before."""
    certificate = context.path[index]
    start = certificate.facts.not_before
    if certificate.fields is None:
        return UNREADABLE
    where = place_of(certificate.fields.validity)
    if start is None:
        return _unreadable_date(certificate)
    if context.at < start:
        return failed(
            msg(
                "{subject} is not valid before {not_before}; judged for {at}.",
                subject=certificate.title,
                not_before=start,
                at=context.at,
            ),
            where,
        )
    return passed(msg("Valid from {not_before}.", not_before=start), where)


def not_after(context: PathContext, index: int) -> Outcome:
    """validity.not_after: the last second belongs to it."""
    certificate = context.path[index]
    end = certificate.facts.not_after
    if certificate.fields is None:
        return UNREADABLE
    where = place_of(certificate.fields.validity)
    if end is None:
        return _unreadable_date(certificate)
    if context.at > end:
        return failed(
            msg(
                "{subject} expired on {not_after}; judged for {at}.",
                subject=certificate.title,
                not_after=end,
                at=context.at,
            ),
            where,
        )
    return passed(msg("Valid to {not_after}.", not_after=end), where)


def anchored(context: PathContext, index: int) -> Outcome:
    """chain.anchor: said of the last certificate of a path."""
    if index < len(context.path) - 1:
        return _NOT_THE_LAST
    certificate = context.path[index]
    if context.anchor is not None:
        return passed(
            msg("{subject} is on the list {list}.", subject=certificate.title, list=context.anchor.list_name)
        )
    if context.listed is not None and index == 0:
        return failed(
            msg(
                "{subject} itself is on the list {list}; what the list trusts is what was issued by it.",
                subject=certificate.title,
                list=context.listed.list_name,
            )
        )
    if certificate.is_self_issued:
        return failed(msg("{subject} is issued by itself and is on no list.", subject=certificate.title))
    return failed(
        msg(
            "{subject} was issued by {issuer}, which is neither given nor on a list.",
            subject=certificate.title,
            issuer=certificate.facts.issuer or "?",
        )
    )


def name_chaining(context: PathContext, index: int) -> Outcome:
    """chain.name."""
    if index == len(context.path) - 1:
        return _NOTHING_ABOVE
    certificate, issuer = context.path[index], context.path[index + 1]
    if certificate.fields is None:
        return UNREADABLE
    where = place_of(certificate.fields.issuer)
    if certificate.issuer is None or certificate.issuer != issuer.subject:
        return failed(
            msg(
                "{subject} names {named} as its issuer; the certificate above it is that of {issuer}.",
                subject=certificate.title,
                named=certificate.facts.issuer or "?",
                issuer=issuer.facts.subject or "?",
            ),
            where,
        )
    return _NAMES_CHAIN[0], _NAMES_CHAIN[1], where


def signature(context: PathContext, index: int) -> Outcome:
    """chain.signature."""
    if index == len(context.path) - 1:
        return _NOTHING_ABOVE if context.anchor is None else _ANCHORS_OWN
    certificate, issuer = context.path[index], context.path[index + 1]
    if certificate.fields is None:
        return UNREADABLE
    where = place_of(certificate.fields.signature)
    match context.signatures[index]:
        case SignatureStatus.MADE:
            return _SIGNED[0], _SIGNED[1], where
        case SignatureStatus.FORGED:
            return failed(
                msg(
                    "The signature of {subject} was not made with the key of {issuer}, or it was changed.",
                    subject=certificate.title,
                    issuer=issuer.title,
                ),
                where,
            )
        case SignatureStatus.UNCHECKED if public_key(issuer.public_key) is None:
            # The fault is that of the certificate above: chain.issuer_key.
            return not_run(msg("It cannot be checked: the key of {issuer} is broken.", issuer=issuer.title))
        case SignatureStatus.UNCHECKED:
            return failed(
                msg(
                    "The signature of {subject} ({algorithm}) cannot be checked with the key of {issuer}.",
                    subject=certificate.title,
                    algorithm=certificate.facts.signature_algorithm or "?",
                    issuer=issuer.title,
                ),
                where,
            )


def issuer_key(certificate: Decoded, _: Place) -> Outcome:
    """chain.issuer_key: nothing can be checked with a key that nobody can read."""
    if certificate.fields is None:
        return UNREADABLE
    where = place_of(certificate.fields.public_key)
    if public_key(certificate.public_key) is None:
        return failed(
            msg("The key of {subject} is broken, or of a kind not known here.", subject=certificate.title),
            where,
        )
    return _KEY_USABLE[0], _KEY_USABLE[1], where


def digest(certificate: Decoded, place: Place) -> Outcome:
    """chain.digest: nobody relies on the signature of an anchor, or of what is signed by itself."""
    if certificate.fields is None:
        return UNREADABLE
    if place is Place.ANCHOR or (place is Place.ISSUER and certificate.is_self_issued):
        return _ANCHORS_OWN
    algorithm = certificate.facts.signature_algorithm or ""
    where = place_of(certificate.fields.outer_algorithm)
    name = algorithm.lower().replace("-", "")
    if any(weak in name for weak in _WEAK_DIGESTS):
        return failed(
            msg("{subject} is signed with {algorithm}.", subject=certificate.title, algorithm=algorithm),
            where,
        )
    return passed(msg("Signed with {algorithm}.", algorithm=algorithm or "?"), where)


def key_strength(certificate: Decoded, _: Place) -> Outcome:
    """chain.key."""
    fields, facts = certificate.fields, certificate.facts
    if fields is None:
        return UNREADABLE
    where = place_of(fields.public_key)
    algorithm, bits = facts.key_algorithm, facts.key_bits
    if algorithm == "DSA":
        return failed(
            msg("The key of {subject} is DSA, which nobody accepts any more.", subject=facts.title), where
        )
    if algorithm is None:
        return not_run(msg("The kind of its key is not known here."))
    if bits is None:
        if algorithm == "EC":
            return failed(msg("The key of {subject} is on no curve known here.", subject=facts.title), where)
        return passed(msg("Key: {key}.", key=algorithm), where)
    least = _LEAST_BITS.get(algorithm)
    if least is not None and bits < least:
        return failed(
            msg(
                "The key of {subject} is {key} with {bits} bits; at least {least} are asked for.",
                subject=facts.title,
                key=algorithm,
                bits=bits,
                least=least,
            ),
            where,
        )
    return passed(msg("Key: {key}, {bits} bits.", key=algorithm, bits=bits), where)


def _unreadable_date(certificate: Decoded) -> Outcome:
    evidence: Message = msg("The validity of {subject} cannot be read.", subject=certificate.title)
    return failed(evidence, place_of(certificate.fields.validity) if certificate.fields else None)


_NOT_THE_LAST = not_applicable(msg("Asked of the last certificate of the path."))
_NOTHING_ABOVE = not_applicable(msg("Nothing is above it in this path."))
_ANCHORS_OWN = not_applicable(msg("Nobody relies on its own signature."))
_NAMES_CHAIN = passed(msg("Its issuer is the subject of the certificate above."))
_KEY_USABLE = passed(msg("Signatures can be checked with its key."))
_SIGNED = passed(msg("The key of the certificate above made it."))

_VALIDITY, _PROFILE = RuleKind.VALIDITY, RuleKind.PROFILE
CHAIN_RULES = (
    Rule(
        "validity.not_before",
        "RFC 5280 6.1.3 (a)(2)",
        _VALIDITY,
        msg("The validity has begun."),
        judge_in_path=not_before,
        on_anchor=OnAnchor.EXPIRY,
    ),
    Rule(
        "validity.not_after",
        "RFC 5280 6.1.3 (a)(2)",
        _VALIDITY,
        msg("The validity has not ended."),
        judge_in_path=not_after,
        on_anchor=OnAnchor.EXPIRY,
    ),
    Rule(
        "chain.anchor",
        "RFC 5280 6.1.1 (d)",
        _VALIDITY,
        msg("The path ends at an anchor of a list."),
        judge_in_path=anchored,
    ),
    Rule(
        "chain.name",
        "RFC 5280 6.1.3 (a)(4)",
        _VALIDITY,
        msg("The issuer is the subject of the certificate above."),
        judge_in_path=name_chaining,
    ),
    Rule(
        "chain.signature",
        "RFC 5280 6.1.3 (a)(1)",
        _VALIDITY,
        msg("The key of the certificate above made the signature."),
        judge_in_path=signature,
    ),
    Rule(
        "chain.issuer_key",
        "RFC 5280 6.1.4 (d)-(f)",
        _VALIDITY,
        msg("The key of who issued can be used."),
        issuer_key,
        asked_of=ISSUERS,
    ),
    Rule(
        "chain.digest",
        "RFC 9155; CA/B BR 7.1.3.2",
        _PROFILE,
        msg("The signature's digest is not broken."),
        digest,
    ),
    Rule(
        "chain.key",
        "NIST SP 800-131A; CA/B BR 6.1.5",
        _PROFILE,
        msg("The key is strong enough."),
        key_strength,
    ),
)
