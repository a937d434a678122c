"""Keys are there whole or not at all, on the real Secret Service, the vault, and keyring's Windows class."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from sqlalchemy import Connection, func, insert, select, update

from tests.support.faulty_store import FaultyStore, trouble
from tests.support.key_kills import CERTIFICATE, digest
from tests.support.store_cases import STORES, StoreCase, store_case
from trustdesk.core.errors import (
    EnvironmentFailureError,
    KeyLostError,
    KeyStillThereError,
    KeyStoreError,
    KeyStoreUnavailableError,
    UnusableInputError,
)
from trustdesk.core.key_store import KeyReference, KeyStoreKind, StoredKey
from trustdesk.core.message import msg
from trustdesk.core.ports import SecretStore
from trustdesk.formats.certification_path import spki_sha256
from trustdesk.storage import key_rows, schema
from trustdesk.storage.identities import add_identity, remove_identity
from trustdesk.storage.key_records import records_of
from trustdesk.storage.key_stores import KeyStores, NewKey, SweptKeys
from trustdesk.storage.process_lock import ProcessLock
from trustdesk.storage.workspace import Workspace

NOW = datetime(2026, 11, 27, 17, 45, tzinfo=UTC)


class Clock:
    def __init__(self, days: int = 0) -> None:
        self._days = days

    def now(self) -> datetime:
        return NOW + timedelta(days=self._days)


@pytest.fixture(params=STORES)
def case(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StoreCase]:
    with store_case(request.param, tmp_path, monkeypatch) as case:
        yield case


@pytest.fixture
def store(case: StoreCase) -> FaultyStore:
    return FaultyStore(case.store)


@pytest.fixture
def keys(workspace: Workspace, store: FaultyStore, tmp_path: Path) -> KeyStores:
    return KeyStores(workspace, [store], tmp_path / "desk" / "keys.lock", Clock())


@cache
def long_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(3, 2048)


def short_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def new(*keys: CertificateIssuerPrivateKeyTypes) -> list[NewKey]:
    return [NewKey(private_key=key, source="halden.p12") for key in keys]


def as_identities(connection: Connection, stored: tuple[StoredKey, ...]) -> tuple[StoredKey, ...]:
    for number, key in enumerate(stored):
        add_identity(
            connection,
            name=f"identity {number} {key.reference.record_id[-6:]}",
            certification_path=[CERTIFICATE],
            key=key,
            added_at=NOW,
            source=key.source,
        )
    return stored


def put(keys: KeyStores, *private: CertificateIssuerPrivateKeyTypes) -> tuple[StoredKey, ...]:
    (kind,) = (status.kind for status in keys.statuses())
    return keys.put(new(*private), store=kind, also=as_identities)


def no_identity_any_more(connection: Connection) -> None:
    for name in connection.execute(select(schema.identities.c.name)).scalars().all():
        remove_identity(connection, name)


def records(store: SecretStore) -> tuple[str, ...]:
    return store.names("trustdesk:") or ()


def states(workspace: Workspace) -> dict[str, str]:
    def look(connection: Connection) -> dict[str, str]:
        rows = connection.execute(select(schema.keys.c.reference, schema.keys.c.state))
        return {row.reference: row.state for row in rows}

    return workspace.submit(look).result()


def nothing_is_left(workspace: Workspace, case: StoreCase) -> bool:
    identities = workspace.submit(
        lambda connection: connection.execute(
            select(func.count()).select_from(schema.identities)
        ).scalar_one()
    ).result()
    return (states(workspace), records(case.again()), identities) == ({}, (), 0)


def test_keys_come_back_the_same_to_the_byte_also_after_a_restart(
    keys: KeyStores, workspace: Workspace, case: StoreCase, tmp_path: Path
) -> None:
    private = (
        short_key(),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
        long_key(),
    )
    stored = put(keys, *private)
    again = KeyStores(workspace, [case.again()], tmp_path / "desk" / "keys.lock", Clock())
    assert [digest(again.load(key.reference)) for key in stored] == [digest(key) for key in private]
    assert [key.spki_sha256 for key in stored] == [spki_sha256(key) for key in private]
    assert [(key.algorithm, key.bits, key.curve) for key in stored] == [
        ("EC", 256, "P-256"),
        ("Ed25519", 256, None),
        ("RSA", 2048, None),
        ("RSA", 2048, None),
    ]
    assert {(key.source, key.created_at, key.store_title) for key in stored} == {
        ("halden.p12", NOW, case.store.status().title)
    }
    assert set(states(workspace).values()) == {"active"}


def test_tables_and_values_hold_nothing_of_the_key(
    keys: KeyStores, workspace: Workspace, tmp_path: Path
) -> None:
    key = short_key()
    stored = put(keys, key)
    secret = key.private_numbers().private_value
    workspace.submit(lambda _connection: None).result()
    for file in (tmp_path / "desk").iterdir():
        data = file.read_bytes()
        assert secret.to_bytes(32, "big") not in data
        assert b"TD1|" not in data
    shown = repr((stored, new(key)))
    assert "private_key" not in shown
    assert f"{secret:x}" not in shown


def test_what_refers_to_keys_is_there_with_them_or_neither(
    keys: KeyStores, workspace: Workspace, case: StoreCase
) -> None:
    def taken(connection: Connection, stored: tuple[StoredKey, ...]) -> None:
        as_identities(connection, stored)
        raise UnusableInputError(msg("The name is taken."), remedy=msg("Choose another."))

    with pytest.raises(UnusableInputError):
        keys.put(new(short_key(), long_key()), store=case.store.kind, also=taken)
    assert nothing_is_left(workspace, case)


@pytest.mark.parametrize("call", ["set", "get"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_store_that_fails_once_on_the_way_keeps_nothing(
    keys: KeyStores,
    workspace: Workspace,
    case: StoreCase,
    store: FaultyStore,
    call: str,
    moment: str,
    number: int,
) -> None:
    """An error of `set` means "unknown": also where the record lies in the store, nothing may be left."""

    def fail(called: str) -> None:
        if called == call and store.calls.count(call) == number + (call == "get"):
            raise trouble()

    setattr(store, moment, fail)
    with pytest.raises(KeyStoreError):
        put(keys, short_key(), long_key())
    assert nothing_is_left(workspace, case)


@pytest.mark.parametrize("number", range(1, 10))
def test_a_store_that_goes_away_on_the_way_is_cleared_when_it_is_back(
    keys: KeyStores, workspace: Workspace, case: StoreCase, store: FaultyStore, number: int
) -> None:
    def go_away(_call: str) -> None:
        store.is_reachable = len(store.calls) < number

    store.after = go_away
    with pytest.raises(KeyStoreUnavailableError):
        put(keys, short_key(), long_key())
    kind = store.kind
    is_begun = number > 3  # after what is asked before anything is begun
    assert keys.sweep().waiting == ((kind,) if is_begun else ())
    store.is_reachable, store.after = True, lambda _call: None
    assert keys.sweep().rolled_back == (2 if is_begun else 0)
    assert keys.sweep() == SweptKeys()
    assert nothing_is_left(workspace, case)


def test_a_store_that_forgets_without_a_word_is_found_out(
    keys: KeyStores, workspace: Workspace, case: StoreCase, store: FaultyStore
) -> None:
    store.forgets = True
    with pytest.raises(KeyStoreError) as caught:
        put(keys, short_key())
    assert "did not keep" in caught.value.problem.id
    assert nothing_is_left(workspace, case)


def test_no_record_is_ever_written_twice(keys: KeyStores, store: FaultyStore, case: StoreCase) -> None:
    first = records(case.store)
    stored = put(keys, short_key(), long_key())
    before = records(case.store)
    keys.put(
        new(short_key()),
        store=store.kind,
        also=lambda _connection, _stored: None,
        replacing=[stored[0].reference],
    )
    assert first == ()
    assert set(before) < set(records(case.store)), "the identity still refers to the old one"
    assert store.calls.count("set") == len(records(case.store)) == 4


def test_replacing_lets_go_of_the_old_key_when_nothing_refers_to_it(
    keys: KeyStores, workspace: Workspace, store: FaultyStore, case: StoreCase
) -> None:
    (old,) = put(keys, long_key())

    def also(connection: Connection, stored: tuple[StoredKey, ...]) -> StoredKey:
        connection.execute(update(schema.identities).values(key_reference=str(stored[0].reference)))
        return stored[0]

    key = keys.put(new(short_key()), store=store.kind, also=also, replacing=[old.reference])
    assert states(workspace) == {str(key.reference): "active"}
    assert len(records(case.again())) == 1
    with pytest.raises(KeyLostError):
        keys.load(old.reference)


def test_released_keys_are_gone_and_others_stay(
    keys: KeyStores, workspace: Workspace, case: StoreCase
) -> None:
    gone, kept = put(keys, long_key(), short_key())

    def also(connection: Connection) -> str:
        remove_identity(connection, f"identity 0 {gone.reference.record_id[-6:]}")
        return "done"

    assert keys.release([gone.reference], also=also) == "done"
    assert states(workspace) == {str(kept.reference): "active"}
    assert len(records(case.again())) == 1
    keys.load(kept.reference)


def test_a_key_that_something_else_uses_stays(keys: KeyStores, workspace: Workspace, case: StoreCase) -> None:
    (key,) = put(keys, short_key())

    def also(connection: Connection) -> None:
        connection.execute(
            insert(schema.requests).values(
                name="r",
                purpose="client",
                state="requested",
                der=b"",
                key_reference=str(key.reference),
                spki_sha256=key.spki_sha256,
                created_at=NOW,
            )
        )
        no_identity_any_more(connection)

    keys.release([key.reference], also=also)
    assert states(workspace) == {str(key.reference): "active"}
    keys.load(key.reference)


def test_a_release_that_fails_changes_nothing(keys: KeyStores, workspace: Workspace) -> None:
    (key,) = put(keys, short_key())

    def also(connection: Connection) -> None:
        no_identity_any_more(connection)
        raise trouble()

    with pytest.raises(KeyStoreError):
        keys.release([key.reference], also=also)
    assert states(workspace) == {str(key.reference): "active"}
    keys.load(key.reference)


def test_a_release_on_a_store_that_is_away_changes_nothing(
    keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    (key,) = put(keys, short_key())
    store.is_reachable = False
    with pytest.raises(KeyStoreUnavailableError):
        keys.release([key.reference], also=no_identity_any_more)
    store.is_reachable = True
    assert states(workspace) == {str(key.reference): "active"}
    keys.load(key.reference)


@pytest.mark.parametrize("number", [1, 2])
def test_a_store_that_does_not_forget_is_said_and_asked_again(
    keys: KeyStores, workspace: Workspace, case: StoreCase, store: FaultyStore, number: int
) -> None:
    (key,) = put(keys, long_key())

    def fail(call: str) -> None:
        if call == "delete" and store.calls.count("delete") == number:
            raise trouble()

    store.before = fail
    with pytest.raises(KeyStillThereError):
        keys.release([key.reference], also=no_identity_any_more)
    assert states(workspace) == {str(key.reference): "deleting"}
    with pytest.raises(KeyLostError):
        keys.load(key.reference)
    assert keys.sweep() == SweptKeys(deleted=1)
    assert nothing_is_left(workspace, case)


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("damage", ["missing", "cut", "of another key"])
def test_a_record_that_is_not_what_was_written_is_a_lost_key(
    keys: KeyStores, case: StoreCase, workspace: Workspace, part: int, damage: str
) -> None:
    (key,) = put(keys, long_key())
    name = records(case.store)[part]
    text = case.store.get(name)
    assert text is not None
    case.store.delete(name)
    if damage == "cut":
        case.store.set(name, text[:-8])
    elif damage == "of another key":
        case.store.set(name, records_of(rsa.generate_private_key(3, 2048), NOW)[part])
    with pytest.raises(KeyLostError) as caught:
        keys.load(key.reference)
    assert caught.value.place == str(key.reference)


def test_a_whole_record_of_another_key_is_a_lost_key(keys: KeyStores, case: StoreCase) -> None:
    (key,) = put(keys, short_key())
    (name,) = records(case.store)
    case.store.delete(name)
    case.store.set(name, records_of(short_key(), NOW)[0])
    with pytest.raises(KeyLostError):
        keys.load(key.reference)


def test_a_key_that_was_never_there_is_lost(keys: KeyStores, store: FaultyStore) -> None:
    with pytest.raises(KeyLostError):
        keys.load(KeyReference(store=store.kind, record_id="0" * 32))


def test_records_without_a_key_are_swept_and_no_others(
    keys: KeyStores, workspace: Workspace, case: StoreCase
) -> None:
    (key,) = put(keys, long_key())
    mine = records(case.store)
    prefix = mine[0].rpartition(":")[0].rpartition(":")[0]
    orphans = [f"{prefix}:{'a' * 32}", f"{prefix}:{'b' * 32}:p1", f"{prefix}:nonsense"]
    case.store.set(orphans[0], records_of(short_key(), NOW - timedelta(days=1))[0])
    case.store.set(orphans[1], records_of(long_key(), NOW)[1])
    case.store.set(orphans[2], "nonsense")
    others = f"trustdesk:1:{'c' * 32}:{'d' * 32}"
    case.store.set(others, "of another workspace")
    assert keys.sweep() == SweptKeys(orphans=3)
    assert records(case.again()) == tuple(sorted((*mine, others)))
    keys.load(key.reference)


def test_records_that_a_newer_copy_of_the_workspace_made_are_spared(
    keys: KeyStores, workspace: Workspace, case: StoreCase
) -> None:
    """A backup was restored: it knows nothing of the key, which is in use or wanted back."""
    put(keys, short_key())
    prefix = records(case.store)[0].rpartition(":")[0]
    younger, older = f"{prefix}:{'a' * 32}", f"{prefix}:{'b' * 32}"
    case.store.set(younger, records_of(short_key(), NOW + timedelta(seconds=1))[0])
    case.store.set(older, records_of(short_key(), NOW)[0])
    assert keys.sweep() == SweptKeys(spared=2)
    case.store.delete(younger)
    assert keys.sweep() == SweptKeys(spared=1), "it stays a copy"


def test_a_new_key_does_not_make_the_records_of_another_copy_look_old(
    keys: KeyStores, workspace: Workspace, case: StoreCase, tmp_path: Path
) -> None:
    """A folder was copied, and both copies make keys: the younger key of one is not the other's orphan."""
    put(keys, short_key())
    prefix = records(case.store)[0].rpartition(":")[0]
    of_the_copy = f"{prefix}:{'a' * 32}"
    case.store.set(of_the_copy, records_of(short_key(), NOW + timedelta(minutes=1))[0])
    put(KeyStores(workspace, [case.store], tmp_path / "desk" / "keys.lock", Clock(days=1)), short_key())
    assert keys.sweep() == SweptKeys(spared=1)
    assert of_the_copy in records(case.again())


