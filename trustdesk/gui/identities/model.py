"""The table's model over a plain list of identities."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex

from trustdesk.core.identity import IdentityView
from trustdesk.gui.identities.arrange import Arrangement, arranged
from trustdesk.gui.identities.cells import HEADERS, Column, view_of
from trustdesk.gui.widgets.two_line_cells import CellModel, CellView

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class IdentitiesModel(CellModel):
    """All identities, and those that are shown in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([HEADERS[column] for column in Column], parent)
        self._all: tuple[IdentityView, ...] = ()
        self._shown: list[IdentityView] = []
        self._arrangement = Arrangement()
        self._is_judged = False

    @property
    def views(self) -> tuple[IdentityView, ...]:
        """All identities, those filtered away too."""
        return self._all

    @property
    def arrangement(self) -> Arrangement:
        """What the rows were arranged by."""
        return self._arrangement

    @property
    def is_judged(self) -> bool:
        """Whether the verdicts are those of the day and the list in view."""
        return self._is_judged

    def set_views(self, views: Iterable[IdentityView]) -> None:
        """Take identities with the verdicts of the day in view."""
        self._all, self._is_judged = tuple(views), True
        self.arrange(self._arrangement)

    def await_judgement(self) -> None:
        """Show no verdict until those of the day in view are there."""
        if self._is_judged:
            self._is_judged = False
            self.arrange(self._arrangement)

    def arrange(self, arrangement: Arrangement) -> None:
        """Show what `arrangement` leaves, in its order."""
        self.beginResetModel()
        self._arrangement = arrangement
        self._shown = arranged(self._all, arrangement)
        self.endResetModel()

    def at(self, place: int) -> IdentityView:
        """Return the identity shown at a place."""
        return self._shown[place]

    def place_of(self, name: str) -> int | None:
        """Return where an identity is shown; None when it is not."""
        return next((place for place, one in enumerate(self._shown) if one.identity.name == name), None)

    def named(self, name: str) -> IdentityView | None:
        """Return an identity, shown or not; None when there is none."""
        return next((one for one in self._all if one.identity.name == name), None)

    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell."""
        return view_of(self._shown[place], Column(column), is_judged=self._is_judged)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)
