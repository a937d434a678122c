"""The dialog on a mistake of ours: what is known, what can be done, and the report as it would be sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_MOST = 20
"""Reports that one dialog takes; a mistake that comes again and again says nothing new."""


class CrashDialog(PlainDialog):
    """The dialog; further mistakes are added to the one that is open.

    Signals:
        close_wanted: the person wants trustdesk to end.

    Attributes:
        view: the report.
        ask_file: asks where it goes; a test answers in its place.
    """

    close_wanted = Signal()

    def __init__(self, parent: QWidget, report: str) -> None:
        super().__init__(
            parent,
            msg("Something went wrong in trustdesk"),
            msg(
                "This is a mistake of the program. What was under way may not have been done; what was kept"
                " before is kept."
            ),
            size=(760, 560),
        )
        self._reports = [report]
        self.ask_file: Callable[[QWidget], Path | None] = _ask_file
        self.view = PlainView(name=say(msg("Report")))
        words = msg(
            "The report below has key material and tokens taken out. It is sent nowhere: read it, and send it"
            " to those who look after trustdesk."
        )
        self.content.addWidget(Text(say(words), ink="text2", wrap=True))
        self.content.addWidget(framed(self.view), 1)
        self._count = Text(style=TypeStyle.SECOND_LINE, ink="text2")
        self.content.addWidget(self._count)
        self.copy_button = self.add_button(
            Button(say(msg("Copy")), icon="copy", name=say(msg("Copy the report")))
        )
        self.save_button = self.add_button(Button(say(msg("Save …")), icon="export"))
        self.end_button = self.add_button(Button(say(msg("Close trustdesk"))))
        self.copy_button.clicked.connect(self._copy)
        self.save_button.clicked.connect(self._save)
        self.end_button.clicked.connect(self.close_wanted)
        self.close_button.show_as(say(msg("Go on")), key=say(msg("Esc")))
        self.close_button.set_kind(ButtonKind.PRIMARY)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    @property
    def text(self) -> str:
        """All reports, one below the other."""
        return "\n\n".join(self._reports)

    def add(self, report: str) -> None:
        """Take another mistake in, while there is room."""
        if len(self._reports) < _MOST:
            self._reports.append(report)
            self._show()

    def _show(self) -> None:
        self.view.setPlainText(self.text)
        count = len(self._reports)
        self._count.setVisible(count > 1)
        self._count.setText(say(msg("{count} reports, one below the other.", count=count)))

    def _copy(self) -> None:
        self.view.copy_all()
        self.notice.say_done(say(msg("The report is on the clipboard.")))

    def _save(self) -> None:
        file = self.ask_file(self)
        if file is None:
            return
        try:
            file.write_text(self.text + "\n", encoding="utf-8")
        except OSError as error:
            self.notice.say_done(say(msg("Not saved: {reason}", reason=str(error))))
            return
        self.notice.say_done(say(msg("The report is in {file}.", file=str(file))))


class CrashTeller:
    """Shows reports of a window's mistakes in one dialog; never a second one over the first.

    Attributes:
        dialog: what is open; None while none is.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._is_ended = False
        self.dialog: CrashDialog | None = None

    def tell(self, report: str) -> None:
        """Show a report; on the GUI thread. What goes wrong in here ends the telling, lest it goes on."""
        if self._is_ended:
            return
        self._is_ended = True
        if self.dialog is not None:
            self.dialog.add(report)
        else:
            self.dialog = CrashDialog(self._window, report)
            self.dialog.close_wanted.connect(self._close)
            self.dialog.finished.connect(self._forget)
            self.dialog.open()
        self._is_ended = False

    def _forget(self) -> None:
        self.dialog = None

    def _close(self) -> None:
        self._is_ended = True
        self._window.close()


def _ask_file(parent: QWidget) -> Path | None:
    name, _kind = QFileDialog.getSaveFileName(parent, say(msg("Save the report")), "trustdesk-crash.txt")
    return Path(name) if name else None
