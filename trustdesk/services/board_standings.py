"""Every endpoint with how it stands: read from what is kept of it, or made anew where that is of no use."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.partner import Endpoint
from trustdesk.formats.standing_records import FORM, Standing, standing_from, standing_text
from trustdesk.services.standings import standing_of
from trustdesk.storage.standings import StandingStore
from trustdesk.storage.stored_reports import report_from
from trustdesk.storage.workspace import Workspace

_AT_ONCE = 200


class BoardStandings:
    """Reads standings; blocks. For one thread at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._store = StandingStore(workspace)

    def all(self) -> list[tuple[Endpoint, Standing | None]]:
        """Return every endpoint by partner name; None for one that was never tested.

        So is one whose record cannot be read, with a warning in the log. What another version of the program
        kept is made anew from the last reports, and kept: some half a millisecond for each.
        """
        found = [
            (one.endpoint, None if one.form is None else standing_from(one.form, one.document))
            for one in self._store.all().result()
        ]
        missing = [endpoint.id for endpoint, standing in found if standing is None]
        made: dict[int, Standing] = {}
        for first in range(0, len(missing), _AT_ONCE):
            made |= self._made(missing[first : first + _AT_ONCE])
        return [(endpoint, standing or made.get(endpoint.id)) for endpoint, standing in found]

    def _made(self, endpoint_ids: Sequence[int]) -> dict[int, Standing]:
        reports = self._store.last_reports(endpoint_ids).result()
        made = {
            one.endpoint_id: standing_of(report)
            for one in reports
            if (report := report_from(one)) is not None
        }
        if made:
            texts = {number: (FORM, standing_text(standing)) for number, standing in made.items()}
            self._store.keep(texts, reports).result()
        return made
