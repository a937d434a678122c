"""Trust lists are kept with their versions, one transaction for each change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Executable, delete, update

from tests.support.trust_content import AT, change, content, entry, named_only, note, pin, source
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_version import ListVersion, Transport, VersionState
from trustdesk.formats.certificate import read_certificate
from trustdesk.storage import schema, trust_version_rows
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_in_force import TrustInForce, trust_in_force, trust_revision
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

DER = b"\x30\x03\x02\x01\x01"

APPLIED_FIRST = (LogAction.APPLIED, LogAction.PUT_IN_FORCE, LogAction.TAKEN_OUT_OF_FORCE)
"""What is told of the first list: the public web's is judged by no more."""


@pytest.fixture
def lists(workspace: Workspace) -> TrustLists:
    return TrustLists(workspace)


@pytest.fixture
def elsewhere(workspace_place: WorkspacePlace) -> Iterator[TrustLists]:
    """The same workspace, as another process has it open."""
    other = Workspace.open(workspace_place)
    yield TrustLists(other)
    other.close()


def applied(
    lists: TrustLists, number: int, *, base: int | None, sequence: int | None = None, name: str = "partners"
) -> ListVersion:
    return lists.keep(
        name,
        content([named_only(number)], sequence),
        source(f"{number}.json"),
        state=VersionState.APPLIED,
        base=base,
        note=note(),
        in_force=True,
    ).result()


def waiting(lists: TrustLists, number: int, *, base: int | None, sequence: int | None = None) -> ListVersion:
    return lists.keep(
        "partners",
        content([named_only(number)], sequence),
        source(f"{number}.json"),
        state=VersionState.WAITING,
        base=base,
        note=note(),
    ).result()


def applied_number(lists: TrustLists, name: str = "partners") -> int | None:
    summary = next(one for one in lists.summaries().result() if one.name == name)
    return None if summary.applied is None else summary.applied.number


def states(lists: TrustLists) -> list[VersionState]:
    """Return the states of the first list's versions, the oldest first."""
    return [line.state for line in reversed(lists.summaries().result()[0].versions)]


def told(workspace: Workspace) -> list[LogAction]:
    """Return what the log tells, after a look at whether it is whole and the tables say the same."""
    log = TrustLogBook(workspace).read().result()
    assert (log.broken_at, log.sealed, log.untold) == (None, None, ())
    return [line.action for line in log.entries]


def in_force(workspace: Workspace) -> TrustInForce:
    return trust_in_force(workspace, lambda: NO_SEALER).result()


# --- keeping ---


def test_a_version_comes_back_as_it_was_kept(lists: TrustLists) -> None:
    said = content([entry(read_certificate(DER)), named_only(1)], sequence=2**80)
    kept = lists.keep(
        "partners", said, source(), state=VersionState.WAITING, base=None, note=note(), pin=pin()
    ).result()
    assert kept == ListVersion(
        list_name="partners", number=1, content=said, source=source(), state=VersionState.WAITING, kept_at=AT
    )
    assert lists.version("partners", 1).result() == kept


def test_a_version_is_there_after_opening_again(
    workspace: Workspace, workspace_place: WorkspacePlace, lists: TrustLists
) -> None:
    kept = applied(lists, 1, base=None)
    workspace.close()
    again = Workspace.open(workspace_place)
    assert TrustLists(again).version("partners").result() == kept
    again.close()


def test_what_waits_is_not_judged_by(lists: TrustLists, workspace: Workspace) -> None:
    first = applied(lists, 1, base=None)
    second = waiting(lists, 2, base=1)
    summary = lists.summaries().result()[0]
    assert summary.applied is not None
    assert summary.waiting is not None
    assert (summary.applied.number, summary.waiting.number) == (1, second.number)
    assert in_force(workspace).versions == (first,)
    assert told(workspace) == [*APPLIED_FIRST, LogAction.IMPORTED]


def test_what_was_kept_waiting_is_applied_by_its_number(lists: TrustLists, workspace: Workspace) -> None:
    waiting(lists, 1, base=None)
    version = lists.apply("partners", 1, base=None, note=note(), in_force=True).result()
    assert version.state is VersionState.APPLIED
    assert in_force(workspace).versions == (version,)
    assert told(workspace) == [LogAction.IMPORTED, *APPLIED_FIRST]


