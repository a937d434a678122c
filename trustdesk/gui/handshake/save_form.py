"""Saving the target as a partner's endpoint: a name, and a line that says it is done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.target import Target
from trustdesk.gui.handshake.field_cell import line_edit
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class SaveForm(Card):
    """Asks for the partner's name, then says what was saved, or why it was not.

    Signals:
        save_requested: the partner's name, trimmed, never empty.
    """

    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = line_edit(say(msg("Partner")), placeholder=say(msg("name of the organisation")))
        self._name.setLayoutDirection(self.layoutDirection())
        self._name.setMinimumWidth(220)
        self._name.setMaximumWidth(320)
        self._subject = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self._save = Button(say(msg("Save")))
        cancel = Button(say(msg("Cancel")), name=say(msg("Do not save")))
        self._icon = QLabel()
        self._notice = ElidedLabel()
        close = Button(icon="close", name=say(msg("Close this notice")))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(
            _row(
                Text(say(msg("Save as partner")), TypeStyle.ROW_TITLE),
                self._name,
                self._save,
                cancel,
                self._subject,
            )
        )
        self._stack.addWidget(_row(self._icon, self._notice, close))
        self._icon_look = ("tick", "text2")
        self._name.textChanged.connect(lambda text: self._save.setEnabled(bool(text.strip())))
        self._name.returnPressed.connect(self._request)
        self._save.clicked.connect(self._request)
        cancel.clicked.connect(self.hide)
        close.clicked.connect(self.hide)
        current_theme().changed.connect(self._take_theme)
        self.setMaximumHeight(56)
        self.hide()

    def ask(self, target: Target, identity: str | None) -> None:
        """Open the form for a target and the identity that goes with it."""
        with_whom = (
            msg("{endpoint}, without certificate", endpoint=target.endpoint)
            if identity is None
            else msg("{endpoint}, with {identity}", endpoint=target.endpoint, identity=identity)
        )
        self._subject.setText(say(with_whom))
        self._name.clear()
        self._save.setEnabled(False)
        self._stack.setCurrentIndex(0)
        self.show()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_saved(self, partner: str) -> None:
        """Say that it was saved."""
        self._say(
            "tick", "text2", say(msg("Saved as {partner}; it stands on the Partners page.", partner=partner))
        )

    def show_error(self, error: TrustdeskError) -> None:
        """Say why it was not saved."""
        self._say("bad", "bad", f"{say(error.problem)} {say(error.remedy)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def _request(self) -> None:
        name = self._name.text().strip()
        if name:
            self._save.setEnabled(False)
            self.save_requested.emit(name)

    def _say(self, icon: str, ink: str, words: str) -> None:
        self._icon_look = (icon, ink)
        self._notice.setText(words)
        self._notice.setAccessibleName(words)
        self._take_theme()
        self._stack.setCurrentIndex(1)
        self.show()

    def _take_theme(self) -> None:
        name, ink = self._icon_look
        color = str(getattr(current_theme().tokens, ink))
        self._icon.setPixmap(pixmap(name, color, 16, self.devicePixelRatioF()))


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(margins(16, 8, 12, 8))
    layout.setSpacing(12)
    for widget in widgets:
        layout.addWidget(widget, 1 if isinstance(widget, ElidedLabel) else 0)
    return row
