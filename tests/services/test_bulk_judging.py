"""Many rows judged in real processes: verdicts, intermediates, cancelling, and judges that die."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection

import pytest

from tests.support import pki
from tests.support.distrusts import distrust
from tests.support.pki import NOW, Issued
from trustdesk.core.inspection import CertificateRow
from trustdesk.core.message import msg
from trustdesk.core.trust import LeftOut
from trustdesk.core.verification import BulkVerdict, BulkVerdicts, Purpose
from trustdesk.formats.certificate_columns import RowReader
from trustdesk.services import bulk_judging
from trustdesk.services.bulk_judging import judge_rows
from trustdesk.services.bulk_worker import Begin, Judged, Pile, Ready
from trustdesk.services.likely_issuers import IssuerIndex, issuers_among
from trustdesk.services.row_values import JudgedRows
from trustdesk.verify.path_verifier import PathVerifier

ROOT = pki.root("Skybridge Root CA")
ISSUING = pki.authority("Skybridge Issuing CA", ROOT)
SERVER = pki.server(ISSUING, "data.example", common_name="data.example")
CLIENT = pki.client(ISSUING, "ACME")
DEADLY, ENDLESS = b"deadly", b"endless"
GOOD = BulkVerdict(True, "mine", msg("Good."))


def rows_of(*certificates: Issued | bytes) -> list[CertificateRow]:
    reader = RowReader()
    return [reader.row(one if isinstance(one, bytes) else one.der) for one in certificates]


def placed(chunks: Sequence[JudgedRows], total: int) -> list[BulkVerdicts | None]:
    found: list[BulkVerdicts | None] = [None] * total
    for chunk in chunks:
        found[chunk.start : chunk.start + len(chunk.verdicts)] = chunk.verdicts
    assert len(found) == total
    return found


def test_rows_are_judged_with_the_intermediates_of_their_own_file() -> None:
    rows = rows_of(*[SERVER, CLIENT] * 150, ISSUING)
    chunks: list[JudgedRows] = []
    trust_list = pki.trust_list(ROOT)
    totals = judge_rows(rows, [trust_list], at=NOW, on_verdicts=chunks.append, cancel=threading.Event())
    assert (totals.total, totals.judged, totals.is_cancelled, totals.problems) == (301, 301, False, ())
    assert (totals.at, totals.trust_list) == (NOW, trust_list.title)
    verdicts = [one for one in placed(chunks, 301) if one is not None]
    assert [(one.server.trusted, one.client.trusted) for one in verdicts[:300]] == [
        (True, False),
        (False, True),
    ] * 150
    assert verdicts[300].is_ca
    # Equal verdicts are one object, or 100,000 of them would fill the memory of the window.
    assert verdicts[0].server is verdicts[2].server


def test_key_of_a_distrusted_certificate_is_known_where_a_list_only_mentions_it() -> None:
    """The lists go to the processes without what they leave out; its key must not get lost on the way."""
    second = pki.root("Second Root")
    cross = pki.authority("Skybridge Issuing CA", second, key=ISSUING.key)
    mentioned = LeftOut(certificate=ISSUING.facts, reason=msg("It waits."))
    trust_list = replace(
        pki.trust_list(ROOT, second), left_out=(mentioned,), distrusted=(distrust(ISSUING, spki_sha256=None),)
    )
    assert (
        not PathVerifier([trust_list]).verify(SERVER.der, [cross.der], purpose=Purpose.SERVER, at=NOW).trusted
    )
    chunks: list[JudgedRows] = []
    rows = rows_of(SERVER, cross)
    judge_rows(rows, [trust_list], at=NOW, on_verdicts=chunks.append, cancel=threading.Event())
    found = placed(chunks, 2)[0]
    assert found is not None
    assert not found.server.trusted


def test_another_day_gives_other_verdicts() -> None:
    chunks: list[JudgedRows] = []
    judge_rows(
        rows_of(SERVER, ISSUING),
        [pki.trust_list(ROOT)],
        at=NOW + timedelta(days=3650),
        on_verdicts=chunks.append,
        cancel=threading.Event(),
    )
    assert all(one is not None and not one.server.trusted for one in placed(chunks, 2))


def test_cancelled_run_ends_its_processes_and_leaves_the_rest_unjudged() -> None:
    cancel = threading.Event()
    chunks: list[JudgedRows] = []

    def first(chunk: JudgedRows) -> None:
        chunks.append(chunk)
        cancel.set()

    rows = rows_of(*[SERVER] * 400)
    totals = judge_rows(rows, (), at=NOW, on_verdicts=first, cancel=cancel)
    assert totals.is_cancelled
    assert 0 < totals.judged == sum(len(chunk.verdicts) for chunk in chunks) < 400
    assert totals.trust_list is None


def test_run_that_is_cancelled_before_its_turn_judges_nothing() -> None:
    cancel = threading.Event()
    cancel.set()
    chunks: list[JudgedRows] = []
    totals = judge_rows(rows_of(SERVER), (), at=NOW, on_verdicts=chunks.append, cancel=cancel)
    assert (totals.judged, totals.is_cancelled, chunks) == (0, True, [])


def fragile_work(pipe: Connection) -> None:
    """A judge that some certificates kill, and some hold up for ever."""
    pipe.send(Ready())
    while True:
        part = pipe.recv()
        if isinstance(part, Pile):
            if DEADLY in part.certificates:
                os._exit(1)
            while ENDLESS in part.certificates:
                time.sleep(60)
            pipe.send(Judged(tuple(BulkVerdicts(False, GOOD, GOOD) for _ in part.certificates)))
        elif isinstance(part, Begin):
            continue


@pytest.mark.parametrize(("bad", "deadline_s"), [(DEADLY, 30.0), (ENDLESS, 0.8)])
def test_certificate_that_brings_its_judge_down_costs_no_other_verdict(
    bad: bytes, deadline_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    rows = rows_of(*[b"one"] * 2, bad, *[b"more"] * 5)
    chunks: list[JudgedRows] = []
    totals = judge_rows(
        rows,
        (),
        at=NOW,
        on_verdicts=chunks.append,
        cancel=threading.Event(),
        work=fragile_work,
        deadline_s=deadline_s,
    )
    assert [one is None for one in placed(chunks, 8)] == [False, False, True, *[False] * 5]
    assert (totals.judged, totals.is_cancelled) == (7, False)
    assert [problem.count for problem in totals.problems] == [1]


def hopeless_work(_pipe: Connection) -> None:
    """A judge that never comes up."""


def test_judges_that_never_come_up_end_the_run_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_judging, "_MAX_DEATHS", 2)
    totals = judge_rows(
        rows_of(SERVER, CLIENT),
        (),
        at=NOW,
        on_verdicts=lambda _chunk: None,
        cancel=threading.Event(),
        work=hopeless_work,
    )
    assert (totals.judged, totals.is_cancelled) == (0, False)
    assert [problem.count for problem in totals.problems] == [2]


def test_more_intermediates_than_are_kept_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_judging, "MAX_POOL", 1)
    totals = judge_rows(
        rows_of(SERVER, ISSUING, ROOT),
        (),
        at=NOW,
        on_verdicts=lambda _chunk: None,
        cancel=threading.Event(),
        work=fragile_work,
    )
    assert [problem.count for problem in totals.problems] == [1]


def test_likely_issuers_are_found_by_their_names_up_to_the_top() -> None:
    alone = pki.root("Stands above nothing")
    rows = rows_of(SERVER, alone, ROOT, CLIENT, ISSUING, ISSUING)
    assert [row.sha256 for row in issuers_among(rows)] == [ROOT.sha256, ISSUING.sha256]
    index = IssuerIndex()
    assert [row.sha256 for row in index.issuers_of(rows[0], rows, 10)] == [ISSUING.sha256, ROOT.sha256]
    assert [row.sha256 for row in index.issuers_of(rows[0], rows, 1)] == [ISSUING.sha256]
    assert index.issuers_of(rows[1], rows, 10) == ()
    child = rows_of(pki.server(alone, "child.example"))[0]
    rows.append(child)
    assert [row.sha256 for row in index.issuers_of(child, rows, 10)] == [alone.sha256]
