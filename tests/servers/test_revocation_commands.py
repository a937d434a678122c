"""`verify`, `probe` and `sweep` on revocation, with OpenSSL's responder, lists and servers behind them."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.pki import Issued
from tests.support.probes import record
from tests.support.revoking_ca import Files, RevokingCa, free_port
from trustdesk.core.probe import Outcome
from trustdesk.core.target import parse_target
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.services.reporting import report_on
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge

pytestmark = pytest.mark.servers

NAME = "peer.example"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


@pytest.fixture
def ca(tmp_path: Path) -> RevokingCa:
    (tmp_path / "ca").mkdir()
    return RevokingCa(tmp_path / "ca")


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def verify(ca: RevokingCa, issued: Issued, *further: object) -> Ran:
    chain = ca.file("chain.pem", issued, ca.issuing)
    return trustdesk("verify", chain, "--trust-list", ca.folder / "root.pem", *further)


@contextmanager
def openssl_server(ca: RevokingCa, *options: str) -> Iterator[int]:
    """`openssl s_server` that insists on a client certificate."""
    server = ca.server(NAME)
    process = subprocess.Popen(
        [
            *("openssl", "s_server", "-accept", "127.0.0.1:0", "-www"),
            *("-cert", str(ca.file("server.pem", server)), "-key", str(ca.file("server.key", server))),
            *("-cert_chain", f"{ca.folder}/ca.pem", "-CAfile", f"{ca.folder}/root.pem"),
            *("-Verify", "3", "-verify_return_error", *options),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ports: list[int] = []
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if accept := re.match(r"ACCEPT .*:(\d+)", line):
                ports.append(int(accept[1]))
                ready.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert ready.wait(10)
        yield ports[0]
    finally:
        process.kill()
        process.wait(10)
        reader.join(10)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def probe(ca: RevokingCa, port: int, client: Issued | None, *further: object) -> Ran:
    ours: tuple[object, ...] = ()
    if client is not None:
        ours = (
            "--client-cert", ca.file("client.pem", client, ca.issuing),
            "--client-key", ca.file("client.key", client),
        )  # fmt: skip
    return trustdesk(
        "probe", f"https://127.0.0.1:{port}", "--server-name", NAME, "--verify-name", NAME,
        "--trust-list", ca.folder / "root.pem", "--timeout", "5", *ours, *further,
    )  # fmt: skip


def test_a_crl_and_a_response_from_files_are_told_with_source_and_reason(
    ca: RevokingCa, tmp_path: Path
) -> None:
    issued = ca.server(NAME)
    ca.revoke(issued)
    crl = written(tmp_path, "issuing.crl", ca.crl())
    ran = verify(ca, issued, "--crl", crl, "--json")
    assert ran.status == 1
    (path,) = ran.document["paths"]
    row = path["revocation"][0]
    assert (row["status"], row["source"], row["revocation_reason"]) == (
        "revoked", "issuing.crl", "keyCompromise",
    )  # fmt: skip
    assert row["revoked_at"] == "2026-11-01T12:30:00Z"
    assert row["age_s"] >= 0
    assert row["answers"][0]["source"]["kind"] == "crl"
    assert [one["accepted"] for one in path["fail_modes"]] == [False, False]
    response = written(tmp_path, "answer.der", ca.response(issued))
    told = verify(ca, issued, "--ocsp", response).out
    assert "✗ peer.example: revoked since 2026-11-01 12:30 UTC (keyCompromise), by OCSP response" in told


def test_hard_fail_refuses_what_soft_fail_passes_over_and_both_are_shown(ca: RevokingCa) -> None:
    issued = ca.server(NAME)
    soft, hard = verify(ca, issued), verify(ca, issued, "--fail-mode", "hard")
    assert (soft.status, hard.status) == (0, 1)
    for ran in (soft, hard):
        assert "✓ Soft fail:" in ran.out
        assert "✗ Hard fail:" in ran.out


def test_online_asks_responder_and_list_and_offline_asks_nobody(ca: RevokingCa, tmp_path: Path) -> None:
    port = free_port()
    with Files() as files:
        files.bodies["/ca.crl"] = ca.crl()
        online = ("--online-revocation", "--allow-private-addresses", "--json")
        by_list = ca.server(NAME, urls=[("crl", f"{files.url}/ca.crl")])
        by_responder = ca.server(NAME, urls=[("ocsp", f"http://127.0.0.1:{port}/")])
        silent, offline = verify(ca, by_list, "--json"), verify(ca, by_list, "--offline", *online)
        for ran in (silent, offline):
            assert ran.document["paths"][0]["revocation"][0]["status"] == "unknown"
        assert files.requests == []
        assert "--offline was given" in offline.err
        row = verify(ca, by_list, *online).document["paths"][0]["revocation"][0]
        assert (row["status"], row["source"]) == ("good", f"{files.url}/ca.crl")
        assert files.requests == ["GET /ca.crl"]
        again = verify(ca, by_list, *online).document["paths"][0]["revocation"][0]
        assert again["answers"][0]["source"]["cached"] is True
        assert files.requests == ["GET /ca.crl"]
    with ca.ocsp_server(port):
        row = verify(ca, by_responder, *online).document["paths"][0]["revocation"][0]
    assert (row["status"], row["answers"][0]["source"]["kind"]) == ("good", "ocsp")
    nonce = [check for check in row["answers"][0]["checks"] if check["rule"] == "ocsp.nonce"]
    assert [check["status"] for check in nonce] == ["pass"]


def test_a_typed_address_is_asked_and_needs_no_further_word(ca: RevokingCa) -> None:
    issued = ca.server(NAME)
    with Files() as files:
        files.bodies["/ca.crl"] = ca.crl()
        ran = verify(ca, issued, "--crl-url", f"{files.url}/ca.crl", "--allow-private-addresses", "--json")
    row = ran.document["paths"][0]["revocation"][0]
    assert (row["status"], row["answers"][0]["source"]["origin"]) == ("good", "typed")


def test_a_revoked_client_certificate_is_explained_before_the_partner_is_asked(
    ca: RevokingCa, tmp_path: Path
) -> None:
    """Nobody listens at the partner's: what we know of ourselves does not depend on it (F11)."""
    client = ca.client("ours")
    ca.revoke(client)
    crl = written(tmp_path, "issuing.crl", ca.crl())
    ran = probe(ca, free_port(), client, "--crl", crl, "--json")
    assert ran.err.startswith(
        "trustdesk: Before the partner is asked: ours is revoked since 2026-11-01 12:30 UTC"
        " (keyCompromise), says issuing.crl."
    )
    document = ran.document
    assert document["outcome"] == "not_reached"
    assert document["client_revocation"][0]["status"] == "revoked"
    ours = [one for one in document["findings"] if "our own path" in one["title"]]
    assert {(one["rule"], one["status"]) for one in ours} == {("CLI-22", "fail"), ("CLI-23", "pass")}


