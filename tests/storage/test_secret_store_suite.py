"""What every secret store has to do, on the real Secret Service, the vault, and keyring's Windows class."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.store_cases import STORES, StoreCase, store_case
from trustdesk.core.key_store import KeyStoreState
from trustdesk.core.ports import SecretStore
from trustdesk.storage.key_records import MAX_UNITS


@pytest.fixture(params=STORES)
def case(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StoreCase]:
    with store_case(request.param, tmp_path, monkeypatch) as case:
        yield case


@pytest.fixture
def store(case: StoreCase) -> SecretStore:
    return case.store


def a_name() -> str:
    return f"trustdesk:1:{'0' * 32}:{secrets.token_hex(16)}"


def test_it_is_ready_and_has_a_title_and_no_problem(store: SecretStore) -> None:
    status = store.status()
    assert (status.state, status.kind) == (KeyStoreState.READY, store.kind)
    assert status.title
    assert (status.problem, status.remedy) == (None, None)


def test_what_was_set_is_there_also_for_the_next_start(case: StoreCase) -> None:
    name = a_name()
    case.store.set(name, "TD1|something")
    assert case.store.get(name) == "TD1|something"
    assert case.again().get(name) == "TD1|something"


def test_what_was_never_set_is_none(store: SecretStore) -> None:
    assert store.get(a_name()) is None


@pytest.mark.parametrize("text", ["x" * MAX_UNITS, "\N{LOCK}" * (MAX_UNITS // 2), "a|b=c/d+e\nf"])
def test_the_longest_text_comes_back_whole(store: SecretStore, text: str) -> None:
    name = a_name()
    store.set(name, text)
    assert store.get(name) == text


@pytest.mark.parametrize("text", ["x" * (MAX_UNITS + 1), "\N{LOCK}" * (MAX_UNITS // 2 + 1)])
def test_a_longer_text_is_a_mistake_of_ours_whether_this_store_could_hold_it_or_not(
    store: SecretStore, text: str
) -> None:
    name = a_name()
    with pytest.raises(ValueError, match="longer"):
        store.set(name, text)
    assert store.get(name) is None


def test_names_are_told_apart_by_every_character(store: SecretStore) -> None:
    name = a_name()
    store.set(name, "whole")
    store.set(f"{name}:p0", "first")
    store.set(f"{name}:p1", "second")
    assert [store.get(one) for one in (name, f"{name}:p0", f"{name}:p1")] == ["whole", "first", "second"]
    assert store.get(name[:-1]) is None


def test_what_was_deleted_is_gone_and_the_others_stay(case: StoreCase) -> None:
    gone, kept = a_name(), a_name()
    case.store.set(gone, "gone")
    case.store.set(kept, "kept")
    case.store.delete(gone)
    assert (case.again().get(gone), case.again().get(kept)) == (None, "kept")


def test_deleting_what_is_not_there_does_nothing(store: SecretStore) -> None:
    name = a_name()
    store.delete(name)
    store.set(name, "once")
    store.delete(name)
    store.delete(name)
    assert store.get(name) is None


def test_names_are_listed_by_their_beginning(case: StoreCase) -> None:
    ours, others = [f"trustdesk:1:{'a' * 32}:{number}" for number in range(3)], f"trustdesk:1:{'b' * 32}:0"
    for name in (*ours, others):
        case.store.set(name, "text")
    case.store.delete(ours[1])
    assert case.again().names(f"trustdesk:1:{'a' * 32}:") == (ours[0], ours[2])
    assert case.store.names("nothing begins so") == ()


@pytest.mark.exhaustive
def test_a_hundred_secrets_do_not_get_mixed_up(store: SecretStore) -> None:
    wanted = {a_name(): secrets.token_urlsafe(300) for _ in range(100)}
    for name, text in wanted.items():
        store.set(name, text)
    assert {name: store.get(name) for name in wanted} == wanted
    assert store.names("trustdesk:1:") == tuple(sorted(wanted))
