"""The last readiness check of each endpoint. Older ones go: the history is that of its tests."""

from __future__ import annotations

import json
from concurrent.futures import Future

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.readiness import Readiness
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.readiness_records import readiness_document, readiness_of
from trustdesk.storage.schema import endpoints, readiness_checks
from trustdesk.storage.workspace import Workspace


class ReadinessChecks:
    """The checks of one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def keep(self, readiness: Readiness) -> Future[bool]:
        """Keep a check in place of the endpoint's last one; False where the endpoint is gone meanwhile."""
        # Written as text here: the workspace's thread is one for everybody.
        document = compact_json(readiness_document(readiness))
        return self._workspace.submit(lambda connection: _keep(connection, readiness, document))

    def last(self, endpoint_id: int) -> Future[Readiness | None]:
        """The last check of an endpoint; None when there was none, or a newer program wrote it.

        The future raises UnusableInputError when what lies there is damaged.
        """
        return self._workspace.submit(lambda connection: _last(connection, endpoint_id), reading=True)


def _keep(connection: Connection, readiness: Readiness, document: str) -> bool:
    wanted = readiness.endpoint_id
    known = connection.execute(select(endpoints.c.id).where(endpoints.c.id == wanted)).scalar_one_or_none()
    if known is None:
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
