"""Key stores run one call after the other, and a person gets away from a keyring that blocks."""

from __future__ import annotations

import gc
import shutil
import threading
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection

from tests.support.faulty_store import FaultyStore, trouble
from tests.support.store_cases import opened_vault
from trustdesk.core.errors import CancelledByPersonError, KeyStillThereError, KeyStoreError
from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.services import key_thread
from trustdesk.services.key_thread import KeyThread
from trustdesk.storage import key_rows
from trustdesk.storage.key_cancellation import KeyCancellation, current_cancellation
from trustdesk.storage.key_stores import KeyStores, NewKey, SweptKeys
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace

PATIENCE_S = 30.0


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


class Gate:
    """Blocks a call of a store as a locked keyring does, until a test opens it."""

    def __init__(self, call: str, number: int = 1) -> None:
        self._call, self._number, self._seen = call, number, 0
        self.reached, self._opened, self.passed = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, call: str) -> None:
        self._seen += call == self._call
        if call == self._call and self._seen == self._number:
            self.reached.set()
            assert self._opened.wait(PATIENCE_S)
            self.passed.set()

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def thread() -> Iterator[KeyThread]:
    thread = KeyThread()
    yield thread
    thread.close()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    vault = opened_vault(tmp_path, make=True)
    yield vault
    vault.lock()


@pytest.fixture
def store(vault: Vault) -> FaultyStore:
    return FaultyStore(vault)


@pytest.fixture
def keys(workspace: Workspace, store: FaultyStore, tmp_path: Path) -> KeyStores:
    return KeyStores(workspace, [store], tmp_path / "desk" / "keys.lock", Clock())


def put(keys: KeyStores) -> StoredKey:
    new = NewKey(private_key=ec.generate_private_key(ec.SECP256R1()), source="a test")
    return keys.put([new], store=KeyStoreKind.VAULT, also=lambda _connection, stored: stored[0])


def nothing(_connection: Connection) -> None:
    """Nothing refers to the keys of these tests."""


def active(workspace: Workspace) -> int:
    return len(workspace.submit(key_rows.stored_keys).result())


def test_jobs_run_one_after_the_other_on_a_thread_that_is_not_the_callers(thread: KeyThread) -> None:
    seen: list[int] = []

    def run(number: int) -> int:
        seen.append(number)
        return threading.get_ident()

    jobs = [thread.run(partial(run, number)) for number in range(20)]
    identities = {job.future.result(PATIENCE_S) for job in jobs}
    assert seen == list(range(20))
    assert len(identities) == 1
    assert threading.get_ident() not in identities


def test_the_thread_does_not_keep_a_program_from_ending(thread: KeyThread) -> None:
    assert thread.run(lambda: threading.current_thread().daemon).future.result(PATIENCE_S)


def test_a_failure_goes_to_who_asked_and_the_next_job_runs(thread: KeyThread) -> None:
    def fail() -> None:
        raise trouble()

    def bug() -> None:
        raise ZeroDivisionError

    failed, broken, next_one = thread.run(fail), thread.run(bug), thread.run(lambda: "next")
    with pytest.raises(KeyStoreError):
        failed.future.result(PATIENCE_S)
    with pytest.raises(ZeroDivisionError):
        broken.future.result(PATIENCE_S)
    assert next_one.future.result(PATIENCE_S) == "next"


def test_a_failure_that_is_expected_keeps_no_frame_with_keys(thread: KeyThread) -> None:
    def fail() -> None:
        key = "a private key"
        try:
            raise ZeroDivisionError(key)
        except ZeroDivisionError:
            raise trouble() from None

    error = thread.run(fail).future.exception(PATIENCE_S)
    assert error is not None
    assert (error.__context__, error.__cause__) == (None, None)
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert "fail" not in frames


def test_a_job_that_waits_is_dropped_by_a_cancel(thread: KeyThread) -> None:
    gate = threading.Event()
    first = thread.run(lambda: gate.wait(PATIENCE_S))
    ran: list[str] = []
    second = thread.run(lambda: ran.append("second"))
    third = thread.run(lambda: ran.append("third"))
    second.cancel()
    with pytest.raises(CancelledByPersonError):
        second.future.result(0)
    gate.set()
    assert first.future.result(PATIENCE_S)
    third.future.result(PATIENCE_S)
    assert ran == ["third"]