def test_a_refused_version_stays_to_be_looked_at(lists: TrustLists, workspace: Workspace) -> None:
    waiting(lists, 1, base=None)
    refused = lists.refuse("partners", 1, note("not ours")).result()
    assert refused.state is VersionState.REFUSED
    assert lists.version("partners", 1).result() == refused
    with pytest.raises(UnusableInputError, match="does not wait"):
        lists.refuse("partners", 1, note()).result()
    assert told(workspace) == [LogAction.IMPORTED, LogAction.REFUSED]


def test_an_older_version_that_still_waits_does_not_wait_behind_a_newer_one(lists: TrustLists) -> None:
    waiting(lists, 1, base=None)
    applied(lists, 2, base=None)
    assert lists.summaries().result()[0].waiting is None


@pytest.mark.parametrize("name", ["", " ", " a", "a@2", "a" * 201])
def test_a_name_that_could_not_be_told_from_a_version_is_refused(lists: TrustLists, name: str) -> None:
    with pytest.raises(UnusableInputError, match="cannot be given"):
        applied(lists, 1, base=None, name=name)
    assert lists.summaries().result() == ()


def test_hostile_text_is_kept_and_told_of(lists: TrustLists, workspace: Workspace) -> None:
    lists.keep(
        "a\x00\ud800",
        replace(content([named_only(1)]), title="\ud800\x00"),
        source(),
        state=VersionState.APPLIED,
        base=None,
        note=note("\udfff\x00"),
        pin=replace(pin(), list_id="\ud800"),
    ).result()
    assert lists.version("a\ufffd\ufffd").result().content.title == "\ud800\x00"
    assert told(workspace) == [LogAction.SIGNER_PINNED, LogAction.APPLIED]


# --- what a person saw is looked at again ---


def test_a_lower_sequence_is_refused_and_nothing_is_kept(lists: TrustLists, workspace: Workspace) -> None:
    applied(lists, 1, base=None, sequence=10**30)
    for keep in (applied, waiting):
        with pytest.raises(UnusableInputError, match="is older than") as caught:
            keep(lists, 2, base=1, sequence=10**30 - 1)
        assert caught.value.place == "partners"
    assert states(lists) == [VersionState.APPLIED]
    assert told(workspace) == [*APPLIED_FIRST]


def test_the_same_sequence_may_follow(lists: TrustLists) -> None:
    applied(lists, 1, base=None, sequence=5)
    assert applied(lists, 2, base=1, sequence=5).number == 2


@pytest.mark.parametrize("base", [None, 1, 3])
def test_a_review_of_another_applied_version_keeps_nothing(lists: TrustLists, base: int | None) -> None:
    applied(lists, 1, base=None)
    applied(lists, 2, base=1)
    with pytest.raises(UnusableInputError, match="in the meantime"):
        applied(lists, 3, base=base)
    assert states(lists) == [VersionState.REPLACED, VersionState.APPLIED]


def test_two_processes_do_not_undo_each_others_work(
    lists: TrustLists, elsewhere: TrustLists, workspace: Workspace
) -> None:
    applied(lists, 1, base=None)
    both = [
        one.keep(
            "partners",
            content([named_only(7)]),
            source(),
            state=VersionState.APPLIED,
            base=1,
            note=note(),
        )
        for one in (lists, elsewhere)
    ]
    failures = [future.exception() for future in both]
    assert [type(failure) for failure in failures if failure] == [UnusableInputError]
    assert states(lists) == [VersionState.REPLACED, VersionState.APPLIED]
    told(workspace)


def test_two_processes_get_numbers_of_their_own(
    lists: TrustLists, elsewhere: TrustLists, workspace: Workspace
) -> None:
    said = [content([named_only(number)], None) for number in range(20)]
    futures = [
        one.keep("partners", text, source(), state=VersionState.WAITING, base=None, note=note())
        for text in said
        for one in (lists, elsewhere)
    ]
    assert sorted(future.result().number for future in futures) == list(range(1, 41))
    assert told(workspace) == [LogAction.IMPORTED] * 40


# --- undo ---


