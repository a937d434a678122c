"""What differs between two versions of a list."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from tests.support.pki import NOW
from tests.support.trust_lab import (
    BOTH,
    CLIENT,
    content_of,
    entry_of,
    many_entries,
    pilot_14,
    pilot_15,
    pilot_pki,
)
from trustdesk.core.message import Message
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
    Audit,
    CertificatePolicy,
    Distrust,
    EntryKind,
    EntryStatus,
    ListEntry,
    Owner,
    StatusChange,
)
from trustdesk.core.trust_version import ChangeKind, ListContent, ListDifference
from trustdesk.services.list_difference import count_fields, difference_of
from trustdesk.services.list_words import ENTRY_FIELDS, LIST_FIELDS
from trustdesk.services.wording import wording

NESTED = {"distrust": Distrust, "constraints": AnchorLimits, "owner": Owner, "policy": CertificatePolicy}
SAY = wording().text


def said(message: Message | None) -> str | None:
    return None if message is None else SAY(message)


def compared(before: ListContent | None, after: ListContent, days: int = 0) -> ListDifference:
    return difference_of(before, after, names=("a@1", "a@2"), instants=(NOW, NOW + timedelta(days=days)))


def titles(difference: ListDifference, kind: ChangeKind) -> list[str]:
    return [change.entry.subject.removeprefix("CN=") for change in difference.of(kind)]


def test_the_pilot_list_says_what_the_picture_shows() -> None:
    difference = compared(pilot_14(), pilot_15())
    assert titles(difference, ChangeKind.REMOVED) == ["Concordia Services CA 2", "Skybridge Issuing CA G2"]
    assert titles(difference, ChangeKind.ADDED) == [
        "Concordia Client Root 3",
        "Palisade Root X2",
        "Skybridge Root CA 2",
    ]
    assert titles(difference, ChangeKind.CHANGED) == ["Brightline Internal CA", "Fjordsign Partner CA 7"]
    assert difference.unchanged == 2
    scope = difference.of(ChangeKind.CHANGED)[1].fields
    assert [(one.field, SAY(one.title), said(one.before), said(one.after)) for one in scope] == [
        ("usages", "Trusted for", "server, client", "client")
    ]
    assert [one.field for one in difference.envelope] == ["sequence", "issued_at", "next_update"]


def test_every_field_of_an_entry_has_words() -> None:
    names = set[str]()
    for field in dataclasses.fields(ListEntry):
        nested = NESTED.get(field.name)
        names |= (
            {field.name}
            if nested is None
            else {f"{field.name}.{one.name}" for one in dataclasses.fields(nested)}
        )
    assert set(ENTRY_FIELDS) == names - {"sha256"}  # by which entries are the same


def test_every_field_of_a_list_has_words() -> None:
    own = {field.name for field in dataclasses.fields(ListContent)}
    assert {name.partition(".")[0] for name in LIST_FIELDS} == own - {"entries", "remarks"}


@pytest.mark.parametrize(
    ("fields", "field", "before", "after"),
    [
        ({"certificate": None}, "certificate", "yes", "no"),
        ({"subject": "CN=Other"}, "subject", "CN=Root", "CN=Other"),
        ({"spki_sha256": None}, "spki_sha256", ..., None),
        ({"id": "7"}, "id", None, "7"),
        ({"kind": EntryKind.CROSS}, "kind", "Root", "Cross-signed CA"),
        ({"anchor_mode": AnchorMode.NOT_ANCHOR}, "anchor_mode", "Paths end here", "No path ends here"),
        ({"usages": None}, "usages", "server, client", None),
        ({"usages": frozenset()}, "usages", "server, client", "nothing of ours"),
        ({"status": EntryStatus.WITHDRAWN}, "status", "Trusted", "Withdrawn"),
        ({"status_since": NOW}, "status_since", None, "2026-11-20 12:00 UTC"),
        (
            {"history": (StatusChange(status=EntryStatus.PENDING, since=NOW),)},
            "history",
            None,
            "pending 2026-11-20",
        ),
        ({"distrust": Distrust(tls_after=NOW)}, "distrust.tls_after", None, "2026-11-20 12:00 UTC"),
        ({"distrust": Distrust(smime_after=NOW)}, "distrust.smime_after", None, "2026-11-20 12:00 UTC"),
        ({"distrust": Distrust(sct_not_after=NOW)}, "distrust.sct_not_after", None, "2026-11-20 12:00 UTC"),
        (
            {"distrust": Distrust(applies_to=AppliesTo.NOW)},
            "distrust.applies_to",
            "what is issued after the date",
            "everything from the date on",
        ),
        (
            {"constraints": AnchorLimits(permitted_names=("DNS:a.example", "DNS:b.example"))},
            "constraints.permitted_names",
            None,
            "DNS:a.example, DNS:b.example",
        ),
        ({"constraints": AnchorLimits(max_path_length=0)}, "constraints.max_path_length", None, "0"),
        ({"roles": ("1R Issuing CA",)}, "roles", None, "1R Issuing CA"),
        ({"owner": Owner(country="CH")}, "owner.country", None, "CH"),
        ({"policy": CertificatePolicy(oids=("1.2.3",))}, "policy.oids", None, "1.2.3"),
        ({"audits": (Audit(kind="ETSI", period="2026"),)}, "audits", ..., "ETSI 2026"),
        ({"notes": "alias"}, "notes", None, "alias"),
        ({"stores": (("Mozilla", "Included"),)}, "stores", None, "Mozilla: Included"),
    ],
)
def test_a_changed_field_is_told_in_words(
    fields: dict[str, Any], field: str, before: object, after: str | None
) -> None:
    entry = entry_of(pki.root())
    (change,) = compared(content_of(entry), content_of(replace(entry, **fields))).changes
    (told,) = change.fields
    assert change.kind is ChangeKind.CHANGED
    assert told.field == field
    if before is not ...:
        assert said(told.before) == before
    assert said(told.after) == after


def test_a_first_version_adds_everything_and_no_more() -> None:
    difference = compared(None, pilot_14())
    assert {change.kind for change in difference.changes} == {ChangeKind.ADDED}
    assert len(difference.changes) == len(pilot_14().entries)
    assert difference.envelope == ()


def test_an_entry_that_ended_between_the_two_is_told_once_more() -> None:
    root = pki.root(not_after=NOW + timedelta(days=10))
    entry = entry_of(root)
    assert compared(content_of(entry), content_of(entry), days=9).changes == ()
    (change,) = compared(content_of(entry), content_of(entry), days=11).changes
    assert (change.kind, change.fields) == (ChangeKind.EXPIRED, ())
    kinds = [
        one.kind for one in compared(content_of(entry), content_of(replace(entry, usages=CLIENT)), 11).changes
    ]
    assert kinds == [ChangeKind.CHANGED, ChangeKind.EXPIRED]


def test_a_root_that_was_issued_again_is_joined_with_the_one_before() -> None:
    old = pki.root("Root", not_after=NOW)
    new = pki.root("Root", key=old.key, not_after=NOW + timedelta(days=900))
    difference = compared(content_of(entry_of(old)), content_of(entry_of(new)))
    (added,), (removed,) = difference.of(ChangeKind.ADDED), difference.of(ChangeKind.REMOVED)
    assert added.same_key == (old.sha256,)
    assert removed.same_key == (new.sha256,)


def test_a_certificate_that_stands_twice_is_compared_in_order() -> None:
    entry = entry_of(pilot_pki()["Palisade Root X2"])
    difference = compared(content_of(entry, replace(entry, usages=CLIENT)), content_of(entry))
    (removed,) = difference.changes
    assert removed.kind is ChangeKind.REMOVED
    assert removed.entry.usages == CLIENT
    assert difference.unchanged == 1


@given(st.lists(st.integers(0, 12)), st.lists(st.integers(0, 12)))
def test_every_entry_of_both_sides_is_accounted_for(before: list[int], after: list[int]) -> None:
    pool = many_entries(13)
    changed = tuple(replace(pool[number], usages=CLIENT if number % 3 == 0 else BOTH) for number in after)
    difference = compared(content_of(*(pool[number] for number in before)), content_of(*changed))
    both = difference.unchanged + len(difference.of(ChangeKind.CHANGED))
    assert both + len(difference.of(ChangeKind.REMOVED)) == len(before)
    assert both + len(difference.of(ChangeKind.ADDED)) == len(after)


def test_the_same_list_differs_in_nothing_and_order_means_nothing() -> None:
    content = pilot_14()
    turned = replace(content, entries=content.entries[::-1])
    difference = compared(content, turned)
    assert difference.changes == ()
    assert difference.envelope == ()
    assert difference.unchanged == len(content.entries)


def test_fields_are_counted_that_an_entry_says_something_in() -> None:
    was = entry_of(pilot_pki()["Palisade Root X2"], audits=())
    now = replace(was, notes="new")
    [change] = difference_of(
        content_of(was), content_of(now), names=("a@1", "a@2"), instants=(NOW, NOW)
    ).changes
    filled = count_fields(change)
    [other] = difference_of(
        content_of(was),
        content_of(replace(now, id="7")),
        names=("a@1", "a@2"),
        instants=(NOW, NOW),
    ).changes
    assert len(change.fields) == 1
    assert count_fields(other) == filled + 1
