"""Who signed a list: the fingerprint, and the one that the person was given another way, to compare."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import Authenticity, AuthenticityState, Endorsement
from trustdesk.core.untrusted import visible
from trustdesk.gui.handshake.field_cell import FieldCell, line_edit, set_invalid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.words import signature_look, signature_sentence
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.fingerprints import MAX_TEXT, sha256_in

_WHO = {
    Endorsement.ORGANISATION: msg("an organisation"),
    Endorsement.PARTNER: msg("a partner"),
    Endorsement.SELF: msg("ourselves"),
    Endorsement.IATA: msg("IATA: I have this fingerprint from IATA"),
}


class SignerCheck(Card):
    """Signature, fingerprint, and the comparison; a signer is taken only when both are the same.

    Signals:
        taken: SHA-256 of the signer that was compared, and whom the person says it to be.
    """

    taken = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._signer: str | None = None
        self._can_take = True
        self.chip = StateChip()
        self._sentence = Text(ink="text2", wrap=True)
        self._name = Text(style=TypeStyle.ROW_TITLE, wrap=True)
        self.fingerprint = Text(style=TypeStyle.FIXED)
        self.fingerprint.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.given = line_edit(
            say(msg("Fingerprint you were given")), placeholder=say(msg("SHA-256, in any spelling"))
        )
        self.given.setMaxLength(MAX_TEXT)
        self.given.textChanged.connect(self._compare)
        self._result = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.who = Combo(name=say(msg("Who is it?")))
        for endorsement, words in _WHO.items():
            self.who.addItem(say(words), endorsement)
        self.take_button = Button(say(msg("Take this signer")), icon="tick")
        self.take_button.setAutoDefault(False)
        self.take_button.clicked.connect(self._take)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(say(msg("Who signed it")), TypeStyle.SECTION))
        head.addWidget(self.chip)
        head.addStretch(1)
        self._form = QWidget()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(FieldCell(say(msg("Who is it?")), self.who), 1)
        row.addWidget(self.take_button, 0, Qt.AlignmentFlag.AlignBottom)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 2, 0, 0)
        form.setSpacing(8)
        form.addWidget(FieldCell(say(msg("Fingerprint you were given")), self.given))
        form.addWidget(self._result)
        form.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._sentence)
        layout.addWidget(self._name)
        layout.addWidget(self.fingerprint)
        layout.addWidget(self._form)

    @property
    def result(self) -> str:
        """What came of the comparison."""
        return self._result.text()

    def show_proof(self, proof: Authenticity, *, can_take: bool) -> None:
        """Show a signature; `can_take` is whether a compared signer can be pinned with this import."""
        self._signer, self._can_take = proof.signer, can_take
        look = signature_look(proof)
        self.chip.show_state(look.state, look.word, icon=look.icon)
        self._sentence.setText(say(signature_sentence(proof)))
        signer = proof.signer_certificate
        self._name.setText("" if signer is None else visible(signer.title))
        self._name.setVisible(signer is not None)
        self.fingerprint.setText("" if proof.signer is None else fingerprint_text(proof.signer))
        self.fingerprint.setAccessibleName(
            say(msg("Fingerprint of the signer: {digest}", digest=proof.signer or "–"))
        )
        self.fingerprint.setVisible(proof.signer is not None)
        asks = proof.state is AuthenticityState.UNKNOWN_SIGNER and proof.signer is not None
        self._form.setVisible(asks)
        for part in (self.who.parentWidget(), self.take_button):
            if part is not None:
                part.setVisible(can_take)
        self._compare()

    def _compare(self) -> None:
        text = self.given.text().strip()
        given = sha256_in(text) if text else None
        same = None if given is None or self._signer is None else given == self._signer.lower()
        words: Message
        if not text:
            words, ink = msg("Ask the publisher another way: by telephone, on paper, in person."), "text2"
        elif same is None:
            words, ink = msg("It is no SHA-256 fingerprint: 64 hexadecimal digits are expected."), "warning"
        elif same:
            words, ink = msg("It is the fingerprint of the signer."), "text"
        else:
            words, ink = msg("It is another fingerprint: this list is not from whom you think."), "bad"
        self._result.setText(say(words))
        self._result.set_ink(ink)
        set_invalid(self.given, bool(text) and same is False)
        self.take_button.setEnabled(same is True and self._can_take)

    def _take(self) -> None:
        if self._signer is not None and sha256_in(self.given.text().strip()) == self._signer.lower():
            self.taken.emit(self._signer, Endorsement(self.who.currentData()))
