"""Everything that ends, from a workspace: certificates, lists, decisions; and the calendar of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from tests.support import pki
from tests.support.identity_samples import sample_identity
from tests.support.kept_lists import a_distrust
from tests.support.pki import NOW
from tests.support.probes import record
from tests.support.request_cases import sample_case
from tests.support.trust_content import note
from tests.support.trust_samples import pilot_version
from trustdesk.core.certificate_request import RequestCase
from trustdesk.core.expiry import Ending, EndingKind, Endings, Nearness
from trustdesk.core.message import msg
from trustdesk.core.renewal import RenewalPlan, RenewalStep, StepKind
from trustdesk.core.target import parse_target
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_version import UNSIGNED, VersionState
from trustdesk.core.workspace_settings import ExpiryThresholds
from trustdesk.services import expiry
from trustdesk.services.calendar_file import calendar_file
from trustdesk.services.expiry import ExpiryReader
from trustdesk.services.expiry_timeline import TimelineReader
from trustdesk.services.expiry_values import Expiry
from trustdesk.services.reporting import report_on
from trustdesk.services.timeline_values import TimelineGroup
from trustdesk.services.wording import wording
from trustdesk.storage.directory import Directory
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.stored_chains import ChainStore
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.workspace import Workspace

ROOT = pki.root("Fjordsign Root", not_after=NOW + timedelta(days=4000))
OLD_ROOT = pki.root("Gone Root", not_before=NOW - timedelta(days=900), not_after=NOW - timedelta(days=2))
LEAF = pki.server(ROOT, not_after=NOW + timedelta(days=20), not_before=NOW - timedelta(days=300))
CLIENT = pki.client(ROOT, not_after=NOW + timedelta(days=5), not_before=NOW - timedelta(days=300))
FOLLOWED = pki.client(ROOT, not_after=NOW + timedelta(days=3), not_before=NOW - timedelta(days=300))
ISSUED = pki.server(ROOT, "mq.halden.example", not_after=NOW + timedelta(days=25))
THRESHOLDS = ExpiryThresholds()


def case(name: str, identity: str | None) -> RequestCase:
    """A request that was answered."""
    return replace(sample_case(1, name), certificate=ISSUED.facts, identity=identity)


@pytest.fixture
def read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Expiry]:
    def reading(*decisions: LocalDecision, cases: tuple[RequestCase, ...] = ()) -> Expiry:
        monkeypatch.setattr(expiry, "request_cases", lambda _connection: cases)
        own = {"halden": (CLIENT.facts,), "old": (FOLLOWED.facts,)}
        identities = (
            sample_identity("halden", CLIENT.facts),
            replace(sample_identity("old", FOLLOWED.facts), renewed_by="halden"),
        )
        reader = ExpiryReader(
            workspace,
            TimelineReader(ChainStore(workspace), lambda: own),
            identities=lambda: identities,
            decisions=lambda: decisions,
            thresholds=lambda: THRESHOLDS,
        )
        return reader.read([pki.trust_list(ROOT, OLD_ROOT)], NOW)

    return reading


def keep(workspace: Workspace, name: str, target: str) -> None:
    directory = Directory(workspace)
    endpoint = directory.add_endpoint(name, parse_target(target)).result()
    report = report_on(record(target, presented_chain=(LEAF.facts, ROOT.facts)))
    directory.record_report(endpoint.id, report).result()


def test_everything_that_ends_is_there_with_how_near_it_is(
    workspace: Workspace,
    read: Callable[..., Expiry],
) -> None:
    keep(workspace, "Nordwind", "https://a.example")
    crl = KeptList(
        sha256="ab" * 32,
        issuer="CN=Fjordsign Root",
        scope="all",
        number=7,
        this_update=NOW - timedelta(days=7),
        next_update=NOW - timedelta(hours=1),
        signer=ROOT.sha256,
        source="fjord.crl",
        kept_at=NOW,
        size=3,
    )
    KeptLists(workspace).keep(crl, b"der").result()
    found = read(
        a_distrust(ROOT, expires=NOW + timedelta(days=6)),
        a_distrust(OLD_ROOT, expires=NOW - timedelta(days=6)),
        a_distrust(LEAF, expires=NOW + timedelta(days=6), sealed=False),  # it holds for good
        a_distrust(CLIENT),
        cases=(case("mq", None), case("already an identity", "halden")),
    )
    stated = {(one.kind, one.name): (one.nearness, one.is_settled) for one in found.endings.all}
    assert stated == {
        (EndingKind.PARTNER, "Nordwind"): (Nearness.SOON, False),
        (EndingKind.IDENTITY, "halden"): (Nearness.URGENT, False),
        (EndingKind.IDENTITY, "old"): (Nearness.URGENT, True),
        (EndingKind.REQUEST, "mq"): (Nearness.SOON, False),
        (EndingKind.AUTHORITY, "Fjordsign Root"): (Nearness.LATER, False),
        (EndingKind.AUTHORITY, "Gone Root"): (Nearness.ENDED, True),
        (EndingKind.REVOCATION_LIST, "Fjordsign Root"): (Nearness.ENDED, False),
        (EndingKind.DECISION, ROOT.facts.subject): (Nearness.URGENT, False),
        (EndingKind.DECISION, OLD_ROOT.facts.subject): (Nearness.ENDED, True),
    }
    own = [one for one in found.timeline.validities if one.group is TimelineGroup.IDENTITIES]
    assert [(one.name, one.role.id) for one in own] == [
        ("halden", "client"),
        ("old", "client"),
        ("mq", "server"),
    ]
    lists = [one for one in found.timeline.validities if one.group is TimelineGroup.LISTS]
    assert [(one.name, one.role.id, one.ends) for one in lists] == [
        ("Fjordsign Root", "revocation list", crl.next_update)
    ]


def test_a_trust_list_is_called_what_judgements_call_it(
    workspace: Workspace, read: Callable[..., Expiry]
) -> None:
    pilot = pilot_version(14)
    assert pilot.content.title != pilot.list_name
    kept = TrustLists(workspace).keep(
        pilot.list_name,
        replace(pilot.content, authenticity=UNSIGNED),
        pilot.source,
        state=VersionState.APPLIED,
        base=None,
        note=note(),
        in_force=True,
    )
    kept.result()
    (update,) = (one for one in read().endings.all if one.kind is EndingKind.TRUST_LIST)
    assert (update.name, update.ends) == (pilot.list_name, pilot.content.next_update)


def calendar(endings: Endings, plan: RenewalPlan | None = None, **changes: int) -> Calendar:
    data = calendar_file(
        endings,
        plan or RenewalPlan(at=endings.at, phases=()),
        made_at=datetime(2026, 11, 20, tzinfo=UTC),
        say=wording().text,
        within_days=changes.get("within_days"),
    )
    return Calendar.from_ical(data)


def test_the_calendar_has_one_event_for_a_certificate_however_many_present_it(
    workspace: Workspace,
    read: Callable[..., Expiry],
) -> None:
    keep(workspace, "Nordwind", "https://a.example")
    keep(workspace, "Zephyr", "https://b.example")
    endings = read().endings
    events = {str(one["UID"]): one for one in calendar(endings).walk("VEVENT")}
    assert set(events) == {f"partner-{LEAF.sha256}@trustdesk", f"identity-{CLIENT.sha256}@trustdesk"}
    event = events[f"partner-{LEAF.sha256}@trustdesk"]
    assert str(event["SUMMARY"]) == "Certificate of partner Nordwind, Zephyr expires"
    assert "At a.example:443, b.example:443" in str(event["DESCRIPTION"])
    assert event.decoded("DTSTART") == LEAF.facts.not_after
    assert event["TRANSP"] == "TRANSPARENT"
    alarms = [(str(one["ACTION"]), one.decoded("TRIGGER")) for one in event.walk("VALARM")]
    assert alarms == [("DISPLAY", timedelta(days=-30)), ("DISPLAY", timedelta(days=-7))]
    # The same again is the same again: nothing is doubled by a file that is taken in twice.
    assert {str(one["UID"]) for one in calendar(endings).walk("VEVENT")} == set(events)
    assert [str(one["UID"]) for one in calendar(endings, within_days=6).walk("VEVENT")] == [
        f"identity-{CLIENT.sha256}@trustdesk"
    ]


def test_two_decisions_on_one_certificate_have_an_event_each() -> None:
    ends = [NOW + timedelta(days=days) for days in (10, 40)]
    both = tuple(
        Ending(kind=EndingKind.DECISION, name="A", sha256="cd" * 32, ends=one, nearness=Nearness.SOON)
        for one in ends
    )
    events = calendar(Endings(at=NOW, all=both)).walk("VEVENT")
    assert [one.decoded("DTSTART") for one in events] == ends
    assert len({str(one["UID"]) for one in events}) == 2


def test_short_lives_ring_by_their_share_and_rules_stand_on_their_day() -> None:
    short = Ending(
        kind=EndingKind.PARTNER,
        name="A",
        sha256="cd" * 32,
        begins=NOW,
        ends=NOW + timedelta(days=50),
        nearness=Nearness.LATER,
    )
    step = RenewalStep(
        kind=StepKind.BEFORE_RULE,
        identities=("edge",),
        by=datetime(2027, 3, 14, tzinfo=UTC),
        title=msg("Renew"),
        why=msg("Last day"),
        source="BR 6.3.2",
    )
    plan = RenewalPlan(at=NOW, phases=(), steps=(step,))
    first, rule = calendar(Endings(at=NOW, all=(short,)), plan).walk("VEVENT")
    assert [one.decoded("TRIGGER") for one in first.walk("VALARM")] == [
        timedelta(days=-16, hours=-12),
        timedelta(days=-5),
    ]
    assert (str(rule["UID"]), rule.decoded("DTSTART")) == ("before_rule-20270314@trustdesk", step.by.date())
    assert str(rule["DESCRIPTION"]) == "Last day\nBR 6.3.2"


def test_a_hostile_name_stays_within_its_property() -> None:
    name = "Evil\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nATTACH:http://evil.example/x" + "y" * 9000
    bad = Ending(
        kind=EndingKind.PARTNER,
        name=name,
        place="p\r\nURL:http://evil.example",
        sha256="ef" * 32,
        ends=NOW + timedelta(days=9),
        nearness=Nearness.SOON,
    )
    found = calendar(Endings(at=NOW, all=(bad,)))
    (event,) = found.walk("VEVENT")
    assert "URL" not in event
    assert {str(one["ACTION"]) for one in event.walk("VALARM")} == {"DISPLAY"}
    assert len(str(event["SUMMARY"])) < 400


def test_what_is_over_or_settled_has_no_event() -> None:
    gone = Ending(kind=EndingKind.PARTNER, name="A", ends=NOW - timedelta(days=1), nearness=Nearness.ENDED)
    settled = Ending(
        kind=EndingKind.IDENTITY,
        name="B",
        ends=NOW + timedelta(days=1),
        nearness=Nearness.URGENT,
        is_settled=True,
    )
    unreadable = Ending(kind=EndingKind.PARTNER, name="C", ends=None, nearness=Nearness.UNKNOWN)
    assert calendar(Endings(at=NOW, all=(gone, settled, unreadable))).walk("VEVENT") == []
