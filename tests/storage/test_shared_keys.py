"""Machines that share a workspace: each has its own key stores, and leaves those of the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, update

from tests.support.memory_secrets import MemorySecrets
from tests.support.postgres_server import PostgresServer
from tests.support.store_cases import CHEAP, PASSPHRASE
from tests.support.trust_content import distrust, note
from trustdesk.core.errors import (
    KeyLostError,
    KeyStoreRefusedError,
    KeyStoreUnavailableError,
    UnusableInputError,
    WrongPasswordError,
)
from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.services.clock import SystemClock
from trustdesk.storage import key_rows
from trustdesk.storage.key_rows import KeyState
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.schema import keys
from trustdesk.storage.seal_handover import hand_over, take_over
from trustdesk.storage.seal_keys import SealKeys, record_name
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

pytestmark = pytest.mark.servers


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One that has the workspace open, with a keyring of its own."""

    workspace: Workspace
    secrets: MemorySecrets

    @property
    def keys(self) -> KeyStores:
        lock = self.workspace.folder / "keys.lock"
        return KeyStores(self.workspace, [self.secrets], lock, SystemClock())

    @property
    def seals(self) -> SealKeys:
        return SealKeys(self.workspace, [self.secrets], self.workspace.folder / "keys.lock")

    def put(self) -> KeyReference:
        new = NewKey(private_key=ec.generate_private_key(ec.SECP256R1()), source="a test")
        return self.keys.put([new], store=KeyStoreKind.KEYRING, also=only).reference


def only(_connection: Connection, stored: tuple[StoredKey, ...]) -> StoredKey:
    return stored[0]


@pytest.fixture
def machines(postgres: PostgresServer, tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    url = postgres.lend()
    with ExitStack() as stack:
        here, there = (
            Machine(
                workspace=stack.enter_context(closing(Workspace.open(url, folder=tmp_path / name))),
                secrets=MemorySecrets(),
            )
            for name in ("here", "there")
        )
        yield here, there
    postgres.give_back(url)


def rows(machine: Machine) -> list[KeyState]:
    found = machine.workspace.submit(lambda connection: key_rows.rows_of(connection, all_keys(connection)))
    return [row.state for row in found.result()]


def all_keys(connection: Connection) -> list[KeyReference]:
    return [KeyReference.parse(one) for one in key_rows.known_references(connection)]


def test_a_machine_keeps_its_number(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    here, there = machines
    assert here.workspace.machine == (tmp_path / "here" / "machine").read_text()
    assert here.workspace.machine != there.workspace.machine
    assert here.put().record_id.startswith(str(here.workspace.machine))


def test_a_key_of_another_machine_is_not_said_to_be_lost(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    reference = here.put()
    with pytest.raises(KeyStoreUnavailableError) as caught:
        there.keys.load(reference)
    assert "another computer" in caught.value.problem.id
    here.keys.load(reference)
    here.secrets.texts.clear()
    with pytest.raises(KeyLostError):
        here.keys.load(reference)


@pytest.mark.parametrize("state", [KeyState.PENDING, KeyState.DELETING])
def test_a_key_on_its_way_on_another_machine_is_left_to_it(
    machines: tuple[Machine, Machine], state: KeyState
) -> None:
    here, there = machines
    here.put()
    here.workspace.submit(lambda connection: connection.execute(update(keys).values(state=state))).result()
    there.keys.sweep()
    there.put()  # puts its store in order first
    assert sorted(rows(here)) == sorted([KeyState.ACTIVE, state])
    assert len([name for name in here.secrets.texts if name.startswith("trustdesk:1:")]) == 1
    here.keys.sweep()
    assert rows(here) == [KeyState.ACTIVE]
    assert here.secrets.texts == {}


def test_a_key_that_is_let_go_elsewhere_goes_where_it_lies(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    reference = here.put()
    there.secrets.is_locked = True  # it has nothing to do with it
    there.keys.release([reference], also=lambda _connection: None)
    assert rows(here) == [KeyState.DELETING]
    here.keys.sweep()
    assert rows(here) == []
    assert here.secrets.texts == {}


def test_no_machine_takes_the_others_records_for_orphans(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    references = [here.put(), there.put(), here.put()]
    for machine in machines:
        swept = machine.keys.sweep()
        assert (swept.orphans, swept.spared, swept.deleted, swept.rolled_back) == (0, 0, 0, 0)
    here.keys.load(references[0])
    there.keys.load(references[1])
    here.keys.load(references[2])


def test_the_key_of_the_seals_is_handed_over_in_a_file(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    here, there = machines
    file = tmp_path / "seals"
    with pytest.raises(KeyStoreUnavailableError):
        hand_over(here.workspace, [here.secrets], file, PASSPHRASE, CHEAP)
    sealed = here.seals
    sealed.get(may_ask=False)
    TrustDecisions(here.workspace, sealed.current).decide(distrust(), note()).result()
    hand_over(here.workspace, [here.secrets], file, PASSPHRASE, CHEAP)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["seals"]
    assert not [text for text in here.secrets.texts.values() if text.encode() in file.read_bytes()]
    with pytest.raises(UnusableInputError, match="already"):
        hand_over(here.workspace, [here.secrets], file, PASSPHRASE, CHEAP)
    seals = there.seals
    with pytest.raises(WrongPasswordError):
        take_over(there.workspace, seals, file, "another", CHEAP)
    assert TrustLogBook(there.workspace, seals.current).read().result().sealed is None
    for _again in range(2):
        take_over(there.workspace, seals, file, PASSPHRASE, CHEAP)
    assert there.secrets.texts == here.secrets.texts
    assert TrustLogBook(there.workspace, seals.current).read().result().sealed is True
    TrustDecisions(there.workspace, seals.current).decide(distrust("ab" * 32), note("there")).result()
    log = TrustLogBook(here.workspace, sealed.current).read().result()
    assert (log.sealed, log.broken_at, len(log.entries)) == (True, None, 2)


def test_another_key_of_the_seals_is_not_replaced(machines: tuple[Machine, Machine], tmp_path: Path) -> None:
    here, there = machines
    here.seals.get(may_ask=False)
    hand_over(here.workspace, [here.secrets], tmp_path / "seals", PASSPHRASE, CHEAP)
    store_id = here.workspace.submit(key_rows.store_id).result()
    other = f"TDS1|{'0' * 64}"
    there.secrets.texts[record_name(store_id)] = other
    with pytest.raises(KeyStoreRefusedError):
        take_over(there.workspace, there.seals, tmp_path / "seals", PASSPHRASE, CHEAP)
    assert there.secrets.texts == {record_name(store_id): other}


def test_a_key_of_another_workspace_is_not_taken(
    machines: tuple[Machine, Machine], workspace: Workspace, tmp_path: Path
) -> None:
    _here, there = machines
    secrets = MemorySecrets()
    SealKeys(workspace, [secrets], tmp_path / "lock").get(may_ask=False)
    hand_over(workspace, [secrets], tmp_path / "seals", PASSPHRASE, CHEAP)
    with pytest.raises(UnusableInputError, match="this workspace's seals"):
        take_over(there.workspace, there.seals, tmp_path / "seals", PASSPHRASE, CHEAP)
    assert there.secrets.texts == {}


def test_a_second_machine_makes_no_second_key_of_the_seals(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    seals = here.seals
    assert seals.get(may_ask=False) is not NO_SEALER
    other = there.seals
    assert other.get(may_ask=False) is NO_SEALER
    assert there.secrets.texts == {}
    assert not other.is_lost()
    assert here.seals.look() is not NO_SEALER
