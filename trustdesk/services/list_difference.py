"""What differs between two versions of a trust list. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from trustdesk.core.message import Message
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import (
    ChangeKind,
    EntryChange,
    FieldChange,
    ListContent,
    ListDifference,
)
from trustdesk.services.list_words import ENTRY_FIELDS, LIST_FIELDS, value_words

_ENTRY_VALUES = {name: attrgetter(name) for name in ENTRY_FIELDS}
_LIST_VALUES = {name: attrgetter(name) for name in LIST_FIELDS}
_ORDER = {kind: place for place, kind in enumerate(ChangeKind)}
_EMPTY = ListContent(title="", entries=())


def difference_of(
    before: ListContent | None,
    after: ListContent,
    *,
    names: tuple[str, str],
    instants: tuple[datetime, datetime],
) -> ListDifference:
    """Compare two versions entry by entry; those of one certificate are compared field by field.

    An entry whose validity ended between the two instants is a change too, also where nothing else of it
    changed; the later instant may be before the earlier one, and then nothing has expired.

    Args:
        before: None for a list of which there is no version yet: everything is added.
        names: what the two are called.
        instants: as of when each of the two is looked at.
    """
    old, new = (before or _EMPTY).entries, after.entries
    changes = list[EntryChange]()
    unchanged = 0
    by_key_before, by_key_after = _by_key(old), _by_key(new)
    for was, now in _pairs(old, new):
        if was is None and now is not None:
            changes.append(_change(ChangeKind.ADDED, None, now, by_key_before))
        elif was is not None and now is None:
            changes.append(_change(ChangeKind.REMOVED, was, None, by_key_after))
        elif was is not None and now is not None:
            # Most entries are the very same, and comparing whole values is the quickest way to see that.
            fields = () if was is now or was == now else tuple(_field_changes(was, now))
            has_expired = _ended_between(now, *instants)
            if fields:
                changes.append(_change(ChangeKind.CHANGED, was, now, by_key_before, fields))
            if has_expired:
                changes.append(_change(ChangeKind.EXPIRED, was, now, by_key_before))
            unchanged += not fields and not has_expired
    return ListDifference(
        before=names[0],
        after=names[1],
        changes=tuple(sorted(changes, key=_place)),
        unchanged=unchanged,
        envelope=() if before is None else tuple(_changes(before, after, _LIST_VALUES, LIST_FIELDS)),
    )


def count_fields(change: EntryChange) -> int:
    """Return how many fields an entry says something in, before or after."""
    entries = [one for one in (change.before, change.after) if one is not None]
    return sum(
        any(value_of(entry) not in (None, "", ()) for entry in entries) for value_of in _ENTRY_VALUES.values()
    )


def _pairs(
    old: Sequence[ListEntry], new: Sequence[ListEntry]
) -> Iterator[tuple[ListEntry | None, ListEntry | None]]:
    """Yield the entries of one certificate together; a list may name one twice, and they pair in order."""
    waiting = defaultdict[str, list[ListEntry]](list)
    for entry in reversed(old):
        waiting[entry.sha256].append(entry)
    for entry in new:
        same = waiting.get(entry.sha256)
        yield (same.pop() if same else None), entry
    for left in waiting.values():
        for entry in left:
            yield entry, None


def _by_key(entries: Sequence[ListEntry]) -> Mapping[str, Sequence[str]]:
    found = defaultdict[str, list[str]](list)
    for entry in entries:
        if entry.spki_sha256 is not None:
            found[entry.spki_sha256].append(entry.sha256)
    return found


def _change(
    kind: ChangeKind,
    was: ListEntry | None,
    now: ListEntry | None,
    others: Mapping[str, Sequence[str]],
    fields: tuple[FieldChange, ...] = (),
) -> EntryChange:
    entry = now or was
    spki, own = (entry.spki_sha256, entry.sha256) if entry is not None else (None, "")
    same_key = () if spki is None else tuple(dict.fromkeys(one for one in others.get(spki, ()) if one != own))
    return EntryChange(kind=kind, before=was, after=now, fields=fields, same_key=same_key)


def _field_changes(was: ListEntry, now: ListEntry) -> Iterator[FieldChange]:
    yield from _changes(was, now, _ENTRY_VALUES, ENTRY_FIELDS)


def _changes(
    was: object, now: object, values: Mapping[str, attrgetter[object]], titles: Mapping[str, Message]
) -> Iterator[FieldChange]:
    for name, value_of in values.items():
        before, after = value_of(was), value_of(now)
        if before == after:
            continue
        if name == "certificate":
            # One digest is one certificate: only whether it is at hand can differ.
            before, after = before is not None, after is not None
            if before == after:
                continue
        yield FieldChange(
            field=name, title=titles[name], before=value_words(before), after=value_words(after)
        )


def _ended_between(entry: ListEntry, since: datetime, until: datetime) -> bool:
    ends = entry.certificate.not_after if entry.certificate is not None else None
    return ends is not None and since <= ends < until


def _place(change: EntryChange) -> tuple[int, str, str]:
    entry = change.entry
    return _ORDER[change.kind], entry.subject.casefold(), entry.sha256
