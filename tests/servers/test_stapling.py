"""What nginx and other servers staple: judged with the chain, before our certificate leaves."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from tests.support.pki import Issued, trust_list
from tests.support.revoking_ca import RevokingCa
from trustdesk.core.probe import Outcome, ProbeReport
from trustdesk.core.revocation import FailMode, StapleStatus, staple_status
from trustdesk.core.target import parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.documents import probe_document
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.handshakes import start_handshake
from trustdesk.services.revocation import RevocationPolicy
from trustdesk.services.wording import wording

pytestmark = pytest.mark.servers

VERSIONS = ["1.2", "1.3"]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
NAME = "peer.example"


@pytest.fixture(scope="module")
def network() -> Iterator[NetworkThread]:
    thread = NetworkThread()
    thread.start()
    yield thread
    thread.close()


@pytest.fixture
def ca(tmp_path: Path) -> RevokingCa:
    return RevokingCa(tmp_path)


def stale_response(ca: RevokingCa, issued: Issued) -> bytes:
    """A good answer of the CA's own key whose nextUpdate has passed a week ago."""
    now = datetime.now(UTC)
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=issued.certificate,
        issuer=ca.issuing.certificate,
        algorithm=hashes.SHA1(),  # noqa: S303 - what CertID uses
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=now - timedelta(days=9),
        next_update=now - timedelta(days=7),
        revocation_time=None,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, ca.issuing.certificate)
    return builder.sign(ca.issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)


