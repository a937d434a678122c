"""The third step where the key is made on the server: the lines to type there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.certificate_request import RequestDraft, ServerCommand
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.requests.reason import Reason
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.requests.words import REQUEST_WORDS
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.code_line import CodeLine
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

Commands = Callable[[RequestDraft], Sequence[ServerCommand]]
_MOST_LINES = 18
_LONGEST = 2000
_TOOLS = (("openssl", "OpenSSL"), ("keytool", "keytool"))


class ServerStep(StepPage):
    """For each request the files and lines of one tool, each with Copy. All of it is public.

    Signals:
        save_wanted: name and text of a file that the person wants to save.
    """

    save_wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(
            msg("Make the key on the server"),
            msg("Type these lines where the certificate will be used. The key stays there."),
        )
        self._commands: Commands | None = None
        self._drafts: tuple[RequestDraft, ...] = ()
        self.tool = Segment(_TOOLS, name=say(msg("Tool")))
        self.lines: list[CodeLine] = []
        self.files: list[PlainView] = []
        self.note = Reason()
        self.note.show_words(
            msg("Take the request in afterwards: then its case waits here for the CA's reply, as any other.")
        )
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._layout.setSpacing(6)
        self.content.addWidget(self.tool, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(self._body)
        self.content.addStretch(1)
        self.content.addWidget(self.note)
        self.tool.changed.connect(lambda _key: self._show())

    def use_commands(self, commands: Commands) -> None:
        """Take the lines from here."""
        self._commands = commands

    def show_drafts(self, drafts: Sequence[RequestDraft]) -> None:
        """Show the lines for drafts."""
        self._drafts = tuple(drafts)
        self._show()

    def focus_first(self) -> None:
        """Move the keyboard to the choice of the tool."""
        self.tool.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self.lines, self.files = [], []
        while (item := self._layout.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        if self._commands is None:
            return
        for draft in self._drafts:
            for command in self._commands(draft):
                if command.tool == self.tool.current:
                    self._add(draft, command)

    def _add(self, draft: RequestDraft, command: ServerCommand) -> None:
        if len(self._drafts) > 1:
            title = say(REQUEST_WORDS[draft.purpose])
            self._layout.addWidget(Text(title, TypeStyle.ROW_TITLE_BAD))
        for name, text in command.files:
            self._add_file(name, text)
        self._layout.addWidget(Text(say(msg("Type:")), TypeStyle.LABEL, "text2"))
        for line in command.lines:
            self._put(line, command.tool)

    def _add_file(self, name: str, text: str) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Text(say(msg("Lay {file} beside it:", file=name)), TypeStyle.LABEL, "text2"), 1)
        copy = Button(say(msg("Copy")), icon="copy", name=say(msg("Copy {file}", file=name)))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        save = Button(say(msg("Save …")), icon="export", name=say(msg("Save {file}", file=name)))
        save.clicked.connect(lambda: self.save_wanted.emit(name, text))
        row.addWidget(copy)
        row.addWidget(save)
        view = PlainView(name=name)
        lines = text.rstrip("\n").split("\n")
        view.setPlainText("\n".join(visible(line, _LONGEST) for line in lines))
        view.setLineWrapMode(PlainView.LineWrapMode.NoWrap)
        view.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        shown = min(len(lines), _MOST_LINES) + 1
        view.setFixedHeight(shown * view.fontMetrics().lineSpacing() + 20)
        self.files.append(view)
        self._layout.addWidget(head)
        self._layout.addWidget(framed(view))

    def _put(self, text: str, name: str) -> None:
        line = CodeLine(text, name=name, wraps=True)
        self.lines.append(line)
        self._layout.addWidget(line)
