"""How endpoints stand after their last tests, as it is kept beside them: what the board is read from.

A standing is written with the test that it is of, and deleted with the next that has none: one that is there
belongs to the newest test.

Where an endpoint is to be tested in another way since (another name to verify, another address, another
identity), a standing without a document says so until the next test: what the last one showed, good or bad,
says nothing of the endpoint as it is now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.partner import Endpoint
from trustdesk.storage.endpoint_rows import ENDPOINT_COLUMNS, endpoint_in, endpoint_order
from trustdesk.storage.observation_rows import AT_ONCE, newest_observation
from trustdesk.storage.schema import endpoint_standings, endpoints, observations, partners
from trustdesk.storage.stored_reports import OUTDATED, StoredReport, is_outdated, stored_reports
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStanding:
    """An endpoint with how it stands.

    Attributes:
        form, document: as `formats.standing_records` writes them; None and "" where nothing is kept.
    """

    endpoint: Endpoint
    form: int | None = None
    document: str = ""


class StandingStore:
    """Reads and keeps standings; every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> Future[list[StoredStanding]]:
        """Every endpoint with its standing, by partner name and then in the order added."""
        return self._workspace.submit(_all, reading=True)

    def last_reports(self, endpoint_ids: Sequence[int]) -> Future[list[StoredReport]]:
        """The last reports of endpoints whose standing has to be made anew, a few hundred at most."""
        return self._workspace.submit(
            lambda connection: stored_reports(connection, endpoint_ids), reading=True
        )

    def keep(self, made: Mapping[int, tuple[int, str]], reports: Sequence[StoredReport]) -> Future[None]:
        """Keep standings by endpoint; one whose endpoint was tested again meanwhile is left out.

        Args:
            made: form and document.
            reports: of which they were made.
        """
        return self._workspace.submit(lambda connection: _keep(connection, made, reports))


def outdate(connection: Connection, endpoint_ids: Collection[int]) -> tuple[int, ...]:
    """Note that the last tests of endpoints say nothing of them any more; return those that had one.

    One of which that was noted before is not among them.
    """
    rows = connection.execute(
        select(endpoints.c.id, observations.c.id)
        .select_from(endpoints)
        .join(observations, observations.c.id == newest_observation(endpoints.c.id))
        .outerjoin(endpoint_standings, endpoint_standings.c.endpoint_id == endpoints.c.id)
        .where(endpoints.c.id.in_(endpoint_ids))
        .where(endpoint_standings.c.form.is_distinct_from(OUTDATED))
    ).all()
    noted = tuple(endpoint_id for endpoint_id, _ in rows)
    if noted:
        connection.execute(delete(endpoint_standings).where(endpoint_standings.c.endpoint_id.in_(noted)))
        connection.execute(
            insert(endpoint_standings),
            [
                {"endpoint_id": one, "observation_id": newest, "form": OUTDATED, "document": ""}
                for one, newest in rows
            ],
        )
    return noted


def count_again(connection: Connection, endpoint_ids: Collection[int]) -> None:
    """Take back what `outdate` noted, where no test came since."""
    noted = endpoint_standings.c.endpoint_id.in_(endpoint_ids) & (endpoint_standings.c.form == OUTDATED)
    connection.execute(delete(endpoint_standings).where(noted))


def _all(connection: Connection) -> list[StoredStanding]:
    rows = connection.execute(
        select(*ENDPOINT_COLUMNS, endpoint_standings.c.form, endpoint_standings.c.document)
        .select_from(endpoints)
        .join(partners)
        .outerjoin(endpoint_standings, endpoint_standings.c.endpoint_id == endpoints.c.id)
    )
    found = [StoredStanding(endpoint=endpoint_in(row), form=row[-2], document=row[-1] or "") for row in rows]
    return sorted(found, key=lambda one: endpoint_order(one.endpoint))


def _keep(
    connection: Connection, made: Mapping[int, tuple[int, str]], reports: Sequence[StoredReport]
) -> None:
    of_report = {one.endpoint_id: one.observation_id for one in reports}
    wanted = list(made)
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        newest = connection.execute(
            select(endpoints.c.id, observations.c.id)
            .select_from(endpoints)
            .join(observations, observations.c.id == newest_observation(endpoints.c.id))
            .where(endpoints.c.id.in_(some) & ~is_outdated(endpoints.c.id))
        ).all()
        rows = [
            {
                "endpoint_id": endpoint_id,
                "observation_id": observation_id,
                "form": made[endpoint_id][0],
                "document": made[endpoint_id][1],
            }
            for endpoint_id, observation_id in newest
            if of_report[endpoint_id] == observation_id
        ]
        if rows:
            old = endpoint_standings.c.endpoint_id.in_([row["endpoint_id"] for row in rows])
            connection.execute(delete(endpoint_standings).where(old))
            connection.execute(insert(endpoint_standings), rows)
