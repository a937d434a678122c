"""What a person decides on: a version that was read beside the one that is applied. Pure.

Decisions:
- 2026-11: a list whose next version is overdue can be looked at, and LST-03 warns of it, but it is applied
  only where the person says so (`--accept-expired`): whoever holds newer versions back would be glad of it.
- 2026-11: whose signature counts is asked when a version is decided on, also of one that waited: its signer
  may have been compared since, or the pin forgotten.
- 2026-11: whether it is overdue is counted by the present, whatever evaluation time is chosen: it would be
  applied now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.trust_version import (
    AuthenticityState,
    ChangeKind,
    Endorsement,
    ListContent,
    ListDifference,
    ListReview,
    ListSource,
    ListVersion,
    Obstacle,
    SignerPin,
)
from trustdesk.formats.list_signature import as_named, is_by
from trustdesk.formats.list_source import NamedSigner
from trustdesk.services.list_case import ListCase, is_readable, is_trusted
from trustdesk.services.list_difference import difference_of
from trustdesk.services.list_lint import lint_list
from trustdesk.storage.trust_log import NOTHING_TOLD, ToldOfList

SIGNER_OPTION = "--signer"
EXPIRED_OPTION = "--accept-expired"

_AGAIN = msg("Take the list from its publisher again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCase:
    """What a review is made of.

    Attributes:
        name: of the list here.
        number: that the version would get, or has.
        content: as it would be kept: with what the person said of usages and of the signer.
        applied: None where no version is applied.
        pin: whose signature counts; None for anybody's.
        named_signer: that the person named this time; None for none.
        endorsement: that the person named this time; None for none.
        now: the present.
        at: the instant that entries are judged for.
        accepts_expired: whether the person wants it although the next version is overdue.
        told: by the log, of all lists that had its name: what was undone or removed is not forgotten.
    """

    name: str
    number: int
    content: ListContent
    source: ListSource
    applied: ListVersion | None
    pin: SignerPin | None
    now: datetime
    at: datetime
    named_signer: str | None = None
    endorsement: Endorsement | None = None
    accepts_expired: bool = False
    told: ToldOfList = NOTHING_TOLD


def review_of(case: ReviewCase) -> ListReview:
    """Compare, lint, and say what stands against applying."""
    applied, content = case.applied, case.content
    before = applied.content if applied is not None else None
    since = applied.kept_at if applied is not None else case.now
    names = (applied.reference if applied is not None else "", f"{case.name}@{case.number}")
    readable = is_readable(content)
    difference = (
        difference_of(before, content, names=names, instants=(since, case.now))
        if readable
        else ListDifference(before=names[0], after=names[1], changes=(), unchanged=0)
    )
    lint = lint_list(
        ListCase(
            content=content,
            source=case.source,
            at=case.at,
            before=before,
            difference=difference if before is not None else None,
            pin=case.pin,
        )
    )
    return ListReview(
        name=case.name,
        number=case.number,
        base=applied.number if applied is not None else None,
        content=content,
        source=case.source,
        difference=difference,
        lint=lint,
        obstacles=tuple(_obstacles(case)),
        undecided=tuple(
            dict.fromkeys(
                entry.sha256 for entry in content.entries if entry.usages is None and is_trusted(entry)
            )
        ),
        is_same=before is not None and readable and _is_same(difference),
        warnings=() if _is_forged(content) else tuple(_warnings(case, difference)),
    )


def endorsed(content: ListContent, endorsement: Endorsement | None, pin: SignerPin | None) -> ListContent:
    """Return a list with who stands behind it: what was said of a signer counts where it signed it.

    Args:
        endorsement: that the person names now; None leaves it.
    """
    if content.authenticity.state is AuthenticityState.VERIFIED:
        counts = pin is not None and pin.sealed is True and is_by(content.authenticity, pin.signer)
        said = endorsement or (pin.endorsement if pin is not None and counts else Endorsement.ORGANISATION)
        return replace(content, endorsement=said)
    if endorsement is not None and endorsement is not Endorsement.IATA:
        return replace(content, endorsement=endorsement)
    return content


def counting_now(content: ListContent, pin: SignerPin | None) -> ListContent:
    """Return a list that was kept with what its signature counts for by the pin that there is now.

    Where its signer was compared and there was no key store to pin it, it stays verified while there is
    no pin.
    """
    found = content.authenticity
    was_verified = found.state is AuthenticityState.VERIFIED
    if was_verified and (found.pinned or pin is not None):
        found = replace(found, state=AuthenticityState.UNKNOWN_SIGNER, pinned=False)
    if pin is not None and pin.sealed is True:
        found = as_named(found, [NamedSigner(sha256=pin.signer, is_pinned=True)])
    content = replace(content, authenticity=found)
    if found.state is AuthenticityState.VERIFIED:
        return endorsed(content, None if pin is not None else content.endorsement, pin)
    # What was said of a signer falls with the signer.
    return replace(content, endorsement=Endorsement.SELF) if was_verified else content


def check_applicable(review: ListReview, comment: str) -> None:
    """See that a version may be applied.

    Raises:
        UnusableInputError: something stands against it, or it takes trust away and nobody says why.
    """
    if review.obstacles:
        first = review.obstacles[0]
        raise UnusableInputError(first.problem, remedy=first.remedy, place=review.source.place)
    if review.needs_comment and not comment.strip():
        raise UnusableInputError(
            msg("This version takes trust from somebody: the log has to say why."),
            remedy=msg("Say in a sentence why it is applied."),
            place=review.name,
        )


def _is_forged(content: ListContent) -> bool:
    return content.authenticity.state is AuthenticityState.FAILED


def _is_same(difference: ListDifference) -> bool:
    return not difference.envelope and not any(
        change.kind is not ChangeKind.EXPIRED for change in difference.changes
    )


def _obstacles(case: ReviewCase) -> Iterator[Obstacle]:
    yield from _of_signature(case)
    if _is_forged(case.content):
        return  # what it says otherwise is not looked at
    yield from _of_identity(case)
    yield from _of_sequence(case)
    due = case.content.next_update
    if due is not None and due <= case.now and not case.content.is_closed and not case.accepts_expired:
        yield Obstacle(
            problem=msg("The list has expired: its next version was due on {date}.", date=due),
            remedy=msg("Take the newest version from its publisher, or say that you want this one."),
            overridable_by=EXPIRED_OPTION,
        )
    if not case.content.entries:
        yield Obstacle(
            problem=msg("There is no entry on the list: nothing would be trusted."),
            remedy=msg("To trust nobody by this list, take it out of force."),
        )


def _of_signature(case: ReviewCase) -> Iterator[Obstacle]:
    found = case.content.authenticity
    compare = msg("Compare the signer's fingerprint with its publisher by another way, and name it.")
    if found.state is AuthenticityState.FAILED:
        yield Obstacle(
            problem=found.why or msg("The signature does not hold: the list was changed on its way."),
            remedy=_AGAIN,
        )
        return
    if found.state is AuthenticityState.VERIFIED:
        return
    if case.named_signer is not None:
        yield Obstacle(
            problem=msg(
                "The list is not signed by the signer that was named, {signer}.", signer=case.named_signer
            ),
            remedy=_AGAIN,
        )
    elif case.pin is not None and case.pin.sealed is not True:
        yield Obstacle(
            problem=msg(
                "The signer that was pinned for this list cannot be relied on: its seal does not hold."
            )
            if case.pin.sealed is False
            else msg("Whose signature counts for this list cannot be known while the key store is locked."),
            remedy=compare
            if case.pin.sealed is False
            else msg("Unlock the key store, or name the signer that you compared."),
            overridable_by=SIGNER_OPTION,
        )
    elif case.pin is not None and found.state is AuthenticityState.UNKNOWN_SIGNER:
        yield _of_another(case, case.pin, compare)
    elif case.pin is not None:
        yield Obstacle(
            problem=msg(
                "The signature of the signer pinned for this list, {pinned}, is not there or not checked.",
                pinned=case.pin.signer,
            ),
            remedy=msg("Take the signed list from its publisher, or forget the pin."),
        )
    if case.endorsement is Endorsement.IATA:
        yield Obstacle(
            problem=msg("Nothing proves that this list is IATA's: no signer was compared."),
            remedy=compare,
            overridable_by=SIGNER_OPTION,
        )


def _of_another(case: ReviewCase, pin: SignerPin, remedy: Message) -> Obstacle:
    return Obstacle(
        problem=msg(
            "It is signed by {signer}, and the signer pinned for this list is {pinned}.",
            signer=case.content.authenticity.signer or "?",
            pinned=pin.signer,
        ),
        remedy=remedy,
        overridable_by=SIGNER_OPTION,
    )


def _of_identity(case: ReviewCase) -> Iterator[Obstacle]:
    """A list that has said who it is goes on saying so; another list has a place of its own."""
    known = case.pin.list_id if case.pin is not None else ""
    if not known and case.applied is not None:
        known = case.applied.content.list_id
    if known and case.content.list_id != known:
        yield Obstacle(
            problem=msg(
                "It is another list: it calls itself {name}, and this one is {known}.",
                name=case.content.list_id or msg("nothing"),
                known=known,
            ),
            remedy=msg("Import it under a name of its own."),
        )


def _of_sequence(case: ReviewCase) -> Iterator[Obstacle]:
    old = case.applied.content.sequence if case.applied is not None else None
    new = case.content.sequence
    if old is None or (new is not None and new >= old):
        return
    yield Obstacle(
        problem=msg(
            "It has no sequence, so that nobody can say whether it is older than {old}.", old=str(old)
        )
        if new is None
        else msg("It is older: its sequence is {new}, and {old} is applied.", new=str(new), old=str(old)),
        remedy=msg("Take the newest version from its publisher."),
    )


def _warnings(case: ReviewCase, difference: ListDifference) -> Iterator[Message]:
    before = case.applied.content if case.applied is not None else None
    removed = len(difference.of(ChangeKind.REMOVED))
    if before is not None and removed * 2 > len(before.entries):
        yield msg_n(
            "More than half of the entries would go: {count} of {before}.",
            "More than half of the entries would go: {count} of {before}.",
            removed,
            before=len(before.entries),
        )
    entries = case.content.entries
    broken = [one.subject for one in entries if one.certificate is not None and one.certificate.problems]
    if broken:
        yield msg_n(
            "{count} certificate on the list breaks its own syntax; the file may be damaged: {names}.",
            "{count} certificates on the list break their own syntax; the file may be damaged: {names}.",
            len(broken),
            names=listed(broken),
        )
    yield from _forgotten(case)
    signer = case.content.authenticity.signer_certificate
    if signer is not None and signer.not_after is not None and signer.not_after < case.now:
        yield msg(
            "The certificate of the signer ended on {date}: whether it signed before that, it says itself.",
            date=signer.not_after,
        )


def _forgotten(case: ReviewCase) -> Iterator[Message]:
    """Warn of what an undo or a removal has taken out of sight, which an older list would wait for."""
    told, new = case.told, case.content.sequence
    old = case.applied.content.sequence if case.applied is not None else None
    # What is below the applied version is refused as it is.
    if told.sequence is not None and (old is None or old < told.sequence):
        if new is None:
            yield msg(
                "It has no sequence, and {seen} was applied under this name before.", seen=str(told.sequence)
            )
        elif new < told.sequence:
            yield msg(
                "It is older than what was applied under this name before: its sequence is {new}, "
                "not {seen}.",
                new=str(new),
                seen=str(told.sequence),
            )
    found = case.content.authenticity
    is_that = found.state is AuthenticityState.VERIFIED and told.signer and is_by(found, told.signer)
    if told.signer and case.pin is None and not is_that:
        yield msg(
            "A list of this name was removed whose signer was pinned, {signer}; nothing proves that this one "
            "is by the same.",
            signer=told.signer,
        )
