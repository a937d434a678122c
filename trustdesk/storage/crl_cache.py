"""CRLs that were downloaded, kept on disk by the digest of their bytes and found again by their address.

Each is a file of its own, written beside and then renamed, so that it is there whole or not at all; a note
for each address says which. What is found is hashed again before it is used. Nobody else may read the
folder: it tells whose certificates a desk looks at.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trustdesk.storage.atomic_file import write_atomically
from trustdesk.storage.failures import file_failure

MAX_BYTES = 256 << 20
"""Bytes of all lists together; the longest unused go first."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCrl:
    """A list in the cache.

    Attributes:
        path: of the file with its bytes, as they came.
        sha256: of these bytes, lower-case hex.
        fetched_at: when they came.
    """

    url: str
    path: Path
    sha256: str
    fetched_at: datetime


class Incoming:
    """A list on its way into the cache."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._hash = hashlib.sha256()
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        self._file = os.fdopen(os.open(path, flags, 0o600), "wb")

    @property
    def sha256(self) -> str:
        """Digest of what was written so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._hash.update(data)
        self._file.write(data)

    def close(self) -> None:
        """Let everything reach the disk."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()


class CrlCache:
    """One folder of lists; several programs may use it at the same time."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        """Name the folder; it is made when the first list comes."""
        self._folder = folder
        self._max_bytes = max_bytes

    def find(self, url: str) -> KeptCrl | None:
        """Return the list last kept for an address; None without one, and for one that was tampered with."""
        try:
            note = json.loads(self._note(url).read_text("utf-8"))
            kept = KeptCrl(
                url=url,
                path=self._file(note["sha256"]),
                sha256=note["sha256"],
                fetched_at=datetime.fromisoformat(note["fetched_at"]),
            )
            if note["url"] != url or kept.fetched_at.tzinfo is None or _digest(kept.path) != kept.sha256:
                return None
            os.utime(self._note(url))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept

    @contextlib.contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """Open a file for a list that comes; it is gone after the block unless it was kept.

        Raises:
            EnvironmentFailureError: the folder cannot be made or written, or the disk is full.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            incoming = Incoming(self._folder / f".{secrets.token_hex(8)}.part")
        except OSError as error:
            raise file_failure(error, str(self._folder)) from error
        try:
            yield incoming
        except OSError as error:
            raise file_failure(error, str(self._folder)) from error
        finally:
            with contextlib.suppress(OSError):
                incoming.close()
            incoming.path.unlink(missing_ok=True)

    def place(self, incoming: Incoming) -> Path:
        """Put what came under its digest, and return where that is; no address leads to it yet.

        It can be opened there, and found to be no list, before `keep` lets it take another one's place.

        Raises:
            EnvironmentFailureError: it cannot be written.
        """
        try:
            incoming.close()
            path = self._file(incoming.sha256)
            incoming.path.replace(path)
        except OSError as error:
            raise file_failure(error, str(self._folder)) from error
        return path

    def keep(self, url: str, sha256: str, fetched_at: datetime) -> KeptCrl:
        """Let an address lead to a list that was placed; forget the longest unused beyond the limit.

        Raises:
            EnvironmentFailureError: it cannot be written.
        """
        path, at = self._file(sha256), fetched_at.astimezone(UTC)
        note = {"url": url, "sha256": sha256, "fetched_at": at.isoformat()}
        write_atomically(self._note(url), json.dumps(note).encode())
        self._prune(path)
        return KeptCrl(url=url, path=path, sha256=sha256, fetched_at=at)

    def _prune(self, newest: Path) -> None:
        """Drop notes from the longest unused on until what the rest names fits, and files that none names."""
        notes = sorted(self._folder.glob("*.json"), key=_changed, reverse=True)
        wanted = {newest.name}
        size = _size(newest)
        for note in notes:
            name = _named(note)
            if name in wanted:
                continue
            size += _size(self._folder / name) if name is not None else 0
            if name is None or size > self._max_bytes:
                note.unlink(missing_ok=True)
            else:
                wanted.add(name)
        for file in self._folder.glob("*.crl"):
            if file.name not in wanted:
                # On Windows a list that is open somewhere stays until the next time.
                with contextlib.suppress(OSError):
                    file.unlink(missing_ok=True)

    def _note(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"

    def _file(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("no digest")
        return self._folder / f"{sha256}.crl"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _named(note: Path) -> str | None:
    """Return the name of the file that a note names; None when it cannot be read."""
    try:
        return f"{json.loads(note.read_text('utf-8'))['sha256']}.crl"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
