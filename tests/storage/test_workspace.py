"""The workspace opens, refuses, keeps and lets go as it says."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage import migrations, schema
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.workspace import Workspace


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(schema.partners.c.name)).scalars())


def add_partner(name: str, connection: Connection) -> None:
    connection.execute(
        insert(schema.partners).values(name=name, company_id="", note="", details="{}", revision=0)
    )


def failure_on_opening(folder: Path) -> EnvironmentFailureError:
    before = set(threading.enumerate())
    with pytest.raises(EnvironmentFailureError) as caught:
        Workspace.open(folder, busy_timeout_s=0.05)
    assert set(threading.enumerate()) <= before, "the workspace's thread is gone"
    return caught.value


def test_what_was_kept_is_there_after_opening_again(workspace_place: WorkspacePlace) -> None:
    first = Workspace.open(workspace_place)
    first.submit(lambda connection: add_partner("Nordwind", connection)).result()
    first.close()
    again = Workspace.open(workspace_place)
    assert again.submit(names).result() == ["Nordwind"]
    again.close()


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_folder_and_files_are_for_their_owner_only(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "a" / "desk")
    workspace.submit(lambda connection: add_partner("x", connection)).result()
    folder = tmp_path / "a" / "desk"
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    workspace.close()
    assert modes == {"workspace.sqlite": 0o600, "workspace.sqlite-wal": 0o600, "workspace.sqlite-shm": 0o600}


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    Workspace.open(tmp_path).close()
    (tmp_path / "workspace.sqlite").chmod(0o644)
    Workspace.open(tmp_path).close()
    assert (tmp_path / "workspace.sqlite").stat().st_mode & 0o777 == 0o600


def test_everything_runs_on_one_thread_that_is_not_the_callers(workspace: Workspace) -> None:
    threads = {workspace.submit(lambda _connection: threading.get_ident()).result() for _ in range(5)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_work_that_raises_is_undone_and_the_next_runs(workspace: Workspace) -> None:
    def half(connection: Connection) -> None:
        add_partner("half", connection)
        raise LookupError

    with pytest.raises(LookupError):
        workspace.submit(half).result()
    assert workspace.submit(names).result() == []


def test_a_wrong_statement_stays_the_bug_that_it_is(workspace: Workspace) -> None:
    with pytest.raises(Exception, match=r"no such table|does not exist"):
        workspace.submit(lambda connection: connection.execute(text("SELECT * FROM nowhere"))).result()


def test_foreign_keys_are_held(workspace: Workspace) -> None:
    row = {"chain_id": 99, "position": 0, "sha256": "00"}
    work = insert(schema.presented_certificates).values(row)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        workspace.submit(lambda connection: connection.execute(work)).result()


def test_closing_waits_for_what_was_submitted_and_empties_the_log(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    for number in range(50):
        workspace.submit(partial(add_partner, f"P{number}"))
    workspace.close()
    workspace.close()
    assert [path.name for path in tmp_path.iterdir()] == ["workspace.sqlite"]
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite")) as file:
        assert file.execute("SELECT count(*) FROM partners").fetchone() == (50,)
    with pytest.raises(RuntimeError):
        workspace.submit(names)


def test_two_processes_may_have_it_open(workspace_place: WorkspacePlace) -> None:
    one, other = Workspace.open(workspace_place), Workspace.open(workspace_place)
    one.submit(lambda connection: add_partner("one", connection)).result()
    other.submit(lambda connection: add_partner("other", connection)).result()
    assert one.submit(names).result() == ["one", "other"]
    one.close()
    other.close()


def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "workspace.sqlite"
    file.write_bytes(b"Dear diary, " * 100)
    failure = failure_on_opening(tmp_path)
    assert failure.problem == msg("This file is no workspace.")
    assert failure.place == str(file)
    assert file.read_bytes() == b"Dear diary, " * 100


def test_a_database_of_another_program_is_refused_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "workspace.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    assert failure_on_opening(tmp_path).problem == msg("This database belongs to another program.")
    assert file.read_bytes() == before


def test_a_workspace_of_a_newer_program_is_refused_and_stays(tmp_path: Path) -> None:
    Workspace.open(tmp_path).close()
    file = tmp_path / "workspace.sqlite"
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.execute("PRAGMA journal_mode = DELETE")
        newer.commit()
    before = file.read_bytes()
    assert failure_on_opening(tmp_path).problem == msg("A newer trustdesk made this workspace.")
    assert file.read_bytes() == before


def test_a_damaged_workspace_is_said_to_be_damaged(tmp_path: Path) -> None:
    Workspace.open(tmp_path).close()
    file = tmp_path / "workspace.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])
    assert failure_on_opening(tmp_path).problem == msg("The workspace is damaged.")


@pytest.mark.parametrize(("small", "table"), [(1 << 40, "observations"), (0, "trust_log")])
def test_a_damaged_table_is_seen_at_the_start(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int, table: str
) -> None:
    """In a small file in any table, in a large one in those that are small."""
    monkeypatch.setattr("trustdesk.storage.sqlite._SMALL_BYTES", small)
    file = Path(shutil.copytree(made, tmp_path / "desk")) / "workspace.sqlite"
    with closing(sqlite3.connect(file)) as whole:
        (page,) = whole.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]).fetchone()
        (size,) = whole.execute("PRAGMA page_size").fetchone()
    broken = bytearray(file.read_bytes())
    broken[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(broken)
    assert failure_on_opening(file.parent).problem == msg("The workspace is damaged.")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    failure = failure_on_opening(tmp_path / "file" / "desk")
    assert failure.problem == msg("A part of this path is a file, not a folder.")


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "workspace.sqlite").mkdir()
    assert failure_on_opening(tmp_path).problem == msg("This place cannot be written.")


def test_a_workspace_that_another_process_holds_is_said(tmp_path: Path) -> None:
    Workspace.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert failure_on_opening(tmp_path).problem == msg("Another program is using the workspace.")


def test_a_lock_that_comes_later_fails_that_work_only(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path, busy_timeout_s=0.05)
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentFailureError) as caught:
            workspace.submit(names).result()
        assert caught.value.problem == msg("Another program is using the workspace.")
    assert workspace.submit(names).result() == []
    workspace.close()


def test_a_full_disk_is_said_and_what_was_kept_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace.open(tmp_path)

    def no_more_pages(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    workspace.submit(lambda connection: add_partner("kept", connection)).result()
    workspace.submit(no_more_pages).result()
    with pytest.raises(EnvironmentFailureError) as caught:
        workspace.submit(lambda connection: add_partner("x" * 1_000_000, connection)).result()
    assert caught.value.problem == msg("There is no room left on the disk.")
    assert workspace.submit(names).result() == ["kept"]
    assert "no room" in caplog.text
    workspace.close()


def test_what_only_reads_waits_for_nobody_and_cannot_write(workspace_place: WorkspacePlace) -> None:
    writes = Workspace.open(workspace_place)
    reads = Workspace.open(workspace_place, busy_timeout_s=0.05)

    def write(connection: Connection) -> list[str]:
        add_partner("under way", connection)
        return reads.submit(names, reading=True).result()

    assert writes.submit(write).result() == [], "what is under way is not seen, nor waited for"
    assert reads.submit(names, reading=True).result() == ["under way"]
    with pytest.raises(EnvironmentFailureError):
        reads.submit(partial(add_partner, "no"), reading=True).result()
    reads.submit(partial(add_partner, "yes")).result()
    assert writes.submit(names).result() == ["under way", "yes"]
    reads.close()
    writes.close()


def test_whoever_writes_waits_for_its_turn_and_no_longer_than_it_was_told(
    workspace_place: WorkspacePlace,
) -> None:
    one, other = Workspace.open(workspace_place), Workspace.open(workspace_place, busy_timeout_s=0.05)

    def write(_connection: Connection) -> BaseException | None:
        return other.submit(names).exception()

    failure = one.submit(write).result()
    assert isinstance(failure, EnvironmentFailureError)
    assert failure.problem == msg("Another program is using the workspace.")
    assert other.submit(names).result() == []
    other.close()
    one.close()


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def test_migrations_lead_to_the_tables_as_they_are(new_place: Callable[[], WorkspacePlace]) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))

    with closing(Workspace.open(new_place())) as workspace:
        assert workspace.submit(differences).result() == []


def test_the_newest_migration_is_the_one_that_the_tables_name() -> None:
    assert scripts().get_heads() == [schema.HEAD]


def test_migrations_are_one_line_of_four_digit_numbers() -> None:
    revisions = [script.revision for script in scripts().walk_revisions()]
    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]


def test_a_migration_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCutError(Exception):
        """What a power cut would be."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise PowerCutError

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(PowerCutError):
        Workspace.open(tmp_path)
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite")) as file:
        assert file.execute("SELECT name FROM sqlite_master").fetchall() == []
