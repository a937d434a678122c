"""Private keys that anybody can have: the list that is shipped, looked up when a rule first asks.

What the list covers, and what it does not, `resources/published_keys/README.md` says. A key that is not on it
may be public all the same: absence proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.resources import resource_folder

LIST_FILE = "published_keys/published-keys.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """Where a private key was found.

    Attributes:
        registry: "PyPI", "Debian" or "npm".
        package: its name there.
        file: the path in the package's archive.
    """

    registry: str
    package: str
    file: str

    @property
    def origin(self) -> str:
        """The place as people read it."""
        return f"{self.registry} {self.package}, {self.file}"


class PublishedKeys(Mapping[str, str]):
    """Origins by the SHA-256 of SubjectPublicKeyInfo; the file is read at the first look-up, in 10 ms."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = Lock()
        self._origins: dict[str, str] | None = None

    def __getitem__(self, digest: str) -> str:
        return self._read()[digest]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, str]:
        with self._lock:
            if self._origins is None:
                file = self._file or resource_folder() / LIST_FILE
                keys = read_published_keys(file)
                self._origins = {digest: key.origin for digest, key in keys.items()}
            return self._origins


@cache
def published_keys() -> PublishedKeys:
    """Return the list that is shipped."""
    return PublishedKeys()


def read_published_keys(file: Path) -> dict[str, PublishedKey]:
    """Read a list: a line for each key, fields parted by tabs, sorted by digest.

    Raises:
        EnvironmentFailureError: the installation lacks the file, or it is damaged.
    """
    found: dict[str, PublishedKey] = {}
    try:
        for line in file.read_text(encoding="utf-8").splitlines():
            digest, registry, package, path = line.split("\t")
            found[digest] = PublishedKey(registry=registry, package=package, file=path)
    except (OSError, ValueError) as error:
        raise EnvironmentFailureError(
            msg("The list of published keys is missing or damaged."),
            remedy=msg("Install trustdesk again."),
            place=str(file),
        ) from error
    return found


def written(keys: Mapping[str, PublishedKey]) -> str:
    """Return a list as text, as `read_published_keys` reads it."""
    lines = (f"{digest}\t{key.registry}\t{key.package}\t{key.file}\n" for digest, key in sorted(keys.items()))
    return "".join(lines)
