"""What is a database server's own: who is let in, whom it trusts, what happens when it goes away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import Connection, insert, select, text

from tests.support import pki, samples
from tests.support.memory_secrets import MemorySecrets
from tests.support.postgres_server import PASSWORD, PostgresServer
from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.target import parse_target
from trustdesk.storage import schema
from trustdesk.storage.database_password import forget_password, keep_password, kept_password
from trustdesk.storage.directory import Directory
from trustdesk.storage.postgres import PostgresDatabase, connection_parameters
from trustdesk.storage.sweeps import SweepBook, SweptTest
from trustdesk.storage.workspace import Workspace

pytestmark = pytest.mark.servers

WRONG_PASSWORD = msg("The database server does not accept the user or the password.")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))  # where libpq looks for its files
    for name in ("TRUSTDESK_DATABASE_PASSWORD", "PGPASSWORD", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)
    # No test may ask the keyring of whoever runs it.
    monkeypatch.setattr("trustdesk.storage.database_password._keyring", MemorySecrets)


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[DatabaseUrl]:
    """Lend a database with an empty workspace, by its socket."""
    url = postgres.lend()
    yield url
    postgres.give_back(url)


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[DatabaseUrl]:
    """Make a database with nothing in it."""
    url = postgres.new()
    yield url
    postgres.drop(url)


@pytest.fixture
def by_network(url: DatabaseUrl, postgres: PostgresServer) -> DatabaseUrl:
    """Name the same database by a loopback port, where a password is asked for."""
    roots = (("sslmode", "verify-full"), ("sslrootcert", str(postgres.folder / "root.pem")))
    return replace(url, host="localhost", options=roots)


def add_partner(name: str, connection: Connection) -> None:
    values = {"company_id": "", "note": "", "details": "{}", "revision": 0}
    connection.execute(insert(schema.partners).values(name=name, **values))


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(schema.partners.c.name)).scalars())


def failure_on_opening(url: DatabaseUrl) -> EnvironmentFailureError:
    with pytest.raises(EnvironmentFailureError) as caught:
        Workspace.open(url, busy_timeout_s=0.05)
    assert caught.value.place == url.address
    return caught.value


def backend(connection: Connection) -> int:
    pid: int = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return pid


# --- who is let in ---


def test_the_password_comes_from_the_environment(
    by_network: DatabaseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert failure_on_opening(by_network).problem == WRONG_PASSWORD
    for name in ("TRUSTDESK_DATABASE_PASSWORD", "PGPASSWORD"):
        with monkeypatch.context() as here:
            here.setenv(name, PASSWORD)
            Workspace.open(by_network).close()


def test_the_password_comes_from_a_password_file(
    by_network: DatabaseUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "passwords"
    file.write_text(f"localhost:*:*:desk:{PASSWORD}\n")
    file.chmod(0o600)
    Workspace.open(replace(by_network, options=(*by_network.options, ("passfile", str(file))))).close()
    monkeypatch.setenv("PGPASSFILE", str(file))
    Workspace.open(by_network).close()


def test_the_password_comes_from_the_keyring_only_where_it_is_asked_for(
    url: DatabaseUrl, by_network: DatabaseUrl, tmp_path: Path
) -> None:
    secrets = MemorySecrets()
    keep_password(by_network, "an older one", secrets)
    keep_password(by_network, PASSWORD, secrets)
    asked: list[str] = []

    def ask(url: DatabaseUrl) -> str | None:
        asked.append(url.address)
        return kept_password(url, secrets)

    for one, times in ((url, 0), (by_network, 1)):
        database = PostgresDatabase(one, 1, folder=tmp_path / "local", password=ask)
        connection = database.connect()
        assert len(asked) == times
        database.close(connection)
    forget_password(by_network, secrets)
    assert kept_password(by_network, secrets) is None
    assert secrets.texts == {}


def test_a_wrong_password_is_said_and_shown_to_nobody(
    by_network: DatabaseUrl, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("TRUSTDESK_DATABASE_PASSWORD", "hunter2")
    failure = failure_on_opening(by_network)
    assert failure.problem == WRONG_PASSWORD
    cause = failure.__cause__
    assert "hunter2" not in f"{failure!r}{failure}{failure.problem}{cause!r}{cause}{caplog.text}"


# --- whom it trusts ---


def test_a_server_far_away_has_to_prove_its_name_by_default() -> None:
    url = DatabaseUrl.parse("postgresql://desk@db.example/board")
    found = connection_parameters(url, 5)
    assert (found["sslmode"], found["sslrootcert"]) == ("verify-full", "system")
    own = Path.home() / ".postgresql" / "root.crt"
    own.parent.mkdir()
    own.touch()
    assert "sslrootcert" not in connection_parameters(url, 5), "libpq's own file counts"
    for local in ("localhost", "127.0.0.1", "/run/postgresql"):
        assert connection_parameters(replace(url, host=local), 5)["sslmode"] == "prefer"
    chosen = replace(url, options=(("sslmode", "require"),))
    assert connection_parameters(chosen, 5)["sslmode"] == "require"


def test_a_server_of_another_name_or_another_root_is_not_trusted(
    by_network: DatabaseUrl, postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTDESK_DATABASE_PASSWORD", PASSWORD)
    assert "cannot be trusted" in failure_on_opening(replace(by_network, host="127.0.0.1")).problem.id
    other = tmp_path / "other.pem"
    other.write_bytes(pki.root().pem)
    options = (("sslmode", "verify-full"), ("sslrootcert", str(other)))
    assert "cannot be trusted" in failure_on_opening(replace(by_network, options=options)).problem.id
    assert (
        "cannot be trusted"
        in failure_on_opening(replace(by_network, options=(("sslmode", "verify-full"),))).problem.id
    ), "the system knows no such root"


# --- what is there ---


def test_a_database_that_is_not_there_and_a_server_that_does_not_run_are_said(
    url: DatabaseUrl, tmp_path: Path
) -> None:
    missing = failure_on_opening(replace(url, database="nowhere"))
    assert "nowhere" in dict(missing.problem.params)["reason"]  # type: ignore[operator]
    assert "cannot be reached" in failure_on_opening(replace(url, host=str(tmp_path))).problem.id


def test_a_database_of_another_program_is_refused_and_stays(
    empty: DatabaseUrl, postgres: PostgresServer
) -> None:
    postgres.sql("CREATE TABLE bookmarks (url text)", empty.database)
    assert failure_on_opening(empty).problem == msg("This database belongs to another program.")
    tables = postgres.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", empty.database)
    assert tables == [("bookmarks",)]


def test_a_database_that_cannot_keep_every_text_is_refused(postgres: PostgresServer) -> None:
    postgres.sql(
        "CREATE DATABASE narrow TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
    )
    assert "LATIN1" in repr(failure_on_opening(postgres.url("narrow")).problem)
    postgres.drop(postgres.url("narrow"))


def test_two_programs_that_open_a_new_database_at_once_both_come_in(empty: DatabaseUrl) -> None:
    with ThreadPoolExecutor(2) as threads:
        opened = list(threads.map(Workspace.open, [empty, empty]))
    for number, workspace in enumerate(opened):
        workspace.submit(partial(add_partner, f"P{number}")).result()
    assert opened[0].submit(names).result() == ["P0", "P1"]
    for workspace in opened:
        workspace.close()


def test_a_newer_program_that_comes_while_it_is_open_is_seen(
    url: DatabaseUrl, postgres: PostgresServer
) -> None:
    with closing(Workspace.open(url)) as workspace:
        postgres.sql("UPDATE alembic_version SET version_num = '9999'", url.database)
        failure = workspace.submit(partial(add_partner, "late")).exception()
        assert isinstance(failure, EnvironmentFailureError)
        assert failure.problem == msg("A newer trustdesk has changed this workspace.")
        assert failure_on_opening(url).problem == msg("A newer trustdesk made this workspace.")
        back = sql.SQL("UPDATE alembic_version SET version_num = {}").format(sql.Literal(schema.HEAD))
        postgres.sql(back, url.database)
        assert workspace.submit(names).result() == []


# --- what goes wrong on the way ---


def test_a_connection_that_was_lost_while_nobody_used_it_is_made_anew(
    url: DatabaseUrl, postgres: PostgresServer
) -> None:
    with closing(Workspace.open(url)) as workspace:
        before = workspace.submit(backend).result()
        postgres.sql(f"SELECT pg_terminate_backend({before}, 5000)")
        workspace.submit(partial(add_partner, "after")).result()
        assert workspace.submit(names, reading=True).result() == ["after"]
        assert workspace.submit(backend).result() != before


def test_a_sweep_whose_connection_was_lost_is_its_programs_again_with_the_next_result(
    url: DatabaseUrl, postgres: PostgresServer
) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with closing(Workspace.open(url)) as workspace, closing(Workspace.open(url)) as other:
        known = [
            Directory(workspace).add_endpoint(name, parse_target(f"{name}.example")).result()
            for name in ("a", "b")
        ]
        book, others = SweepBook(workspace), SweepBook(other)
        sweep = book.begin("ab" * 32, 2, now, known)
        assert others.left(now).result() is None
        postgres.sql(f"SELECT pg_terminate_backend({workspace.submit(backend).result()}, 5000)")
        assert others.left(now).result() is not None
        book.keep(sweep, [SweptTest(position=0, endpoint_id=known[0].id, report=samples.healthy())]).result()
        assert others.left(now).result() is None
        workspace.close()
        left = others.left(now).result()
        assert left is not None
        assert left.positions == (1,)


def test_a_connection_that_is_lost_in_the_midst_fails_that_work_only(
    url: DatabaseUrl, postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    def lost(connection: Connection) -> None:
        add_partner("half", connection)
        postgres.sql(f"SELECT pg_terminate_backend({backend(connection)}, 5000)")
        add_partner("other half", connection)

    with closing(Workspace.open(url)) as workspace:
        failure = workspace.submit(lost).exception()
        assert isinstance(failure, EnvironmentFailureError)
        assert "connection to the database server was lost" in failure.problem.id
        assert "was lost" in caplog.text
        assert workspace.submit(names).result() == []


def test_a_server_that_crashes_loses_nothing_acknowledged_and_is_found_again(
    url: DatabaseUrl, postgres: PostgresServer
) -> None:
    with closing(Workspace.open(url)) as workspace:
        for number in range(20):
            workspace.submit(partial(add_partner, f"P{number:02}")).result()
        postgres.kill()
        try:
            failure = workspace.submit(partial(add_partner, "nobody")).exception()
            assert isinstance(failure, EnvironmentFailureError)
        finally:
            postgres.start()
        workspace.submit(partial(add_partner, "P20")).result()
        assert sorted(workspace.submit(names).result()) == [f"P{number:02}" for number in range(21)]


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_work_that_the_server_undoes_because_of_another_runs_again(url: DatabaseUrl, state: str) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(len(tries))
        add_partner(f"try {len(tries)}", connection)
        if len(tries) < 3:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))

    with closing(Workspace.open(url)) as workspace:
        workspace.submit(work).result()
        assert workspace.submit(names).result() == ["try 3"]


def test_what_must_outlive_a_power_cut_waits_for_the_servers_disk(
    url: DatabaseUrl, postgres: PostgresServer
) -> None:
    def waits(connection: Connection) -> str:
        found: str = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
        return found

    postgres.sql(f"ALTER DATABASE {url.database} SET synchronous_commit = off")
    with closing(Workspace.open(url)) as workspace:
        assert workspace.submit(waits, durable=True).result() == "on"
        assert workspace.submit(waits).result() == "off"
    postgres.sql(f"ALTER DATABASE {url.database} RESET synchronous_commit")


def test_what_belongs_to_this_machine_lies_in_a_folder_that_goes_with_the_url(
    url: DatabaseUrl, tmp_path: Path
) -> None:
    with closing(Workspace.open(url)) as workspace:
        assert workspace.folder.parent == tmp_path / "data" / "trustdesk" / "shared"
        assert workspace.folder.stat().st_mode & 0o777 == 0o700
        assert workspace.place == url.address
    again = replace(url, options=(("sslmode", "disable"),))
    with closing(Workspace.open(again)) as workspace:
        assert [workspace.folder] == list(workspace.folder.parent.iterdir())
