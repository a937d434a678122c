"""A field for a password or passphrase: masked until the person looks, and never on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.handshake.field_cell import line_edit, set_invalid
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say

_LONGEST = 1024


class SecretField(QWidget):
    """A masked line with its eye. What was typed stands in the field alone; `forget` empties it.

    Signals:
        edited: the person typed.
        submitted: Enter was pressed.
    """

    edited = Signal()
    submitted = Signal()

    def __init__(self, name: str, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = line_edit(name, placeholder=placeholder)
        self.edit.setMaxLength(_LONGEST)
        # Nothing of it can be selected while it is in the clear, so that nothing can be copied or dragged:
        # X11 takes what is selected as it is.
        self.edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.edit.setDragEnabled(False)
        self.edit.selectionChanged.connect(self._drop_selection)
        self.edit.textEdited.connect(self._edited)
        self.edit.returnPressed.connect(self.submitted)
        self.eye = Button(icon="eye", name=say(msg("Show what was typed")))
        self.eye.setAutoDefault(False)
        self.eye.clicked.connect(lambda: self.set_plain(self.is_masked))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.eye)
        self.setFocusProxy(self.edit)
        self.set_plain(False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    @property
    def is_masked(self) -> bool:
        """Whether nobody can read it from the screen."""
        return self.edit.echoMode() is QLineEdit.EchoMode.Password

    def set_plain(self, plain: bool) -> None:
        """Show what was typed, or mask it."""
        self.edit.deselect()
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if plain else QLineEdit.EchoMode.Password)
        hint = Qt.InputMethodHint
        self.edit.setInputMethodHints(
            hint.ImhSensitiveData
            | hint.ImhNoPredictiveText
            | hint.ImhNoAutoUppercase
            | (hint.ImhNone if plain else hint.ImhHiddenText)
        )
        name = say(msg("Hide what was typed") if plain else msg("Show what was typed"))
        self.eye.show_as("", icon="eye-off" if plain else "eye", name=name)
        self.eye.setToolTip(name)

    def forget(self) -> None:
        """Empty and mask the field."""
        # Unlike clear(), this leaves no step that undo could take back.
        self.edit.setText("")
        self.set_plain(False)
        set_invalid(self.edit, False)

    def show_wrong(self) -> None:
        """Mark it as wrong; what was typed is selected, so that typing replaces it."""
        self.set_plain(False)
        set_invalid(self.edit, True)
        self.edit.selectAll()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        set_invalid(self.edit, False)
        self.edited.emit()

    def _drop_selection(self) -> None:
        if not self.is_masked and self.edit.hasSelectedText():
            self.edit.deselect()
