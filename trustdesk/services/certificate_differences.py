"""What a new certificate changes against an old one, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.formats import extension_oids as oids

_SAID_ELSEWHERE = frozenset(
    {
        oids.SUBJECT_KEY_IDENTIFIER,  # goes with the key
        oids.KEY_USAGE,
        oids.SUBJECT_ALT_NAME,
        oids.BASIC_CONSTRAINTS,
        oids.NAME_CONSTRAINTS,
        oids.CRL_DISTRIBUTION_POINTS,
        oids.CERTIFICATE_POLICIES,
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.EXTENDED_KEY_USAGE,
        oids.AUTHORITY_INFO_ACCESS,
        oids.TLS_FEATURE,
        oids.SCT_LIST,  # timestamps of certificate transparency: others in every certificate
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is not as it was.

    Attributes:
        field: what it is called.
        before: what stood there; None for nothing.
        after: what stands there now; None for nothing.
        meaning: what changed, and what follows from it.
    """

    field: Message
    before: Message | None
    after: Message | None
    meaning: Message


def certificate_differences(before: CertificateDetails, after: CertificateDetails) -> tuple[Difference, ...]:
    """Compare two certificates by what they mean, the weightiest first; empty for the same certificate."""
    if before.facts.sha256 == after.facts.sha256:
        return ()
    return (
        *_key(before, after),
        *_names(before, after),
        *_uses(before, after),
        *_issuing(before, after),
        *_dates(before, after),
        *_services(before, after),
        *_extensions(before, after),
    )


