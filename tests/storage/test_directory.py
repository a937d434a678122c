"""The directory keeps partners, endpoints and what was observed there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select, update
from sqlalchemy.dialects import postgresql

from tests.support import samples
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.formats.observation_records import facts_from, packed
from trustdesk.formats.records import facts_of
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.observation_rows import newest_observation
from trustdesk.storage.stored_reports import report_from
from trustdesk.storage.workspace import Workspace


@pytest.fixture
def directory(workspace: Workspace) -> Directory:
    return Directory(workspace)


def add(directory: Directory, partner: str, target: str) -> int:
    return directory.add_endpoint(partner, parse_target(target)).result().id


def count(workspace: Workspace, table: Table) -> int:
    return workspace.submit(
        lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
    ).result()


def test_an_endpoint_comes_back_as_it_was_added(directory: Directory) -> None:
    target = parse_target(
        "https://1r.example:8443/NWC",
        connect="[2001:db8::1]:9443",
        server_name="front.example",
        verify_name="other.example",
        alpn=("h2", "http/1.1"),
    )
    added = directory.add_endpoint("Nordwind", target, "halden", "asks for a client certificate").result()
    assert directory.endpoints().result() == (added,)
    assert added.target == target
    assert (added.identity, added.note) == ("halden", "asks for a client certificate")


def test_an_endpoint_without_server_name_keeps_it_so(directory: Directory) -> None:
    target = parse_target("tls://192.0.2.1:9000", send_server_name=False)
    directory.add_endpoint("Nordwind", target).result()
    (endpoint,) = directory.endpoints().result()
    assert endpoint.target == target


def test_a_partner_is_one_however_many_endpoints(directory: Directory, workspace: Workspace) -> None:
    add(directory, "Nordwind", "a.example")
    add(directory, " Nordwind ", "b.example")
    assert count(workspace, schema.partners) == 1
    assert [endpoint.partner for endpoint in directory.endpoints().result()] == ["Nordwind", "Nordwind"]


def test_endpoints_stand_in_the_order_of_their_partners(directory: Directory) -> None:
    for partner in ("zephyr", "Ärmel", "Cóndor", "aurelia"):
        add(directory, partner, "a.example")
    found = [endpoint.partner for endpoint in directory.endpoints().result()]
    assert found == ["aurelia", "Cóndor", "zephyr", "Ärmel"]


def test_a_partner_without_a_name_is_refused(directory: Directory) -> None:
    with pytest.raises(UnusableInputError):
        directory.add_endpoint("  ", parse_target("a.example")).result()
    assert directory.endpoints().result() == ()


def test_a_name_that_utf8_cannot_hold_is_kept_readable(directory: Directory) -> None:
    add(directory, "Nord\udcffwind\x00", "a.example")
    assert directory.endpoints().result()[0].partner == "Nord\ufffdwind\ufffd"


@pytest.mark.parametrize("make", [make for _partner, make in samples.KINDS])
def test_a_report_comes_back_as_it_was_recorded(
    directory: Directory, make: Callable[[], ProbeReport]
) -> None:
    report = make()
    endpoint_id = add(directory, "Nordwind", "a.example")
    directory.record_report(endpoint_id, report).result()
    assert directory.last_report(endpoint_id).result() == report
    assert directory.last_reports().result() == {endpoint_id: report}


def test_the_last_report_is_the_one_that_started_last(directory: Directory) -> None:
    endpoint_id = add(directory, "Nordwind", "a.example")
    old = samples.healthy()
    new = replace(
        samples.untrusted(),
        record=replace(samples.untrusted().record, started_at=old.record.started_at + timedelta(seconds=1)),
    )
    for report in (old, new, old):
        directory.record_report(endpoint_id, report).result()
    assert directory.last_report(endpoint_id).result() == new
    assert directory.last_reports().result() == {endpoint_id: new}


def test_of_two_that_started_together_the_last_is_the_one_recorded_last(directory: Directory) -> None:
    endpoint_id = add(directory, "Nordwind", "a.example")
    for report in (samples.healthy(), samples.rejected_client()):
        directory.record_report(endpoint_id, report).result()
    assert directory.last_report(endpoint_id).result() == samples.rejected_client()


def test_each_endpoint_has_its_own_last_report(directory: Directory) -> None:
    ids = [add(directory, partner, "a.example") for partner, _make in samples.KINDS]
    never_tested = add(directory, "Umbra", "b.example")
    expected = {endpoint_id: make() for endpoint_id, (_partner, make) in zip(ids, samples.KINDS, strict=True)}
    for endpoint_id, report in expected.items():
        directory.record_report(endpoint_id, report)
    assert directory.last_reports().result() == expected
    assert directory.last_report(never_tested).result() is None


def test_the_stored_reports_of_some_endpoints_are_theirs_alone(directory: Directory) -> None:
    first, second, third = (add(directory, name, "a.example") for name in ("A", "B", "C"))
    for endpoint_id in (first, second, third):
        directory.record_report(endpoint_id, samples.healthy())
    directory.record_report(second, samples.rejected_client())
    stored = directory.stored_reports([second, third, 999]).result()
    reports = {one.endpoint_id: report_from(one) for one in stored}
    assert reports == {second: samples.rejected_client(), third: samples.healthy()}
    assert directory.stored_reports([]).result() == []


def test_read_outs_of_certificates_leave_out_what_is_known(directory: Directory) -> None:
    directory.record_report(None, samples.healthy()).result()
    chain = samples.healthy().record.presented_chain
    found = dict(directory.certificate_read_outs().result())
    assert {facts_of(json.loads(text), b"", sha256).title for sha256, text in found.items()} == {
        facts.title for facts in chain
    }
    assert dict(directory.certificate_read_outs({chain[0].sha256}).result()) == {
        sha256: text for sha256, text in found.items() if sha256 != chain[0].sha256
    }


def test_a_stored_report_that_cannot_be_read_is_left_out_with_a_warning(
    directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint_id = add(directory, "A", "a.example")
    directory.record_report(endpoint_id, samples.healthy())
    (stored,) = directory.stored_reports([endpoint_id]).result()
    assert report_from(replace(stored, document=b"{")) is None
    assert report_from(replace(stored, certificates=())) is None
    assert f"the last record of endpoint {endpoint_id}" in caplog.text


def test_a_report_of_no_endpoint_is_kept_beside_them(directory: Directory, workspace: Workspace) -> None:
    add(directory, "Nordwind", "a.example")
    directory.record_report(None, samples.healthy()).result()
    assert directory.last_reports().result() == {}
    assert count(workspace, schema.observations) == 1


def test_a_certificate_is_kept_once_with_its_bytes(directory: Directory, workspace: Workspace) -> None:
    report = samples.healthy()
    for _ in range(2):
        directory.record_report(None, report).result()
    assert count(workspace, schema.certificates) == len(report.record.presented_chain)
    leaf = report.record.presented_chain[0]
    assert directory.certificate(leaf.sha256).result() == leaf
    assert directory.certificate("00" * 32).result() is None


def test_a_chain_may_hold_a_certificate_twice(directory: Directory) -> None:
    report = samples.healthy()
    leaf = report.record.presented_chain[0]
    twice = replace(report, record=replace(report.record, presented_chain=(leaf, leaf)))
    endpoint_id = add(directory, "Nordwind", "a.example")
    directory.record_report(endpoint_id, twice).result()
    assert directory.last_report(endpoint_id).result() == twice


def test_better_read_outs_replace_older_ones(directory: Directory, workspace: Workspace) -> None:
    report = samples.healthy()
    leaf, issuer = report.record.presented_chain
    poor = replace(leaf, subject_alt_names=(), key_bits=None)
    poorly_read = replace(report, record=replace(report.record, presented_chain=(poor, issuer)))
    for seen in (poorly_read, report):
        directory.record_report(None, seen).result()
    assert directory.certificate(leaf.sha256).result() == leaf
    first_seen = select(schema.certificates.c.first_seen).where(schema.certificates.c.sha256 == leaf.sha256)
    kept = workspace.submit(lambda connection: connection.execute(first_seen).scalar_one()).result()
    assert kept == report.record.started_at


def test_the_facts_say_what_the_document_says(directory: Directory, workspace: Workspace) -> None:
    report = samples.rejected_client()
    directory.record_report(None, report).result()
    rows = select(schema.observations, schema.observation_facts.c.document).join(schema.observation_facts)
    row = workspace.submit(lambda connection: connection.execute(rows).one()).result()
    facts = facts_from(row.document)
    assert row.started_at == report.record.started_at
    assert (facts.outcome, facts.verdict, facts.cause) == (
        "rejected_by_peer",
        "fail",
        "client_ca_not_trusted",
    )


@pytest.mark.parametrize("document", ["", "[]", '{"schema":1}', "not json"])
def test_a_damaged_record_hides_no_other(
    directory: Directory, workspace: Workspace, document: str, caplog: pytest.LogCaptureFixture
) -> None:
    damaged, whole = (add(directory, partner, "a.example") for partner in ("A", "B"))
    for endpoint_id in (damaged, whole):
        directory.record_report(endpoint_id, samples.healthy()).result()
    reports, seen = schema.observation_reports, schema.observations
    theirs = select(seen.c.id).where(seen.c.endpoint_id == damaged)
    damage = update(reports).where(reports.c.observation_id.in_(theirs)).values(document=packed(document))
    workspace.submit(lambda connection: connection.execute(damage)).result()
    assert directory.last_reports().result() == {whole: samples.healthy()}
    assert "damaged" in caplog.text
    with pytest.raises(UnusableInputError):
        directory.last_report(damaged).result()


def test_damaged_read_outs_damage_the_reports_that_need_them_only(
    directory: Directory, workspace: Workspace
) -> None:
    damaged, whole = (add(directory, partner, "a.example") for partner in ("A", "B"))
    directory.record_report(damaged, samples.hostile()).result()
    directory.record_report(whole, samples.healthy()).result()
    sha256 = samples.hostile().record.presented_chain[0].sha256
    damage = update(schema.certificates).where(schema.certificates.c.sha256 == sha256).values(facts="{")
    workspace.submit(lambda connection: connection.execute(damage)).result()
    assert directory.last_reports().result() == {whole: samples.healthy()}


def test_no_key_and_no_passphrase_has_a_place_in_the_tables() -> None:
    columns = {column.name for table in schema.metadata.sorted_tables for column in table.columns}
    references = {"key_reference", "root_key_reference", "issuing_key_reference"}
    assert not {name for name in columns - references if "key" in name or "pass" in name or "secret" in name}


@pytest.mark.parametrize("on", ["sqlite"], indirect=True)  # a server's plan goes by its statistics
def test_a_thousand_endpoints_are_read_by_the_index(directory: Directory, workspace: Workspace) -> None:
    newest = newest_observation(schema.endpoints.c.id)
    statement = select(schema.observations.c.id).join(schema.endpoints, schema.observations.c.id == newest)
    str(statement.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    plan = workspace.submit(
        lambda connection: connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement.compile(compile_kwargs={'literal_binds': True})}"
        ).all()
    ).result()
    steps = " | ".join(row.detail for row in plan)
    assert "ix_observations_endpoint_id_started_at_id" in steps
    assert "TEMP B-TREE" not in steps
