"""A workspace is written into one file and put back, on either kind of database, whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, insert, select, text

from tests.support import samples
from tests.support.key_needles import found_in, needles_of
from tests.support.memory_secrets import MemorySecrets
from tests.support.trust_content import distrust, note
from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import Message, msg
from trustdesk.core.target import parse_target
from trustdesk.services.clock import SystemClock
from trustdesk.services.standings import kept_standing
from trustdesk.storage import schema
from trustdesk.storage.backup import back_up
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import add_identity
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.restoring import restore
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.workspace import Workspace
from trustdesk.storage.workspace_check import check_workspace

NOW = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)
OLDER = sorted((Path(__file__).parent / "workspaces").glob("*.sql"))

Rows = dict[str, list[tuple[object, ...]]]


def fill(workspace: Workspace) -> ec.EllipticCurvePrivateKey:
    """Keep something of each kind; return the private key that it refers to."""
    directory = Directory(workspace, kept_standing)
    endpoint = directory.add_endpoint("Nordwind Cargo ✈", parse_target("a.example")).result().id
    directory.record_report(endpoint, samples.healthy()).result()
    directory.record_report(endpoint, samples.hostile()).result()
    TrustDecisions(workspace).decide(distrust(), note()).result()
    key = ec.generate_private_key(ec.SECP256R1())
    stores = KeyStores(workspace, [MemorySecrets()], workspace.folder / "keys.lock", SystemClock())
    stores.put(
        [NewKey(private_key=key, source="a test")],
        store=KeyStoreKind.KEYRING,
        also=lambda connection, stored: add_identity(
            connection,
            name="ours",
            certification_path=samples.healthy().record.presented_chain[:1],
            key=stored[0],
            added_at=NOW,
            source="a test",
        ),
    )
    return key


def rows(place: WorkspacePlace) -> Rows:
    def read(connection: Connection) -> Rows:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in schema.metadata.sorted_tables
        }

    with closing(Workspace.open(place)) as workspace:
        return workspace.submit(read, reading=True).result()


@pytest.fixture
def filled(workspace_place: WorkspacePlace) -> WorkspacePlace:
    with closing(Workspace.open(workspace_place)) as workspace:
        fill(workspace)
    return workspace_place


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_what_was_backed_up_comes_back_on_either_kind(
    filled: WorkspacePlace, other: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    before = rows(filled)
    assert sum(map(len, before.values())) > 15
    file = tmp_path / "desk.backup"
    backup = back_up(filled, file)
    assert (backup.size, file.stat().st_mode & 0o777) == (file.stat().st_size, 0o600)
    assert {path.name for path in tmp_path.iterdir()} <= {"desk", "data", "desk.backup"}
    server = request.getfixturevalue("postgres") if other == "postgresql" else None
    target: WorkspacePlace = tmp_path / "elsewhere" if server is None else server.lend()
    restored = restore(target, file, replace=False, now=NOW)
    assert (restored.kept, restored.keys) == (None, 1)
    assert restored.rows == sum(map(len, before.values()))
    assert rows(target) == before
    assert check_workspace(target).problems == ()
    with closing(Workspace.open(target)) as workspace:  # numbers of new rows go on
        Directory(workspace).add_endpoint("Zephyr", parse_target("b.example")).result()
    if isinstance(target, DatabaseUrl) and server is not None:
        server.give_back(target)


def test_no_private_key_is_in_it(
    workspace: Workspace, workspace_place: WorkspacePlace, tmp_path: Path
) -> None:
    key = fill(workspace)
    vault = workspace.folder / "keys.vault"
    vault.write_bytes(b"the vault's own bytes")
    back_up(workspace_place, tmp_path / "desk.backup")
    data = (tmp_path / "desk.backup").read_bytes()
    assert found_in(data, needles_of(key)) == []
    assert b"the vault's own bytes" not in data


def test_a_backup_is_of_one_instant_while_others_write(filled: WorkspacePlace, tmp_path: Path) -> None:
    with closing(Workspace.open(filled)) as workspace:

        def write(_done: int, _of: int) -> None:
            values = {"name": f"late {_done}", "company_id": "", "note": "", "details": "{}", "revision": 0}
            statement = insert(schema.partners).values(values)
            workspace.submit(lambda connection: connection.execute(statement).rowcount).result()

        back_up(filled, tmp_path / "desk.backup", write)
    restore(tmp_path / "copy", tmp_path / "desk.backup", replace=False, now=NOW)
    assert len(rows(tmp_path / "copy")["partners"]) == 1
    assert len(rows(filled)["partners"]) > 1


def test_whoever_cancels_leaves_what_was_there(filled: WorkspacePlace, made: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    file.write_bytes(b"the last one")

    def cancel(_done: int, _of: int) -> None:
        raise InterruptedError

    with pytest.raises((InterruptedError, EnvironmentFailureError)):
        back_up(filled, file, cancel)
    assert file.read_bytes() == b"the last one"
    assert {path.name for path in tmp_path.iterdir()} <= {"desk", "data", "desk.backup"}
    back_up(filled, file)
    with closing(Workspace.open(shutil.copytree(made, tmp_path / "other"))) as other:
        fill(other)
    before = rows(tmp_path / "other")
    with pytest.raises(InterruptedError):
        restore(tmp_path / "other", file, replace=True, now=NOW, progress=cancel)
    assert rows(tmp_path / "other") == before


def test_what_is_there_is_replaced_only_where_that_is_said_and_kept_even_then(
    filled: WorkspacePlace, tmp_path: Path
) -> None:
    file = tmp_path / "desk.backup"
    back_up(filled, file)
    with closing(Workspace.open(filled)) as workspace:
        Directory(workspace).add_endpoint("Zephyr", parse_target("b.example")).result()
    before = rows(filled)
    with pytest.raises(EnvironmentFailureError, match="something in it"):
        restore(filled, file, replace=False, now=NOW)
    assert rows(filled) == before
    restored = restore(filled, file, replace=True, now=NOW)
    assert len(rows(filled)["partners"]) == 1
    assert restored.kept is not None
    assert restored.kept.name == "before-restore-20261128T010203Z.sqlite"
    restore(filled, restored.kept, replace=True, now=NOW)
    assert rows(filled) == before


@pytest.mark.parametrize("file", OLDER, ids=lambda file: file.stem)
def test_a_backup_of_an_older_program_comes_back_up_to_date(tmp_path: Path, file: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "older.backup")) as older:
        older.executescript(file.read_text("utf-8"))
    restore(tmp_path / "desk", tmp_path / "older.backup", replace=False, now=NOW)
    assert check_workspace(tmp_path / "desk").problems == ()


def test_a_damaged_workspace_is_put_aside_for_its_backup(made: Path, tmp_path: Path) -> None:
    place, file = shutil.copytree(made, tmp_path / "desk"), tmp_path / "desk.backup"
    with closing(Workspace.open(place)) as workspace:
        fill(workspace)
    before = rows(place)
    back_up(place, file)
    own = place / "workspace.sqlite"
    broken = bytearray(own.read_bytes())
    broken[100:4100] = b"\xff" * 4000
    own.write_bytes(broken)
    (problem,) = check_workspace(place).problems
    assert problem.id == "The file is damaged: {damage}"
    with pytest.raises(EnvironmentFailureError, match="damaged"):
        restore(place, file, replace=False, now=NOW)
    assert own.read_bytes() == broken
    restored = restore(place, file, replace=True, now=NOW)
    assert restored.kept is not None
    assert restored.kept.read_bytes() == broken
    assert rows(place) == before


def no_database(file: Path) -> None:
    file.write_bytes(b"Dear diary, " * 1000)


def other_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE bookmarks (url TEXT)")


def newer_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def with_a_trigger(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TRIGGER t AFTER INSERT ON partners BEGIN DELETE FROM partners; END")


def damaged(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def broken_reference(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE endpoints SET partner_id = 99")


@pytest.mark.parametrize(
    "spoil", [no_database, other_program, newer_program, with_a_trigger, damaged, broken_reference]
)
def test_what_is_no_whole_backup_is_refused_and_nothing_changes(
    made: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    place, file = shutil.copytree(made, tmp_path / "desk"), tmp_path / "desk.backup"
    with closing(Workspace.open(place)) as workspace:
        fill(workspace)
    before = rows(place)
    back_up(place, file)
    spoil(file)
    with pytest.raises(UnusableInputError) as caught:
        restore(place, file, replace=True, now=NOW)
    assert caught.value.place == str(file)
    assert rows(place) == before


def test_the_workspace_itself_and_a_folder_are_no_file_for_it(tmp_path: Path) -> None:
    place = tmp_path / "desk"
    Workspace.open(place).close()
    digest = hashlib.sha256((place / "workspace.sqlite").read_bytes()).digest()
    with pytest.raises(UnusableInputError, match="the workspace itself"):
        back_up(place, place / "workspace.sqlite")
    with pytest.raises(EnvironmentFailureError):
        back_up(place, place)
    assert hashlib.sha256((place / "workspace.sqlite").read_bytes()).digest() == digest
    with pytest.raises(EnvironmentFailureError, match="no workspace"):
        back_up(tmp_path / "nowhere", tmp_path / "file")
    assert not (tmp_path / "nowhere").exists()


# --- check ---


@pytest.fixture
def problems(filled: WorkspacePlace) -> Callable[[str], tuple[Message, ...]]:
    """Return what runs a statement on a filled workspace, and checks it."""

    def after(statement: str) -> tuple[Message, ...]:
        with closing(Workspace.open(filled)) as workspace:
            workspace.submit(lambda connection: connection.execute(text(statement)).rowcount).result()
        return check_workspace(filled).problems

    return after


def test_a_whole_workspace_has_no_problem_and_says_what_was_not_looked_at(
    filled: WorkspacePlace, on: str
) -> None:
    check = check_workspace(filled)
    assert check.problems == ()
    assert check.rows == sum(map(len, rows(filled).values()))
    assert len(check.not_looked_at) == (1 if on == "postgresql" else 0)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE certificates SET der = CAST('x' AS {bytes})", "digest"),
        ("UPDATE observation_facts SET document = '{{}}'", "digest"),
        ("UPDATE certificates SET facts = 'no'", "cannot be read"),
        ("UPDATE observation_reports SET document = CAST('x' AS {bytes})", "cannot be read"),
        ("UPDATE local_decisions SET document = ''", "cannot be read"),
        ("UPDATE trust_log SET hash = '00'", "trust log is broken"),
        ("CREATE TABLE another (id INTEGER)", "tables differ"),
    ],
)
def test_what_is_wrong_is_found(
    problems: Callable[[str], tuple[Message, ...]], statement: str, problem: str, on: str
) -> None:
    found = problems(statement.format(bytes="bytea" if on == "postgresql" else "BLOB"))
    if "another" in statement:
        problems("DROP TABLE another")
    assert [one for one in found if problem in f"{one.id}{one.plural_id}"]


@pytest.mark.parametrize("on", ["postgresql"], indirect=True)
def test_a_counter_that_is_behind_is_found(problems: Callable[[str], tuple[Message, ...]]) -> None:
    (found,) = problems("SELECT setval('partners_id_seq', 1, false)")
    assert found == msg("{table}: the server would give a number that is taken.", table="partners")
