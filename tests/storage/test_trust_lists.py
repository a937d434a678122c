"""Trust lists are kept with their versions, one transaction for each change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.trust_content import AT, content, entry, named_only, note, pin, source
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_version import ListVersion, VersionState
from trustdesk.formats.certificate import read_certificate
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_in_force import trust_in_force
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import read_log
from trustdesk.storage.workspace import Workspace

DER = b"\x30\x03\x02\x01\x01"


@pytest.fixture
def lists(workspace: Workspace) -> TrustLists:
    return TrustLists(workspace)


def applied(
    lists: TrustLists, number: int, *, base: int | None, sequence: int | None = None, name: str = "partners"
) -> ListVersion:
    return lists.keep(
        name,
        content([named_only(number)], sequence),
        source(f"{number}.json"),
        state=VersionState.APPLIED,
        base=base,
        note=note(minutes=number),
        in_force=True,
    ).result()


def applied_number(lists: TrustLists, name: str = "partners") -> int | None:
    summary = next(one for one in lists.summaries().result() if one.name == name)
    return None if summary.applied is None else summary.applied.number


def actions(workspace: Workspace) -> list[LogAction]:
    log = workspace.submit(lambda connection: read_log(connection, NO_SEALER)).result()
    assert (log.broken_at, log.sealed) == (None, None)
    return [line.action for line in log.entries]


def test_a_version_comes_back_as_it_was_kept(lists: TrustLists) -> None:
    said = content([entry(read_certificate(DER)), named_only(1)])
    kept = lists.keep(
        "partners",
        said,
        source(),
        state=VersionState.WAITING,
        base=None,
        note=note(),
        pin=pin(),
        url="https://a",
    ).result()
    assert kept == ListVersion(
        list_name="partners", number=1, content=said, source=source(), state=VersionState.WAITING, kept_at=AT
    )
    assert lists.version("partners", 1).result() == kept


def test_undo_goes_back_further_each_time(lists: TrustLists, workspace: Workspace) -> None:
    for number, base in ((1, None), (2, 1), (3, 2)):
        applied(lists, number, base=base)
    undone = lists.undo("partners", note(), base=3).result()
    assert undone is not None and undone.number == 2
    undone = lists.undo("partners", note()).result()
    assert undone is not None and undone.number == 1
    assert applied_number(lists) == 1
    assert lists.undo("partners", note()).result() is None
    assert applied_number(lists) is None
    assert actions(workspace) == [
        LogAction.APPLIED,
        LogAction.PUT_IN_FORCE,
        *[LogAction.APPLIED] * 2,
        *[LogAction.UNDONE] * 3,
    ]
