"""Cutting a byte stream into TLS records.

Source: RFC 8446 5.1 and 5.2, RFC 5246 6.2.
"""

from __future__ import annotations

from enum import IntEnum

RECORD_HEADER = 5
"""Bytes before a record's payload: content type, legacy version, length."""

MAX_PAYLOAD = 2**14 + 2048
"""Longest payload of any version: RFC 5246 6.2.3 allows 2048 bytes over the plaintext, RFC 8446 5.2 256."""

_KEPT_FOR_CLASSIFYING = 4096


class ContentType(IntEnum):
    """What a record carries (IANA registry "TLS ContentType")."""

    CHANGE_CIPHER_SPEC = 20
    ALERT = 21
    HANDSHAKE = 22
    APPLICATION_DATA = 23
    HEARTBEAT = 24


class NotTlsError(Exception):
    """The stream is not made of TLS records.

    Attributes:
        first_bytes: what stands where a record should begin, at most 4096 bytes, so that plain text
            (HTTP, SSH, SMTP …) can be told.
        records: whole records that came before it in the same call of `feed`.
    """

    def __init__(self, first_bytes: bytes, records: tuple[bytes, ...] = ()) -> None:
        super().__init__("not a TLS record")
        self.first_bytes = first_bytes
        self.records = records


class RecordCutter:
    """Cuts one direction's bytes into whole records and keeps the unfinished tail (at most one record)."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def pending(self) -> bytes:
        """The bytes of a record that is not complete yet, or of what is no record; empty between records."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Return the records that `data` completes, in order, each with its header of five bytes.

        A wrong first byte is told at once, without waiting for a whole header. After the error every
        further call raises it again, with the bytes that came since.

        Raises:
            NotTlsError: content type not 20 to 24, major version not 3, or a length that no version allows.
        """
        buffer = self._buffer
        buffer += data
        records: list[bytes] = []
        start = 0
        while start < len(buffer):
            if not _may_begin_record(buffer, start):
                del buffer[:start]
                del buffer[_KEPT_FOR_CLASSIFYING:]
                raise NotTlsError(bytes(buffer), tuple(records))
            end = start + RECORD_HEADER + int.from_bytes(buffer[start + 3 : start + RECORD_HEADER], "big")
            if len(buffer) - start < RECORD_HEADER or len(buffer) < end:
                break
            records.append(bytes(buffer[start:end]))
            start = end
        del buffer[:start]
        return records


def _may_begin_record(buffer: bytearray, start: int) -> bool:
    """Whether the bytes from `start` on, as far as they are there, fit a record header."""
    if not ContentType.CHANGE_CIPHER_SPEC <= buffer[start] <= ContentType.HEARTBEAT:
        return False
    header = buffer[start : start + RECORD_HEADER]
    if len(header) > 1 and header[1] != 3:
        return False
    return len(header) < RECORD_HEADER or int.from_bytes(header[3:], "big") <= MAX_PAYLOAD
