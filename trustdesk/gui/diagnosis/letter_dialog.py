"""Write to partner: the letter as it will be sent, as text or Markdown, to copy or to save."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.diagnosis.saving import AskFile, save_into
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.letter_language import LetterLanguage
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.partner_letter import letter_markdown, letter_text, write_letter

TEXT, MARKDOWN = "txt", "md"


class LetterDialog(PlainDialog):
    """The letter about a diagnosis."""

    def __init__(
        self,
        parent: QWidget,
        bridge: Bridge,
        desk: Desk,
        diagnosis: Diagnosis,
        client: CertificateFacts | None,
    ) -> None:
        super().__init__(
            parent,
            msg("Write to partner"),
            msg(
                "What was seen, what is asked, and the facts to find it by. It names nothing that is secret."
            ),
        )
        self._bridge, self._desk = bridge, desk
        self._letter = write_letter(diagnosis, client)
        self._host = diagnosis.target.host
        self.ask_file: AskFile = ask_file
        self.form = Segment(
            [(TEXT, say(msg("Text"))), (MARKDOWN, say(msg("Markdown")))], name=say(msg("Form of the letter"))
        )
        self.form.changed.connect(lambda _form: self._show())
        self.language = LetterLanguage()
        self.language.currentIndexChanged.connect(lambda _place: self._show())
        self.view = PlainView(name=say(msg("The letter")))
        head = QHBoxLayout()
        head.addWidget(self.form)
        head.addStretch(1)
        head.addWidget(self.language)
        self.content.addLayout(head)
        self.content.addWidget(framed(self.view), 1)
        copy = self.add_button(Button(say(msg("Copy")), icon="copy", kind=ButtonKind.PRIMARY))
        copy.clicked.connect(self._copy)
        self.save_button = self.add_button(Button(say(msg("Save …")), icon="export"))
        self.save_button.clicked.connect(self._save)
        self._show()
        copy.setFocus()

    def _text(self) -> str:
        lay_out = letter_text if self.form.current == TEXT else letter_markdown
        return lay_out(self._letter, self.language.say)

    def _show(self) -> None:
        self.view.setPlainText(self._text())

    def _copy(self) -> None:
        self.view.copy_all()
        self.notice.say_done(say(msg("The letter is on the clipboard.")))

    def _save(self) -> None:
        form = self.form.current
        file = self.ask_file(self, f"letter-{self._host}.{form}")
        if file is not None:
            save_into(self, self._bridge, self._desk, file, self._text().encode())
