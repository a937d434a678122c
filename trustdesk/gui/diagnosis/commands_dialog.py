"""The same test as commands: lines for openssl, curl and keytool, each with a button that copies it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trustdesk.core.diagnosis import CertificateChoice, ProbeVariant
from trustdesk.core.message import Message, msg
from trustdesk.core.target import Target
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.code_line import CodeLine
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.focus_ring import FocusRing
from trustdesk.gui.widgets.margins import margins
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.equivalent_commands import CLIENT_FILE, KEY_FILE, LIST_FILE, equivalent_commands
from trustdesk.services.probe_words import CERTIFICATE_WORDS, VERSION_WORDS


class CommandsDialog(PlainDialog):
    """The commands for a target, or for any probe of a diagnosis."""

    def __init__(
        self,
        parent: QWidget,
        target: Target,
        variants: Sequence[tuple[str, ProbeVariant]],
        *,
        with_identity: bool,
    ) -> None:
        """Show the lines; `variants` are the probes to choose from, by id, empty for the target as given."""
        super().__init__(
            parent,
            msg("Same test as commands"),
            msg(
                "Put your own files in place of {client}, {key} and {trust_list}.",
                client=CLIENT_FILE,
                key=KEY_FILE,
                trust_list=LIST_FILE,
            ),
            size=(820, 560),
        )
        self._target, self._with_identity = target, with_identity
        self._variants = tuple(variants)
        self.lines: list[CodeLine] = []
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(margins(0, 0, 8, 0))
        self._layout.setSpacing(6)
        if len(self._variants) > 1:
            self.choice = Combo(name=say(msg("Probe")))
            for number, variant in self._variants:
                self.choice.addItem(say(_words(number, variant)))
            self.choice.currentIndexChanged.connect(self._show)
            self.content.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._body)
        area.setAccessibleName(self.windowTitle())
        FocusRing(area)
        area.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        self.content.addWidget(area, 1)
        self._show(0)
        self.lines[0].copy_button.setFocus()

    def _show(self, place: int) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.setParent(None)
                part.deleteLater()
        self.lines = []
        variant = self._variants[place][1] if self._variants else None
        for command in equivalent_commands(self._target, variant, with_identity=self._with_identity):
            self._layout.addWidget(Text(command.tool, TypeStyle.LABEL, "text2"))
            line = CodeLine(command.line, name=command.tool, wraps=True)
            self.lines.append(line)
            self._layout.addWidget(line)
            if command.remark is not None:
                self._layout.addWidget(Text(say(command.remark), TypeStyle.SECOND_LINE, "text2", wrap=True))
        self._layout.addStretch(1)


def _words(number: str, variant: ProbeVariant) -> Message:
    return msg(
        "{id}: {version}, certificate: {certificate}",
        id=number,
        version=VERSION_WORDS[variant.versions],
        certificate=CERTIFICATE_WORDS[CertificateChoice(variant.certificate)],
    )
