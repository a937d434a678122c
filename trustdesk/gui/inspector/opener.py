"""Reading what a person gives, with passwords and the choice among several items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import InspectedItem, Inspection
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.intake import IntakeCard
from trustdesk.gui.inspector.opened import is_shown
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData

Source = Path | PastedData


class Opener(QObject):
    """Has the desk read sources; one item opens at once, of several the person chooses in `card`.

    Signals:
        took: the InspectedItems that the person wants.
        dismissed: the person wants none of them.
        many_found: the sources hold more certificates than a tree shows well; they are left unread.
        failed: a TrustdeskError.
        busy_changed: whether something is being read.
        asked: the sources that the person wants to open.
    """

    took = Signal(list)
    dismissed = Signal()
    many_found = Signal(list)
    failed = Signal(object)
    busy_changed = Signal(bool)
    asked = Signal(list)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._sources: dict[str, Source] = {}
        self._pending: list[InspectedItem] = []
        self._read = 0
        self._reading = False
        self.card = IntakeCard()
        self.card.hide()
        self.card.opened.connect(self._take)
        self.card.password_given.connect(self.read_again)
        self.card.dismissed.connect(self.cancel)

    @property
    def is_reading(self) -> bool:
        """Whether something is being read."""
        return self._reading

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def open(self, sources: Sequence[Source], *, as_tree: bool = False) -> None:
        """Read files, folders or pasted text; `as_tree` reads very many certificates whole, too."""
        if self._desk is None or not sources:
            return
        self.asked.emit(list(sources))
        number = self._begin(sources)
        if as_tree:
            self._inspect(number, sources, None)
            return

        def looked(many: bool) -> None:
            if number != self._read:
                return
            if many:
                self.card.hide()
                self._set_reading(False)
                self.many_found.emit(list(sources))
            else:
                self._inspect(number, sources, None)

        self._bridge.when_done(
            self._desk.holds_many(sources), looked, lambda error: self._fail(number, error)
        )

    def read_again(self, name: str, password: str | None = None) -> None:
        """Read the source of an item again; without a password one is asked for."""
        fitting = [known for known in self._sources if _lies_in(name, [known])]
        if fitting:
            source = self._sources[max(fitting, key=len)]
            self._inspect(self._begin([source]), [source], password)

    def cancel(self) -> None:
        """Wait no longer, and open none of what was found; what still comes is dropped."""
        self._read += 1
        self._pending = []
        self.card.hide()
        self._set_reading(False)
        self.dismissed.emit()

    def _begin(self, sources: Sequence[Source]) -> int:
        self._read += 1
        for source in sources:
            self._sources[_name_of(source)] = source
        self.card.show_reading(len(sources))
        self._set_reading(True)
        return self._read

    def _inspect(self, number: int, sources: Sequence[Source], password: str | None) -> None:
        if self._desk is None:
            return

        def take(inspection: Inspection) -> None:
            if number == self._read:
                self._take_inspection(inspection, sources, again=password is not None)

        self._bridge.when_done(
            self._desk.inspect(sources, password), take, lambda error: self._fail(number, error)
        )

    def _fail(self, number: int, error: TrustdeskError) -> None:
        if number == self._read:
            self.card.hide()
            self._set_reading(False)
            self.failed.emit(error)

    def _take_inspection(self, inspection: Inspection, sources: Sequence[Source], *, again: bool) -> None:
        names = [_name_of(source) for source in sources]
        kept = [item for item in self._pending if not _lies_in(item.source, names)]
        self._pending = [*kept, *inspection.items]
        shown = [item for item in self._pending if is_shown(item)]
        locked = any(item.locked for item in shown)
        if len(shown) == 1 and not locked:
            self.card.hide()
            self._set_reading(False)
            self._take(shown)
            return
        self.card.show_items(self._pending, inspection.problems, again=again and locked)
        self._set_reading(False)

    def _take(self, items: list[InspectedItem]) -> None:
        self._pending = []
        self.took.emit(items)

    def _set_reading(self, reading: bool) -> None:
        if reading is not self._reading:
            self._reading = reading
            self.busy_changed.emit(reading)


def _name_of(source: Source) -> str:
    return str(source) if isinstance(source, Path) else source.name


def _lies_in(name: str, sources: Sequence[str]) -> bool:
    return any(name == source or name.startswith(f"{source}/") for source in sources)
