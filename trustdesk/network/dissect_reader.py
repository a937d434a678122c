"""Reading the presentation language of TLS, and collecting what was read for the field view.

Source: RFC 8446 3.
"""

from __future__ import annotations

from collections.abc import Iterable

from trustdesk.core.untrusted import bounded

MAX_FIELDS = 60
MAX_FIELD_LENGTH = 500


class DissectError(Exception):
    """A message is not built as its RFC says; the argument says what, in technical words."""


class Reader:
    """Reads one byte string from front to end; never beyond its end."""

    __slots__ = ("_data", "_length", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._length = len(data)
        self._position = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return self._length - self._position

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes.

        Raises:
            DissectError: there are fewer.
        """
        start = self._position
        end = start + length
        if end > self._length:
            raise DissectError(f"{length} bytes expected, {self.left} left")
        self._position = end
        return self._data[start:end]

    def number(self, length: int) -> int:
        """Return the next `length` bytes as unsigned number (uint8, uint16, uint24, uint32)."""
        return int.from_bytes(self.take(length), "big")

    def vector(self, length_bytes: int) -> bytes:
        """Return the content of a vector whose length stands before it in `length_bytes` bytes."""
        # As `take(number(length_bytes))`; a handshake has some sixty of them.
        start = self._position + length_bytes
        if start > self._length:
            raise DissectError(f"{length_bytes} bytes expected, {self.left} left")
        end = start + int.from_bytes(self._data[self._position : start], "big")
        self._position = start
        if end > self._length:
            raise DissectError(f"{end - start} bytes expected, {self.left} left")
        self._position = end
        return self._data[start:end]

    def numbers(self, length_bytes: int, each: int) -> list[int]:
        """Return a vector of unsigned numbers of `each` bytes."""
        data = self.vector(length_bytes)
        if len(data) % each:
            raise DissectError(f"vector of {len(data)} bytes is no list of {each}-byte numbers")
        return [int.from_bytes(data[i : i + each], "big") for i in range(0, len(data), each)]

    def end(self) -> None:
        """Check that nothing is left.

        Raises:
            DissectError: something is.
        """
        if self.left:
            raise DissectError(f"{self.left} bytes too many")


class Fields:
    """Names and values in the order to show, at most 60 of at most 500 characters each."""

    def __init__(self) -> None:
        self._fields: list[tuple[str, str]] = []

    def add(self, name: str, value: str) -> None:
        """Add one value; cut when it is too long, dropped when the fields are full."""
        if len(self._fields) < MAX_FIELDS:
            self._fields.append((name, bounded(value, MAX_FIELD_LENGTH)))

    def extend(self, fields: Iterable[tuple[str, str]]) -> None:
        """Add fields of another collection as they are, dropped when these are full."""
        self._fields.extend(fields)
        del self._fields[MAX_FIELDS:]

    def add_list(self, name: str, values: Iterable[str]) -> None:
        """Add values with commas between; a list too long for one field goes on in the next of that name."""
        line = ""
        for value in values:
            if len(self._fields) >= MAX_FIELDS:
                return
            if line and len(line) + 2 + len(value) > MAX_FIELD_LENGTH:
                self.add(name, line)
                line = value
            else:
                line = f"{line}, {value}" if line else value
        if line:
            self.add(name, line)

    def all(self) -> tuple[tuple[str, str], ...]:
        """Return the fields."""
        return tuple(self._fields)


def text_of(data: bytes) -> str:
    r"""Return a peer's bytes as text that loses nothing: ASCII as it is, other bytes as `\xNN`."""
    return data.decode("ascii", "backslashreplace")
