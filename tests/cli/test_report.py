"""`trustdesk report TARGET`: what is known is reported, and only what was never tested is tested."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Ran, trustdesk
from tests.support.partners import add_partner
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.lab.process import LabDescription, LabServer


def _server(lab: LabDescription) -> LabServer:
    return next(s for s in lab.servers if s.expected_cause == "none" and s.identity is None)


def _options(lab: LabDescription) -> tuple[object, ...]:
    server = _server(lab)
    return (
        "--server-name", server.server_name, "--verify-name", server.verify_name, "--trust-list",
        lab.trust_list,
    )  # fmt: skip


def _target(lab: LabDescription) -> str:
    server = _server(lab)
    return f"{server.protocol}://{server.host}:{server.port}"


def _added(lab: LabDescription, workspace: Path) -> Endpoint:
    server = _server(lab)
    target = parse_target(_target(lab), server_name=server.server_name, verify_name=server.verify_name)
    return add_partner(workspace, "Nordwind Cargo", target)


def _sheet(ran: Ran, file: Path) -> dict[str, object]:
    assert ran.status == 0, ran.err
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["schema"] == "trustdesk.review/1"
    (endpoint,) = document["endpoints"]
    assert isinstance(endpoint, dict)
    return endpoint


def test_a_target_that_nobody_knows_is_tested_and_no_workspace_is_made(
    lab: LabDescription, tmp_path: Path, nobodys_workspace: Path
) -> None:
    file = tmp_path / "a.json"
    endpoint = _sheet(trustdesk("report", _target(lab), "--output", file, *_options(lab)), file)
    result = endpoint["result"]
    assert isinstance(result, dict)
    assert (endpoint["state"], result["outcome"]) == ("good", "accepted")
    assert list(nobodys_workspace.rglob("*")) == []


def test_no_test_connects_to_nobody(lab: LabDescription, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    ran = trustdesk("report", _target(lab), "--no-test", "--output", file, *_options(lab))
    assert (ran.status, file.exists()) == (2, False)
    assert "no endpoint of this name" in ran.err


def test_what_the_workspace_knows_is_reported_by_partner_and_by_target(
    lab: LabDescription, tmp_path: Path
) -> None:
    workspace, file = tmp_path / "workspace", tmp_path / "a.json"
    _added(lab, workspace)
    # Naming a partner asks for what is known, and connects to nobody.
    never = _sheet(trustdesk("report", "nordwind cargo", "--workspace", workspace, "--output", file), file)
    assert (never["state"], never["result"]) == ("unknown", None)
    assert json.loads(file.read_text())["summary"]["not_run"] == 1
    trustdesk("sweep", "--workspace", workspace, "--trust-list", lab.trust_list, "--json")
    results = []
    for text in ("Nordwind Cargo", _target(lab)):
        options = _options(lab)[:4] if text == _target(lab) else ()
        ran = trustdesk("report", text, "--workspace", workspace, "--output", file, *options)
        results.append(_sheet(ran, file)["result"])
    assert results[0] == results[1]
    assert results[0] is not None


def test_a_diagnosis_stands_in_the_sheet(lab: LabDescription, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    ran = trustdesk("report", _target(lab), "--diagnose", "--output", file, *_options(lab))
    diagnosis = _sheet(ran, file)["diagnosis"]
    assert isinstance(diagnosis, dict)
    assert [one["cause"] for one in diagnosis["hypotheses"]] == ["none"]


def test_the_board_and_a_sheet_come_as_pdf(lab: LabDescription, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    _added(lab, workspace)
    for what in ("--all", "Nordwind Cargo"):
        file = tmp_path / "a.PDF"
        ran = trustdesk(
            "report", what, *(() if what == "--all" else ("--no-test",)), "--workspace", workspace,
            "--output", file,
        )  # fmt: skip
        assert ran.status == 0, ran.err
        assert file.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give a TARGET, or --all."),
        (("--all", "https://a.example"), "Give a TARGET, or --all."),
        (("--all", "--test"), "--all reports on what was tested"),
        (("https://a.example", "--output", "a.docx"), ".html, .pdf, .json, .csv"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    ran = trustdesk("report", "--output", tmp_path / "a.html", *arguments)
    assert ran.status == 2
    assert words in ran.err


def test_a_name_that_is_neither_partner_nor_target_is_refused(tmp_path: Path, lab: LabDescription) -> None:
    _added(lab, tmp_path / "workspace")
    ran = trustdesk(
        "report", "Nord wind", "--workspace", tmp_path / "workspace", "--output", tmp_path / "a.html"
    )
    assert ran.status == 2
    assert "There is no partner of this name" in ran.err
