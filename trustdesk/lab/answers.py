"""What the HTTPS servers answer: `GET /` as a ONE Record server does, and nginx's refusals.

Source: ONE Record API 2.3.0, server information and error model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

import h11

from trustdesk.lab.application import Answer, Peer

_MAX_HEAD = 16 * 1024
_API = "https://onerecord.iata.org/ns/api#"
_JSON_LD = "application/ld+json; version=2.3.0"
_HTML = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The ONE Record server that answers.

    Attributes:
        endpoint: its base URL with a slash at the end.
        company_id: of the organisation that holds the data.
        started_at: when it started, aware UTC.
    """

    endpoint: str
    company_id: str
    started_at: datetime


class HttpApplication:
    """HTTP/1.1 with keep-alive on one connection, requests bounded in size.

    Args:
        site: what it answers about.
        peer: what the client showed of itself; None where no certificate was asked for. With it, every
            answer says in `X-Lab-Client-Certificate` what was received: a digest, or "none".
        refuses_certificates: whether a missing or bad certificate gets nginx's HTTP 400.
        failing_rules: what the certificate breaks, for HTTP 403; empty when it breaks nothing.
    """

    def __init__(
        self,
        site: Site,
        peer: Peer | None,
        *,
        refuses_certificates: bool = False,
        failing_rules: Sequence[str] = (),
    ) -> None:
        self._site = site
        self._peer = peer
        self._refuses_certificates = refuses_certificates
        self._failing_rules = failing_rules
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD)
        self._request: h11.Request | None = None

    def receive(self, data: bytes) -> Answer:
        """Take bytes of the client; several requests in one piece get their answers in order."""
        out: list[bytes] = []
        complete = False
        try:
            self._http.receive_data(data)
            while self._http.our_state is not h11.MUST_CLOSE:
                event = self._http.next_event()
                if not isinstance(event, (h11.Request, h11.Data, h11.EndOfMessage)):
                    break  # more is needed, or no more comes
                if isinstance(event, h11.Request):
                    self._request = event
                    complete = False
                    if event.method not in {b"GET", b"HEAD"}:
                        # A body may follow; it is not waited for.
                        out.append(self._respond(event, close=True))
                        return Answer(b"".join(out), complete=True, close=True)
                elif isinstance(event, h11.EndOfMessage) and self._request is not None:
                    out.append(self._respond(self._request))
                    complete = True
                    if self._http.our_state is h11.DONE:
                        self._http.start_next_cycle()
        except h11.RemoteProtocolError as problem:
            out.append(self._complain(problem.error_status_hint))
            return Answer(b"".join(out), close=True)
        return Answer(b"".join(out), complete=complete, close=self._http.our_state is h11.MUST_CLOSE)

    def _respond(self, request: h11.Request, *, close: bool = False) -> bytes:
        refusal = self._certificate_refusal()
        if refusal is not None:
            return self._send(400, _nginx_page(refusal), _HTML, (("Server", "nginx/1.22.1"),), close=True)
        if request.method != b"GET":
            body = _error(405, "Method not allowed", "Only GET is allowed here.")
            return self._send(405, body, _JSON_LD, (("Allow", "GET"),), close=close)
        if self._failing_rules:
            body = _error(403, "Not authorized to perform action", "; ".join(self._failing_rules))
            return self._send(403, body, _JSON_LD)
        if not _has_token(request):
            body = _error(401, "Not authenticated or expired token", "A bearer token is needed.")
            return self._send(401, body, _JSON_LD, (("WWW-Authenticate", "Bearer"),))
        if request.target != b"/":
            return self._send(404, _error(404, "Resource not found", "Only / exists here."), _JSON_LD)
        return self._send(200, self._server_information(), _JSON_LD)

    def _certificate_refusal(self) -> str | None:
        if not self._refuses_certificates or self._peer is None:
            return None
        if self._peer.certificate_sha256 is None:
            return "No required SSL certificate was sent"
        return None if self._peer.verified else "The SSL certificate error"

    def _complain(self, status: int) -> bytes:
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return b""
        page = _nginx_page("The request could not be read")
        return self._send(status, page, _HTML, close=True)

    def _send(
        self,
        status: int,
        body: bytes,
        content_type: str,
        extra: tuple[tuple[str, str], ...] = (),
        *,
        close: bool = False,
    ) -> bytes:
        headers = [
            ("Date", format_datetime(datetime.now(UTC), usegmt=True)),
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            *extra,
        ]
        if content_type == _JSON_LD:
            headers.append(("Content-Language", "en-US"))
            headers.append(("Last-Modified", format_datetime(self._site.started_at, usegmt=True)))
        if self._peer is not None:
            headers.append(("X-Lab-Client-Certificate", self._peer.certificate_sha256 or "none"))
        if close:
            headers.append(("Connection", "close"))
        head = self._http.send(
            h11.Response(status_code=status, reason=HTTPStatus(status).phrase, headers=headers)
        )
        wants_body = self._request is None or self._request.method != b"HEAD"
        content = self._http.send(h11.Data(data=body)) if wants_body else b""
        return b"".join(part for part in (head, content, self._http.send(h11.EndOfMessage())) if part)

    def _server_information(self) -> bytes:
        endpoint = self._site.endpoint
        return _json_ld(
            {
                "@type": "api:ServerInformation",
                "@id": endpoint,
                "api:hasDataHolder": {"@id": f"{endpoint}logistics-objects/{self._site.company_id}"},
                "api:hasServerEndpoint": {"@type": "xsd:anyURI", "@value": endpoint},
                "api:hasSupportedApiVersion": ["2.3.0"],
                "api:hasSupportedContentType": ["application/ld+json"],
                "api:hasSupportedLanguage": ["en-US"],
                "api:hasSupportedOntology": [{"@id": "https://onerecord.iata.org/ns/cargo"}],
                "api:hasSupportedOntologyVersion": [{"@id": "https://onerecord.iata.org/ns/cargo/3.2.0"}],
            }
        )


def _has_token(request: h11.Request) -> bool:
    value = next((value for name, value in request.headers if name == b"authorization"), b"")
    scheme, _, token = value.partition(b" ")
    return scheme.lower() == b"bearer" and bool(token.strip())


def _error(status: int, title: str, message: str) -> bytes:
    detail = {"@type": "api:ErrorDetail", "api:hasCode": str(status), "api:hasMessage": message}
    return _json_ld({"@type": "api:Error", "api:hasTitle": title, "api:hasErrorDetail": [detail]})


def _json_ld(content: dict[str, object]) -> bytes:
    context = {"api": _API, "xsd": "http://www.w3.org/2001/XMLSchema#"}
    return json.dumps({"@context": context, **content}, indent=1).encode()


def _nginx_page(reason: str) -> bytes:
    return (
        f"<html>\r\n<head><title>400 {reason}</title></head>\r\n<body>\r\n"
        f"<center><h1>400 Bad Request</h1></center>\r\n<center>{reason}</center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()
