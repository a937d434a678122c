"""The board with 10,000 partners and 1,000,000 observations: opening, filtering, size, memory.

    python3 packaging/dev.py bench board

A workspace is made by the functions that keep what tests found, a hundred days of each endpoint: servers
that renew their certificates, that refuse ours, that fall silent and come back. Each measurement is a process
of its own, with a real window and a real desk, offscreen unless QT_QPA_PLATFORM says otherwise. `board.py
FOLDER` keeps the workspace in a folder, and takes it from there the next time. Exit status 1 when a limit is
passed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if TYPE_CHECKING:
    from trustdesk.core.probe import ProbeReport
    from trustdesk.core.trust import TrustList
    from trustdesk.gui.partners.model import PartnersModel

PARTNERS, DAYS, RENEWED_AFTER = 10_000, 100, (31, 70)
OPEN_LIMIT_S, FILTER_LIMIT_MS, SIZE_LIMIT_MB, GAP_LIMIT_MS = 1.0, 100.0, 1_000.0, 50.0
CAS, KEYS, AT_ONCE = 20, 64, 25
TICK_MS = 5
AT = datetime.now(UTC).replace(microsecond=0)
ROOTS_FILE = "roots.pem"


def main(folder: Path | None) -> int:
    """Measure; return the exit status."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if folder is not None:
        return _measure(folder)
    with tempfile.TemporaryDirectory(prefix="board-") as made:
        return _measure(Path(made))


def _measure(folder: Path) -> int:
    if not (folder / ROOTS_FILE).exists():
        subprocess.run([sys.executable, __file__, "make", str(folder)], check=True)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    _print("size of the database", size, SIZE_LIMIT_MB, "MB")
    parts = ("open", "queries")
    return max(
        subprocess.run([sys.executable, __file__, one, str(folder)], check=False).returncode for one in parts
    )


