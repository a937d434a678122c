"""What a sweep left that was killed or cancelled is found, unless a living program makes it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from tests.support import samples
from tests.support.trust_content import note
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.partner_register import PartnerRegister
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.sweeps import SweepBook, SweptTest
from trustdesk.storage.workspace import Workspace

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TARGETS, OTHERS = "ab" * 32, "cd" * 32


@pytest.fixture
def known(workspace: Workspace) -> tuple[Endpoint, ...]:
    directory = Directory(workspace)
    return tuple(
        directory.add_endpoint(f"Partner {number}", parse_target(f"p{number}.example")).result()
        for number in range(4)
    )


@pytest.fixture
def other(workspace_place: WorkspacePlace, workspace: Workspace) -> Iterator[Workspace]:
    """Open the workspace as another program does."""
    with closing(Workspace.open(workspace_place)) as opened:
        yield opened


def swept(known: tuple[Endpoint, ...], *positions: int) -> list[SweptTest]:
    return [
        SweptTest(position=at, endpoint_id=known[at].id, report=seen_at(NOW + timedelta(minutes=1)))
        for at in positions
    ]


def seen_at(instant: datetime) -> ProbeReport:
    report = samples.healthy()
    return replace(report, record=replace(report.record, started_at=instant))


def begun(
    book: SweepBook, known: tuple[Endpoint, ...], *done: int, sha256: str = TARGETS, at: datetime = NOW
) -> Future[int]:
    """Begin a sweep of endpoints, come so far, and let it go as a cancelled one is."""
    sweep = book.begin(sha256, len(known), at, known)
    book.keep(sweep, swept(known, *done)).result()
    return sweep


def plan(document: str, connection: Connection) -> None:
    connection.execute(update(schema.sweeps).values(document=document))


def test_what_a_cancelled_sweep_left_is_found(workspace: Workspace, known: tuple[Endpoint, ...]) -> None:
    book = SweepBook(workspace)
    sweep = begun(book, known, 1, 2)
    assert book.left(NOW).result() is None  # it runs
    book.leave(sweep).result()
    left = book.left(NOW).result()
    assert left is not None
    assert (left.id, left.started_at, left.targets, left.tested) == (sweep.result(), NOW, 4, 2)
    assert (left.endpoints, left.positions) == ((known[0], known[3]), (0, 3))


def test_what_ended_or_says_nothing_of_whom_it_tests_leaves_nothing(
    workspace: Workspace, known: tuple[Endpoint, ...]
) -> None:
    book = SweepBook(workspace)
    book.end(begun(book, known, 0), NOW).result()
    book.leave(book.begin(OTHERS, 4, NOW)).result()
    assert book.left(NOW).result() is None
    kept = workspace.submit(lambda one: list(one.execute(select(schema.sweeps.c.document)).scalars()))
    assert kept.result() == ["{}", "{}"]


def test_a_sweep_of_another_living_program_is_not_offered_and_its_end_gives_it_free(
    workspace: Workspace, known: tuple[Endpoint, ...], other: Workspace
) -> None:
    begun(SweepBook(other), known, 0)
    book = SweepBook(workspace)
    assert book.left(NOW).result() is None
    other.close()
    left = book.left(NOW).result()
    assert left is not None
    assert left.positions == (1, 2, 3)


def test_one_goes_on_and_the_others_do_not(
    workspace: Workspace, known: tuple[Endpoint, ...], other: Workspace
) -> None:
    book, others = SweepBook(workspace), SweepBook(other)
    sweep = begun(book, known, 0)
    book.leave(sweep).result()
    left = book.left(NOW).result()
    assert left is not None
    assert book.go_on(left, OTHERS, NOW).result() == sweep.result()
    assert others.left(NOW).result() is None
    assert others.claim(left.id).result() is False
    # Whoever read it before that tests the same in a sweep of its own.
    own = others.go_on(left, OTHERS, NOW + timedelta(hours=1))
    assert own.result() != sweep.result()
    others.keep(own, swept(known, 2)).result()
    others.leave(own).result()
    rest = others.left(NOW + timedelta(hours=1)).result()
    assert rest is not None
    assert (rest.id, rest.targets, rest.positions) == (own.result(), 3, (1, 3))


def test_going_on_ends_it_with_its_last_result_and_a_second_crash_leaves_the_rest(
    workspace: Workspace, known: tuple[Endpoint, ...]
) -> None:
    book = SweepBook(workspace)
    book.leave(begun(book, known, 0)).result()
    left = book.left(NOW).result()
    assert left is not None
    again = book.go_on(left, OTHERS, NOW + timedelta(hours=1))
    book.keep(again, swept(known, 2)).result()
    book.leave(again).result()
    rest = book.left(NOW).result()
    assert rest is not None
    assert (rest.id, rest.tested, rest.positions) == (left.id, 2, (1, 3))
    last = book.go_on(rest, OTHERS, NOW)
    book.keep(last, swept(known, 1, 3)).result()
    book.end(last, NOW).result()
    assert book.left(NOW).result() is None
    assert book.unfinished(TARGETS).result() is None


def test_what_is_gone_or_another_or_seen_since_is_left_out(
    workspace: Workspace, known: tuple[Endpoint, ...]
) -> None:
    book, register = SweepBook(workspace), PartnerRegister(workspace)
    book.leave(begun(book, known)).result()
    register.remove(["Partner 0"], note()).result()
    entry = register.entries().result()[0]
    (one,) = entry.endpoints
    renamed = replace(one, target=replace(one.target, verify_name="other.example"))
    noted = replace(one, note="Not told")
    register.keep([replace(entry, endpoints=(renamed,))], note()).result()
    directory = Directory(workspace)
    directory.record_report(known[2].id, seen_at(NOW - timedelta(minutes=1))).result()
    left = book.left(NOW).result()
    assert left is not None
    assert left.endpoints == known[2:]
    directory.record_report(known[2].id, seen_at(NOW + timedelta(minutes=1))).result()
    left = book.left(NOW).result()
    assert left is not None
    assert (left.endpoints, left.positions) == (known[3:], (3,))
    # As it was then, but for what no test looks at: it is left again.
    entry = register.entries().result()[0]
    register.keep([replace(entry, endpoints=(noted,))], note()).result()
    left = book.left(NOW).result()
    assert left is not None
    assert left.endpoints == (noted, known[3])
    directory.record_reports([(one.id, seen_at(NOW)) for one in left.endpoints]).result()
    assert book.left(NOW).result() is None


def test_dismissing_ends_it_and_older_ones_but_none_that_runs(
    workspace: Workspace, known: tuple[Endpoint, ...], other: Workspace
) -> None:
    book, others = SweepBook(workspace), SweepBook(other)
    book.leave(begun(book, known, 0, at=NOW - timedelta(days=2))).result()
    running = begun(others, known, sha256="ef" * 32, at=NOW - timedelta(days=1))
    book.leave(begun(book, known[:2], sha256=OTHERS)).result()
    left = book.left(NOW).result()
    assert left is not None
    assert left.targets == 2
    book.dismiss(left.id, NOW).result()
    assert book.left(NOW).result() is None
    assert book.unfinished(TARGETS).result() is None
    others.leave(running).result()
    left = book.left(NOW).result()
    assert left is not None
    assert left.id == running.result()
    assert others.claim(left.id).result()
    book.dismiss(left.id, NOW).result()  # it is gone on with by now
    others.leave(running).result()
    assert book.left(NOW).result() is not None


def test_the_newest_counts_for_thirty_days(workspace: Workspace, known: tuple[Endpoint, ...]) -> None:
    book = SweepBook(workspace)
    older = begun(book, known)
    newer = begun(book, known[:1], sha256=OTHERS, at=NOW + timedelta(hours=1))
    for one in (older, newer):
        book.leave(one).result()
    left = book.left(NOW + timedelta(days=29)).result()
    assert left is not None
    assert left.id == newer.result()
    assert book.left(NOW + timedelta(days=31)).result() is None


def test_a_plan_that_nobody_understands_leaves_nothing(
    workspace: Workspace, known: tuple[Endpoint, ...]
) -> None:
    book = SweepBook(workspace)
    book.leave(begun(book, known)).result()
    for document in ("[]", '{"endpoints": [["x", 1]]}', '{"endpoints": 7}', "nonsense"):
        workspace.submit(partial(plan, document)).result()
        assert book.left(NOW).result() is None


def test_what_a_killed_program_had_is_free(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "killed"
    shutil.copytree(made, place)
    with closing(Workspace.open(place)) as workspace:
        known = (Directory(workspace).add_endpoint("A", parse_target("a.example")).result(),)
        script = (
            "import sys, datetime as d; from pathlib import Path\n"
            "from trustdesk.storage.directory import Directory\n"
            "from trustdesk.storage.sweeps import SweepBook\n"
            "from trustdesk.storage.workspace import Workspace\n"
            "opened = Workspace.open(Path(sys.argv[1])); known = Directory(opened).endpoints().result()\n"
            "at = d.datetime.fromisoformat(sys.argv[2])\n"
            "SweepBook(opened).begin('ab' * 32, 1, at, known).result()\n"
            "print('begun', flush=True); sys.stdin.read()\n"
        )
        program = subprocess.Popen(
            [sys.executable, "-c", script, place, NOW.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == b"begun\n"
            book = SweepBook(workspace)
            assert book.left(NOW).result() is None
        finally:
            program.kill()
            program.communicate()
        left = book.left(NOW).result()
        assert left is not None
        assert left.endpoints == known
        book.dismiss(left.id, NOW).result()
        assert list((place / "sweeps").iterdir()) == []
