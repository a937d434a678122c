"""Everything that is judged by, in one question: lists in force, decisions, policies."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import Connection

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import LocalDecision, PartnerPolicy
from trustdesk.core.trust_version import ListVersion
from trustdesk.storage import trust_rows, trust_version_rows
from trustdesk.storage.sealing import Sealer
from trustdesk.storage.trust_audit import untold_changes
from trustdesk.storage.trust_decisions import all_decisions, all_policies
from trustdesk.storage.trust_log import newest_line, read_log
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustInForce:
    """What is judged by, as of one instant.

    Attributes:
        versions: applied versions of the lists in force, and of those that a policy names, by name.
        in_force: names of lists in force, of the workspace; a list without an applied version may be among
            them: nothing is trusted by it.
        builtin_in_force: whether the list that comes with the program is judged by too.
        revision: number of the newest line of the log; whatever changes here changes it.
    """

    versions: tuple[ListVersion, ...]
    in_force: tuple[str, ...]
    builtin_in_force: bool
    decisions: tuple[LocalDecision, ...]
    policies: tuple[PartnerPolicy, ...]
    revision: int


def trust_in_force(workspace: Workspace, sealer: Callable[[], Sealer]) -> Future[TrustInForce]:
    """Read what is judged by.

    The future fails with EnvironmentFailureError where a record of it is damaged, or is not as the trust log
    tells: a distrust that another program took away, an entry that it slipped into a list. It fails too where
    the log itself is broken or, as its seal shows, cut off: what went with its line is missed by nobody.
    Nothing may be judged then as though all were well. To decide or apply again what is named sets it right.
    """
    return workspace.submit(lambda connection: _read(connection, sealer()))


def trust_revision(workspace: Workspace) -> Future[int]:
    """Say whether `trust_in_force` would say something else: the number of the newest line of the log."""
    return workspace.submit(lambda connection: newest_line(connection)[0])


def _read(connection: Connection, sealer: Sealer) -> TrustInForce:
    log = read_log(connection, sealer)
    if log.broken_at is not None:
        raise EnvironmentFailureError(
            log.broken_why or msg("The chain of the log is broken at line {number}.", number=log.broken_at),
            remedy=msg("Look at the trust log; restore the workspace from a backup, or seal it anew."),
        )
    changed = untold_changes(connection, log.entries, only_judged_by=True)
    if changed:
        raise EnvironmentFailureError(
            changed[0],
            remedy=msg("Look at the trust log, then apply or decide again what it names."),
        )
    policies = all_policies(connection, sealer)
    wanted = {name for policy in policies for name in policy.lists}
    rows = trust_rows.all_lists(connection, sealer)
    versions = []
    for row in rows:
        if not row.in_force and row.name not in wanted:
            continue
        applied = trust_version_rows.applied_of(trust_version_rows.versions_of(connection, row))
        if applied is not None:
            entries = trust_version_rows.entries_of(connection, applied)
            versions.append(trust_version_rows.list_version(row, applied, entries))
    return TrustInForce(
        versions=tuple(versions),
        in_force=tuple(row.name for row in rows if row.in_force),
        builtin_in_force=trust_rows.builtin_is_in_force(connection),
        decisions=all_decisions(connection, sealer),
        policies=policies,
        revision=newest_line(connection)[0],
    )
