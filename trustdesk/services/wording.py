"""Messages into the person's words: the one place where sentences are rendered."""

from __future__ import annotations

import gettext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from trustdesk.core.message import Message, Parameter
from trustdesk.core.untrusted import visible
from trustdesk.storage.resources import resource_folder

DOMAIN = "trustdesk"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr", "es", "zh_CN", "ar")
"""The languages that the sentences are in; English is in the sources."""
_RIGHT_TO_LEFT = frozenset({"ar"})
_COUNTED = frozenset(
    {"bytes", "count", "done", "failed", "judged", "passed", "running", "shown", "total", "waiting", "warned"}
)
"""Places for numbers of things: they are grouped. Others name a thing, such as a port, and stay."""
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_NO_ISOLATES = str.maketrans("", "", _ISOLATE + _END_ISOLATE)
_GROUPED_FROM = 1000


class Wording:
    """Renders messages in one language.

    Every text parameter is foreign until proven otherwise: it is bounded and its invisible characters
    are escaped. The result is plain text; a face that shows markup escapes it.
    """

    def __init__(
        self, translations: gettext.NullTranslations, language: str = ENGLISH, *, isolates: bool = True
    ) -> None:
        """Make the wording of one language.

        Args:
            translations: its sentences.
            language: one of `LANGUAGES`. Where it runs from right to left, what is put into a sentence is
                isolated (UAX #9), so that a host name keeps its order and its dots.
            isolates: False leaves that to whoever shows it.
        """
        self._translations = translations
        self._language = language
        self._isolates = isolates and language in _RIGHT_TO_LEFT

    def text(self, message: Message) -> str:
        """Return the sentence in this language, plain text, one line."""
        if message.plural_id is not None and message.count is not None:
            template = self._translations.ngettext(message.id, message.plural_id, message.count)
        else:
            template = self._translations.gettext(message.id)
        return template.format(**{name: self._parameter(name, value) for name, value in message.params})

    def number(self, value: float) -> str:
        """Return a number as the language writes it (CLDR): grouped; a fraction with one digit."""
        if isinstance(value, int) and abs(value) < _GROUPED_FROM:
            return str(value)
        from babel.numbers import format_decimal  # 20 ms that English windows mostly do without

        return format_decimal(value, "#,##0" if isinstance(value, int) else "#,##0.0", self._language)

    def _parameter(self, name: str, value: Parameter | Message) -> str | int:
        match value:
            case Message():
                return self.text(value)
            case datetime():
                return self._isolated(value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"))
            case str():
                return self._isolated(visible(self._without_isolates(value)))
            case int():
                return self.number(value) if name in _COUNTED else value
            case _:
                return self.number(value)

    def _without_isolates(self, text: str) -> str:
        # A sentence that was rendered before has ours, and they would be shown as foreign ones.
        return text.translate(_NO_ISOLATES) if self._isolates else text

    def _isolated(self, text: str) -> str:
        # What is all in the language's own letters needs no isolation, and reads better without.
        if not self._isolates or not any(one.isascii() and one.isalnum() for one in text):
            return text
        return f"{_ISOLATE}{text}{_END_ISOLATE}"


class _Chosen:
    """The language of this process; None for that of the environment."""

    language: str | None = None


def choose_language(language: str | None) -> None:
    """Take a language for every sentence of this process from now on; None for the environment's.

    What was said already stays as it is: a window is made anew.
    """
    _Chosen.language = language


def chosen_language() -> str | None:
    """Return the language that `choose_language` has taken; None for the environment's."""
    return _Chosen.language


def wording(language: str | None = None) -> Wording:
    """Return the wording for a language (`de`, `pt_BR`), English where the catalogue has none.

    None takes what `choose_language` took, else the process's locale from the environment, as gettext does.
    """
    return _wording(_Chosen.language if language is None else language)


@cache
def _wording(language: str | None) -> Wording:
    folder = Path(resource_folder()) / "translations"
    languages = None if language is None else [language]
    translations = gettext.translation(DOMAIN, folder, languages, fallback=True)
    spoken = translations.info().get("language", ENGLISH)
    # A terminal has marks of direction copied with what stands between them, such as a path.
    isolates = language is not None
    return Wording(translations, spoken if spoken in LANGUAGES else ENGLISH, isolates=isolates)
