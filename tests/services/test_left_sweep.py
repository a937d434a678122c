"""A real desk that is closed in the middle of a sweep: the next one goes on with what is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.support.memory_secrets import MemorySecrets
from tests.support.pasts import Past
from tests.support.peers import Peer, says, stalls
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, Phase
from trustdesk.core.target import parse_target
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.desk_values import SweepProgress
from trustdesk.services.due import due_ones
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.sweeps import usual_pace
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace

WAIT_S = 30


def desk_in(folder: Path) -> LiveDesk:
    """Open a desk that tests one endpoint after the other, each once."""
    return LiveDesk(
        workspace=Workspace.open(folder),
        trust_lists=(),
        identities={},
        clock=SystemClock(),
        proxies=NoProxy(),
        pace=usual_pace(concurrency=1, tries=1),
        keyring=MemorySecrets(),
    )


def when(name: Endpoint, phase: Phase, then: Callable[[], None]) -> Callable[[SweepProgress], None]:
    def told(step: SweepProgress) -> None:
        if step.endpoint_id == name.id and step.phase is phase:
            then()

    return told


def test_a_desk_closed_in_the_middle_of_a_sweep_leaves_the_rest_to_the_next(tmp_path: Path) -> None:
    reached = threading.Event()
    with Peer(says(b"220 ready\r\n")) as speaking:
        with Peer(stalls) as silent, closing(desk_in(tmp_path)) as desk:
            first, second, third = known = tuple(
                desk.add_endpoint(name, parse_target(f"https://127.0.0.1:{port}"), None).result(WAIT_S)
                for name, port in (("A", speaking.port), ("B", silent.port), ("C", speaking.port))
            )
            sweep = desk.sweep(known, when(second, Phase.HANDSHAKE, reached.set))
            assert reached.wait(WAIT_S)
            assert desk.left_of_sweep().result(WAIT_S) is None  # it runs
        assert sweep.future.result(0).cancelled == 1  # the third never began

        with closing(desk_in(tmp_path)) as desk:
            left = desk.left_of_sweep().result(WAIT_S)
            assert left is not None
            assert (left.targets, left.tested, left.endpoints) == (3, 1, (second, third))
            assert desk.due(known).result(WAIT_S) == (second, third)
            ended: list[SweepProgress] = []
            job = desk.sweep(left.endpoints, ended.append, goes_on=left)
            totals = job.future.result(WAIT_S)
            assert (totals.failed, totals.inconclusive, totals.cancelled) == (1, 1, 0)
            assert desk.left_of_sweep().result(WAIT_S) is None
            assert desk.due(known).result(WAIT_S) == (second,)  # it was not reached

    with closing(Workspace.open(tmp_path)) as workspace:
        outcomes = [
            [seen.facts.outcome for seen in Past(workspace).observations_of(one.id).result()] for one in known
        ]
        assert outcomes == [[Outcome.NOT_TLS], [Outcome.NOT_REACHED], [Outcome.NOT_TLS]]
        now = SystemClock().now()
        assert due_ones(workspace, known, now + timedelta(hours=25)) == list(known)
        assert due_ones(workspace, (first,), now) == []


def test_what_is_not_wanted_is_not_offered_to_the_next_desk(tmp_path: Path) -> None:
    reached = threading.Event()
    with Peer(stalls) as silent, closing(desk_in(tmp_path)) as desk:
        target = parse_target(f"https://127.0.0.1:{silent.port}")
        one = desk.add_endpoint("A", target, None).result(WAIT_S)
        sweep = desk.sweep((one,), when(one, Phase.HANDSHAKE, reached.set))
        assert reached.wait(WAIT_S)
        sweep.cancel()
        assert sweep.future.result(WAIT_S).cancelled == 1
        left = desk.left_of_sweep().result(WAIT_S)
        assert left is not None
        desk.dismiss_sweep(left).result(WAIT_S)
        assert desk.left_of_sweep().result(WAIT_S) is None
    with closing(Workspace.open(tmp_path)) as workspace:
        assert Directory(workspace).last_reports().result() == {}
