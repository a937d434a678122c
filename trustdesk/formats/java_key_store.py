"""Java's own key stores, JKS and JCEKS, entry by entry.

Certificates lie open in them; a store's password only proves that nobody changed it, and each key has a
password of its own. Java's newer stores are PKCS#12 (`formats.pkcs12`).

Source: the OpenJDK's published JKS format, versions 1 and 2; strings as java.io.DataInput reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import bounded
from trustdesk.formats.der import DerError

JCEKS_MAGIC = b"\xce\xce\xce\xce"
_DIGEST_BYTES = 20
_MAX_CHAIN = 1000
_MAX_ENTRIES = 100_000
_MAX_DAMAGED = 100
_ENTRY_START = re.compile(rb"\0\0\0[\1\2\3]")
_YEAR_2200_MS = 7_258_118_400_000


class EntryKind(StrEnum):
    """What an entry of the store holds."""

    KEY = "key"
    CERTIFICATE = "certificate"
    SECRET = "secret"  # noqa: S105 - a kind, not a password


@dataclass(frozen=True, slots=True)
class StoredPart:
    """One certificate or one protected key.

    Attributes:
        data: DER of the certificate, or the EncryptedPrivateKeyInfo; b"" for SECRET.
        offset: octets from the start of the store to `data`.
        alias: of the entry that it belongs to; certificates of a key's chain have the key's.
    """

    kind: EntryKind
    data: bytes = field(repr=False)
    offset: int
    alias: str


@dataclass(slots=True)
class JavaKeyStore:
    """A store, as far as it could be read.

    Attributes:
        is_jceks: whether it is JCEKS.
        content: all that the digest is made over.
        digest: the last 20 octets; b"" when they are not there.
    """

    is_jceks: bool
    parts: list[StoredPart] = field(default_factory=list)
    content: bytes = field(default=b"", repr=False)
    digest: bytes = b""
    problems: list[Message] = field(default_factory=list)


def read_java_key_store(data: bytes) -> JavaKeyStore:
    """Read the entries of a store; what follows a damaged one is searched for the next."""
    store = JavaKeyStore(data.startswith(JCEKS_MAGIC))
    cursor = _Cursor(data, 4)
    try:
        version, count = cursor.number(4), cursor.number(4)
    except DerError:
        store.problems.append(msg("The key store is cut short."))
        return store
    if version not in {1, 2}:
        store.problems.append(msg("The key store has the unknown version {version}.", version=version))
        return store
    for number in range(1, min(count, _MAX_ENTRIES) + 1):
        start = cursor.at
        try:
            _entry(cursor, version, store)
        except DerError:
            store.problems.append(
                msg(
                    "Entry {number} of the key store is damaged, at byte {offset}.",
                    number=number,
                    offset=start,
                )
            )
            if len(store.problems) >= _MAX_DAMAGED or not _find_next(cursor, start + 4, version):
                break
    if len(data) - cursor.at == _DIGEST_BYTES:
        store.content, store.digest = data[: cursor.at], data[cursor.at :]
    elif not store.problems:
        store.problems.append(msg("The digest at the end of the key store is missing or damaged."))
    return store


class _Cursor:
    """Reads numbers and strings one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            raise DerError("the bytes end too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def text(self) -> str:
        return bounded(self.take(self.number(2)).decode("utf-8", "backslashreplace"))


def _entry(cursor: _Cursor, version: int, store: JavaKeyStore) -> None:
    kind, alias = _head(cursor)
    if kind == 1:
        size = cursor.number(4)
        at = cursor.at
        store.parts.append(StoredPart(EntryKind.KEY, cursor.take(size), at, alias))
        count = cursor.number(4)
        if count > _MAX_CHAIN:
            raise DerError("a chain that is too long")
        for _ in range(count):
            _certificate(cursor, version, alias, store)
    elif kind == 2:
        _certificate(cursor, version, alias, store)
    else:
        store.parts.append(StoredPart(EntryKind.SECRET, b"", cursor.at, alias))
        # A secret key is a Java object that only Java takes apart: go on where the next entry begins.
        if not _find_next(cursor, cursor.at, version):
            cursor.at = max(cursor.at, len(cursor.data) - _DIGEST_BYTES)


def _head(cursor: _Cursor) -> tuple[int, str]:
    """Read what every entry begins with: kind, alias, and when it was made, in milliseconds from 1970."""
    kind, alias, made = cursor.number(4), cursor.text(), cursor.number(8)
    if kind not in {1, 2, 3} or made > _YEAR_2200_MS:
        raise DerError("no entry")
    return kind, alias


def _certificate(cursor: _Cursor, version: int, alias: str, store: JavaKeyStore) -> None:
    if version == 2:
        cursor.text()
    size = cursor.number(4)
    at = cursor.at
    store.parts.append(StoredPart(EntryKind.CERTIFICATE, cursor.take(size), at, alias))


def _find_next(cursor: _Cursor, start: int, version: int) -> bool:
    """Move to the next place that reads like an entry; False, and nothing moved, when there is none."""
    for match in _ENTRY_START.finditer(cursor.data, start):
        trial = _Cursor(cursor.data, match.start())
        try:
            kind, alias = _head(trial)
            if kind == 2 and version == 2:
                trial.text()
            size = 0 if kind == 3 else trial.number(4)
            trial.take(min(size, 1))
        except DerError:
            continue
        if alias.isprintable() and alias and 0 < size + (kind == 3) <= len(cursor.data) - trial.at + 1:
            cursor.at = match.start()
            return True
    return False
