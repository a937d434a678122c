"""Small files from addresses that certificates name: issuers (RFC 5280 4.2.2.1, caIssuers)."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from trustdesk.core.ports import FetchFailure
from trustdesk.network.download import Downloader, FetchLimits, Resolver
from trustdesk.network.web_connection import WebRequest
from trustdesk.network.web_proxy import ProxyChoice


class WebFetcher:
    """Downloads over http and https (`core.ports.Fetcher`), from any thread; asks for each URL once."""

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        proxies: ProxyChoice | None = None,
        resolver: Resolver | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        """Make a fetcher.

        Args:
            limits: None for those of certificates.
            proxies: None for the environment's.
            resolver: None for the system's.
            tls: makes the context for https; None for the public web's list.
        """
        self._limits = limits or FetchLimits()
        self._downloader = Downloader(proxies=proxies, resolver=resolver, tls=tls)
        self._known: dict[str, bytes | FetchFailure] = {}

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing is fetched any more."""
        return self._downloader.is_cancelled

    def fetch(self, url: str) -> bytes | FetchFailure:
        """Return the body at `url`, or why there is none; never raises for what a peer does."""
        if url not in self._known:
            body = bytearray()
            outcome = self._downloader.download(WebRequest(url=url), self._limits, body.extend)
            result = outcome if isinstance(outcome, FetchFailure) else bytes(body)
            if self._downloader.is_cancelled:
                return result
            self._known[url] = result
        return self._known[url]

    def cancel(self) -> None:
        """End the download that runs, and refuse the next ones; from any thread, any number of times."""
        self._downloader.cancel()