def test_the_next_change_puts_in_order_what_a_start_could_not(
    keys: KeyStores, workspace: Workspace, case: StoreCase, store: FaultyStore, tmp_path: Path
) -> None:
    """A command makes a key and ends: where the keyring was locked at its start, it is open now."""

    def go_away(call: str) -> None:
        store.is_reachable = call != "set"

    store.after = go_away
    with pytest.raises(KeyStoreUnavailableError):
        put(keys, short_key())
    store.is_reachable, store.after = True, lambda _call: None
    assert list(states(workspace).values()) == ["pending"]
    put(KeyStores(workspace, [store], tmp_path / "desk" / "keys.lock", Clock()), short_key())
    assert list(states(workspace).values()) == ["active"]
    assert len(records(case.again())) == 1


def test_a_full_disk_after_the_commit_does_not_deny_what_was_done(
    keys: KeyStores, workspace: Workspace, case: StoreCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_connection: Connection, _references: object) -> None:
        raise EnvironmentFailureError(msg("There is no room left."), remedy=msg("Make room."))

    (old,) = put(keys, short_key())
    with monkeypatch.context() as patch:
        patch.setattr(key_rows, "forget", full)
        new_one = keys.put(
            new(short_key()), store=old.reference.store, also=_in_place_of_all, replacing=[old.reference]
        )
        with pytest.raises(KeyStillThereError):
            keys.release([new_one[0].reference], also=no_identity_any_more)
    assert list(states(workspace).values()) == ["deleting", "deleting"]
    assert keys.sweep().deleted == 2
    assert nothing_is_left(workspace, case)