def _key(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    old, new = before.facts, after.facts
    if before.spki_sha256 != after.spki_sha256:
        yield Difference(
            field=msg("Key"),
            before=_key_words(before),
            after=_key_words(after),
            meaning=msg("It is another key: whoever pinned the old one refuses the new certificate.")
            if _key_words(before) == _key_words(after)
            else msg(
                "It is another key, {new} instead of {old}: whoever pinned the old one refuses it.",
                new=_key_words(after),
                old=_key_words(before),
            ),
        )
    if old.signature_algorithm != new.signature_algorithm:
        yield Difference(
            field=msg("Signature algorithm"),
            before=_text(old.signature_algorithm),
            after=_text(new.signature_algorithm),
            meaning=msg("The CA signs with another algorithm; old programs may not know it."),
        )


def _names(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    old, new = before.facts, after.facts
    if old.subject != new.subject:
        yield Difference(
            field=msg("Subject"),
            before=_text(old.subject),
            after=_text(new.subject),
            meaning=msg("Partners that map the subject to an account have to map the new one."),
        )
    yield from _set_differences(
        msg("Subject alternative names"),
        old.subject_alt_names,
        new.subject_alt_names,
        lost=lambda names: msg("It no longer speaks for {names}.", names=names),
        gained=lambda names: msg("It speaks for {names} now.", names=names),
    )


def _uses(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    old, new = before.facts, after.facts
    yield from _usage_differences(
        msg("Extended key usage"),
        old.extended_key_usage,
        new.extended_key_usage,
        lost=lambda names: msg("It can no longer be used for {names}.", names=names),
        gained=lambda names: msg("It can be used for {names} now.", names=names),
    )
    yield from _usage_differences(
        msg("Key usage"),
        old.key_usage,
        new.key_usage,
        lost=lambda names: msg("Its key may no longer be used for {names}.", names=names),
        gained=lambda names: msg("Its key may be used for {names} now.", names=names),
    )
    if old.is_ca != new.is_ca:
        yield Difference(
            field=msg("CA"),
            before=_yes_or_no(old.is_ca),
            after=_yes_or_no(new.is_ca),
            meaning=msg("It is the certificate of a CA now: servers and clients must not use it.")
            if new.is_ca
            else msg("It is no longer the certificate of a CA: what it issued leads to no list."),
        )
    if before.path_length != after.path_length:
        yield Difference(
            field=msg("Path length"),
            before=_text(before.path_length),
            after=_text(after.path_length),
            meaning=msg("Another number of CAs may stand below it."),
        )
    yield from _set_differences(
        msg("Permitted names"),
        before.permitted_names,
        after.permitted_names,
        lost=lambda names: msg("It no longer permits {names} below it.", names=names),
        gained=lambda names: msg("It permits {names} below it.", names=names),
    )
    yield from _set_differences(
        msg("Excluded names"),
        before.excluded_names,
        after.excluded_names,
        lost=lambda names: msg("It no longer excludes {names} below it.", names=names),
        gained=lambda names: msg("It excludes {names} below it now.", names=names),
    )
    yield from _set_differences(
        msg("Certificate policies"),
        before.policies,
        after.policies,
        lost=lambda names: msg(
            "It no longer names the policy {names}, which a list may ask for.", names=names
        ),
        gained=lambda names: msg("It names the policy {names} now.", names=names),
    )


def _issuing(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    old, new = before.facts, after.facts
    if old.issuer != new.issuer:
        yield Difference(
            field=msg("Issuer"),
            before=_text(old.issuer),
            after=_text(new.issuer),
            meaning=msg("Another CA issued it: partners whose list has only the old CA refuse it."),
        )
    elif before.authority_key_id != after.authority_key_id:
        yield Difference(
            field=msg("Issuer's key"),
            before=_text(before.authority_key_id),
            after=_text(after.authority_key_id),
            meaning=msg("The same CA signed it with another key: send the CA certificate that goes with it."),
        )
    if old.serial_number != new.serial_number:
        yield Difference(
            field=msg("Serial number"),
            before=_text(old.serial_number),
            after=_text(new.serial_number),
            meaning=msg("It is another certificate: revoking one of them leaves the other as it is."),
        )
    if before.version != after.version:
        yield Difference(
            field=msg("Version"),
            before=_text(before.version),
            after=_text(after.version),
            meaning=msg("Only certificates of version 3 have extensions."),
        )


def _dates(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    old, new = before.facts, after.facts
    if old.not_before != new.not_before:
        yield Difference(
            field=msg("Valid from"),
            before=_date(old.not_before),
            after=_date(new.not_before),
            meaning=_shift(old.not_before, new.not_before)
            or msg("The date cannot be read in one of the two."),
        )
    if old.not_after != new.not_after:
        yield Difference(
            field=msg("Valid until"),
            before=_date(old.not_after),
            after=_date(new.not_after),
            meaning=_shift(old.not_after, new.not_after) or msg("The date cannot be read in one of the two."),
        )


def _services(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    for field, old, new in (
        (msg("Revocation lists"), before.crl_urls, after.crl_urls),
        (msg("OCSP responders"), before.ocsp_urls, after.ocsp_urls),
    ):
        yield from _set_differences(
            field,
            old,
            new,
            lost=lambda names: msg("Revocation is no longer asked for at {names}.", names=names),
            gained=lambda names: msg(
                "Revocation is asked for at {names} now: firewalls have to let that through.", names=names
            ),
        )
    yield from _set_differences(
        msg("Issuer's certificate at"),
        before.ca_issuer_urls,
        after.ca_issuer_urls,
        lost=lambda names: msg("Its issuer is no longer to be had at {names}.", names=names),
        gained=lambda names: msg("Its issuer is to be had at {names} now.", names=names),
    )
    if before.must_staple != after.must_staple:
        yield Difference(
            field=msg("Must staple"),
            before=_yes_or_no(before.must_staple),
            after=_yes_or_no(after.must_staple),
            meaning=msg("The server has to staple an OCSP response now (RFC 7633).")
            if after.must_staple
            else msg("The server need not staple an OCSP response any more."),
        )


def _extensions(before: CertificateDetails, after: CertificateDetails) -> Iterator[Difference]:
    """What is said nowhere else: other extensions, and criticality."""
    old = {one.oid: one for one in reversed(before.extensions)}
    new = {one.oid: one for one in reversed(after.extensions)}
    for oid in dict.fromkeys((*old, *new)):
        one, other = old.get(oid), new.get(oid)
        name = (one or other or before.extensions[0]).name
        if one is not None and other is not None:
            if one.critical != other.critical:
                yield Difference(
                    field=msg("Extension {name}", name=name),
                    before=_critical(one.critical),
                    after=_critical(other.critical),
                    meaning=msg("Programs that do not know it refuse the certificate now.")
                    if other.critical
                    else msg("Programs that do not know it may pass over it now."),
                )
            elif one.der != other.der and oid not in _SAID_ELSEWHERE:
                yield _extension(name, one.der, other.der, msg("It says something else."))
        elif other is None and one is not None and oid not in _SAID_ELSEWHERE:
            yield _extension(name, one.der, None, msg("It is no longer there."))
        elif other is not None and one is None and oid not in _SAID_ELSEWHERE:
            yield _extension(name, None, other.der, msg("It is new."))


def _extension(name: str, before: bytes | None, after: bytes | None, meaning: Message) -> Difference:
    return Difference(
        field=msg("Extension {name}", name=name),
        before=_hex(before),
        after=None if after is None else _hex(after),
        meaning=meaning,
    )


Says = Callable[[str], Message]


def _usage_differences(
    field: Message,
    before: tuple[str, ...] | None,
    after: tuple[str, ...] | None,
    *,
    lost: Says,
    gained: Says,
) -> Iterator[Difference]:
    """Compare uses; without the extension everything is allowed."""
    if before is None and after is not None:
        yield Difference(
            field=field,
            before=None,
            after=_text(", ".join(after)),
            meaning=msg("It was good for everything; now only for {uses}.", uses=", ".join(after)),
        )
    elif before is not None and after is None:
        yield Difference(
            field=field,
            before=_text(", ".join(before)),
            after=None,
            meaning=msg("It is good for everything now."),
        )
    else:
        yield from _set_differences(field, before or (), after or (), lost=lost, gained=gained)


def _set_differences(
    field: Message, before: Sequence[str], after: Sequence[str], *, lost: Says, gained: Says
) -> Iterator[Difference]:
    """Compare names whose order means nothing: what was lost first, then what was gained."""
    gone = [name for name in dict.fromkeys(before) if name not in after]
    new = [name for name in dict.fromkeys(after) if name not in before]
    if gone:
        yield Difference(
            field=field, before=_text(", ".join(gone)), after=None, meaning=lost(", ".join(gone))
        )
    if new:
        yield Difference(
            field=field, before=None, after=_text(", ".join(new)), meaning=gained(", ".join(new))
        )


def _text(value: str | int | None) -> Message | None:
    return None if value is None or value == "" else msg("{value}", value=value)


def _key_words(details: CertificateDetails) -> Message:
    facts = details.facts
    if details.curve is not None:
        return msg("{algorithm} on {curve}", algorithm=facts.key_algorithm or "?", curve=details.curve)
    if facts.key_bits is not None:
        return msg("{algorithm} with {bits} bits", algorithm=facts.key_algorithm or "?", bits=facts.key_bits)
    return msg("{algorithm}", algorithm=facts.key_algorithm or "?")


def _shift(before: datetime | None, after: datetime | None) -> Message | None:
    if before is None or after is None:
        return None
    days = round(abs(after - before) / timedelta(days=1))
    if after > before:
        return msg_n("{count} day later.", "{count} days later.", days)
    return msg_n("{count} day earlier.", "{count} days earlier.", days)


def _date(at: datetime | None) -> Message | None:
    return None if at is None else msg("{at}", at=at)


def _critical(critical: bool) -> Message:
    return msg("critical") if critical else msg("not critical")


def _yes_or_no(value: bool) -> Message:
    return msg("yes") if value else msg("no")


def _hex(der: bytes | None) -> Message | None:
    return None if der is None else msg("{value}", value=der.hex())