@contextlib.contextmanager
def nginx(ca: RevokingCa, server: Issued, version: str, staple: bytes | None) -> Iterator[int]:
    """nginx that asks for a client certificate and staples a file, or nothing."""
    folder = ca.folder
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    chain, key = ca.file("server.pem", server, ca.issuing), ca.file("server.key", server)
    stapling = ""
    if staple is not None:
        (folder / "staple.der").write_bytes(staple)
        stapling = f"ssl_stapling on; ssl_stapling_file {folder}/staple.der;"
    places = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""daemon off; master_process off; pid {folder}/pid; error_log stderr info;
        events {{ worker_connections 64; }}
        http {{
          access_log off; {places}
          server {{
            listen 127.0.0.1:{port} ssl; ssl_protocols TLSv{version}; {stapling}
            ssl_certificate {chain}; ssl_certificate_key {key};
            ssl_client_certificate {folder}/root.pem; ssl_verify_client optional; ssl_verify_depth 3;
            location / {{ return 401; }}
          }}
        }}"""
    )
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE, text=True
    )
    log: list[str] = []
    started = threading.Event()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            log.append(line)
            if "start" in line or "using the" in line:
                started.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert started.wait(10), log
        yield port
    finally:
        process.terminate()
        process.wait(10)
        reader.join(10)
        assert process.stderr is not None
        process.stderr.close()


def probed(
    network: NetworkThread,
    ca: RevokingCa,
    port: int,
    client: Issued | None = None,
    policy: RevocationPolicy | None = None,
) -> ProbeReport:
    credential = None
    if client is not None:
        credential = ClientCredential(
            name="ours", certification_path=(client.der, ca.issuing.der), private_key=client.key
        )
    request = ProbeRequest(
        target=parse_target(f"https://127.0.0.1:{port}/", server_name=NAME, verify_name=NAME),
        judge=(policy or RevocationPolicy()).gate([trust_list(ca.root)]),
        credential=credential,
    )
    return start_handshake(network, request).future.result(20)


def staple_of(report: ProbeReport) -> object:
    staple = probe_document(report, wording("en").text)["ocsp_staple"]
    assert isinstance(staple, dict)
    return staple["status"]


def finding(report: ProbeReport, rule: str) -> str:
    return next(str(found.status.value) for found in report.findings if found.rule == rule)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_staple_is_told_with_its_end(ca: RevokingCa, network: NetworkThread, version: str) -> None:
    server = ca.server(NAME)
    with nginx(ca, server, version, ca.response(server)) as port:
        report = probed(network, ca, port, ca.client("ours"))
    assert report.record.outcome is Outcome.ACCEPTED
    assert report.record.client_auth.sent
    document = probe_document(report, wording("en").text)
    assert document["ocsp_staple"]["status"] == "good"  # type: ignore[index]
    assert document["ocsp_staple"]["next_update"] is not None  # type: ignore[index]
    assert [row["status"] for row in document["revocation"]] == ["good", "unknown"]  # type: ignore[attr-defined]
    assert (finding(report, "REV-02"), finding(report, "REV-06")) == ("pass", "pass")
    assert finding(report, "REV-04") == "not_run"  # nobody was asked about the CA


@pytest.mark.parametrize("version", VERSIONS)
def test_a_server_whose_staple_says_revoked_never_gets_our_certificate(
    ca: RevokingCa, network: NetworkThread, version: str
) -> None:
    server = ca.server(NAME)
    ca.revoke(server)
    with nginx(ca, server, version, ca.response(server)) as port:
        report = probed(network, ca, port, ca.client("ours"))
    assert report.record.outcome is Outcome.UNTRUSTED_PEER
    assert not report.record.client_auth.sent
    assert report.explanation.cause == "server_cert_revoked"
    assert staple_of(report) == "revoked"
    assert finding(report, "REV-04") == "fail"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_stale_staple_is_no_word_on_the_certificate(
    ca: RevokingCa, network: NetworkThread, version: str
) -> None:
    server = ca.server(NAME)
    with nginx(ca, server, version, stale_response(ca, server)) as port:
        report = probed(network, ca, port)
    assert report.record.outcome is Outcome.ACCEPTED
    assert staple_of(report) == "invalid"
    assert report.record.judgement is not None
    assert report.record.judgement.revocation[0].status.value == "unavailable"
    assert (finding(report, "REV-02"), finding(report, "REV-06")) == ("warn", "warn")


@pytest.mark.parametrize("version", VERSIONS)
def test_no_staple_is_absent_and_weighs_nothing(ca: RevokingCa, network: NetworkThread, version: str) -> None:
    server = ca.server(NAME)
    with nginx(ca, server, version, None) as port:
        report = probed(network, ca, port)
    assert report.record.outcome is Outcome.ACCEPTED
    assert staple_of(report) == "absent"
    assert not any(found.is_failure for found in report.findings)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("staple", ["good", "stale", "absent"])
def test_a_certificate_that_must_be_stapled_is_invalid_without(
    ca: RevokingCa, network: NetworkThread, version: str, staple: str
) -> None:
    server = ca.server(NAME, must_staple=True)
    responses = {"good": ca.response(server), "stale": stale_response(ca, server), "absent": None}
    with nginx(ca, server, version, responses[staple]) as port:
        report = probed(network, ca, port, ca.client("ours"))
    if staple == "good":
        assert report.record.outcome is Outcome.ACCEPTED
        return
    assert report.record.outcome is Outcome.UNTRUSTED_PEER
    assert not report.record.client_auth.sent
    assert report.explanation.cause == "server_must_staple_not_stapled"


def test_hard_fail_refuses_a_server_of_whose_ca_nothing_is_known(
    ca: RevokingCa, network: NetworkThread
) -> None:
    server = ca.server(NAME)
    with nginx(ca, server, "1.3", ca.response(server)) as port:
        policy = RevocationPolicy(fail_mode=FailMode.HARD)
        report = probed(network, ca, port, ca.client("ours"), policy)
    assert report.record.outcome is Outcome.UNTRUSTED_PEER
    assert not report.record.client_auth.sent
    assert report.explanation.cause == "server_revocation_unknown"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("what", ["try later", "success without content", "broken signature", "another's"])
def test_a_staple_that_says_nothing_is_invalid_and_no_exception(
    ca: RevokingCa, network: NetworkThread, version: str, what: str
) -> None:
    server = ca.server(NAME)
    good = ca.response(server)
    staple = {
        "try later": b"\x30\x03\x0a\x01\x03",
        "success without content": b"\x30\x03\x0a\x01\x00",
        "broken signature": good[:-1] + bytes([good[-1] ^ 1]),
        "another's": ca.response(ca.server("another.example")),
    }[what]
    with nginx(ca, server, version, staple) as port:
        report = probed(network, ca, port, ca.client("ours"))
    assert report.record.outcome is Outcome.ACCEPTED
    assert report.record.stapled_ocsp == staple
    assert staple_of(report) == "invalid"
    assert finding(report, "REV-06") == "warn"


@pytest.mark.parametrize("garbage", [b"", b"\x30", b"no response at all", b"x" * 60_000])
def test_bytes_that_are_no_response_are_invalid_and_no_exception(ca: RevokingCa, garbage: bytes) -> None:
    """OpenSSL as a server sends nothing that it cannot read; others may."""
    server = ca.server(NAME)
    judge = RevocationPolicy().gate([trust_list(ca.root)])
    judgement = judge.judge_server([server.der, ca.issuing.der], NAME, datetime.now(UTC), staple=garbage)
    assert judgement.trusted
    assert staple_status(garbage, judgement.revocation) is StapleStatus.INVALID
