"""Saving what a dialog shows into a file that the person names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk

AskFile = Callable[[QWidget, str], Path | None]
"""Asks for a file: parent, suggested name; None when the person thinks better of it."""


def save_into(dialog: PlainDialog, bridge: Bridge, desk: Desk, file: Path, data: bytes) -> None:
    """Have the desk write a file, and say in the dialog that it is there, or why it is not."""

    def done(saved: Path) -> None:
        if dialog.is_gone:
            return
        dialog.error.hide()
        dialog.notice.say_done(say(msg("Saved as {file}.", file=str(saved))))

    def failed(error: TrustdeskError) -> None:
        if dialog.is_gone:
            return
        dialog.notice.hide()
        dialog.error.show_error(error)
        dialog.error.show()

    bridge.when_done(desk.save_file(file, data), done, failed)
