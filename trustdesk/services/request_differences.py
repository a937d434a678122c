"""What a CA did not issue as it was asked, what follows from it, and whether it does harm (CSR-9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography.x509.oid import NameOID

from trustdesk.core.certificate_request import RequestDifference, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CertificateDetails, CsrFacts, ExtensionFacts
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.untrusted import MAX_KEPT
from trustdesk.formats.der import SEQUENCE, DerError, read_whole
from trustdesk.formats.extension_oids import EXTENDED_KEY_USAGE, KEY_USAGE, SUBJECT_ALT_NAME
from trustdesk.formats.general_names import general_name
from trustdesk.formats.request_writing import subject_name
from trustdesk.services.reply_faults import PURPOSES_NEEDED, USAGES_NEEDED, general_faults
from trustdesk.verify.one_record_id import EXACT_MATCH, same_one_record_id
from trustdesk.verify.profiles.lifetime import ONE_YEAR_DAYS, days_of, lifetime, web_limit_days

_ANY_PURPOSE = "anyExtendedKeyUsage"


def request_differences(
    asked: CsrFacts,
    issued: CertificateDetails,
    purpose: RequestPurpose,
    *,
    at: datetime,
    is_public: bool | None = None,
) -> tuple[RequestDifference, ...]:
    """Compare a certificate with the request that it answers; the harmful differences come first.

    Args:
        at: the instant judged for.
        is_public: whether a public CA issued it; None when that is not known, as for a private one.
    """
    found = (
        *_key(asked, issued),
        *_names(asked, issued, purpose),
        *_subject(asked, issued, purpose),
        *_extended_key_usage(asked, issued, purpose),
        *_key_usage(asked, issued, purpose),
        *_authority(issued),
        *general_faults(issued),
        *_validity(issued, purpose, at, is_public=is_public),
    )
    return tuple(sorted(found, key=lambda difference: not difference.is_harmful))


def _key(asked: CsrFacts, issued: CertificateDetails) -> Iterator[RequestDifference]:
    if asked.spki_sha256 is None or asked.spki_sha256 != issued.spki_sha256:
        yield RequestDifference(
            subject=msg("Key"),
            asked=_text(_key_text(asked.key_algorithm, asked.key_bits, asked.spki_sha256)),
            issued=_text(_key_text(issued.facts.key_algorithm, issued.facts.key_bits, issued.spki_sha256)),
            meaning=msg(
                "It is for another key: it answers another request, and cannot be used with this one."
            ),
            is_harmful=True,
        )


def _names(
    asked: CsrFacts, issued: CertificateDetails, purpose: RequestPurpose
) -> Iterator[RequestDifference]:
    wanted, got = asked.subject_alt_names, issued.facts.subject_alt_names
    lost = [name for name in wanted if not any(_same(name, other) for other in got)]
    added = [name for name in got if not any(_same(name, other) for other in wanted)]
    names = msg("Subject alternative names")
    if lost:
        if not got:
            meaning = msg("It carries no names at all: nobody can tell by it who you are.")
        elif purpose is RequestPurpose.CLIENT:
            meaning = msg("Partners that know you by one of these refuse you. {rule}", rule=EXACT_MATCH)
        else:
            meaning = msg("Clients that connect to one of these refuse the certificate.")
        yield RequestDifference(
            subject=names, asked=_names_text(lost), issued=None, meaning=meaning, is_harmful=True
        )
    if added:
        yield RequestDifference(
            subject=names,
            asked=None,
            issued=_names_text(added),
            meaning=msg("The CA put in more than was asked for: look whether you want to be known by it."),
            is_harmful=False,
        )
    if not lost and not added:
        yield from _unlike_names(asked, issued)
    yield from _main_id(wanted, got, purpose)
    yield from _criticality(asked, issued)


def _unlike_names(asked: CsrFacts, issued: CertificateDetails) -> Iterator[RequestDifference]:
    """Compare by their octets the names that no text shows whole: damaged, cut, or of another kind."""
    wanted, got = _hidden_names(asked.extensions), _hidden_names(issued.extensions)
    if wanted != got:
        yield RequestDifference(
            subject=msg("Subject alternative names"),
            asked=None if wanted is None else _names_text(sorted(text for text, _ in wanted.elements())),
            issued=None if got is None else _names_text(sorted(text for text, _ in got.elements())),
            meaning=msg("What stands in these names differs, or cannot be read: look at them byte by byte."),
            is_harmful=True,
        )


def _hidden_names(extensions: Sequence[ExtensionFacts]) -> Counter[tuple[str, bytes]] | None:
    """Return such names with their octets; None where the extension is damaged."""
    found = Counter[tuple[str, bytes]]()
    for extension in extensions:
        if extension.oid != SUBJECT_ALT_NAME:
            continue
        try:
            names = [(general_name(one), one.raw) for one in read_whole(extension.der, SEQUENCE).children()]
        except DerError:
            return None
        found.update((text, raw) for text, raw in names if _is_hidden(text))
    return found


def _is_hidden(text: str) -> bool:
    return text.startswith("other:") or len(text) >= MAX_KEPT or "\\" in text or ":#" in text


def _main_id(
    wanted: Sequence[str], got: Sequence[str], purpose: RequestPurpose
) -> Iterator[RequestDifference]:
    """Say when another URI stands first, although the main one is there."""
    if purpose is not RequestPurpose.CLIENT:
        return
    main = next((name for name in wanted if name.startswith("URI:")), None)
    first = next((name for name in got if name.startswith("URI:")), None)
    if main is None or first is None or _same(main, first) or not any(_same(main, one) for one in got):
        return
    yield RequestDifference(
        subject=msg("Main 1R-ID"),
        asked=_text(main.removeprefix("URI:")),
        issued=_text(first.removeprefix("URI:")),
        meaning=msg("The main 1R-ID stands first. Programs that take the first one take you for another."),
        is_harmful=True,
    )


def _criticality(asked: CsrFacts, issued: CertificateDetails) -> Iterator[RequestDifference]:
    extension = issued.extension(SUBJECT_ALT_NAME)
    if extension is None or issued.facts.subject != "" or extension.critical:
        return
    yield RequestDifference(
        subject=msg("Subject alternative names"),
        asked=msg("critical")
        if any(one.critical for one in asked.extensions if one.oid == SUBJECT_ALT_NAME)
        else msg("not critical"),
        issued=msg("not critical"),
        meaning=msg(
            "Without a subject they have to be critical (RFC 5280 4.2.1.6); strict programs refuse it."
        ),
        is_harmful=True,
    )


def _subject(
    asked: CsrFacts, issued: CertificateDetails, purpose: RequestPurpose
) -> Iterator[RequestDifference]:
    wanted, got = asked.subject, issued.facts.subject
    if wanted == got and got is not None and (len(got) < MAX_KEPT or _cut_alike(asked, issued)):
        return
    name, own = _common_names(wanted), _common_names(got)
    is_harmful = purpose is RequestPurpose.CLIENT and bool(name) and name != own
    if purpose is RequestPurpose.SERVER:
        meaning = msg("No client looks at the subject of a server (RFC 9525 2).")
    elif name == own and wanted != got:
        meaning = msg("The common name is the one that was asked for; the CA changed what stands beside it.")
    else:
        meaning = msg("Partners that map the subject to a company map it to another, or to none.")
    yield RequestDifference(
        subject=msg("Subject"),
        asked=_text(wanted),
        issued=_text(got),
        meaning=meaning,
        is_harmful=is_harmful,
    )


def _extended_key_usage(
    asked: CsrFacts, issued: CertificateDetails, purpose: RequestPurpose
) -> Iterator[RequestDifference]:
    wanted, got = asked.extended_key_usage, issued.facts.extended_key_usage
    subject = msg("Extended key usage")
    if got is None:
        meaning = msg("Without it the certificate is good for everything; the profile asks for it.")
        yield from _absent(subject, wanted, issued.extension(EXTENDED_KEY_USAGE), meaning)
        return
    lost = _lost(wanted, PURPOSES_NEEDED[purpose], got)
    added = _added(wanted, got)
    if lost:
        meaning = (
            msg(
                "Java and Go take anyExtendedKeyUsage for {uses}; programs on OpenSSL refuse it.",
                uses=", ".join(lost),
            )
            if _ANY_PURPOSE in got
            else msg("It cannot be used for {uses}.", uses=", ".join(lost))
        )
        yield _usages(subject, _both(lost, wanted), got, meaning, is_harmful=True)
    if added:
        public_use = purpose is RequestPurpose.CLIENT and "serverAuth" in added
        meaning = (
            msg(
                "It can be used as a server's too. Public CAs end that on 2027-03-15: the next one may lack"
                " clientAuth."
            )
            if public_use
            else msg("It can be used for {uses} too.", uses=", ".join(added))
        )
        yield _usages(subject, (), added, meaning)


def _key_usage(
    asked: CsrFacts, issued: CertificateDetails, purpose: RequestPurpose
) -> Iterator[RequestDifference]:
    wanted, got = asked.key_usage, issued.facts.key_usage
    subject = msg("Key usage")
    if got is None:
        meaning = msg("Without it the key may be used for everything; the profile asks for it.")
        yield from _absent(subject, wanted, issued.extension(KEY_USAGE), meaning)
        return
    lost = _lost(wanted, USAGES_NEEDED[purpose], got)
    added = _added(wanted, got)
    if lost:
        is_harmful = lost != ["keyEncipherment"]
        meaning = (
            msg("Its key may not be used for {uses}.", uses=", ".join(lost))
            if is_harmful
            else msg("Only TLS 1.2 without forward secrecy needs keyEncipherment; nobody should miss it.")
        )
        yield _usages(subject, _both(lost, wanted), got, meaning, is_harmful=is_harmful)
    if added:
        yield _usages(subject, (), added, msg("Its key may be used for {uses} too.", uses=", ".join(added)))


def _lost(wanted: Sequence[str] | None, needed: Sequence[str], got: Sequence[str]) -> list[str]:
    """Return what was asked for, or is needed for the purpose, and is not there."""
    return [usage for usage in dict.fromkeys((*(wanted or ()), *needed)) if usage not in got]


def _added(wanted: Sequence[str] | None, got: Sequence[str]) -> list[str]:
    """Return what is there and was not asked for; nothing where no usage was asked for at all."""
    return [usage for usage in got if wanted is not None and usage not in wanted]


def _both(usages: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    return [usage for usage in usages if usage in (wanted or ())]


def _absent(
    subject: Message, wanted: Sequence[str] | None, extension: ExtensionFacts | None, meaning: Message
) -> Iterator[RequestDifference]:
    """Say of usages that nobody can read that they are damaged, or not there although they were asked for."""
    if extension is not None:
        yield _unreadable(subject)
    elif wanted:
        yield _usages(subject, wanted, (), meaning)


def _usages(
    subject: Message,
    asked: Sequence[str],
    issued: Sequence[str],
    meaning: Message,
    *,
    is_harmful: bool = False,
) -> RequestDifference:
    return RequestDifference(
        subject=subject,
        asked=_text(", ".join(asked)),
        issued=_text(", ".join(issued)),
        meaning=meaning,
        is_harmful=is_harmful,
    )


def _authority(issued: CertificateDetails) -> Iterator[RequestDifference]:
    if issued.facts.is_ca:
        yield RequestDifference(
            subject=msg("CA"),
            asked=msg("no"),
            issued=msg("yes"),
            meaning=msg("It is the certificate of a CA: servers and clients must not use it."),
            is_harmful=True,
        )


def _validity(
    issued: CertificateDetails, purpose: RequestPurpose, at: datetime, *, is_public: bool | None
) -> Iterator[RequestDifference]:
    """Compare with the policy: a request cannot say how long."""
    not_before, not_after = issued.facts.not_before, issued.facts.not_after
    if not_before is None or not_after is None:
        yield RequestDifference(
            subject=msg("Validity"),
            asked=None,
            issued=None,
            meaning=msg("The validity cannot be read: no program takes the certificate."),
            is_harmful=True,
        )
        return
    if not_before > at:
        yield RequestDifference(
            subject=msg("Validity"),
            asked=None,
            issued=msg("from {date}", date=not_before),
            meaning=msg("It is not valid yet: nobody takes it before that day."),
            is_harmful=False,
        )
    limit = ONE_YEAR_DAYS
    if is_public and purpose is RequestPurpose.SERVER:
        limit = min(limit, web_limit_days(not_before) or limit)
    days = days_of(lifetime(not_before, not_after))
    if days > limit:
        yield RequestDifference(
            subject=msg("Validity"),
            asked=msg("at most {days} days", days=limit),
            issued=msg("{days} days", days=days),
            meaning=msg("Browsers refuse a public certificate that is valid for longer.")
            if is_public and purpose is RequestPurpose.SERVER
            else msg("The certificate policy has one year; partners that enforce it complain."),
            is_harmful=bool(is_public) and purpose is RequestPurpose.SERVER,
        )


def _same(one: str, other: str) -> bool:
    kind, _, value = one.partition(":")
    other_kind, _, other_value = other.partition(":")
    if kind != other_kind:
        return False
    if kind == "URI":
        return same_one_record_id(value, other_value)
    return value.lower() == other_value.lower() if kind == "DNS" else value == other_value


def _cut_alike(asked: CsrFacts, issued: CertificateDetails) -> bool:
    """Whether subjects that are too long to be kept as text are the same octets."""
    wanted = [asked.der[one.offset :][: one.length] for one in asked.fields if one.name == "subject"]
    got = [issued.facts.der[one.offset :][: one.length] for one in issued.fields if one.name == "subject"]
    return wanted == got


def _common_names(subject: str | None) -> tuple[str, ...]:
    """Return all CNs of a subject: of several, programs take the first or the last."""
    try:
        attributes = subject_name(subject or "").get_attributes_for_oid(NameOID.COMMON_NAME)
    except UnusableInputError:
        return ()
    return tuple(str(one.value) for one in attributes)


def _unreadable(subject: Message) -> RequestDifference:
    return RequestDifference(
        subject=subject,
        asked=None,
        issued=msg("damaged"),
        meaning=msg("It cannot be read: strict programs refuse the certificate."),
        is_harmful=True,
    )


def _key_text(algorithm: str | None, bits: int | None, spki_sha256: str | None) -> str:
    return f"{algorithm or '?'} {bits or ''} {(spki_sha256 or '?')[:16]}".strip()


def _names_text(names: Sequence[str]) -> Message:
    return msg("{names}", names=listed([*names]))


def _text(value: str | None) -> Message | None:
    return None if not value else msg("{value}", value=value)
