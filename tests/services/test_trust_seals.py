"""Deeds are sealed on the key stores' thread, can be given up there, and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.support.faulty_store import FaultyStore
from tests.support.memory_secrets import MemorySecrets
from tests.support.trust_content import distrust, note
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.services.key_thread import KeyThread
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

PATIENCE_S = 30.0


@pytest.fixture
def thread() -> Iterator[KeyThread]:
    thread = KeyThread()
    yield thread
    thread.close()


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


def seals_of(workspace: Workspace, store: FaultyStore | MemorySecrets, thread: KeyThread) -> TrustSeals:
    return TrustSeals(workspace, [store], workspace.folder / "keys.lock", thread)


def test_a_deed_is_sealed_and_seen_to_be_at_the_next_start(
    workspace: Workspace, secrets: MemorySecrets, thread: KeyThread
) -> None:
    seals = seals_of(workspace, secrets, thread)
    decisions = TrustDecisions(workspace, seals.current)
    job = seals.sealed(lambda: decisions.decide(distrust(), note()), may_ask=False)
    assert job.future.result(PATIENCE_S).sealed is True
    again = seals_of(workspace, secrets, thread)
    decisions = TrustDecisions(workspace, again.current)
    assert decisions.decisions().result()[0].sealed is None
    assert again.checked(decisions.decisions).future.result(PATIENCE_S)[0].sealed is True


def test_whoever_gives_up_on_a_keyring_that_blocks_has_changed_nothing(
    workspace: Workspace, secrets: MemorySecrets, thread: KeyThread
) -> None:
    reached, opened = threading.Event(), threading.Event()

    def block(_call: str) -> None:
        reached.set()
        assert opened.wait(PATIENCE_S)

    store = FaultyStore(secrets)
    store.before = block
    seals = seals_of(workspace, store, thread)
    decisions = TrustDecisions(workspace, seals.current)
    job = seals.sealed(lambda: decisions.decide(distrust(), note()), may_ask=True)
    assert reached.wait(PATIENCE_S)
    job.cancel()
    with pytest.raises(CancelledByPersonError):
        job.future.result(PATIENCE_S)
    store.before = lambda _call: None
    # The next job does not wait for the one that was given up.
    made = seals.sealed(lambda: decisions.decide(distrust("aa" * 32), note()), may_ask=False)
    assert made.future.result(PATIENCE_S).sealed is True
    opened.set()
    assert [one.sha256[:2] for one in decisions.decisions().result()] == ["aa"]
    log = seals.checked(TrustLogBook(workspace, seals.current).read).future.result(PATIENCE_S)
    assert (len(log.entries), log.sealed, log.untold) == (1, True, ())


def test_looking_at_the_start_seals_what_was_distrusted_without_a_key_store(
    workspace: Workspace, secrets: MemorySecrets, thread: KeyThread
) -> None:
    seals_of(workspace, secrets, thread).sealed(
        lambda: workspace.submit(lambda _connection: None), may_ask=False
    ).future.result(PATIENCE_S)
    TrustDecisions(workspace).decide(distrust(), note()).result()
    seals = seals_of(workspace, secrets, thread)
    seals.look().future.result(PATIENCE_S)
    assert TrustDecisions(workspace, seals.current).decisions().result()[0].sealed is True
