"""The table's model over a plain list of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

from trustdesk.core.partner import Endpoint
from trustdesk.gui.partners.arrange import Arrangement, arranged
from trustdesk.gui.partners.cells import HEADERS, Activity, Column, view_of
from trustdesk.gui.widgets.two_line_cells import CellModel, CellView
from trustdesk.services.board import BoardRow, awaiting, not_judged
from trustdesk.services.last_seen import LastSeen

_Index = QModelIndex | QPersistentModelIndex


class PartnersModel(CellModel):
    """Rows by endpoint id, and the ids that are shown in their order.

    Results change rows in place; only `arrange` changes which rows are shown and where.

    Signals:
        board_changed: there are other rows, and not only others in view.
    """

    board_changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__([HEADERS[column] for column in Column], parent)
        self._now = now
        self._rows: dict[int, BoardRow] = {}
        self._shown: list[int] = []
        self._places: dict[int, int] = {}
        self._activities: dict[int, Activity] = {}
        self._arrangement = Arrangement()
        # What stands in each cell, until its row changes: a sweep paints each row many times.
        self._views: dict[int, dict[int, CellView]] = {}
        self._day = now().astimezone().date()
        self._seen: Mapping[int, LastSeen] = {}

    def set_last_seen(self, seen: Mapping[int, LastSeen]) -> None:
        """Take what changed last at each endpoint, by its id; the rows stay where they are."""
        self._seen = seen
        self._views.clear()
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(Column) - 1))

    @property
    def arrangement(self) -> Arrangement:
        """What the rows were arranged by."""
        return self._arrangement

    @property
    def rows(self) -> tuple[BoardRow, ...]:
        """All rows, those filtered away too."""
        return tuple(self._rows.values())

    @property
    def total(self) -> int:
        """How many rows there are, those filtered away too."""
        return len(self._rows)

    def set_rows(self, rows: Iterable[BoardRow]) -> None:
        """Take another board."""
        self._rows = {row.endpoint.id: row for row in rows}
        self._views.clear()
        self.arrange(self._arrangement)
        self.board_changed.emit()

    def arrange(self, arrangement: Arrangement) -> None:
        """Show what `arrangement` leaves, in its order."""
        self.beginResetModel()
        self._arrangement = arrangement
        self._shown = [row.endpoint.id for row in arranged(self._rows.values(), arrangement, self._seen)]
        self._places = {endpoint_id: place for place, endpoint_id in enumerate(self._shown)}
        self.endResetModel()

    def put(self, rows: Iterable[BoardRow], activities: Mapping[int, Activity | None]) -> None:
        """Take results and what is being done, each at its place; None ends an activity."""
        changed: set[int] = set()
        for row in rows:
            self._rows[row.endpoint.id] = row
            changed.add(row.endpoint.id)
        for endpoint_id, activity in activities.items():
            if activity is None:
                self._activities.pop(endpoint_id, None)
            else:
                self._activities[endpoint_id] = activity
            changed.add(endpoint_id)
        for endpoint_id in changed:
            self._views.pop(endpoint_id, None)
        for place in sorted(self._places[one] for one in changed if one in self._places):
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    def end_activities(self) -> None:
        """Nothing is being done any more."""
        self.put((), dict.fromkeys(self._activities))

    def row(self, place: int) -> BoardRow:
        """Return the row shown at a place."""
        return self._rows[self._shown[place]]

    def row_of(self, endpoint_id: int) -> BoardRow | None:
        """Return the row of an endpoint, shown or not; None when there is none."""
        return self._rows.get(endpoint_id)

    def place_of(self, endpoint_id: int) -> int | None:
        """Return where an endpoint is shown; None when it is not."""
        return self._places.get(endpoint_id)

    def activity(self, endpoint_id: int) -> Activity | None:
        """Return what is being done with an endpoint; None for nothing."""
        return self._activities.get(endpoint_id)

    def running_places(self) -> list[int]:
        """Return where endpoints are shown that are being tested now."""
        running = (one for one, activity in self._activities.items() if activity.phase is not None)
        return [self._places[one] for one in running if one in self._places]

    def await_judgement(self) -> None:
        """Show every tested row as one that is not judged yet, with no days counted from another day."""
        self.set_rows([replace(awaiting(row), days_left=None) for row in self._rows.values()])

    def give_up_due(self) -> None:
        """Show what was due, and will not come, as not judged."""
        self.put([not_judged(row) for row in self._rows.values() if row.is_due], {})

    def due(self) -> tuple[Endpoint, ...]:
        """Return the endpoints whose results have to be judged again, shown ones first."""
        if not any(row.is_due for row in self._rows.values()):
            return ()
        return tuple(one for one in self.endpoints() if self._rows[one.id].is_due)

    def endpoints(self, places: Iterable[int] | None = None) -> tuple[Endpoint, ...]:
        """Return the endpoints at places; None for all, those filtered away too, shown ones first."""
        if places is not None:
            return tuple(self.row(place).endpoint for place in places)
        hidden = (one for one in self._rows if one not in self._places)
        return tuple(self._rows[one].endpoint for one in (*self._shown, *hidden))

    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell."""
        endpoint_id = self._shown[place]
        views = self._views.setdefault(endpoint_id, {})
        if column not in views:
            activity = self._activities.get(endpoint_id)
            seen = self._seen.get(endpoint_id)
            views[column] = view_of(self._rows[endpoint_id], activity, Column(column), self._now(), seen)
        return views[column]

    def turn_day(self) -> None:
        """Say times anew once the day has changed: what was today is a day ago now."""
        today = self._now().astimezone().date()
        if today != self._day:
            self._day = today
            self._views.clear()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)
