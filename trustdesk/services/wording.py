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


class Wording:
    """Renders messages in one language.

    Every text parameter is foreign until proven otherwise: it is bounded and its invisible characters
    are escaped. The result is plain text; a face that shows markup escapes it.
    """

    def __init__(self, translations: gettext.NullTranslations) -> None:
        self._translations = translations

    def text(self, message: Message) -> str:
        """Return the sentence in this language, plain text, one line."""
        if message.plural_id is not None and message.count is not None:
            template = self._translations.ngettext(message.id, message.plural_id, message.count)
        else:
            template = self._translations.gettext(message.id)
        return template.format(**{name: self._parameter(value) for name, value in message.params})

    def _parameter(self, value: Parameter | Message) -> str | int | float:
        match value:
            case Message():
                return self.text(value)
            case datetime():
                return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
            case str():
                return visible(value)
            case _:
                return value


@cache
def wording(language: str | None = None) -> Wording:
    """Return the wording for a language (`de`, `pt_BR`), English where the catalogue has none.

    None takes the process's locale from the environment, as gettext does.
    """
    folder = Path(resource_folder()) / "translations"
    languages = None if language is None else [language]
    return Wording(gettext.translation(DOMAIN, folder, languages, fallback=True))
