"""`trustdesk explain`: what people and scripts get, and what real tools print."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import clients
from tests.servers.clients import Client, Park
from tests.servers.openssl_server import openssl_server
from tests.servers.process import RealServer, ServerSetup
from tests.support.command import Ran, trustdesk

PYTHON = """
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(sys.argv[2])
if len(sys.argv) > 3: context.load_cert_chain(sys.argv[3], sys.argv[4])
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as plain:
    with context.wrap_socket(plain, server_hostname="partner.example") as tls:
        print(tls.recv(1))
"""


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes, *options: str) -> Ran:
    """Run the command with something on its input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    return trustdesk("explain", *options, "-")


def test_people_read_meaning_causes_who_acts_and_what_tells() -> None:
    done = trustdesk("explain", "SSL alert number 48")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0] == "The other side does not know the CA of the certificate that it got."
    assert "Partner has to act. (client_ca_not_trusted)" in done.out
    assert "What tells:" in done.out


def test_scripts_get_one_document() -> None:
    done = trustdesk("explain", "--json", "wrong version number")
    document = done.document
    assert document["schema"] == "trustdesk.explanation/1"
    (message,) = document["messages"]
    assert message["client"][0]["cause"] == "not_tls_plain_http"
    assert message["client"][0]["responsible"] == "us"
    assert message["server"] == []


def test_endless_input_is_refused_and_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = io.BytesIO(b"x" * 10_000_000)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(endless))
    done = trustdesk("explain", "-")
    assert done.status == 2
    assert "longer than 16384 characters" in done.err
    assert endless.tell() < 1_000_000


def test_log_of_a_server_is_read_as_one() -> None:
    text = "client SSL certificate verify error: (10:certificate has expired) while reading client request"
    (message,) = trustdesk("explain", "--json", text).document["messages"]
    assert message["client"] == []
    assert message["server"][0]["cause"] == "client_cert_expired"


def test_text_is_read_from_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    done = piped(monkeypatch, b"\xff\xfe tlsv1 alert unknown ca\x1b[2J")
    assert done.status == 0
    assert "\x1b" not in done.out


def test_unknown_text_exits_with_1_and_says_what_to_do() -> None:
    done = trustdesk("explain", "it does not work")
    assert done.status == 1
    assert "trustdesk probe" in done.out


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_000])
def test_no_text_or_too_much_is_unusable(text: str) -> None:
    done = trustdesk("explain", text)
    assert done.status == 2
    assert "Paste" in done.err


@pytest.fixture(scope="module")
def park() -> Park:
    return clients.make_park()


@pytest.fixture(scope="module")
def server(park: Park, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    setup = ServerSetup(
        chain=park.server_chain,
        key=park.server.key_pem(),
        client_ca=park.root.pem,
        folder=tmp_path_factory.mktemp("server"),
    )
    with openssl_server(setup) as running:
        yield running


def printed_by(tool: str, park: Park, port: int, client: Client, folder: Path) -> str:
    """What a real tool prints when it connects as `client`."""
    root = folder / "root.pem"
    root.write_bytes(park.root.pem)
    files: list[str] = []
    if client is not Client.NOBODY:
        path = park.clients[client]
        certificate, key = folder / "client.pem", folder / "client.key"
        certificate.write_bytes(b"".join(issued.pem for issued in path))
        key.write_bytes(path[0].key_pem())
        files = [str(certificate), str(key)]
    if tool == "python":
        command = [sys.executable, "-c", PYTHON, str(port), str(root), *files]
    else:
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", str(root)]
        command += ["-servername", "partner.example", "-ign_eof"]
        command += ["-cert", files[0], "-key", files[1], "-cert_chain", files[0]] if files else []
    done = subprocess.run(
        command, input="GET / HTTP/1.0\r\n\r\n", capture_output=True, text=True, check=False, timeout=20
    )
    return f"{done.stderr}\n{done.stdout}"[-8000:]


@pytest.mark.servers
@pytest.mark.parametrize("tool", ["python", "openssl"])
@pytest.mark.parametrize(
    ("client", "cause"),
    [
        (Client.NOBODY, "client_cert_required"),
        (Client.STRANGER, "client_ca_not_trusted"),
        (Client.LEAF_ONLY, "client_chain_incomplete"),
        (Client.EXPIRED, "client_cert_expired"),
        (Client.NOT_YET_VALID, "client_cert_not_yet_valid"),
        (Client.SERVER_AUTH_ONLY, "client_eku_missing_client_auth"),
    ],
)
def test_true_cause_is_among_those_of_what_a_real_tool_prints(
    park: Park,
    server: RealServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tool: str,
    client: Client,
    cause: str,
) -> None:
    text = printed_by(tool, park, server.port, client, tmp_path)
    done = piped(monkeypatch, text.encode(), "--json")
    named = {possible["cause"] for message in done.document["messages"] for possible in message["client"]}
    assert cause in named, text
