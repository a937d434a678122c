"""How long a probe takes on loopback, beside its limit and beside `openssl s_client`.

python3 packaging/dev.py bench probe
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from pathlib import Path

from trustdesk.core.probe import Outcome
from trustdesk.lab.process import LabProcess, LabServer
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.identities import load_identity
from trustdesk.services.trust_lists import file_list
from trustdesk.verify.judge import PathJudge

LIMIT_MS = 60.0
ROUNDS = 40


def main() -> None:
    with LabProcess.start() as lab:
        description = lab.description
        judge = PathJudge([file_list(Path(description.trust_list))])
        identities = {
            identity.name: load_identity(Path(identity.certificate_file), Path(identity.key_file))
            for identity in description.identities
        }
        network = NetworkThread()
        network.start()
        for server in description.servers:
            if server.expected_outcome != "accepted" or server.protocol != "https":
                continue
            credential = identities.get(server.identity or "")
            request = ProbeRequest(target=server.target, judge=judge, credential=credential)
            times = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                record = network.probe(request).future.result()
                times.append((time.perf_counter() - begun) * 1000)
                if record.outcome is not Outcome.ACCEPTED:
                    print(f"{server.name}: {record.outcome} instead of accepted")
            median, worst = statistics.median(times), max(times)
            print(
                f"{server.name:28} median {median:6.1f} ms  worst {worst:6.1f} ms  "
                f"limit {LIMIT_MS:.0f} ms  ratio {worst / LIMIT_MS:.2f}{_beside_openssl(server, median)}"
            )
        network.close()


def _beside_openssl(server: LabServer, median_ms: float) -> str:
    program = shutil.which("openssl")
    if program is None or server.identity is not None:
        return ""
    command = [program, "s_client", "-connect", f"{server.host}:{server.port}", "-servername",
               server.server_name or "localhost", "-brief"]  # fmt: skip
    times = []
    for _ in range(10):
        begun = time.perf_counter()
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
        times.append((time.perf_counter() - begun) * 1000)
    peer = statistics.median(times)
    return f"  openssl s_client, its start included, {peer:6.1f} ms  ratio {median_ms / peer:.2f}"


if __name__ == "__main__":
    main()
