"""What a CRL says, in sentences: how current it is first, because that is what stops partners.

Source: RFC 5280 5.1.2.4, 5.1.2.5, 5.2.3 to 5.2.5, 6.3.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.revocation import CrlCurrency, CrlSignature, CrlSigner
from trustdesk.formats.der import INTEGER, integer, read_element, read_whole
from trustdesk.formats.extension_oids import DELTA_CRL_INDICATOR, ISSUING_DISTRIBUTION_POINT
from trustdesk.services.board import State
from trustdesk.services.fingerprints import digits_of, without_marks

_INDIRECT = 0x84
_MAX_NUMBER = 66
"""Octets of a number that is shown; a CRL's takes 20 at most (RFC 5280 5.2.3)."""

_DAY_S, _HOUR_S = 86_400, 3_600


@dataclass(frozen=True, slots=True)
class CrlLine:
    """One thing to know of a CRL, and how bad it is.

    Attributes:
        lead: what it comes to, in a word or two.
        words: the sentence, which says it without the lead too.
    """

    state: State
    lead: Message
    words: Message


def currency_of(facts: CrlFacts, at: datetime) -> CrlCurrency:
    """Say whether a list is current at an instant; both of its dates count as within."""
    if facts.this_update is None:
        return CrlCurrency.UNKNOWN
    if at < facts.this_update:
        return CrlCurrency.NOT_YET_VALID
    if facts.next_update is None:
        return CrlCurrency.UNKNOWN
    return CrlCurrency.STALE if at > facts.next_update else CrlCurrency.CURRENT


def lines_of(facts: CrlFacts, signer: CrlSigner, at: datetime) -> tuple[CrlLine, ...]:
    """Return the verdict on a list: how current it is, whether it is whole, who signed it."""
    lines = [_currency_line(facts, at)]
    if facts.structure_damaged or facts.entries_damaged:
        words = msg("The list is damaged: a certificate that is not found in it may be revoked all the same.")
        lines.append(CrlLine(State.BAD, msg("Not usable."), words))
    if facts.extensions_damaged:
        words = msg("An extension cannot be read: for which certificates the list speaks is not known.")
        lines.append(CrlLine(State.BAD, msg("Not usable."), words))
    unknown = [one.oid for one in facts.extensions if one.critical and one.text is None and not one.problem]
    for oid in (*unknown, *facts.critical_entry_extensions):
        words = msg("The critical extension {oid} is not understood: the list must not be used.", oid=oid)
        lines.append(CrlLine(State.BAD, msg("Not usable."), words))
    lines.append(_signature_line(facts, signer))
    return tuple(lines)


def scope_of(facts: CrlFacts) -> tuple[Message, ...]:
    """Say for which certificates and reasons a list speaks (RFC 5280 5.2.5), and if it holds changes only."""
    lines: list[Message] = []
    if facts.is_delta:
        base = next((one for one in facts.extensions if one.oid == DELTA_CRL_INDICATOR), None)
        if base is None or base.text is None or len(base.der) > _MAX_NUMBER:
            lines.append(msg("Only what has changed since a complete list (delta CRL)"))
        else:
            number = str(integer(read_whole(base.der, INTEGER)))[:60]
            lines.append(msg("Only what has changed since list {number} (delta CRL)", number=number))
    point = next((one for one in facts.extensions if one.oid == ISSUING_DISTRIBUTION_POINT), None)
    if point is None:
        lines.append(msg("All certificates of this issuer, for all reasons"))
    elif point.text is None:
        lines.append(msg("Not known: the issuing distribution point cannot be read"))
    else:
        lines.extend(point.text)
    return tuple(lines)


def is_indirect(facts: CrlFacts) -> bool:
    """Whether a list may hold certificates of other issuers (indirectCRL, RFC 5280 5.2.5)."""
    point = next((one for one in facts.extensions if one.oid == ISSUING_DISTRIBUTION_POINT), None)
    if point is None or point.text is None:
        return False
    return any(part.tag == _INDIRECT for part in read_element(point.der).children())


