"""`trustdesk partner`: documents, exit statuses, and files taken whole or not at all."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.command import Ran, trustdesk
from trustdesk.core.target import parse_target
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace


@pytest.fixture(autouse=True)
def _own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keyring: nobody is asked."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def partner(*arguments: object) -> Ran:
    return trustdesk("partner", *arguments)


def names(ran: Ran) -> list[str]:
    return [one["name"] for one in ran.document["partners"]]


def test_a_partner_is_added_changed_shown_and_removed() -> None:
    added = partner(
        *("add", "Nordwind", "--endpoint", "https://1r.nordwind.example", "--company-id", "NWC"),
        *("--contact", "Ann <ann@nordwind.example>", "--tag", "pilot", "--claims-mtls", "--json"),
    )
    assert (added.status, added.document["schema"]) == (0, "trustdesk.partner/1")
    value = added.document["partner"]
    assert value["contacts"] == [{"name": "Ann", "duty": "", "email": "ann@nordwind.example", "phone": ""}]
    assert value["endpoints"][0]["claims_mutual_tls"] is True
    changed = partner(
        *("edit", "nordwind", "--rename", "Nordwind Cargo", "--tag", "", "--role", "carrier"),
        *("--add-endpoint", "amqps://mq.nordwind.example", "--remove-endpoint", "1r.nordwind.example"),
    )
    assert changed.status == 0
    assert "1 partner changed." in changed.out
    value = partner("show", "Nordwind Cargo", "--json").document["partner"]
    assert (value["company_id"], value["tags"], value["role"]) == ("NWC", [], "carrier")
    assert [one["endpoint"] for one in value["endpoints"]] == ["amqps://mq.nordwind.example"]
    assert names(partner("list", "--json")) == ["Nordwind Cargo"]
    assert names(partner("list", "--tag", "pilot", "--json")) == []
    removed = partner("remove", "Nordwind Cargo", "--yes", "--json")
    assert removed.document == {
        "schema": "trustdesk.partner-change/1",
        "added": 0,
        "changed": 0,
        "removed": 1,
    }
    assert "no partner" in partner("list").out


def test_a_partner_is_shown_with_what_changed_last(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    with closing(Workspace.open(folder)) as workspace:
        directory = Directory(workspace)
        number = directory.add_endpoint("Nordwind", parse_target("1r.example")).result().id
        before, now = samples.healthy(), samples.not_reached()
        later = replace(now.record, started_at=before.record.started_at + timedelta(days=1))
        for report in (before, replace(now, record=later)):
            directory.record_report(number, report).result()
    shown = partner("show", "Nordwind", "--workspace", folder, "--json").document
    assert shown["partner"]["endpoints"][0]["last_tested_at"] == "2026-11-21T08:41:07.250Z"
    assert any("Not reached" in one for one in shown["changes"])
    out = partner("show", "Nordwind", "--workspace", folder).out
    assert "Not reached" in out
    assert "Last test" in out
    assert "2026-11-21 08:41 UTC" in out


def test_a_file_is_previewed_taken_and_given_back(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text("partner,endpoint,colour\nNordwind,1r.example,red\nNordwnd,2r.example,\n")
    shown = partner("import", file, "--preview", "--json")
    assert (shown.document["applied"], names(partner("list", "--json"))) == (False, [])
    taken = partner("import", file, "--json").document
    assert (taken["applied"], taken["counts"], taken["ignored"]) == (
        True,
        {"new": 1, "duplicate": 1},
        ["colour"],
    )
    again = partner("import", file, "--with-duplicates")
    assert again.status == 0
    assert "As it is: 1" in again.out
    assert names(partner("list", "--json")) == ["Nordwind", "Nordwnd"]
    groups = partner("list", "--duplicates", "--json").document["duplicates"]
    assert groups == [{"shares": "name", "value": "nordwind", "partners": ["Nordwind", "Nordwnd"]}]
    assert "called nearly the same" in partner("list", "--duplicates").out
    back = tmp_path / "back.json"
    assert "2 partners written." in partner("export", back).out
    assert partner("import", back, "--json").document["counts"] == {"same": 2}


def test_an_unusable_row_leaves_everything_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text("partner,endpoint\nNordwind,1r.example\nZephyr,a b\n")
    ran = partner("import", file, "--json")
    assert (ran.status, ran.document["applied"]) == (2, False)
    assert ran.document["partners"][1]["problems"] == [{"place": "line 3", "problem": "a b is no host name."}]
    assert ran.err.startswith(f"trustdesk: {file}: 1 partner in this file is unusable")
    assert ran.err.count("\n") == 1
    assert names(partner("list", "--json")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "Nobody"),
        ("edit", "Nobody", "--note", "x"),
        ("remove", "Nobody", "--yes"),
        ("add", " "),
        ("add", "Zephyr", "--endpoint", "a b"),
        ("add", "Zephyr", "--role", "boss"),
        ("import", "missing.csv"),
        ("export", "partners.xlsx"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_two(arguments: tuple[str, ...]) -> None:
    ran = partner(*arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_a_hostile_name_steers_no_terminal(tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text('partner\n"a\x1b[31m"\n')
    ran = partner("import", file)
    assert ran.status == 2
    assert "\x1b[31m" not in ran.out + ran.err
