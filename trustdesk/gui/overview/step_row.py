"""One thing to do of the renewal plan: icon, what, why, and the button that begins it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.message import msg
from trustdesk.core.renewal import RenewalStep, StepKind
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

LOOKS = {
    StepKind.ENDED: ("bad", "bad"),
    StepKind.NEAR: ("warning", "warning"),
    StepKind.BEFORE_RULE: ("clock", "accent"),
    StepKind.ANOTHER_CA: ("clock", "accent"),
}
_ICON = 16


class StepRow(QWidget):
    """The row.

    Signals:
        renew_wanted: name of the one identity that it is about.
        plan_wanted: it is about several, or about more than a renewal.
    """

    renew_wanted = Signal(str)
    plan_wanted = Signal()

    def __init__(self, step: RenewalStep, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self._icon = Text()
        title = ElidedLabel(say(step.title), TypeStyle.ROW_TITLE)
        why = ElidedLabel(say(step.why), TypeStyle.SECOND_LINE, "text2")
        is_one = step.kind in {StepKind.ENDED, StepKind.NEAR}
        self.button = Button(
            say(msg("Renew …")) if is_one else say(msg("Plan …")),
            name=say(msg("{what}: {title}", what=msg("Renew") if is_one else msg("Plan"), title=step.title)),
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(why)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(words, 1)
        layout.addWidget(self.button)
        self.button.clicked.connect(self._begin)
        current_theme().changed.connect(self._redraw)
        self._redraw()

    def _begin(self) -> None:
        if self.step.kind in {StepKind.ENDED, StepKind.NEAR}:
            self.renew_wanted.emit(self.step.identities[0])
        else:
            self.plan_wanted.emit()

    def _redraw(self) -> None:
        icon, ink = LOOKS[self.step.kind]
        color = str(getattr(current_theme().tokens, ink))
        self._icon.setPixmap(pixmap(icon, color, _ICON, self.devicePixelRatioF()))
