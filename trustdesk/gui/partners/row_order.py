"""Which rows are shown and where, and that the partner in view keeps its place among them."""

from __future__ import annotations

from dataclasses import replace

from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.gui.partners.arrange import Arrangement, SortBy
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.gui.partners.heading import PartnersHeading
from trustdesk.gui.partners.list_pane import ListPane
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.partners.order import next_order, sorted_column
from trustdesk.gui.partners.split import PartnersSplit
from trustdesk.gui.words import say


class RowOrder:
    """Joins filters and sorting with the model, and selection with the detail."""

    def __init__(
        self,
        model: PartnersModel,
        pane: ListPane,
        heading: PartnersHeading,
        detail: PartnerDetail,
        split: PartnersSplit,
    ) -> None:
        self._model, self._pane, self._table = model, pane, pane.table
        self._heading, self._detail, self._split = heading, detail, split

    def rearrange(self) -> None:
        """Show what filters and words leave, in the order that was chosen."""
        before = self._model.arrangement
        self._arrange(
            Arrangement(
                filters=self._pane.filters.chosen,
                text=self._heading.filter_text,
                sort=before.sort,
                descending=before.descending,
            )
        )

    def sort(self, section: int) -> None:
        """Sort by a column whose head was pressed."""
        self._arrange(next_order(self._model.arrangement, section))

    def sort_by(self, sort: SortBy, *, descending: bool) -> None:
        """Sort in an order that was chosen before."""
        self._arrange(replace(self._model.arrangement, sort=sort, descending=descending))

    def reveal(self, endpoint: Endpoint) -> None:
        """Bring an endpoint into view, also one that is filtered away."""
        if self._model.place_of(endpoint.id) is None and self._model.row_of(endpoint.id) is not None:
            self._heading.filter_field.clear()
            self._pane.filters.show_all()
            self.rearrange()
        place = self._model.place_of(endpoint.id)
        if place is not None:
            self._table.select(place)
            self._table.entered_row.emit(place)

    def keep_current(self) -> None:
        """Have the endpoint of the detail selected still; in a wide window something always is."""
        endpoint = self._detail.endpoint
        place = None if endpoint is None else self._model.place_of(endpoint.id)
        if place is None and self._model.rowCount() and not self._split.is_detail_open:
            place = 0
        if place is not None:
            self._table.select(place)
        elif not self._model.rowCount() and not self._split.is_detail_open:
            self._detail.clear()

    def tell(self) -> None:
        """Say how many rows are shown, in which order, and where the partner in view stands."""
        self._pane.tell_order()
        self.tell_place()

    def tell_place(self) -> None:
        """Say where the partner in view stands."""
        endpoint = self._detail.endpoint
        place = None if endpoint is None else self._model.place_of(endpoint.id)
        self._heading.set_partner(
            endpoint.partner if endpoint else "",
            ""
            if place is None
            else say(msg("{place} of {total}", place=place + 1, total=self._model.rowCount())),
        )

    def _arrange(self, arrangement: Arrangement) -> None:
        marked = [endpoint.id for endpoint in self._model.endpoints(self._table.selected_places())]
        self._model.arrange(arrangement)
        column, order = sorted_column(arrangement)
        self._table.horizontalHeader().setSortIndicatorShown(column is not None)
        if column is not None:
            self._table.horizontalHeader().setSortIndicator(column, order)
        self.tell()
        self.keep_current()
        if len(marked) > 1:
            places = (self._model.place_of(endpoint_id) for endpoint_id in marked)
            self._table.mark(place for place in places if place is not None)
