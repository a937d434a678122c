"""What lies beside something that is linted: its key, other uses of its key, the certificate of a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trustdesk.core.inspection import CertificateDetails, InspectedItem, ItemKind
from trustdesk.core.message import Message
from trustdesk.services.published_keys import published_keys
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, KeyEvidence, KeyUse, LintContext


def with_evidence(
    context: LintContext,
    subject: CertificateSubject | CsrSubject,
    beside: Sequence[InspectedItem],
    *,
    source: str,
    place: Message,
) -> LintContext:
    """Return the context with all that is known of the subject's key.

    Args:
        beside: everything that is open, in any order; the subject itself may be among it.
        source: the file that the subject lies in: a key there that fits no certificate is taken for its own.
        place: what `beside` is called: "the file", "what is open".
    """
    spki = subject.spki_sha256
    issued = None
    if isinstance(subject, CsrSubject):
        same = {one.facts.sha256: one for one in _certificates(beside) if one.spki_sha256 == spki}
        # With several, nobody can tell which of them this request was for.
        issued = next(iter(same.values())) if spki is not None and len(same) == 1 else None
    excepted = subject.facts.sha256, issued.facts.sha256 if issued is not None else None
    uses = (use for use in _uses(subject, beside) if use.sha256 not in excepted)
    return replace(
        context,
        key=key_beside(beside, spki, source),
        other_keys=_near(uses, spki),
        others_place=place,
        compromised_keys=published_keys(),
        issued=issued,
    )


def key_beside(items: Sequence[InspectedItem], spki_sha256: str | None, source: str) -> KeyEvidence | None:
    """Return the key that belongs to a public key, else one of the same file that belongs to no certificate.

    None when there is neither: a key of something else says nothing about this.
    """
    keys = [item for item in items if item.key is not None]
    for item in keys:
        if item.key is not None and spki_sha256 is not None and item.key.spki_sha256 == spki_sha256:
            return key_evidence(item, items)
    public = {one.spki_sha256 for one in _certificates(items)}
    public |= {item.csr.spki_sha256 for item in items if item.csr is not None}
    for item in keys:
        if item.key is not None and item.source == source and item.key.spki_sha256 not in public - {None}:
            return key_evidence(item, items)
    return None


def key_evidence(item: InspectedItem, items: Iterable[InspectedItem]) -> KeyEvidence | None:
    """Return what is known of a key, with the PKCS#12 file that it lies in; None for what is no key."""
    if item.key is None:
        return None
    container = None
    if item.parent is not None:
        container = next(
            (
                one.protection
                for one in items
                if one.source == item.source and one.position == item.parent and one.kind is ItemKind.PKCS12
            ),
            None,
        )
    return KeyEvidence(facts=item.key, container=container)


def _certificates(items: Iterable[InspectedItem]) -> Iterable[CertificateDetails]:
    return (item.certificate for item in items if item.certificate is not None)


def _uses(subject: CertificateSubject | CsrSubject, beside: Iterable[InspectedItem]) -> Iterable[KeyUse]:
    """Yield what else may have the key; the request of a certificate is no second use of it."""
    for item in beside:
        if item.certificate is not None and item.certificate.spki_sha256 is not None:
            facts = item.certificate.facts
            yield KeyUse(title=facts.title, sha256=facts.sha256, spki_sha256=item.certificate.spki_sha256)
        elif item.csr is not None and item.csr.spki_sha256 is not None and isinstance(subject, CsrSubject):
            title = item.csr.subject or item.source
            yield KeyUse(title=title, sha256=item.csr.sha256, spki_sha256=item.csr.spki_sha256)


def _near(uses: Iterable[KeyUse], spki_sha256: str | None) -> tuple[KeyUse, ...]:
    """Keep the uses of this key, each once, and one other: it shows that there was something to look at."""
    kept: dict[str, KeyUse] = {}
    other: KeyUse | None = None
    for use in uses:
        if use.spki_sha256 == spki_sha256:
            kept[use.sha256] = use
        else:
            other = other or use
    return (*kept.values(), *((other,) if other is not None else ()))
