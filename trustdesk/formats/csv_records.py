"""Records of a CSV file with the lines that they stand on: a field may hold newlines.

Source: RFC 4180.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg

_MAX_FIELD = 4 * 1024 * 1024
"""Characters of one field: CCADB writes all addresses of a CA's partitioned CRLs into one."""

_MAX_COLUMNS = 1_000
_AS_IT_CAME = msg("Download the report again, and name the file as it came.")
_NO_SPREADSHEET = msg("Download the report again, and do not save it with a spreadsheet.")
_DOWNLOAD_AGAIN = msg("Download the report again: the file may have been cut off or edited.")


@dataclass(frozen=True, slots=True)
class Record:
    """One record after the header.

    Attributes:
        number: counted from 1; the header is not counted.
        line: on which it begins, counted from 1 with the header's.
    """

    number: int
    line: int
    fields: list[str]


class CsvRecords:
    """A file's header and its records, every one as long as the header.

    Attributes:
        header: names of the columns, without the space around them.
        expected: how many records there are, for progress; damage and empty lines may make it less or more.
    """

    def __init__(
        self,
        data: bytes,
        place: str,
        *,
        delimiter: str = ",",
        remedy: Message | None = None,
        any_width: bool = False,
    ) -> None:
        """Read the header.

        Args:
            remedy: what to do about a file that is damaged; None for a report that was downloaded.
            any_width: yield records that are longer or shorter than the header too.

        Raises:
            UnusableInputError: it is not UTF-8, has no header, or the header is damaged.
        """
        self._place = place
        text = _text(data, place, remedy or _NO_SPREADSHEET)
        # A field could be as long as the file; the limit is the module's own for all readers of a process.
        csv.field_size_limit(max(csv.field_size_limit(), _MAX_FIELD))
        self._remedy, self._any_width = remedy or _DOWNLOAD_AGAIN, any_width
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self.header = [name.strip() for name in self._next(0) or []]
        if not self.header or len(self.header) > _MAX_COLUMNS:
            raise UnusableInputError(
                msg("There is no line with the names of columns."),
                remedy=remedy or _AS_IT_CAME,
                place=place,
            )
        # Newlines outside of quotation marks, one of which ends the header.
        outside = "".join(text.split('"')[::2])
        self.expected = max(0, outside.count("\n") - outside.endswith("\n"))

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in their order; empty lines are none.

        Raises:
            UnusableInputError: a record is damaged, or has more or fewer fields than the header.
        """
        number, width = 0, len(self.header)
        while True:
            line = self._reader.line_num + 1
            fields = self._next(number + 1)
            if fields is None:
                return
            if not fields:
                continue
            number += 1
            if len(fields) != width and not self._any_width:
                raise UnusableInputError(
                    msg(
                        "Record {record}, on line {line}, has {fields} fields, and the header {columns}.",
                        record=number,
                        line=line,
                        fields=len(fields),
                        columns=width,
                    ),
                    remedy=self._remedy,
                    place=self._place,
                )
            yield Record(number, line, fields)

    def _next(self, number: int) -> list[str] | None:
        line = self._reader.line_num + 1
        try:
            return next(self._reader, None)
        except csv.Error:
            raise UnusableInputError(
                msg(
                    "Record {record}, which begins on line {line}, is no CSV: a quotation mark is not closed "
                    "or stands where none may be, or a field is far too long.",
                    record=number,
                    line=line,
                ),
                remedy=self._remedy,
                place=self._place,
            ) from None


def _text(data: bytes, place: str, remedy: Message) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        raise UnusableInputError(
            msg(
                "Byte {offset}, on line {line}, is no UTF-8.",
                offset=at,
                line=data.count(b"\n", 0, at) + 1,
            ),
            remedy=remedy,
            place=place,
        ) from None