@pytest.mark.parametrize(("call", "number"), [("get", 1), ("set", 1), ("get", 2)])
def test_a_keyring_that_blocks_is_left_behind_and_nothing_of_it_is_kept(
    thread: KeyThread,
    keys: KeyStores,
    workspace: Workspace,
    vault: Vault,
    store: FaultyStore,
    call: str,
    number: int,
) -> None:
    store.before = gate = Gate(call, number)
    job = thread.run(lambda: put(keys))
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    with pytest.raises(CancelledByPersonError):
        job.future.result(0)
    # A fresh thread serves, and the lock is free: another key can be kept meanwhile.
    kept = thread.run(lambda: put(keys)).future.result(PATIENCE_S)
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    assert not left_behind.is_alive()
    assert active(workspace) == 1
    assert len(vault.names("") or ()) == 1
    thread.run(lambda: keys.load(kept.reference)).future.result(PATIENCE_S)
    assert keys.sweep() == SweptKeys()


def test_what_was_swept_meanwhile_is_not_left_in_the_store_by_the_one_left_behind(
    thread: KeyThread, keys: KeyStores, workspace: Workspace, vault: Vault, store: FaultyStore
) -> None:
    store.before = gate = Gate("set")
    job = thread.run(lambda: put(keys))
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    assert thread.run(keys.sweep).future.result(PATIENCE_S) == SweptKeys(rolled_back=1)
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    assert vault.names("") == ()


