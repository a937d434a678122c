"""Why a chain loses or gains trust, in one sentence, with the certificate that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate_path import CertificatePath
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.core.verification import Purpose
from trustdesk.services.side_index import SideIndex
from trustdesk.verify.decoded import decode
from trustdesk.verify.outline import outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What changed for one chain.

    Attributes:
        path: that holds on one side and not on the other, end entity first.
        on: the list that it ends on there.
        other: the lists of the other side, by which it does not hold.
        at: the instant of the other side.
        has_moved: whether the two sides are judged for different instants.
        reason: what the judge said first against the chain there; None where it was not asked.
    """

    path: CertificatePath
    on: str
    other: SideIndex
    at: datetime
    has_moved: bool
    purpose: Purpose
    reason: Message | None = None


def why_lost(turn: Turn) -> tuple[Message, str | None]:
    """Return the sentence, and the SHA-256 of the certificate that breaks the path (None for no one)."""
    dated = _dated(turn) if turn.has_moved else None
    if dated is not None:
        return dated
    anchor = turn.path[-1]
    entries = _entries(turn)
    if not entries:
        # That its key is distrusted as well says no more than that it went.
        return _distrusted(turn, turn.path[:-1]) or (_gone(turn), anchor.sha256)
    for found in (_distrusted(turn), _limited(turn, entries), _narrowed(turn)):
        if found is not None:
            return found
    return turn.reason or msg("No path of it holds any more."), None


def why_gained(turn: Turn, reason_before: Message | None) -> Message:
    """Return the sentence for a path that holds now; the turn looks back from it to the side before."""
    anchor, entries = turn.path[-1], _entries(turn)
    if not entries:
        return msg("Its root {ca} comes onto the list {list}.", ca=anchor.title, list=turn.on)
    if turn.has_moved and (dated := _dated(turn)) is not None:
        return msg("Its path holds then. Before: {why}", why=dated[0])
    if (distrusted := _distrusted(turn)) is not None:
        certificate = next(one for one in turn.path if one.sha256 == distrusted[1])
        return msg("{ca} is not distrusted any more.", ca=certificate.title)
    if _limited(turn, entries) is not None:
        return msg("The list {list} lets {ca} vouch for it now.", list=turn.on, ca=anchor.title)
    if reason_before is not None:
        return msg("A path of it holds now. Before: {why}", why=reason_before)
    return msg("A path of it holds now, by {ca}.", ca=anchor.title)


def _dated(turn: Turn) -> tuple[Message, str] | None:
    """Say which certificate's validity is over or has not begun, its own first, then from the anchor."""
    own, *above = turn.path
    for facts in (own, *reversed(above)):
        if facts.not_after is not None and turn.at > facts.not_after:
            if facts is own:
                return msg("Its own certificate expires on {at}.", at=facts.not_after), facts.sha256
            return (
                msg(
                    "{ca}, in its path, expires on {at}.",
                    ca=facts.title,
                    at=facts.not_after,
                ),
                facts.sha256,
            )
        if facts.not_before is not None and turn.at < facts.not_before:
            return (
                msg("{ca} is not valid before {at}.", ca=facts.title, at=facts.not_before),
                facts.sha256,
            )
    return None


def _entries(turn: Turn) -> list[tuple[TrustList, TrustAnchor]]:
    """Return what the lists of the other side say of the anchor; the list of the path first."""
    found = turn.other.entries.get(turn.path.digests[-1], ())
    return sorted(found, key=lambda item: item[0].name != turn.on)


def _gone(turn: Turn) -> Message:
    anchor = turn.path[-1]
    if turn.on not in turn.other.names:
        return msg(
            "The list {list}, on which its root {ca} stands, is not judged by any more.",
            list=turn.on,
            ca=anchor.title,
        )
    return msg("Its root {ca} left the list {list}.", ca=anchor.title, list=turn.on)


def _distrusted(turn: Turn, among: CertificatePath | None = None) -> tuple[Message, str] | None:
    """Say which certificate of the path is distrusted, the highest first; None for `among` looks at all."""
    policy = turn.other.policy
    for digest, der in reversed((turn.path if among is None else among).steps):
        # Most are not, and to decode a certificate takes longer than to look.
        if policy.may_distrust(digest, outline(der).key_digests if policy.by_key else ()):
            certificate = decode(der)
            key = policy.distrust_of(certificate, decode(turn.path.steps[0][1]), turn.at, turn.purpose)
            if key is not None:
                return msg("{ca} is distrusted. {why}", ca=certificate.title, why=key.why), digest
    return None


def _limited(turn: Turn, entries: list[tuple[TrustList, TrustAnchor]]) -> tuple[Message, str] | None:
    """Say what the list of the path, or the next one that has its anchor, does not let it vouch for."""
    trust_list, entry = entries[0]
    ca, name = entry.certificate.title, trust_list.name
    begins = turn.path[0].not_before
    sentence: Message | None = None
    if entry.distrusted:
        sentence = msg("{ca} is distrusted by the list {list}.", ca=ca, list=name)
    elif entry.ends is not None and turn.at >= entry.ends:
        sentence = msg("The list {list} trusts {ca} only until {at}.", list=name, ca=ca, at=entry.ends)
    elif turn.purpose not in entry.uses:
        sentence = _for_others(ca, name, entry.uses)
    elif entry.distrust_after is not None and begins is not None and begins > entry.distrust_after:
        sentence = msg(
            "{ca} is distrusted by the list {list} for what was issued after {at}.",
            ca=ca,
            list=name,
            at=entry.distrust_after,
        )
    elif turn.reason is not None and entry != TrustAnchor(certificate=entry.certificate):
        sentence = msg(
            "The list {list} limits what {ca} may vouch for. {why}", list=name, ca=ca, why=turn.reason
        )
    return None if sentence is None else (sentence, entry.certificate.sha256)


def _for_others(ca: str, name: str, uses: frozenset[Purpose]) -> Message:
    if uses == {Purpose.CLIENT}:
        return msg("{ca} is for clients only on the list {list}.", ca=ca, list=name)
    if uses == {Purpose.SERVER}:
        return msg("{ca} is for servers only on the list {list}.", ca=ca, list=name)
    return msg("The list {list} trusts {ca} neither for servers nor for clients.", ca=ca, list=name)


def _narrowed(turn: Turn) -> tuple[Message, None] | None:
    if not turn.other.policy.narrows:
        return None
    digests = set(turn.path.digests)
    keys = {outline(der).spki_sha256 for _, der in turn.path.steps}
    for one in turn.other.lists:
        if one.only_through and not digests & set(one.only_through):
            return msg("Its path does not pass through a CA that was chosen for this partner."), None
        if one.pins and not keys & set(one.pins):
            return msg("None of the keys that were pinned for this partner is in its path."), None
    return None
