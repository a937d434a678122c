from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.peers import nginx_page
from trustdesk import __version__
from trustdesk.core.probe import CertificateRefusal
from trustdesk.core.target import parse_target
from trustdesk.network.http_exchange import MAX_BODY, HttpExchange, authority

TARGET = parse_target("https://partner.example:8443/base")


def answered(*parts: bytes) -> HttpExchange:
    exchange = HttpExchange(TARGET)
    exchange.request()
    for part in parts:
        exchange.receive(part)
    return exchange


def test_request_is_one_bare_get_of_the_base_path() -> None:
    lines = HttpExchange(TARGET).request().decode().split("\r\n")
    assert lines[0] == "GET /base HTTP/1.1"
    assert sorted(lines[1:-2]) == [
        "Accept: application/ld+json; version=2.3.0",
        "Connection: close",
        "Host: partner.example:8443",
        f"User-Agent: trustdesk/{__version__}",
    ]
    assert lines[-2:] == ["", ""]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://partner.example/", "partner.example"),
        ("https://partner.example:8443/", "partner.example:8443"),
        ("https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"),
    ],
)
def test_host_field_is_the_authority_of_the_url(text: str, host: str) -> None:
    assert authority(parse_target(text)) == host


def test_host_field_is_the_name_that_is_verified_when_another_address_is_tested() -> None:
    target = parse_target("https://192.0.2.7:8443/", server_name="a.example", verify_name="a.example")
    assert authority(target) == "a.example:8443"


def test_answer_in_single_bytes_gives_the_same_facts() -> None:
    whole = b"HTTP/1.1 401 No\r\nServer: s\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
    exchange = answered(*(bytes([byte]) for byte in whole))
    facts = exchange.facts()
    assert (facts.status, facts.server, facts.content_type) == (401, "s", "text/plain")
    assert exchange.is_complete


def test_every_challenge_of_an_answer_is_kept() -> None:
    facts = answered(
        b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=a\r\nWWW-Authenticate: Bearer\r\n"
        b"Content-Length: 0\r\n\r\n"
    ).facts()
    assert facts.challenge == "Basic realm=a, Bearer"


@pytest.mark.parametrize("value", [b"", b" ", b"\xa0"])
def test_challenge_of_nothing_but_blanks_is_none(value: bytes) -> None:
    head = b"HTTP/1.1 401 No\r\nWWW-Authenticate: " + value + b"\r\nContent-Length: 0\r\n\r\n"
    assert answered(head).facts().challenge is None


def date_of(*headers: str) -> datetime | None:
    return answered("\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode()).date


def test_date_is_read_with_its_zone() -> None:
    expected = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    assert date_of("Date: Fri, 27 Nov 2026 12:00:00 GMT") == expected
    assert date_of("Date: Fri, 27 Nov 2026 13:00:00 +0100") == expected


def test_date_of_an_answer_out_of_a_cache_is_no_clock() -> None:
    assert date_of("Date: Fri, 27 Nov 2026 12:00:00 GMT", "Age: 7200") is None


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Fri, 27 Nov 2026 12:00:00 +9999999999999999",
        "Fri, 99999999999999999999 Nov 2026 12:00:00 GMT",
        "yesterday",
        "",
    ],
)
def test_date_that_is_none_leaves_the_answer_as_it_is(date: str) -> None:
    exchange = answered(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\n\r\n".encode())
    assert exchange.date is None
    assert exchange.facts().status == 200


@given(st.binary(max_size=60))
def test_no_date_that_comes_raises(date: bytes) -> None:
    answered(b"HTTP/1.1 200 OK\r\nDate: " + date.replace(b"\n", b"") + b"\r\nContent-Length: 0\r\n\r\n")


def test_interim_answer_is_no_answer() -> None:
    exchange = answered(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    assert not exchange.is_answered
    exchange.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert exchange.facts().status == 200


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("No required SSL certificate was sent", CertificateRefusal.NONE_SENT),
        ("The SSL certificate error", CertificateRefusal.CERTIFICATE_ERROR),
        ("The plain HTTP request was sent to HTTPS port", None),
    ],
)
def test_front_ends_page_with_status_400_is_a_verdict_on_the_client_certificate(
    text: str, refusal: CertificateRefusal | None
) -> None:
    exchange = answered(nginx_page(text))
    assert exchange.wants_body
    assert exchange.facts().certificate_refusal is refusal


def test_page_text_with_status_200_is_no_verdict() -> None:
    page = nginx_page("No required SSL certificate was sent").replace(b"400 Bad Request", b"200 OK", 1)
    assert answered(page).facts().certificate_refusal is None


def test_body_until_the_end_of_the_stream_counts_as_far_as_it_came() -> None:
    exchange = answered(b"HTTP/1.1 400 Bad Request\r\n\r\nThe SSL certificate", b" error")
    assert not exchange.is_complete
    assert exchange.facts().certificate_refusal is CertificateRefusal.CERTIFICATE_ERROR


def test_body_that_breaks_keeps_the_answer() -> None:
    exchange = answered(b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n", b"no chunk\r\n")
    assert exchange.broken is None
    assert exchange.is_complete
    assert exchange.facts().status == 400


def test_endless_body_is_read_up_to_the_limit() -> None:
    exchange = answered(b"HTTP/1.1 400 Bad Request\r\n\r\n", b"x" * (MAX_BODY + 1))
    assert exchange.is_complete


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 3,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000,
        b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n",
        b"220 mail ESMTP\r\n\r\n",
    ],
)
def test_answer_that_is_not_http_is_broken_and_no_answer(data: bytes) -> None:
    exchange = answered(data)
    assert exchange.broken
    assert not exchange.is_answered


def test_header_values_of_the_peer_are_bounded() -> None:
    facts = answered(b"HTTP/1.1 200 OK\r\nServer: " + b"a" * 9000 + b"\r\nContent-Length: 0\r\n\r\n").facts()
    assert facts.server is not None
    assert len(facts.server) == 4096