def make(folder: Path) -> None:
    """Make the workspace; its partners' names and histories are by chance, the same each time."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.support.mass_issuing import issue
    from trustdesk.core.target import parse_target
    from trustdesk.services.standings import kept_standing
    from trustdesk.storage.directory import Directory
    from trustdesk.storage.workspace import Workspace

    begun = time.perf_counter()
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(KEYS)]
    roots = [issue(f"Root {number}", None, keys[number], AT, is_ca=True) for number in range(CAS)]
    issuing = [issue(f"Issuing {n}", roots[n], keys[n - 1], AT, is_ca=True) for n in range(CAS)]
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace.open(folder)
    directory = Directory(workspace, kept_standing)
    pem = b"".join(one[0].public_bytes(Encoding.PEM) for one in roots)
    (folder / "roots.new").write_bytes(pem)
    history = _History(trust_list(folder / "roots.new"), issuing, keys)
    waiting = []
    for first in range(0, PARTNERS, AT_ONCE):
        batch = []
        for number in range(first, first + AT_ONCE):
            host = f"1r.{_name(number).lower().replace(' ', '-')}.example"
            endpoint = directory.add_endpoint(_name(number), parse_target(f"https://{host}/1R")).result()
            batch += [(endpoint.id, report) for report in history.of(number, host)]
        waiting.append(directory.record_reports(batch))
        if len(waiting) > 2:
            waiting.pop(0).result()
    for one in waiting:
        one.result()
    workspace.close()
    (folder / "roots.new").rename(folder / ROOTS_FILE)
    print(f"{PARTNERS} partners, {PARTNERS * DAYS} observations made in {time.perf_counter() - begun:.0f} s")


def trust_list(file: Path) -> TrustList:
    """Return the list of the roots."""
    from trustdesk.services.trust_lists import file_list

    return replace(file_list(file), name="bench")


class _History:
    """Makes the reports of endpoints, a hundred days of each."""

    def __init__(self, above: TrustList, issuing: list, keys: list) -> None:  # type: ignore[type-arg]
        from trustdesk.services.published_keys import published_keys
        from trustdesk.verify.judge import PathJudge

        self._issuing, self._keys = issuing, keys
        self._judge = PathJudge([above], published_keys=published_keys())

    def of(self, number: int, host: str) -> Iterator[ProbeReport]:
        """Yield the reports of an endpoint, the oldest first."""
        from tests.support import samples

        chance = random.Random(number)
        kind = chance.random()
        ends = (*RENEWED_AFTER, DAYS)
        silent = samples.timed_out()
        begun = 0
        for end in ends:
            good = self._accepted(number, host)
            for day in range(begun, end):
                report = good
                if kind < 0.05 or (kind < 0.1 and day >= DAYS - 20):
                    report = self._refused(good, host)
                elif kind < 0.15 and chance.random() < 0.2:
                    report = silent
                at = AT - timedelta(days=DAYS - day, seconds=number % 3600)
                yield replace(report, record=replace(report.record, started_at=at))
            begun = end

    def _accepted(self, number: int, host: str) -> ProbeReport:
        from cryptography.hazmat.primitives.serialization import Encoding

        from tests.support import samples
        from tests.support.mass_issuing import issue
        from trustdesk.core.target import parse_target
        from trustdesk.formats.certificate import read_certificate
        from trustdesk.services.reporting import report_on

        above = self._issuing[number % CAS]
        made = issue(host, above, self._keys[number % KEYS], AT, is_ca=False)
        ders = [one.public_bytes(Encoding.DER) for one in (made[0], above[0])]
        record = replace(
            samples.healthy().record,
            target=parse_target(f"https://{host}/1R"),
            presented_chain=tuple(map(read_certificate, ders)),
            judgement=self._judge.judge_server(ders, host, AT - timedelta(days=1)),
        )
        return report_on(record)

    def _refused(self, good: ProbeReport, host: str) -> ProbeReport:
        from tests.support import samples
        from trustdesk.core.target import parse_target
        from trustdesk.services.reporting import report_on

        record = replace(
            samples.rejected_client().record,
            target=parse_target(f"https://{host}/1R"),
            presented_chain=good.record.presented_chain,
            judgement=good.record.judgement,
        )
        return report_on(record)


def _name(number: int) -> str:
    words = ("Nordwind", "Zephyr", "Kestrel", "Tamarind", "Aurelia", "Monsoon", "Lumen", "Meridian")
    kinds = ("Cargo", "Forwarding", "Handling", "Logistics", "Airways")
    return f"{words[number % 8]} {kinds[number // 8 % 5]} {number:05d}"


def open_once(folder: Path) -> int:
    """Open the window on the workspace's partners; filter them; return the exit status."""
    from PySide6.QtCore import QTimer

    from trustdesk.gui import collector
    from trustdesk.gui.application import application
    from trustdesk.gui.bridge import Bridge
    from trustdesk.gui.window import PARTNERS as PAGE
    from trustdesk.gui.window import MainWindow
    from trustdesk.services.clock import SystemClock
    from trustdesk.services.live_desk import LiveDesk
    from trustdesk.storage.workspace import Workspace

    lists = (trust_list(folder / ROOTS_FILE),)
    app = application()
    bridge = Bridge()
    window = MainWindow(bridge, title="bench")
    window.build_pages()
    window.show()
    window.show_page(PAGE)
    for _ in range(20):
        app.processEvents()
    collector.leave_alone()
    ticks: list[float] = []
    timer = QTimer()
    timer.setInterval(TICK_MS)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    used, begun = time.process_time(), time.perf_counter()
    desk = LiveDesk(workspace=Workspace.open(folder), trust_lists=lists, identities={}, clock=SystemClock())
    opened = time.perf_counter() - begun
    window.set_desk(desk)
    model = window.partners.model
    _wait(lambda: model.rowCount() == PARTNERS)
    window.grab()
    took, used = time.perf_counter() - begun, time.process_time() - used
    told = len(ticks)
    _wait(lambda: len(ticks) > told)  # the gap that the painting itself makes counts too
    bad = _print("opening, until the table of the window is painted", took, OPEN_LIMIT_S, "s")
    print(f"  of which the workspace and its desk {opened:.2f} s; processor {used:.2f} s; {_gaps(ticks)}")
    from collections import Counter

    print(f"  states: {dict(Counter(row.state.value for row in model.rows))}")
    search = window.partners.heading.filter_field
    for text in ("kestrel", "kestrel forw", "1r.zephyr", "00", "nobody has this", ""):
        ticks.clear()
        used, begun = time.thread_time(), time.perf_counter()
        search.setText(text)
        _wait(partial(_is_filtered, model, text))
        window.grab()
        took, used = (time.perf_counter() - begun) * 1000, (time.thread_time() - used) * 1000
        title = f"filter by {text!r}, {model.rowCount()} rows, {used:.0f} ms of them the window's own thread"
        bad |= _print(title, took, FILTER_LIMIT_MS, "ms")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1000
    print(f"peak memory of the window's process: {peak:.0f} MB")
    timer.stop()
    window.close()
    bridge.close()
    desk.close()
    return int(bad)


