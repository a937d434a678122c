"""What an item says, as labels and values in words; safe to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from trustdesk.core.inspection import (
    CertificateDetails,
    CrlFacts,
    CsrFacts,
    InspectedItem,
    ItemKind,
    KeyFacts,
)
from trustdesk.core.message import msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import distance, iso_date
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.item_facts import (
    container_facts,
    key_protection_facts,
    related_facts,
    unreadable_facts,
)
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import fingerprint_text, say

_SHOWN = 20


def summary_facts(
    opened: OpenedItem, now: datetime, issuer_key: str | None, related: Sequence[OpenedItem] = ()
) -> tuple[Fact, ...]:
    """Return what the Summary of an item shows.

    Args:
        issuer_key: the open certificate of its issuer.
        related: open items with the same public key; of a key store what lies in it.
    """
    item = opened.item
    facts = [*_problems(item)]
    if item.certificate is not None:
        facts += _certificate(item.certificate, now, issuer_key)
    elif item.csr is not None:
        facts += _request(item.csr)
    elif item.crl is not None:
        facts += _revocation_list(item.crl, now)
    elif item.key is not None:
        facts += _key(item.key)
    elif item.kind is ItemKind.UNKNOWN:
        facts += unreadable_facts(item)
    facts += container_facts(item)
    facts += related_facts(opened, related)
    if item.alias:
        facts.append(Fact(label=msg("Name in the store"), value=visible(item.alias)))
    if item.count is not None:
        facts.append(Fact(label=msg("Items in it"), value=str(item.count)))
    facts.append(Fact(label=msg("Found in"), value=_places(opened)))
    return tuple(facts)


def usage_facts(details: CertificateDetails) -> tuple[Fact, ...]:
    """Return what a certificate may be used for, as it says itself."""
    facts = details.facts
    purposes = facts.extended_key_usage
    lines = [
        Fact(
            label=msg("Extended key usage"),
            value=say(msg("any: the extension is absent")) if purposes is None else _listed(purposes, ", "),
        ),
        Fact(
            label=msg("Key usage"),
            value=say(msg("any: the extension is absent"))
            if facts.key_usage is None
            else _listed(facts.key_usage, ", "),
        ),
        Fact(label=msg("Names"), value=_listed(facts.subject_alt_names)),
        Fact(label=msg("CA"), value=_authority(details)),
    ]
    if details.permitted_names or details.excluded_names:
        lines.append(Fact(label=msg("Permitted names"), value=_listed(details.permitted_names)))
        lines.append(Fact(label=msg("Excluded names"), value=_listed(details.excluded_names)))
    if details.policies:
        lines.append(Fact(label=msg("Policies"), value=_listed(details.policies, ", ")))
    if details.must_staple:
        lines.append(Fact(label=msg("TLS feature"), value=say(msg("a stapled OCSP answer is demanded"))))
    return tuple(lines)


def key_words(algorithm: str | None, bits: int | None, curve: str | None) -> str:
    """Return a key as `EC P-256` or `RSA 2048`."""
    size = curve or (str(bits) if bits is not None else None)
    return visible(" ".join(part for part in (algorithm, size) if part)) or "–"


def validity_words(not_before: datetime | None, not_after: datetime | None, now: datetime) -> str:
    """Return a span of days with its distance."""
    if not_before is None or not_after is None:
        return say(msg("cannot be read"))
    span = f"{iso_date(not_before)} – {iso_date(not_after)}"
    if now < not_before:
        return f"{span}, {say(msg('begins {distance}', distance=distance(not_before, now)))}"
    away = distance(not_after, now)
    word = (
        msg("expired {distance}", distance=away) if now > not_after else msg("ends {distance}", distance=away)
    )
    return f"{span}, {say(word)}"


def _certificate(details: CertificateDetails, now: datetime, issuer_key: str | None) -> Iterator[Fact]:
    facts = details.facts
    yield Fact(label=msg("Subject"), value=_name(facts.subject))
    yield Fact(label=msg("Issuer"), value=_name(facts.issuer), link=issuer_key)
    ended = facts.not_after is not None and now > facts.not_after
    yield Fact(
        label=msg("Valid"),
        value=validity_words(facts.not_before, facts.not_after, now),
        ink="bad" if ended else "text",
    )
    yield Fact(label=msg("Names"), value=_listed(facts.subject_alt_names))
    yield Fact(label=msg("Key"), value=key_words(facts.key_algorithm, facts.key_bits, details.curve))
    yield Fact(label=msg("Signature"), value=visible(facts.signature_algorithm or "–"))
    yield Fact(label=msg("Serial number"), value=visible(facts.serial_number or "–"), style=TypeStyle.FIXED)
    yield Fact(
        label=msg("Version"),
        value=str(details.version) if details.version is not None else say(msg("not readable")),
    )
    yield Fact(label=msg("SHA-256"), value=fingerprint_text(facts.sha256), style=TypeStyle.FIXED)
    yield Fact(label=msg("SHA-1"), value=fingerprint_text(details.sha1), style=TypeStyle.FIXED)
    if details.spki_sha256 is not None:
        yield Fact(
            label=msg("Key SHA-256"), value=fingerprint_text(details.spki_sha256), style=TypeStyle.FIXED
        )
    if details.subject_key_id is not None:
        value = fingerprint_text(details.subject_key_id[:64])
        yield Fact(label=msg("Own key identifier"), value=value, style=TypeStyle.FIXED)
    if details.authority_key_id is not None:
        value = fingerprint_text(details.authority_key_id[:64])
        yield Fact(label=msg("Issuer's key identifier"), value=value, style=TypeStyle.FIXED)
    for label, urls in (
        (msg("Issuer's certificate at"), details.ca_issuer_urls),
        (msg("OCSP at"), details.ocsp_urls),
        (msg("Revocation list at"), details.crl_urls),
    ):
        if urls:
            yield Fact(label=label, value=_listed(urls))
    if details.sct_count is not None:
        count = say(msg_n("{count} timestamp", "{count} timestamps", details.sct_count))
        yield Fact(label=msg("Certificate transparency"), value=count)


def _request(csr: CsrFacts) -> Iterator[Fact]:
    yield Fact(label=msg("Subject"), value=_name(csr.subject))
    yield Fact(label=msg("Names asked for"), value=_listed(csr.subject_alt_names))
    yield Fact(label=msg("Key"), value=key_words(csr.key_algorithm, csr.key_bits, csr.curve))
    yield Fact(label=msg("Signature"), value=visible(csr.signature_algorithm or "–"))
    words = {
        True: msg("made with the request's own key"),
        False: msg("not made with the request's own key"),
        None: msg("could not be checked"),
    }
    ink = {True: "text", False: "bad", None: "unknown"}[csr.signature_valid]
    yield Fact(label=msg("Proof"), value=say(words[csr.signature_valid]), ink=ink)
    for label, usages in (
        (msg("Key usage asked for"), csr.key_usage),
        (msg("Extended key usage asked for"), csr.extended_key_usage),
    ):
        yield Fact(label=label, value=say(msg("nothing")) if usages is None else _listed(usages, ", "))
    yield Fact(label=msg("Other attributes"), value=_listed([attribute_name(one) for one in csr.attributes]))
    if csr.is_ca:
        yield Fact(label=msg("CA"), value=say(msg("asked to be a CA")), ink="warning")
    yield Fact(label=msg("SHA-256"), value=fingerprint_text(csr.sha256), style=TypeStyle.FIXED)
    if csr.spki_sha256 is not None:
        yield Fact(label=msg("Key SHA-256"), value=fingerprint_text(csr.spki_sha256), style=TypeStyle.FIXED)


_ATTRIBUTES = {
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.2.840.113549.1.9.2": "unstructuredName",
    "1.2.840.113549.1.9.7": "challengePassword",
    "1.2.840.113549.1.9.8": "unstructuredAddress",
    "1.3.6.1.4.1.311.13.2.3": "Microsoft osVersion",
    "1.3.6.1.4.1.311.13.2.2": "Microsoft enrolmentCSP",
    "1.3.6.1.4.1.311.21.20": "Microsoft requestClientInfo",
}


def attribute_name(oid: str) -> str:
    """Return the name of a request's attribute; the OID where it is unknown here."""
    name = _ATTRIBUTES.get(oid)
    return oid if name is None else f"{name} ({oid})"


