"""A program that imports, replaces and deletes identities until it is killed, and a judge of what is left.

The program says what it begins and what it has finished. After the kill a fresh start sweeps; then every
identity that was acknowledged has to be there with its very key, what was under way is there whole or not
at all, and the keyring holds the records of the keys that count and no other.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import Connection, update

from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.errors import KeyStillThereError, KeyStoreError
from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.clock import SystemClock
from trustdesk.storage import key_rows
from trustdesk.storage.identities import IdentityIndex, add_identity, remove_identity
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.schema import identities
from trustdesk.storage.secret_stores.systems import keyring_store
from trustdesk.storage.workspace import Workspace

CERTIFICATE = read_certificate(b"\x30\x03\x02\x01\x01")  # the index keeps whatever lies beside a key
OPERATIONS = ("import", "replace", "delete")
FEWEST = 2
"""Identities that the program does not replace and delete before there are more."""

LONGER_THAN_ONE = 1.2
"""A kill comes at any instant of the time that an operation takes, and a little after it."""

STARTING_S = 60.0

Work = tuple["Operation", Callable[[], None]]


def digest(key: CertificateIssuerPrivateKeyTypes) -> str:
    """SHA-256 of a key's PKCS#8: the very bytes."""
    return hashlib.sha256(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What the program begins: names, with the digests of their keys before and after; None is absent."""

    what: str
    before: dict[str, str | None]
    after: dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The keys of a workspace folder, opened."""

    workspace: Workspace
    keys: KeyStores
    index: IdentityIndex


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    workspace = Workspace.open(folder)
    try:
        keys = KeyStores(workspace, [keyring_store()], folder / "keys.lock", SystemClock())
        yield Desk(workspace=workspace, keys=keys, index=IdentityIndex(workspace))
    finally:
        workspace.close()


def long_keys() -> list[bytes]:
    """Make keys that take more than one record, and long to make: RSA with the exponent 3."""
    return [
        rsa.generate_private_key(3, 2048).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        for _ in range(4)
    ]


# --- the program ---


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a program does: import, replace and delete, `most` times or without end.

    Attributes:
        pool: keys of several records, which nobody has time to make.
        held: names that are there, with the digests of their keys; the program leaves all others alone.
        first: what it does first, once there is something that it can be done to.
    """

    address: str
    folder: Path
    seed: int
    pool: list[bytes]
    held: dict[str, str]
    first: str
    most: int | None = None


def work(plan: Plan, said: Pipe) -> None:
    """Follow the plan; say what is begun, and what became of it."""
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = plan.address
    choice = random.Random(plan.seed)  # noqa: S311 - no secret
    with open_desk(plan.folder) as desk:
        held, what, number = dict(plan.held), plan.first, 0
        desk.keys.unlock(KeyStoreKind.KEYRING)  # what is imported at first use is no place worth a kill
        said.send("ready")
        while plan.most is None or number < plan.most:
            number += 1
            operation, run = _next(desk, what, choice, f"{plan.seed}.{number}", plan.pool, held)
            said.send(operation)
            try:
                run()
            except KeyStillThereError:
                said.send("still there")
                return
            except KeyStoreError:
                said.send("failed")
                return
            said.send("done")
            settle(held, operation.after)
            if operation.what == what:
                what = choice.choice(OPERATIONS)


def settle(held: dict[str, str], keys: dict[str, str | None]) -> None:
    """Note what names have which keys now."""
    for name, key in keys.items():
        held.pop(name, None)
        if key is not None:
            held[name] = key


def _next(
    desk: Desk, what: str, choice: random.Random, name: str, pool: list[bytes], held: dict[str, str]
) -> Work:
    if what == "import" or len(held) <= FEWEST:
        return _import(desk, [f"{name}.{number}" for number in range(choice.randint(1, 2))], choice, pool)
    chosen = choice.choice(sorted(held))
    return _replace(desk, chosen, held, choice, pool) if what == "replace" else _delete(desk, chosen, held)


def _new_key(choice: random.Random, pool: list[bytes]) -> CertificateIssuerPrivateKeyTypes:
    if choice.random() < 0.5:
        return ec.generate_private_key(ec.SECP256R1())
    key = load_der_private_key(choice.choice(pool), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _import(desk: Desk, names: list[str], choice: random.Random, pool: list[bytes]) -> Work:
    keys = [_new_key(choice, pool) for _ in names]

    def also(connection: Connection, stored: tuple[StoredKey, ...]) -> None:
        for name, key in zip(names, stored, strict=True):
            add_identity(
                connection,
                name=name,
                certification_path=[CERTIFICATE],
                key=key,
                added_at=key.created_at,
                source="a test",
            )

    def run() -> None:
        new = [NewKey(private_key=key, source="a test") for key in keys]
        desk.keys.put(new, store=KeyStoreKind.KEYRING, also=also)

    after: dict[str, str | None] = dict(zip(names, map(digest, keys), strict=True))
    return Operation(what="import", before=dict.fromkeys(names), after=after), run


def _replace(desk: Desk, name: str, held: dict[str, str], choice: random.Random, pool: list[bytes]) -> Work:
    key = _new_key(choice, pool)
    while digest(key) == held[name]:
        key = _new_key(choice, pool)

    def also(connection: Connection, stored: tuple[StoredKey, ...]) -> None:
        change = update(identities).where(identities.c.name == name)
        connection.execute(change.values(key_reference=str(stored[0].reference)))

    def run() -> None:
        old = desk.index.named(name).result().key.reference
        new = NewKey(private_key=key, source="a test")
        desk.keys.put([new], store=KeyStoreKind.KEYRING, also=also, replacing=[old])

    return Operation(what="replace", before={name: held[name]}, after={name: digest(key)}), run


def _delete(desk: Desk, name: str, held: dict[str, str]) -> Work:
    def also(connection: Connection) -> None:
        remove_identity(connection, name)

    def run() -> None:
        desk.keys.release([desk.index.named(name).result().key.reference], also=also)

    return Operation(what="delete", before={name: held[name]}, after={name: None}), run


# --- the kills, and what is left ---


@dataclass(kw_only=True)
class KillTable:
    """What came of the kills.

    Attributes:
        counts: by operation under way and outcome.
        wrong: what must not be, in words; empty when all is well.
    """

    rounds: int = 0
    acknowledged: int = 0
    looked_at: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    rolled_back: int = 0
    deleted: int = 0
    orphans_removed: int = 0
    orphans_left: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        outcomes = ["absent as before", "complete"]
        rows = [f"{'under way':10} {outcomes[0]:>18} {outcomes[1]:>10}"]
        for what in ("import", "replace", "delete"):
            numbers = [self.counts[what, outcome] for outcome in ("before", "after")]
            rows.append(f"{what:10} {numbers[0]:18} {numbers[1]:10}")
        return [
            *rows,
            f"nothing    {self.counts['nothing', 'under way']:18}",
            f"kills {self.rounds}, operations acknowledged {self.acknowledged}, identities looked at after "
            f"kills {self.looked_at}",
            f"swept: {self.rolled_back} keys rolled back, {self.deleted} deleted, {self.orphans_removed} "
            f"orphan records removed; orphans left after the sweep: {self.orphans_left}",
            f"wrong: {len(self.wrong)}",
            *self.wrong,
        ]


def kill_the_program(daemon: SecretServiceDaemon, folder: Path, rounds: int, seed: int = 1) -> KillTable:
    """SIGKILL the program at a random instant, again and again."""
    return _Kills(daemon, folder, seed).run(rounds, kills_daemon=False)


def kill_the_daemon(daemon: SecretServiceDaemon, folder: Path, rounds: int, seed: int = 2) -> KillTable:
    """SIGKILL the keyring's daemon under the program, again and again; it is started anew for the judge."""
    return _Kills(daemon, folder, seed).run(rounds, kills_daemon=True)


def two_at_once(daemon: SecretServiceDaemon, folder: Path, operations: int) -> KillTable:
    """Run two programs side by side on one workspace to their end, and look at what is left."""
    kills = _Kills(daemon, folder, seed=3)
    programs = [kills.start(first, seed, operations) for first, seed in (("import", 101), ("import", 102))]
    for process, said in programs:
        kills.take_in(said)
        process.join()
        if process.exitcode != 0:
            kills.table.wrong.append(f"a program ended with {process.exitcode}")
    kills.judge()
    return kills.table


Program = tuple[multiprocessing.process.BaseProcess, Pipe]


class _Kills:
    def __init__(self, daemon: SecretServiceDaemon, folder: Path, seed: int) -> None:
        self._daemon = daemon
        self._folder = folder
        self._choice = random.Random(seed)  # noqa: S311 - no secret
        self._pool = long_keys()
        self._held: dict[str, str] = {}
        self._open: Operation | None = None
        self._said_last = ""
        self.table = KillTable()
        # A fork of a process that has everything imported and no thread: a start takes a few ms.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            ["tests.support.key_kills", "keyring.backends.SecretService", "filelock"]
        )
        with open_desk(folder):
            pass  # the tables are made once, and not by the program that is killed

    def run(self, rounds: int, *, kills_daemon: bool) -> KillTable:
        times = {what: self._time(what) for what in OPERATIONS}
        self.table = KillTable(wrong=self.table.wrong)
        for number in range(rounds):
            what = OPERATIONS[number % len(OPERATIONS)]
            process, said = self.start(what, self._choice.randrange(1 << 30), None)
            self._hear_until(said, partial(self._is_at, what))
            process.join(self._choice.uniform(0, LONGER_THAN_ONE * times[what]))
            if kills_daemon:
                self._daemon.kill()
                self._hear_until(said, lambda: self._said_last in {"failed", "still there"})
            process.kill()
            process.join()
            self.take_in(said)
            if kills_daemon:
                self._daemon.start()
            self.table.rounds += 1
            self.judge()
        return self.table

    def start(self, first: str, seed: int, most: int | None) -> Program:
        hears, says = multiprocessing.Pipe(duplex=False)
        held = self._held if most is None else {}
        plan = Plan(
            address=self._daemon.address,
            folder=self._folder,
            seed=seed,
            pool=self._pool,
            held=held,
            first=first,
            most=most,
        )
        process = self._context.Process(target=work, args=(plan, says))
        process.start()
        says.close()
        return process, hears

    def _time(self, what: str) -> float:
        """How long an operation takes here today, the first of its kind in a program that just started."""
        taken = []
        for _ in range(2):
            process, said = self.start(what, self._choice.randrange(1 << 30), None)
            self._hear_until(said, partial(self._is_at, what))
            begun = time.monotonic()
            self._hear_until(said, lambda: not self._is_at(what))
            taken.append(time.monotonic() - begun)
            process.kill()
            process.join()
            self.take_in(said)
            self.judge()
        return max(taken)

    def _is_at(self, what: str) -> bool:
        return self._open is not None and self._open.what == what

    def _hear_until(self, said: Pipe, is_so: Callable[[], bool]) -> None:
        while not is_so():
            assert said.poll(STARTING_S), "the program says nothing"
            self._hear(said.recv())

    def take_in(self, said: Pipe) -> None:
        """Hear everything that the program has said, to the last whole word."""
        with said:
            while True:
                try:
                    self._hear(said.recv())
                except (EOFError, OSError):
                    return

    def _hear(self, word: object) -> None:
        if isinstance(word, Operation):
            self._open = word
        elif word == "done" and self._open is not None:
            self.table.acknowledged += 1
            settle(self._held, self._open.after)
            self._open = None
        self._said_last = str(word)

    def judge(self) -> None:
        """Start anew, sweep, and look at everything."""
        with open_desk(self._folder) as desk:
            swept = desk.keys.sweep()
            self.table.rolled_back += swept.rolled_back
            self.table.deleted += swept.deleted
            self.table.orphans_removed += swept.orphans
            there = {
                identity.name: digest(desk.keys.load(identity.key.reference))
                for identity in desk.index.all().result()
            }
            if swept.waiting or swept.spared:
                self._say(f"the sweep left something: {swept}")
            self._look_at_records(desk)
        self._look_at_what_was_under_way(there)
        self.table.looked_at += len(there)
        if there != self._held:
            self._say(f"acknowledged {sorted(self._held)}, found {sorted(there)}, or other keys")
            self._held = there

    def _look_at_what_was_under_way(self, there: dict[str, str]) -> None:
        operation, self._open = self._open, None
        if operation is None:
            self.table.counts["nothing", "under way"] += 1
            return
        found = {name: there.get(name) for name in operation.after}
        if found == operation.after:
            outcome = "after"
        elif found == operation.before:
            outcome = "before"
        else:
            self._say(f"{operation.what} is half done: {operation}, found {found}")
            return
        told = {"failed": "before", "still there": "after"}.get(self._said_last)
        if told is not None and told != outcome:
            self._say(f"{operation.what} was said to have {self._said_last}, and it is not so")
        self.table.counts[operation.what, outcome] += 1
        settle(self._held, found)

    def _look_at_records(self, desk: Desk) -> None:
        store_id, unfinished, active = desk.workspace.submit(_rows).result()
        wanted = {name for row in active for name in key_rows.record_names(store_id, row)}
        found = set(keyring_store().names(key_rows.record_prefix(store_id)) or ())
        self.table.orphans_left += len(found - wanted)
        if found != wanted or unfinished:
            self._say(f"records {sorted(found ^ wanted)} too many or too few, rows on their way {unfinished}")

    def _say(self, what: str) -> None:
        self.table.wrong.append(f"after {self.table.rounds} kills: {what}")


def _rows(connection: Connection) -> tuple[str, Sequence[key_rows.KeyRow], Sequence[key_rows.KeyRow]]:
    stored = tuple(key_rows.stored_keys(connection))
    return (
        key_rows.store_id(connection),
        key_rows.unfinished(connection),
        key_rows.rows_of(connection, stored),
    )