@pytest.mark.parametrize("version", ["1_2", "1_3"])
def test_a_server_with_our_cas_crl_refuses_and_the_cause_is_ours(
    ca: RevokingCa, tmp_path: Path, version: str
) -> None:
    client = ca.client("ours")
    ca.revoke(client)
    crl = written(tmp_path, "issuing.crl", ca.crl())
    with openssl_server(ca, f"-tls{version}", *loaded(ca, tmp_path)) as port:
        told = probe(ca, port, client, "--crl", crl).out
        alone = probe(ca, port, client).out
    for out in (told, alone):
        assert out.startswith("✗ The server rejected our certificate: it is revoked. We have to act.")
    assert "Our certificate is revoked since 2026-11-01 12:30 UTC (keyCompromise)" in told


def test_a_stale_list_of_our_ca_explains_why_servers_refuse_everybody(ca: RevokingCa, tmp_path: Path) -> None:
    """F06: the alert says that something expired; our certificate has not, the CA's own list has."""
    client = ca.client("ours")
    stale = written(tmp_path, "published.crl", ca.crl(stale=True))
    with openssl_server(ca, "-tls1_3", *loaded(ca, tmp_path, stale=True)) as port:
        ran = probe(ca, port, client, "--crl", stale)
        told = probe(ca, port, client, "--crl", stale, "--json").document
        without = probe(ca, port, client)
    assert "most likely its CRL has" in without.out
    assert "Ask the partner to renew its copy of our CA's revocation list" in without.out
    assert "Tell our CA: it has to publish a revocation list (CRL) that holds." in ran.out
    assert ran.out.startswith("✗ The server says that something expired")
    assert "The certification authority has to act." in ran.out.splitlines()[0]
    (fresh,) = [one for one in told["findings"] if one["rule"] == "CLI-23"]
    assert fresh["status"] == "warn"
    assert fresh["evidence"] == (
        "The CRL published.crl that lists ours is out of date since 2025-11-02 00:00 UTC."
    )
    assert "refuses every certificate of the CA" in fresh["remedy"]


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_server_that_lets_us_in_without_our_certificate_does_not_pass(ca: RevokingCa, version: str) -> None:
    """It asks, and takes RSA alone: TLS leaves our certificate with a P-256 key out, and goes on."""
    with openssl_server(ca, version, "-verify", "3", "-client_sigalgs", "RSA-PSS+SHA256") as port:
        ran = probe(ca, port, ca.client("ours"))
    assert ran.status == 1
    assert "our certificate was not sent: most likely it does not take keys of our kind" in ran.out


