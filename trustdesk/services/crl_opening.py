"""Revocation lists for the window: opened one after the other in a thread, the last ones kept open."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.inspection import CrlFacts
from trustdesk.services.desk_values import OpenedCrl
from trustdesk.services.revocation_lists import open_revocation_list
from trustdesk.verify.revocation_list import ReadRevocationList, find_signer

_KEPT_OPEN = 8


class CrlJob:
    """A list being opened."""

    def __init__(self, future: Future[OpenedCrl], stopping: threading.Event) -> None:
        self._future = future
        self._stopping = stopping

    @property
    def future(self) -> Future[OpenedCrl]:
        """The list to come; fails with CancelledByPersonError when it was cancelled."""
        return self._future

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        self._stopping.set()


class CrlOpener:
    """Opens lists; methods may be called from any thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-crl")
        self._open: OrderedDict[str, ReadRevocationList] = OrderedDict()
        self._jobs: list[threading.Event] = []

    def open(
        self,
        crl: CrlFacts,
        beside: tuple[CertificateFacts, ...],
        on_progress: Callable[[float], None] | None,
    ) -> CrlJob:
        """Open a list that was read, and ask it about the certificates beside it."""
        stopping = threading.Event()
        self._jobs = [*self._jobs[-_KEPT_OPEN:], stopping]
        return CrlJob(self._thread.submit(self._opened, crl, beside, on_progress, stopping), stopping)

    def close(self) -> None:
        """End what runs; blocks until it has ended."""
        for job in self._jobs:
            job.set()
        self._thread.shutdown(cancel_futures=True)
        self._open.clear()

    def _opened(
        self,
        crl: CrlFacts,
        beside: tuple[CertificateFacts, ...],
        on_progress: Callable[[float], None] | None,
        stopping: threading.Event,
    ) -> OpenedCrl:
        if stopping.is_set():
            raise CancelledByPersonError
        found = self._open.pop(crl.sha256, None)
        if found is None:
            found = open_revocation_list(crl.der, progress=on_progress, cancel=stopping)
        self._open[crl.sha256] = found
        while len(self._open) > _KEPT_OPEN:
            self._open.popitem(last=False)
        return asked_crl(found, beside)


def asked_crl(revocation_list: ReadRevocationList, beside: Sequence[CertificateFacts]) -> OpenedCrl:
    """Ask a list who of some certificates signed it, and which of them are on it."""
    on_list = {}
    for certificate in beside:
        if certificate.serial_number is not None and certificate.issuer is not None:
            entry = revocation_list.entry(certificate.serial_number, certificate.issuer)
            if entry is not None:
                on_list[certificate.sha256] = entry
    return OpenedCrl(
        revocation_list=revocation_list,
        listed=revocation_list.listed,
        signer=find_signer(revocation_list, beside),
        on_list=on_list,
        asked=frozenset(certificate.sha256 for certificate in beside),
    )
