"""`probe` and `sweep` against the lab: every server's truth comes out, and the documents are complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Ran, trustdesk
from trustdesk.lab.process import LabDescription, LabServer

PROBE_KEYS = [
    "schema", "target", "identity", "started_at", "phases", "outcome", "ended_in", "negotiated",
    "client_auth", "presented_chain", "trust", "alerts", "timeline", "http", "amqp", "addresses",
    "clock_offset_s", "server_family", "ocsp_staple", "findings", "error", "verdict",
]  # fmt: skip


def _probe(lab: LabDescription, server: LabServer, *further: object) -> Ran:
    client = [
        option
        for identity in lab.identities
        if identity.name == server.identity
        for option in ("--client-cert", identity.certificate_file, "--client-key", identity.key_file)
    ]
    return trustdesk(
        "probe", f"{server.protocol}://{server.host}:{server.port}", "--server-name", server.server_name,
        "--verify-name", server.verify_name, "--trust-list", lab.trust_list, "--timeout", "4", "--json",
        *client, *further,
    )  # fmt: skip


def test_every_lab_server_comes_out_as_its_line_says(lab: LabDescription) -> None:
    wrong = []
    for server in lab.servers:
        ran = _probe(lab, server)
        document = ran.document
        assert [key for key in PROBE_KEYS if key not in document] == []
        healthy = server.expected_cause == "none"
        if document["outcome"] != server.expected_outcome or ran.status != (0 if healthy else 1):
            wrong.append((server.name, document["outcome"], server.expected_outcome, ran.status))
        assert (document["verdict"] != "fail") is healthy, server.name
    assert wrong == []


def test_an_untrusted_server_gets_no_client_certificate(lab: LabDescription) -> None:
    good = next(i for i in lab.identities if i.name == "client-good")
    asking = [s for s in lab.servers if s.identity is not None]
    assert asking
    for server in asking:
        ran = trustdesk(
            "probe", f"{server.protocol}://{server.host}:{server.port}", "--server-name", server.server_name,
            "--verify-name", "someone-else.example", "--trust-list", lab.trust_list, "--timeout", "4",
            "--json",
            "--client-cert", good.certificate_file, "--client-key", good.key_file,
        )  # fmt: skip
        document = ran.document
        assert document["outcome"] == "untrusted_peer", server.name
        assert document["client_auth"]["sent"] is False, server.name
        assert document["trust"]["name_matched"] is False, server.name


def test_a_sweep_tells_the_same_and_keeps_duplicates(lab: LabDescription, tmp_path: Path) -> None:
    healthy = next(s for s in lab.servers if s.expected_cause == "none" and s.identity is None)
    plain = next(s for s in lab.servers if s.expected_cause == "not_tls_plain_http")
    targets = tmp_path / "targets.txt"
    line = f"https://127.0.0.1:{healthy.port}"
    targets.write_text(f"{line}\n{line} # again\nhttps://127.0.0.1:{plain.port}\n")
    ran = trustdesk("sweep", "--targets", targets, "--trust-list", lab.trust_list, "--json")
    document = ran.document
    assert ran.status == 1
    assert document["schema"] == "trustdesk.sweep/1"
    assert [result["outcome"] for result in document["results"]] == ["accepted", "accepted", "not_tls"]
    assert document["summary"] == {"pass": 2, "warn": 0, "fail": 1}


@pytest.mark.parametrize("command", ["table", "jsonl"])
def test_a_sweep_for_people_and_for_streams(lab: LabDescription, tmp_path: Path, command: str) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("".join(f"https://127.0.0.1:{s.port}\n" for s in lab.servers if s.protocol == "https"))
    options = ("--jsonl",) if command == "jsonl" else ()
    ran = trustdesk("sweep", "--targets", targets, "--trust-list", lab.trust_list, "--timeout", "3", *options)
    assert ran.status == 1
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out or command == "jsonl"
    if command == "jsonl":
        assert len(ran.out.splitlines()) == len(targets.read_text().splitlines())
    else:
        assert "failed" in ran.out.splitlines()[-1]


def test_a_person_reads_the_verdict_first(lab: LabDescription) -> None:
    server = next(s for s in lab.servers if s.expected_cause == "server_cert_expired")
    ran = trustdesk(
        "probe", f"https://127.0.0.1:{server.port}", "--trust-list", lab.trust_list, "--verify-name",
        server.verify_name,
    )  # fmt: skip
    assert ran.status == 1
    assert "expired" in ran.out.splitlines()[0]
    assert "partner has to act" in ran.out.splitlines()[0].lower()


def test_refused_and_unresolved_targets_are_results_not_errors() -> None:
    refused = trustdesk("probe", "https://127.0.0.1:1", "--json", "--timeout", "5")
    assert (refused.status, refused.document["outcome"], refused.document["ended_in"]) == (
        1,
        "not_reached",
        "connect",
    )
    unresolved = trustdesk("probe", "https://no-such-host.invalid", "--json", "--timeout", "5")
    assert unresolved.status == 1
    assert unresolved.document["outcome"] in {"not_reached", "timed_out"}
    assert unresolved.document["ended_in"] == "resolve"