def queries(folder: Path) -> int:
    """Time what is asked of the history beside the board."""
    from trustdesk.storage.history import history_of, latest_changes
    from trustdesk.storage.identities import IdentityIndex
    from trustdesk.storage.new_fingerprints import all_new_fingerprints
    from trustdesk.storage.observations import ObservationStore
    from trustdesk.storage.stored_chains import ChainStore
    from trustdesk.storage.workspace import Workspace

    workspace = Workspace.open(folder)
    store = ObservationStore(workspace)
    latest_50 = partial(latest_changes, rows=50)
    history = partial(history_of, endpoint_id=5_000, tests=100, rows=100, since=AT - timedelta(days=3_650))
    questions: tuple[tuple[str, Callable[[], object]], ...] = (
        ("new fingerprints", lambda: len(all_new_fingerprints(workspace))),
        ("the last chains", lambda: len(ChainStore(workspace).last_chains().result())),
        ("uses of identities", lambda: len(IdentityIndex(workspace).uses().result())),
        ("the latest 50 changes", lambda: len(workspace.submit(latest_50, reading=True).result().changes)),
        (
            "a history of 100 tests",
            lambda: len(workspace.submit(history, reading=True).result().observations),
        ),
        ("letting go at 25 endpoints", lambda: store.tidy(AT, 25).result()),
    )
    for title, work in questions:
        begun = time.perf_counter()
        found = work()
        print(f"{title}: {(time.perf_counter() - begun) * 1000:.0f} ms, {found}")
    workspace.close()
    return 0


def _is_filtered(model: PartnersModel, text: str) -> bool:
    return model.arrangement.text == text


def _wait(until: Callable[[], bool], deadline_s: float = 120.0) -> None:
    """Let the window live until something is so."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    end = time.perf_counter() + deadline_s
    while not until():
        # A timer ends the waiting; looking all the time would take the interpreter from those who read.
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > end:
            raise SystemExit("the window did not come to its end")


def _gaps(ticks: list[float]) -> str:
    gaps = [(after - before) * 1000 for before, after in pairwise(ticks)]
    return f"longest gap in the window's thread {max(gaps, default=0):.0f} ms"


def _print(title: str, value: float, limit: float, unit: str) -> bool:
    """Print a measurement beside its limit; return whether it passes it."""
    shown = f"{value:.2f}" if limit < 10 else f"{value:.0f}"
    print(f"{title}: {shown} {unit}  limit {limit:.0f} {unit}  ratio {value / limit:.2f}", flush=True)
    return value > limit


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder]:
            make(Path(folder))
        case ["open", folder]:
            sys.exit(open_once(Path(folder)))
        case ["queries", folder]:
            sys.exit(queries(Path(folder)))
        case [folder]:
            sys.exit(main(Path(folder)))
        case _:
            sys.exit(main(None))
