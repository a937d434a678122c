"""Tables for spreadsheets: CSV that no cell of which can do anything but be read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from trustdesk.core.untrusted import visible

Value = str | int | float | datetime | None
"""One cell; None is an empty one."""

MAX_CELL = 1000
"""Characters of one text that a cell shows."""

# Excel and LibreOffice take a cell for a formula by its first character; some versions take the
# full-width forms too, and pass over white space before them.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")

# Where the system's list separator is a semicolon, a spreadsheet cuts a comma-separated line at
# semicolons, and what follows begins a cell. It knows no quotes then that do not begin a cell: a line feed
# or a tab of a text begins a cell too.
_AFTER_SEPARATOR = re.compile(r"([;|\t\r\n][\s\"']*)([=+\-@\uff1d\uff0b\uff0d\uff20])?")


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV file (RFC 4180): CRLF, UTF-8 with a byte order mark, which spreadsheets ask for.

    Texts are bounded, their invisible characters escaped, and what a spreadsheet would take for a formula
    gets a leading apostrophe; numbers stay numbers. Instants are `YYYY-MM-DD HH:MM:SS` in UTC.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(title) for title in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _cell(value: Value) -> str | int | float:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        case str():
            return harmless_cell(value)
        case _:
            return value


def harmless_cell(text: str, limit: int = MAX_CELL) -> str:
    """Return a foreign text as one that no spreadsheet takes for a formula, bounded and visible."""
    mark = "'" if _FORMULA.match(text) else ""
    return mark + _AFTER_SEPARATOR.sub(_marked, visible(text, limit))


# What `undefused` takes away is exactly what `defused` adds, also of texts that look as if they had it.
_LEADING = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_MARKED = re.compile(r"''*\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


def defused(text: str) -> str:
    """Return a text as one that no spreadsheet takes for a formula, and `undefused` takes back whole."""
    mark = "'" if _LEADING.match(text) else ""
    return mark + _AFTER_SEPARATOR.sub(_marked, text)


def undefused(text: str) -> str:
    """Return the text that `defused` was given."""
    plain = _AFTER_SEPARATOR.sub(_unmarked, text)
    return plain[1:] if _MARKED.match(plain) else plain


def _marked(found: re.Match[str]) -> str:
    between, formula = found.groups()
    return f"{between}'{formula}" if formula else between


def _unmarked(found: re.Match[str]) -> str:
    between, formula = found.groups()
    return between.removesuffix("'") + formula if formula else between
