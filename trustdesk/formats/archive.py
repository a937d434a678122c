"""ZIP archives from strangers: members one by one, within limits, and nothing unpacked to disk.

Only stored and deflated members are read: other methods may ask for gigabytes of memory before the first
octet comes out.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from trustdesk.core.inspection import ReadingLimits
from trustdesk.core.message import Message, msg

_END_OF_DIRECTORY = b"PK\x05\x06"
_END_BYTES = 22
_ENTRY_BYTES = 46 + 1024
_FLAG_ENCRYPTED = 1
_LEAST_ALLOWED = 64 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes:
        name: as the archive has it; never used as a path.
        data: None when it was not unpacked.
        problem: why not.
    """

    name: str
    data: bytes | None = field(repr=False)
    problem: Message | None = None


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP file does."""
    return data.startswith((b"PK\x03\x04", _END_OF_DIRECTORY))


def members(data: bytes, limits: ReadingLimits, allowance: int) -> Iterator[Member]:
    """Yield the files in the order of the directory; the first that breaks a limit is the last.

    Args:
        allowance: octets that may be unpacked in all.
    """
    refusal = _refusal(data, limits)
    if refusal is not None:
        yield Member("", None, refusal)
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, IndexError):
        yield Member("", None, msg("The archive is damaged."))
        return
    for entry in entries:
        member = _unpacked(archive, entry, limits, allowance)
        yield member
        allowance -= len(member.data or b"")


def _refusal(data: bytes, limits: ReadingLimits) -> Message | None:
    """Look at the end record before zipfile reads a directory that may be of any size."""
    at = len(data) - _END_BYTES
    if at < 0 or not (data.startswith(_END_OF_DIRECTORY, at) and data.endswith(b"\0\0")):
        at = data.rfind(_END_OF_DIRECTORY, max(0, len(data) - _END_BYTES - 65_535))
    if at < 0 or len(data) - at < _END_BYTES:
        return msg("The archive is cut short: its directory is missing.")
    count, size = struct.unpack_from("<HI", data, at + 10)
    if size > limits.members * _ENTRY_BYTES or count > limits.members:
        return msg("The archive has more than {limit} members.", limit=limits.members)
    return None


def _unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ReadingLimits, allowance: int
) -> Member:
    name = entry.filename
    if entry.flag_bits & _FLAG_ENCRYPTED:
        return Member(name, None, msg("The member is protected by the archive's password: unpack it first."))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return Member(name, None, msg("The member is packed in an unusual way: unpack it first."))
    most = min(allowance, max(_LEAST_ALLOWED, entry.compress_size * limits.ratio))
    try:
        with archive.open(entry) as stream:
            data = stream.read(most + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        struct.error,
        IndexError,
    ):
        return Member(name, None, msg("The member is damaged."))
    if len(data) > most:
        return Member(name, None, msg("The member unpacks to more than is read here."))
    return Member(name, data)
