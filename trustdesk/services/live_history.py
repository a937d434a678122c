"""The past of a workspace, at work: rows into sentences, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import msg
from trustdesk.core.observation import ChangeKind
from trustdesk.core.ports import Clock
from trustdesk.core.trust_decision import AwaitingDecision
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.flapping import flapping
from trustdesk.services.history_desk import MOST_ENTRIES, MOST_LATEST
from trustdesk.services.history_trend import trend_of
from trustdesk.services.history_values import (
    DecidedFingerprint,
    EndpointHistory,
    HistoryEntry,
    LatestChanges,
)
from trustdesk.services.history_words import entries_of
from trustdesk.services.latest_words import latest_endpoint_change, latest_version
from trustdesk.services.trust_queue import queue_of
from trustdesk.storage.history import KeptChanges, KeptDecision, history_of, latest_changes
from trustdesk.storage.schema import certificates
from trustdesk.storage.seen_certificates import seen_certificates
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.workspace import Workspace

_LOOKED_BACK = timedelta(days=400)
_MOST_TESTS = 4000
"""Tests that flapping and trend are made from: one each quarter of an hour for six weeks."""

_ROWS_OF_A_TEST = 4
"""Changes that one test brings at most as a rule; where it is more, fewer tests are told of."""

_NOT_OF_A_PARTNER = frozenset({ChangeKind.UNREACHABLE, ChangeKind.REACHABLE, ChangeKind.IDENTITY})
"""What a network or we ourselves did: an outage of ours would leave room for nothing else."""


class LiveHistory:
    """A `services.history_desk.HistoryDesk` of one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        clock: Clock,
        find: Callable[[str], CertificateFacts | None],
    ) -> None:
        """Take the workspace.

        Args:
            find: finds a CA by its SHA-256 on the lists that are judged by; called on this desk's thread.
        """
        self._workspace = workspace
        self._clock = clock
        self._find = find
        self._lists = TrustLists(workspace)
        self._telling = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-history")

    def close(self) -> None:
        """End what runs."""
        self._telling.shutdown(cancel_futures=True)

    def history(self, endpoint_id: int, *, limit: int = MOST_ENTRIES) -> Future[EndpointHistory]:
        """The past of one endpoint, as of the present."""
        return self._telling.submit(self._history, endpoint_id, limit)

    def latest(self, limit: int = 3) -> Future[LatestChanges]:
        """What changed last in the whole workspace, and versions of lists that wait."""
        return self._telling.submit(self._latest, limit)

    def pair(
        self, before: str, after: str
    ) -> Future[tuple[CertificateDetails | None, CertificateDetails | None]]:
        """Two certificates that were presented, to compare them."""
        return self._telling.submit(self._pair, before, after)

    def _history(self, endpoint_id: int, limit: int) -> EndpointHistory:
        now = self._clock.now()
        kept = self._workspace.submit(
            partial(
                history_of,
                endpoint_id=endpoint_id,
                tests=_MOST_TESTS,
                rows=limit * _ROWS_OF_A_TEST,
                since=now - _LOOKED_BACK,
            ),
            reading=True,
        ).result()
        entries = self._entries(kept.told)
        new = kept.awaiting
        return EndpointHistory(
            endpoint_id=endpoint_id,
            entries=entries,
            has_more=kept.told.has_more,
            tests=len(kept.observations),
            first_at=kept.observations[-1].started_at if kept.observations else None,
            last_at=kept.observations[0].started_at if kept.observations else None,
            flapping=flapping(kept.observations, now),
            trend=trend_of(kept.observations, kept.not_after),
            awaiting=None if new is None else next(iter(queue_of((), (new,)))),
        )

    def _latest(self, limit: int) -> LatestChanges:
        if not 1 <= limit <= MOST_LATEST:
            raise UnusableInputError(
                msg("This is no number of changes: {number}.", number=limit),
                remedy=msg("Ask for 1 to {most}.", most=MOST_LATEST),
            )
        told = self._workspace.submit(
            partial(latest_changes, rows=limit * _ROWS_OF_A_TEST, without=_NOT_OF_A_PARTNER), reading=True
        ).result()
        found = [latest_endpoint_change(one, *told.places[one.endpoint_id]) for one in self._entries(told)]
        found += [latest_version(one) for one in self._waiting() if one.list_name is not None]
        found.sort(key=lambda one: one.at, reverse=True)
        return LatestChanges(changes=tuple(found[:limit]), has_more=told.has_more or len(found) > limit)

    def _waiting(self) -> tuple[AwaitingDecision, ...]:
        return queue_of(self._lists.summaries().result(), ())

    def _entries(self, told: KeptChanges) -> tuple[HistoryEntry, ...]:
        named = dict(told.certificates)
        for change in told.changes:
            # A root is seldom presented; then a list has it.
            wanted = (change.before, change.after) if change.kind is ChangeKind.ANCHOR else ()
            for sha256 in wanted:
                facts = None if sha256 in named else self._find(sha256)
                if facts is not None:
                    named[sha256] = facts
        entries = entries_of(told.changes, named)
        return tuple(_with_decision(one, told.decisions) for one in entries)

    def _pair(self, before: str, after: str) -> tuple[CertificateDetails | None, CertificateDetails | None]:
        kept = self._workspace.submit(
            lambda connection: seen_certificates(connection, certificates.c.sha256.in_([before, after])),
            reading=True,
        ).result()
        old, new = (kept.get(one) for one in (before, after))
        return (
            None if old is None else read_details(old.der),
            None if new is None else read_details(new.der),
        )


def _with_decision(entry: HistoryEntry, decisions: Mapping[tuple[int, str], KeptDecision]) -> HistoryEntry:
    decision = decisions.get((entry.endpoint_id, entry.after)) if entry.after else None
    if decision is None:
        return entry
    told = DecidedFingerprint(
        accepted=decision.accepted, by=decision.by, at=decision.at, comment=decision.comment
    )
    return replace(entry, decided=told)
