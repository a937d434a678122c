"""The head of the page: title, count, and what brings identities in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class IdentitiesHeading(QWidget):
    """One line above everything.

    Signals:
        import_pressed, doctor_pressed, match_pressed, request_pressed: the buttons.
    """

    import_pressed = Signal()
    doctor_pressed = Signal()
    match_pressed = Signal()
    request_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = ElidedLabel(ink="text2")
        self._words = {
            "import": say(msg("Import …")),
            "stethoscope": say(msg("Check a P12 …")),
            "link": say(msg("Match CA reply …")),
        }
        self.import_button = Button(self._words["import"], icon="import")
        self.import_button.setToolTip(
            say(msg("Take in certificates with their keys: PKCS#12, PEM, Java key stores"))
        )
        self.doctor_button = Button(self._words["stethoscope"], icon="stethoscope")
        self.doctor_button.setToolTip(say(msg("See how a PKCS#12 file is protected, and who can open it")))
        self.match_button = Button(self._words["link"], icon="link")
        self.match_button.setToolTip(
            say(msg("Join the certificate that a CA sent with the request it answers"))
        )
        self.request_button = Button(say(msg("New request …")), icon="add", kind=ButtonKind.PRIMARY)
        self.request_button.setToolTip(say(msg("Make a key and a request for a certificate")))
        self.import_button.clicked.connect(self.import_pressed)
        self.doctor_button.clicked.connect(self.doctor_pressed)
        self.match_button.clicked.connect(self.match_pressed)
        self.request_button.clicked.connect(self.request_pressed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(Text(say(msg("Identities")), TypeStyle.PAGE_TITLE))
        layout.addWidget(self._count, 1)
        for button in (self.import_button, self.doctor_button, self.match_button, self.request_button):
            layout.addWidget(button)

    @property
    def count_words(self) -> str:
        """What is said of how many there are."""
        return self._count.text()

    def set_count(self, count: int | None) -> None:
        """Say how many identities there are; None while that is not known.

        Without any the page itself offers the ways in.
        """
        words = msg_n("{count} certificate with its key", "{count} certificates with keys", count or 0)
        self._count.setText(say(words) if count else "")
        for button in (self.import_button, self.request_button):
            button.setVisible(count != 0)

    def set_tight(self, tight: bool) -> None:
        """Leave the words of the quieter buttons out where there is little room."""
        for icon, button in (("stethoscope", self.doctor_button), ("link", self.match_button)):
            if bool(button.text()) is tight:
                tip = button.toolTip()
                button.show_as("" if tight else self._words[icon], icon=icon, name=self._words[icon])
                button.setToolTip(tip)
