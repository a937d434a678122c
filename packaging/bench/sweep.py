"""A sweep of 5,000 endpoints with mTLS and full records, beside `openssl s_time`, sslyze and testssl.sh.

    python3 packaging/dev.py bench sweep [ENDPOINTS]

nginx runs on one core, the client on the other, one client after the other: `trustdesk sweep` of a workspace
whose partners have a thousand certificates between them, and `openssl s_time -new` with the same client
certificate. sslyze and testssl.sh get a sample; each that is missing is said to be. Then the same sweep with
a quarter of them silent, from the window with the gaps of its thread, cancelled, and killed and gone on with.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.servers.process import free_port
from tests.support import pki
from tests.support.mass_issuing import issue
from tests.support.pki import Issued
from trustdesk.core.target import parse_target
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory

ENDPOINTS = int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdecimal() else 5_000
CERTIFICATES = 1_000
SAMPLE = 20
S_TIME_S = 6
SSLYZE_TIMES, TESTSSL_TIMES = 8.0, 1_000.0
RESIDENT_LIMIT_MB = 400.0
GAP_LIMIT_MS, P99_LIMIT_MS, CANCEL_LIMIT_MS = 50.0, 16.0, 300.0
TICK_MS = 5
SILENT_TIMEOUT_S = 2.0
CONCURRENCY = 64
DOMAIN = "partners.example"

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = {CORES[-1]}, {CORES[0]}


@dataclass(frozen=True, slots=True)
class Ran:
    """How one client went: wall-clock and processor seconds, resident megabytes at most, what it printed."""

    wall_s: float
    processor_s: float
    resident_mb: float
    output: str
    status: int


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="trustdesk-bench-") as name:
        folder = Path(name)
        port = _files(folder)
        server = _start(folder, port)
        try:
            _measure(folder, port)
        finally:
            server.terminate()
            server.wait(10)


def _measure(folder: Path, port: int) -> None:
    # An installed program has its bytecode beside it, whatever a developer's environment says.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    targets = folder / "one.txt"
    targets.write_text(f"{_host(0)}:{port}\n")
    _run([*_sweep_command(folder, "first"), "--targets", str(targets), "--connect", _address(0)], folder)
    _fill_workspace(folder / "workspace", port)
    before = _processor_of_server(folder)
    swept = _run(_sweep_command(folder), folder)
    served = _processor_of_server(folder) - before
    rate = ENDPOINTS / swept.wall_s
    print(
        f"trustdesk sweep, {ENDPOINTS} endpoints, mTLS, full records kept, start of the program included: "
        f"{swept.wall_s:.1f} s, {rate:.0f} endpoints/s; processor "
        f"{swept.processor_s / ENDPOINTS * 1000:.2f} ms an endpoint, nginx {served / ENDPOINTS * 1000:.2f} ms"
    )
    print(
        f"resident at most {swept.resident_mb:.0f} MB, limit {RESIDENT_LIMIT_MB:.0f} MB, "
        f"ratio {swept.resident_mb / RESIDENT_LIMIT_MB:.2f}"
    )
    if swept.status != 0:
        print(f"the sweep ended with {swept.status}: {swept.output[-400:]}")
    _beside_s_time(folder, port, rate)
    _beside(_sslyze(folder, port), "sslyze --certinfo", folder, rate, SSLYZE_TIMES)
    _beside(_testssl(folder, port), "testssl.sh -p --server-defaults", folder, rate, TESTSSL_TIMES)
    _silent(folder, port, swept.wall_s)
    _killed(folder, port)
    for what in ("window", "cancel"):
        ran = _run([sys.executable, __file__, what, str(folder), str(port)], folder)
        print(ran.output.strip())


def _beside_s_time(folder: Path, port: int, rate: float) -> None:
    program = shutil.which("openssl")
    if program is None:
        print("openssl s_time: not here, not measured")
        return
    command = [program, "s_time", "-new", "-connect", f"127.0.0.1:{port}", "-time", str(S_TIME_S)]
    command += ["-cert", str(folder / "client.pem"), "-key", str(folder / "client.key")]
    for more, called in ((), "handshake alone"), (("-www", "/"), "with one GET"):
        ran = _run([*command, *more], folder)
        made = re.search(r"(\d+) connections in ([\d.]+) real seconds", ran.output)
        if made is None or not int(made[1]):
            print(f"openssl s_time -new, {called}: {ran.output[-300:]}")
            continue
        theirs = int(made[1]) / ran.wall_s
        print(
            f"openssl s_time -new, {called}: {theirs:.0f} connections/s, processor "
            f"{ran.processor_s / int(made[1]) * 1000:.2f} ms each; trustdesk is {rate / theirs:.2f} "
            f"times as fast, limit 1"
        )


def _beside(command: Sequence[str] | None, called: str, folder: Path, rate: float, limit: float) -> None:
    if command is None:
        print(f"{called}: not here, not measured")
        return
    ran = _run(command, folder)
    theirs = SAMPLE / ran.wall_s
    print(
        f"{called}, {SAMPLE} endpoints: {ran.wall_s:.1f} s, {theirs:.2f} endpoints/s; trustdesk is "
        f"{rate / theirs:.0f} times as fast, limit {limit:.0f} (status {ran.status})"
    )


def _silent(folder: Path, port: int, without_s: float) -> None:
    """Sweep with every fourth endpoint taking the connection and saying nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        _fill_workspace(folder / "silent", port, silent_port=listener.getsockname()[1])
        ran = _run([*_sweep_command(folder, "silent"), "--timeout", str(SILENT_TIMEOUT_S)], folder)
    silent = len(range(0, ENDPOINTS, 4))
    limit = silent / CONCURRENCY * SILENT_TIMEOUT_S
    print(
        f"{silent} of {ENDPOINTS} silent, {SILENT_TIMEOUT_S:.0f} s each: {ran.wall_s:.1f} s, "
        f"{ran.wall_s - without_s:.1f} s longer, limit {limit:.1f} s, "
        f"ratio {(ran.wall_s - without_s) / limit:.2f}; {ran.output.strip().splitlines()[-1]}"
    )


