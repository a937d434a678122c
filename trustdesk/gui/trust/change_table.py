"""What differs between two versions: a table of entries, and the fields of the one in view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.trust_version import ChangeKind, EntryChange, FieldChange
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import CHANGE_LOOKS, entry_title
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.painting import onward_arrow
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.widgets.two_line_cells import CellModel, CellView
from trustdesk.gui.widgets.two_line_table import TwoLineTable
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.trust_words import CHANGE_WORDS, usage_words

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_CHIP = 30
"""Letters up to which a value stands in a chip."""

_MOST_FIELDS = 6
_ORDER = (ChangeKind.REMOVED, ChangeKind.EXPIRED, ChangeKind.ADDED, ChangeKind.CHANGED)


class Column(IntEnum):
    """Columns in their order; the change stands before the name."""

    NAME = 0
    CHANGE = 1
    REASON = 2


class ChangesModel(CellModel):
    """Changes by kind: what goes comes before what is new."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((msg("Certificate authority"), msg("Change"), msg("Scope and reason")), parent)
        self.changes: tuple[EntryChange, ...] = ()

    def show_changes(self, changes: Sequence[EntryChange]) -> None:
        """Show other changes."""
        self.beginResetModel()
        self.changes = tuple(sorted(changes, key=lambda one: _ORDER.index(one.kind)))
        self.endResetModel()

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return the number of changes."""
        return 0 if parent.isValid() else len(self.changes)

    def view(self, place: int, column: int) -> CellView:
        """Return what stands in a cell."""
        change = self.changes[place]
        match Column(column):
            case Column.NAME:
                title, owner = entry_title(change.entry), visible(change.entry.owner.name)
                return CellView(
                    word=title, second=owner or visible(change.entry.subject), spoken=f"{title}, {owner}"
                )
            case Column.CHANGE:
                icon, ink, _state = CHANGE_LOOKS[change.kind]
                word = say(CHANGE_WORDS[change.kind])
                return CellView(icon=icon, icon_ink=ink, word=word, ink=ink, spoken=word)
            case Column.REASON:
                usage, why = say(usage_words(change.entry.usages)), reason_of(change)
                return CellView(word=usage, second=why, spoken=f"{usage}, {why}")


def reason_of(change: EntryChange) -> str:
    """Say in a few words what there is to a change."""
    entry = change.entry
    end = None if entry.certificate is None else entry.certificate.not_after
    match change.kind:
        case ChangeKind.CHANGED:
            if len(change.fields) == 1:
                field = change.fields[0]
                before = "–" if field.before is None else say(field.before)
                return say(msg("{field} was {before}", field=field.title, before=before))
            return say(msg_n("{count} field differs", "{count} fields differ", len(change.fields)))
        case ChangeKind.EXPIRED:
            return "" if end is None else say(msg("Ended on {date}", date=_day(end)))
        case ChangeKind.ADDED:
            if entry.constraints.permitted_names:
                return say(msg("Limited to {names}", names=", ".join(entry.constraints.permitted_names[:3])))
            if change.same_key:
                return say(msg("Same key as an entry of the other version"))
            return "" if end is None else say(msg("Valid until {date}", date=_day(end)))
        case ChangeKind.REMOVED:
            if change.same_key:
                return say(msg("Its key stays, in another certificate"))
            if entry.history and entry.history[0].reason:
                return visible(entry.history[0].reason, 80)
            return "" if end is None else say(msg("Until {date}", date=_day(end)))


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


class ChangesTable(TwoLineTable):
    """The view on `ChangesModel`."""

    def __init__(self, model: ChangesModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name=say(msg("What changes")),
            with_icon=(Column.CHANGE,),
            dropped_first=(Column.REASON,),
            widest={Column.REASON: 172},
            first=Column.CHANGE,
            narrowest=120,
            opens_on_click=False,
            parent=parent,
        )
        self._changes = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def measure(self) -> None:
        """Give the columns the widths that their words need."""
        places = range(min(400, self._changes.rowCount()))
        for column in (Column.CHANGE, Column.REASON):
            views = [self._changes.view(place, column) for place in places]
            self.measure_words({column: {word for view in views for word in (view.word, view.second)}})


class FieldDifferences(QWidget):
    """The fields of one entry that differ: what was, what will be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(style=TypeStyle.ROW_TITLE_BAD)
        self._count = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(self._rows)
        self._parts: list[QWidget] = []
        self.setAccessibleName(say(msg("Fields that differ")))

    @property
    def words(self) -> str:
        """All that is said, as one text."""
        return self.accessibleDescription()

    def show_change(self, change: EntryChange | None) -> None:
        """Show a change; None hides everything."""
        for part in self._parts:
            self._rows.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        self.setVisible(change is not None)
        if change is None:
            return
        self._title.setText(entry_title(change.entry))
        said = []
        if change.kind is ChangeKind.CHANGED:
            from trustdesk.services.list_difference import count_fields  # not before the first paint

            count = msg_n(
                "{count} field of {all} differs",
                "{count} fields of {all} differ",
                len(change.fields),
                all=count_fields(change),
            )
            self._count.setText(say(count))
            for field in change.fields[:_MOST_FIELDS]:
                self._add(_FieldRow(field))
                said.append(field_words(field))
        else:
            self._count.setText(say(CHANGE_WORDS[change.kind]))
            end = None if change.entry.certificate is None else change.entry.certificate.not_after
            words = [say(usage_words(change.entry.usages))]
            if end is not None:
                words.append(say(msg("valid until {date}", date=_day(end))))
            self._add(Text(", ".join(words), TypeStyle.SECOND_LINE, "text2", wrap=True))
            said.append(", ".join(words))
        self.setAccessibleDescription("; ".join([self._title.text(), self._count.text(), *said]))

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._rows.addWidget(part)


def field_words(field: FieldChange) -> str:
    """Return one field that differs, as a sentence."""
    before = "–" if field.before is None else say(field.before)
    after = "–" if field.after is None else say(field.after)
    return say(msg("{field}: {before} → {after}", field=field.title, before=before, after=after))


class _FieldRow(QWidget):
    def __init__(self, field: FieldChange) -> None:
        super().__init__()
        title = Text(say(field.title), TypeStyle.SECOND_LINE, "text2")
        before = say(msg("nothing")) if field.before is None else say(field.before)
        after = say(msg("nothing")) if field.after is None else say(field.after)
        if max(len(before), len(after)) <= _CHIP:
            # Chips that do not fit beside each other take the next line: neither is cut.
            flow = Flow(self)
            title.setMinimumHeight(22)
            flow.addWidget(title)
            was, will = StateChip(), StateChip()
            was.show_state(State.BAD, before, icon="minus")
            will.show_state(State.RUNNING, after, icon="add")
            flow.addWidget(was)
            # The arrow goes along to the next line.
            onward = QWidget()
            row = QHBoxLayout(onward)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(Text(onward_arrow(), TypeStyle.SECOND_LINE, "text2"))
            row.addWidget(will)
            flow.addWidget(onward)
        else:
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(title)
            row.addWidget(Text(f"− {before}\n+ {after}", TypeStyle.SECOND_LINE, wrap=True), 1)
        self.setAccessibleName(field_words(field))