def _revocation_list(crl: CrlFacts, now: datetime) -> Iterator[Fact]:
    yield Fact(label=msg("Issuer"), value=_name(crl.issuer))
    yield Fact(label=msg("This update"), value="–" if crl.this_update is None else iso_date(crl.this_update))
    if crl.next_update is None:
        yield Fact(label=msg("Next update"), value=say(msg("it does not say")), ink="warning")
    else:
        late = now > crl.next_update
        when = f"{iso_date(crl.next_update)}, {say(distance(crl.next_update, now))}"
        yield Fact(label=msg("Next update"), value=when, ink="bad" if late else "text")
    count = say(msg("not readable")) if crl.count is None else str(crl.count)
    yield Fact(label=msg("Revoked certificates"), value=count)
    yield Fact(label=msg("Number"), value="–" if crl.number is None else str(crl.number))
    yield Fact(label=msg("Signature"), value=visible(crl.signature_algorithm or "–"))
    yield Fact(label=msg("SHA-256"), value=fingerprint_text(crl.sha256), style=TypeStyle.FIXED)


def _key(key: KeyFacts) -> Iterator[Fact]:
    yield from key_protection_facts(key)
    yield Fact(label=msg("Key"), value=key_words(key.algorithm, key.bits, key.curve))
    if key.spki_sha256 is not None:
        yield Fact(label=msg("Key SHA-256"), value=fingerprint_text(key.spki_sha256), style=TypeStyle.FIXED)