def _in_place_of_all(connection: Connection, stored: tuple[StoredKey, ...]) -> tuple[StoredKey, ...]:
    no_identity_any_more(connection)
    return as_identities(connection, stored)


def test_a_sweep_does_not_wait_for_another_process_whose_keyring_hangs(
    keys: KeyStores, store: FaultyStore, tmp_path: Path
) -> None:
    """What the person asks for stands behind the sweep of the start, and would wait as long."""
    with ProcessLock(tmp_path / "desk" / "keys.lock").held():
        assert keys.sweep() == SweptKeys(waiting=(store.kind,))
    assert keys.sweep() == SweptKeys()


def test_a_store_that_is_not_there_is_said(keys: KeyStores) -> None:
    (kind,) = (status.kind for status in keys.statuses())
    other = KeyStoreKind.VAULT if kind is KeyStoreKind.KEYRING else KeyStoreKind.KEYRING
    with pytest.raises(KeyStoreUnavailableError):
        keys.put(new(short_key()), store=other, also=lambda _connection, _stored: None)


def test_unlocking_a_store_that_is_ready_leaves_it_so(keys: KeyStores, store: FaultyStore) -> None:
    assert keys.unlock(store.kind) == store.status()


def test_nothing_is_begun_before_the_store_answers(
    keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    def look(call: str) -> None:
        if len(store.calls) == 1:
            assert states(workspace) == {}
            raise trouble()

    store.before = look
    with pytest.raises(KeyStoreError):
        put(keys, short_key())
    assert store.calls == ["get"]


def test_every_key_of_two_stores_is_found_in_its_own(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.store_cases import store_case as open_case

    (tmp_path / "both").mkdir()
    with (
        open_case("windows", tmp_path / "both", monkeypatch) as keyring,
        open_case("vault", tmp_path / "both", monkeypatch) as vault,
    ):
        keys = KeyStores(workspace, [keyring.store, vault.store], tmp_path / "desk" / "keys.lock", Clock())
        found = {}
        for kind in KeyStoreKind:
            key = short_key()
            (stored,) = keys.put(new(key), store=kind, also=as_identities)
            found[stored.reference] = digest(key)
        assert {reference: digest(keys.load(reference)) for reference in found} == found
        assert [len(records(case.store)) for case in (keyring, vault)] == [1, 1]
        keys.release(tuple(found), also=no_identity_any_more)
        assert [records(case.store) for case in (keyring, vault)] == [(), ()]


def test_rows_know_when_the_youngest_key_was_made(workspace: Workspace) -> None:
    def add(connection: Connection, at: datetime) -> None:
        connection.execute(schema.keys.delete())
        key = StoredKey(
            reference=KeyReference(store=KeyStoreKind.VAULT, record_id=f"{int(at.timestamp()):032x}"),
            store_title="Vault",
            algorithm="EC",
            bits=256,
            curve=None,
            spki_sha256="0" * 64,
            created_at=at,
            source="",
        )
        key_rows.add_pending(connection, [(key, 1)])

    def last(store: KeyStoreKind) -> datetime | None:
        return workspace.submit(lambda connection: key_rows.last_key_at(connection, store)).result()

    assert last(KeyStoreKind.VAULT) is None
    for at in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=1), NOW):
        workspace.submit(partial(add, at=at)).result()
    assert last(KeyStoreKind.VAULT) == NOW + timedelta(days=1)
    assert last(KeyStoreKind.KEYRING) is None
