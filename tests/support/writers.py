"""Two programs that write into one workspace at once until they are killed, and a judge of what is left.

Each deed is a partner with two endpoints in one transaction, and then a line of the trust log; a program says
what it has finished. Whatever was acknowledged has to be there, nothing may be there by half, and the log's
chain has to hold with each line once.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from tests.support.trust_content import distrust, note
from trustdesk.core.target import parse_target
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

PROGRAMS = 2
LONGEST_S = 0.15
"""A kill comes at any instant up to this long after each program's first deed."""

STARTING_S = 60.0


@dataclass(kw_only=True)
class Writers:
    """What came of the kills; `wrong` is empty when all is well."""

    rounds: int = 0
    acknowledged: int = 0
    begun: int = 0
    wrong: list[str] = field(default_factory=list)


def work(place: WorkspacePlace, local: Path | None, name: str, said: Pipe) -> None:
    """Do one deed after the other, and say which are done."""
    with closing(Workspace.open(place, folder=local, busy_timeout_s=60)) as workspace:
        number = 0
        while True:
            number += 1
            mark = f"{name}.{number}"
            said.send(("begins", mark))
            workspace.submit(lambda connection, mark=mark: _add(connection, mark)).result()  # type: ignore[misc]
            said.send(("kept", mark))
            TrustDecisions(workspace).decide(distrust(f"{number % 3:064x}"), note(mark)).result()
            said.send(("decided", mark))


def _add(connection: Connection, mark: str) -> None:
    values = {"name": mark, "company_id": "", "note": "", "details": "{}", "revision": 0}
    partner = connection.execute(insert(schema.partners).values(values).returning(schema.partners.c.id))
    number = partner.scalar_one()
    target = parse_target("a.example")
    for port in (443, 8443):
        connection.execute(
            insert(schema.endpoints).values(
                partner_id=number,
                protocol=str(target.protocol),
                host=target.host,
                port=port,
                path="/",
                verify_name=target.host,
                alpn="[]",
                note="",
                claims_mutual_tls=False,
            )
        )


def kill_writers(
    place: WorkspacePlace, folders: Sequence[Path | None], rounds: int, seed: int = 1
) -> Writers:
    """SIGKILL two programs at instants of their own, again and again on one workspace.

    Args:
        folders: of this machine, one a program: on a server each is a machine of its own.
    """
    choice = random.Random(seed)  # noqa: S311 - no secret
    found = Writers()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["tests.support.writers", "cattrs.gen", "sqlalchemy.dialects.sqlite", "psycopg"]
    )
    acknowledged: Counter[str] = Counter()
    begun: set[str] = set()
    for number in range(rounds):
        running: list[tuple[BaseProcess, Pipe]] = []
        for program in range(PROGRAMS):
            hears, says = multiprocessing.Pipe(duplex=False)
            process = context.Process(
                target=work, args=(place, folders[program], f"{seed}-{number}-{program}", says)
            )
            process.start()
            says.close()
            running.append((process, hears))
        heard: list[tuple[str, str]] = []
        for _process, hears in running:
            while not heard or heard[-1][0] != "decided":  # both are at it before the first one goes
                assert hears.poll(STARTING_S), "a program says nothing"
                heard.append(hears.recv())
            heard.append(("both", ""))
        for victim, _hears in choice.sample(running, len(running)):
            victim.join(choice.uniform(0, LONGEST_S))
            victim.kill()
            victim.join()
        for _process, hears in running:
            with hears, suppress(EOFError, OSError):
                while True:
                    heard.append(hears.recv())
        begun |= {mark for what, mark in heard if what == "begins"}
        acknowledged.update(mark for what, mark in heard if what in {"kept", "decided"})
        found.rounds += 1
        found.begun, found.acknowledged = len(begun), acknowledged.total()
        _judge(place, folders[0], begun, acknowledged, found)
    return found


def _judge(
    place: WorkspacePlace,
    local: Path | None,
    begun: set[str],
    acknowledged: Counter[str],
    found: Writers,
) -> None:
    endpoints = (
        select(schema.partners.c.name, func.count(schema.endpoints.c.id))
        .join(schema.endpoints, schema.endpoints.c.partner_id == schema.partners.c.id, isouter=True)
        .group_by(schema.partners.c.name)
    )
    with closing(Workspace.open(place, folder=local, busy_timeout_s=60)) as workspace:
        rows = workspace.submit(lambda connection: connection.execute(endpoints).all()).result()
        Directory(workspace).endpoints().result()
        log = TrustLogBook(workspace).read().result()
    kept = {row[0]: row[1] for row in rows}
    told = Counter(line.comment for line in log.entries)
    wrong = found.wrong
    if log.broken_at is not None or log.untold:
        wrong.append(f"the log is broken at {log.broken_at}, or tells otherwise: {log.untold}")
    wrong += [f"{mark} has {count} endpoints" for mark, count in kept.items() if count != 2]
    wrong += [f"{mark} was begun by nobody" for mark in kept.keys() - begun]
    wrong += [f"{mark} was acknowledged and is gone" for mark in acknowledged.keys() - kept.keys()]
    wrong += [
        f"the decision of {mark} was acknowledged and is not told"
        for mark, times in acknowledged.items()
        if times == 2 and not told[mark]
    ]
    wrong += [f"the log tells of {mark} {times} times" for mark, times in told.items() if times != 1]
