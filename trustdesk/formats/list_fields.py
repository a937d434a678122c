"""Fields of a JSON document that a schema has checked, as values: what is left out is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg

E = TypeVar("E", bound=StrEnum)

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def instant_of(text: str) -> datetime | None:
    """Return an RFC 3339 date and time in UTC; None for anything else, and for a leap second."""
    if _INSTANT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def instant_text(at: datetime) -> str:
    """Return an instant as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a document.

    Attributes:
        values: as they were read.
        path: where it stands, "entries[3].distrust"; "" for the document itself.
        place: the file, for errors.
    """

    values: Mapping[str, object]
    path: str
    place: str

    def text(self, name: str) -> str:
        """Return a text; "" for none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(value for value in self._list(name) if isinstance(value, str))

    def number(self, name: str) -> int | None:
        """Return a whole number; None for none.

        Raises:
            UnusableInputError: it is written as a fraction.
        """
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(name, msg("a whole number is expected"))
        return value

    def instant(self, name: str) -> datetime | None:
        """Return an instant; None for none.

        Raises:
            UnusableInputError: it is none.
        """
        value = self.values.get(name)
        if value is None:
            return None
        found = instant_of(value) if isinstance(value, str) else None
        if found is None:
            raise self.error(name, msg("a date and time with its zone is expected (RFC 3339)"))
        return found

    def choice(self, name: str, kind: type[E], default: E) -> E:
        """Return one of the values of an enum; `default` where there is none."""
        value = self.values.get(name)
        return kind(value) if isinstance(value, str) else default

    def part(self, name: str) -> Fields:
        """Return the object inside it; an empty one where there is none."""
        value = self.values.get(name)
        return Fields(value if isinstance(value, dict) else {}, self._path(name), self.place)

    def parts(self, name: str) -> tuple[Fields, ...]:
        """Return the list of objects inside it."""
        return tuple(
            Fields(value, f"{self._path(name)}[{number}]", self.place)
            for number, value in enumerate(self._list(name))
            if isinstance(value, dict)
        )

    def error(self, name: str, detail: Message) -> UnusableInputError:
        """Make the error of one field."""
        return field_error(self._path(name), detail, self.place)

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        return value if isinstance(value, list) else []

    def _path(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def field_error(path: str, detail: Message, place: str) -> UnusableInputError:
    """Make the error of the field at a path."""
    return UnusableInputError(
        msg("The list is not in the form that it says: at {path}, {detail}.", path=path, detail=detail),
        remedy=msg("Tell whoever publishes the list; its form is described by trust-list.schema.json."),
        place=place,
    )
