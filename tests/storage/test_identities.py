"""Identities by name: with their path and key, what they follow, and who uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, insert, select, update

from tests.support import pki, samples
from tests.support.readiness_samples import readiness
from tests.support.store_cases import opened_vault
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import KeyLostError, UnusableInputError
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.identity import Identity, IdentityUse
from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.core.probe import IdentityLabel, ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.formats.observation_records import packed
from trustdesk.services.board_standings import BoardStandings
from trustdesk.services.standings import kept_standing
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import (
    IdentityIndex,
    add_identity,
    identity_named,
    identity_names,
    remove_identity,
)
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.readiness_checks import ReadinessChecks
from trustdesk.storage.workspace import Workspace

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


class Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(scope="module")
def path() -> tuple[CertificateFacts, ...]:
    root = pki.root()
    issuing = pki.authority("Issuing", root)
    return (pki.client(issuing).facts, issuing.facts)


@pytest.fixture
def keys(workspace: Workspace, tmp_path: Path) -> Iterator[KeyStores]:
    vault = opened_vault(tmp_path, make=True)
    yield KeyStores(workspace, [vault], tmp_path / "keys.lock", Clock())
    vault.lock()


@pytest.fixture
def index(workspace: Workspace) -> IdentityIndex:
    return IdentityIndex(workspace)


def add(
    keys: KeyStores, name: str, path: tuple[CertificateFacts, ...], renews: str | None = None
) -> Identity:
    def also(connection: Connection, stored: tuple[StoredKey, ...]) -> Identity:
        return add_identity(
            connection,
            name=name,
            certification_path=path,
            key=stored[0],
            added_at=NOW,
            source="halden.p12",
            renews=renews,
        )

    new = NewKey(private_key=ec.generate_private_key(ec.SECP256R1()), source="halden.p12")
    return keys.put([new], store=KeyStoreKind.VAULT, also=also)


def test_an_identity_comes_back_as_it_was_added(
    keys: KeyStores, index: IdentityIndex, path: tuple[CertificateFacts, ...]
) -> None:
    added = add(keys, " halden ", path)
    assert index.all().result() == (added,)
    assert index.named("halden").result() == added
    assert (added.name, added.certification_path, added.source) == ("halden", path, "halden.p12")
    assert (added.added_at, added.renews, added.renewed_by) == (NOW, None, None)
    assert added.key.reference.store is KeyStoreKind.VAULT


def test_identities_stand_in_the_order_of_their_names(
    keys: KeyStores, index: IdentityIndex, path: tuple[CertificateFacts, ...]
) -> None:
    for name in ("zephyr", "Ärmel", "Halden", "aurelia"):
        add(keys, name, path)
    assert [identity.name for identity in index.all().result()] == ["aurelia", "Halden", "zephyr", "Ärmel"]


@pytest.mark.parametrize("name", ["", "  ", "halden", " halden"])
def test_a_name_that_is_blank_or_taken_is_refused_and_nothing_is_kept(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...], name: str
) -> None:
    add(keys, "halden", path)
    with pytest.raises(UnusableInputError):
        add(keys, name, path)
    assert workspace.submit(identity_names).result() == {"halden"}
    counting = select(schema.keys.c.reference)
    rows = workspace.submit(lambda connection: connection.execute(counting).all()).result()
    assert len(rows) == 1


def test_an_identity_of_a_key_that_is_gone_is_refused(
    workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    key = StoredKey(
        reference=KeyReference(store=KeyStoreKind.VAULT, record_id="0" * 32),
        store_title="Vault",
        algorithm="EC",
        bits=256,
        curve="P-256",
        spki_sha256="0" * 64,
        created_at=NOW,
        source="",
    )
    adding = workspace.submit(
        lambda connection: add_identity(
            connection, name="halden", certification_path=path, key=key, added_at=NOW, source=""
        )
    )
    with pytest.raises(KeyLostError):
        adding.result()


def test_a_renewal_is_linked_both_ways(
    keys: KeyStores, index: IdentityIndex, path: tuple[CertificateFacts, ...]
) -> None:
    add(keys, "2025", path)
    add(keys, "2026", path, renews="2025")
    old, new = index.all().result()
    assert (old.renewed_by, new.renews) == ("2026", "2025")


def test_a_new_name_is_followed_by_everything_that_names_it(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    add(keys, "2025", path)
    add(keys, "2026", path, renews="2025")
    directory = Directory(workspace)
    for identity in ("2025", "2026"):
        directory.add_endpoint("Nordwind", parse_target("a.example"), identity).result()
    workspace.submit(lambda connection: add_request(connection, identity="2025", renews="2025")).result()
    assert index.rename("2025", " old one ").result().name == "old one"
    assert index.named("2026").result().renews == "old one"
    assert [endpoint.identity for endpoint in directory.endpoints().result()] == ["old one", "2026"]
    row = workspace.submit(lambda connection: connection.execute(select(schema.requests)).one()).result()
    assert (row.identity, row.renews) == ("old one", "old one")


def add_request(connection: Connection, *, identity: str, renews: str) -> None:
    connection.execute(
        insert(schema.requests).values(
            name="r",
            purpose="client",
            state="issued",
            der=b"",
            spki_sha256="0" * 64,
            created_at=NOW,
            identity=identity,
            renews=renews,
        )
    )


@pytest.mark.parametrize(
    ("name", "new_name"), [("nobody", "x"), ("one", ""), ("one", "two"), ("one", " two ")]
)
def test_a_new_name_that_cannot_be_changes_nothing(
    keys: KeyStores,
    index: IdentityIndex,
    path: tuple[CertificateFacts, ...],
    name: str,
    new_name: str,
) -> None:
    before = (add(keys, "one", path), add(keys, "two", path))
    with pytest.raises(UnusableInputError):
        index.rename(name, new_name).result()
    assert index.all().result() == before


def test_the_same_name_again_is_no_change(
    keys: KeyStores, index: IdentityIndex, path: tuple[CertificateFacts, ...]
) -> None:
    added = add(keys, "one", path)
    assert index.rename("one", "one ").result() == added


def test_a_removed_identity_is_gone_and_endpoints_go_on_naming_it(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    added = add(keys, "halden", path)
    directory = Directory(workspace)
    directory.add_endpoint("Nordwind", parse_target("a.example"), "halden").result()
    workspace.submit(lambda connection: add_request(connection, identity="halden", renews="older")).result()
    removed = keys.release(
        [added.key.reference], also=lambda connection: remove_identity(connection, "halden")
    )
    assert removed == added
    assert index.all().result() == ()
    assert directory.endpoints().result()[0].identity == "halden"
    row = workspace.submit(lambda connection: connection.execute(select(schema.requests)).one()).result()
    assert (row.identity, row.renews) == (None, "older")
    with pytest.raises(UnusableInputError):
        workspace.submit(lambda connection: identity_named(connection, "halden")).result()


def test_what_was_shown_with_a_removed_identity_says_nothing_any_more(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    added = add(keys, "halden", path)
    directory = Directory(workspace, kept_standing)
    checks = ReadinessChecks(workspace)
    of_it = directory.add_endpoint("Nordwind", parse_target("a.example"), "halden").result()
    other = directory.add_endpoint("Nordwind", parse_target("b.example")).result()
    report = report_with(path, ClientCertificateVerdict.ACCEPTED)
    for one in (of_it, other):
        directory.record_report(one.id, report).result()
        checks.keep(readiness(one.id), one.target).result()
    board = BoardStandings(workspace)
    assert [standing is not None for _, standing in board.all()] == [True, True]
    keys.release([added.key.reference], also=lambda connection: remove_identity(connection, "halden"))
    add(keys, "halden", path)
    assert [standing is not None for _, standing in board.all()] == [False, True], "another by that name too"
    assert directory.last_report(of_it.id).result() is None
    assert checks.last(of_it.id).result() is None
    assert checks.last(other.id).result() is not None
    assert index.uses().result()["halden"].accepted_by == 1


def test_damaged_read_outs_are_read_again_from_the_certificate(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    add(keys, "halden", path)
    damage = update(schema.certificates).values(facts="{")
    workspace.submit(lambda connection: connection.execute(damage)).result()
    assert index.named("halden").result().certification_path == path


# --- who uses it ---


def report_with(
    path: tuple[CertificateFacts, ...],
    verdict: ClientCertificateVerdict,
    *,
    sent: bool = True,
    minutes: int = 0,
) -> ProbeReport:
    report = samples.healthy()
    record = report.record
    client_auth = replace(record.client_auth, sent=sent, verdict=verdict)
    identity = IdentityLabel(name="whatever it was called then", sha256=path[0].sha256)
    started_at = record.started_at + timedelta(minutes=minutes)
    record = replace(record, client_auth=client_auth, identity=identity, started_at=started_at)
    return replace(report, record=record)


def test_uses_count_partners_by_the_last_test_of_each_endpoint(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    accepted, rejected = ClientCertificateVerdict.ACCEPTED, ClientCertificateVerdict.REJECTED
    add(keys, "halden", path)
    directory = Directory(workspace)

    def endpoint(partner: str, host: str, *reports: ProbeReport) -> None:
        added = directory.add_endpoint(partner, parse_target(host), "halden").result()
        for report in reports:
            directory.record_report(added.id, report).result()

    endpoint("Aurelia", "a.example", report_with(path, accepted))
    endpoint("Aurelia", "b.example", report_with(path, rejected))
    endpoint("Borealis", "c.example", report_with(path, accepted), report_with(path, rejected, minutes=5))
    endpoint("Cirrus", "d.example", report_with(path, ClientCertificateVerdict.NOT_ASKED, sent=False))
    endpoint("Delta", "e.example", samples.healthy())
    endpoint("Etesia", "f.example")
    use = index.uses().result()["halden"]
    assert [one.partner for one in use.endpoints] == [
        "Aurelia",
        "Aurelia",
        "Borealis",
        "Cirrus",
        "Delta",
        "Etesia",
    ]
    assert (use.presented_to, use.accepted_by) == (2, 1)


def test_an_identity_that_nobody_uses_says_so(
    keys: KeyStores, index: IdentityIndex, path: tuple[CertificateFacts, ...]
) -> None:
    add(keys, "halden", path)
    assert index.uses().result() == {"halden": IdentityUse()}


def test_a_damaged_last_report_counts_for_nothing(
    keys: KeyStores, index: IdentityIndex, workspace: Workspace, path: tuple[CertificateFacts, ...]
) -> None:
    add(keys, "halden", path)
    directory = Directory(workspace)
    for number, document in enumerate(("", "[]", "{}", '{"report": {"record": 5}}', '{"report": null}')):
        added = directory.add_endpoint("Nordwind", parse_target(f"{number}.example")).result()
        report = report_with(path, ClientCertificateVerdict.ACCEPTED)
        observation = directory.record_report(added.id, report).result()
        reports = schema.observation_reports
        change = update(reports).where(reports.c.observation_id == observation)
        damage = change.values(document=packed(document))
        workspace.submit(lambda connection, damage=damage: connection.execute(damage)).result()  # type: ignore[misc]
    assert index.uses().result() == {"halden": IdentityUse()}
