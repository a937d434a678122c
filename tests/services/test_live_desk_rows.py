"""The live desk reads bundles into rows and judges them, in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.test_live_desk_inspector import ISSUING, LEAF, ROOT, WAIT_S, FixedClock
from tests.support import pki
from tests.support.pki import NOW
from trustdesk.core.verification import BulkVerdicts
from trustdesk.services.desk_values import PastedData
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.row_values import JudgedRows, RowsChunk
from trustdesk.storage.workspace import Workspace


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LiveDesk]:
    made = LiveDesk(
        workspace=Workspace.open(tmp_path / "workspace"),
        trust_lists=(pki.trust_list(ROOT, called="mine"), pki.trust_list(pki.root("Other"), called="other")),
        identities={},
        clock=FixedClock(),
    )
    yield made
    made.close()


def judged(desk: LiveDesk, chunk: RowsChunk) -> list[BulkVerdicts]:
    found: dict[int, JudgedRows] = {}
    job = desk.judge_rows(chunk.rows, lambda some: found.update({some.start: some}))
    totals = job.future.result(WAIT_S)
    assert totals.judged == totals.total == len(chunk.rows)
    return [one for start in sorted(found) for one in found[start].verdicts]


def test_three_hundred_rows_are_judged_anew_for_another_day_and_another_list(
    desk: LiveDesk, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(LEAF.pem * 300 + ISSUING.pem)
    chunks: list[RowsChunk] = []
    read = desk.read_rows([bundle], chunks.append).future.result(WAIT_S)
    assert (read.count, read.unread, read.is_partial) == (301, 0, False)
    assert [one.server.trusted for one in judged(desk, chunks[0])][:300] == [True] * 300
    few = RowsChunk(source="few", rows=chunks[0].rows[-2:], unread=0, share=1.0)
    desk.set_evaluation_time(NOW + timedelta(days=3650))
    assert not judged(desk, few)[0].server.trusted
    desk.set_evaluation_time(None)
    desk.use_trust_list("other").result(WAIT_S)
    assert not judged(desk, few)[0].server.trusted


def test_closing_the_desk_ends_what_runs_on_rows(desk: LiveDesk) -> None:
    pasted = PastedData(name="Pasted text 1", data=LEAF.pem * 501)
    assert desk.holds_many([pasted]).result(WAIT_S)
    chunks: list[RowsChunk] = []
    desk.read_rows([pasted], chunks.append).future.result(WAIT_S)
    running = desk.judge_rows(chunks[0].rows * 100, lambda _some: None)
    waiting = desk.judge_rows(chunks[0].rows, lambda _some: None)
    desk.close()
    assert running.future.result(0).is_cancelled
    assert waiting.future.cancelled() or waiting.future.result(0).is_cancelled