def test_a_server_that_takes_a_revoked_certificate_does_not_make_it_good(
    ca: RevokingCa, tmp_path: Path
) -> None:
    client = ca.client("ours")
    ca.revoke(client)
    crl = written(tmp_path, "issuing.crl", ca.crl())
    with openssl_server(ca, "-tls1_3") as port:
        ran = probe(ca, port, client, "--crl", crl)
    assert ran.status == 1
    assert "Our certificate is revoked, and the server does not know it yet." in ran.out


def test_a_server_that_a_responder_calls_revoked_is_untrusted_after_the_handshake(ca: RevokingCa) -> None:
    responder = free_port()
    server = ca.server(NAME, urls=[("ocsp", f"http://127.0.0.1:{responder}/")])
    ca.revoke(server, "superseded")
    client = ca.client("ours")
    with openssl_server(ca, "-tls1_3", *presenting(ca, server)) as port, ca.ocsp_server(responder):
        online = ("--online-revocation", "--allow-private-addresses", "--json")
        document = probe(ca, port, client, *online).document
        silent = probe(ca, port, client, "--json").document
        targets = written(ca.folder, "targets", f"https://127.0.0.1:{port}\n".encode() * 3)
        swept = trustdesk(
            "sweep", "--targets", targets, "--server-name", NAME, "--verify-name", NAME,
            "--trust-list", ca.folder / "root.pem", "--timeout", "5", *online,
        )  # fmt: skip
    assert (document["outcome"], document["verdict"]) == ("untrusted_peer", "fail"), document["revocation"]
    (status,) = [one for one in document["findings"] if one["rule"] == "REV-04"]
    assert "superseded" in status["evidence"]
    assert silent["outcome"] == "accepted"
    outcomes = [one["outcome"] for one in swept.document["results"]]
    assert outcomes == ["untrusted_peer"] * 3
    assert swept.document["summary"] == {"pass": 0, "warn": 0, "fail": 3}


def test_hard_fail_holds_for_another_day_too(ca: RevokingCa, tmp_path: Path) -> None:
    """What was known today is not known of a day that the list and the responder do not speak of."""
    responder = free_port()
    server = ca.server(NAME, urls=[("ocsp", f"http://127.0.0.1:{responder}/")])
    root_list = written(tmp_path, "root.crl", ca.crl(by_root=True))
    hard = ("--online-revocation", "--allow-private-addresses", "--fail-mode", "hard", "--crl", root_list)
    later = (datetime.now(UTC) + timedelta(days=60)).isoformat(timespec="seconds")
    with openssl_server(ca, "-tls1_3", *presenting(ca, server)) as port, ca.ocsp_server(responder):
        today = probe(ca, port, ca.client("ours"), *hard, "--json")
        on_that_day = probe(ca, port, ca.client("ours"), *hard, "--at", later, "--json")
    assert today.document["outcome"] == "accepted", today.document["findings"]
    assert (on_that_day.status, on_that_day.document["verdict"]) == (1, "fail")
    (status,) = [one for one in on_that_day.document["findings"] if one["rule"] == "REV-04"]
    assert status["status"] == "fail"


