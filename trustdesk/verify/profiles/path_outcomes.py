"""What comes of the rules that look along a path: one function for the gate of live probes and the rule sets.

The remedies are the caller's: a partner is told what the partner has to do, an owner what the owner has to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.verification import Purpose, RuleCheck, RuleStatus
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.path_view import OF_PURPOSE, OF_TRUST, OF_VALIDITY, PathView
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated
from trustdesk.verify.rules.purpose import PURPOSE_NAME
from trustdesk.verify.same_keys import published_at
from trustdesk.verify.signatures import SignatureStatus, check_signature

_STRENGTH = ("chain.key", "chain.digest")


def within_validity(
    not_before: datetime, not_after: datetime, at: datetime, *, if_expired: Message, if_early: Message
) -> Held | Violated:
    """SRV-01, CLI-01, CHN-04 of one CA: whether an instant lies within; the last second belongs to it."""
    if at > not_after:
        return Violated(
            msg("It expired on {not_after}; judged for {at}.", not_after=not_after, at=at), if_expired
        )
    if at < not_before:
        return Violated(
            msg("It is not valid before {not_before}; judged for {at}.", not_before=not_before, at=at),
            if_early,
        )
    return Held(msg("Valid from {not_before} to {not_after}.", not_before=not_before, not_after=not_after))


def expires(not_after: datetime, at: datetime) -> Message:
    """Say when it expires, counted from an instant."""
    return msg_n(
        "It expires on {not_after}, in {count} day.",
        "It expires on {not_after}, in {count} days.",
        (not_after - at).days,
        not_after=not_after,
    )


def fit_for_purpose(view: PathView, remedy: Message) -> Outcome:
    """SRV-02; without the extension every purpose is allowed."""
    # The key usage of a CA in place of an end entity is named as what it is (SRV-16).
    is_ca = bool(view.failures("leaf.end_entity"))
    rules = ("purpose.extended_key_usage", *(() if is_ca else ("purpose.key_usage",)))
    for failure in view.failures(*rules):
        return Violated(failure.evidence, remedy)
    return _as_checked(view.check("purpose.extended_key_usage"))


def speaks_for_name(view: PathView, remedy: Message) -> Outcome:
    """SRV-03; the Common Name is never looked at."""
    for failure in view.failures("leaf.peer_name"):
        return Violated(failure.evidence, remedy)
    return _as_checked(view.check("leaf.peer_name"))


def weak_link(view: PathView, remedy: Message) -> Violated | NotRun | None:
    """SRV-15: a key or signature that is too weak, or unknown; None where all are strong.

    Nobody relies on an anchor's own signature.
    """
    for rule in _STRENGTH:
        for failure in view.failures(rule):
            return Violated(failure.evidence, remedy)
    for index in range(len(view.certificates)):
        for rule in _STRENGTH:
            check = view.check(rule, index)
            if check is not None and check.status is RuleStatus.NOT_RUN:
                return NotRun(check.evidence)
    return None


def issued_by_a_ca(view: PathView, *, if_self_signed: Message, if_ca: Message) -> Outcome:
    """SRV-16: issued to the end entity by a CA, and no CA's own certificate."""
    certificate = view.end_entity
    if is_self_signed(certificate):
        return Violated(
            msg("It is self-signed: {subject} vouches for itself.", subject=certificate.title), if_self_signed
        )
    for failure in view.failures("leaf.end_entity"):
        return Violated(failure.evidence, if_ca)
    outcome = _as_checked(view.check("leaf.end_entity"))
    if isinstance(outcome, Held):
        return Held(msg("Issued by {issuer}.", issuer=certificate.facts.issuer or "?"))
    return outcome


def on_list(view: PathView, remedy: Message) -> Held | Violated | None:
    """SRV-17, CLI-19: whether a CA of the list stands at the end; None when the path ends at none.

    What the list says against the CA (uses, dates, names) counts as not being on it, and so does what is
    distrusted on the way to it, or not what was agreed with the partner.
    """
    for failure in view.failures(*OF_TRUST):
        return Violated(failure.evidence, remedy)
    if view.anchor_list is None:
        return None
    return Held(
        msg("{anchor} is on the list {list}.", anchor=view.certificates[-1].title, list=view.anchor_list)
    )


