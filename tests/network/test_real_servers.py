"""The probe against servers that nobody here wrote: OpenSSL's and nginx."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.judges import FixedJudge
from tests.support.peers import PeerPki
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict, TimelineEvent
from trustdesk.core.probe import CertificateRefusal, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.target import parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeLimits, ProbeRequest

pytestmark = pytest.mark.servers

VERSIONS = ["1.2", "1.3"]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
EMPTY_CERTIFICATE = {"1.2": "0b 00 00 03 00 00 00", "1.3": "0b 00 00 04 00 00 00 00"}


def probed(
    port: int,
    *,
    trusted: bool = True,
    credential: ClientCredential | None = None,
    limits: ProbeLimits | None = None,
    listener: Callable[[Phase | TimelineEvent], None] | None = None,
) -> ProbeRecord:
    target = parse_target(
        f"https://127.0.0.1:{port}/", server_name="peer.example", verify_name="peer.example"
    )
    request = ProbeRequest(
        target=target,
        judge=FixedJudge(trusted=trusted),
        credential=credential,
        limits=limits or ProbeLimits(),
    )
    return asyncio.run(probe(request, listener))


class OpensslServer:
    """`openssl s_server` with all messages in its log, which is complete after `stop`."""

    def __init__(self, pki: PeerPki, *arguments: str) -> None:
        files = {
            "-cert": pki.file("leaf.pem", pki.server.certificate.public_bytes(Encoding.PEM)),
            "-cert_chain": pki.file("chain.pem", pki.server.path[1].public_bytes(Encoding.PEM)),
            "-key": pki.file("server.key", pki.server.key_pem()),
            "-CAfile": pki.file("root.pem", pki.root.certificate.public_bytes(Encoding.PEM)),
        }
        options = [part for pair in files.items() for part in pair]
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-msg", *options, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._ready = threading.Event()
        self.port = 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self._ready.wait(10), self.lines

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if accept := re.match(r"ACCEPT .*:(\d+)", line):
                self.port = int(accept[1])
                self._ready.set()

    def type(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def stop(self) -> str:
        self.process.kill()
        self._reader.join(10)
        self.process.wait(10)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        return "".join(self.lines)

    def __enter__(self) -> OpensslServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def received_certificates(log: str) -> list[str]:
    """The first bytes of each Certificate message that the server read."""
    return [
        match[1].strip()
        for match in re.finditer(
            r"<<< TLS [\d.]+, Handshake \[length \w+\], Certificate\n +([0-9a-f ]+)", log
        )
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mode", ["-verify", "-Verify"])
def test_untrusted_openssl_server_that_asks_logs_an_empty_certificate(
    pki: PeerPki, version: str, mode: str
) -> None:
    with OpensslServer(pki, f"-tls{version.replace('.', '_')}", mode, "3", "-www") as server:
        record = probed(server.port, trusted=False, credential=pki.client.credential)
        log = server.stop()
    assert received_certificates(log) == [EMPTY_CERTIFICATE[version]]
    assert "client.example" not in log
    assert record.outcome is Outcome.UNTRUSTED_PEER
    assert not record.client_auth.sent
    if mode == "-verify":
        assert record.http is not None
        assert record.client_auth.requested is CertificateRequested.OPTIONAL
    else:
        assert record.client_auth.requested is CertificateRequested.REQUIRED


@pytest.mark.parametrize("version", VERSIONS)
def test_trusted_openssl_server_gets_leaf_and_intermediate_and_answers(pki: PeerPki, version: str) -> None:
    with OpensslServer(pki, f"-tls{version.replace('.', '_')}", "-Verify", "3", "-www") as server:
        record = probed(server.port, credential=pki.client.credential)
        log = server.stop()
    assert record.outcome is Outcome.ACCEPTED
    assert record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED
    assert record.http is not None
    assert record.http.status == 200
    assert "depth=2" in log
    assert "peer intermediate" in log


@pytest.mark.parametrize("version", VERSIONS)
def test_openssl_server_refuses_a_strangers_certificate_with_unknown_ca(pki: PeerPki, version: str) -> None:
    arguments = (f"-tls{version.replace('.', '_')}", "-Verify", "3", "-verify_return_error", "-www")
    with OpensslServer(pki, *arguments) as server:
        record = probed(server.port, credential=pki.stranger.credential)
    assert record.outcome is Outcome.REJECTED_BY_PEER
    assert record.stopped_by is StopReason.ALERT
    assert 48 in [alert.code for alert in record.alerts]
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED


@pytest.mark.parametrize("credential_is_given", [True, False])
def test_nothing_is_presented_in_a_renegotiation(pki: PeerPki, credential_is_given: bool) -> None:
    """Trusted or not, what was loaded for the first handshake is gone when the server asks later."""
    with OpensslServer(pki, "-tls1_2", "-no_resumption_on_reneg") as server:

        def ask_again(news: Phase | TimelineEvent) -> None:
            if isinstance(news, TimelineEvent) and news.message == "http_request":
                server.type("R\n")

        record = probed(
            server.port,
            credential=pki.client.credential if credential_is_given else None,
            limits=ProbeLimits(request_s=1.0),
            listener=ask_again,
        )
        log = server.stop()
    assert record.client_auth.requested is CertificateRequested.LATER
    assert not record.client_auth.sent
    assert received_certificates(log) == [EMPTY_CERTIFICATE["1.2"]]


@contextlib.contextmanager
def nginx(pki: PeerPki, folder: Path, version: str) -> Iterator[int]:
    """nginx in the foreground with `ssl_verify_client on`, everything it writes in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    root = pki.file("root.pem", pki.root.certificate.public_bytes(Encoding.PEM))
    certificate = pki.file("server.pem", pki.server.pem())
    key = pki.file("server.key", pki.server.key_pem())
    places = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"""daemon off; master_process off; pid {folder}/pid; error_log stderr info;
        events {{ worker_connections 64; }}
        http {{
          access_log off; {places}
          server {{
            listen 127.0.0.1:{port} ssl; ssl_protocols TLSv{version};
            ssl_certificate {certificate}; ssl_certificate_key {key};
            ssl_client_certificate {root}; ssl_verify_client on; ssl_verify_depth 3;
            location / {{ return 401; }}
          }}
        }}"""
    )
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(configuration)], stderr=subprocess.PIPE, text=True
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