def _killed(folder: Path, port: int) -> None:
    """Kill a sweep in its midst and go on with it."""
    _fill_workspace(folder / "killed", port)
    running = subprocess.Popen([*_sweep_command(folder, "killed"), "--jsonl"], stdout=subprocess.PIPE)
    os.sched_setaffinity(running.pid, CLIENT_CORE)
    assert running.stdout is not None
    for _ in range(ENDPOINTS // 2):
        running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.stdout.close()
    running.wait()
    ran = _run([*_sweep_command(folder, "killed"), "--resume", "--json"], folder)
    told, _, document = ran.output.partition("{")
    print(
        f"killed after {ENDPOINTS // 2} of {ENDPOINTS}, and gone on with in {ran.wall_s:.1f} s: "
        f"{told.strip()} {json.loads('{' + document)['summary']}"
    )


def from_window(folder: Path, port: int, *, cancels: bool) -> None:
    """Sweep from the window, and print the gaps of its thread, or how long Cancel took."""
    from PySide6.QtCore import QTimer

    from trustdesk.gui.application import run_window
    from trustdesk.gui.window import MainWindow
    from trustdesk.services.clock import SystemClock
    from trustdesk.services.desk import Desk
    from trustdesk.services.identities import load_identity
    from trustdesk.services.live_desk import LiveDesk
    from trustdesk.services.trust_lists import file_list
    from trustdesk.storage.workspace import Workspace

    place = folder / ("cancelled" if cancels else "window")
    _fill_workspace(place, port, identity="client")
    gaps: list[float] = []
    last = asked = 0.0
    timer = QTimer()
    window_of: list[MainWindow] = []

    def open_desk() -> Desk:
        return LiveDesk(
            workspace=Workspace.open(place),
            trust_lists=(file_list(folder / "root.pem"),),
            in_force=["root.pem"],
            identities={"client": load_identity(folder / "client.pem", folder / "client.key")},
            clock=SystemClock(),
        )

    def tick() -> None:
        nonlocal last, asked
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now
        sweep = window_of[0].partners.sweep
        if cancels and not asked and sweep.tally.done > ENDPOINTS // 10:
            asked = now
            sweep.cancel()

    def ready(window: MainWindow, _desk: Desk) -> None:
        nonlocal last
        window_of.append(window)
        window.partners.sweep.ended.connect(window.close)
        window.partners.run_when_loaded()
        last = time.perf_counter()
        timer.setInterval(TICK_MS)
        timer.timeout.connect(tick)
        timer.start()

    begun = time.perf_counter()
    run_window(open_desk, title="bench", settings_file=None, on_ready=ready)
    timer.stop()
    if cancels:
        took = (last - asked) * 1000
        print(
            f"Cancel from the window: {took:.0f} ms, limit {CANCEL_LIMIT_MS:.0f} ms, "
            f"ratio {took / CANCEL_LIMIT_MS:.2f}"
        )
        return
    worst_at = sorted(((gap, sum(gaps[:place]) / 1000) for place, gap in enumerate(gaps)), reverse=True)[:5]
    gaps.sort()
    p99, worst = gaps[int(len(gaps) * 0.99)], gaps[-1]
    print(
        f"sweep of {ENDPOINTS} from the window, {time.perf_counter() - begun:.1f} s: "
        f"{window_of[0].partners.sweep.totals}\n"
        f"gaps in its thread over {len(gaps)} ticks of {TICK_MS} ms: p99 {p99:.1f} ms, "
        f"limit {P99_LIMIT_MS:.0f} ms, ratio {p99 / P99_LIMIT_MS:.2f}; "
        f"maximum {worst:.1f} ms, limit {GAP_LIMIT_MS:.0f} ms, ratio {worst / GAP_LIMIT_MS:.2f}; longest: "
        + ", ".join(f"{gap:.0f} ms after {at:.1f} s" for gap, at in worst_at)
    )


def _sweep_command(folder: Path, workspace: str = "workspace") -> list[str]:
    return [
        sys.executable, "-m", "trustdesk", "sweep", "--workspace", str(folder / workspace),
        "--client-cert", str(folder / "client.pem"), "--client-key", str(folder / "client.key"),
        "--trust-list", str(folder / "root.pem"),
    ]  # fmt: skip


def _sslyze(folder: Path, port: int) -> list[str] | None:
    program = os.environ.get("SSLYZE") or shutil.which("sslyze")
    if program is None:
        return None
    return [
        program, "--certinfo", "--cert", str(folder / "client.pem"), "--key", str(folder / "client.key"),
        "--sni", _host(0), *(f"{_address(number)}:{port}" for number in range(SAMPLE)),
    ]  # fmt: skip


def _testssl(folder: Path, port: int) -> list[str] | None:
    program = shutil.which("testssl") or shutil.which("testssl.sh")
    if program is None:
        return None
    targets = folder / "targets.txt"
    targets.write_text("".join(f"{_address(number)}:{port}\n" for number in range(SAMPLE)))
    # Debian's knows of no client certificate; what it looks at here, nginx shows to everybody.
    return [program, "-p", "--server-defaults", "--color", "0", "--file", str(targets)]


def _run(command: Sequence[str], folder: Path) -> Ran:
    """Run a client on its core."""
    log = folder / "output.txt"
    begun = time.perf_counter()
    with log.open("wb") as output:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        os.sched_setaffinity(running.pid, CLIENT_CORE)
        _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    return Ran(
        time.perf_counter() - begun,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        log.read_text(errors="replace"),
        running.returncode,
    )


def _address(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


def _host(number: int) -> str:
    return f"p{number:05}.g{number % CERTIFICATES:04}.{DOMAIN}"


def _fill_workspace(
    folder: Path, port: int, *, silent_port: int | None = None, identity: str | None = None
) -> None:
    with open_workspace(folder) as workspace:
        directory = Directory(workspace)
        added = [
            directory.add_endpoint(
                f"Partner {number:05}",
                parse_target(
                    f"https://{_host(number)}:{port if silent_port is None or number % 4 else silent_port}",
                    connect="127.0.0.1" if silent_port is not None and not number % 4 else _address(number),
                ),
                identity,
            )
            for number in range(ENDPOINTS)
        ]
        for one in added:
            one.result()


def _files(folder: Path) -> int:
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    root = issue("Bench Root", None, ec.generate_private_key(ec.SECP256R1()), now, is_ca=True)
    issuing = issue("Bench Issuing CA", root, ec.generate_private_key(ec.SECP256R1()), now, is_ca=True)
    (folder / "root.pem").write_bytes(root[0].public_bytes(Encoding.PEM))
    client_ca = pki.root("Bench Client Root")
    client = pki.client(client_ca)
    (folder / "client-ca.pem").write_bytes(client_ca.pem)
    (folder / "client.pem").write_bytes(client.pem)
    (folder / "client.key").write_bytes(client.key_pem())
    (folder / "client.key").chmod(0o600)
    issuing_pem = issuing[0].public_bytes(Encoding.PEM)
    port = free_port()
    servers = []
    for number in range(CERTIFICATES):
        made = issue(f"*.g{number:04}.{DOMAIN}", issuing, key, now, is_ca=False)[0]
        (folder / f"s{number}.pem").write_bytes(made.public_bytes(Encoding.PEM) + issuing_pem)
        servers.append(
            f"server {{ listen {port} ssl; server_name *.g{number:04}.{DOMAIN}; "
            f"ssl_certificate {folder}/s{number}.pem; location / {{ return 401; }} }}"
        )
    (folder / "server.key").write_bytes(Issued(issuing[0], key).key_pem())
    places = " ".join(
        f"{place}_temp_path {folder}/{place};"
        for place in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""daemon off; master_process off; pid {folder}/pid; error_log stderr crit;
        worker_rlimit_nofile 8192; events {{ worker_connections 4096; }}
        http {{ access_log off; {places} server_names_hash_max_size 8192; ssl_session_tickets on;
          ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate_key {folder}/server.key;
          ssl_client_certificate {folder}/client-ca.pem; ssl_verify_client on; ssl_verify_depth 3;
          {" ".join(servers)} }}"""
    )
    return port


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")],
        stdin=subprocess.DEVNULL,
    )
    os.sched_setaffinity(server.pid, SERVER_CORE)
    (folder / "server.pid").write_text(str(server.pid))
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("nginx does not answer")


def _processor_of_server(folder: Path) -> float:
    fields = Path(f"/proc/{(folder / 'server.pid').read_text()}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    if sys.argv[1:2] in (["window"], ["cancel"]):
        ENDPOINTS = int(os.environ.get("BENCH_ENDPOINTS", ENDPOINTS))
        from_window(Path(sys.argv[2]), int(sys.argv[3]), cancels=sys.argv[1] == "cancel")
    else:
        os.environ["BENCH_ENDPOINTS"] = str(ENDPOINTS)
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        main()
