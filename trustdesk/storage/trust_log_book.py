"""The trust log as it is read, checked and handed out."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from trustdesk.core.trust_decision import TrustLog
from trustdesk.formats.trust_records import log_entry_document
from trustdesk.storage import trust_rows, trust_version_rows
from trustdesk.storage.schema import local_decisions, partner_policies, partners
from trustdesk.storage.sealing import NO_SEALER, Sealer
from trustdesk.storage.trust_audit import untold_changes
from trustdesk.storage.trust_log import newest_line, read_log
from trustdesk.storage.workspace import Workspace

SCHEMA = "trustdesk.trust-log-export/1"

HOW_TO_CHECK = (
    "Canonical means: as JSON with the names of every object sorted, without spaces or line ends, in UTF-8, "
    "with no escape but those that JSON demands (RFC 8785). Hashes are SHA-256 in lower-case hex.",
    "1. Take the objects of 'entries' in their order and take 'hash' out of each. The hash of what is left, "
    "canonical, is 'hash'; 'number' counts from 1; 'previous' is 'hash' of the entry before, and 64 zeros "
    "in the first. 'newest' names number and hash of the last.",
    "2. Each object of 'decisions', canonical, has the hash 'document' in the 'details' of the newest entry "
    "whose 'fingerprint' is its 'sha256' and whose 'action' is 'distrusted' (kind 'distrust') or "
    "'usage_limited' (kind 'limit_usage'); no later entry 'decision_withdrawn' names both.",
    "3. Each 'policy' of 'policies', canonical, has the hash 'document' in the 'details' of the newest entry "
    "'policy_set' whose 'subject' is 'partner'; no later 'policy_cleared' names it.",
    "4. Each object of 'lists' that has 'applied' names the 'version' of the newest entry 'applied' or "
    "'undone' whose 'subject' is 'name' and whose 'details' have no 'list'; 'source_sha256' is its "
    "'fingerprint'.",
    "5. Compare 'hash' of 'newest' with one that was written down elsewhere: the entries alone cannot show "
    "that all of them were made anew.",
)


class TrustLogBook:
    """The trust log of one workspace; answers are futures of the workspace's thread."""

    def __init__(self, workspace: Workspace, sealer: Callable[[], Sealer] = lambda: NO_SEALER) -> None:
        """Take the workspace; `sealer` as for `storage.trust_lists.TrustLists`."""
        self._workspace = workspace
        self._sealer = sealer

    def read(self) -> Future[TrustLog]:
        """The log, with whether chain and seal hold, and what the tables say otherwise."""
        return self._workspace.submit(lambda connection: _read(connection, self._sealer()))

    def document(self, at: datetime) -> Future[dict[str, object]]:
        """The log with what is in force, as a JSON-ready document that can be checked without us.

        Args:
            at: when it is written.
        """
        return self._workspace.submit(lambda connection: _document(connection, self._sealer(), at))


def _read(connection: Connection, sealer: Sealer) -> TrustLog:
    log = read_log(connection, sealer)
    if log.broken_at is not None:
        return log
    return replace(log, untold=untold_changes(connection, log.entries))


def _document(connection: Connection, sealer: Sealer, at: datetime) -> dict[str, object]:
    log = _read(connection, sealer)
    number, newest = newest_line(connection)
    decisions = connection.execute(
        select(local_decisions.c.document).order_by(local_decisions.c.decided_at, local_decisions.c.sha256)
    )
    policies = connection.execute(
        select(partners.c.name, partner_policies.c.document)
        .join(partners, partners.c.id == partner_policies.c.partner_id)
        .order_by(partners.c.name)
    )
    return {
        "schema": SCHEMA,
        "written_at": at.astimezone(UTC).isoformat(),
        "how_to_check": list(HOW_TO_CHECK),
        "newest": {"number": number, "hash": newest},
        "broken_at": log.broken_at,
        "sealed": log.sealed,
        "entries": [{**log_entry_document(entry), "hash": entry.hash} for entry in log.entries],
        "lists": _lists(connection),
        "decisions": [json.loads(row.document) for row in decisions],
        "policies": [{"partner": row.name, "policy": json.loads(row.document)} for row in policies],
    }


def _lists(connection: Connection) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for row in trust_rows.all_lists(connection, NO_SEALER):
        one: dict[str, object] = {"name": row.name, "in_force": row.in_force}
        applied = trust_version_rows.applied_of(trust_version_rows.versions_of(connection, row))
        if applied is not None:
            one["applied"] = applied.line.number
            one["source_sha256"] = applied.line.source.sha256
        found.append(one)
    return found
