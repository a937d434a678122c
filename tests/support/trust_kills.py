"""A program that applies, undoes and decides until it is killed, and a judge of what is left.

The program says what it begins and what it has finished. After the kill the log's chain and its seal have to
hold, the tables have to say what the log tells, what was acknowledged has to be there whole, and of what was
under way everything or nothing.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from tests.support.trust_content import content, distrust, limit, named_only, note, pin, source
from trustdesk.core.trust_version import Authenticity, AuthenticityState, VersionState
from trustdesk.storage.sealing import KeySealer, Sealer
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import seal_newest
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

LISTS = ("partners", "banks")
ENTRIES = 300
"""Of a version: enough for a kill to come in the middle of them."""

LONGEST_S = 0.08
"""A kill comes at any instant up to this long after the program's first deed."""

STARTING_S = 60.0
KEY = bytes(range(32))


def sealer() -> Sealer:
    return KeySealer(KEY, "workspace", log_was_sealed=True)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What the program begins.

    Attributes:
        mark: comment of all its lines in the log; no other deed has it.
    """

    what: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """A workspace as the program and the judge have it open."""

    lists: TrustLists
    decisions: TrustDecisions
    log: TrustLogBook


def place(workspace: Workspace) -> Place:
    return Place(
        lists=TrustLists(workspace, sealer),
        decisions=TrustDecisions(workspace, sealer),
        log=TrustLogBook(workspace, sealer),
    )


# --- the program ---


def work(folder: Path, seed: int, said: Pipe) -> None:
    """Do one thing after the other; say what is begun, and what is done with the lines that it took."""
    choice = random.Random(seed)  # noqa: S311 - no secret
    with closing(Workspace.open(folder)) as workspace:
        here = place(workspace)
        number = 0
        while True:
            number += 1
            mark = f"{seed}.{number}"
            what, run = _next(here, choice, mark)
            said.send(Deed(what=what, mark=mark))
            run()
            said.send("done")


def _next(here: Place, choice: random.Random, mark: str) -> tuple[str, Callable[[], object]]:
    name = choice.choice(LISTS)
    found = {one.name: one for one in here.lists.summaries().result()}
    applied = found[name].applied if name in found else None
    base = None if applied is None else applied.number
    told = note(mark)
    signed = Authenticity(state=AuthenticityState.VERIFIED, signer=pin().signer, pinned=True)
    entries = [named_only(choice.randrange(10**9)) for _ in range(ENTRIES)]
    said = replace(content(entries, None), authenticity=signed)
    decided = choice.choice([distrust, limit])(f"{choice.randrange(3):064x}")
    deeds: dict[str, Callable[[], object]] = {
        "apply": lambda: here.lists.keep(
            name,
            said,
            source(mark),
            state=VersionState.APPLIED,
            base=base,
            note=told,
            in_force=True,
            pin=replace(pin(), pinned_by=mark),
        ).result(),
        "keep": lambda: here.lists.keep(
            name, said, source(mark), state=VersionState.WAITING, base=base, note=told
        ).result(),
        "decide": lambda: here.decisions.decide(decided, told).result(),
    }
    if base is not None:
        deeds["undo"] = lambda: here.lists.undo(name, told).result()
        deeds["remove"] = lambda: here.lists.remove(name, told).result()
    if base not in {None, 1}:
        deeds["again"] = lambda: here.lists.apply(name, 1, base=base, note=told).result()
    if any(one.sha256 == decided.sha256 for one in here.decisions.decisions().result()):
        deeds["withdraw"] = lambda: here.decisions.withdraw(decided.sha256, told).result()
    in_order = sorted(deeds)
    what = choice.choices(in_order, [1 if one == "remove" else 6 for one in in_order])[0]
    return what, deeds[what]


# --- the kills, and what is left ---


@dataclass(kw_only=True)
class TrustKills:
    """What came of the kills.

    Attributes:
        counts: by what was under way and what became of it.
        wrong: what must not be, in words; empty when all is well.
    """

    rounds: int = 0
    acknowledged: int = 0
    lines: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def table(self) -> list[str]:
        rows = [f"{what:10} {outcome:10} {count}" for (what, outcome), count in sorted(self.counts.items())]
        return [
            *rows,
            f"kills {self.rounds}, deeds acknowledged {self.acknowledged}, lines in the log {self.lines}",
            f"wrong: {len(self.wrong)}",
            *self.wrong,
        ]


def kill_again_and_again(folder: Path, rounds: int, seed: int = 1) -> TrustKills:
    """SIGKILL the program at a random instant, again and again on one workspace."""
    choice = random.Random(seed)  # noqa: S311 - no secret
    table = TrustKills()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.trust_kills", "cattrs.gen", "sqlalchemy.dialects.sqlite"])
    with closing(Workspace.open(folder)) as workspace:
        unsealed = KeySealer(KEY, "workspace")
        workspace.submit(lambda connection: seal_newest(connection, unsealed)).result()
    told: Counter[str] = Counter()
    for _ in range(rounds):
        hears, says = multiprocessing.Pipe(duplex=False)
        process = context.Process(target=work, args=(folder, choice.randrange(1 << 30), says))
        process.start()
        says.close()
        heard: list[object] = []
        while "done" not in heard:  # what is imported at first use is no place worth a kill
            assert hears.poll(STARTING_S), "the program says nothing"
            heard.append(hears.recv())
        process.join(choice.uniform(0, LONGEST_S))
        process.kill()
        process.join()
        with hears:
            while True:
                try:
                    heard.append(hears.recv())
                except (EOFError, OSError):
                    break
        table.rounds += 1
        table.acknowledged += heard.count("done")
        told = _judge(folder, heard, told, table)
    return table


def _judge(folder: Path, heard: list[object], before: Counter[str], table: TrustKills) -> Counter[str]:
    """Start anew and look at everything; return how many lines the log has of each deed now."""

    def wrong(what: str) -> None:
        table.wrong.append(f"after {table.rounds} kills: {what}")

    with closing(Workspace.open(folder)) as workspace:
        here = place(workspace)
        log = here.log.read().result()
        if log.broken_at is not None or log.untold:
            wrong(f"the log is broken at {log.broken_at}, or tells otherwise: {log.untold}")
        if log.entries and log.sealed is not True:
            wrong(f"the seal over the log: {log.sealed}")
        for summary in here.lists.summaries().result():
            for line in summary.versions:
                version = here.lists.version(summary.name, line.number).result()
                if len(version.content.entries) != ENTRIES:
                    wrong(f"{version.reference} has {len(version.content.entries)} entries")
        if any(one.sealed is not True for one in here.decisions.decisions().result()):
            wrong("a decision is not sealed")
    table.lines = len(log.entries)
    after = Counter(line.comment for line in log.entries)
    deeds = [word for word in heard if isinstance(word, Deed)]
    done = deeds[: heard.count("done")]
    if any(after[mark] != count for mark, count in before.items()):
        wrong("lines of an earlier program have changed")
    for deed in done:
        if not after[deed.mark]:
            wrong(f"{deed} was acknowledged, and the log does not tell of it")
    strangers = after.keys() - before.keys() - {deed.mark for deed in deeds}
    if strangers:
        wrong(f"the log tells of {strangers}, which nobody did")
    for deed in deeds[len(done) :]:
        table.counts[deed.what, "whole" if after[deed.mark] else "nothing"] += 1
    return after
