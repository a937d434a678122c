"""One harmless HTTP/1.1 request, and what its answer says (RFC 9112).

A redirect is not followed: where it points is not the endpoint under test.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import h11

from trustdesk import __version__
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.probe import CertificateRefusal, HttpFacts
from trustdesk.core.target import DEFAULT_PORTS, Target, bracketed, host_and_port
from trustdesk.core.untrusted import bounded

MAX_BODY = 64 * 1024
"""Bytes of an answer's body that are read."""

_STATUS_LINE = b"HTTP/"
ACCEPT = "application/ld+json; version=2.3.0"
"""Media type that is asked for, everywhere alike."""


# What nginx and the front ends made of it write in their page for status 400 (its own codes 495 and 496
# where a site shows them), after a handshake that went well; and what Apache writes for 403.
_REFUSAL_STATUS = frozenset({400, 403, 495, 496})
_REFUSALS = (
    (b"No required SSL certificate was sent", CertificateRefusal.NONE_SENT),
    (b"The SSL certificate error", CertificateRefusal.CERTIFICATE_ERROR),
    (b"Cannot perform Post-Handshake Authentication", CertificateRefusal.NOT_ASKED_LATER),
)


class HttpExchange:
    """A GET of the target's base path without credentials, as bytes; a second one where it is wanted.

    Attributes:
        date: of the answer (RFC 9110 6.6.1), UTC; None without one that can be read, or out of a cache.
        is_complete: the whole body, or as much as is read of one, came.
        broken: why the answer is not HTTP, in the library's words; None while it is.
    """

    def __init__(self, target: Target, *, keeps_open: bool = False, keeps_answer: bool = False) -> None:
        """Prepare it.

        Args:
            keeps_open: ask the server to leave the connection open, for a second request.
            keeps_answer: read the body whatever it is.
        """
        self._connection = h11.Connection(h11.CLIENT)
        self._keeps_open = keeps_open
        self._keeps_answer = keeps_answer
        self._target = target
        self._response: h11.Response | None = None
        self._start = b""
        self._body = bytearray()
        self.date: datetime | None = None
        self._is_ended = False
        self.is_complete = False
        self.broken: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether status line and header section were read; interim (1xx) answers are none."""
        return self._response is not None

    @property
    def body_decides(self) -> bool:
        """Whether the body of the answer decides something: a front end's page about the certificate."""
        return self._response is not None and self._response.status_code in _REFUSAL_STATUS

    @property
    def wants_body(self) -> bool:
        """Whether the body is read: it decides something, is kept, or stands before the second answer."""
        return self._keeps_open or self._keeps_answer or self.body_decides

    def request(self) -> bytes:
        """Return the request to send."""
        head = h11.Request(
            method="GET",
            target=self._target.path,
            headers=[
                ("Host", authority(self._target)),
                ("Accept", ACCEPT),
                ("User-Agent", f"trustdesk/{__version__}"),
                *(() if self._keeps_open else (("Connection", "close"),)),
            ],
        )
        return (self._connection.send(head) or b"") + (self._connection.send(h11.EndOfMessage()) or b"")

    def again(self) -> bool:
        """Get ready for the second request; False when the connection does not stay open for one."""
        if self._connection.our_state is not h11.DONE or self._connection.their_state is not h11.DONE:
            return False
        self._connection.start_next_cycle()
        self._keeps_open = False
        self._response = None
        self._start = b""
        self._body.clear()
        self._is_ended = False
        self.is_complete = False
        return True

    def receive(self, data: bytes) -> None:
        """Take application data."""
        if self.is_complete or self.broken is not None:
            return
        if len(self._start) < len(_STATUS_LINE):
            # h11 waits for a whole header section, which what is not HTTP may never send.
            self._start += data[: len(_STATUS_LINE) - len(self._start)]
            if not _STATUS_LINE.startswith(self._start):
                self.broken = f"first bytes {self._start!r}"
                return
        try:
            self._connection.receive_data(data)
            self._read()
        except h11.RemoteProtocolError as error:
            if self.is_answered:
                self.is_complete = True
            else:
                self.broken = str(error)

    def facts(self) -> HttpFacts:
        """Return what the answer says; only once it `is_answered`."""
        response = self._response
        if response is None:
            raise AssertionError("there is no answer yet")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
        challenges = [
            value.decode("latin-1") for name, value in response.headers if name == b"www-authenticate"
        ]
        return HttpFacts(
            status=response.status_code,
            content_type=_bounded(headers.get("content-type")),
            server=_bounded(headers.get("server")),
            certificate_refusal=self._refusal(),
            challenge=_bounded(", ".join(challenges).strip() or None),
        )

    def answer(self) -> HttpAnswer:
        """Return the answer with as much of its body as came; only once it `is_answered`."""
        if self._response is None:
            raise AssertionError("there is no answer yet")
        return answer_of(self._response, bytes(self._body), is_whole=self._is_ended)

    def summary(self) -> tuple[str, str]:
        """Return the answer's name in the timeline, and its detail."""
        return "http_response", f"HTTP {self.facts().status}"

    def _read(self) -> None:
        while not self.is_complete:
            event = self._connection.next_event()
            if isinstance(event, h11.Response):
                self._response = event
                self.date = self.date or _date(event)
            elif isinstance(event, h11.Data):
                self._body += event.data
                self.is_complete = len(self._body) >= MAX_BODY
            elif isinstance(event, h11.EndOfMessage):
                self.is_complete = self._is_ended = True
            elif not isinstance(event, h11.InformationalResponse):
                return  # NEED_DATA, PAUSED or ConnectionClosed: nothing more to be had now

    def _refusal(self) -> CertificateRefusal | None:
        if not self.body_decides:
            return None
        return next((refusal for text, refusal in _REFUSALS if text in self._body), None)


def answer_of(response: h11.Response, body: bytes, *, is_whole: bool) -> HttpAnswer:
    """Return an answer as a value; where a field stands more than once, the last."""
    headers = {name: _bounded(value.decode("latin-1")) for name, value in response.headers}
    return HttpAnswer(
        status=response.status_code,
        content_type=headers.get(b"content-type"),
        content_language=headers.get(b"content-language"),
        last_modified=headers.get(b"last-modified"),
        location=headers.get(b"location"),
        body=body,
        is_whole=is_whole,
    )


def authority(target: Target) -> str:
    """Return host and port of the Host field: the name that is verified, as a URL would have it."""
    if target.port == DEFAULT_PORTS[target.protocol]:
        return bracketed(target.verify_name)
    return host_and_port(target.verify_name, target.port)


def _date(response: h11.Response) -> datetime | None:
    """Read IMF-fixdate and the two obsolete forms (RFC 9110 5.6.7); what is none of them is no date.

    An answer with an Age comes from a cache (RFC 9111 5.1): its Date is when it was made, and no clock.
    """
    if any(name == b"age" for name, _ in response.headers):
        return None
    for name, value in response.headers:
        if name == b"date":
            try:
                told = parsedate_to_datetime(value.decode("latin-1"))
                return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
            except (ValueError, OverflowError):
                return None  # a zone can lead out of the years that there are
    return None


def _bounded(text: str | None) -> str | None:
    return None if text is None else bounded(text)
