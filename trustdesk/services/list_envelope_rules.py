"""Rules on what a trust list says of itself: its signer, its version, whose it claims to be. Pure."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import msg
from trustdesk.core.trust_version import (
    AuthenticityState,
    ChangeKind,
    Endorsement,
    ListDifference,
    Transport,
)
from trustdesk.services.list_case import NOTES, ListCase
from trustdesk.services.list_claims import claims_of_iata
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated, rule

_OURS = frozenset({"authenticity.state", "authenticity.signer", "endorsement"})
"""Fields of a list that say what is known here of its publisher."""


@rule(
    "LST-01",
    msg("The list is signed, and the signature is that of a signer whom a person compared."),
    NOTES,
    always=Severity.ERROR,
)
def signature(case: ListCase) -> Outcome:
    """LST-01: an unsigned list is a warning, for many are; a signature that proves nothing is no better."""
    found = case.content.authenticity
    compare = msg("Compare the signer's fingerprint with its publisher by another way, and name it.")
    match found.state:
        case AuthenticityState.VERIFIED:
            return Held(msg("Signed by {signer}.", signer=found.signer or "?"))
        case AuthenticityState.UNSIGNED if case.source.transport in {Transport.BUNDLED, Transport.SYSTEM}:
            return NotApplicable(msg("It came with the program or with this machine, and carries none."))
        case AuthenticityState.UNSIGNED if case.pin is not None:
            return Violated(
                msg("The list is not signed, and it should be, by {signer}.", signer=case.pin.signer),
                msg("Take the list from its publisher again."),
            )
        case AuthenticityState.UNSIGNED:
            return Violated(
                msg("The list is not signed: nothing proves who made it."),
                msg("Ask the publisher for a signed list, or compare its fingerprint by another way."),
                Severity.WARNING,
            )
        case AuthenticityState.FAILED:
            return Violated(
                found.why or msg("The signature does not hold: the list was changed, or signed by another."),
                msg("Take the list from its publisher again."),
            )
        case AuthenticityState.UNKNOWN_SIGNER:
            return Violated(
                msg("Signed by {signer}, of whom nobody has said who it is.", signer=found.signer or "?"),
                compare,
                Severity.WARNING if case.pin is None else None,
            )
        case AuthenticityState.NOT_CHECKED:
            return NotRun(found.why or msg("There is a signature that cannot be checked here."))


@rule(
    "LST-02",
    msg("The sequence is not lower than that of the version before."),
    f"{NOTES}; ETSI TS 119 612, 5.3.2",
    always=Severity.ERROR,
)
def sequence(case: ListCase) -> Outcome:
    """LST-02: who sends an older list brings back CAs that were taken from it."""
    if case.before is None:
        return NotRun(msg("There is no version before it."))
    old, new = case.before.sequence, case.content.sequence
    again = msg("Take the newest version from its publisher.")
    if old is None:
        if new is None:
            return NotApplicable(msg("Neither this version nor the one before has a sequence."))
        return Held(msg("{new}; the version before had none.", new=str(new)))
    if new is None:
        return Violated(msg("It has none; the version before had {old}.", old=str(old)), again)
    if new < old:
        return Violated(msg("{new} is lower than {old}.", new=str(new), old=str(old)), again)
    if new == old and case.difference is not None and _says_something_else(case.difference):
        return Violated(
            msg("{new} as before, but what stands in the list differs.", new=str(new)),
            msg("Ask the publisher which of the two is right."),
            Severity.WARNING,
        )
    return Held(msg("{new} after {old}.", new=str(new), old=str(old)))


def _says_something_else(difference: ListDifference) -> bool:
    """Whether the publisher changed anything; that a signer was compared in the meantime is news of ours."""
    return any(change.kind is not ChangeKind.EXPIRED for change in difference.changes) or any(
        field.field not in _OURS for field in difference.envelope
    )


@rule(
    "LST-03",
    msg("The next version is not overdue."),
    "ETSI TS 119 612, 5.3.15",
    always=Severity.WARNING,
)
def next_update(case: ListCase) -> Outcome:
    """LST-03."""
    if case.content.is_closed:
        return NotApplicable(msg("The list is closed: no version follows."))
    due = case.content.next_update
    if due is None:
        return NotApplicable(msg("The list does not say when the next version comes."))
    if due <= case.at:
        return Violated(
            msg("The next version was due on {date}.", date=due),
            msg("Take the newest version from its publisher."),
        )
    return Held(msg("The next version is due on {date}.", date=due))


@rule(
    "LST-09",
    msg("The entries are those of the version before."),
    NOTES,
    always=Severity.INFO,
)
def changes(case: ListCase) -> Outcome:
    """LST-09."""
    if case.difference is None or case.before is None:
        return NotRun(msg("There is no version before it."))
    added, removed, changed = (
        len(case.difference.of(kind)) for kind in (ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED)
    )
    if not (added or removed or changed):
        return Held(msg("No entry was added, removed or changed."))
    return Violated(
        msg(
            "{added} added, {removed} removed, {changed} changed.",
            added=added,
            removed=removed,
            changed=changed,
        ),
        msg("Look at them before the version is applied."),
    )


@rule(
    "LST-10",
    msg("A list that names IATA is proved to be IATA's."),
    "domain notes, section 4.1",
    always=Severity.WARNING,
)
def claims(case: ListCase) -> Outcome:
    """LST-10: IATA publishes no list that could be fetched; a title proves nothing."""
    claimed = claims_of_iata(case.content)
    if not claimed:
        return NotApplicable(msg("The list does not name IATA."))
    is_verified = case.content.authenticity.state is AuthenticityState.VERIFIED
    if is_verified and case.content.endorsement is Endorsement.IATA:
        return Held(msg("Its signer was compared, and was said to be IATA."))
    return Violated(
        msg("It calls itself “{claim}”, and nothing proves that.", claim=claimed[0]),
        msg("Ask IATA (onerecord@iata.org) for the fingerprint of the signer, and name it."),
    )
