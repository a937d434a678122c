"""How a protected file is encrypted, with who can open it then."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.identity import ExportProfile, Opener
from trustdesk.core.message import Message, msg
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_TITLES: dict[ExportProfile, Message] = {
    ExportProfile.MODERN: msg("Modern"),
    ExportProfile.COMPATIBLE: msg("For old programs"),
}
_ABOUT: dict[ExportProfile, Message] = {
    ExportProfile.MODERN: msg("AES-256 and SHA-256, with 600,000 rounds: a guess at the passphrase is slow."),
    ExportProfile.COMPATIBLE: msg(
        "3DES and SHA-1, as Windows Server 2016 and Java 8 have it: weaker, so take a long passphrase."
    ),
}


class ProfileChoice(QWidget):
    """A switch, what it means, and the programs that open the file or do not.

    Signals:
        changed: another profile.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switch = Segment(
            [(profile.value, say(title)) for profile, title in _TITLES.items()], name=say(msg("Encryption"))
        )
        self._about = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.opens = RemarkLine(icon="tick")
        self.opens_not = RemarkLine(icon="warning", ink="warning")
        self.not_known = RemarkLine(icon="unknown")
        head = QHBoxLayout()
        head.addWidget(Text(say(msg("Encryption")), TypeStyle.LABEL, "text2"))
        head.addStretch(1)
        head.addWidget(self.switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        for line in (self._about, self.opens, self.opens_not, self.not_known):
            layout.addWidget(line)
        self.switch.changed.connect(self._turn)
        self._turn()

    @property
    def profile(self) -> ExportProfile:
        """The profile that was chosen."""
        return ExportProfile(self.switch.current)

    def _turn(self) -> None:
        self._about.setText(say(_ABOUT[self.profile]))
        found = profile_openers(self.profile)
        yes, no, open_question = (
            ", ".join(one.program for one in found if one.opens is opens) for opens in (True, False, None)
        )
        self.opens.show_words(say(msg("Opens in {programs}", programs=yes)))
        self.opens_not.show_words(say(msg("Does not open in {programs}", programs=no)))
        self.not_known.show_words(say(msg("Not known of {programs}", programs=open_question)))
        for line, names in ((self.opens, yes), (self.opens_not, no), (self.not_known, open_question)):
            line.setVisible(bool(names))
        self.changed.emit()


@cache
def profile_openers(profile: ExportProfile) -> tuple[Opener, ...]:
    """Return which programs open a PKCS#12 file of a profile."""
    # What writes such files is not needed before somebody exports one.
    from trustdesk.formats.pkcs12_writing import profile_protection
    from trustdesk.services.p12_openers import P12Facts, openers

    protection, mac = profile_protection(profile)
    # The certificates and the key are encrypted each by itself.
    return openers(P12Facts(parts=(protection, protection), mac=mac, is_whole=True))
