"""The head of the list in view: title, signature, publisher, source, and what is done with the list."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import ListSummary, ListVersion, VersionState
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import signature_look, signature_sentence, summary_title
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.words import say


class ListHeading(QWidget):
    """Two lines, and the buttons at the end.

    Signals:
        import_pressed, export_pressed, fetch_pressed, force_pressed, undo_pressed, forget_pressed,
            remove_pressed: the buttons and the menu.
    """

    import_pressed = Signal()
    export_pressed = Signal()
    fetch_pressed = Signal()
    force_pressed = Signal()
    undo_pressed = Signal()
    forget_pressed = Signal()
    remove_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(style=TypeStyle.PAGE_TITLE)
        self.signature = StateChip()
        self.line = ElidedLabel(style=TypeStyle.SECOND_LINE, ink="text2")
        self.import_button = Button(say(msg("Import …")), icon="import")
        self.export_button = Button(say(msg("Export …")), icon="export")
        self.more_button = Button(icon="more", name=say(msg("More for this list")))
        self.menu = QMenu(self.more_button)
        self.fetch_action = self._action(msg("Fetch again"), self.fetch_pressed)
        self.force_action = self._action(msg("Put in force"), self.force_pressed)
        self.undo_action = self._action(msg("Undo"), self.undo_pressed)
        self.forget_action = self._action(msg("Forget the signer …"), self.forget_pressed)
        self.menu.addSeparator()
        self.remove_action = self._action(msg("Remove the list …"), self.remove_pressed)
        self.import_button.clicked.connect(self.import_pressed)
        self.export_button.clicked.connect(self.export_pressed)
        self.more_button.clicked.connect(self._open_menu)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.title)
        top.addWidget(self.signature)
        top.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(top)
        words.addWidget(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(words, 1)
        for button in (self.import_button, self.export_button, self.more_button):
            layout.addWidget(button)

    def show_list(self, summary: ListSummary, version: ListVersion | None) -> None:
        """Show a list by the version in view; None while there is none."""
        self.title.setText(summary_title(summary))
        self.signature.setVisible(version is not None)
        parts: list[str] = []
        if version is not None:
            look = signature_look(version.content.authenticity)
            sentence = say(signature_sentence(version.content.authenticity))
            self.signature.show_state(look.state, look.word, icon=look.icon, name=f"{look.word}. {sentence}")
            publisher = version.content.publisher.name
            parts.append(
                say(msg("Publisher: {name}", name=publisher))
                if publisher
                else say(msg("It does not say who published it"))
            )
            parts.append(visible(summary.url or version.source.place))
            if version.content.sequence is not None:
                parts.append(say(msg("sequence {number}", number=version.content.sequence)))
        self.line.setText("  ·  ".join(parts))
        self._show_menu(summary)

    def set_tight(self, tight: bool) -> None:
        """Leave the words of the buttons out where there is little room."""
        for button, icon, words in (
            (self.import_button, "import", say(msg("Import …"))),
            (self.export_button, "export", say(msg("Export …"))),
        ):
            if bool(button.text()) is tight:
                button.show_as("" if tight else words, icon=icon, name=words)
                button.setToolTip(words if tight else "")

    def _show_menu(self, summary: ListSummary) -> None:
        applied = summary.applied
        self.fetch_action.setEnabled(bool(summary.url))
        self.force_action.setText(
            say(msg("Take out of force …") if summary.in_force else msg("Put in force …"))
        )
        self.force_action.setEnabled(applied is not None)
        before = previous_version(summary)
        self.undo_action.setEnabled(applied is not None and not summary.is_builtin and before is not None)
        self.undo_action.setText(
            say(msg("Undo")) if before is None else say(msg("Undo to version {number} …", number=before))
        )
        self.forget_action.setEnabled(summary.pin is not None)
        self.remove_action.setEnabled(not summary.is_builtin)

    def _action(self, words: Message, pressed: SignalInstance) -> QAction:
        action = self.menu.addAction(say(words))
        action.triggered.connect(lambda _checked=False: pressed.emit())
        return action

    def _open_menu(self) -> None:
        corner = self.more_button.rect().bottomRight()
        corner.setX(corner.x() - self.menu.sizeHint().width())
        self.menu.popup(self.more_button.mapToGlobal(corner))


def previous_version(summary: ListSummary) -> int | None:
    """Return the number of the version that was applied before; None where there was none."""
    replaced = [one.number for one in summary.versions if one.state is VersionState.REPLACED]
    return max(replaced, default=None)
