"""Whether trust lists survive kills, and how long 10,000 entries take to keep and to read.

python3 packaging/dev.py bench trust_storage

Kills the program that applies, undoes and decides 240 times at random points (`trust_storage.py 30` kills
less often). Exit status 1 when something is not as it has to be.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support import pki
from tests.support.trust_content import content, entry, note, source
from tests.support.trust_kills import kill_again_and_again
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust_version import VersionState
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_in_force import trust_in_force
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")

KILLS, ENTRIES = 240, 10_000
KEEP_LIMIT_S, READ_LIMIT_S = 1.0, 2.0


def main(kills: int) -> int:
    """Measure; return the exit status."""
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        _times(Path(folder, "times"))
        table = kill_again_and_again(Path(folder, "kills"), kills)
    print(*table.table(), sep="\n")
    return 1 if table.wrong else 0


def _times(folder: Path) -> None:
    workspace = Workspace.open(folder)
    lists, log = TrustLists(workspace), TrustLogBook(workspace)
    said = content([entry(facts) for facts in _certificates()], None)

    def keep(base: int | None) -> None:
        lists.keep(
            "partners",
            said,
            source(),
            state=VersionState.APPLIED,
            base=base,
            note=note(),
            in_force=True,
        ).result()

    _time("keep", lambda: keep(None), KEEP_LIMIT_S)
    _time("keep another", lambda: keep(1), KEEP_LIMIT_S)
    _time("read", lambda: lists.version("partners").result(), READ_LIMIT_S)
    _time("read again", lambda: lists.version("partners").result())
    _time("what is in force", lambda: trust_in_force(workspace, lambda: NO_SEALER).result())
    _time("summaries", lambda: lists.summaries().result())
    _time("the log, held against two versions", lambda: log.read().result())
    workspace.close()


def _time(title: str, work: Callable[[], T], limit_s: float | None = None) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    limit = "" if limit_s is None else f"  limit {limit_s:.0f} s"
    print(f"{title:<40}{wall:>7.3f} s, of the processor {cpu:.3f} s{limit}", flush=True)
    return result


def _certificates() -> list[CertificateFacts]:
    """Return certificates of which no two have the same bytes, and which take no time to make."""
    facts = pki.root("Bench Root").facts
    made = []
    for number in range(ENTRIES):
        der = facts.der + number.to_bytes(4, "big")
        made.append(replace(facts, der=der, sha256=hashlib.sha256(der).hexdigest()))
    return made


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in sys.argv[1:2] or [str(KILLS)])))
