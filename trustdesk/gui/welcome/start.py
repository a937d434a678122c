"""The Overview before there is anything to oversee: the first steps, or less once they were skipped."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QStackedWidget

from trustdesk.gui.overview.empty import NothingToOversee
from trustdesk.gui.welcome.first_steps import FirstSteps

_KEY, _SKIPPED = "window/first_steps", "skipped"


class Start(QStackedWidget):
    """Steps, and the empty state that takes their place.

    Signals:
        list_wanted, test_wanted, import_wanted, open_wanted, demo_wanted, self_test_wanted: ways to begin.
    """

    list_wanted = Signal()
    test_wanted = Signal()
    import_wanted = Signal()
    open_wanted = Signal()
    demo_wanted = Signal()
    self_test_wanted = Signal()

    def __init__(self, settings: QSettings | None, *, offers_demo: bool) -> None:
        """Make it; `settings` remember that the steps were skipped, None for nothing."""
        super().__init__()
        self._settings = settings
        self.steps = FirstSteps(offers_demo=offers_demo)
        self.nothing = NothingToOversee()
        self.addWidget(self.steps)
        self.addWidget(self.nothing)
        self.steps.list_wanted.connect(self.list_wanted)
        self.steps.identity_wanted.connect(self.import_wanted)
        self.steps.partner_wanted.connect(self.test_wanted)
        self.steps.open_wanted.connect(self.open_wanted)
        self.steps.demo_wanted.connect(self.demo_wanted)
        self.steps.self_test_wanted.connect(self.self_test_wanted)
        self.steps.skip_wanted.connect(self._skip)
        self.nothing.test_wanted.connect(self.test_wanted)
        self.nothing.import_wanted.connect(self.import_wanted)
        self.nothing.steps_wanted.connect(self._show_steps)
        if settings is not None and settings.value(_KEY) == _SKIPPED:
            self.setCurrentWidget(self.nothing)

    @property
    def shows_steps(self) -> bool:
        """Whether the steps are in view."""
        return self.currentWidget() is self.steps

    def focus_first(self) -> None:
        """Move the keyboard to the first way to begin."""
        if self.shows_steps:
            self.steps.focus_first()
        else:
            self.nothing.focus_first()

    def _skip(self) -> None:
        self._keep(_SKIPPED)
        self.setCurrentWidget(self.nothing)
        self.focus_first()

    def _show_steps(self) -> None:
        self._keep("")
        self.setCurrentWidget(self.steps)
        self.focus_first()

    def _keep(self, value: str) -> None:
        if self._settings is not None:
            self._settings.setValue(_KEY, value)
            self._settings.sync()
