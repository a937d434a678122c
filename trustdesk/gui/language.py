"""The window's language: what the person chose, else the desktop's; Qt's own words and direction with it."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from trustdesk.services.wording import ENGLISH, LANGUAGES, choose_language

SETTING = "window/language"
"""Where the window's settings keep the language; nothing there is "as the desktop"."""

NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "zh_CN": "简体中文",
    "ar": "العربية",
}
"""Each language by its own name: whoever looks for it may read no other."""


def set_language(app: QApplication, settings: QSettings | None) -> str:
    """Speak the language that was chosen, before the first widget is made; return which it is.

    Numbers and weekdays follow it too. A language that is not one of `LANGUAGES` counts as none chosen.
    """
    chosen = "" if settings is None else str(settings.value(SETTING, ""))
    language = chosen if chosen in LANGUAGES else desktop_language(QLocale.system().uiLanguages())
    choose_language(language)
    locale = QLocale(language) if chosen in LANGUAGES else QLocale.system()
    if locale.language() is not QLocale(language).language():
        # A desktop in a language that we do not speak: its numbers beside English words would mislead.
        locale = QLocale(language)
    if locale.textDirection() is Qt.LayoutDirection.RightToLeft:
        # Port numbers, serials and dates stand in Western digits everywhere; so do counts beside them.
        locale = QLocale(QLocale.Language.Arabic, QLocale.Country.UnitedArabEmirates)
    QLocale.setDefault(locale)
    app.setLayoutDirection(locale.textDirection())
    _translate_qt(app, language)
    return language


def desktop_language(wanted: list[str]) -> str:
    """Return the first language of a desktop's list (`de-AT`, `zh-Hans-CN`) that we speak, else English."""
    for tag in wanted:
        parts = tag.replace("_", "-").split("-")
        if parts[0] == "zh":
            # Traditional characters are another script: better the next language than the simplified ones.
            if not {"Hant", "TW", "HK", "MO"} & set(parts):
                return "zh_CN"
            continue
        if parts[0] in LANGUAGES:
            return parts[0]
    return ENGLISH


def _translate_qt(app: QApplication, language: str) -> None:
    """Load Qt's own words, such as the buttons of its dialogs and the menus of its fields."""
    for before in app.findChildren(QTranslator):
        app.removeTranslator(before)
        before.deleteLater()
    if language == ENGLISH:
        return
    translator = QTranslator(app)
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
