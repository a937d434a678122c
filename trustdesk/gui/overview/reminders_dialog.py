"""When an end counts as near, for everybody of the workspace, and whether the desktop tells of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import FieldCell, TickBox, line_edit, set_invalid
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.expiry_desk import ExpiryDesk

_FIELDS: tuple[tuple[str, Message, int], ...] = (
    ("warn_days", msg("Near: days left"), 3650),
    ("urgent_days", msg("Urgent: days left"), 3650),
    ("short_lived_days", msg("Short-lived: valid for at most so many days"), 3650),
    ("warn_per_cent", msg("Short-lived and near: per cent left"), 100),
    ("urgent_per_cent", msg("Short-lived and urgent: per cent left"), 100),
)


class RemindersDialog(PlainDialog):
    """The dialog.

    Signals:
        saved: the WorkspaceSettings that hold now; the dialog closes.
    """

    saved = Signal(object)

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: ExpiryDesk, settings: WorkspaceSettings
    ) -> None:
        super().__init__(
            parent,
            msg("When to warn"),
            msg(
                "This holds for everybody who opens the workspace. What lives a short time is judged by the"
                " share of its validity that is left, all else by days."
            ),
            size=(620, 440),
        )
        self._bridge, self._desk = bridge, desk
        self.fields: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for place, (key, words, most) in enumerate(_FIELDS):
            field = line_edit(say(words))
            field.setValidator(QIntValidator(0, most, field))
            field.setText(str(getattr(settings.thresholds, key)))
            field.textChanged.connect(self._check)
            self.fields[key] = field
            grid.addWidget(FieldCell(say(words), field, wrap=True), place // 2, place % 2)
        self.notify = TickBox(
            say(msg("Tell me on the desktop when something comes near its end")),
            name=say(msg("Tell me on the desktop when something comes near its end")),
        )
        self.notify.setChecked(settings.notify)
        self.problem = Text(ink="bad", wrap=True)
        self.content.addLayout(grid)
        self.content.addWidget(self.notify)
        self.content.addWidget(self.problem)
        self.content.addStretch(1)
        self.save_button = self.add_button(Button(say(msg("Save")), kind=ButtonKind.PRIMARY))
        self.save_button.clicked.connect(self._save)
        self.save_button.setDefault(True)
        self._check()

    def _numbers(self) -> dict[str, int] | None:
        texts = {key: field.text().strip() for key, field in self.fields.items()}
        most = {key: limit for key, _words, limit in _FIELDS}
        if not all(text.isdecimal() and int(text) <= most[key] for key, text in texts.items()):
            return None
        return {key: int(text) for key, text in texts.items()}

    def _check(self) -> None:
        """Say what cannot hold, at the field and in words."""
        numbers = self._numbers()
        wrong: set[str] = set()
        words: Message | None = None
        if numbers is None:
            most = {key: limit for key, _words, limit in _FIELDS}
            wrong = {
                key
                for key, field in self.fields.items()
                if not field.text().strip().isdecimal() or int(field.text()) > most[key]
            }
            words = msg("Write whole numbers, of days up to 3650 and of per cent up to 100.")
        else:
            for near, urgent in (("warn_days", "urgent_days"), ("warn_per_cent", "urgent_per_cent")):
                if numbers[urgent] > numbers[near]:
                    wrong |= {urgent}
                    words = msg("What is urgent has to be nearer than what is near.")
        for key, field in self.fields.items():
            set_invalid(field, key in wrong)
        self.problem.setText("" if words is None else say(words))
        self.problem.setVisible(words is not None)
        self.save_button.setEnabled(words is None)

    def _save(self) -> None:
        numbers = self._numbers()
        if numbers is None:
            return
        wanted = ExpiryThresholds(
            warn_days=numbers["warn_days"],
            urgent_days=numbers["urgent_days"],
            warn_per_cent=numbers["warn_per_cent"],
            urgent_per_cent=numbers["urgent_per_cent"],
            short_lived_days=numbers["short_lived_days"],
        )
        self.error.hide()
        asked = self._desk.agree(wanted, notify=self.notify.isChecked())
        self._bridge.when_done(asked, self._take, self.show_error, owner=self)

    def _take(self, settings: WorkspaceSettings) -> None:
        self.saved.emit(settings)
        self.accept()
