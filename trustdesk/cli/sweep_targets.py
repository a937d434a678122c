"""Whom `trustdesk sweep` tests: partners of the workspace or a list, all of them or what is left or due."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trustdesk.cli.revoking import note
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg, msg_n
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.services.files import read_bounded
from trustdesk.services.standings import kept_standing
from trustdesk.services.sweep_keeping import SweepKeeper, targets_digest
from trustdesk.storage.directory import Directory
from trustdesk.storage.observations import ObservationStore
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.sweeps import SweepBook, UnfinishedSweep
from trustdesk.storage.workspace import Workspace

MAX_TARGETS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A sweep that is kept in a workspace.

    Attributes:
        keeper: keeps what is tested now.
        earlier: reports of what was tested before, by position; empty for one that begins.
    """

    keeper: SweepKeeper
    earlier: dict[int, ProbeReport]


def partners_of(workspace: Workspace, place: WorkspacePlace | None) -> list[Endpoint]:
    """Return all endpoints of a workspace.

    Raises:
        UnusableInputError: there is none.
    """
    endpoints = list(Directory(workspace).endpoints().result())
    if not endpoints:
        raise UnusableInputError(
            msg("There are no partners in this workspace."),
            remedy=msg("Add one in the window, or name targets with --targets FILE."),
            place=None if place is None else str(place),
        )
    return endpoints


def target_lines(file: Path) -> list[str]:
    """Return the targets of a list, one a line, duplicates kept.

    Raises:
        UnusableInputError: it is no UTF-8 text, or holds no target, or too many.
    """
    try:
        text = read_bounded(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableInputError(
            msg("The list of targets is not UTF-8 text."), remedy=msg("Save it as UTF-8."), place=str(file)
        ) from None
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    targets = [line for line in lines if line]
    if not targets:
        raise UnusableInputError(
            msg("There is no target in the list."), remedy=msg("Write one target a line."), place=str(file)
        )
    if len(targets) > MAX_TARGETS:
        raise UnusableInputError(
            msg("The list holds more than {limit} targets.", limit=MAX_TARGETS),
            remedy=msg("Split it."),
            place=str(file),
        )
    return targets


def kept_run(
    workspace: Workspace, endpoints: Sequence[Endpoint], *, resume: bool, client_sha256: str = ""
) -> KeptRun:
    """Begin a sweep of endpoints, or go on with the last one of the same that did not end.

    A test whose report cannot be read any more is made again.

    Args:
        client_sha256: as for `targets_digest`.
    """
    book = SweepBook(workspace, kept_standing)
    digest = targets_digest(endpoints, client_sha256)
    unfinished = book.unfinished(digest).result() if resume else None
    if unfinished is not None and not book.claim(unfinished.id).result():
        note(msg("Another program makes this sweep at this moment: this one begins with the first target."))
        resume, unfinished = False, None
    earlier: dict[int, ProbeReport] = {}
    if unfinished is None:
        if resume:
            note(msg("There is no sweep of these targets to go on with: it begins with the first."))
        # With one certificate for all it is no sweep that a window could go on with.
        planned = () if client_sha256 else endpoints
        begun = book.begin(digest, len(endpoints), datetime.now(UTC), planned)
    else:
        earlier = _earlier(workspace, unfinished)
        begun = Future()
        begun.set_result(unfinished.id)
        note(
            msg_n(
                "Going on with the sweep of {started}: {count} of {all} is tested.",
                "Going on with the sweep of {started}: {count} of {all} are tested.",
                len(earlier),
                started=unfinished.started_at.strftime("%Y-%m-%d %H:%M UTC"),
                all=len(endpoints),
            )
        )
    keeper = SweepKeeper(book, begun, left=len(endpoints) - len(earlier), now=lambda: datetime.now(UTC))
    return KeptRun(keeper=keeper, earlier=earlier)


def _earlier(workspace: Workspace, unfinished: UnfinishedSweep) -> dict[int, ProbeReport]:
    store = ObservationStore(workspace)
    asked = {position: store.report(number) for position, number in unfinished.done.items()}
    found: dict[int, ProbeReport] = {}
    for position, answer in asked.items():
        try:
            report = answer.result()
        except UnusableInputError:
            continue
        if report is not None:
            found[position] = report
    return found
