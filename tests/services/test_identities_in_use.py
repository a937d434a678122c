"""Names to identities: which counts, when its key is loaded, and what a person who waits can do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.identity_samples import sample_identity
from tests.support.pki import Issued
from trustdesk.core.errors import (
    CancelledByPersonError,
    KeyStoreLockedError,
    TrustdeskError,
    UnusableInputError,
)
from trustdesk.core.identity import Identity
from trustdesk.core.key_store import KeyReference
from trustdesk.core.message import msg
from trustdesk.formats.credential import ClientCredential
from trustdesk.services.clock import SystemClock
from trustdesk.services.crl_opening import CrlOpener
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.identities_in_use import IdentitiesInUse, LoadedIdentities, PrivateKey
from trustdesk.services.revocation import person_web
from trustdesk.storage.workspace import Workspace

ROOT = pki.root()
TIMEOUT_S = 10


class KeyJob:
    """A key that a test hands over, or a person who gives up."""

    def __init__(self) -> None:
        self.future: Future[PrivateKey] = Future()

    def cancel(self) -> None:
        if not self.future.done():
            self.future.set_exception(CancelledByPersonError())


class KeyRoom:
    """Loads keys at once, or when the test says so.

    Attributes:
        loaded: references that were asked for.
        asked: set when somebody asks while `waits`.
    """

    def __init__(self, keys: dict[str, Issued]) -> None:
        self.keys = keys
        self.loaded: list[str] = []
        self.waits = False
        self.failure: TrustdeskError | None = None
        self.asked = threading.Event()
        self.jobs: list[KeyJob] = []

    def load(self, reference: KeyReference) -> KeyJob:
        self.loaded.append(str(reference))
        job = KeyJob()
        self.jobs.append(job)
        if self.failure is not None:
            job.future.set_exception(self.failure)
        elif not self.waits:
            job.future.set_result(self.keys[str(reference)].key)
        self.asked.set()
        return job


class Ended:
    """What a run of these tests is: done at once with what it began with."""

    def __init__(self, loaded: LoadedIdentities) -> None:
        self.future: Future[LoadedIdentities] = Future()
        self.was_cancelled = False
        self._loaded = loaded
        self.future.set_result(loaded)

    def cancel(self) -> None:
        self.was_cancelled = True


class Stage:
    """Two stored identities and one that was opened for the session."""

    def __init__(self, folder: Path) -> None:
        self.first, self.second, self.file = (pki.client(ROOT, name) for name in ("A", "B", "C"))
        self.stored = [
            sample_identity("first", self.first.facts),
            sample_identity("second", self.second.facts),
        ]
        self.room = KeyRoom(
            {
                str(identity.key.reference): issued
                for identity, issued in zip(self.stored, (self.first, self.second), strict=True)
            }
        )
        opened = ClientCredential(name="file", certification_path=(self.file.der,), private_key=self.file.key)
        self.workspace = Workspace.open(folder)
        self.crls = CrlOpener()
        clock = SystemClock()
        self.revocation = DeskRevocation(
            self.workspace, self.crls, clock=clock, make_web=lambda: person_web(clock)
        )
        self.session = DeskSession([], {"file": opened}, clock, self.revocation)
        self.in_use = IdentitiesInUse(self.session, self.all, self.room.load)

    def all(self) -> Future[tuple[Identity, ...]]:
        future: Future[tuple[Identity, ...]] = Future()
        future.set_result(tuple(self.stored))
        return future

    def close(self) -> None:
        self.in_use.close()
        self.revocation.close()
        self.crls.close()
        self.workspace.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def test_stored_ones_come_first_and_need_no_key(stage: Stage) -> None:
    assert [one.name for one in stage.in_use.choices()] == ["first", "second", "file"]
    assert stage.in_use.choices()[0].sha256 == stage.first.sha256
    assert stage.room.loaded == []


def test_stored_one_counts_where_both_have_the_name(stage: Stage) -> None:
    stage.stored.append(sample_identity("file", stage.second.facts))
    everything = stage.in_use.everything()
    assert list(everything) == ["first", "second", "file"]
    assert everything["file"].label.sha256 == stage.second.sha256


def test_each_key_is_loaded_once_for_a_run(stage: Stage) -> None:
    names = ["first", None, "second", "first", "file"]
    loaded = stage.in_use.run_with(names, Ended).future.result(TIMEOUT_S)
    assert stage.room.loaded == [str(one.key.reference) for one in stage.stored]
    assert {name: one.private_key for name, one in loaded.credentials.items()} == {
        "first": stage.first.key,
        "second": stage.second.key,
        "file": stage.file.key,
    }
    assert loaded.of(None) is None


def test_run_without_an_identity_begins_at_once_and_asks_nobody(stage: Stage) -> None:
    job = stage.in_use.run_with([None, None], Ended)
    assert isinstance(job, Ended)
    assert stage.room.loaded == []


def test_unknown_name_fails_before_any_key_is_asked_for(stage: Stage) -> None:
    with pytest.raises(UnusableInputError, match="cargo"):
        stage.in_use.run_with(["first", "gone"], Ended, place="cargo").future.result(TIMEOUT_S)
    assert stage.room.loaded == []


def test_unknown_name_is_told_to_a_run_that_can_do_without(stage: Stage) -> None:
    loaded = stage.in_use.run_with(["first", "gone"], Ended, may_lack=True).future.result(TIMEOUT_S)
    assert loaded.missing == {"gone"}
    assert list(loaded.credentials) == ["first"]


def test_locked_store_fails_the_run_in_words(stage: Stage) -> None:
    stage.room.failure = KeyStoreLockedError(msg("It is locked."), remedy=msg("Unlock it."))
    begun: list[LoadedIdentities] = []

    def begin(loaded: LoadedIdentities) -> Ended:
        begun.append(loaded)
        return Ended(loaded)

    with pytest.raises(KeyStoreLockedError):
        stage.in_use.run_with(["first"], begin).future.result(TIMEOUT_S)
    assert begun == []


def test_who_gives_up_while_it_waits_begins_nothing(stage: Stage) -> None:
    stage.room.waits = True
    begun: list[LoadedIdentities] = []

    def begin(loaded: LoadedIdentities) -> Ended:
        begun.append(loaded)
        return Ended(loaded)

    job = stage.in_use.run_with(["first", "second"], begin)
    assert stage.room.asked.wait(TIMEOUT_S)
    job.cancel()
    assert isinstance(job.future.exception(TIMEOUT_S), CancelledByPersonError)
    assert begun == []
    assert len(stage.room.loaded) == 1


def test_who_gives_up_gets_what_there_is_where_the_run_says_what_that_is(stage: Stage) -> None:
    stage.room.waits = True
    nothing = LoadedIdentities(missing=frozenset({"none"}))
    job = stage.in_use.run_with(["first"], Ended, given_up=lambda: nothing)
    assert stage.room.asked.wait(TIMEOUT_S)
    job.cancel()
    assert job.future.result(TIMEOUT_S) is nothing


def test_end_of_the_desk_begins_nothing(stage: Stage) -> None:
    stage.room.waits = True
    job = stage.in_use.run_with(["first"], Ended)
    assert stage.room.asked.wait(TIMEOUT_S)
    stage.room.jobs[0].cancel()  # as the key stores' thread does when it is closed
    with pytest.raises(CancelledByPersonError):
        job.future.result(TIMEOUT_S)


def test_what_we_send_is_known_from_the_first_look_on(stage: Stage) -> None:
    assert set(stage.session.viewpoint().own) == {stage.file.sha256}
    stage.in_use.stored()
    stage.stored.clear()
    assert stage.in_use.stored() == ()
    known = {stage.first.sha256, stage.second.sha256, stage.file.sha256}
    assert set(stage.session.viewpoint().own) == known


def test_repr_of_what_is_loaded_shows_no_key(stage: Stage) -> None:
    loaded = stage.in_use.run_with(["first"], Ended).future.result(TIMEOUT_S)
    assert "PrivateKey" not in repr(loaded)
