"""Another name for an identity."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.identity import Identity, IdentityView
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.field_cell import line_edit, set_invalid
from trustdesk.gui.identities.import_candidate import LONGEST_NAME
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk


class RenameDialog(PlainDialog):
    """One field.

    Signals:
        renamed: a Message that says so, and the new name.
    """

    renamed = Signal(object, str)

    def __init__(
        self, parent: QWidget, bridge: Bridge, desk: IdentityDesk, view: IdentityView, taken: Collection[str]
    ) -> None:
        before = view.identity.name
        super().__init__(
            parent,
            msg("Rename {identity}", identity=before),
            msg("Partners that use it follow; files that were exported keep the old name."),
            size=(560, 420),
        )
        self._bridge, self._desk = bridge, desk
        self._before, self._taken = before, frozenset(taken) - {before}
        self.name = line_edit(say(msg("New name")))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setText(before)
        self.problem = RemarkLine(icon="bad", ink="bad")
        self.problem.hide()
        self.rename_button = self.add_button(Button(say(msg("Rename")), icon="edit", kind=ButtonKind.PRIMARY))
        self.content.addWidget(Text(say(msg("New name")), TypeStyle.LABEL, "text2"))
        self.content.addWidget(self.name)
        self.content.addWidget(self.problem)
        self.content.addStretch(1)
        self.name.textChanged.connect(self._check)
        self.name.returnPressed.connect(self._rename)
        self.rename_button.clicked.connect(self._rename)
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _check(self) -> None:
        name = self.name.text().strip()
        problem = None
        if not name:
            problem = msg("It needs a name.")
        elif name in self._taken:
            problem = msg("An identity of this name is here already.")
        set_invalid(self.name, problem is not None)
        self.problem.setVisible(problem is not None)
        if problem is not None:
            self.problem.show_words(say(problem))
        self.rename_button.setEnabled(problem is None and name != self._before)

    def _rename(self) -> None:
        if not self.rename_button.isEnabled():
            return
        self.rename_button.setEnabled(False)
        self.error.hide()
        future = self._desk.rename(self._before, self.name.text().strip())
        self._bridge.when_done(future, self._done, self._fail)
        self.stay_until_told(self._bridge, future)

    def _done(self, identity: Identity) -> None:
        # Told also where the window was closed meanwhile: it was done.
        words = msg("{before} is called {after} now.", before=self._before, after=identity.name)
        self.renamed.emit(words, identity.name)
        if not self.is_gone:
            self.accept()

    def _fail(self, error: TrustdeskError) -> None:
        if not self.is_gone:
            self.show_error(error)
            self._check()