def key_secret(
    known: Mapping[str, str] | None,
    own: Sequence[str],
    issuers: Sequence[tuple[str, Sequence[str]]],
    *,
    if_own: Message,
    if_issuer: Message,
) -> Outcome:
    """KEY-05: whether its private key has been published, or that of a CA above.

    A key that is not on the list may have been published all the same. Requests and keys have no path, so
    digests of SubjectPublicKeyInfo (SHA-256) are taken in its place.

    Args:
        known: where private keys were published, by digest; None without a list of them.
        own: digests (`verify.same_keys`); none where it cannot be read; the rules on the key itself say so.
        issuers: title and digests of each certificate above.
    """
    if known is None:
        return NotRun(msg("No list of public private keys was given."))
    if not own:
        return NotRun(msg("The public key cannot be read."))
    origin = published_at(known, own)
    if origin is not None:
        return Violated(
            msg("Its private key has been published ({origin}); anybody can use it.", origin=origin), if_own
        )
    for title, digests in issuers:
        origin = published_at(known, digests)
        if origin is not None:
            return Violated(
                msg(
                    "The private key of its issuer {issuer} has been published ({origin}).",
                    issuer=title,
                    origin=origin,
                ),
                if_issuer,
            )
    return Held(
        msg(
            "They are none of the {count} keys on the list; the list does not know every one.",
            count=len(known),
        )
        if issuers
        else msg(
            "It is none of the {count} keys on the list; the list does not know every one.",
            count=len(known),
        )
    )


def nothing_missing(view: PathView, presented: Sequence[str], remedy: Message) -> Held | Violated | None:
    """CHN-02: whether all between end entity and anchor came along; None without a path to compare with.

    Args:
        presented: SHA-256 of what was sent.
    """
    if view.anchor_list is None:
        return None
    missing = [one.title for one in view.issuers[:-1] if one.sha256 not in presented]
    if missing:
        return Violated(msg("Not sent: {missing}.", missing=listed(missing)), remedy)
    return Held(msg("Nothing is missing between the certificate and the list."))


def in_order(view: PathView, presented: Sequence[Decoded], remedy: Message) -> Outcome:
    """CHN-03: each certificate before its issuer, once, and nothing else but roots.

    Args:
        presented: as sent, end entity first.
    """
    digests = [one.sha256 for one in presented]
    if len(digests) != len(set(digests)):
        return Violated(msg("A certificate stands there twice."), remedy)
    in_path = [one.sha256 for one in view.certificates]
    roots = [one for one in presented[1:] if is_self_signed(one)]
    strangers = [one.title for one in presented if one.sha256 not in in_path and one not in roots]
    if strangers:
        return Violated(msg("Not part of the path: {certificates}.", certificates=listed(strangers)), remedy)
    if [digest for digest in in_path if digest in digests] != [one for one in digests if one in in_path]:
        return Violated(msg("The certificates do not stand each before its issuer."), remedy)
    if roots:
        return Held(msg("In order; {root} need not be sent.", root=listed([one.title for one in roots])))
    return Held(msg("Each certificate stands before its issuer."))


def issuers_valid(view: PathView, *, if_expired: Message, otherwise: Message, in_time: Message) -> Outcome:
    """CHN-04, where something is above; an end before that of the end entity is a warning."""
    for failure in view.failures(*OF_VALIDITY, above=0):
        is_expired = failure.rule == "validity.not_after"
        return Violated(failure.evidence, if_expired if is_expired else otherwise)
    sooner = ends_before(view.end_entity.facts, [one.facts for one in view.issuers])
    if sooner is not None:
        return Violated(
            msg(
                "{subject} expires on {not_after}, before the certificate.",
                subject=sooner.title,
                not_after=sooner.not_after or "?",
            ),
            in_time,
            Severity.WARNING,
        )
    return Held(msg("All of them outlast it."))


def issuers_purpose(view: PathView, purpose: Purpose, remedy: Message) -> Outcome:
    """CHN-05, where something is above."""
    for failure in view.failures(*OF_PURPOSE):
        return Violated(failure.evidence, remedy)
    return Held(msg("No CA above excludes {needed}.", needed=PURPOSE_NAME[purpose]))


def ends_before(end_entity: CertificateFacts, issuers: Sequence[CertificateFacts]) -> CertificateFacts | None:
    """Return the first issuer whose validity ends before the end entity's; None when all outlast it."""
    end = end_entity.not_after
    if end is None:
        return None
    return next((one for one in issuers if one.not_after is not None and one.not_after < end), None)


def is_self_signed(certificate: Decoded) -> bool:
    """Whether a certificate's own key made its signature (RFC 5280 3.2)."""
    return certificate.is_self_issued and check_signature(certificate, certificate) is SignatureStatus.MADE


def _as_checked(check: RuleCheck | None) -> Outcome:
    """Say what the evaluator said where it found nothing wrong."""
    if check is None:
        return NotRun(msg("It was not judged for this."))
    if check.status is RuleStatus.PASS:
        return Held(check.evidence)
    if check.status is RuleStatus.NOT_APPLICABLE:
        return NotApplicable(check.evidence)
    return NotRun(check.evidence)
