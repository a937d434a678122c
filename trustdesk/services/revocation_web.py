"""The addresses that publish revocation (`core.ports.RevocationWeb`): bounded downloads, and what is kept.

What is kept, and for how long:
- OCSP responses, in memory, until their nextUpdate and at most six hours, as lists; without a nextUpdate,
  not at all. Nobody has checked a signature then, so what says that it holds for years is asked again too.
- CRLs, on disk, until their nextUpdate and at most six hours: a CA that revokes publishes before the list in
  force has run out. When it cannot be reached after these, the list serves until its nextUpdate, said to be
  kept. One that is past it serves no more; the reason says what there was. One that cannot be written serves
  from memory, as long as it is among the last ones open.
- That an address failed, in memory, for a minute: a sweep asks a dead one once.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Generic, TypeVar

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock, FetchFailure, Retrieved, RevocationList
from trustdesk.formats.ocsp_request import ocsp_get_url
from trustdesk.formats.pem import ders_of
from trustdesk.network.download import Downloader, FetchLimits
from trustdesk.network.web_connection import Progress, WebRequest
from trustdesk.services.revocation_lists import CRL_LABEL, open_revocation_list
from trustdesk.storage.crl_addresses import CrlAddresses, KeptCrl
from trustdesk.storage.revocation_cache import RevocationCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

OCSP_BYTES = 64 * 1024
OCSP_S = 10.0
CRL_BYTES = 64 << 20
CRL_S = 120.0
MAX_AGE = timedelta(hours=6)

_FAILED_FOR_S = 60.0
_MAX_RESPONSES = 512
_MAX_OPEN_LISTS = 8


class CachingRevocationWeb:
    """Asks responders and distribution points, from any thread."""

    def __init__(
        self,
        downloader: Downloader,
        cache: RevocationCache,
        *,
        clock: Clock,
        allow_private_addresses: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Make one.

        Args:
            allow_private_addresses: whether this machine and private networks may be asked too.
            progress: told of the bytes of each CRL as it comes.
        """
        self._downloader = downloader
        self._cache = cache
        self._addresses = CrlAddresses(cache)
        self._clock = clock
        self._progress = progress
        self._ocsp_limits = FetchLimits(
            bytes=OCSP_BYTES, total_s=OCSP_S, allow_private_addresses=allow_private_addresses
        )
        self._crl_limits = FetchLimits(
            bytes=CRL_BYTES, total_s=CRL_S, allow_private_addresses=allow_private_addresses
        )
        self._one_at_a_time = _Locks()
        self._failures = _Failures()
        self._responses = _Recent[tuple[str, bytes], tuple[Retrieved[bytes], datetime]](_MAX_RESPONSES)
        self._open = _Recent[str, RevocationList](_MAX_OPEN_LISTS)
        self._not_on_disk = _Recent[str, KeptCrl](_MAX_OPEN_LISTS)

    def cancel(self) -> None:
        """End the downloads that run, and refuse the next ones; from any thread, any number of times."""
        self._downloader.cancel()

    def ocsp_response(self, url: str, request: bytes) -> Retrieved[bytes] | FetchFailure:
        """Return the DER of a responder's answer, or why there is none; by GET where it fits, else POST."""
        with self._one_at_a_time.of((url, request)):
            now = self._clock.now()
            kept = self._responses.get((url, request))
            if kept is not None and kept[0].at <= now < kept[1]:
                return Retrieved(value=kept[0].value, at=kept[0].at, cached=True)
            failure = self._failures.of((url, request))
            if failure is not None:
                return failure
            outcome = self._ask(url, request)
            if isinstance(outcome, FetchFailure):
                self._note_failure((url, request), outcome)
                return outcome
            until = _next_update(outcome)
            # Not the instant of asking: a response is not older than its own signature.
            now = self._clock.now()
            retrieved = Retrieved(value=outcome, at=now)
            if until is not None and until > now:
                self._responses.put((url, request), (retrieved, min(until, now + MAX_AGE)))
            return retrieved

    def revocation_list(self, url: str) -> Retrieved[RevocationList] | FetchFailure:
        """Return the CRL at a distribution point, or why there is none."""
        with self._one_at_a_time.of(url):
            now = self._clock.now()
            kept = self._kept(url)
            if kept is not None and _is_fresh(*kept, now):
                return Retrieved(value=kept[1], at=kept[0].fetched_at, cached=True)
            failure = self._failures.of(url)
            if failure is None:
                outcome = self._download(url)
                if not isinstance(outcome, FetchFailure):
                    return outcome
                failure = outcome
                self._note_failure(url, failure)
            return failure if kept is None else _kept_instead(*kept, failure, now)

    def _ask(self, url: str, request: bytes) -> bytes | FetchFailure:
        address = ocsp_get_url(url, request)
        body = bytearray()
        asked = (
            WebRequest(url=url, body=request, content_type="application/ocsp-request", accept=_OCSP_TYPE)
            if address is None
            else WebRequest(url=address, accept=_OCSP_TYPE)
        )
        answer = self._downloader.download(asked, self._ocsp_limits, body.extend)
        if isinstance(answer, FetchFailure):
            return answer
        # Responders of old say text/plain and worse; what counts is what the bytes are.
        if not body.startswith(_SEQUENCE):
            return FetchFailure(
                reason=msg(
                    "the answer is no OCSP response; its content type is {content_type}",
                    content_type=answer.content_type or "–",
                )
            )
        return bytes(body)

    def _download(self, url: str) -> Retrieved[RevocationList] | FetchFailure:
        body = BytesIO()
        answer = self._downloader.download(WebRequest(url=url), self._crl_limits, body.write, self._progress)
        if isinstance(answer, FetchFailure):
            return answer
        ders = ders_of(body.getvalue(), CRL_LABEL)
        # Several lists at one address are none of those that were asked for.
        der = ders[0] if len(ders) == 1 else b""
        try:
            opened = open_revocation_list(der, cache=self._cache) if der.startswith(_SEQUENCE) else None
            if opened is None or opened.facts.this_update is None:
                return FetchFailure(
                    reason=msg(
                        "the answer is no CRL; its content type is {content_type}",
                        content_type=answer.content_type or "–",
                    )
                )
        except TrustdeskError as error:
            return FetchFailure(reason=msg("it cannot be kept or read: {problem}", problem=error.problem))
        sha256, at = hashlib.sha256(der).hexdigest(), self._clock.now()
        self._open.put(sha256, opened)
        try:
            kept = self._addresses.keep(url, sha256, der, at)
        except TrustdeskError:
            # It was had all the same: who is revoked does not hang on room on the disk.
            kept = KeptCrl(url=url, sha256=sha256, fetched_at=at.astimezone(UTC))
            self._not_on_disk.put(url, kept)
        return Retrieved(value=opened, at=kept.fetched_at)

    def _kept(self, url: str) -> tuple[KeptCrl, RevocationList] | None:
        noted = [one for one in (self._addresses.find(url), self._not_on_disk.get(url)) if one is not None]
        if not noted:
            return None
        kept = max(noted, key=lambda one: one.fetched_at)
        opened = self._open.get(kept.sha256)
        if opened is None:
            der = self._cache.read(kept.sha256)
            if der is None:
                return None
            try:
                opened = open_revocation_list(der, cache=self._cache)
            except TrustdeskError:
                return None
            self._open.put(kept.sha256, opened)
        self._cache.used(kept.sha256)
        return kept, opened

    def _note_failure(self, key: Hashable, failure: FetchFailure) -> None:
        if not self._downloader.is_cancelled:
            self._failures.note(key, failure)


