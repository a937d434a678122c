"""Two certificates side by side: what is not the same, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn, RowTable
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.certificate_differences import Difference, certificate_differences

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def in_order(
    one: CertificateDetails, other: CertificateDetails
) -> tuple[CertificateDetails, CertificateDetails]:
    """Return the older one first, by the day from which they are valid; else as they were given."""
    first, second = one.facts.not_before or _LONG_AGO, other.facts.not_before or _LONG_AGO
    return (other, one) if second < first else (one, other)


class ComparePane(QWidget):
    """Title, table, and the selected difference in full.

    Signals:
        closed: the person goes back to the certificate.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Text(say(msg("Compare")), TypeStyle.PAGE_TITLE)
        self._fact = ElidedLabel(ink="text2")
        self._before = ElidedLabel(style=TypeStyle.ROW_TITLE)
        self._after = ElidedLabel(style=TypeStyle.ROW_TITLE)
        self.back = Button(say(msg("Back")), icon="chevron-left", key="Esc")
        self.back.clicked.connect(self.closed)
        self.table: RowTable[Difference] = RowTable(_COLUMNS, name=say(msg("Differences")), spoken=_spoken)
        self._whole = Text(wrap=True)
        self._same = Text(ink="text2", wrap=True)
        self.table.selectionModel().currentRowChanged.connect(lambda index: self._show(index.row()))
        self._build()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What is shown."""
        return self.table.rows

    def show_pair(self, one: CertificateDetails, other: CertificateDetails) -> None:
        """Compare two certificates, the older one as what was before."""
        before, after = in_order(one, other)
        found = certificate_differences(before, after)
        count = len(found)
        self._fact.setText(say(msg_n("{count} difference", "{count} differences", count)))
        self._before.setText(say(_named(msg("Before"), before)))
        self._after.setText(say(_named(msg("After"), after)))
        self.table.show_rows(found)
        self.table.setVisible(bool(found))
        self._same.setText("" if found else say(msg("They are the same in everything that matters.")))
        self._same.setVisible(not found)
        self._whole.setText("")
        if found:
            self.table.selectRow(0)
            self._show(0)
        self.setAccessibleName(f"{self._title.text()}: {self._before.text()}, {self._after.text()}")

    def leave_title_out(self) -> None:
        """Show neither title nor Back, for a dialog that has both."""
        self._title.hide()
        self.back.hide()

    def focus_first(self) -> None:
        """Move the keyboard to the differences."""
        part: QWidget = self.table if self.table.rows else self.back
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _show(self, place: int) -> None:
        if 0 <= place < len(self.table.rows):
            one = self.table.rows[place]
            lines = [say(one.meaning)]
            if one.before is not None:
                lines.append(say(msg("Before: {value}", value=one.before)))
            if one.after is not None:
                lines.append(say(msg("After: {value}", value=one.after)))
            self._whole.setText("\n".join(lines))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._fact, 1)
        head.addWidget(self.back)
        card = Card()
        foot = QVBoxLayout()
        foot.setContentsMargins(15, 10, 15, 12)
        foot.addWidget(self._same)
        foot.addWidget(self._whole)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(Hairline())
        inside.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._before)
        layout.addWidget(self._after)
        layout.addSpacing(4)
        layout.addWidget(card, 1)


def _named(word: Message, details: CertificateDetails) -> Message:
    facts = details.facts
    from_day = "–" if facts.not_before is None else f"{facts.not_before.astimezone(UTC):%Y-%m-%d}"
    return msg(
        "{word}: {title}, from {date}, serial number {serial}",
        word=word,
        title=facts.title,
        date=from_day,
        serial=visible(facts.serial_number or "–", 48),
    )


def _spoken(one: Difference) -> str:
    parts = (one.field, one.meaning, one.before, one.after)
    return ", ".join(say(part) for part in parts if part is not None)


def _value(value: Message | None) -> RowCell:
    return RowCell("–", "text3") if value is None else RowCell(say(value))


_COLUMNS: tuple[RowColumn[Difference], ...] = (
    RowColumn(
        head=msg("What"), cell=lambda one: RowCell(say(one.field), "text", "", TypeStyle.ROW_TITLE), width=26
    ),
    RowColumn(head=msg("Before"), cell=lambda one: _value(one.before)),
    RowColumn(head=msg("After"), cell=lambda one: _value(one.after)),
    RowColumn(head=msg("What follows"), cell=lambda one: RowCell(say(one.meaning), "text2")),
)
