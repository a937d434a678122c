"""Files that were written and read back: where they lie, what is in them, and what to know of the place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.identity import ExportedFile
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.identities.remark_line import RemarkLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text, say


class WrittenFiles(Card):
    """A block for each file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 10, 14, 12)
        self._layout.setSpacing(4)
        self.setAccessibleName(say(msg("What was written")))
        self.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that is said."""
        return tuple(self._words)

    def show_files(self, files: Sequence[ExportedFile]) -> None:
        """Say what was written."""
        while (item := self._layout.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self._words.clear()
        for file in files:
            self._add(RemarkLine(visible(file.path), icon="tick", style=TypeStyle.ROW_TITLE))
            holds = say(msg("Read back: {holds}", holds=file.holds))
            self._add(RemarkLine(holds, icon="file"))
            for warning in file.warnings:
                self._add(RemarkLine(say(warning), icon="warning", ink="warning"))
            digest = Text(f"SHA-256\n{fingerprint_text(file.sha256)}", TypeStyle.FIXED, "text2")
            digest.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            self._layout.addWidget(digest)
        self.setAccessibleDescription(" ".join(self._words))
        self.show()

    def _add(self, line: RemarkLine) -> None:
        self._words.append(line.words)
        self._layout.addWidget(line)
