"""By what commands judge: lists of the workspace by name, decisions, and policies of partners."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.kept_lists import a_distrust, a_source, an_entry
from tests.support.partners import add_partner
from tests.support.pki import HOST, Issued
from tests.support.trust_content import note
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.core.trust_version import ListContent, VersionState
from trustdesk.lab.description import LabDescription
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.workspace import Workspace

NOW = datetime.now(UTC)
VALID: dict[str, Any] = {"not_before": NOW - timedelta(days=10), "not_after": NOW + timedelta(days=90)}
ROOT, OTHER = pki.root("Root", **VALID), pki.root("Other", **VALID)
SERVER = pki.server(ROOT, **VALID)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    with open_workspace(folder) as opened:
        yield opened


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    file = tmp_path / "server.pem"
    file.write_bytes(SERVER.pem)
    return file


def keep(workspace: Workspace, *roots: Issued, base: int | None = None, in_force: bool = True) -> None:
    TrustLists(workspace).keep(
        "partners",
        ListContent(title="Partners", entries=tuple(an_entry(one) for one in roots)),
        replace(a_source(), sha256=roots[0].sha256),
        state=VersionState.APPLIED,
        base=base,
        note=note(),
        in_force=in_force,
    ).result()


def verify(folder: Path, certificate: Path, *options: object) -> Ran:
    return trustdesk(
        "--workspace", folder, "verify", certificate, "--purpose", "server", "--hostname", HOST, *options,
        "--json",
    )  # fmt: skip


def test_list_of_the_workspace_is_chosen_by_name_and_by_version(
    workspace: Workspace, folder: Path, certificate: Path
) -> None:
    keep(workspace, OTHER, in_force=False)
    keep(workspace, ROOT, base=1, in_force=False)
    assert verify(folder, certificate, "--trust-list", "partners").status == 0
    assert verify(folder, certificate, "--trust-list", "partners@2").status == 0
    assert verify(folder, certificate, "--trust-list", "partners@1").status == 1
    assert verify(folder, certificate, "--trust-list", "certifi").status == 1
    assert verify(folder, certificate).status == 1, "no list of the workspace is in force: the public web's"
    for unknown in ("partners@9", "nobody", "nobody@1", "@1"):
        assert verify(folder, certificate, "--trust-list", unknown).status == 2


def test_without_the_option_lists_in_force_judge(
    workspace: Workspace, folder: Path, certificate: Path
) -> None:
    keep(workspace, ROOT)
    ran = verify(folder, certificate)
    assert ran.status == 0
    assert {path["anchor_list"] for path in ran.document["paths"]} == {"partners"}


def test_file_that_is_named_goes_before_a_list_of_its_name(
    workspace: Workspace, folder: Path, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(workspace, ROOT)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "partners").write_bytes(OTHER.pem)
    assert verify(folder, certificate, "--trust-list", "partners").status == 1


def test_local_distrust_holds_for_files_too(
    workspace: Workspace, folder: Path, certificate: Path, tmp_path: Path
) -> None:
    file = tmp_path / "roots.pem"
    file.write_bytes(ROOT.pem)
    assert verify(folder, certificate, "--trust-list", file).status == 0
    TrustDecisions(workspace).decide(a_distrust(ROOT), note()).result()
    ran = verify(folder, certificate, "--trust-list", file)
    assert ran.status == 1
    assert "broken into" in ran.out


def test_no_workspace_is_made_to_look(folder: Path, certificate: Path, nobodys_workspace: Path) -> None:
    assert verify(folder, certificate).status == 1
    assert trustdesk("inspect", certificate).status == 0
    assert trustdesk("lint", certificate, "--rules", "1r-2x", "--json").status in {0, 1}
    assert not folder.exists()
    assert list(nobodys_workspace.iterdir()) == []


# --- partners on real servers ----------------------------------------------------------------------------


def a_partner(lab: LabDescription, folder: Path, name: str = "Partner") -> Endpoint:
    server = next(one for one in lab.servers if one.fault is None and one.identity is None)
    target = parse_target(
        f"{server.protocol}://{server.host}:{server.port}",
        server_name=server.server_name,
        verify_name=server.verify_name,
    )
    return add_partner(folder, name, target)


def probe(folder: Path, endpoint: Endpoint, *options: object, command: str = "probe") -> Ran:
    target = endpoint.target
    return trustdesk(
        command, f"{target.protocol}://{target.host}:{target.port}/elsewhere", "--server-name",
        target.server_name, "--verify-name", target.verify_name, "--workspace", folder, *options, "--json",
    )  # fmt: skip


def agree(folder: Path, **policy: object) -> None:
    with open_workspace(folder) as opened:
        made = PartnerPolicy(partner="Partner", **policy)  # type: ignore[arg-type]
        TrustDecisions(opened).set_policy(made, note()).result()


def test_policy_of_a_partner_holds_in_probe_diagnose_sweep_and_report(
    lab: LabDescription, folder: Path, tmp_path: Path
) -> None:
    endpoint = a_partner(lab, folder)
    by_lab = ("--trust-list", lab.trust_list)
    assert probe(folder, endpoint, *by_lab).status == 0
    assert trustdesk("sweep", "--workspace", folder, *by_lab).status == 0
    agree(folder, pins=("00" * 32,))
    assert probe(folder, endpoint, *by_lab).document["outcome"] == "untrusted_peer"
    diagnosed = probe(folder, endpoint, *by_lab, command="diagnose").document
    assert diagnosed["hypotheses"][0]["cause"] == "server_ca_not_in_list"
    assert diagnosed["hypotheses"][0]["responsible"] == "us"
    report = tmp_path / "report.json"
    assert trustdesk("report", "--all", "--workspace", folder, "--output", report, *by_lab).status == 0
    assert json.loads(report.read_text())["summary"]["pass"] == 0
    assert trustdesk("sweep", "--workspace", folder, *by_lab).status == 1
    targets = tmp_path / "targets.txt"
    target = endpoint.target
    targets.write_text(f"{target.protocol}://{target.host}:{target.port}\n")
    swept = (
        "sweep", "--targets", targets, "--workspace", folder, "--server-name", target.server_name,
        "--verify-name", target.verify_name, *by_lab,
    )  # fmt: skip
    assert trustdesk(*swept).status == 1
    agree(folder)
    assert trustdesk(*swept).status == 0


def test_report_shows_no_kept_green_from_before_a_distrust(
    lab: LabDescription, folder: Path, tmp_path: Path
) -> None:
    a_partner(lab, folder)
    assert trustdesk("sweep", "--workspace", folder, "--trust-list", lab.trust_list).status == 0
    report = tmp_path / "report.json"
    written = ("report", "--all", "--workspace", folder, "--output", report)
    assert trustdesk(*written).status == 0
    assert json.loads(report.read_text())["summary"]["pass"] == 1, "as it was tested"
    with open_workspace(folder) as opened:
        TrustDecisions(opened).decide(a_distrust(ROOT), note()).result()
    assert trustdesk(*written).status == 0
    assert json.loads(report.read_text())["summary"]["pass"] == 0