def _is_fresh(kept: KeptCrl, opened: RevocationList, now: datetime) -> bool:
    next_update = opened.facts.next_update
    age = now - kept.fetched_at
    return timedelta(0) <= age < MAX_AGE and (next_update is None or now < next_update)


def _kept_instead(
    kept: KeptCrl, opened: RevocationList, failure: FetchFailure, now: datetime
) -> Retrieved[RevocationList] | FetchFailure:
    """Take the list that was kept where no newer one is to be had, but not past its nextUpdate."""
    next_update = opened.facts.next_update
    if next_update is not None and now < next_update:
        return Retrieved(value=opened, at=kept.fetched_at, cached=True)
    if next_update is None:
        return failure
    return FetchFailure(
        reason=msg(
            "{failure}; the list that was kept from {fetched_at} holds no longer than {next_update}",
            failure=failure.reason,
            fetched_at=kept.fetched_at,
            next_update=next_update,
        )
    )


def _next_update(response: bytes) -> datetime | None:
    """Return until when a response may be kept: the first nextUpdate in it; None to keep it not at all.

    Nothing is judged here: a response that is kept is judged each time it is used.
    """
    from cryptography.x509 import ocsp

    try:
        parsed = ocsp.load_der_ocsp_response(response)
        if parsed.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        ends = [single.next_update_utc for single in parsed.responses]
    except (ValueError, TypeError):
        return None
    if not ends or None in ends:
        return None
    return min(end for end in ends if end is not None).astimezone(UTC)


class _Recent(Generic[K, V]):
    """The latest of something, so many and no more."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)


class _Failures:
    """What failed within the last minute."""

    def __init__(self) -> None:
        self._known = _Recent[Hashable, tuple[float, FetchFailure]](_MAX_RESPONSES)

    def of(self, key: Hashable) -> FetchFailure | None:
        known = self._known.get(key)
        return known[1] if known is not None and time.monotonic() - known[0] < _FAILED_FOR_S else None

    def note(self, key: Hashable, failure: FetchFailure) -> None:
        self._known.put(key, (time.monotonic(), failure))


class _Locks:
    """Lets one thread at a time ask for the same thing; a few that differ may have to wait as well."""

    def __init__(self) -> None:
        self._locks = tuple(threading.Lock() for _ in range(64))

    def of(self, key: Hashable) -> AbstractContextManager[bool]:
        return self._locks[hash(key) % len(self._locks)]


_OCSP_TYPE = "application/ocsp-response"
_SEQUENCE = b"\x30"
