"""A field that compares a pasted fingerprint, in any spelling, with the certificate in view."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.fingerprints import MAX_TEXT, FingerprintResult, compare_fingerprint

_WORDS = {
    FingerprintResult.MATCH: (None, "tick", msg("Matches")),
    FingerprintResult.NO_MATCH: (State.BAD, None, msg("Does not match")),
    FingerprintResult.NOT_A_FINGERPRINT: (State.UNKNOWN, None, msg("No fingerprint")),
}


class FingerprintField(QWidget):
    """Field, verdict in a chip, and the sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details: CertificateDetails | None = None
        self.field = QLineEdit()
        self.field.setAccessibleName(say(msg("Fingerprint to compare")))
        self.field.setPlaceholderText(say(msg("Paste a fingerprint, in any spelling")))
        self.field.setMaxLength(MAX_TEXT)
        self.field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.field.textChanged.connect(self._compare)
        self.chip = StateChip()
        self._sentence = Text(ink="text2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.field, 1)
        row.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Text(say(msg("Compare a fingerprint")), TypeStyle.LABEL, "text2"))
        layout.addLayout(row)
        layout.addWidget(self._sentence)
        self._compare()

    @property
    def sentence(self) -> str:
        """What came of the comparison; "" while the field is empty."""
        return self._sentence.text()

    def show_certificate(self, details: CertificateDetails | None) -> None:
        """Compare with another certificate; None for none."""
        self._details = details
        self.setVisible(details is not None)
        self._compare()

    def _compare(self) -> None:
        text = self.field.text()
        there = bool(text.strip()) and self._details is not None
        self.chip.setVisible(there)
        self._sentence.setVisible(there)
        if not there or self._details is None:
            self._sentence.setText("")
            return
        found = compare_fingerprint(text, self._details)
        state, icon, word = _WORDS[found.result]
        # Green is earned by trust alone; that two numbers are the same is a plain tick.
        self.chip.show_state(state or State.NOT_APPLICABLE, say(word), icon=icon)
        self._sentence.setText(say(found.meaning))
        self._sentence.set_ink("bad" if state is State.BAD else "text2")
