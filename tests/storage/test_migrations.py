"""Workspaces that older programs made are brought up to date with everything in them.

`workspaces/000N.sql` is a dump of what the program of that revision wrote with its own functions: partners,
observations and a revocation list in 0002; keys, an identity, a request and a private CA with them in 0003; a
trust list, a decision, and observations of several days in 0004.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.support.pasts import Past
from tests.support.trust_content import content, distrust, named_only, note, source
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.observation import ChangeKind
from trustdesk.core.observed_facts import observed_facts
from trustdesk.core.probe import Outcome
from trustdesk.core.trust_version import VersionState
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import report_document
from trustdesk.storage import schema
from trustdesk.storage.authorities import Authorities
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.new_fingerprints import new_fingerprints
from trustdesk.storage.requests import request_cases
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

WORKSPACES = Path(__file__).parent / "workspaces"
OLDER = sorted(WORKSPACES.glob("*.sql"))

GROWN = {"partners": 2, "endpoints": 13}
"""Tables that got further columns, with how many they had."""

MADE_ANEW = {*GROWN, "observations", "observation_certificates"}

Rows = dict[str, list[tuple[object, ...]]]


def older(folder: Path, file: Path) -> Rows:
    """Put an older workspace into a folder, and return all that stands in it."""
    with closing(sqlite3.connect(folder / "workspace.sqlite")) as made:
        made.executescript(file.read_text("utf-8"))
        return rows(made)


def rows(database: sqlite3.Connection) -> Rows:
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
        for name in names
        if name != "alembic_version"
    }


@pytest.fixture
def open_older(tmp_path: Path) -> Callable[[str], Workspace]:
    def opened(name: str) -> Workspace:
        older(tmp_path, WORKSPACES / name)
        return Workspace.open(tmp_path)

    return opened


@pytest.mark.parametrize("file", OLDER, ids=lambda file: file.stem)
def test_every_row_is_there_afterwards_and_the_tables_are_todays(tmp_path: Path, file: Path) -> None:
    before = older(tmp_path, file)
    workspace = Workspace.open(tmp_path)
    differences = workspace.submit(
        lambda connection: compare_metadata(MigrationContext.configure(connection), schema.metadata)
    ).result()
    workspace.close()
    assert differences == []
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite")) as database:
        after = rows(database)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema.HEAD,)]
    kept = before.keys() - MADE_ANEW
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    for name, columns in GROWN.items():
        assert [row[:columns] for row in after[name]] == before[name]
    assert sum(map(len, before.values())) > 5


@pytest.mark.parametrize("file", OLDER, ids=lambda file: file.stem)
def test_what_was_observed_is_read_as_it_was(tmp_path: Path, file: Path) -> None:
    before = older(tmp_path, file)
    workspace = Workspace.open(tmp_path)
    store = Past(workspace)
    for number, endpoint_id, started_at, outcome, verdict, cause, _schema, document in before["observations"]:
        one = store.observation(number).result()  # type: ignore[arg-type]
        report = store.report(number).result()  # type: ignore[arg-type]
        assert one is not None
        assert report is not None
        assert (one.endpoint_id, one.has_report) == (endpoint_id, True)
        assert one.started_at.strftime("%Y-%m-%d %H:%M:%S.%f") == started_at
        assert (one.facts.outcome, one.facts.verdict, one.facts.cause) == (outcome, verdict, cause)
        assert one.facts == observed_facts(report)
        assert one.handshake_ms == report.record.phases.handshake_ms
        assert list(one.chain) == [
            sha256
            for of, _position, sha256 in sorted(before["observation_certificates"], key=str)
            if of == number
        ]
        assert json.loads(compact_json(report_document(report))) == json.loads(str(document))
    workspace.close()


def test_what_changed_in_an_older_history_is_told(open_older: Callable[[str], Workspace]) -> None:
    workspace = open_older("0004.sql")
    endpoint = Directory(workspace).endpoints().result()[0].id
    told = Past(workspace).latest_changes(20).result()
    (waiting,) = workspace.submit(new_fingerprints).result()
    workspace.close()
    assert {one.endpoint_id for one in told} == {endpoint}
    assert [one.kind for one in told] == [
        ChangeKind.REACHABLE,
        ChangeKind.UNREACHABLE,
        ChangeKind.NOW_WORKS,
        ChangeKind.CERTIFICATE,
        ChangeKind.KEY,
        ChangeKind.NAMES,
        ChangeKind.CLIENT_VERDICT,
    ]
    assert (told[3].before, told[3].after) == (waiting.before.sha256, waiting.now.sha256)


@pytest.mark.parametrize("file", OLDER, ids=lambda file: file.stem)
def test_a_damaged_report_of_an_older_program_does_not_keep_it_from_opening(
    tmp_path: Path, file: Path
) -> None:
    older(tmp_path, file)
    damages = [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"report":{"record":{"ended_in":"nowhere","phases":{"handshake_ms":"x"}}}}',
        '{"report":{"record":{"phases":{"handshake_ms":1' + "0" * 400 + ',"first_byte_ms":Infinity}}}}',
    ]
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite")) as made, made:
        numbers = [number for (number,) in made.execute("SELECT id FROM observations")]
        made.executemany(
            "UPDATE observations SET document = ? WHERE id = ?", zip(damages, numbers, strict=False)
        )
    workspace = Workspace.open(tmp_path)
    store = Past(workspace)
    for number in numbers[: len(damages)]:
        one = store.observation(number).result()
        assert one is not None
        assert one.facts.cause
        with pytest.raises(UnusableInputError):
            store.report(number).result()
    workspace.close()


def test_a_row_whose_columns_cannot_be_read_tells_nothing_of_anybody(tmp_path: Path) -> None:
    older(tmp_path, WORKSPACES / "0004.sql")
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite")) as made, made:
        ((number,),) = made.execute("SELECT min(id) FROM observations")
        made.execute("UPDATE observations SET outcome = 'odd', verdict = 'odder' WHERE id = ?", (number,))
        made.execute("UPDATE certificates SET facts = ?", ("[" * 100_000,))
    workspace = Workspace.open(tmp_path)
    one = Past(workspace).observation(number).result()
    assert one is not None
    assert one.facts.outcome is Outcome.CANCELLED
    workspace.close()


@pytest.mark.parametrize("file", [file for file in OLDER if file.stem < "0004"], ids=lambda file: file.stem)
def test_trust_lists_decisions_and_the_log_can_be_kept_in_it(tmp_path: Path, file: Path) -> None:
    older(tmp_path, file)
    workspace = Workspace.open(tmp_path)
    lists, decisions = TrustLists(workspace), TrustDecisions(workspace)
    kept = lists.keep(
        "partners",
        content([named_only(1)]),
        source(),
        state=VersionState.APPLIED,
        base=None,
        note=note(),
        in_force=True,
    ).result()
    decisions.decide(distrust(), note()).result()
    assert not lists.builtin_is_in_force().result()
    assert lists.version("partners").result() == kept
    log = TrustLogBook(workspace).read().result()
    workspace.close()
    assert (len(log.entries), log.broken_at, log.untold) == (4, None, ())


def test_what_a_program_of_0003_kept_is_read_by_todays(open_older: Callable[[str], Workspace]) -> None:
    workspace = open_older("0003.sql")
    directory = Directory(workspace)
    endpoints = directory.endpoints().result()
    reports = directory.last_reports().result()
    (identity,) = IdentityIndex(workspace).all().result()
    (case,) = workspace.submit(request_cases).result()
    (authority,) = Authorities(workspace).all().result()
    workspace.close()
    assert [(one.partner, one.identity) for one in endpoints] == [
        ("Nordwind Cargo", "halden"),
        ("Zephyr", None),
    ]
    assert [len(reports[one.id].record.presented_chain) for one in endpoints] == [2, 2]
    assert (identity.name, [one.title for one in identity.certification_path]) == (
        "halden",
        ["ACME", "Group Issuing CA"],
    )
    assert (case.name, case.renews) == ("halden 2027", "halden")
    assert (authority.name, len(authority.issued)) == ("Group", 1)
