"""The lab's own process: loopback only, gone with its parent, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.tls_client import TIMEOUT_S, client_context, converse
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.target import TargetProtocol
from trustdesk.lab import process as lab_process
from trustdesk.lab.list_office import SIGNER_KEY_FILE
from trustdesk.lab.process import LabDescription, LabProcess, LabServer

posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX modes and signals")

PARENT = """
import sys
from trustdesk.lab.process import LabProcess

if __name__ == "__main__":
    lab = LabProcess.start()
    stall = next(server for server in lab.description.servers if server.name == "stall")
    print(lab.description.trust_list, stall.port, flush=True)
    sys.stdin.read()
"""

SHORT_OF_DESCRIPTORS = """
import resource
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.lab.process import LabProcess

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        LabProcess.start(count=100)
    except EnvironmentFailureError as failure:
        print(failure)
"""


def folder_of(description: LabDescription) -> Path:
    return Path(description.trust_list).parent


def stalled_connection(port: int) -> socket.socket:
    """Return a connection that lasts as long as the lab does."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
    connection.sendall(b"x")
    return connection


def wait_for_the_end(connection: socket.socket) -> None:
    try:
        assert connection.recv(1) == b""
    except ConnectionResetError:
        return


def assert_refused(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)


def test_stop_ends_every_server_and_removes_the_folder_within_a_second() -> None:
    lab = LabProcess.start()
    port = next(server.port for server in lab.description.servers if server.name == "stall")
    with stalled_connection(port):
        started = time.monotonic()
        lab.stop()
        assert time.monotonic() - started < 1
    assert not folder_of(lab.description).exists()
    for server in lab.description.servers:
        assert_refused(server.port)
    lab.stop()


def test_count_adds_healthy_endpoints_with_ports_of_their_own() -> None:
    with LabProcess.start(count=5) as lab:
        added = lab.description.servers[-5:]
        assert [server.name for server in added] == [f"load-00{number}" for number in range(1, 6)]
        assert len({server.port for server in lab.description.servers}) == len(lab.description.servers)
        context = client_context(lab.description)
        assert all(converse(server, context).status == 401 for server in added)


@posix_only
def test_keys_lie_in_a_folder_for_the_owner_only(lab: LabDescription) -> None:
    folder = folder_of(lab)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    named = {identity.key_file for identity in lab.identities} | {str(folder / SIGNER_KEY_FILE)}
    assert named == {str(file) for file in folder.glob("*.key")}


def test_every_server_is_on_the_loopback_address_and_no_other(lab: LabDescription) -> None:
    assert {server.host for server in lab.servers} == {"127.0.0.1"}
    own_name = socket.gethostbyname(socket.gethostname())
    others = {"127.0.0.2", own_name} - {"127.0.0.1"}
    for server in lab.servers:
        for address in others:
            with pytest.raises(OSError, match=r"refused|unreachable|assign"):
                socket.create_connection((address, server.port), timeout=TIMEOUT_S)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux' table of sockets")
def test_the_process_listens_on_nothing_but_its_servers() -> None:
    listening = "0A"
    with LabProcess.start() as lab:
        sockets = {
            os.readlink(entry).removeprefix("socket:[").removesuffix("]")
            for entry in Path(f"/proc/{lab.pid}/fd").iterdir()
            if entry.is_symlink() and os.readlink(entry).startswith("socket:")
        }
        rows = [
            line.split()
            for table in ("tcp", "tcp6")
            for line in Path(f"/proc/{lab.pid}/net/{table}").read_text().splitlines()[1:]
        ]
        local_addresses = [row[1] for row in rows if row[3] == listening and row[9] in sockets]
        expected = {f"0100007F:{server.port:04X}" for server in lab.description.servers}
        assert sorted(local_addresses) == sorted(expected)


@posix_only
def test_lab_ends_and_cleans_up_when_its_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        trust_list, port = parent.stdout.readline().split()
        with stalled_connection(int(port)) as connection:
            assert Path(trust_list).exists()
            parent.kill()
            wait_for_the_end(connection)
    assert not Path(trust_list).parent.exists()
    assert_refused(int(port))


@posix_only
def test_lab_ends_and_cleans_up_when_its_parent_ends_without_stopping_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        trust_list, port = parent.stdout.readline().split()
        parent.communicate("", timeout=TIMEOUT_S)
        assert parent.returncode == 0
    assert not Path(trust_list).parent.exists()
    assert_refused(int(port))


@posix_only
def test_parent_cleans_up_when_the_lab_is_killed() -> None:
    lab = LabProcess.start()
    assert lab.pid is not None
    port = next(server.port for server in lab.description.servers if server.name == "stall")
    with stalled_connection(port) as connection:
        os.kill(lab.pid, signal.SIGKILL)
        wait_for_the_end(connection)
    assert folder_of(lab.description).exists()
    lab.stop()
    assert not folder_of(lab.description).exists()


@posix_only
def test_interrupt_of_the_terminal_is_left_to_the_parent() -> None:
    with LabProcess.start() as lab:
        assert lab.pid is not None
        os.kill(lab.pid, signal.SIGINT)
        server = lab.description.servers[0]
        assert converse(server, client_context(lab.description)).status == 401


def test_lab_that_is_not_ready_in_time_says_so_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(EnvironmentFailureError, match="did not start"):
        LabProcess.start(timeout_s=0)
    assert not list(tmp_path.iterdir())


def test_lab_without_a_place_for_its_folder_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(EnvironmentFailureError, match="temporary folder") as caught:
        LabProcess.start()
    assert caught.value.place == str(tmp_path / "missing")


@posix_only
def test_lab_without_descriptors_for_its_servers_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", SHORT_OF_DESCRIPTORS],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    assert result.stdout == "127.0.0.1: A lab server cannot listen on loopback: {reason}.\n"
    assert not list(tmp_path.iterdir())


def test_child_that_dies_at_once_is_an_environment_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(lab_process, "_run_child", os.getpid)  # wrong arguments: the child ends in a bug
    with pytest.raises(EnvironmentFailureError, match="ended before"):
        LabProcess.start()
    assert not list(tmp_path.iterdir())


def test_target_connects_to_loopback_with_the_names_of_the_server(lab: LabDescription) -> None:
    server: LabServer = lab.servers[0]
    target = server.target
    assert (target.host, target.port) == ("127.0.0.1", server.port)
    assert (target.server_name, target.verify_name) == (server.server_name, server.verify_name)
    assert target.protocol is TargetProtocol.HTTPS


def test_description_survives_json(lab: LabDescription) -> None:
    from trustdesk.lab.description import contract_lines

    lines = [json.loads(line) for line in contract_lines(lab)]
    assert lines[0]["lab"]["trust_list"] == lab.trust_list
    assert [line["port"] for line in lines[1:]] == [server.port for server in lab.servers]
