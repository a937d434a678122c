"""Two things that a list says of one certificate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import AnchorMode, Distrust, EntryStatus, ListEntry, StatusChange, Usage
from trustdesk.formats.entry_merging import merged, stricter

ENTRY = ListEntry(sha256="00" * 32, certificate=None, subject="CN=Root", usages=frozenset({Usage.TLS_SERVER}))
EARLY, LATE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("other", [status for status in EntryStatus if status is not EntryStatus.TRUSTED])
def test_anything_is_stricter_than_trust(other: EntryStatus) -> None:
    assert stricter(EntryStatus.TRUSTED, other) is stricter(other, EntryStatus.TRUSTED) is other
    assert stricter(EntryStatus.DISTRUSTED, other) is EntryStatus.DISTRUSTED


def test_stricter_status_counts_and_the_other_is_told() -> None:
    withdrawn = replace(ENTRY, status=EntryStatus.WITHDRAWN, status_since=EARLY, roles=("CA/QC",))
    trusted = replace(ENTRY, status_since=LATE, roles=("TSA",))
    for entry in (merged(withdrawn, trusted), merged(trusted, withdrawn)):
        assert (entry.status, entry.status_since) == (EntryStatus.WITHDRAWN, EARLY)
        assert entry.history == (StatusChange(status=EntryStatus.TRUSTED, since=LATE, source="TSA"),)
        assert {*entry.roles} == {"CA/QC", "TSA"}


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (None, None, None),
        (None, frozenset(), None),
        (None, frozenset({Usage.EMAIL}), frozenset({Usage.EMAIL})),
        (frozenset(), frozenset(), frozenset()),
        (frozenset({Usage.TLS_SERVER}), frozenset({Usage.EMAIL}), frozenset({Usage.TLS_SERVER, Usage.EMAIL})),
    ],
)
def test_usages_are_those_of_both(
    first: frozenset[Usage] | None, second: frozenset[Usage] | None, both: frozenset[Usage] | None
) -> None:
    assert merged(replace(ENTRY, usages=first), replace(ENTRY, usages=second)).usages == both
    assert merged(replace(ENTRY, usages=second), replace(ENTRY, usages=first)).usages == both


def test_dates_are_the_earlier_and_anchors_only_where_both_say_so() -> None:
    first = replace(ENTRY, distrust=Distrust(tls_after=LATE))
    second = replace(ENTRY, distrust=Distrust(tls_after=EARLY), anchor_mode=AnchorMode.NOT_ANCHOR)
    entry = merged(first, second)
    assert entry.distrust.tls_after == EARLY
    assert entry.anchor_mode is AnchorMode.NOT_ANCHOR
    assert merged(first, ENTRY).distrust.tls_after == LATE


def test_limits_of_one_hold_and_different_ones_suspend() -> None:
    limited = replace(ENTRY, constraints=AnchorLimits(permitted_names=("DNS:example",)))
    other = replace(ENTRY, constraints=AnchorLimits(permitted_names=("DNS:invalid",)))
    for entry in (merged(ENTRY, limited), merged(limited, ENTRY), merged(limited, limited)):
        assert (entry.constraints, entry.status) == (limited.constraints, EntryStatus.TRUSTED)
    assert merged(limited, other).status is EntryStatus.SUSPENDED