def test_a_cancel_after_the_point_of_no_return_changes_nothing(
    thread: KeyThread, keys: KeyStores, workspace: Workspace
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def also(_connection: Connection, stored: tuple[StoredKey, ...]) -> StoredKey:
        reached.set()
        assert go_on.wait(PATIENCE_S)
        return stored[0]

    new = NewKey(private_key=ec.generate_private_key(ec.SECP256R1()), source="a test")
    job = thread.run(lambda: keys.put([new], store=KeyStoreKind.VAULT, also=also))
    assert reached.wait(PATIENCE_S)
    job.cancel()
    assert not job.future.done()
    go_on.set()
    key = job.future.result(PATIENCE_S)
    job.cancel()
    assert active(workspace) == 1
    keys.load(key.reference)


def test_giving_up_on_a_deletion_that_blocks_says_that_the_key_is_still_there(
    thread: KeyThread, keys: KeyStores, workspace: Workspace, vault: Vault, store: FaultyStore
) -> None:
    key = put(keys)
    store.before = gate = Gate("delete")
    job = thread.run(lambda: keys.release([key.reference], also=nothing))
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    with pytest.raises(KeyStillThereError):
        job.future.result(0)
    assert active(workspace) == 0
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    keys.sweep()
    assert vault.names("") == ()


def test_giving_up_on_the_old_key_of_a_replacement_says_so_and_the_new_one_counts(
    thread: KeyThread, keys: KeyStores, workspace: Workspace, vault: Vault, store: FaultyStore
) -> None:
    old = put(keys)
    store.before = gate = Gate("delete")
    new = NewKey(private_key=ec.generate_private_key(ec.SECP256R1()), source="a test")
    job = thread.run(
        lambda: keys.put(
            [new], store=KeyStoreKind.VAULT, also=lambda _connection, _stored: None, replacing=[old.reference]
        )
    )
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    with pytest.raises(KeyStillThereError):
        job.future.result(0)
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    keys.sweep()
    assert (active(workspace), len(vault.names("") or ())) == (1, 1)


def test_a_job_that_is_done_or_dropped_holds_nothing_of_its_work(thread: KeyThread) -> None:
    class Key:
        """Stands for a private key."""

    gate = threading.Event()
    blocking = thread.run(lambda: gate.wait(PATIENCE_S))
    keys = [Key(), Key()]
    gone = [weakref.ref(key) for key in keys]
    done, dropped = (thread.run(partial(repr, key)) for key in keys)
    keys.clear()
    dropped.cancel()
    gate.set()
    assert done.future.result(PATIENCE_S)
    assert blocking.future.result(PATIENCE_S)
    thread.run(lambda: None).future.result(PATIENCE_S)
    gc.collect()
    assert [reference() for reference in gone] == [None, None]


def test_giving_up_before_a_deletion_begins_changes_nothing(
    thread: KeyThread, keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    key = put(keys)
    store.before = gate = Gate("get")
    job = thread.run(lambda: keys.release([key.reference], also=nothing))
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    with pytest.raises(CancelledByPersonError):
        job.future.result(0)
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    keys.load(key.reference)


def test_waiting_for_another_process_can_be_given_up(
    thread: KeyThread, keys: KeyStores, workspace: Workspace, tmp_path: Path
) -> None:
    from trustdesk.storage.process_lock import ProcessLock

    waits = threading.Event()
    with ProcessLock(tmp_path / "desk" / "keys.lock").held():

        def begin() -> SweptKeys:
            waits.set()
            return keys.sweep()

        job = thread.run(begin)
        assert waits.wait(PATIENCE_S)
        job.cancel()
        with pytest.raises(CancelledByPersonError):
            job.future.result(0)
    assert thread.run(keys.sweep).future.result(PATIENCE_S) == SweptKeys()


def test_closing_drops_what_waits_and_leaves_what_blocks(
    keys: KeyStores, store: FaultyStore, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_thread, "CLOSING_GRACE_S", 0.01)
    thread = KeyThread()
    store.before = gate = Gate("set")
    running, waiting = thread.run(lambda: put(keys)), thread.run(lambda: "never")
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    thread.close()
    thread.close()
    for job in (running, waiting):
        with pytest.raises(CancelledByPersonError):
            job.future.result(0)
    with pytest.raises(RuntimeError):
        thread.run(lambda: "never")
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    assert vault.names("") == ()


def test_closing_lets_what_runs_come_to_its_end(
    keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    thread = KeyThread()
    store.before = gate = Gate("set")
    job = thread.run(lambda: put(keys))
    assert gate.reached.wait(PATIENCE_S)
    closing = threading.Thread(target=thread.close)
    closing.start()
    gate.open()
    closing.join(PATIENCE_S)
    keys.load(job.future.result(PATIENCE_S).reference)


def test_a_workspace_that_closed_first_leaves_its_rest_to_the_next_start(
    made: Path, tmp_path: Path, vault: Vault, store: FaultyStore
) -> None:
    shutil.copytree(made, tmp_path / "other")
    workspace = Workspace.open(tmp_path / "other")
    keys = KeyStores(workspace, [store], tmp_path / "other" / "keys.lock", Clock())
    thread = KeyThread()
    store.before = gate = Gate("set")
    job = thread.run(lambda: put(keys))
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    thread.close()
    workspace.close()
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    again = Workspace.open(tmp_path / "other")
    swept = KeyStores(again, [store], tmp_path / "other" / "keys.lock", Clock()).sweep()
    assert (swept.rolled_back, vault.names("")) == (1, ())
    again.close()


def test_a_job_that_keeps_several_keys_can_be_given_up_at_each(
    thread: KeyThread, keys: KeyStores, workspace: Workspace, store: FaultyStore
) -> None:
    """An import of two: the first is kept, and the keyring hangs at the second."""
    store.before = gate = Gate("set", 2)
    job = thread.run(lambda: (put(keys), put(keys)))
    assert gate.reached.wait(PATIENCE_S)
    left_behind = thread._worker
    job.cancel()
    with pytest.raises(CancelledByPersonError):
        job.future.result(0)
    gate.open()
    assert left_behind is not None
    left_behind.join(PATIENCE_S)
    assert not left_behind.is_alive()
    assert active(workspace) == 1
    assert keys.sweep() == SweptKeys()


def test_a_thread_that_was_never_used_closes_at_once() -> None:
    KeyThread().close()


def test_outside_of_a_job_nobody_can_cancel() -> None:
    current_cancellation().check()
    assert current_cancellation() is not current_cancellation()


def test_a_cancellation_tells_once_what_has_become_of_it() -> None:
    told: list[str] = []
    cancellation = KeyCancellation()
    with cancellation.when_cancelled(lambda: told.append("told")):
        assert isinstance(cancellation.cancel(), CancelledByPersonError)
        assert isinstance(cancellation.cancel(), CancelledByPersonError)
    assert told == ["told"]
    with pytest.raises(CancelledByPersonError):
        cancellation.decide()
    with pytest.raises(CancelledByPersonError), cancellation.when_cancelled(lambda: None):
        pass
