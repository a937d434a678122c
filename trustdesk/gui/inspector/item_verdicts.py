"""The verdict lines of what is no certificate: requests, private keys, key stores, unreadable things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.inspection import CsrFacts, InspectedItem, ItemKind, KeyFacts
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.verification import Purpose
from trustdesk.gui.inspector.item_facts import old_words, title_of
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.inspector.verdicts import KEY_PUBLISHED, VerdictLine
from trustdesk.services.board import State


def item_verdict_lines(
    one: OpenedItem, related: Sequence[OpenedItem], findings: Sequence[Finding] | None
) -> tuple[VerdictLine, ...]:
    """Return the lines of an item that is no certificate; none for a list or a bundle that opened.

    Args:
        related: open items with the same public key.
        findings: of the rule sets; None while they are not known, and for items that have none.
    """
    item = one.item
    if item.csr is not None:
        return tuple(_request(item.csr, related, findings))
    if item.key is not None:
        return tuple(_key(item.key, related, findings))
    if item.kind in {ItemKind.PKCS12, ItemKind.JKS}:
        return tuple(_store(item))
    if item.kind is ItemKind.UNKNOWN:
        reason = item.problems[0] if item.problems else msg("It is nothing that is known here.")
        return (VerdictLine(state=State.BAD, lead=msg("Not readable."), reason=reason),)
    return ()


def _request(
    csr: CsrFacts, related: Sequence[OpenedItem], findings: Sequence[Finding] | None
) -> Iterator[VerdictLine]:
    purpose = _purpose(csr)
    lead = _REQUEST[purpose]
    not_run = [one for one in findings or () if one.status is FindingStatus.NOT_RUN]
    if findings is None:
        yield VerdictLine(state=State.RUNNING, lead=lead, reason=msg("The rule sets are being applied …"))
    else:
        failed = [one for one in findings if one.is_failure]
        warned = [one for one in findings if one.is_warning]
        if failed:
            yield VerdictLine(state=State.BAD, lead=lead, reason=_first_of(failed))
        elif warned:
            yield VerdictLine(state=State.WARNING, lead=lead, reason=_first_of(warned))
        elif csr.signature_valid is None:
            yield VerdictLine(
                state=State.UNKNOWN, lead=lead, reason=msg("Its signature could not be checked.")
            )
        elif not_run or purpose is None:
            reason = msg("Nothing that was checked stands against it; not everything could be checked.")
            yield VerdictLine(state=State.UNKNOWN, lead=lead, reason=reason)
        else:
            yield VerdictLine(
                state=State.GOOD, lead=lead, reason=msg("Nothing that was checked stands against it.")
            )
    yield _proof(csr)
    yield from _published(findings)
    issued = [one for one in related if one.facts is not None]
    if issued:
        yield VerdictLine(
            state=State.NOT_APPLICABLE,
            lead=msg("Issued."),
            reason=msg("{name}, which is open, has the key of this request.", name=title_of(issued[0])),
        )
    if not_run:
        reason = msg_n(
            "{count} rule could not be applied: {rules}.",
            "{count} rules could not be applied: {rules}.",
            len(not_run),
            rules=", ".join(one.rule for one in not_run[:8]),
        )
        yield VerdictLine(state=State.UNKNOWN, lead=msg("Not run."), reason=reason)


def _purpose(csr: CsrFacts) -> Purpose | None:
    from trustdesk.verify.profiles.context import CsrSubject
    from trustdesk.verify.profiles.csr_rules import purpose_of_request
    from trustdesk.verify.profiles.rule import UnreadablePartError

    try:
        return purpose_of_request(CsrSubject(csr))
    except UnreadablePartError:
        return None


def _proof(csr: CsrFacts) -> VerdictLine:
    lead = msg("Proof of possession.")
    if csr.signature_valid is None:
        reason = msg("The signature cannot be checked: its key or algorithm is unknown here.")
        return VerdictLine(state=State.UNKNOWN, lead=lead, reason=reason)
    if csr.signature_valid:
        reason = msg("The request is signed with its own key.")
        return VerdictLine(state=State.GOOD, lead=lead, reason=reason)
    reason = msg("The signature was not made with the key of the request.")
    return VerdictLine(state=State.BAD, lead=lead, reason=reason)


def _key(
    key: KeyFacts, related: Sequence[OpenedItem], findings: Sequence[Finding] | None
) -> Iterator[VerdictLine]:
    yield from _published(findings)
    lead = msg("Private key.")
    if not key.encrypted:
        reason = msg("Nothing protects it: whoever has the file has the key.")
        yield VerdictLine(state=State.WARNING, lead=lead, reason=reason)
    elif key.empty_password:
        reason = msg("An empty passphrase protects it, which is no protection.")
        yield VerdictLine(state=State.WARNING, lead=lead, reason=reason)
    else:
        old = next((one for one in findings or () if one.rule == "KEY-02" and one.is_warning), None)
        reason = old.evidence if old is not None else msg("A passphrase protects it.")
        state = State.WARNING if old is not None else State.NOT_APPLICABLE
        yield VerdictLine(state=state, lead=lead, reason=reason)
    if key.spki_sha256 is None:
        reason = msg("Whether it fits a certificate is not known: it was not opened.")
        yield VerdictLine(state=State.UNKNOWN, lead=msg("Not opened."), reason=reason)
        return
    certificates = [one for one in related if one.facts is not None]
    if certificates:
        reason = msg("It is the key of {name}.", name=title_of(certificates[0]))
        yield VerdictLine(state=State.GOOD, lead=msg("Belongs to a certificate."), reason=reason)
    elif related:
        reason = msg("It is the key of {name}.", name=title_of(related[0]))
        yield VerdictLine(state=State.NOT_APPLICABLE, lead=msg("Belongs to a request."), reason=reason)
    else:
        reason = msg("No certificate and no request that is open has this key.")
        yield VerdictLine(state=State.UNKNOWN, lead=msg("Belongs to nothing open."), reason=reason)


def _published(findings: Sequence[Finding] | None) -> Iterator[VerdictLine]:
    for one in findings or ():
        if one.rule == KEY_PUBLISHED and one.is_failure:
            yield VerdictLine(state=State.BAD, lead=msg("The key is public."), reason=one.evidence)


def _store(item: InspectedItem) -> Iterator[VerdictLine]:
    lead = msg("PKCS#12 file.") if item.kind is ItemKind.PKCS12 else msg("Java key store.")
    if item.problems and not item.locked:
        yield VerdictLine(state=State.BAD, lead=lead, reason=item.problems[0])
    elif item.locked:
        yield VerdictLine(state=State.UNKNOWN, lead=lead, reason=msg("It is locked: give its password."))
    protection = item.protection
    if protection is None:
        return
    if protection.has_password is False:
        reason = msg("It opens without a passphrase: whoever has the file has what is in it.")
        yield VerdictLine(state=State.WARNING, lead=lead, reason=reason)
    old = old_words(item.kind, protection)
    if old is not None:
        reason = msg("{old}.", old=old)
        yield VerdictLine(state=State.WARNING, lead=msg("Protection out of date."), reason=reason)
    if protection.mac is None:
        reason = msg("Nothing proves that it was not changed.")
        yield VerdictLine(state=State.WARNING, lead=msg("Protection."), reason=reason)
    elif old is None and protection.parts:
        ciphers = list(dict.fromkeys(part.cipher for part in protection.parts))
        # Certificates may lie open beside a key that is encrypted.
        reason = msg(
            "What is encrypted in it is so with {ciphers}; a MAC with {digest} shows whether it was changed.",
            ciphers=listed(ciphers),
            digest=protection.mac.cipher,
        )
        yield VerdictLine(state=State.NOT_APPLICABLE, lead=msg("Protection."), reason=reason)


def _first_of(findings: Sequence[Finding]) -> Message:
    first = findings[0]
    if len(findings) == 1:
        return msg("{evidence} ({rule})", evidence=first.evidence, rule=first.rule)
    return msg_n(
        "{evidence} ({rule}); {count} more rule is broken.",
        "{evidence} ({rule}); {count} more rules are broken.",
        len(findings) - 1,
        evidence=first.evidence,
        rule=first.rule,
    )


_REQUEST: dict[Purpose | None, Message] = {
    Purpose.SERVER: msg("Request for a ONE Record server."),
    Purpose.CLIENT: msg("Request for a ONE Record client."),
    None: msg("Request for a purpose that it does not say."),
}
