"""Dates at which trust in a CA changes: each with who says so, the next first, and who is below it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.pki import NOW
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import AppliesTo, Distrust, EntryStatus, ListEntry, StatusChange
from trustdesk.core.trust_impact import DropKind
from trustdesk.core.trust_version import (
    ListContent,
    ListSource,
    ListVersion,
    SourceKind,
    VersionState,
)
from trustdesk.services.root_drops import DropSources, Passers, root_drops
from trustdesk.services.root_programs import Effect, read_root_programs, root_programs
from trustdesk.services.trust_lists import certifi_list

FILE = Path("resources/trust/root_programs.toml")
ROOT = pki.root("Fjordsign Root", not_after=NOW + timedelta(days=400))
SOON, LATER = NOW + timedelta(days=20), NOW + timedelta(days=90)


def entry(facts: CertificateFacts, **what: object) -> ListEntry:
    return ListEntry(sha256=facts.sha256, certificate=facts, subject=facts.subject or "", **what)  # type: ignore[arg-type]


def version(*entries: ListEntry, next_update: datetime | None = None) -> ListVersion:
    return ListVersion(
        list_name="pilot",
        number=14,
        content=ListContent(title="Pilot list", entries=entries, next_update=next_update),
        source=ListSource(
            kind=SourceKind.JSON, place="pilot.json", retrieved_at=NOW, retrieved_by="ada", sha256="00" * 32
        ),
        state=VersionState.APPLIED,
        kept_at=NOW,
    )


def kinds(sources: DropSources) -> list[tuple[DropKind, datetime]]:
    drops = root_drops(sources, root_programs(), NOW)
    return [(one.kind, one.at) for one in drops if one.store == ""]


def test_a_list_tells_when_it_runs_out_and_when_its_entries_do() -> None:
    entries = (
        entry(ROOT.facts, distrust=Distrust(tls_after=SOON)),
        entry(
            pki.root("Withdrawn", not_after=NOW + timedelta(days=500)).facts,
            distrust=Distrust(tls_after=LATER, applies_to=AppliesTo.NOW),
            history=(StatusChange(status=EntryStatus.WITHDRAWN, since=LATER + timedelta(days=1)),),
        ),
    )

    assert kinds(DropSources(versions=[version(*entries, next_update=NOW + timedelta(days=5))])) == [
        (DropKind.LIST_RUNS_OUT, NOW + timedelta(days=5)),
        (DropKind.DISTRUST_AFTER, SOON),
        (DropKind.DISTRUST_NOW, LATER),
        (DropKind.REMOVAL, LATER + timedelta(days=1)),
        (DropKind.EXPIRES, NOW + timedelta(days=400)),
        (DropKind.EXPIRES, NOW + timedelta(days=500)),
    ]


def test_what_is_past_comes_after_what_is_to_come() -> None:
    gone = pki.root("Gone", not_after=NOW - timedelta(days=1))
    long_gone = pki.root("Long gone", not_after=NOW - timedelta(days=9))

    drops = root_drops(DropSources(builtin=[pki.trust_list(long_gone, ROOT, gone)]), root_programs(), NOW)

    assert [(one.subject, one.is_past) for one in drops if one.store == ""] == [
        ("Fjordsign Root", False),
        ("Gone", True),
        ("Long gone", True),
    ]


def test_each_names_who_is_below_it() -> None:
    passers = {ROOT.sha256: Passers(partners=("Nordwind",), identities=("halden-client",))}

    drops = root_drops(DropSources(between=[ROOT.facts], passers=passers), root_programs(), NOW)

    (ours,) = [one for one in drops if one.sha256 == ROOT.sha256]
    assert (ours.partners, ours.identities, ours.list_name) == (("Nordwind",), ("halden-client",), "")


def test_a_decision_that_ends_is_told() -> None:
    decision = LocalDecision(
        sha256=ROOT.sha256,
        spki_sha256=None,
        subject="Fjordsign Root",
        kind=DecisionKind.DISTRUST,
        by="ada",
        at=NOW,
        reason="audit",
        expires=SOON,
    )

    assert kinds(DropSources(decisions=[decision])) == [(DropKind.DECISION_ENDS, SOON)]


def test_the_digests_of_root_programs_are_those_of_certifi_s_bundle() -> None:
    bundled = {facts.sha256: facts for facts in certifi_list().anchors}
    named = {digest for fact in root_programs().facts for digest in fact.sha256}

    assert {bundled[digest].title for digest in named} == {
        "HiPKI Root CA - G1",
        "NetLock Arany (Class Gold) Főtanúsítvány",
        "Izenpe.com",
        "OISTE WISeKey Global Root GB CA",
    }


def test_every_fact_has_an_address_and_a_day() -> None:
    for fact in root_programs().facts:
        assert fact.source.startswith("https://")
        assert date(2024, 1, 1) <= fact.as_of <= date(2026, 11, 27)
        assert fact.sha256 or fact.subjects or fact.effect is Effect.CLIENT_AUTH_ENDS


def test_browsers_dates_are_joined_with_the_list_s_roots() -> None:
    certifi = certifi_list()
    roots = frozenset(facts.sha256 for facts in certifi.anchors)

    drops = root_drops(DropSources(builtin=[certifi], browser_roots=roots), root_programs(), NOW)

    oiste = [
        (one.store, one.at.date())
        for one in drops
        if one.subject == "OISTE WISeKey Global Root GB CA" and one.kind is DropKind.BROWSER_STORE
    ]
    assert oiste == [
        ("Mozilla", date(2028, 12, 31)),
        ("Chrome", date(2029, 12, 1)),
        ("Mozilla", date(2029, 12, 1)),
    ]
    (commodo,) = [one for one in drops if one.subject == "COMODO ECC Certification Authority" and one.store]
    assert commodo.at == datetime(2027, 4, 15, tzinfo=UTC)
    assert "wiki.mozilla.org" in commodo.source


def test_roots_known_by_name_alone_are_found_by_it() -> None:
    fact = next(one for one in root_programs().facts if one.subjects)
    named = pki.issue(pki.name("AffirmTrust Commercial", "AffirmTrust"), None).facts
    other = pki.issue(pki.name("AffirmTrust Commercial", "Somebody else"), None).facts

    assert fact.is_about(named)
    assert not fact.is_about(other)
    assert not fact.is_about(pki.issue(pki.name("AffirmTrust Commercial", "AffirmTrust"), ROOT).facts)


@pytest.mark.parametrize(
    "broken",
    ["", "fact = 3", FILE.read_text(encoding="utf-8").replace("https://", "http://", 1)],
    ids=["empty", "wrong", "address"],
)
def test_a_damaged_file_says_to_install_again(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "dates.toml"
    file.write_text(broken, encoding="utf-8")

    with pytest.raises(EnvironmentFailureError):
        read_root_programs(file)
