"""What was opened, as issuer trees: roots above what they issued, then what is no certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.inspection import ItemKind
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.opened import OpenedItem
from trustdesk.gui.words import say

WARNING_DAYS = 30
_MAX_DEPTH = 24
"""Certificates below one another; deeper ones, which only a hostile file has, stand at the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """One row of the tree.

    Attributes:
        key: of the item, or "group:…" for a heading that cannot be opened.
        aside: the word at the end of the row.
        ink: token of icon and aside; of the icon alone where it is "good".
        spoken: what a screen reader says.
        is_link: a certificate that stands for the same name and key as another one of the tree.
    """

    key: str
    title: str
    aside: str
    icon: str
    ink: str = "text2"
    spoken: str
    is_link: bool = False
    children: tuple[TreeNode, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether it is a heading."""
        return self.key.startswith("group:")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeFilter:
    """What the person wants to see.

    Attributes:
        text: words that must all stand in the title, the subject, a name, the serial number or a digest.
        flat: a list by name in place of trees.
    """

    text: str = ""
    hides_expired: bool = False
    only_with_key: bool = False
    flat: bool = False


_STORES = frozenset({ItemKind.PKCS12, ItemKind.PKCS7, ItemKind.JKS})
_OTHERS: tuple[tuple[str, Message, frozenset[ItemKind], str], ...] = (
    ("group:requests", msg("Requests"), frozenset({ItemKind.CSR}), "file"),
    ("group:crls", msg("Revocation lists"), frozenset({ItemKind.CRL}), "file"),
    ("group:keys", msg("Private keys"), frozenset({ItemKind.PRIVATE_KEY}), "key"),
    ("group:locked", msg("Locked"), _STORES, "lock"),
    ("group:stores", msg("Key stores and bundles"), _STORES, "file"),
    ("group:unreadable", msg("Not readable"), frozenset({ItemKind.UNKNOWN}), "bad"),
)


def tree_of(
    items: Sequence[OpenedItem],
    *,
    now: datetime,
    anchors: frozenset[str] = frozenset(),
    wanted: TreeFilter | None = None,
) -> tuple[TreeNode, ...]:
    """Return the rows; `anchors` are digests of the CAs on the list in force."""
    wanted = wanted or TreeFilter()
    shown = [one for one in items if _passes(one, wanted, now)]
    certificates = [one for one in shown if one.facts is not None]
    if wanted.flat:
        rows = [_node(one, (), now, anchors, is_link=False) for one in certificates]
        forest = sorted(rows, key=lambda node: node.title.casefold())
    else:
        forest = _forest(certificates, now, anchors)
    groups = []
    matched = {one.details.spki_sha256 for one in items if one.details is not None and one.has_key}
    for key, words, kinds, icon in _OTHERS:
        rows = [
            _other_node(one, icon)
            for one in shown
            if one.item.kind in kinds
            and (one.item.kind not in _STORES or one.item.locked is (icon == "lock"))
            and not (one.item.key is not None and one.item.key.spki_sha256 in matched and not one.item.locked)
        ]
        if rows:
            ink = "bad" if icon == "bad" else "warning" if icon == "lock" else "text2"
            groups.append(
                TreeNode(
                    key=key,
                    title=say(words),
                    aside=str(len(rows)),
                    icon=icon,
                    ink=ink,
                    spoken=f"{say(words)}, {len(rows)}",
                    children=tuple(rows),
                )
            )
    return (*forest, *groups)


def first_leaf(items: Iterable[OpenedItem]) -> str | None:
    """Return the item to show first: an end entity, else a certificate, else anything; None for nothing."""
    found = list(items)
    certificates = [one for one in found if one.facts is not None]
    leaves = [one for one in certificates if one.facts is not None and not one.facts.is_ca]
    first = next(iter(leaves or certificates or found), None)
    return None if first is None else first.key


def issuer_of(one: OpenedItem, items: Sequence[OpenedItem]) -> str | None:
    """Return the open certificate of the issuer, by its name and its key identifier; None without one."""
    crl = one.item.crl
    certificates = [other for other in items if other.facts is not None and other.facts.subject]
    if crl is not None:
        named = (
            other for other in certificates if other.facts is not None and other.facts.subject == crl.issuer
        )
        return next((other.key for other in named), None)
    if one.facts is None or not one.facts.issuer:
        return None
    above = [other for other in certificates if other.facts and other.facts.subject == one.facts.issuer]
    return _parent(one, {one.facts.issuer: above}, cross_signed(above))


def cross_signed(certificates: Sequence[OpenedItem]) -> dict[str, str]:
    """Return, for certificates with the name and key of another one, the key of that one.

    The one that stands for all is self-issued where there is such, else the one that lasts longest.
    """
    alike: dict[tuple[str, str], list[OpenedItem]] = defaultdict(list)
    for one in certificates:
        if one.facts is not None and one.details is not None and one.facts.subject and one.facts.is_ca:
            spki = one.details.spki_sha256
            if spki is not None:
                alike[(one.facts.subject, spki)].append(one)
    links: dict[str, str] = {}
    for group in alike.values():
        first = max(group, key=_standing)
        links |= {one.key: first.key for one in group if one is not first}
    return links


def _standing(one: OpenedItem) -> tuple[bool, float]:
    facts = one.facts
    end = facts.not_after.timestamp() if facts is not None and facts.not_after is not None else 0.0
    return facts is not None and facts.is_self_issued, end


def _forest(certificates: Sequence[OpenedItem], now: datetime, anchors: frozenset[str]) -> list[TreeNode]:
    links = cross_signed(certificates)
    parents = _parents(certificates, links)
    children: dict[str | None, list[OpenedItem]] = defaultdict(list)
    for one in certificates:
        children[parents[one.key]].append(one)

    def build(one: OpenedItem) -> TreeNode:
        below = sorted(children[one.key], key=_order)
        return _node(one, tuple(map(build, below)), now, anchors, is_link=one.key in links)

    return [build(one) for one in sorted(children[None], key=_order)]


def _order(one: OpenedItem) -> tuple[bool, str, str]:
    facts = one.facts
    is_leaf = facts is not None and not facts.is_ca
    return is_leaf, facts.title.casefold() if facts is not None else "", one.key


def _parents(certificates: Sequence[OpenedItem], links: dict[str, str]) -> dict[str, str | None]:
    by_subject: dict[str, list[OpenedItem]] = defaultdict(list)
    for one in certificates:
        if one.facts is not None and one.facts.subject:
            by_subject[one.facts.subject].append(one)
    parents: dict[str, str | None] = {}
    for one in certificates:
        parents[one.key] = _parent(one, by_subject, links)
    for one in certificates:
        # A ring of issuers, or a chain without end, opens at the first one that is too deep.
        seen, current = [one.key], parents[one.key]
        while current is not None and current not in seen and len(seen) < _MAX_DEPTH:
            seen.append(current)
            current = parents[current]
        if current is not None:
            parents[one.key] = None
    return parents


def _parent(one: OpenedItem, by_subject: dict[str, list[OpenedItem]], links: dict[str, str]) -> str | None:
    facts, details = one.facts, one.details
    if facts is None or details is None or facts.issuer is None or facts.is_self_issued:
        return None
    wanted = details.authority_key_id
    candidates = [
        above
        for above in by_subject.get(facts.issuer, ())
        if above.key != one.key
        and (
            wanted is None
            or above.details is None
            or above.details.subject_key_id is None
            or above.details.subject_key_id == wanted
        )
    ]
    if not candidates:
        return None
    best = max(candidates, key=lambda above: (above.key not in links, *_standing(above)))
    return best.key


def _node(
    one: OpenedItem, children: tuple[TreeNode, ...], now: datetime, anchors: frozenset[str], *, is_link: bool
) -> TreeNode:
    facts = one.facts
    assert facts is not None  # noqa: S101 - only certificates come here
    aside, ink = _aside(one, now, is_link=is_link)
    icon = "link" if is_link else "key" if one.has_key else "trust-lists" if facts.is_ca else "certificate"
    if ink in {"bad", "warning"} and (facts.is_ca or ink == "bad"):
        icon = ink
    elif one.key in anchors:
        ink = "good"
    title = visible(facts.title)
    on_list = say(msg("on the list in force")) if one.key in anchors else ""
    kind = say(msg("CA")) if facts.is_ca else say(msg("end entity"))
    spoken = ", ".join(part for part in (title, kind, aside, on_list) if part)
    return TreeNode(
        key=one.key,
        title=title,
        aside=aside,
        icon=icon,
        ink=ink,
        spoken=spoken,
        is_link=is_link,
        children=children,
    )


def _aside(one: OpenedItem, now: datetime, *, is_link: bool) -> tuple[str, str]:
    facts = one.facts
    assert facts is not None  # noqa: S101 - only certificates come here
    if facts.not_after is None or facts.not_before is None:
        return say(msg("damaged")), "bad"
    if now > facts.not_after:
        return say(msg("expired")), "bad"
    if now < facts.not_before:
        return say(msg("not yet valid")), "bad"
    if is_link:
        return say(msg("cross-sign")), "text2"
    # Whole days of the calendar, as every distance of the window counts them.
    days = (facts.not_after.date() - now.date()).days
    if days <= WARNING_DAYS:
        return say(msg("{days} d", days=days)), "warning"
    if facts.is_self_issued and facts.is_ca:
        return say(msg("root")), "text2"
    return say(msg("{days} d", days=days)), "text2"


def _other_node(one: OpenedItem, icon: str) -> TreeNode:
    item = one.item
    title, aside, ink = f"{visible(item.source.rpartition('/')[2])}", "", "text2"
    several = msg("{file}, item {number}", file=item.source.rpartition("/")[2], number=item.position + 1)
    if item.csr is not None:
        title = visible(item.csr.subject or "") or title
    elif item.crl is not None:
        title = visible(item.crl.issuer or "") or title
    elif item.alias:
        title = visible(item.alias)
    elif item.kind is ItemKind.UNKNOWN and item.position:
        title = say(several)
    if item.locked or (item.key is not None and item.key.encrypted and item.key.spki_sha256 is None):
        aside, ink, icon = say(msg("password")), "warning", "lock"
    elif item.problems:
        aside, ink = say(msg("damaged")), "bad"
        icon = "file" if item.kind is ItemKind.UNKNOWN else "bad"
    elif item.kind is ItemKind.UNKNOWN:
        aside, ink, icon = say(msg("not known")), "unknown", "file"
    problem = say(item.problems[0]) if item.problems else ""
    spoken = ", ".join(part for part in (title, aside, problem) if part)
    return TreeNode(key=one.key, title=title, aside=aside, icon=icon, ink=ink, spoken=spoken)


def _passes(one: OpenedItem, wanted: TreeFilter, now: datetime) -> bool:
    facts = one.facts
    if wanted.hides_expired and facts is not None and facts.not_after is not None and now > facts.not_after:
        return False
    if wanted.only_with_key and not (one.has_key or one.item.kind is ItemKind.PRIVATE_KEY):
        return False
    words = wanted.text.casefold().split()
    if not words:
        return True
    text = _searched(one)
    bare = text.replace(":", "").replace(" ", "")
    return all(word in text or word.replace(":", "") in bare for word in words)


def _searched(one: OpenedItem) -> str:
    item = one.item
    parts: list[str | None] = [item.source, item.alias]
    if one.facts is not None:
        facts = one.facts
        parts += [facts.title, facts.subject, facts.serial_number, facts.sha256, *facts.subject_alt_names]
        parts += facts.extended_key_usage or ()
    if item.csr is not None:
        parts += [item.csr.subject, item.csr.sha256, *item.csr.subject_alt_names]
    if item.crl is not None:
        parts += [item.crl.issuer, item.crl.sha256]
    return "\n".join(part for part in parts if part).casefold()