def _problems(item: InspectedItem) -> Iterator[Fact]:
    problems = item.problems
    if problems:
        lines = [say(problem) for problem in problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            lines.append(say(msg("and {count} more", count=len(problems) - _SHOWN)))
        label, ink = (msg("Locked"), "warning") if item.locked else (msg("Damaged"), "bad")
        yield Fact(label=label, value="\n".join(lines), ink=ink)
    if problems and item.kind is ItemKind.UNKNOWN:
        remedy = msg("Ask whoever sent it for the file again, as PEM or DER; Raw shows its bytes.")
        yield Fact(label=msg("What to do"), value=say(remedy))


def _authority(details: CertificateDetails) -> str:
    if not details.facts.is_ca:
        return say(msg("no"))
    if details.path_length is None:
        return say(msg("yes, with any number of CAs below it"))
    return say(
        msg_n(
            "yes, with at most {count} CA below it",
            "yes, with at most {count} CAs below it",
            details.path_length,
        )
    )


def _name(name: str | None) -> str:
    if name is None:
        return say(msg("cannot be read"))
    return visible(name) or say(msg("empty"))


def _listed(values: Sequence[str], between: str = "\n") -> str:
    shown = [visible(value) for value in values[:_SHOWN]]
    if len(values) > _SHOWN:
        shown.append(say(msg("and {count} more", count=len(values) - _SHOWN)))
    return between.join(shown) or say(msg("none"))


def _places(opened: OpenedItem) -> str:
    lines = [
        say(msg("{file}, item {number}", file=source, number=position + 1))
        for source, position in opened.places[:5]
    ]
    if len(opened.places) > len(lines):
        lines.append(say(msg("and {count} more", count=len(opened.places) - len(lines))))
    return "\n".join(lines)


def label_of_pem(item: InspectedItem) -> tuple[str, bytes] | None:
    """Return the PEM label and the DER of an item that can be copied as PEM; None for keys and containers."""
    if item.certificate is not None:
        return "CERTIFICATE", item.certificate.facts.der
    if item.csr is not None:
        return "CERTIFICATE REQUEST", item.csr.der
    if item.crl is not None:
        return "X509 CRL", item.crl.der
    return None