@pytest.mark.parametrize(
    "options",
    [("--crl", "nothing.crl"), ("--ocsp", "root.pem"), ("--crl", "root.pem"), ("--proxy", "socks5://x:1"),
     ("--proxy", "http://x:1", "--no-proxy")],
)  # fmt: skip
def test_options_that_cannot_be_used_end_with_2_and_one_line(
    ca: RevokingCa, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(ca.folder)
    ran = verify(ca, ca.server(NAME), "--online-revocation", *options)
    assert ran.status == 2
    assert len(ran.err.splitlines()) == 1


def loaded(ca: RevokingCa, folder: Path, *, stale: bool = False) -> tuple[str, ...]:
    """Options of a server that checks the CRLs of the whole path."""
    everything = folder / "anchors-and-lists.pem"
    ca.crl(by_root=True)
    ca.crl(stale=stale)
    parts = ("root.pem", "root.crl.pem", "ca.crl.pem")
    everything.write_bytes(b"".join((ca.folder / part).read_bytes() for part in parts))
    return ("-CAfile", str(everything), "-crl_check_all")


def presenting(ca: RevokingCa, server: Issued) -> tuple[str, ...]:
    """Options that put another certificate in place of the server's usual one."""
    return (
        *("-cert", str(ca.file("other.pem", server))),
        *("-key", str(ca.file("other.key", server))),
    )


def test_a_server_without_a_list_of_our_ca_is_told_apart_where_we_cannot_get_it_either(
    ca: RevokingCa,
) -> None:
    """F07: unknown_ca, although the server names our CA; its list cannot be had."""
    with Files() as files:
        client = ca.client("ours", urls=[("crl", f"{files.url}/gone.crl")])
        with openssl_server(ca, "-tls1_3", "-crl_check") as port:
            online = ("--online-revocation", "--allow-private-addresses")
            ran = probe(ca, port, client, *online)
            alone = probe(ca, port, client)
    assert "most likely has no revocation list (CRL) of it. The certification authority" in ran.out
    assert "most likely has no revocation list (CRL) of it. Partner has to act." in alone.out
    assert files.requests == ["GET /gone.crl"]


def keep(workspace: Workspace, der: bytes) -> None:
    """Keep a list as the window does."""
    crl = read_revocation_list(der)
    kept = KeptList(
        sha256=crl.sha256,
        issuer=crl.issuer,
        scope="complete",
        number=crl.number,
        this_update=crl.this_update,
        next_update=crl.next_update,
        signer=None,
        source="kept.crl",
        kept_at=datetime.now(UTC),
        size=len(der),
    )
    KeptLists(workspace).keep(kept, der).result()


def test_lists_that_a_workspace_keeps_are_looked_at_by_its_sweep_and_by_no_other(
    ca: RevokingCa, tmp_path: Path
) -> None:
    client = ca.client("ours")
    ca.revoke(client)
    ours = (
        "--client-cert", ca.file("client.pem", client, ca.issuing),
        "--client-key", ca.file("client.key", client),
        "--trust-list", ca.folder / "root.pem", "--timeout", "5", "--json",
    )  # fmt: skip
    with openssl_server(ca) as port:
        target = parse_target(f"https://127.0.0.1:{port}", server_name=NAME, verify_name=NAME)
        with open_workspace(tmp_path / "desk") as workspace:
            Directory(workspace).add_endpoint("Partner", target).result()
            keep(workspace, ca.crl())
        ran = trustdesk("sweep", "--workspace", tmp_path / "desk", *ours)
        targets = written(tmp_path, "targets.txt", f"127.0.0.1:{port}".encode())
        other = trustdesk("sweep", "--targets", targets, *ours)
    assert "Before the partner is asked: ours is revoked since" in ran.err
    assert "kept.crl" in ran.out
    assert "kept.crl" not in other.err + other.out


@pytest.mark.parametrize("further", [(), ("--trust-list", "root.pem")])
def test_a_report_looks_at_the_kept_lists_when_it_judges_again(
    ca: RevokingCa, tmp_path: Path, further: tuple[str, ...]
) -> None:
    server = ca.server(NAME)
    ca.revoke(server)
    judgement = PathJudge([pki.trust_list(ca.root)]).judge_server(
        [server.der, ca.issuing.der], NAME, datetime.now(UTC)
    )
    tested = record(
        f"https://{NAME}",
        outcome=Outcome.ACCEPTED,
        judgement=judgement,
        presented_chain=(server.facts, ca.issuing.facts),
    )
    with open_workspace(tmp_path / "desk") as workspace:
        directory = Directory(workspace)
        endpoint = directory.add_endpoint("Partner", tested.target).result()
        directory.record_report(endpoint.id, report_on(tested)).result()
        keep(workspace, ca.crl())
    output = tmp_path / "report.json"
    options = [one if one.startswith("-") else ca.folder / one for one in further]
    trustdesk("report", "--all", "--workspace", tmp_path / "desk", "--output", output, *options)
    assert ("kept.crl" in output.read_text("utf-8")) is bool(further)
