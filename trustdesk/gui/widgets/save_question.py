"""The question where to save a file; nothing is replaced that the person was not asked about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from trustdesk.core.message import Message, msg
from trustdesk.gui.words import say

_SAVE = msg("Save")
_ALL_FILES = msg("All files {patterns}", patterns="(*)")


def ask_file(
    parent: QWidget, name: str, *, title: Message = _SAVE, kinds: Mapping[str, Message] | None = None
) -> Path | None:
    """Ask where to write to; None when the person thinks better of it.

    Args:
        name: the suggested one; its ending is added where the person gives none.
        title: of the dialog.
        kinds: the endings to choose from, with what each means, the ending of `name` first; no file has
            another one then. None for whichever the person likes.
    """
    ending = Path(name).suffix
    filters = {f"{say(words)} (*{one})": one for one, words in (kinds or {}).items()}
    dialog = QFileDialog(parent, say(title))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters) or [f"*{ending}", say(_ALL_FILES)])
    # Added before the dialog asks about a file that is there, and not after.
    dialog.setDefaultSuffix(ending)
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters.get(chosen, ending)))
    dialog.selectFile(name)
    try:
        return _answer(dialog, kinds)
    finally:
        dialog.deleteLater()


def _answer(dialog: QFileDialog, kinds: Mapping[str, Message] | None) -> Path | None:
    while dialog.exec():
        file = Path(dialog.selectedFiles()[0])
        is_whole = bool(file.suffix) if kinds is None else file.suffix.lower() in kinds
        if is_whole or not dialog.defaultSuffix():
            return file
        whole = file.with_name(f"{file.name}.{dialog.defaultSuffix()}")
        if not whole.exists():
            return whole
        # The dialog asked about another name; it has to ask about this one.
        dialog.selectFile(str(whole))
    return None
