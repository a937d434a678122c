"""Whether private keys survive kills, what is written of them, and how long it takes to have one.

python3 packaging/dev.py bench keys

Kills the program 300 times and the keyring 100 times at random points (`keys.py 30 10` kills less often),
lets two programs work at once, and looks with strace at everything that is written during import, handshake
and export; all on a real gnome-keyring of its own. Exit status 1 when something is not as it has to be.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.support.key_kills import KillTable, kill_the_daemon, kill_the_program, open_desk, two_at_once
from tests.support.key_trace import some_keys, trace
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.key_store import KeyReference, KeyStoreKind
from trustdesk.storage.key_stores import KeyStores, NewKey

KILLS, DAEMON_KILLS, AT_ONCE = 300, 100, 30
LIMIT_MS = 60.0
LOADS = 50


def main(kills: int, daemon_kills: int) -> int:
    """Measure; return the exit status."""
    is_good = True
    for title, count, run in (
        ("SIGKILL of the program", kills, kill_the_program),
        ("SIGKILL of the keyring's daemon", daemon_kills, kill_the_daemon),
        ("two programs at once, operations each", AT_ONCE, two_at_once),
    ):
        is_good &= _kill(title, count, run)
    with _session() as (folder, daemon):
        is_good &= _trace(daemon, folder / "place")
        is_good &= _time(folder / "desk")
    return 0 if is_good else 1


@contextmanager
def _session() -> Iterator[tuple[Path, SecretServiceDaemon]]:
    """Give an empty folder, and a keyring that this process and its programs use."""
    with tempfile.TemporaryDirectory(prefix="keys-") as name, SecretServiceDaemon(Path(name, "s")) as daemon:
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = daemon.address
        yield Path(name), daemon


def _kill(title: str, count: int, run: Callable[[SecretServiceDaemon, Path, int], KillTable]) -> bool:
    begun = time.perf_counter()
    with _session() as (folder, daemon):
        table = run(daemon, folder / "desk", count)
    print(f"-- {title}: {count}, {time.perf_counter() - begun:.0f} s")
    print(*table.lines(), sep="\n", flush=True)
    return not table.wrong and not table.orphans_left


def _trace(daemon: SecretServiceDaemon, folder: Path) -> bool:
    seen = trace(daemon, folder, some_keys())
    control = trace(daemon, folder.with_name("control"), some_keys(), plainly=True)
    print(
        "-- strace of import, handshake and export (P-256, RSA-2048, RSA-2048 in two records): "
        f"{seen.writes} writes, {seen.size} bytes, {len(seen.files)} files and sockets; "
        f"pieces of keys found: {len(seen.found)} (with an export in the clear: {len(control.found)})",
        flush=True,
    )
    return not seen.found and bool(control.found)


def _time(folder: Path) -> bool:
    print(f"-- load() on gnome-keyring, median of {LOADS}, and put() of one key")
    good = True
    kinds: dict[str, Callable[[], ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]] = {
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
        "RSA-4096": lambda: rsa.generate_private_key(65537, 4096),
    }
    with open_desk(folder) as desk:
        for name, make in kinds.items():
            key = NewKey(private_key=make(), source="a measurement")
            begun = time.perf_counter()
            reference = desk.keys.put(
                [key], store=KeyStoreKind.KEYRING, also=lambda _connection, stored: stored[0].reference
            )
            put_ms = (time.perf_counter() - begun) * 1000
            times = sorted(_load(desk.keys, reference) for _ in range(LOADS))
            median = statistics.median(times)
            limit = f"  limit {LIMIT_MS:.0f} ms  ratio {median / LIMIT_MS:.2f}" if name == "P-256" else ""
            good &= name != "P-256" or median < LIMIT_MS
            print(f"{name:9} load {median:5.1f} ms, longest {times[-1]:5.1f} ms{limit}; put {put_ms:5.1f} ms")
    return good


def _load(keys: KeyStores, reference: KeyReference) -> float:
    begun = time.perf_counter()
    keys.load(reference)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]] or [KILLS, DAEMON_KILLS]
    sys.exit(main(*numbers))
