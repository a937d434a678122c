"""The two helpers of the page that need no connection to a partner: Explain an error, and Rehearse."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.explain_dialog import ExplainDialog
from trustdesk.gui.handshake.form import HandshakeForm
from trustdesk.gui.handshake.rehearsal_dialog import RehearsalDialog
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk


class HelpDialogs(QObject):
    """Their buttons, and one dialog of each at a time; the page can be worked with meanwhile.

    Signals:
        test_wanted: the person wants the form's target tested.

    Attributes:
        explaining, rehearsal: the dialog that is open; None while none is.
    """

    test_wanted = Signal()

    def __init__(self, bridge: Bridge, form: HandshakeForm, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._form, self._page = bridge, form, page
        self._desk: Desk | None = None
        self.explaining: ExplainDialog | None = None
        self.rehearsal: RehearsalDialog | None = None
        self._words = say(msg("Explain an error …")), say(msg("Rehearse …"))
        self.explain_button = Button(self._words[0], icon="information")
        self.explain_button.setToolTip(say(msg("Say what a message of another tool means (Ctrl+E)")))
        self.explain_button.clicked.connect(self.explain)
        self.rehearse_button = Button(self._words[1], icon="server")
        self.rehearse_button.setToolTip(
            say(msg("Start a local server that takes client certificates as a partner's would"))
        )
        self.rehearse_button.clicked.connect(self.rehearse)
        for button in (self.explain_button, self.rehearse_button):
            button.setEnabled(False)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk
        for button in (self.explain_button, self.rehearse_button):
            button.setEnabled(True)

    def set_tight(self, tight: bool) -> None:
        """Show icons alone, or words beside them."""
        buttons = (self.explain_button, "information"), (self.rehearse_button, "server")
        for (button, icon), words in zip(buttons, self._words, strict=True):
            if bool(button.text()) is tight:
                button.show_as("" if tight else words, icon=icon, name=words)

    def explain(self) -> None:
        """Open the box for a pasted message."""
        if self._desk is None:
            return
        if self.explaining is None:
            target = self._form.values.target.strip()
            made = ExplainDialog(self._page.window(), self._bridge, self._desk, target=target)
            made.test_wanted.connect(self.test_wanted)
            made.destroyed.connect(self._explained)
            self.explaining = made
        self.explaining.show()
        self.explaining.raise_()

    def rehearse(self) -> None:
        """Open the rehearsal."""
        if self._desk is None:
            return
        if self.rehearsal is None:
            self.rehearsal = RehearsalDialog(self._page.window(), self._bridge, self._desk)
            self.rehearsal.destroyed.connect(self._rehearsed)
        self.rehearsal.show()
        self.rehearsal.raise_()

    def _explained(self) -> None:
        self.explaining = None

    def _rehearsed(self) -> None:
        self.rehearsal = None