def test_undo_goes_back_further_each_time(lists: TrustLists, workspace: Workspace) -> None:
    for number, base in ((1, None), (2, 1), (3, 2)):
        applied(lists, number, base=base)
    for expected in (2, 1, None):
        undone = lists.undo("partners", note()).result()
        assert (None if undone is None else undone.number) == expected
        assert applied_number(lists) == expected
    with pytest.raises(UnusableInputError, match="No version"):
        lists.undo("partners", note()).result()
    assert in_force(workspace).versions == ()
    found = in_force(workspace)
    assert (found.in_force, found.builtin_in_force) == ((), True), "as before the first version"
    actions = [*[LogAction.APPLIED] * 2, *[LogAction.UNDONE] * 3]
    assert told(workspace)[3:] == [*actions, LogAction.TAKEN_OUT_OF_FORCE, LogAction.PUT_IN_FORCE]


def test_undo_of_what_somebody_else_has_replaced_is_refused(lists: TrustLists) -> None:
    applied(lists, 1, base=None)
    applied(lists, 2, base=1)
    with pytest.raises(UnusableInputError, match="in the meantime"):
        lists.undo("partners", note(), base=1).result()
    assert applied_number(lists) == 2


def test_what_is_applied_again_is_a_version_of_its_own(lists: TrustLists, workspace: Workspace) -> None:
    first = applied(lists, 1, base=None)
    applied(lists, 2, base=1)
    again = lists.apply("partners", 1, base=2, note=note()).result()
    assert (again.number, again.content) == (3, first.content)
    numbers = [lists.undo("partners", note()).result() for _ in range(3)]
    assert [None if one is None else one.number for one in numbers] == [2, 1, None]
    told(workspace)


def test_a_clock_that_went_back_does_not_confuse_undo(lists: TrustLists) -> None:
    for number, base, minutes in ((1, None, 60), (2, 1, 30), (3, 2, 0)):
        lists.keep(
            "partners",
            content([named_only(number)], None),
            source(),
            state=VersionState.APPLIED,
            base=base,
            note=note(minutes=minutes),
        ).result()
    undone = lists.undo("partners", note()).result()
    assert undone is not None
    assert undone.number == 2


# --- in force ---


def test_lists_in_force_judge_together(lists: TrustLists, workspace: Workspace) -> None:
    applied(lists, 1, base=None, name="a")
    applied(lists, 2, base=None, name="b")
    assert in_force(workspace).in_force == ("a", "b")
    assert not in_force(workspace).builtin_in_force, "the public web's judges only for want of a list"
    before = trust_revision(workspace).result()
    lists.put_in_force(["b"], note(), builtin="web").result()
    found = in_force(workspace)
    assert (found.in_force, found.builtin_in_force) == (("b",), False)
    assert [version.list_name for version in found.versions] == ["b"]
    assert found.revision == trust_revision(workspace).result() == before + 1
    lists.put_in_force(["b", "web"], note(), builtin="web").result()
    assert in_force(workspace).builtin_in_force
    told(workspace)


def test_nothing_in_force_is_refused(lists: TrustLists, workspace: Workspace) -> None:
    applied(lists, 1, base=None)
    lists.put_in_force(["partners"], note(), builtin="web").result()
    with pytest.raises(UnusableInputError, match="No trust list would be in force"):
        lists.put_in_force([], note(), builtin="web").result()
    with pytest.raises(UnusableInputError, match="no trust list of this name"):
        lists.put_in_force(["other"], note(), builtin="web").result()
    assert in_force(workspace).in_force == ("partners",)


def test_a_list_without_an_applied_version_is_not_put_in_force(lists: TrustLists) -> None:
    waiting(lists, 1, base=None)
    with pytest.raises(UnusableInputError, match="No version"):
        lists.put_in_force(["partners"], note(), builtin="web").result()


def test_a_removed_list_goes_with_its_versions_and_the_log_stays(
    lists: TrustLists, workspace: Workspace
) -> None:
    applied(lists, 1, base=None)
    lists.remove("partners", note("no partner of ours")).result()
    assert lists.summaries().result() == ()
    assert told(workspace)[-1] is LogAction.REMOVED
    assert in_force(workspace).builtin_in_force
    assert applied(lists, 2, base=None).number == 1, "a list of the same name begins anew"
    told(workspace)


# --- origin and pin ---


