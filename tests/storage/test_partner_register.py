"""Partners are kept, changed and removed whole, and every change can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from tests.support import readiness_samples, samples
from tests.support.partner_samples import endpoint, full_entry
from tests.support.trust_content import note
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.partner import Partner, PartnerEntry
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.core.trust_decision import LogAction, PartnerPolicy
from trustdesk.services.board_standings import BoardStandings
from trustdesk.services.standings import kept_standing
from trustdesk.storage import schema, set_aside
from trustdesk.storage.directory import Directory
from trustdesk.storage.partner_register import PartnerRegister
from trustdesk.storage.readiness_checks import ReadinessChecks
from trustdesk.storage.sealing import KeySealer, Sealer
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

DAY = timedelta(days=1)
SEALER: Sealer = KeySealer(bytes(range(32)), "workspace")


@pytest.fixture
def register(workspace: Workspace) -> PartnerRegister:
    return PartnerRegister(workspace, lambda: SEALER)


def keep(register: PartnerRegister, *entries: PartnerEntry) -> tuple[PartnerEntry, ...]:
    register.keep(entries, note()).result()
    return register.entries().result()


def tables(workspace: Workspace) -> dict[str, set[tuple[object, ...]]]:
    """Return everything that hangs on partners."""
    names = (
        schema.partners,
        schema.endpoints,
        schema.observations,
        schema.observation_reports,
        schema.partner_policies,
        schema.fingerprint_decisions,
    )

    def read(connection: Connection) -> dict[str, set[tuple[object, ...]]]:
        return {table.name: set(map(tuple, connection.execute(select(table)))) for table in names}

    return workspace.submit(read).result()


def count(workspace: Workspace, table: str) -> int:
    return len(tables(workspace)[table])


def test_a_partner_comes_back_as_it_was_kept(register: PartnerRegister) -> None:
    entry = full_entry()
    kept = keep(register, entry, PartnerEntry(partner=Partner(name="älter")))
    assert [one.partner.name for one in kept] == ["Nordwind Cargo", "älter"]
    assert replace(kept[0].partner, id=0) == entry.partner
    assert [replace(one, id=0) for one in kept[0].endpoints] == list(entry.endpoints)


def test_a_change_from_an_older_state_is_refused(register: PartnerRegister) -> None:
    (read,) = keep(register, full_entry())
    (now,) = keep(register, replace(read, partner=replace(read.partner, note="first")))
    with pytest.raises(UnusableInputError, match="changed by somebody else"):
        keep(register, replace(read, partner=replace(read.partner, note="second")))
    assert register.entries().result() == (now,)
    assert (now.partner.note, now.partner.revision) == ("first", 1)


def test_an_endpoint_added_elsewhere_makes_a_partner_newer(
    register: PartnerRegister, workspace: Workspace
) -> None:
    (read,) = keep(register, full_entry())
    Directory(workspace).add_endpoint("Nordwind Cargo", parse_target("new.example")).result()
    with pytest.raises(UnusableInputError, match="changed by somebody else"):
        keep(register, read)
    assert len(register.entries().result()[0].endpoints) == 4


def test_all_are_kept_or_none(register: PartnerRegister) -> None:
    (read,) = keep(register, full_entry())
    new = PartnerEntry(partner=Partner(name="Zephyr"), endpoints=(endpoint("z.example"),))
    stale = replace(read, partner=replace(read.partner, revision=7))
    with pytest.raises(UnusableInputError):
        register.keep([new, stale], note()).result()
    assert register.entries().result() == (read,)


def test_a_name_is_there_once_whatever_its_case(register: PartnerRegister) -> None:
    keep(register, full_entry())
    for taken in ("Nordwind Cargo", "NORDWIND CARGO"):
        with pytest.raises(UnusableInputError, match="of this name already"):
            keep(register, PartnerEntry(partner=Partner(name=taken)))
    with pytest.raises(UnusableInputError, match="of this name already"):
        keep(register, *(PartnerEntry(partner=Partner(name=name)) for name in ("Straße", "STRASSE")))
    assert len(register.entries().result()) == 1


def test_names_that_differ_in_case_from_before_can_be_edited(
    register: PartnerRegister, workspace: Workspace
) -> None:
    for name in ("Zephyr", "ZEPHYR"):
        Directory(workspace).add_endpoint(name, parse_target("z.example")).result()
    first = register.entries().result()[0]
    changed = keep(register, replace(first, partner=replace(first.partner, note="edited")))
    assert sorted(one.partner.note for one in changed) == ["", "edited"]


def test_an_endpoint_keeps_its_history_while_it_names_the_same_server(
    register: PartnerRegister, workspace: Workspace
) -> None:
    (read,) = keep(register, full_entry())
    web, broker, _plain = read.endpoints
    for one in read.endpoints:
        Directory(workspace).record_report(one.id, samples.healthy()).result()
    before = tables(workspace)
    other_path = replace(web, target=replace(web.target, path="/other"), note="moved")
    other_host = replace(broker, target=parse_target("amqps://other.example"))
    change = register.keep([replace(read, endpoints=(other_path, other_host))], note()).result()
    (now,) = register.entries().result()
    assert [one.target.endpoint for one in now.endpoints] == [
        "https://1r.nordwind.example:8443/other",
        "amqps://other.example",
    ]
    assert now.endpoints[0].id == web.id
    assert {row[1] for row in tables(workspace)["observations"]} == {web.id}
    register.undo(change, note()).result()
    back = register.entries().result()[0]
    assert set(back.endpoints) == set(read.endpoints)
    assert {**tables(workspace), "partners": 0} == {**before, "partners": 0}
    assert back.partner == replace(read.partner, revision=2)


def test_a_removed_partner_comes_back_with_all_that_was_observed(
    register: PartnerRegister, workspace: Workspace
) -> None:
    kept = keep(register, full_entry(), full_entry("Zephyr"))
    for entry in kept:
        Directory(workspace).record_report(entry.endpoints[0].id, samples.healthy()).result()
    decisions = TrustDecisions(workspace, lambda: SEALER)
    decisions.set_policy(PartnerPolicy(partner="Zephyr", pins=("ab" * 32,)), note()).result()
    leaf = samples.healthy().record.presented_chain[0].sha256
    decisions.decide_fingerprint(kept[1].endpoints[0].id, leaf, accepted=True, note=note()).result()
    before = tables(workspace)
    change = register.remove(["Zephyr"], note()).result()
    assert register.entries().result() == kept[:1]
    assert (count(workspace, "observations"), count(workspace, "partner_policies")) == (1, 0)
    assert TrustLogBook(workspace).read().result().untold == ()
    register.undo(change, note()).result()
    assert tables(workspace) == before
    log = TrustLogBook(workspace).read().result()
    assert (log.untold, log.broken_at) == ((), None)
    assert [one.sealed for one in decisions.policies().result()] == [True]


def test_what_took_the_numbers_meanwhile_keeps_them(register: PartnerRegister, workspace: Workspace) -> None:
    (read,) = keep(register, full_entry())
    directory = Directory(workspace)
    directory.record_report(read.endpoints[0].id, samples.healthy()).result()
    decisions = TrustDecisions(workspace, lambda: SEALER)
    decisions.set_policy(PartnerPolicy(partner="Nordwind Cargo", pins=("ab" * 32,)), note()).result()
    change = register.remove(["Nordwind Cargo"], note()).result()
    (other,) = keep(register, full_entry("Zephyr"))
    directory.record_report(other.endpoints[0].id, samples.not_reached()).result()
    register.undo(change, note()).result()
    back, kept = register.entries().result()
    assert kept == other
    assert replace(back.partner, id=0) == replace(read.partner, id=0)
    reports = directory.last_reports().result()
    assert reports[back.endpoints[0].id] == samples.healthy()
    assert reports[other.endpoints[0].id] == samples.not_reached()
    assert [one.sealed for one in decisions.policies().result()] == [True]
    assert TrustLogBook(workspace).read().result().untold == ()


def test_an_undo_that_would_lose_something_is_refused(
    register: PartnerRegister, workspace: Workspace
) -> None:
    added = register.keep([full_entry()], note()).result()
    (read,) = register.entries().result()
    Directory(workspace).record_report(read.endpoints[0].id, samples.healthy()).result()
    with pytest.raises(UnusableInputError, match="was tested since"):
        register.undo(added, note()).result()
    changed = register.keep([replace(read, partner=replace(read.partner, note="x"))], note()).result()
    keep(register, replace(register.entries().result()[0]))
    with pytest.raises(UnusableInputError, match="changed again since"):
        register.undo(changed, note()).result()
    removed = register.remove(["Nordwind Cargo"], note()).result()
    keep(register, full_entry())
    with pytest.raises(UnusableInputError, match="changed again since"):
        register.undo(removed, note()).result()
    assert len(register.entries().result()) == 1


def test_an_added_partner_goes_again(register: PartnerRegister) -> None:
    change = register.keep([full_entry(), full_entry("Zephyr")], note()).result()
    register.undo(change, note()).result()
    assert register.entries().result() == ()
    with pytest.raises(UnusableInputError, match="changed again since"):
        register.undo(change, note()).result()


def test_nobody_is_removed_where_one_is_unknown(register: PartnerRegister) -> None:
    kept = keep(register, full_entry())
    with pytest.raises(UnusableInputError, match="There is no partner"):
        register.remove(["Nordwind Cargo", "Nobody"], note()).result()
    assert register.entries().result() == kept


def test_a_new_name_goes_with_everything_that_went_by_the_old(
    register: PartnerRegister, workspace: Workspace
) -> None:
    (read,) = keep(register, full_entry())
    decisions = TrustDecisions(workspace, lambda: SEALER)
    decisions.set_policy(PartnerPolicy(partner="Nordwind Cargo", pins=("ab" * 32,)), note()).result()
    change = register.keep([replace(read, partner=replace(read.partner, name="Südwind"))], note()).result()
    (policy,) = decisions.policies().result()
    assert (policy.partner, policy.sealed) == ("Südwind", True)
    log = TrustLogBook(workspace, lambda: SEALER).read().result()
    assert (log.untold, log.sealed) == ((), True)
    assert [(line.action, line.subject) for line in log.entries[1:]] == [
        (LogAction.POLICY_CLEARED, "Nordwind Cargo"),
        (LogAction.POLICY_SET, "Südwind"),
    ]
    register.undo(change, note()).result()
    assert [one.partner for one in decisions.policies().result()] == ["Nordwind Cargo"]
    assert TrustLogBook(workspace).read().result().untold == ()


def test_too_much_to_hold_cannot_be_undone_and_says_so(
    register: PartnerRegister, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(register, full_entry())
    monkeypatch.setattr(set_aside, "MOST_ROWS", 3)
    with pytest.raises(UnusableInputError, match="could not be undone"):
        register.remove(["Nordwind Cargo"], note()).result()
    change = register.remove(["Nordwind Cargo"], note(), for_good=True).result()
    assert not change.can_be_undone
    rows = workspace.submit(
        lambda one: one.execute(select(func.count()).select_from(schema.endpoints)).scalar_one()
    )
    assert rows.result() == 0


def test_what_was_seen_last_is_told_by_endpoint(register: PartnerRegister, workspace: Workspace) -> None:
    (read,) = keep(register, full_entry())
    tested, never = read.endpoints[0].id, read.endpoints[1].id
    report = samples.healthy()
    Directory(workspace).record_report(tested, report).result()
    rows = {row.endpoint_id: row for row in register.last_seen().result()}
    assert rows[tested].sha256 == report.record.presented_chain[0].sha256
    assert (rows[never].sha256, rows[never].changed, rows[never].changed_at) == (None, (), None)
    assert register.tested_at([tested, never]).result() == {tested: report.record.started_at}


@pytest.mark.parametrize("change", ["verify_name", "connect_address", "identity"])
def test_what_is_tested_in_another_way_has_no_result_until_it_is_tested(
    register: PartnerRegister, workspace: Workspace, change: str
) -> None:
    (read,) = keep(register, full_entry())
    one, other = read.endpoints[:2]
    directory, board = Directory(workspace, kept_standing), BoardStandings(workspace)
    directory.record_reports([(one.id, samples.healthy()), (other.id, samples.healthy())]).result()

    def tested() -> list[str]:
        kept = directory.stored_reports([one.id, other.id]).result()
        assert {report.endpoint_id for report in kept} == {
            endpoint.id for endpoint, standing in board.all() if standing is not None
        }
        assert (directory.last_report(one.id).result() is None) == (
            one.id not in directory.last_reports().result()
        )
        return [str(endpoint.target.protocol) for endpoint, standing in board.all() if standing is not None]

    assert tested() == ["https", "amqps"]
    target = one.target
    ways = {
        "verify_name": replace(one, target=replace(target, verify_name="other.example")),
        "connect_address": replace(one, target=replace(target, connect_address="other.example")),
        "identity": replace(one, identity="another"),
    }
    otherwise = ways[change]
    changed = register.keep([replace(read, endpoints=(otherwise, *read.endpoints[1:]))], note()).result()
    assert tested() == ["amqps"]
    # A note is nothing that a test goes by, and takes nothing from what is open.
    (now,) = register.entries().result()
    noted = register.keep(
        [replace(now, endpoints=(replace(now.endpoints[0], note="n"), replace(now.endpoints[1], note="m")))],
        note(),
    ).result()
    register.undo(noted, note()).result()
    assert tested() == ["amqps"]
    directory.record_report(one.id, later(samples.healthy())).result()
    assert tested() == ["https", "amqps"]
    assert changed.changed[0].outdated == (one.id,)


def test_taking_a_change_back_gives_the_result_back(register: PartnerRegister, workspace: Workspace) -> None:
    (read,) = keep(register, full_entry())
    one = read.endpoints[0]
    directory = Directory(workspace, kept_standing)
    directory.record_report(one.id, samples.healthy()).result()
    checks, checked = ReadinessChecks(workspace), readiness_samples.readiness(one.id)
    checks.keep(checked, one.target).result()
    otherwise = replace(one, identity=None)
    changed = register.keep([replace(read, endpoints=(otherwise, *read.endpoints[1:]))], note()).result()
    assert directory.last_report(one.id).result() is None
    assert checks.last(one.id).result() is None
    register.undo(changed, note()).result()
    assert directory.last_report(one.id).result() == samples.healthy()
    assert checks.last(one.id).result() == checked


def later(report: ProbeReport) -> ProbeReport:
    return replace(report, record=replace(report.record, started_at=report.record.started_at + DAY))


def test_undoing_takes_nobody_elses_partner_away(register: PartnerRegister, workspace: Workspace) -> None:
    added = register.keep([PartnerEntry(partner=Partner(name="Mine"))], note()).result()
    # Another program removes it, and adds one that may get its number.
    other = PartnerRegister(workspace, lambda: SEALER)
    other.remove(["Mine"], note()).result()
    other.keep([PartnerEntry(partner=Partner(name="Theirs"))], note()).result()
    with pytest.raises(UnusableInputError, match="cannot be undone"):
        register.undo(added, note()).result()
    assert [one.partner.name for one in register.entries().result()] == ["Theirs"]


def test_undoing_changes_nobody_elses_partner(register: PartnerRegister, workspace: Workspace) -> None:
    (read,) = keep(register, PartnerEntry(partner=Partner(name="Mine")))
    changed = register.keep([replace(read, partner=replace(read.partner, note="n"))], note()).result()
    other = PartnerRegister(workspace, lambda: SEALER)
    other.remove(["Mine"], note()).result()
    (new,) = keep(other, PartnerEntry(partner=Partner(name="Theirs")))
    (theirs,) = keep(other, replace(new, partner=replace(new.partner, note="t")))
    with pytest.raises(UnusableInputError, match="cannot be undone"):
        register.undo(changed, note()).result()
    assert register.entries().result() == (theirs,)


def test_undoing_loses_no_check_that_was_made_since(register: PartnerRegister, workspace: Workspace) -> None:
    added = register.keep([full_entry()], note()).result()
    (read,) = register.entries().result()
    checked = replace(readiness_samples.readiness(), endpoint_id=read.endpoints[0].id)
    assert ReadinessChecks(workspace).keep(checked, read.endpoints[0].target).result()
    with pytest.raises(UnusableInputError, match="was tested since"):
        register.undo(added, note()).result()
    assert register.entries().result() == (read,)
