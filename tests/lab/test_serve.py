"""The lab in the foreground, as `trustdesk lab serve` runs it: its lines, its signals, its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.tls_client import TIMEOUT_S, client_context, converse, load_identity
from trustdesk.core.probe import Outcome
from trustdesk.lab.catalogue import CATALOGUE, IdentityName
from trustdesk.lab.process import LabDescription, LabIdentity, LabServer
from trustdesk.lab.serve import PARENT_CHECK_S

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and process groups")

SERVE = """
import os
import signal
import sys
from trustdesk.lab.serve import serve_forever

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests that were started by nohup hand down that it is ignored

def log(line):
    print(line, file=sys.stderr, flush=True)

serve_forever(lambda line: print(line, flush=True), count=2, write_log=log)
"""

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, *sys.argv[1:]])
print(child.pid, file=sys.stderr, flush=True)
child.wait()
"""

DETACHING_PARENT = PARENT.replace("*sys.argv[1:]]", "*sys.argv[1:]], start_new_session=True")

FAULTY = [name for name in IdentityName if name is not IdentityName.GOOD]

KEYS = {
    "name",
    "partner",
    "host",
    "port",
    "protocol",
    "server_name",
    "verify_name",
    "fault",
    "expected_outcome",
    "expected_cause",
}


@contextmanager
def serving(*prefix: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run the lab, behind a parent command or as our own child; yield it with its lines."""
    with subprocess.Popen(
        [sys.executable, *prefix, "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(1 + len(CATALOGUE) + 2)]
        try:
            yield process, lines
        finally:
            process.terminate()


def described(lines: list[str]) -> LabDescription:
    """Read the lines back, as a script does."""
    head, *servers = map(json.loads, lines)
    return LabDescription(
        trust_list=head["lab"]["trust_list"],
        identities=tuple(
            LabIdentity(name=name, certificate_file=files["cert"], key_file=files["key"])
            for name, files in head["lab"]["identities"].items()
        ),
        servers=tuple(LabServer(**{"identity": None, **server}) for server in servers),
    )


def port_of(lines: list[str], name: str) -> int:
    return next(server.port for server in described(lines).servers if server.name == name)


def test_lines_are_those_of_the_contract() -> None:
    with serving() as (_, lines):
        head, *servers = map(json.loads, lines)
        assert set(head) == {"lab"}
        assert set(head["lab"]) == {"trust_list", "identities"}
        assert set(head["lab"]["identities"]) == set(IdentityName)
        assert Path(head["lab"]["trust_list"]).is_file()
        for files in head["lab"]["identities"].values():
            assert Path(files["cert"]).is_file()
            assert Path(files["key"]).is_file()
    for server in servers:
        assert set(server) - {"identity"} == KEYS
        assert server["host"] == "127.0.0.1"
        assert server["protocol"] in {"https", "amqps"}
        assert server["server_name"].endswith(".example")
        assert (server["fault"] is None) is (server["expected_cause"] == "none")
        assert server["expected_outcome"] in set(Outcome)
        assert server.get("identity", "client-good") in head["lab"]["identities"]
    assert [server["name"] for server in servers[-2:]] == ["load-001", "load-002"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_ends_it_in_order_and_removes_its_folder(number: signal.Signals) -> None:
    with serving() as (process, lines):
        process.send_signal(number)
        assert process.wait(TIMEOUT_S) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert not Path(described(lines).trust_list).parent.exists()


def test_end_of_the_parent_ends_it() -> None:
    with serving("-c", PARENT) as (parent, lines):
        port = port_of(lines, "stall")
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
            parent.kill()
            assert_ended(connection)
    assert not Path(described(lines).trust_list).parent.exists()


def test_told_to_outlive_its_parent_it_does() -> None:
    with serving("-c", DETACHING_PARENT) as (parent, lines):
        assert parent.stderr is not None
        lab_pid = int(parent.stderr.readline())
        port = port_of(lines, "stall")
        with socket.create_connection(("127.0.0.1", port), timeout=3 * PARENT_CHECK_S) as connection:
            parent.kill()
            with pytest.raises(TimeoutError):
                connection.recv(1)
            os.kill(lab_pid, signal.SIGTERM)
            assert_ended(connection)
    assert not Path(described(lines).trust_list).parent.exists()


def test_reader_that_is_gone_ends_it_in_order() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            SERVE.replace("print(line, flush=True)", "os.write(1, line.encode())"),
        ],
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(write_end)
        _, said = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, said) == (0, "")


def test_log_tells_that_an_untrusted_server_received_no_certificate() -> None:
    with serving() as (process, lines):
        lab = described(lines)
        server = next(server for server in lab.servers if server.name == "untrusted-mtls")
        assert process.stderr is not None

        assert converse(server, client_context(lab)).verify_code is not None
        assert process.stderr.readline() == (
            "untrusted-mtls: handshake not completed, client certificate: none\n"
        )
        careless = client_context()
        converse(server, careless)
        assert process.stderr.readline() == "untrusted-mtls: handshake complete, client certificate: none\n"
        load_identity(careless, lab, "client-good")
        converse(server, careless)
        assert "handshake complete, client certificate: SHA-256 " in process.stderr.readline()


def test_log_tells_a_refused_certificate_from_none() -> None:
    with serving() as (process, lines):
        lab = described(lines)
        server = next(server for server in lab.servers if server.name == "mtls-none-sent")
        assert process.stderr is not None
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            for identity in (None, *FAULTY):
                context = client_context(lab, version)
                if identity is not None:
                    load_identity(context, lab, identity)
                converse(server, context, read_first=True)
                told = "none" if identity is None else "received and refused"
                expected = f"mtls-none-sent: handshake not completed, client certificate: {told}\n"
                assert process.stderr.readline() == expected


def assert_ended(connection: socket.socket) -> None:
    try:
        assert connection.recv(1) == b""
    except ConnectionResetError:
        return