def test_the_etag_is_that_of_the_newest_version_from_there(lists: TrustLists) -> None:
    url = "https://lists.example/partners.json"
    for number, etag, transport in (
        (1, "one", Transport.HTTPS),
        (2, "two", Transport.HTTPS),
        (3, "", Transport.FILE),
    ):
        lists.keep(
            "partners",
            content([named_only(number)]),
            replace(source(url), etag=etag, transport=transport),
            state=VersionState.WAITING,
            base=None,
            note=note(),
            url=url if transport is Transport.HTTPS else None,
        ).result()
    origin = lists.origin("partners").result()
    assert (origin.url, origin.etag, origin.pin) == (url, "two", None)
    assert lists.origin("nowhere").result().url == ""


def test_a_pin_is_kept_and_forgotten(lists: TrustLists, workspace: Workspace) -> None:
    lists.keep(
        "partners", content([]), source(), state=VersionState.APPLIED, base=None, note=note(), pin=pin()
    ).result()
    assert lists.origin("partners").result().pin == replace(pin(), sealed=None)
    lists.forget_pin("partners", note()).result()
    lists.forget_pin("partners", note()).result()
    assert lists.origin("partners").result().pin is None
    assert told(workspace)[-1] is LogAction.SIGNER_UNPINNED


# --- damage ---


@pytest.mark.parametrize(
    "damage",
    [
        update(schema.trust_list_entries).values(document="{"),
        update(schema.trust_list_entries).values(document='{"entry":{"sha256":1}}'),
        update(schema.trust_list_entries).values(document="[" * 100_000),
        update(schema.trust_list_entries).values(sha256="00" * 32),
        update(schema.trust_list_entries).values(der=b"another"),
        update(schema.trust_list_versions).values(envelope="{}"),
        update(schema.trust_list_versions).values(envelope='{"schema":99}'),
        update(schema.trust_list_versions).values(state="perhaps"),
        update(schema.trust_lists).values(pin='{"pin":{"signer":1}}'),
        delete(schema.trust_list_entries),
    ],
)
def test_what_is_damaged_is_an_error_and_judges_nothing(
    lists: TrustLists, workspace: Workspace, damage: Executable, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a program that starts later finds it.
    monkeypatch.setattr(trust_version_rows, "_MOST_REMEMBERED", 0)
    lists.keep(
        "partners",
        content([entry(read_certificate(b"\x30\x03\x02\x01\x09"))]),
        source(),
        state=VersionState.APPLIED,
        base=None,
        note=note(),
        in_force=True,
    ).result()
    change(workspace, damage)
    with pytest.raises(EnvironmentFailureError):
        in_force(workspace)


def test_a_version_that_was_read_before_is_read_from_what_stands_there_now(
    lists: TrustLists, workspace: Workspace
) -> None:
    applied(lists, 41, base=None)
    first = lists.version("partners").result()
    assert lists.version("partners").result().content.entries[0] is first.content.entries[0]
    other = json.dumps({"entry": {"sha256": named_only(41).sha256, "subject": "CN=Other"}})
    edit = update(schema.trust_list_entries).values(document=other)
    change(workspace, edit)
    assert lists.version("partners").result().content.entries[0].subject == "CN=Other"


def test_an_entry_that_another_program_slipped_in_is_seen(lists: TrustLists, workspace: Workspace) -> None:
    lists.keep(
        "partners", content([named_only(1)]), source(), state=VersionState.APPLIED, base=None, note=note()
    ).result()
    slipped = json.dumps({"entry": {"sha256": named_only(1).sha256, "subject": "CN=Somebody Else"}})
    edit = update(schema.trust_list_entries).values(document=slipped)
    change(workspace, edit)
    assert lists.version("partners").result().content.entries[0].subject == "CN=Somebody Else"
    untold = TrustLogBook(workspace).read().result().untold
    assert [dict(sentence.params) for sentence in untold] == [{"version": "partners@1"}]


def test_read_outs_of_another_schema_are_read_anew(
    lists: TrustLists, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = content([entry(read_certificate(DER))])
    kept = lists.keep("partners", said, source(), state=VersionState.APPLIED, base=None, note=note()).result()
    monkeypatch.setattr("trustdesk.formats.trust_records.SCHEMA", 2)
    assert lists.version("partners").result() == kept
