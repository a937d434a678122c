"""The first steps once more, for whoever asks for them later."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg
from trustdesk.gui.welcome.first_steps import FirstSteps
from trustdesk.gui.widgets.plain_dialog import PlainDialog


class FirstStepsDialog(PlainDialog):
    """The steps over the window; taking one closes it.

    Attributes:
        steps: the cards.
    """

    def __init__(self, parent: QWidget, *, offers_demo: bool) -> None:
        super().__init__(
            parent,
            msg("First steps"),
            msg("In any order, and each only if you need it."),
            size=(900, 620),
        )
        self.steps = FirstSteps(offers_demo=offers_demo, skips=False, draws=False)
        self.content.addWidget(self.steps, 1)
        steps = self.steps
        for taken in (
            steps.list_wanted,
            steps.identity_wanted,
            steps.partner_wanted,
            steps.open_wanted,
            steps.demo_wanted,
            steps.self_test_wanted,
        ):
            taken.connect(self.accept)
