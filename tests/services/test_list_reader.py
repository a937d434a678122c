"""Reading lists in a process: what it says when it ends badly, and that the next one is read all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.support.trust_lab import pilot_14, pilot_pki, signed_json
from trustdesk.core.errors import CancelledByPersonError, UnusableInputError, WrongPasswordError
from trustdesk.core.trust_entry import Owner
from trustdesk.core.trust_version import AuthenticityState, SourceKind
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.services.list_reader import ListReader
from trustdesk.services.list_reading_worker import ListJob, ListRead
from trustdesk.services.wording import wording
from trustdesk.storage.list_schema import trust_list_schema

SAY = wording().text


@pytest.fixture(scope="module")
def reader() -> Iterator[ListReader]:
    made = ListReader()
    made.start()
    yield made
    made.close()


def job(data: bytes, *, place: str = "list.json", passwords: tuple[str, ...] = ()) -> ListJob:
    return ListJob(
        source=ListBytes(place=place, data=data),
        schema=trust_list_schema(),
        title="A list",
        signers=(NamedSigner(sha256=pilot_pki().signer.sha256),),
        passwords=passwords,
    )


def read(reader: ListReader, what: ListJob) -> ListRead:
    return reader.read(what, threading.Event(), lambda _done, _total: None)


def test_a_list_comes_over_as_it_is(reader: ListReader) -> None:
    found = read(reader, job(signed_json(pilot_14())))
    assert found.kind is SourceKind.JSON
    assert found.content.authenticity.state is AuthenticityState.VERIFIED
    assert found.content.entries == pilot_14().entries


def test_what_many_entries_say_is_one_value(reader: ListReader) -> None:
    entries = read(reader, job(signed_json(pilot_14()))).content.entries
    nobody = [entry.owner for entry in entries if entry.owner == Owner()]
    assert len(nobody) > 1
    assert all(owner is nobody[0] for owner in nobody)


def test_what_cannot_be_used_is_said_with_its_place(reader: ListReader) -> None:
    with pytest.raises(UnusableInputError) as refused:
        read(reader, job(b"no list at all", place="notes.txt"))
    assert refused.value.place is not None
    assert "notes.txt" in refused.value.place


def test_a_password_that_is_wrong_is_told_apart(reader: ListReader) -> None:
    store = pilot_pki().signer.pkcs12("right")
    with pytest.raises(WrongPasswordError):
        read(reader, job(store, place="store.p12", passwords=("wrong",)))


def test_progress_comes_from_the_process(reader: ListReader) -> None:
    told: list[tuple[int, int]] = []
    bundle = pilot_pki()["Palisade Root X2"].pem
    reader.read(job(bundle, place="a.pem"), threading.Event(), lambda done, total: told.append((done, total)))
    assert told
    assert told[-1][0] == told[-1][1]


def test_one_that_takes_too_long_is_stopped_and_the_next_one_read() -> None:
    slow = ListReader(deadline_s=0.0)
    try:
        with pytest.raises(UnusableInputError) as refused:
            read(slow, job(signed_json(pilot_14())))
        assert "was stopped" in SAY(refused.value.problem)
    finally:
        slow.close()


def test_cancelling_ends_the_process() -> None:
    own = ListReader()
    stop = threading.Event()
    stop.set()
    try:
        with pytest.raises(CancelledByPersonError):
            own.read(job(signed_json(pilot_14())), stop, lambda _done, _total: None)
    finally:
        own.close()


class Dying(ListReader):
    """Its process is killed as soon as it has its job: as by a library that crashes."""

    def start(self) -> None:
        super().start()
        assert self._worker is not None
        self._worker._process.kill()


def test_a_reader_that_dies_costs_the_file_that_killed_it() -> None:
    dying = Dying()
    try:
        with pytest.raises(UnusableInputError) as refused:
            read(dying, job(signed_json(pilot_14()), place="killer.json"))
        assert "brought its reader down" in SAY(refused.value.problem)
        assert refused.value.place == "killer.json"
    finally:
        dying.close()
