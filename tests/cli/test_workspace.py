"""`trustdesk workspace`: backup, restore, check, and a server's password."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.empty_workspace import made
from tests.support.memory_secrets import MemorySecrets
from tests.support.postgres_server import PASSWORD, PostgresServer, postgres
from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.target import parse_target
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.storage.database_password import kept_password
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace

__all__ = ["made", "postgres"]


def add(place: WorkspacePlace, partner: str) -> None:
    with closing(Workspace.open(place)) as workspace:
        Directory(workspace).add_endpoint(partner, parse_target("a.example")).result()


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(made, tmp_path / "desk"))
    add(folder, "Nordwind")
    return folder


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> MemorySecrets:
    kept = MemorySecrets()
    monkeypatch.setattr("trustdesk.storage.database_password._keyring", lambda: kept)
    return kept


@pytest.fixture
def shared(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secrets: MemorySecrets
) -> Iterator[DatabaseUrl]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    url = postgres.lend()
    yield url
    postgres.give_back(url)


def test_a_folder_is_backed_up_checked_and_put_back(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    made = trustdesk("workspace", "backup", file, "--workspace", desk, "--json")
    assert made.status == 0
    assert made.document == {
        "schema": "trustdesk.workspace-backup/1",
        "file": str(file),
        "size": file.stat().st_size,
    }
    checked = trustdesk("workspace", "check", "--workspace", desk, "--json").document
    assert (checked["verdict"], checked["problems"]) == ("pass", [])
    refused = trustdesk("workspace", "restore", file, "--workspace", desk)
    assert (refused.status, refused.out) == (3, "")
    assert "--replace" in refused.err
    put_back = trustdesk("workspace", "restore", file, "--workspace", desk, "--replace")
    assert put_back.status == 0, put_back.err
    (kept,) = desk.glob("before-restore-*")
    assert str(kept) in put_back.out.replace("\n", "")


def test_settings_are_shown_and_those_that_are_named_change(desk: Path) -> None:
    def settings(*arguments: str) -> Ran:
        return trustdesk("workspace", "settings", *arguments, "--workspace", desk)

    before = settings("--json").document
    assert before == {"schema": "trustdesk.workspace-settings/1", **asdict(WorkspaceSettings())}
    endpoint = "https://1r.halden.example/n"
    changed = settings(
        "--keep-days", "90", "--warn-days", "45", "--own-endpoint", endpoint, "--json"
    ).document
    assert changed == {
        **before,
        "keep_days": 90,
        "own_endpoint": endpoint,
        "thresholds": {**before["thresholds"], "warn_days": 45},
    }
    shown = settings("--keep-days", "forever", "--api-version", "2.1.0", "--due-after-hours", "6", "--notify")
    assert shown.status == 0
    for words in (endpoint, "2.1.0", "for ever", "Hours after which an endpoint is due"):
        assert words in shown.out
    with closing(Workspace.open(desk)) as workspace:
        kept = SettingsStore(workspace).read().result()
    assert kept == WorkspaceSettings(
        thresholds=ExpiryThresholds(warn_days=45),
        due_after_hours=6,
        own_endpoint=endpoint,
        required_api_version="2.1.0",
        notify=True,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ("--keep-days", "0"),
        ("--keep-days", "soon"),
        ("--urgent-days", "31"),
        ("--own-endpoint", "ftp://x"),
        ("--api-version", "new"),
    ],
)
def test_a_setting_that_makes_no_sense_changes_nothing(desk: Path, wrong: tuple[str, str]) -> None:
    refused = trustdesk("workspace", "settings", "--notify", *wrong, "--workspace", desk)
    assert (refused.status, refused.out) == (2, "")
    with closing(Workspace.open(desk)) as workspace:
        assert SettingsStore(workspace).read().result() == WorkspaceSettings()


def test_what_is_wrong_is_said_with_status_1(desk: Path) -> None:
    with closing(Workspace.open(desk)) as workspace:
        workspace.submit(
            lambda connection: connection.exec_driver_sql("UPDATE endpoints SET protocol = 'x'").rowcount
        ).result()
        workspace.submit(
            lambda connection: (
                connection.exec_driver_sql(
                    "INSERT INTO trust_log (number, hash, document) VALUES (1, '00', '{}')"
                ).rowcount
            )
        ).result()
    ran = trustdesk("workspace", "check", "--workspace", desk)
    assert ran.status == 1
    assert "trust log is broken" in ran.out
    assert "workspace restore" in ran.out


def test_a_table_that_is_missing_is_said_and_the_rest_not_read(desk: Path) -> None:
    with closing(Workspace.open(desk)) as workspace:
        workspace.submit(
            lambda connection: connection.exec_driver_sql("DROP TABLE readiness_checks").rowcount
        ).result()
    ran = trustdesk("workspace", "check", "--workspace", desk)
    assert ran.status == 1
    assert "The tables differ from what they have to be" in ran.out


def test_a_folder_without_a_workspace_is_said_and_none_is_made(tmp_path: Path) -> None:
    for arguments in (("backup", tmp_path / "file"), ("check",)):
        ran = trustdesk("workspace", *arguments, "--workspace", tmp_path / "nowhere")
        assert ran.status == 3
        assert "There is no workspace in this folder." in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.servers
def test_a_backup_moves_from_a_folder_to_a_server_and_commands_work_there(
    desk: Path, shared: DatabaseUrl, tmp_path: Path
) -> None:
    file = tmp_path / "desk.backup"
    assert trustdesk("workspace", "backup", file, "--workspace", desk).status == 0
    assert trustdesk("--workspace", shared, "workspace", "restore", file).status == 0
    checked = trustdesk("workspace", "check", "--workspace", shared, "--json").document
    assert (checked["place"], checked["verdict"]) == (shared.address, "pass")
    assert len(checked["not_looked_at"]) == 1
    listed = trustdesk("trust", "list", "--workspace", shared)
    assert listed.status == 0, listed.err
    cases = trustdesk("csr", "list", "--workspace", shared, "--json")
    assert cases.status == 0, cases.err


@pytest.mark.servers
def test_a_password_in_the_url_is_refused_and_not_repeated(desk: Path) -> None:
    for arguments in (
        ("workspace", "check", "--workspace", "postgresql://desk:hunter2@db.example/board"),
        ("--workspace", "postgresql://desk:hunter2@db.example/board", "workspace", "check"),
    ):
        ran = trustdesk(*arguments)
        assert ran.status == 2
        assert "hunter2" not in ran.out + ran.err
        assert "PGPASSFILE" in ran.err


@pytest.mark.servers
def test_the_keyring_keeps_the_servers_password(
    shared: DatabaseUrl, postgres: PostgresServer, secrets: MemorySecrets, tmp_path: Path
) -> None:
    by_network = f"postgresql://desk@localhost:{postgres.port}/{shared.database}"
    verified = f"{by_network}?sslmode=verify-full&sslrootcert={postgres.folder / 'root.pem'}"
    refused = trustdesk("workspace", "check", "--workspace", verified)
    assert refused.status == 3
    assert "does not accept the user or the password" in refused.err
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    kept = trustdesk("workspace", "password", "--workspace", verified, "--password-file", file)
    assert kept.status == 0, kept.err
    assert PASSWORD not in kept.out + kept.err
    assert kept_password(DatabaseUrl.parse(by_network), secrets) == PASSWORD
    assert trustdesk("workspace", "check", "--workspace", verified).status == 0
    assert trustdesk("workspace", "password", "--workspace", verified, "--forget").status == 0
    assert secrets.texts == {}


def test_a_folder_has_no_password(desk: Path, secrets: MemorySecrets) -> None:
    ran = trustdesk("workspace", "password", "--workspace", desk, "--forget")
    assert ran.status == 2
    assert "Only a workspace on a database server" in ran.err


@pytest.mark.servers
def test_the_key_of_the_seals_goes_to_another_computer(
    shared: DatabaseUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a key store of its own; what one agreed to is checked by the other."""
    here, there = MemorySecrets(), MemorySecrets()
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("seven words that nobody will ever guess")
    file = tmp_path / "seals.vault"

    def run(keyring: MemorySecrets, *arguments: object) -> Ran:
        monkeypatch.setattr("trustdesk.services.workspace_keys.keyring_store", lambda: keyring)
        return trustdesk(*arguments, "--workspace", shared)

    add(shared, "Halden Air")
    root = tmp_path / "root.pem"
    root.write_bytes(pki.root("Halden Private Root").pem)
    agreed = ("trust", "policy", "set", "Halden Air", "--private-root", root, "--comment", "by phone")
    assert run(here, *agreed).status == 0
    handed = run(here, "workspace", "hand-over", file, "--password-file", passphrase)
    assert handed.status == 0, handed.err
    taken = run(there, "workspace", "take-over", file, "--password-file", passphrase)
    assert taken.status == 0, taken.err
    assert there.texts == here.texts != {}
    log = run(there, "trust", "log", "--json")
    assert log.status == 0, log.err
    assert log.document["sealed"] is True
