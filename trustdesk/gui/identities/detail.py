"""One identity: what it can be used as, its 1R-IDs, who uses it, its fingerprint, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from trustdesk.core.identity import IdentityView
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.identities.facts import chain_words, judging_lines, validity_text, verdict_lines
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.identities.usage import IdentityUsage
from trustdesk.gui.inspector.verdict_card import VerdictLineView
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card, Hairline
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.board import State

_WIDE = 940
_THREE_COLUMNS, _TWO_COLUMNS = 900, 800
_SHORTEST, _TALLEST = 120, 420
_CHAIN_LOOKS = {
    State.NOT_APPLICABLE: ("tick", "text2"),
    State.WARNING: ("warning", "warning"),
    State.UNKNOWN: ("unknown", "unknown"),
}


class IdentityDetail(Card):
    """The card below the table.

    Signals:
        rename_wanted, preflight_wanted, renew_wanted, export_wanted, hand_over_wanted, delete_wanted,
            compare_wanted: the IdentityView in view, by its button.
        partner_wanted: the Endpoint of a partner that uses it.
        identity_wanted: name of the identity that it follows, or that follows it.
    """

    rename_wanted = Signal(object)
    preflight_wanted = Signal(object)
    renew_wanted = Signal(object)
    export_wanted = Signal(object)
    hand_over_wanted = Signal(object)
    delete_wanted = Signal(object)
    compare_wanted = Signal(object)
    partner_wanted = Signal(object)
    identity_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: IdentityView | None = None
        self._name = ElidedLabel(style=TypeStyle.SECTION)
        self._dates = Text(ink="text2", style=TypeStyle.SECOND_LINE)
        self.rename_button = Button(icon="edit", kind=ButtonKind.BARE, name=say(msg("Rename …")))
        self.preflight_button = Button(say(msg("Preflight")), icon="tick")
        self.renew_button = Button(say(msg("Renew …")), icon="refresh")
        self.export_button = Button(say(msg("Export …")), icon="export")
        self.hand_over_button = Button(say(msg("Hand over …")), icon="send")
        self.delete_button = Button(say(msg("Delete …")), kind=ButtonKind.DANGER)
        self.copy_button = Button(say(msg("Copy")), icon="copy", name=say(msg("Copy the fingerprint")))
        self.compare_button = Button(say(msg("Compare with …")), icon="compare")
        self._verdicts = QVBoxLayout()
        self._advice = QVBoxLayout()
        self._ids = Text(wrap=True)
        self._ids.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.usage = IdentityUsage()
        self._digest = Text(style=TypeStyle.FIXED)
        self._digest.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._grid = QGridLayout()
        self._build()
        for button, signal in (
            (self.rename_button, self.rename_wanted),
            (self.preflight_button, self.preflight_wanted),
            (self.renew_button, self.renew_wanted),
            (self.export_button, self.export_wanted),
            (self.hand_over_button, self.hand_over_wanted),
            (self.delete_button, self.delete_wanted),
            (self.compare_button, self.compare_wanted),
        ):
            button.clicked.connect(lambda _checked=False, signal=signal: self._ask(signal))
        self.copy_button.clicked.connect(self._copy)
        self.usage.partner_wanted.connect(self.partner_wanted)
        self.usage.identity_wanted.connect(self.identity_wanted)
        self.clear()

    @property
    def view(self) -> IdentityView | None:
        """The identity that is shown; None when none is."""
        return self._view

    @property
    def words(self) -> tuple[str, ...]:
        """The verdict lines, then the advice, in words."""
        found = []
        for layout in (self._verdicts, self._advice):
            for place in range(layout.count()):
                item = layout.itemAt(place)
                part = None if item is None else item.widget()
                found.append("" if part is None else part.accessibleName())
        return tuple(found)

    def clear(self) -> None:
        """Show nothing."""
        self._view = None
        self.hide()

    def show_identity(self, view: IdentityView, *, is_judged: bool) -> None:
        """Show an identity; without verdicts while those of the day in view are not there."""
        self._view = view
        certificate = view.identity.certificate
        self._name.setText(visible(view.identity.name))
        self.setAccessibleName(self._name.text())
        self._dates.setText(validity_text(view, is_judged=is_judged))
        lines = verdict_lines(view) if is_judged else judging_lines()
        chain = [_chain_line(view)] if is_judged else []
        _refill(self._verdicts, [*map(_verdict_view, lines), *chain])
        advice = view.advice if is_judged else ()
        _refill(self._advice, [RemarkLine(say(one), icon="information") for one in advice])
        ids = "\n".join(map(visible, view.one_record_ids))
        self._ids.setText(ids or say(msg("none")))
        self._ids.set_ink("text" if ids else "text2")
        self.usage.show_identity(view)
        self._digest.setText(fingerprint_text(certificate.sha256))
        self.preflight_button.setEnabled(is_judged)
        self.show()
        self._area.updateGeometry()

    def focus_first(self) -> None:
        """Move the keyboard to the first button."""
        self.preflight_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the name, and the columns below one another, where there is little room."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        self._head.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self._arrange(1 + (self.width() >= _TWO_COLUMNS) + (self.width() >= _THREE_COLUMNS))

    def _ask(self, signal: SignalInstance) -> None:
        if self._view is not None:
            signal.emit(self._view)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._digest.text().replace("\n", ":"))

    def _build(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(6)
        title.addWidget(self._name)
        title.addWidget(self.rename_button)
        title.addWidget(self._dates)
        title.addStretch(1)
        pressed = QHBoxLayout()
        pressed.setSpacing(8)
        for button in (
            self.preflight_button,
            self.renew_button,
            self.export_button,
            self.hand_over_button,
            self.delete_button,
        ):
            pressed.addWidget(button)
        pressed.addStretch(0)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addLayout(title, 1)
        self._head.addLayout(pressed)
        for layout in (self._verdicts, self._advice):
            layout.setSpacing(2)
        self._middle = _column(_titled(msg("1R-IDs"), self._ids), self.usage)
        self._print = self._fingerprint()
        judged = _column(_titled(msg("Verdicts"), self._verdicts), _titled(msg("To know"), self._advice))
        self._grid.addWidget(judged, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(2, 1)
        self._grid.setHorizontalSpacing(28)
        self._grid.setVerticalSpacing(10)
        self._grid.setContentsMargins(margins(0, 0, 8, 0))
        self._area = _DetailArea(self._grid)
        self._arrange(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margins(16, 12, 10, 12))
        layout.setSpacing(10)
        layout.addLayout(self._head)
        layout.addWidget(Hairline())
        layout.addWidget(self._area, 1)

    def _arrange(self, columns: int) -> None:
        """Put the parts side by side as far as there is room; the fingerprint goes below the 1R-IDs first."""
        if columns == 3:
            self._grid.addWidget(self._print, 0, 2, Qt.AlignmentFlag.AlignTop)
        elif (below := self._middle.layout()) is not None:
            below.addWidget(self._print)
        place = (1, 0) if columns == 1 else (0, 1)
        self._grid.addWidget(self._middle, *place, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(1, 0 if columns == 1 else 1)

    def _fingerprint(self) -> QWidget:
        buttons = QWidget()
        flow = Flow(buttons)
        flow.addWidget(self.copy_button)
        flow.addWidget(self.compare_button)
        return _column(_titled(msg("SHA-256"), self._digest), buttons)


class _DetailArea(QScrollArea):
    """Scrolls where the window is low; else as high as what is in it."""

    def __init__(self, content: QGridLayout) -> None:
        super().__init__()
        self._content = content
        body = QWidget()
        body.setLayout(content)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        # It gives every widget a ground of its own.
        body.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Return the height of the content at the width there is."""
        width = max(self.width(), 320)
        height = self._content.totalHeightForWidth(width)
        return QSize(width, max(_SHORTEST, min(_TALLEST, height)))

    def minimumSizeHint(self) -> QSize:
        """Return a height at which something can be read."""
        return QSize(320, 96)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where the width changed."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


def _titled(title: Message, content: QWidget | QVBoxLayout) -> QWidget:
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(Text(say(title), TypeStyle.LABEL, "text2"))
    if isinstance(content, QWidget):
        layout.addWidget(content)
    else:
        layout.addLayout(content)
    return part


def _column(*parts: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for part in parts:
        layout.addWidget(part)
    return column


def _verdict_view(line: VerdictLine) -> QWidget:
    view = VerdictLineView()
    view.show_line(line)
    return view


def _chain_line(view: IdentityView) -> QWidget:
    state, words = chain_words(view)
    icon, ink = _CHAIN_LOOKS[state]
    return RemarkLine(say(words), icon=icon, ink=ink, style=TypeStyle.BODY)


def _refill(layout: QVBoxLayout, parts: list[QWidget]) -> None:
    while (item := layout.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()
    for made in parts:
        layout.addWidget(made)
    parent = layout.parentWidget()
    if parent is not None:
        parent.setVisible(bool(parts))
