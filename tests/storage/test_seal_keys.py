"""The key of the seals lies in a key store, comes back from it, and is made once."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, update

from tests.support.faulty_store import FaultyStore, trouble
from tests.support.memory_secrets import MemorySecrets
from tests.support.store_cases import STORES, opened_vault, store_case
from tests.support.trust_content import change, content, distrust, limit, note, pin, source
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.ports import SecretStore
from trustdesk.core.trust_decision import TrustLog
from trustdesk.core.trust_version import SignerPin, VersionState
from trustdesk.storage import schema
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.provider_lists import ProviderLists
from trustdesk.storage.seal_keys import SealKeys
from trustdesk.storage.sealing import NO_SEALER, Sealed
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    (tmp_path / "vault").mkdir()
    vault = opened_vault(tmp_path / "vault", make=True)
    yield vault
    vault.lock()


def keys(workspace: Workspace, stores: Sequence[SecretStore]) -> SealKeys:
    return SealKeys(workspace, stores, workspace.folder / "keys.lock")


def pinned(workspace: Workspace, seals: SealKeys) -> SignerPin:
    lists = TrustLists(workspace, seals.current)
    applied = lists.origin("partners").result().pin is not None
    lists.keep(
        "partners",
        content([]),
        source(),
        state=VersionState.APPLIED,
        base=1 if applied else None,
        note=note(),
        pin=pin(),
    ).result()
    found = lists.origin("partners").result().pin
    assert found is not None
    return found


def log(workspace: Workspace, seals: SealKeys) -> TrustLog:
    return TrustLogBook(workspace, seals.current).read().result()


@pytest.mark.parametrize("name", STORES)
def test_seals_hold_for_the_next_start(
    workspace: Workspace, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store_case(name, tmp_path, monkeypatch) as case:
        first = keys(workspace, [case.store])
        assert first.look() is NO_SEALER, "looking makes no key"
        assert first.get(may_ask=False) is not NO_SEALER
        assert pinned(workspace, first).sealed is True
        again = keys(workspace, [case.again()])
        assert TrustLists(workspace, again.current).origin("partners").result().pin == replace(
            pin(), sealed=None
        )
        again.look()
        assert TrustLists(workspace, again.current).origin("partners").result().pin == pin()
        assert log(workspace, again).sealed is True


def test_the_sweep_of_private_keys_spares_the_key_of_the_seals(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    class Clock:
        def now(self) -> datetime:
            return datetime(2026, 11, 27, 18, 0, tzinfo=UTC)

    seals = keys(workspace, [secrets])
    seals.get(may_ask=False)
    before = dict(secrets.texts)
    stores = KeyStores(workspace, [secrets], workspace.folder / "keys.lock", Clock())
    new = NewKey(private_key=ec.generate_private_key(ec.SECP256R1()), source="a test")
    stored = stores.put([new], store=KeyStoreKind.KEYRING, also=lambda _connection, stored: stored[0])
    assert stores.sweep().orphans == 0
    stores.release([stored.reference], also=lambda _connection: None)
    assert secrets.texts == before


def test_the_keys_value_is_shown_to_nobody(
    workspace: Workspace, secrets: MemorySecrets, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seals = keys(workspace, [secrets])
    sealer = seals.get(may_ask=False)
    pinned(workspace, seals)
    key = next(text for text in secrets.texts.values() if len(text) > 60).partition("|")[2]
    assert len(bytes.fromhex(key)) == 32
    for said in (repr(sealer), str(sealer), repr(seals), repr(vars(seals)), caplog.text):
        assert key not in said
    workspace.close()
    kept = b"".join(file.read_bytes() for file in workspace.folder.iterdir())
    assert key.encode() not in kept
    assert bytes.fromhex(key) not in kept


def test_a_locked_keyring_asks_nobody_and_a_distrust_holds_and_is_sealed_later(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    keys(workspace, [secrets]).get(may_ask=False)
    secrets.is_locked = True
    store = FaultyStore(secrets)
    seals = keys(workspace, [store])
    assert seals.get(may_ask=False) is NO_SEALER
    assert store.calls == [], "a call would have asked the person"
    decisions = TrustDecisions(workspace, seals.current)
    made = decisions.decide(distrust(), note()).result()
    assert (made.sealed, made.holds_at(made.at)) == (None, True)
    assert log(workspace, seals).sealed is None
    secrets.is_locked = False
    seals.get(may_ask=False)
    assert decisions.decisions().result()[0].sealed is True
    assert log(workspace, seals).sealed is True


def test_what_grants_and_was_made_without_a_key_store_does_not_count_as_sealed(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    without = keys(workspace, [])
    assert without.get(may_ask=True) is NO_SEALER
    assert pinned(workspace, without).sealed is None
    seals = keys(workspace, [secrets])
    decisions = TrustDecisions(workspace, seals.current)
    decisions.decide(limit(), note()).result()
    seals.get(may_ask=False)
    assert TrustLists(workspace, seals.current).origin("partners").result().pin == replace(
        pin(), sealed=False
    )
    assert decisions.decisions().result()[0].sealed is False
    assert pinned(workspace, seals).sealed is True, "a person pins it again"


def test_a_locked_keyring_is_unlocked_only_where_a_person_may_be_asked(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    keys(workspace, [secrets]).get(may_ask=False)
    secrets.is_locked = True

    class Unlocks(FaultyStore):
        def get(self, name: str) -> str | None:
            secrets.is_locked = False
            return super().get(name)

    store = Unlocks(secrets)
    assert keys(workspace, [store]).look() is NO_SEALER
    assert keys(workspace, [store]).look(may_ask=True) is not NO_SEALER


def test_a_key_in_the_vault_is_not_made_again_in_a_keyring_that_comes_later(
    workspace: Workspace, secrets: MemorySecrets, vault: Vault
) -> None:
    first = keys(workspace, [vault])
    first.get(may_ask=False)
    assert pinned(workspace, first).sealed is True
    vault.lock()
    later = keys(workspace, [secrets, vault])
    assert later.get(may_ask=True) is NO_SEALER
    assert secrets.texts == {}


# On a server another machine may have the key, and none is made in its place (`test_shared_keys`).
@pytest.mark.parametrize("on", ["sqlite"], indirect=True)
def test_a_key_that_is_lost_breaks_what_it_sealed_and_a_new_one_does_not_mend_it(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    first = keys(workspace, [secrets])
    first.get(may_ask=False)
    pinned(workspace, first)
    TrustDecisions(workspace, first.current).decide(distrust(), note()).result()
    secrets.texts.clear()
    again = keys(workspace, [secrets])
    assert again.look() is NO_SEALER
    again.get(may_ask=False)
    assert TrustLists(workspace, again.current).origin("partners").result().pin == replace(
        pin(), sealed=False
    )
    decision = TrustDecisions(workspace, again.current).decisions().result()[0]
    assert (decision.sealed, decision.holds_at(decision.at)) == (False, True)
    assert log(workspace, again).sealed is False
    again.seal_missing()
    assert log(workspace, again).sealed is False


def test_a_seal_over_the_log_that_was_removed_with_the_row_of_the_key_is_missed(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    first = keys(workspace, [secrets])
    first.get(may_ask=False)
    pinned(workspace, first)
    change(workspace, delete(schema.trust_seals))
    again = keys(workspace, [secrets])
    again.get(may_ask=False)
    assert log(workspace, again).sealed is False


def test_a_value_that_another_program_moved_does_not_hold(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    seals = keys(workspace, [secrets])
    seals.get(may_ask=False)
    pinned(workspace, seals)
    rename = update(schema.trust_lists).values(name="others")
    change(workspace, rename)
    found = TrustLists(workspace, seals.current).origin("others").result().pin
    assert found is not None
    assert found.sealed is False
    sealer = seals.current()
    seal = sealer.seal(Sealed.PIN, "name", "value")
    assert sealer.holds(Sealed.PIN, "name", "value", seal)
    assert not sealer.holds(Sealed.PROVIDER_PIN, "name", "value", seal)
    assert ProviderLists(workspace, seals.current).all().result() == ()


@pytest.mark.parametrize(
    "record", ["", "TDS1|", "TDS1|" + "0" * 63, "TDS2|" + "0" * 64, "TDS1|" + "0" * 64 + "\n"]
)
def test_a_damaged_record_is_no_key_and_is_not_replaced(
    workspace: Workspace, secrets: MemorySecrets, record: str
) -> None:
    keys(workspace, [secrets]).get(may_ask=False)
    name = next(name for name in secrets.texts if name.endswith(":key"))
    secrets.texts[name] = record
    assert keys(workspace, [secrets]).get(may_ask=False) is NO_SEALER
    assert secrets.texts[name] == record


@pytest.mark.parametrize(("call", "number"), [("get", 1), ("set", 1), ("get", 3), ("set", 2), ("get", 4)])
def test_a_store_that_fails_halfway_leaves_what_the_next_start_can_use(
    workspace: Workspace, secrets: MemorySecrets, call: str, number: int
) -> None:
    store = FaultyStore(secrets)

    def fail(seen: str) -> None:
        if seen == call and store.calls.count(call) == number:
            raise trouble()

    store.before = fail
    keys(workspace, [store]).get(may_ask=False)
    seals = keys(workspace, [secrets])
    assert seals.get(may_ask=False) is not NO_SEALER
    assert pinned(workspace, seals).sealed is True
    assert log(workspace, seals).sealed is True
    assert len(secrets.texts) == 2


def test_a_store_that_keeps_nothing_seals_nothing(workspace: Workspace, secrets: MemorySecrets) -> None:
    store = FaultyStore(secrets)
    store.forgets = True
    seals = keys(workspace, [store])
    assert seals.get(may_ask=False) is NO_SEALER
    assert pinned(workspace, seals).sealed is None


def test_two_processes_make_one_key(
    workspace: Workspace, workspace_place: WorkspacePlace, secrets: MemorySecrets
) -> None:
    other = Workspace.open(workspace_place)
    one, another = keys(workspace, [secrets]), keys(other, [secrets])
    # The other one has looked, found none, and is overtaken.
    assert another.look() is NO_SEALER
    one.get(may_ask=False)
    assert pinned(workspace, one).sealed is True
    another.get(may_ask=False)
    found = TrustLists(other, another.current).origin("partners").result().pin
    assert found == pin()
    other.close()
    gc.collect()
