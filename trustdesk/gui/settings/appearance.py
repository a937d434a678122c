"""How the window looks and speaks."""

from __future__ import annotations

from PySide6.QtCore import Signal

from trustdesk.core.message import msg
from trustdesk.gui.language import NAMES
from trustdesk.gui.settings.rows import SettingRow, TickRow
from trustdesk.gui.settings.section import Section
from trustdesk.gui.settings.window_choices import WindowChoices
from trustdesk.gui.theme.comfort import current_comfort
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.words import say


class AppearanceSection(Section):
    """Theme, language, rows, motion.

    Signals:
        mode_chosen: the ThemeMode that the person wants.
        restart_wanted: the person wants the window to start anew.
        steps_wanted: the person wants to see the first steps.
    """

    mode_chosen = Signal(object)
    restart_wanted = Signal()
    steps_wanted = Signal()

    def __init__(self, choices: WindowChoices) -> None:
        super().__init__(
            msg("Appearance"),
            msg("Holds for this window on this computer, at once.")
            if choices.is_kept
            else msg("Holds until this window is closed: the demo keeps nothing."),
        )
        self._choices = choices
        self.theme = Segment(
            [
                (ThemeMode.SYSTEM.value, say(msg("As the system"))),
                (ThemeMode.LIGHT.value, say(msg("Light"))),
                (ThemeMode.DARK.value, say(msg("Dark"))),
            ],
            name=say(msg("Theme")),
        )
        self.theme.set_current(current_theme().mode.value)
        self.theme.changed.connect(self._choose_theme)
        self.language = Combo(name=say(msg("Language")))
        self.language.addItem(say(msg("As the system")), "")
        for code, name in NAMES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(choices.language)))
        self.language.setEnabled(choices.is_kept)
        self.language.activated.connect(self._choose_language)
        self.restart_button = Button(say(msg("Restart the window")), icon="refresh")
        self.restart_button.setAutoDefault(False)
        self.restart_button.clicked.connect(self.restart_wanted)
        self.restart = SettingRow(
            msg("The language changes with the next start"),
            msg("What runs is cancelled; what was found so far is kept."),
            self.restart_button,
        )
        self.restart_button.setAccessibleName(self.restart_button.text())
        self.compact = TickRow(
            msg("Compact rows"),
            msg("More rows fit into tables and trees; the words stay as large as they are."),
        )
        self.compact.tick.setChecked(current_comfort().is_compact)
        self.compact.chosen.connect(lambda wanted: choices.choose_comfort(is_compact=wanted))
        self.motion = TickRow(
            msg("No motion"), msg("Nothing turns or slides; what runs is still said in words.")
        )
        self.motion.tick.setChecked(not current_comfort().has_motion)
        self.motion.chosen.connect(lambda wanted: choices.choose_comfort(has_motion=not wanted))
        self.add_rows(
            [
                SettingRow(
                    msg("Theme"), msg("Light or dark, or whatever the desktop says at the time."), self.theme
                ),
                SettingRow(
                    msg("Language"),
                    msg("Of all words, numbers and weekdays; technical terms stay as they are."),
                    self.language,
                ),
            ]
        )
        self._restart = self.add_rows([self.restart])
        self.add_rows([self.compact, self.motion], title=msg("Comfort"))
        self.steps_button = Button(say(msg("First steps")))
        self.steps_button.setAutoDefault(False)
        self.steps_button.clicked.connect(self.steps_wanted)
        steps = SettingRow(
            msg("First steps"), msg("A list, an identity, a partner: shown once more."), self.steps_button
        )
        self.add_rows([steps])
        self.finish()
        self._restart.setVisible(choices.needs_restart)

    def _choose_theme(self, key: str) -> None:
        mode = ThemeMode(key)
        self._choices.keep_theme(mode.value)
        self.mode_chosen.emit(mode)

    def _choose_language(self, place: int) -> None:
        self._choices.keep_language(str(self.language.itemData(place)))
        self._restart.setVisible(self._choices.needs_restart)
