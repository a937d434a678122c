"""The words of trust lists: states, usages, kinds of change; the same in every face."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from trustdesk.core.message import Message, msg
from trustdesk.core.seal_review import SealedItem, SealedKind, SealReview
from trustdesk.core.trust_decision import DecisionKind, LogAction, PartnerPolicy
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, Usage
from trustdesk.core.trust_impact import DropKind, Standing
from trustdesk.core.trust_version import (
    AuthenticityState,
    ChangeKind,
    Endorsement,
    SourceKind,
    VersionState,
)
from trustdesk.services.board import State

AUTHENTICITY_WORDS: dict[AuthenticityState, Message] = {
    AuthenticityState.VERIFIED: msg("Signature valid"),
    AuthenticityState.UNSIGNED: msg("Not signed"),
    AuthenticityState.FAILED: msg("Signature does not hold"),
    AuthenticityState.UNKNOWN_SIGNER: msg("Signer unknown"),
    AuthenticityState.NOT_CHECKED: msg("Signature not checked"),
}
AUTHENTICITY_STATES: dict[AuthenticityState, State] = {
    AuthenticityState.VERIFIED: State.GOOD,
    AuthenticityState.UNSIGNED: State.UNKNOWN,
    AuthenticityState.FAILED: State.BAD,
    AuthenticityState.UNKNOWN_SIGNER: State.WARNING,
    AuthenticityState.NOT_CHECKED: State.UNKNOWN,
}
"""Only a signature by a signer that a person named is good."""

STATUS_WORDS: dict[EntryStatus, Message] = {
    EntryStatus.TRUSTED: msg("Trusted"),
    EntryStatus.TRUSTED_UNTIL: msg("Trusted up to a date"),
    EntryStatus.DISTRUSTED: msg("Distrusted"),
    EntryStatus.WITHDRAWN: msg("Withdrawn"),
    EntryStatus.SUSPENDED: msg("Suspended"),
    EntryStatus.PENDING: msg("Pending"),
    EntryStatus.UNKNOWN: msg("Unknown"),
}
STATUS_STATES: dict[EntryStatus, State] = {
    EntryStatus.TRUSTED: State.GOOD,
    EntryStatus.TRUSTED_UNTIL: State.WARNING,
    EntryStatus.DISTRUSTED: State.BAD,
    EntryStatus.WITHDRAWN: State.BAD,
    EntryStatus.SUSPENDED: State.BAD,
    EntryStatus.PENDING: State.UNKNOWN,
    EntryStatus.UNKNOWN: State.UNKNOWN,
}

USAGE_WORDS: dict[Usage, Message] = {
    Usage.TLS_SERVER: msg("server"),
    Usage.TLS_CLIENT: msg("client"),
    Usage.IDP_SIGNING: msg("identity provider"),
    Usage.EMAIL: msg("e-mail"),
    Usage.LIST_SIGNING: msg("list signing"),
}
USAGE_UNDECIDED = msg("not decided, counts for both")
USAGE_NONE = msg("nothing of ours")


def usage_words(usages: frozenset[Usage] | None) -> Message:
    """Return what an entry may vouch for, in the order of `Usage`; None: nobody has decided."""
    if usages is None:
        return USAGE_UNDECIDED
    return joined([USAGE_WORDS[usage] for usage in Usage if usage in usages]) if usages else USAGE_NONE


def joined(parts: Sequence[Message]) -> Message:
    """Return several words as one, with commas between them.

    Raises:
        TypeError: there is none.
    """
    return reduce(lambda first, second: msg("{first}, {second}", first=first, second=second), parts)


KIND_WORDS: dict[EntryKind, Message] = {
    EntryKind.ROOT: msg("Root"),
    EntryKind.CROSS: msg("Cross-signed CA"),
    EntryKind.INTERMEDIATE: msg("Intermediate CA"),
    EntryKind.END_ENTITY: msg("No CA: a single certificate"),
}
ANCHOR_WORDS: dict[AnchorMode, Message] = {
    AnchorMode.FULL_CHAIN: msg("Paths end here"),
    AnchorMode.PARTIAL_CHAIN_ALLOWED: msg("Paths may end here although it is no root"),
    AnchorMode.NOT_ANCHOR: msg("No path ends here"),
}

SOURCE_WORDS: dict[SourceKind, Message] = {
    SourceKind.JSON: msg("Open list format (JSON)"),
    SourceKind.PEM: msg("PEM bundle"),
    SourceKind.FOLDER: msg("Folder of certificates"),
    SourceKind.PKCS7: msg("PKCS#7"),
    SourceKind.JKS: msg("Java key store (JKS)"),
    SourceKind.PKCS12: msg("PKCS#12 trust store"),
    SourceKind.CCADB: msg("CCADB report (CSV)"),
    SourceKind.ETSI: msg("EU trusted list (ETSI TS 119 612)"),
    SourceKind.MASTER_LIST: msg("Master list (CMS)"),
    SourceKind.SYSTEM: msg("This machine's store"),
    SourceKind.CERTIFI: msg("certifi, the public web's CAs"),
}
ENDORSEMENT_WORDS: dict[Endorsement, Message] = {
    Endorsement.IATA: msg("signed by a signer that was pinned here as IATA's"),
    Endorsement.ORGANISATION: msg("an organisation's"),
    Endorsement.PARTNER: msg("a partner's"),
    Endorsement.SELF: msg("our own"),
    Endorsement.BROWSER: msg("a browser store, not IATA's"),
}
VERSION_WORDS: dict[VersionState, Message] = {
    VersionState.WAITING: msg("waiting"),
    VersionState.APPLIED: msg("applied"),
    VersionState.REPLACED: msg("replaced"),
    VersionState.REFUSED: msg("refused"),
}
CHANGE_WORDS: dict[ChangeKind, Message] = {
    ChangeKind.ADDED: msg("Added"),
    ChangeKind.REMOVED: msg("Removed"),
    ChangeKind.CHANGED: msg("Changed"),
    ChangeKind.EXPIRED: msg("Expired"),
}
STANDING_WORDS: dict[Standing, Message] = {
    Standing.TRUSTED: msg("Trusted"),
    Standing.NOT_TRUSTED: msg("Not trusted"),
    Standing.UNKNOWN: msg("Unknown"),
}
STANDING_STATES: dict[Standing, State] = {
    Standing.TRUSTED: State.GOOD,
    Standing.NOT_TRUSTED: State.BAD,
    Standing.UNKNOWN: State.UNKNOWN,
}
DECISION_WORDS: dict[DecisionKind, Message] = {
    DecisionKind.DISTRUST: msg("Distrusted here"),
    DecisionKind.LIMIT_USAGE: msg("Limited here"),
}
DROP_WORDS: dict[DropKind, Message] = {
    DropKind.EXPIRES: msg("Expires"),
    DropKind.DISTRUST_AFTER: msg("Distrusted for what is issued later"),
    DropKind.DISTRUST_NOW: msg("Distrusted altogether"),
    DropKind.REMOVAL: msg("Leaves the list"),
    DropKind.BROWSER_STORE: msg("A root program's date"),
    DropKind.LIST_RUNS_OUT: msg("The list runs out"),
    DropKind.DECISION_ENDS: msg("A decision ends"),
}
ACTION_WORDS: dict[LogAction, Message] = {
    LogAction.IMPORTED: msg("Version kept, waiting"),
    LogAction.APPLIED: msg("Version applied"),
    LogAction.REFUSED: msg("Version refused"),
    LogAction.UNDONE: msg("Went back to the version before"),
    LogAction.REMOVED: msg("List removed"),
    LogAction.PUT_IN_FORCE: msg("List put in force"),
    LogAction.TAKEN_OUT_OF_FORCE: msg("List taken out of force"),
    LogAction.SIGNER_PINNED: msg("Signer pinned"),
    LogAction.SIGNER_UNPINNED: msg("Signer forgotten"),
    LogAction.DISTRUSTED: msg("CA distrusted"),
    LogAction.USAGE_LIMITED: msg("Usage of a CA limited"),
    LogAction.DECISION_WITHDRAWN: msg("Decision taken back"),
    LogAction.POLICY_SET: msg("Partner's policy set"),
    LogAction.POLICY_CLEARED: msg("Partner's policy cleared"),
    LogAction.FINGERPRINT_ACCEPTED: msg("New certificate accepted"),
    LogAction.FINGERPRINT_REFUSED: msg("New certificate refused"),
    LogAction.SEALED_ANEW: msg("Everything sealed anew"),
}


def sealed_words(item: SealedItem) -> Message:
    """Return what a value with a seal is, and the line of the log that tells of it as it stands."""
    called = item.name
    if item.line is not None and item.kind is SealedKind.DECISION:
        called = item.line.subject or item.name
    what = _what_is_sealed(item.kind, called)
    line = item.line
    if line is None:
        return msg("{what}: not as the log tells, and not sealed", what=what)
    return msg(
        "{what}: line {number}, {by}, {date}: {comment}",
        what=what,
        number=line.number,
        by=line.by,
        date=line.at,
        comment=line.comment or "–",
    )


def review_words(review: SealReview) -> tuple[Message, ...]:
    """Return what a person has to know before everything is sealed anew."""
    said = [msg("The log ends with line {number}: {hash}", number=review.number, hash=review.head)]
    if review.chain_broken_at is not None:
        said.append(msg("The chain of the log is broken at line {number}.", number=review.chain_broken_at))
    if review.cut is not None:
        said.append(review.cut)
    if not review.has_key:
        said.append(
            msg(
                "Without the key of before nothing shows whether the log was made anew: compare its end with "
                "one that was exported before."
            )
        )
    return (*said, *review.untold)


def unsealed_words(policy: PartnerPolicy) -> Message | None:
    """Return that what a policy grants does not count yet, and the remedy; None where it does."""
    if policy.sealed is True or not (policy.private_roots or policy.lists):
        return None
    if policy.private_roots:
        return msg(
            "It is not sealed, and its private roots count for nothing until it is: no key store could be "
            "used. Unlock the keyring, or make the vault on a machine without one, then seal anew."
        )
    return msg(
        "It is not sealed, and until it is its lists grant nothing beyond the lists in force: no key store "
        "could be used. Unlock the keyring, or make the vault on a machine without one, then seal anew."
    )


def _what_is_sealed(kind: SealedKind, name: str) -> Message:
    match kind:
        case SealedKind.PIN:
            return msg("Pinned signer of {name}", name=name)
        case SealedKind.PROVIDER_PIN:
            return msg("Pinned signer of the identity providers {name}", name=name)
        case SealedKind.DECISION:
            return msg("Decision about {name}", name=name)
        case SealedKind.POLICY:
            return msg("Policy of {name}", name=name)
