"""The certificates of a path, read out when somebody looks at them: for thousands of paths at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from trustdesk.core.certificate import CertificateFacts


class CertificatePath(Sequence[CertificateFacts]):
    """Certificates in order, end entity first; the same as a tuple of them, but for what it takes to make."""

    __slots__ = ("_facts", "_read", "steps")

    def __init__(
        self, steps: tuple[tuple[str, bytes], ...], read: Callable[[bytes], CertificateFacts]
    ) -> None:
        """Take what it is made of.

        Args:
            steps: SHA-256 digest and DER of each certificate.
            read: reads a certificate out.
        """
        self.steps = steps
        self._read = read
        self._facts: dict[int, CertificateFacts] = {}

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of each certificate; nothing is read for them."""
        return tuple(digest for digest, _ in self.steps)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.steps)

    @overload
    def __getitem__(self, place: int) -> CertificateFacts: ...

    @overload
    def __getitem__(self, place: slice) -> CertificatePath: ...

    def __getitem__(self, place: int | slice) -> CertificateFacts | CertificatePath:
        """Return one, or some."""
        if isinstance(place, slice):
            return CertificatePath(self.steps[place], self._read)
        place = range(len(self.steps))[place]
        found = self._facts.get(place)
        if found is None:
            found = self._facts[place] = self._read(self.steps[place][1])
        return found

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same certificates; a tuple of facts may be compared too."""
        if isinstance(other, CertificatePath):
            return self.steps == other.steps
        return isinstance(other, tuple) and tuple(self) == other

    def __hash__(self) -> int:
        """Return the hash of its digests."""
        return hash(self.digests)

    def __repr__(self) -> str:
        """Return its digests."""
        return f"CertificatePath({', '.join(self.digests)})"


def _unread(_der: bytes) -> CertificateFacts:
    raise AssertionError("an empty path holds nothing to read")


NO_PATH = CertificatePath((), _unread)


def digests_of(path: Sequence[CertificateFacts]) -> tuple[str, ...]:
    """Return the SHA-256 of each certificate, without reading any that was not read."""
    return path.digests if isinstance(path, CertificatePath) else tuple(one.sha256 for one in path)
