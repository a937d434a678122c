"""HTTP as the lab's servers speak it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.lab.answers import HttpApplication, Site
from trustdesk.lab.application import Answer, Peer

SITE = Site(
    endpoint="https://onerecord.nordwind.example:8443/",
    company_id="NORDWIND",
    started_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
)
TOKEN = "Authorization: Bearer token"


def request(method: str = "GET", target: str = "/", *headers: str) -> bytes:
    return "\r\n".join((f"{method} {target} HTTP/1.1", "Host: lab.example", *headers, "", "")).encode()


def parsed(answer: Answer, method: str = "GET") -> tuple[h11.Response, bytes]:
    """Read an answer back with h11's client side."""
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("Host", "lab.example")]))
    client.send(h11.EndOfMessage())
    client.receive_data(answer.data)
    response = client.next_event()
    assert isinstance(response, h11.Response)
    body = b""
    while isinstance(event := client.next_event(), h11.Data):
        body += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    return response, body


def header(response: h11.Response, name: str) -> str | None:
    return next((v.decode() for n, v in response.headers if n == name.lower().encode()), None)


def test_server_information_needs_a_token_and_has_the_headers_of_the_standard() -> None:
    response, body = parsed(HttpApplication(SITE, None).receive(request("GET", "/", TOKEN)))
    assert response.status_code == 200
    assert header(response, "Content-Type") == "application/ld+json; version=2.3.0"
    assert header(response, "Content-Language") == "en-US"
    assert header(response, "Last-Modified") == "Fri, 20 Nov 2026 08:00:00 GMT"
    assert header(response, "Date") is not None
    assert header(response, "X-Lab-Client-Certificate") is None
    information = json.loads(body)
    assert information["@type"] == "api:ServerInformation"
    assert information["api:hasDataHolder"]["@id"] == f"{SITE.endpoint}logistics-objects/NORDWIND"
    assert "application/ld+json" in information["api:hasSupportedContentType"]
    assert "en-US" in information["api:hasSupportedLanguage"]
    assert "2.3.0" in information["api:hasSupportedApiVersion"]


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("GET", "/", (), 401),
        ("GET", "/", ("Authorization: Basic eDp5",), 401),
        ("GET", "/", ("Authorization: Bearer",), 401),
        ("GET", "/logistics-objects/1", (), 401),
        ("GET", "/logistics-objects/1", (TOKEN,), 404),
        ("POST", "/", (TOKEN, "Content-Length: 3"), 405),
        ("DELETE", "/", (TOKEN,), 405),
    ],
)
def test_refusals_are_api_errors_with_their_status(
    method: str, target: str, headers: tuple[str, ...], status: int
) -> None:
    response, body = parsed(HttpApplication(SITE, None).receive(request(method, target, *headers)), method)
    assert response.status_code == status
    error = json.loads(body)
    assert error["@type"] == "api:Error"
    assert error["api:hasTitle"]
    assert error["api:hasErrorDetail"][0]["api:hasCode"] == str(status)


def test_head_gets_405_without_a_body() -> None:
    response, body = parsed(HttpApplication(SITE, None).receive(request("HEAD")), "HEAD")
    assert (response.status_code, header(response, "Allow"), body) == (405, "GET", b"")


def test_requests_follow_each_other_on_one_connection() -> None:
    application = HttpApplication(SITE, None)
    for _ in range(3):
        answer = application.receive(request())
        assert (answer.complete, answer.close) == (True, False)
        assert parsed(answer)[0].status_code == 401


def test_requests_in_one_piece_are_answered_in_order() -> None:
    answer = HttpApplication(SITE, None).receive(request() + request("GET", "/", TOKEN))
    assert answer.data.index(b" 401 ") < answer.data.index(b" 200 ")
    assert answer.complete


def test_request_in_single_bytes_is_answered_once_it_is_whole() -> None:
    application = HttpApplication(SITE, None)
    *parts, last = (bytes((byte,)) for byte in request())
    assert {application.receive(part) for part in parts} == {Answer()}
    assert parsed(application.receive(last))[0].status_code == 401


def test_client_that_wants_the_connection_closed_gets_it_closed() -> None:
    assert HttpApplication(SITE, None).receive(request("GET", "/", "Connection: close")).close


def test_head_without_end_is_refused_before_it_fills_the_memory() -> None:
    answer = HttpApplication(SITE, None).receive(b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000)
    assert answer.close
    assert parsed(answer)[0].status_code == 431


@pytest.mark.parametrize(
    ("peer", "refused", "told"),
    [
        (Peer(), b"No required SSL certificate was sent", "none"),
        (Peer(certificate_sha256="ab" * 32), b"The SSL certificate error", "ab" * 32),
        (Peer(certificate_sha256="cd" * 32, verified=True), None, "cd" * 32),
    ],
)
def test_front_end_refuses_by_what_the_client_showed(peer: Peer, refused: bytes | None, told: str) -> None:
    answer = HttpApplication(SITE, peer, refuses_certificates=True).receive(request())
    response, body = parsed(answer)
    assert header(response, "X-Lab-Client-Certificate") == told
    assert response.status_code == (401 if refused is None else 400)
    assert answer.close is (refused is not None)
    if refused is not None:
        assert refused in body
        assert header(response, "Content-Type") == "text/html"


@given(pieces=st.lists(st.binary(max_size=200), max_size=6))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    application = HttpApplication(SITE, None)
    for piece in pieces:
        if application.receive(piece).close:
            break


@given(
    pieces=st.lists(
        st.sampled_from(
            [
                request(),
                request("POST", "/", "Content-Length: 5"),
                request("GET", "/", "Transfer-Encoding: chunked"),
                request("GET", "/", "Expect: 100-continue", "Content-Length: 2"),
                request("GET", "/", "Upgrade: h2c", "Connection: Upgrade"),
                request("CONNECT", "lab.example:443"),
                b"0\r\n\r\n",
                b"hello",
                b"\r\n",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            ]
        ),
        max_size=6,
    )
)
def test_no_sequence_of_requests_raises(pieces: list[bytes]) -> None:
    application = HttpApplication(SITE, None)
    for piece in pieces:
        if application.receive(piece).close:
            break
