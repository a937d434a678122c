"""The form: what is tested, as whom, and against which list."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.target import DEFAULT_PORTS, Target, TargetProtocol
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit, set_invalid
from trustdesk.gui.handshake.form_choices import FormChoices
from trustdesk.gui.handshake.form_reading import (
    FormField,
    FormProblem,
    FormValues,
    form_values,
    protocol_of,
    read_form,
    set_parts,
    with_protocol,
)
from trustdesk.gui.handshake.problem_line import ProblemLine
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.words import say

_PROTOCOLS = {
    TargetProtocol.HTTPS: msg("HTTPS"),
    TargetProtocol.AMQPS: msg("AMQPS"),
    TargetProtocol.TLS: msg("TLS"),
}
_FOLD_BELOW = 996
"""Width of the form in a window of 1180; below it the second row folds."""

_STACK_BELOW = 780


class HandshakeForm(Card):
    """Fields and the one primary button of the page.

    Signals:
        run_requested, cancel_requested: the button, or Enter in a field.
        matrix_requested: the button beside it.
        identity_changed: another identity, or none, was chosen.
    """

    run_requested = Signal()
    cancel_requested = Signal()
    matrix_requested = Signal()
    identity_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._alpn: tuple[str, ...] | None = None
        self._opened = False
        self._target = line_edit(say(msg("Target")), placeholder="https://1r.partner.example/base")
        self._choices = FormChoices(self)
        self._run = Button(say(msg("Run")), icon="run", key="F5", kind=ButtonKind.PRIMARY)
        self._matrix = Button(say(msg("Run matrix")), icon="table-twin")
        self._matrix.setToolTip(
            say(msg("Find out why it fails, with up to 12 connections that differ in one thing (Ctrl+F5)"))
        )
        self._runs = QWidget()
        self._runs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        runs = QHBoxLayout(self._runs)
        runs.setContentsMargins(0, 0, 0, 0)
        runs.setSpacing(8)
        runs.addWidget(self._matrix)
        runs.addWidget(self._run)
        self._connect = line_edit(say(msg("Connect to")))
        self._port = line_edit(say(msg("Port")))
        self._server_name = line_edit(say(msg("Server name (SNI)")))
        self._send_none = TickBox(say(msg("Send none")), name=say(msg("Send no server name")))
        self._verify_name = line_edit(say(msg("Name to verify")))
        self._protocol = Combo(name=say(msg("Protocol")))
        for protocol, word in _PROTOCOLS.items():
            self._protocol.addItem(say(word), protocol)
        self._fold = Button(kind=ButtonKind.LINK, icon="chevron-right")
        self._problems = {FormField.TARGET: ProblemLine()}
        below = ProblemLine()
        self._problems |= {field: below for field in FormField if field is not FormField.TARGET}
        self._more = QWidget()
        self._edits = {
            FormField.TARGET: self._target,
            FormField.CONNECT: self._connect,
            FormField.PORT: self._port,
            FormField.SERVER_NAME: self._server_name,
            FormField.VERIFY_NAME: self._verify_name,
        }
        self._build()
        self._connect_signals()
        self._hold_button_width()
        self._follow_target()

    @property
    def choices(self) -> FormChoices:
        """As whom, and against which list."""
        return self._choices

    @property
    def identity(self) -> str | None:
        """Name of the chosen identity; None for none."""
        return self._choices.identity

    @property
    def trust_list(self) -> str | None:
        """Name of the chosen list; None before any was offered."""
        return self._choices.trust_list

    def select_identity(self, name: str | None) -> None:
        """Choose an identity; None, or one that is not there, chooses none."""
        self._choices.select_identity(name)

    def select_trust_list(self, name: str | None) -> None:
        """Choose a list, now or once it is offered; one that is not there leaves the first."""
        self._choices.select_trust_list(name)

    @property
    def values(self) -> FormValues:
        """What stands in the fields."""
        return FormValues(
            target=self._target.text(),
            protocol=TargetProtocol(self._protocol.currentData()),
            connect=self._connect.text(),
            port=self._port.text(),
            server_name=self._server_name.text(),
            send_server_name=not self._send_none.isChecked(),
            verify_name=self._verify_name.text(),
            alpn=self._alpn,
        )

    def show_target(self, target: Target) -> None:
        """Fill the fields from a target."""
        values = form_values(target)
        self._target.setText(values.target)
        self._protocol.setCurrentIndex(self._protocol.findData(values.protocol))
        self._connect.setText(values.connect)
        self._port.setText(values.port)
        self._server_name.setText(values.server_name)
        self._send_none.setChecked(not values.send_server_name)
        self._verify_name.setText(values.verify_name)
        self._alpn = values.alpn
        self.show_problem(None)
        self._follow_target()

    def read(self) -> Target | None:
        """Return the target of the fields, or show at the field why there is none and return None."""
        result = read_form(self.values)
        if isinstance(result, FormProblem):
            self.show_problem(result)
            return None
        self.show_problem(None)
        return result

    def show_problem(self, problem: FormProblem | None) -> None:
        """Show what is wrong at its field and move there; None takes the mark away."""
        for field, edit in self._edits.items():
            set_invalid(edit, problem is not None and problem.field is field)
        shown = None if problem is None else self._problems[problem.field]
        for line in set(self._problems.values()):
            line.setVisible(line is shown)
        if problem is None or shown is None:
            return
        shown.show_problem(say(problem.problem), say(problem.remedy))
        if problem.field is not FormField.TARGET:
            self._set_opened(True)
        edit = self._edits[problem.field]
        edit.setAccessibleDescription(f"{say(problem.problem)} {say(problem.remedy)}")
        edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_running(self, running: bool) -> None:
        """Turn Run into Cancel at the same place and width, and back."""
        self._running = running
        if running:
            self._run.show_as(say(msg("Cancel")), icon="stop", key=say(msg("Esc")))
        else:
            self._run.show_as(say(msg("Run")), icon="run", key="F5")
        self._run.set_kind(ButtonKind.QUIET if running else ButtonKind.PRIMARY)
        self._matrix.setEnabled(not running)

    def edit(self, field: FormField) -> QLineEdit:
        """Return the control of a field."""
        return self._edits[field]

    @property
    def last_control(self) -> QWidget:
        """The control after which the keyboard leaves the form."""
        return self._protocol

    def focus_target(self) -> None:
        """Move the keyboard to the target, all of it selected."""
        self._target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._target.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and stack where the form is narrow."""
        super().resizeEvent(event)
        self._arrange()

    def _build(self) -> None:
        self._target_cell = FieldCell(say(msg("Target")), self._target, key="Ctrl+L")
        self._choice_cells = [
            FieldCell(say(msg("Identity")), self._choices.identity_field),
            FieldCell(say(msg("Trust list")), self._choices.trust_list_field),
        ]
        self._second = [
            FieldCell(say(msg("Connect to")), self._connect),
            FieldCell(say(msg("Port")), self._port),
            FieldCell(say(msg("Server name (SNI)")), self._server_name, switch=self._send_none),
            FieldCell(say(msg("Name to verify")), self._verify_name),
            FieldCell(say(msg("Protocol")), self._protocol),
        ]
        self._first_grid = QGridLayout()
        self._first_grid.setHorizontalSpacing(12)
        self._first_grid.setVerticalSpacing(8)
        self._second_grid = QGridLayout(self._more)
        self._second_grid.setContentsMargins(0, 0, 0, 0)
        self._second_grid.setHorizontalSpacing(12)
        self._second_grid.setVerticalSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 14)
        layout.setSpacing(8)
        layout.addLayout(self._first_grid)
        layout.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._more)
        layout.addWidget(self._problems[FormField.PORT])
        layout.addWidget(self._choices.own_revocation)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for line in self._problems.values():
            line.hide()
        self._shape: tuple[bool, bool] | None = None
        self._arrange()
        chosen = self._choices
        order: tuple[QWidget, ...] = (
            *(self._target, chosen.identity_field, *chosen.identity_file.panel.controls),
            *(chosen.trust_list_field, *chosen.trust_list_file.panel.controls),
            *(self._matrix, self._run, self._fold),
            *(self._connect, self._port, self._send_none, self._server_name, self._verify_name),
            self._protocol,
        )
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect_signals(self) -> None:
        self._run.clicked.connect(self._pressed)
        self._matrix.clicked.connect(self.matrix_requested)
        for edit in self._edits.values():
            edit.returnPressed.connect(self._entered)
        self._target.textEdited.connect(self._target_edited)
        self._target.textChanged.connect(self._follow_target)
        for edit in (self._connect, self._port, self._server_name, self._verify_name):
            edit.textChanged.connect(self._tell_fold)
        self._send_none.toggled.connect(self._follow_target)
        self._protocol.activated.connect(self._protocol_chosen)
        self._choices.identity_changed.connect(self.identity_changed)
        self._fold.clicked.connect(lambda: self._set_opened(not self._opened))

    def _pressed(self) -> None:
        (self.cancel_requested if self._running else self.run_requested).emit()

    def _entered(self) -> None:
        if not self._running:
            self.run_requested.emit()

    def _target_edited(self) -> None:
        self._alpn = None
        set_invalid(self._target, False)

    def _protocol_chosen(self) -> None:
        protocol = TargetProtocol(self._protocol.currentData())
        self._alpn = None
        if protocol_of(self._target.text()) is not None:
            self._target.setText(with_protocol(self._target.text(), protocol))
        self._follow_target()

    def _follow_target(self) -> None:
        """Show in the empty fields what follows from the target."""
        named = protocol_of(self._target.text())
        if named is not None:
            self._protocol.setCurrentIndex(self._protocol.findData(named))
        text = self._target.text()
        plain = FormValues(target=text, protocol=TargetProtocol(self._protocol.currentData()))
        target = read_form(plain)
        usual = None if isinstance(target, FormProblem) else target
        same = say(msg("same as target"))
        sends = not self._send_none.isChecked()
        self._server_name.setEnabled(sends)
        self._connect.setPlaceholderText(say(msg("address from DNS")))
        self._port.setPlaceholderText(str(usual.port if usual else DEFAULT_PORTS[plain.protocol]))
        sni = same if usual is None else usual.server_name or say(msg("none for an IP address"))
        self._server_name.setPlaceholderText(sni if sends else say(msg("none is sent")))
        self._verify_name.setPlaceholderText(same if usual is None else usual.verify_name)
        self._tell_fold()

    def _set_opened(self, opened: bool) -> None:
        self._opened = opened
        self._shape = None
        self._arrange()

    def _tell_fold(self) -> None:
        parts = set_parts(self.values)
        words = ", ".join(say(part) for part in parts)
        if not words or self._opened:
            words = say(msg("Connect to, port, SNI, name to verify, protocol"))
        self._fold.show_as(words, icon="chevron-down" if self._opened else "chevron-right")

    def _arrange(self) -> None:
        width = self.width()
        shape = (width < _FOLD_BELOW, width < _STACK_BELOW)
        if shape == self._shape:
            return
        self._shape = shape
        folds, stacks = shape
        self._fold.setVisible(folds)
        self._more.setVisible(not folds or self._opened)
        self._tell_fold()
        bottom = Qt.AlignmentFlag.AlignBottom
        first = self._first_grid
        first.addWidget(self._problems[FormField.TARGET], 1, 0, 1, 4)
        identity, trust_list = self._choice_cells
        identity_file, trust_list_file = (
            self._choices.identity_file.panel,
            self._choices.trust_list_file.panel,
        )
        if stacks:
            first.addWidget(self._target_cell, 0, 0, 1, 2)
            first.addWidget(identity, 2, 0)
            first.addWidget(trust_list, 2, 1, 1, 3)
            first.addWidget(self._runs, 0, 2, 1, 2, bottom)
            first.addWidget(identity_file, 3, 0, 1, 4)
            first.addWidget(trust_list_file, 4, 0, 1, 4)
        else:
            first.addWidget(self._target_cell, 0, 0)
            first.addWidget(identity, 0, 1)
            first.addWidget(trust_list, 0, 2)
            first.addWidget(self._runs, 0, 3, bottom)
            # Each begins below its field.
            first.addWidget(identity_file, 3, 1, 1, 3)
            first.addWidget(trust_list_file, 4, 2, 1, 2)
        for column, stretch in enumerate((1, 1, 0, 0) if stacks else (5, 3, 3, 0)):
            first.setColumnStretch(column, stretch)
        connect, port, sni, verify, protocol = self._second
        places: tuple[tuple[QWidget, int, int, int], ...] = (
            ((connect, 0, 0, 1), (port, 0, 1, 1), (protocol, 0, 2, 1), (sni, 1, 0, 1), (verify, 1, 1, 2))
            if folds
            else ((connect, 0, 0, 1), (port, 0, 1, 1), (sni, 0, 2, 1), (verify, 0, 3, 1), (protocol, 0, 4, 1))
        )
        for cell, row, column, span in places:
            self._second_grid.addWidget(cell, row, column, 1, span)
        for column, stretch in enumerate((4, 1, 2, 0, 0) if folds else (6, 2, 8, 6, 3)):
            self._second_grid.setColumnStretch(column, stretch)

    def _hold_button_width(self) -> None:
        widths = []
        for running in (True, False):
            self.set_running(running)
            widths.append(self._run.sizeHint().width())
        self._run.setMinimumWidth(max(widths))
