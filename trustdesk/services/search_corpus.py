"""What is searched: gathered when it has changed, and kept between two letters that a person types."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import Identity
from trustdesk.core.trust import TrustList
from trustdesk.formats.records import facts_of
from trustdesk.services.search import (
    Hit,
    HitKind,
    SearchEntry,
    SearchIndex,
    certificate_entry,
    identity_entry,
    partner_entry,
)
from trustdesk.storage.directory import Directory


class SearchCorpus:
    """Everything that can be found; `find` is for one thread at a time, `changed` for any."""

    def __init__(
        self, directory: Directory, identities: Callable[[], Future[tuple[Identity, ...]]] | None = None
    ) -> None:
        """Take what is searched.

        Args:
            identities: returns our own; None for none.
        """
        self._directory = directory
        self._identities = identities
        self._changed = threading.Event()
        self._changed.set()
        self._stored: tuple[SearchEntry, ...] = ()
        self._seen: dict[str, SearchEntry] = {}
        self._opened: dict[str, SearchEntry] = {}
        self._indexed: tuple[object, ...] = ()
        self._index = SearchIndex()

    def changed(self) -> None:
        """Partners, identities or results have changed: the workspace is read again before it is searched."""
        self._changed.set()

    def find(
        self, query: str, trust_lists: Sequence[TrustList], opened: Sequence[CertificateFacts]
    ) -> tuple[Hit, ...]:
        """Search; the first search after a change takes longer than the others.

        Raises:
            EnvironmentFailureError: the workspace cannot be read.
        """
        if self._changed.is_set():
            self._changed.clear()
            try:
                self._stored = self._read_workspace()
            except BaseException:
                self._changed.set()
                raise
        sources = (self._stored, *trust_lists, *(facts.sha256 for facts in opened))
        if not _are_same(sources, self._indexed):
            lists = (
                certificate_entry(anchor.certificate, HitKind.TRUST_LIST, trust_list.name)
                for trust_list in trust_lists
                for anchor in trust_list.trust_anchors
            )
            self._opened = {
                facts.sha256: self._opened.get(facts.sha256) or certificate_entry(facts, HitKind.OPENED)
                for facts in opened
            }
            self._index = SearchIndex((*self._stored, *self._opened.values(), *lists))
            self._indexed = sources
        return self._index.find(query)

    def certificate(self, sha256: str, trust_lists: Sequence[TrustList]) -> CertificateFacts | None:
        """Return a certificate that was found on a list or in the workspace; waits for the latter."""
        anchors = (anchor.certificate for one in trust_lists for anchor in one.trust_anchors)
        on_a_list = next((facts for facts in anchors if facts.sha256 == sha256), None)
        return on_a_list or self._directory.certificate(sha256).result()

    def _read_workspace(self) -> tuple[SearchEntry, ...]:
        entries = self._directory.entries().result()
        for sha256, text in self._directory.certificate_read_outs(self._seen).result():
            try:
                facts = facts_of(json.loads(text), b"", sha256)
            except (ValueError, UnusableInputError):
                # The directory says so in its log when the certificate is shown.
                continue
            self._seen[sha256] = certificate_entry(facts, HitKind.SEEN)
        own = () if self._identities is None else self._identities().result()
        partners = (partner_entry(one, entry.partner) for entry in entries for one in entry.endpoints)
        return (*partners, *map(identity_entry, own), *self._seen.values())


def _are_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Compare by identity, and digests by value: no list of thousands of certificates is looked through."""
    return len(one) == len(other) and all(
        a is b or (isinstance(a, str) and a == b) for a, b in zip(one, other, strict=True)
    )
