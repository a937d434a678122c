"""`probe`, `sweep` and `report` as of another day: certificates are judged for it, and nothing else is."""

from __future__ import annotations

import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.command import Ran, trustdesk
from tests.support.partners import add_partner
from tests.support.peers import PeerPki, Seen, issue, tls_peer
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome
from trustdesk.core.target import parse_target
from trustdesk.lab.process import LabDescription, LabServer
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory


def _plain_server(lab: LabDescription) -> LabServer:
    return next(s for s in lab.servers if s.expected_cause == "none" and s.identity is None)


def _partner(lab: LabDescription, workspace: Path) -> Endpoint:
    """One healthy partner in a workspace."""
    server = _plain_server(lab)
    target = parse_target(
        f"{server.protocol}://{server.host}:{server.port}",
        server_name=server.server_name,
        verify_name=server.verify_name,
    )
    return add_partner(workspace, "Partner", target)


def _probe(lab: LabDescription, *further: object) -> Ran:
    server = _plain_server(lab)
    return trustdesk(
        "probe", f"{server.protocol}://{server.host}:{server.port}", "--server-name", server.server_name,
        "--verify-name", server.verify_name, "--trust-list", lab.trust_list, *further,
    )  # fmt: skip


def test_another_day_judges_the_certificates_and_not_the_gate(tmp_path: Path) -> None:
    """A server that was trusted once gets no client certificate today, whatever --at says."""
    root = issue("old root", is_ca=True, age_days=30)
    server = issue("peer.example", root, days=-3)
    client = issue("client.example", root)
    files = {"root.pem": root.certificate.public_bytes(Encoding.PEM), "client.pem": client.pem()}
    for name, content in {**files, "client.key": client.key_pem()}.items():
        (tmp_path / name).write_bytes(content)
    pki = PeerPki(root=root, server=server, client=client, stranger=client, folder=tmp_path)
    seen = Seen()
    at = (datetime.now(UTC) - timedelta(days=3, hours=12)).isoformat()
    with tls_peer(pki, seen, client_auth=ssl.CERT_OPTIONAL) as peer:
        options = (
            "probe", f"https://peer.example:{peer.port}", "--connect", "127.0.0.1", "--trust-list",
            tmp_path / "root.pem", "--client-cert", tmp_path / "client.pem", "--client-key",
            tmp_path / "client.key", "--json",
        )  # fmt: skip
        today = trustdesk(*options).document
        then = trustdesk(*options, "--at", at)
    assert (today["outcome"], today["trust"]["trusted"]) == ("untrusted_peer", False)
    assert then.document["trust"]["trusted"] is True
    assert [document["client_auth"]["sent"] for document in (today, then.document)] == [False, False]
    assert seen.certificates == [0, 0]
    assert (then.status, then.document["verdict"]) == (1, "fail")


def test_another_day_fails_what_will_have_expired_and_says_so(lab: LabDescription) -> None:
    today = _probe(lab, "--json")
    later = _probe(lab, "--at", "2090-01-01", "--json")
    assert (today.status, later.status) == (0, 1)
    assert (later.document["outcome"], later.document["trust"]["trusted"]) == ("untrusted_peer", False)
    assert later.document["http"] == today.document["http"]
    words = _probe(lab, "--at", "2090-01-01")
    assert "The server's certificate will have expired on" in words.out.splitlines()[0]
    assert "2090-01-01" in words.out


def test_a_sweep_for_another_day_keeps_the_tests_as_they_were_made(
    lab: LabDescription, tmp_path: Path
) -> None:
    endpoint = _partner(lab, tmp_path)
    options = ("sweep", "--workspace", tmp_path, "--trust-list", lab.trust_list, "--json")
    swept = trustdesk(*options, "--at", "2090-01-01")
    assert (swept.status, swept.document["summary"]) == (1, {"pass": 0, "warn": 0, "fail": 1})
    with open_workspace(tmp_path) as opened:
        directory = Directory(opened)
        kept = directory.last_report(endpoint.id).result()
    assert kept is not None
    assert (kept.record.outcome, kept.rejudged) == (Outcome.ACCEPTED, None)


def test_a_report_for_another_day_says_so_in_every_form(lab: LabDescription, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    _partner(lab, workspace)
    trustdesk("sweep", "--workspace", workspace, "--trust-list", lab.trust_list, "--json")
    made: dict[str, str] = {}
    for ending in ("json", "csv", "html"):
        for day, options in {"today": (), "later": ("--at", "2090-01-01")}.items():
            file = tmp_path / f"{day}.{ending}"
            ran = trustdesk(
                "report", "--all", "--workspace", workspace, "--output", file, "--trust-list", lab.trust_list,
                *options,
            )  # fmt: skip
            assert ran.status == 0, ran.err
            made[file.name] = file.read_text(encoding="utf-8-sig")
    today, later = json.loads(made["today.json"]), json.loads(made["later.json"])
    assert (today["evaluated_at"], later["evaluated_at"]) == (None, "2090-01-01T00:00:00Z")
    assert (today["summary"]["pass"], later["summary"]["fail"]) == (1, 1)
    findings = today["partners"][0]["result"]["findings"]
    assert [one["status"] for one in findings if one["rule"] == "KEY-05"] == ["pass"]
    assert "Judged as of 2090-01-01" in made["later.html"]
    assert "Judged as of" not in made["today.html"]
    assert "2090-01-01" in made["later.csv"]
    assert "will have expired" in made["later.csv"]


def test_a_report_by_another_list_judges_again(lab: LabDescription, tmp_path: Path) -> None:
    workspace, file = tmp_path / "workspace", tmp_path / "report.json"
    _partner(lab, workspace)
    trustdesk("sweep", "--workspace", workspace, "--trust-list", lab.trust_list, "--json")
    options = ("report", "--all", "--workspace", workspace, "--output", file)
    trustdesk(*options)
    as_tested = json.loads(file.read_text())["partners"][0]["result"]
    trustdesk(*options, "--trust-list", "certifi")
    by_the_web = json.loads(file.read_text())["partners"][0]["result"]
    assert (as_tested["outcome"], by_the_web["outcome"]) == ("accepted", "untrusted_peer")
