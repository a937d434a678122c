"""The words of private CAs: reasons, states of what was issued, and how the revocation list stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trustdesk.core.message import Message, msg
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority, RevocationReason
from trustdesk.gui.dates import distance
from trustdesk.gui.requests.words import day
from trustdesk.services.board import State

REASON_WORDS: dict[RevocationReason, Message] = {
    RevocationReason.UNSPECIFIED: msg("no reason given"),
    RevocationReason.KEY_COMPROMISE: msg("its key is in wrong hands, or may be"),
    RevocationReason.CA_COMPROMISE: msg("the CA's key is in wrong hands"),
    RevocationReason.AFFILIATION_CHANGED: msg("the holder has left, or is called otherwise"),
    RevocationReason.SUPERSEDED: msg("a newer certificate takes its place"),
    RevocationReason.CESSATION_OF_OPERATION: msg("it is no longer in use"),
}

_SOON = timedelta(days=2)
WARNING_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How something stands: state, word for a chip, sentence."""

    state: State
    word: Message
    sentence: Message


def crl_standing(authority: PrivateAuthority, now: datetime) -> Standing:
    """Return how a CA's last revocation list stands; one that is too old blocks everybody who checks it."""
    until = authority.crl_next_update
    if authority.crl_number is None or until is None:
        return Standing(
            state=State.WARNING if authority.crl_url else State.UNKNOWN,
            word=msg("No CRL yet"),
            sentence=msg(
                "No revocation list was issued yet. Servers that ask for one refuse every certificate of"
                " this CA."
            ),
        )
    parts: dict[str, int | str | Message] = {
        "number": authority.crl_number,
        "date": day(until),
        "distance": distance(until, now),
    }
    if until <= now:
        return Standing(
            state=State.BAD,
            word=msg("CRL too old"),
            sentence=msg(
                "CRL {number} ended on {date}, {distance}. Servers that check it refuse every certificate of"
                " this CA: issue the next one.",
                **parts,
            ),
        )
    if until - now <= _SOON:
        return Standing(
            state=State.WARNING,
            word=msg("CRL ends soon"),
            sentence=msg("CRL {number} ends on {date}, {distance}: issue and publish the next one.", **parts),
        )
    return Standing(
        state=State.NOT_APPLICABLE,
        word=msg("CRL {number}", number=authority.crl_number),
        sentence=msg("CRL {number} is good until {date}, {distance}.", **parts),
    )


def issued_standing(issued: IssuedCertificate, now: datetime) -> tuple[State, Message]:
    """Return how an issued certificate stands with its CA: no verdict of anybody else, so never green."""
    if issued.revoked_at is not None:
        return State.BAD, msg("Revoked")
    end = issued.certificate.not_after
    if end is None:
        return State.UNKNOWN, msg("Unknown")
    if end <= now:
        return State.BAD, msg("Expired")
    if (end - now).days <= WARNING_DAYS:
        return State.WARNING, msg("Ends soon")
    return State.NOT_APPLICABLE, msg("Issued")


def can_be_revoked(issued: IssuedCertificate) -> bool:
    """Whether there is anything to revoke."""
    return issued.revoked_at is None