def is_fit(facts: CrlFacts, signer: CrlSigner, at: datetime) -> bool:
    """Whether nothing speaks against relying on a list; a signature that nobody asked for does not."""
    return (
        currency_of(facts, at) in {CrlCurrency.CURRENT, CrlCurrency.UNKNOWN}
        and facts.this_update is not None
        and all(line.state is not State.BAD for line in lines_of(facts, signer, at))
        and signer.state is not CrlSignature.UNCHECKED
    )


def serial_number_of(text: str) -> str | None:
    """Return a serial number that a person wrote, as CertificateFacts has it; None when it is none.

    Taken are hex digits in every spelling of `fingerprints.digits_of`.
    """
    digits = digits_of(text)
    if digits is None:
        return None
    number = digits.lstrip("0") or "0"
    is_negative = without_marks(text).lstrip().startswith("-")
    return f"-{number}" if is_negative and number != "0" else number


def _currency_line(facts: CrlFacts, at: datetime) -> CrlLine:
    match currency_of(facts, at):
        case CrlCurrency.CURRENT if facts.next_update is not None:
            words = msg("This list is current until {date}.", date=facts.next_update)
            return CrlLine(State.GOOD, msg("Current."), words)
        case CrlCurrency.STALE if facts.next_update is not None:
            return CrlLine(State.BAD, msg("Out of date."), _stale(facts.next_update, at))
        case CrlCurrency.NOT_YET_VALID if facts.this_update is not None:
            words = msg("This list is valid from {date} on only.", date=facts.this_update)
            return CrlLine(State.BAD, msg("Not yet valid."), words)
        case _ if facts.this_update is None:
            words = msg("From when on this list is valid cannot be read.")
            return CrlLine(State.BAD, msg("Not usable."), words)
        case _:
            words = msg("This list does not say when the next one follows: how current it is, nobody knows.")
            return CrlLine(State.WARNING, msg("Without an end."), words)


def _stale(next_update: datetime, at: datetime) -> Message:
    late_s = (at - next_update).total_seconds()
    consequence = msg("servers that check it refuse every certificate of this CA")
    if late_s >= _DAY_S:
        return msg_n(
            "It is {count} day past its next update: {consequence}.",
            "It is {count} days past its next update: {consequence}.",
            int(late_s // _DAY_S),
            consequence=consequence,
        )
    if late_s >= _HOUR_S:
        return msg_n(
            "It is {count} hour past its next update: {consequence}.",
            "It is {count} hours past its next update: {consequence}.",
            int(late_s // _HOUR_S),
            consequence=consequence,
        )
    return msg("Its next update was due at {date}: {consequence}.", date=next_update, consequence=consequence)


def _signature_line(facts: CrlFacts, signer: CrlSigner) -> CrlLine:
    subject = signer.subject or "?"
    match signer.state:
        case CrlSignature.VALID if not signer.may_sign:
            state, lead = State.BAD, msg("Wrong signer.")
            words = msg(
                "{subject} signed it, and may not sign revocation lists by its key usage.", subject=subject
            )
        case CrlSignature.VALID if not signer.is_issuer:
            state, lead = State.BAD, msg("Wrong signer.")
            words = msg(
                "{subject} signed it, but it gives {issuer} as its issuer.",
                subject=subject,
                issuer=facts.issuer or "?",
            )
        case CrlSignature.VALID:
            state, lead, words = (
                State.GOOD,
                msg("Signature valid."),
                msg("Signed by {subject}.", subject=subject),
            )
        case CrlSignature.INVALID:
            state, lead = State.BAD, msg("Forged or mixed up.")
            words = msg("It was not signed with the key of {subject}.", subject=subject)
        case CrlSignature.UNCHECKED:
            state, lead = State.WARNING, msg("Signature not checked.")
            words = msg(
                "Whether {subject} signed it cannot be checked here: its key or the algorithm is not known.",
                subject=subject,
            )
        case _:
            state, lead = State.UNKNOWN, msg("Signature not checked.")
            words = msg("Who signed it is not known: the certificate of its issuer is not at hand.")
    return CrlLine(state, lead, words)
