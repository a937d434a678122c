"""Candidate paths: every way from the server's certificate to an anchor, whatever is wrong on it.

The verifier (`verify.verifier`) says whether a path is valid, and stops at its first reason. This search
says which path there is at all, so that the rules can name everything that is wrong with it. Names are
compared octet by octet, signatures are checked, and nothing else.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from trustdesk.core.certificate import CertificateFacts
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import is_issued_by, load, raw_names

_LIBRARY_ERRORS = (x509.DuplicateExtension, x509.UnsupportedGeneralNameType, UnsupportedAlgorithm)

MAX_SIGNATURE_CHECKS = 100
MAX_STEPS = 2000
MAX_PATHS = 32
MAX_LENGTH = 12


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One certificate of a path.

    Attributes:
        certificate: the library's own; None when it refuses the bytes.
        issuer: raw DER of the issuer's name; None when there is none to be read.
        subject: likewise.
    """

    facts: CertificateFacts
    certificate: x509.Certificate | None = field(repr=False)
    issuer: bytes | None = field(repr=False)
    subject: bytes | None = field(repr=False)

    @property
    def is_self_issued(self) -> bool:
        """Whether issuer and subject are the same name (RFC 5280 3.2)."""
        return self.subject is not None and self.subject == self.issuer

    def extensions(self) -> tuple[x509.Extension[x509.ExtensionType], ...]:
        """Decode all extensions; empty when the library refuses one of them."""
        if self.certificate is None:
            return ()
        try:
            with warnings.catch_warnings():
                # Names in extensions warn of attributes longer than they may be.
                warnings.filterwarnings("ignore", category=UserWarning)
                return tuple(self.certificate.extensions)
        except (ValueError, TypeError, *_LIBRARY_ERRORS):
            return ()


Path = tuple[Link, ...]


def link_of(facts: CertificateFacts) -> Link:
    """Return a certificate as a link of paths."""
    names = raw_names(facts.der)
    return Link(facts, load(facts.der), names[0] if names else None, names[1] if names else None)


def read_link(der: bytes) -> Link:
    """Read a certificate, whatever is wrong with it, as a link of paths."""
    return link_of(read_certificate(der))


def by_subject(anchors: Iterable[Link]) -> dict[bytes, list[Link]]:
    """Index anchors by the raw name of their subject."""
    index: dict[bytes, list[Link]] = defaultdict(list)
    for anchor in anchors:
        if anchor.subject is not None:
            index[anchor.subject].append(anchor)
    return index


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found.

    Attributes:
        anchored: paths from the end entity to an anchor, both included; at most `MAX_PATHS`.
        dead_end: the longest path through what was presented, without an anchor; at least the end entity.
    """

    anchored: tuple[Path, ...]
    dead_end: Path


@dataclass(slots=True)
class Signatures:
    """Who signed what, each pair checked once; up to a limit of checks, and of steps of a search, in all.

    Certificates that all sign each other make more paths than there is time for.
    """

    checked: dict[tuple[str, str], bool] = field(default_factory=dict)
    steps: int = 0
    gave_up: bool = False

    def step(self) -> bool:
        """Count one step; False when there were too many."""
        self.steps += 1
        self.gave_up = self.gave_up or self.steps > MAX_STEPS
        return self.steps <= MAX_STEPS

    def chain(self, child: Link, issuer: Link) -> bool:
        """Whether `issuer`'s key made the signature of `child`."""
        if child.certificate is None or issuer.certificate is None:
            return False
        pair = (child.facts.sha256, issuer.facts.sha256)
        if pair not in self.checked:
            if len(self.checked) >= MAX_SIGNATURE_CHECKS:
                self.gave_up = True
                return False
            self.checked[pair] = is_issued_by(child.certificate, issuer.certificate)
        return self.checked[pair]


def search(
    presented: Sequence[Link], anchors: Mapping[bytes, Sequence[Link]], signatures: Signatures
) -> Search:
    """Find the paths from the first of `presented` through the others, in any order, to an anchor."""
    anchored: list[Path] = []
    dead_end: Path = (presented[0],)
    for path, is_anchored in _walk((presented[0],), tuple(presented[1:]), anchors, signatures):
        if is_anchored:
            anchored.append(path)
            if len(anchored) == MAX_PATHS:
                return Search(tuple(anchored), dead_end)
        elif len(path) > len(dead_end):
            dead_end = path
    return Search(tuple(anchored), dead_end)


def _walk(
    path: Path, pool: Sequence[Link], anchors: Mapping[bytes, Sequence[Link]], signatures: Signatures
) -> Iterator[tuple[Path, bool]]:
    """Yield every path as it grows, and whether it ends at an anchor."""
    yield path, False
    current = path[-1]
    if current.issuer is None or len(path) == MAX_LENGTH or not signatures.step():
        return
    used = {link.facts.sha256 for link in path}
    for anchor in anchors.get(current.issuer, ()):
        if anchor.facts.sha256 not in used and signatures.chain(current, anchor):
            yield (*path, anchor), True
    for candidate in pool:
        if (
            candidate.subject == current.issuer
            and candidate.facts.sha256 not in used
            and signatures.chain(current, candidate)
        ):
            yield from _walk((*path, candidate), pool, anchors, signatures)
