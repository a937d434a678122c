"""Letters to the partners who would stop being trusted: one at a time, to copy."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.trust_impact import Impact
from trustdesk.core.untrusted import visible
from trustdesk.gui.trust.impact_table import chain_title
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.letter_language import LetterLanguage
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.words import say
from trustdesk.services.partner_letter import letter_markdown, letter_text
from trustdesk.services.trust_letter import write_trust_letter

TEXT, MARKDOWN = "txt", "md"


class LettersDialog(PlainDialog):
    """A choice of partners, and the letter to the one chosen."""

    def __init__(self, parent: QWidget, impact: Impact) -> None:
        super().__init__(
            parent,
            msg("Write to partners"),
            msg("Who would stop being trusted, and why. It names nothing that is secret; nothing is sent."),
        )
        self._impact = impact
        self._chains = tuple(one for one in impact.partners if one.loses)
        self.partner = Combo(name=say(msg("Partner")))
        for place, chain in enumerate(self._chains):
            self.partner.addItem(f"{chain_title(chain)} ({visible(chain.place)})", place)
        self.partner.currentIndexChanged.connect(lambda _place: self._show())
        self.form = Segment(
            [(TEXT, say(msg("Text"))), (MARKDOWN, say(msg("Markdown")))], name=say(msg("Form of the letter"))
        )
        self.form.changed.connect(lambda _form: self._show())
        self.language = LetterLanguage()
        self.language.currentIndexChanged.connect(lambda _place: self._show())
        self.view = PlainView(name=say(msg("The letter")))
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.partner, 1)
        head.addWidget(self.form)
        head.addWidget(self.language)
        self.content.addLayout(head)
        self.content.addWidget(framed(self.view), 1)
        self.copy_button = self.add_button(Button(say(msg("Copy")), icon="copy", kind=ButtonKind.PRIMARY))
        self.copy_button.clicked.connect(self._copy)
        self._show()
        self.copy_button.setFocus()

    def _show(self) -> None:
        place = max(0, self.partner.currentIndex())
        letter = write_trust_letter(self._chains[place], self._impact)
        lay_out = letter_text if self.form.current == TEXT else letter_markdown
        self.view.setPlainText(lay_out(letter, self.language.say))

    def _copy(self) -> None:
        self.view.copy_all()
        self.notice.say_done(say(msg("The letter is on the clipboard.")))
