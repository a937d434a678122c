"""What a trust list is read from, whose signature counts, and how much of it there may be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]
"""Is told how many entries are read, and of how many; may raise CancelledByPersonError."""

MAX_LIST_BYTES = 256 * 1024 * 1024
"""Of one file, or of all files of a folder together: CCADB's whole report is under 60 MB."""

MAX_ENTRIES = 200_000
"""Of one list."""

PROGRESS_STEP = 100
"""Entries between two words of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBytes:
    """One file, or a folder's files.

    Attributes:
        place: what errors call it: a file's name, a folder's name, a URL.
        data: of the file; b"" for a folder.
        files: of a folder, in any order: `place` is the name inside the folder; None for a file.
        signature: a detached signature that lies beside the file (`list.json.jws`); None for none.
    """

    place: str
    data: bytes = field(default=b"", repr=False)
    files: tuple[ListBytes, ...] | None = None
    signature: bytes | None = field(default=None, repr=False)

    @property
    def ordered_files(self) -> tuple[ListBytes, ...]:
        """The folder's files in the order of their names; the file alone where it is no folder."""
        return (self,) if self.files is None else tuple(sorted(self.files, key=lambda file: file.place))

    @property
    def sha256(self) -> str:
        """Digest as `core.trust_version.ListSource` has it; a detached signature is no part of it."""
        if self.files is None:
            return hashlib.sha256(self.data).hexdigest()
        digests = (hashlib.sha256(file.data).digest() for file in self.ordered_files)
        return hashlib.sha256(b"".join(digests)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSigner:
    """A signer that a person named, or has pinned for the list.

    Attributes:
        sha256: of the signer's certificate or of its SubjectPublicKeyInfo, lower-case hex.
        is_pinned: whether it is the pin of the list, not only named for this once.
        key: DER of a certificate or of a SubjectPublicKeyInfo, for signatures that bring no certificate;
            None where only the digest is known.
    """

    sha256: str
    is_pinned: bool = False
    key: bytes | None = None
