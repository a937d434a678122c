"""Asking an identity provider's servers: a probe first, and documents from those that are trusted.

Decisions:
- 2026-11: what a server says counts only where our own judge trusts it, by the lists in force, with what was
  decided about them; the download that follows is held to the anchor that the judge's path ended at.
- 2026-11: no redirect is followed: a provider's documents are where its issuer says (RFC 8414 3, OpenID
  Connect Discovery 4.2 know the status 200 alone).
- 2026-11: a private address is asked only for the host that the person named. A document of a provider that
  sends us into our own network is refused.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.finding import verdict_of
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import FetchFailure, Judge
from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import bracketed, is_ip_literal, parse_target
from trustdesk.core.trust import TrustList
from trustdesk.network.address_rules import refusal_of
from trustdesk.network.download import Downloader, FetchLimits
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.resolve import NameUnresolvedError, resolve
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_connection import WebRequest
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.handshakes import start_handshake
from trustdesk.services.thread_jobs import Stop
from trustdesk.verify.profiles.rule import NotRun, Violated
from trustdesk.verify.tokens.case import ServerSeen

DOWNLOAD_S = 10.0
_HTTPS_PORT = 443


class ProviderWeb:
    """The servers of one provider, each looked at once; blocks, on one thread."""

    def __init__(
        self,
        *,
        network: NetworkThread,
        judge: Judge,
        trust_lists: Sequence[TrustList],
        proxies: ProxyChoice,
        limits: ProbeLimits,
        stop: Stop,
        named_host: str,
        allow_private_addresses: bool = False,
    ) -> None:
        """Ask nobody yet.

        Args:
            trust_lists: what the judge judges by.
            stop: ends what is being asked.
            named_host: that a person named, and that may lie on a private network.
        """
        self._network = network
        self._judge = judge
        self._trust_lists = tuple(trust_lists)
        self._proxies = proxies
        self._limits = limits
        self._stop = stop
        self._named_host = named_host.lower()
        self._allows_private = allow_private_addresses
        self._seen: dict[str, tuple[ServerSeen, CertificateFacts | None]] = {}

    @property
    def servers(self) -> tuple[ServerSeen, ...]:
        """Those that were looked at, in their order."""
        return tuple(server for server, _ in self._seen.values())

    def look_at(self, url: str) -> ServerSeen:
        """Probe the server of an https URL, once.

        Raises:
            CancelledByPersonError: it was stopped.
        """
        return self._server(url)[0]

    def fetch(self, url: str, limit: int) -> bytes | NotRun | Violated:
        """Return what lies at an https URL; NotRun where its server cannot be asked, or is not believed.

        Raises:
            CancelledByPersonError: it was stopped.
        """
        if not url.startswith("https://"):
            return Violated(msg("{url} is not https, and was not asked.", url=url), None)
        server, anchor = self._server(url)
        if server.trouble is not None:
            return NotRun(msg("{endpoint}: {trouble}", endpoint=server.endpoint, trouble=server.trouble))
        if anchor is None:
            return NotRun(
                msg(
                    "The server {endpoint} is not trusted; nothing was asked of it.", endpoint=server.endpoint
                )
            )
        body = bytearray()
        downloader = Downloader(proxies=self._proxies, tls=_held_to(anchor))
        limits = FetchLimits(
            bytes=limit,
            total_s=min(DOWNLOAD_S, self._limits.total_s),
            redirects=0,
            https_only=True,
            allow_private_addresses=self._allows_private,
            private_host=self._named_host,
        )
        with self._stop.ends(downloader.cancel):
            answer = downloader.download(WebRequest(url=url, accept="application/json"), limits, body.extend)
        self._go_on()
        if isinstance(answer, FetchFailure):
            return Violated(
                msg("{url}: {reason}.", url=url, reason=answer.reason),
                msg("Ask the identity provider, or correct the address."),
            )
        return bytes(body)

    def _server(self, url: str) -> tuple[ServerSeen, CertificateFacts | None]:
        self._go_on()
        endpoint, host, port = _endpoint(url)
        if endpoint not in self._seen:
            self._seen[endpoint] = self._probed(endpoint, host, port)
        return self._seen[endpoint]

    def _probed(self, endpoint: str, host: str, port: int) -> tuple[ServerSeen, CertificateFacts | None]:
        address, refusal = self._address(host, port)
        if refusal is not None:
            return ServerSeen(endpoint=endpoint, trouble=refusal), None
        try:
            request = ProbeRequest(
                target=parse_target(endpoint, connect=address),
                judge=self._judge,
                proxy=self._proxies.tunnel_to(host, port),
                limits=self._limits,
            )
        except UnusableInputError as error:
            return ServerSeen(endpoint=endpoint, trouble=error.problem), None
        job = start_handshake(self._network, request)
        with self._stop.ends(job.cancel):
            report = job.future.result()
        self._go_on()
        return _seen(endpoint, report), self._anchor(report)

    def _address(self, host: str, port: int) -> tuple[str | None, Message | None]:
        """Return where to connect to (None: wherever the name leads), or why nowhere."""
        if self._allows_private or host.lower() == self._named_host:
            return None, None
        if self._proxies.tunnel_to(host, port) is not None:
            # The proxy resolves the name; only what is written out can be looked at here.
            if host == "localhost" or host.endswith(".localhost"):
                return None, _refused(msg("{host} is this machine itself", host=host))
            refusal = refusal_of(host, allow_private=False) if is_ip_literal(host) else None
            return None, None if refusal is None else _refused(refusal)
        try:
            addresses = asyncio.run(resolve(host, port))
        except NameUnresolvedError as error:
            return None, msg("the name {host} cannot be resolved: {reason}.", host=host, reason=error.detail)
        for one in addresses:
            refusal = refusal_of(one.text, allow_private=False)
            if refusal is not None:
                return None, _refused(refusal)
        # The probe goes to what was looked at: a second answer of the name server changes nothing.
        first = addresses[0].text
        return f"[{first}]" if ":" in first else first, None

    def _anchor(self, report: ProbeReport) -> CertificateFacts | None:
        judgement = report.record.judgement
        if judgement is None or not judgement.trusted or not judgement.path:
            return None
        anchors = (one.certificate for trust_list in self._trust_lists for one in trust_list.trust_anchors)
        return next((one for one in anchors if one.sha256 == judgement.path[-1]), None)

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise CancelledByPersonError


def host_of_url(url: str) -> str:
    """Return the host of an https URL in lower case; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _endpoint(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", _HTTPS_PORT
    try:
        port = parts.port or _HTTPS_PORT
    except ValueError:
        host = ""
    return f"https://{bracketed(host)}" + ("" if port == _HTTPS_PORT else f":{port}"), host, port


def _seen(endpoint: str, report: ProbeReport) -> ServerSeen:
    judgement = report.record.judgement
    if judgement is None:
        trouble = report.record.error or msg("It did not present a certificate.")
        return ServerSeen(endpoint=endpoint, trouble=trouble)
    return ServerSeen(
        endpoint=endpoint,
        trusted=judgement.trusted,
        findings=judgement.findings,
        verdict=verdict_of(judgement.findings),
    )


def _refused(refusal: Message) -> Message:
    return msg("It was not asked: {refusal}, and nobody named it here.", refusal=refusal)


def _held_to(anchor: CertificateFacts) -> Callable[[], ssl.SSLContext]:
    """Return what makes a TLS context that trusts one anchor alone, be it a root or not."""

    def made() -> ssl.SSLContext:
        # Not create_default_context, which obeys the environment (SSLKEYLOGFILE).
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=anchor.der)
        return context

    return made
