"""The last readiness check of each endpoint. Older ones go: the history is that of its tests."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.readiness import Readiness
from trustdesk.core.target import Target
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.readiness_records import readiness_document, readiness_of
from trustdesk.storage.endpoint_rows import endpoint_of
from trustdesk.storage.schema import endpoints, readiness_checks
from trustdesk.storage.workspace import Workspace

CheckRow = Mapping[str, object]


class ReadinessChecks:
    """The checks of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def keep(self, readiness: Readiness, target: Target) -> Future[bool]:
        """Keep a check in place of the endpoint's last one.

        False where the endpoint is gone meanwhile, or is another: a file gives its numbers again.

        Args:
            target: what was checked.
        """
        # Written as text here: the workspace's thread is one for everybody.
        document = compact_json(readiness_document(readiness))
        return self._workspace.submit(lambda connection: _keep(connection, readiness, target, document))

    def last(self, endpoint_id: int) -> Future[Readiness | None]:
        """The last check of an endpoint; None when there was none, or a newer program wrote it.

        The future raises UnusableInputError when what lies there is damaged.
        """
        return self._workspace.submit(lambda connection: _last(connection, endpoint_id), reading=True)


def forget_checks(connection: Connection, endpoint_ids: Collection[int]) -> tuple[CheckRow, ...]:
    """Remove the checks of endpoints that are tested in another way since; return them, to be put back."""
    of_them = readiness_checks.c.endpoint_id.in_(endpoint_ids)
    rows = tuple(dict(row) for row in connection.execute(select(readiness_checks).where(of_them)).mappings())
    if rows:
        connection.execute(delete(readiness_checks).where(of_them))
    return rows


def put_checks_back(connection: Connection, rows: Sequence[CheckRow]) -> None:
    """Put back what `forget_checks` returned, but for endpoints that were checked since."""
    known = select(readiness_checks.c.endpoint_id)
    checked = set(connection.execute(known).scalars()) if rows else set()
    missing = [dict(row) for row in rows if row["endpoint_id"] not in checked]
    if missing:
        connection.execute(insert(readiness_checks), missing)


def _keep(connection: Connection, readiness: Readiness, target: Target, document: str) -> bool:
    wanted = readiness.endpoint_id
    known = connection.execute(select(endpoints).where(endpoints.c.id == wanted)).one_or_none()
    if known is None or endpoint_of(known, "").target != target:
        return False
    connection.execute(delete(readiness_checks).where(readiness_checks.c.endpoint_id == wanted))
    row = {"endpoint_id": wanted, "checked_at": readiness.at, "document": document}
    connection.execute(insert(readiness_checks).values(row))
    return True


def _last(connection: Connection, endpoint_id: int) -> Readiness | None:
    found = connection.execute(
        select(readiness_checks.c.document).where(readiness_checks.c.endpoint_id == endpoint_id)
    ).scalar_one_or_none()
    return None if found is None else readiness_of(json.loads(found))