@pytest.mark.parametrize("version", VERSIONS)
def test_nginx_answers_a_known_certificate(pki: PeerPki, tmp_path: Path, version: str) -> None:
    with nginx(pki, tmp_path, version) as port:
        record = probed(port, credential=pki.client.credential)
    assert record.outcome is Outcome.ACCEPTED
    assert record.http is not None
    assert record.http.status == 401
    assert record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("who", ["nobody", "stranger", "untrusted"])
def test_nginx_refuses_in_http_after_a_clean_handshake(
    pki: PeerPki, tmp_path: Path, version: str, who: str
) -> None:
    with nginx(pki, tmp_path, version) as port:
        record = probed(
            port,
            trusted=who != "untrusted",
            credential={
                "nobody": None,
                "stranger": pki.stranger.credential,
                "untrusted": pki.client.credential,
            }[who],
        )
    assert record.http is not None
    assert record.http.status == 400
    assert record.client_auth.verdict is ClientCertificateVerdict.REJECTED
    assert record.client_auth.sent is (who == "stranger")
    expected = CertificateRefusal.CERTIFICATE_ERROR if who == "stranger" else CertificateRefusal.NONE_SENT
    assert record.http.certificate_refusal is expected
    assert record.outcome is (Outcome.UNTRUSTED_PEER if who == "untrusted" else Outcome.REJECTED_BY_PEER)


def test_servers_here_are_of_another_openssl_than_the_probes() -> None:
    """Otherwise one library would be tested against itself."""
    from OpenSSL import SSL

    assert ssl.OPENSSL_VERSION.encode() not in SSL.OpenSSL_version(SSL.OPENSSL_VERSION)
