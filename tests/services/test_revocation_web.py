"""What publishes revocation, asked over real sockets: by GET or POST, once, kept while it holds, bounded."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from tests.support.ocsp import Single, response
from tests.support.peers import Handler, Peer, drain
from tests.support.revocation_lists import der, entry, revocation_list, signed_list
from tests.support.revoking_ca import Files
from trustdesk.core.ports import FetchFailure, Retrieved
from trustdesk.network.download import Downloader
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services import revocation_web
from trustdesk.services.revocation_web import CachingRevocationWeb
from trustdesk.services.wording import wording
from trustdesk.storage.revocation_cache import RevocationCache
from trustdesk.verify.revocation_list import IndexedRevocationList

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CA = pki.root("Publishing CA")
LIST = revocation_list(CA, this_update=NOW - timedelta(hours=1), next_update=NOW + timedelta(days=2))


class SetClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def files() -> Iterator[Files]:
    with Files() as server:
        yield server


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def web(folder: Path, clock: SetClock, *, near: bool = True) -> CachingRevocationWeb:
    return CachingRevocationWeb(
        Downloader(proxies=NoProxy()),
        RevocationCache(folder),
        clock=clock,
        allow_private_addresses=near,
    )


def reason(outcome: object) -> str:
    assert isinstance(outcome, FetchFailure), outcome
    return wording("en").text(outcome.reason)


def got(outcome: object) -> Retrieved[object]:
    assert isinstance(outcome, Retrieved), outcome
    return outcome


def test_a_list_is_downloaded_once_and_kept_with_its_time(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock)
    first = got(asked.revocation_list(f"{files.url}/a.crl"))
    clock.at += timedelta(hours=2)
    second = got(asked.revocation_list(f"{files.url}/a.crl"))
    third = got(web(tmp_path, clock).revocation_list(f"{files.url}/a.crl"))
    assert (first.at, first.cached) == (NOW, False)
    assert (second.at, second.cached) == (third.at, third.cached) == (NOW, True)
    assert files.requests == ["GET /a.crl"]


def test_a_list_too_long_for_memory_lies_on_the_disk_once(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    issuer = pki.root("Big CA", key=pki.rsa_key())
    entries = [entry(number.to_bytes(6, "big")) for number in range(1 << 40, (1 << 40) + 20_000)]
    files.bodies["/long.crl"] = signed_list(issuer, der(0x30, *entries))
    url = f"{files.url}/long.crl"
    first = got(web(tmp_path, clock).revocation_list(url))
    again = got(web(tmp_path, clock).revocation_list(url))
    assert isinstance(first.value, IndexedRevocationList)
    assert isinstance(again.value, IndexedRevocationList)
    assert (again.at, again.cached) == (NOW, True)
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".crl", ".index", ".json"]
    assert files.requests == ["GET /long.crl"]


def test_a_list_that_cannot_be_written_serves_all_the_same_and_is_asked_for_once(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    files.bodies["/a.crl"] = LIST
    of_all, no_folder = tmp_path / "of-all", tmp_path / "file"
    of_all.mkdir()
    of_all.chmod(0o777)
    no_folder.write_bytes(b"")
    for folder in (of_all, no_folder / "revocation"):
        files.requests.clear()
        asked = web(folder, clock)
        first = got(asked.revocation_list(f"{files.url}/a.crl"))
        second = got(asked.revocation_list(f"{files.url}/a.crl"))
        assert (first.at, first.cached, second.at, second.cached) == (NOW, False, NOW, True)
        assert files.requests == ["GET /a.crl"]
    assert list(of_all.iterdir()) == []


def test_a_list_in_pem_is_kept_as_what_it_is(tmp_path: Path, files: Files, clock: SetClock) -> None:
    files.bodies["/a.crl"] = x509.load_der_x509_crl(LIST).public_bytes(Encoding.PEM)
    first = got(web(tmp_path, clock).revocation_list(f"{files.url}/a.crl"))
    again = got(web(tmp_path, clock).revocation_list(f"{files.url}/a.crl"))
    assert (first.cached, again.cached) == (False, True)
    assert next(tmp_path.glob("*.crl")).read_bytes() == LIST


def test_a_list_is_asked_for_again_after_six_hours(tmp_path: Path, files: Files, clock: SetClock) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock)
    asked.revocation_list(f"{files.url}/a.crl")
    clock.at += timedelta(hours=7)
    again = got(asked.revocation_list(f"{files.url}/a.crl"))
    assert (again.at, again.cached) == (clock.at, False)
    assert len(files.requests) == 2


def test_a_kept_list_serves_where_no_newer_one_is_to_be_had_and_says_so(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock)
    asked.revocation_list(f"{files.url}/a.crl")
    files.bodies.clear()
    clock.at += timedelta(days=1)
    again = got(asked.revocation_list(f"{files.url}/a.crl"))
    assert (again.at, again.cached) == (NOW, True)


def test_a_kept_list_is_not_used_past_its_next_update(tmp_path: Path, files: Files, clock: SetClock) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock)
    asked.revocation_list(f"{files.url}/a.crl")
    files.bodies.clear()
    clock.at += timedelta(days=3)
    told = reason(asked.revocation_list(f"{files.url}/a.crl"))
    assert "HTTP status 404" in told
    assert "holds no longer than 2026-11-22 12:00 UTC" in told


def test_what_is_no_list_does_not_take_the_place_of_one(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock)
    asked.revocation_list(f"{files.url}/a.crl")
    files.bodies["/a.crl"] = b"<html>Please log in to this network</html>"
    clock.at += timedelta(days=1)
    assert got(asked.revocation_list(f"{files.url}/a.crl")).cached
    assert "the answer is no CRL; its content type is" in reason(
        web(tmp_path / "b", clock).revocation_list(f"{files.url}/a.crl")
    )


def test_a_failure_is_not_asked_for_again_at_once(tmp_path: Path, files: Files, clock: SetClock) -> None:
    asked = web(tmp_path, clock)
    for _ in range(3):
        assert "404" in reason(asked.revocation_list(f"{files.url}/gone.crl"))
    assert files.requests == ["GET /gone.crl"]


@pytest.mark.parametrize("octets", [40, 400])
def test_a_responder_is_asked_by_get_where_that_fits_and_by_post_else(
    tmp_path: Path, files: Files, clock: SetClock, octets: int
) -> None:
    request = b"\x30" + b"r" * octets
    asked = web(tmp_path, clock)
    outcome = asked.ocsp_response(f"{files.url}/ocsp", request)
    (asked_for,) = files.requests
    if octets == 40:
        assert asked_for.startswith("GET /ocsp/MHJycn")
        assert "404" in reason(outcome)
    else:
        assert asked_for == "POST /ocsp application/ocsp-request"
        assert "the answer is empty" in reason(outcome)


def test_an_answer_that_is_no_ocsp_response_is_told_with_its_type(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    files.bodies["/ocsp"] = b"<html>"
    asked = web(tmp_path, clock)
    told = reason(asked.ocsp_response(f"{files.url}/ocsp", b"\x30" * 400))
    assert told == "the answer is no OCSP response; its content type is –"


def test_a_response_that_says_that_it_holds_for_years_is_asked_for_again_after_six_hours(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    """Whoever is on the way once must not decide for as long as the program runs."""
    server = pki.server(CA)
    single = Single(server, CA, this_update=NOW, next_update=NOW + timedelta(days=3000))
    files.bodies["/ocsp"] = response(single, signer=CA)
    asked, request = web(tmp_path, clock), b"\x30" * 400
    assert not got(asked.ocsp_response(f"{files.url}/ocsp", request)).cached
    clock.at += timedelta(hours=5)
    assert got(asked.ocsp_response(f"{files.url}/ocsp", request)).cached
    clock.at -= timedelta(hours=6)
    assert not got(asked.ocsp_response(f"{files.url}/ocsp", request)).cached, "the clock was set back"
    clock.at += timedelta(hours=6)
    assert not got(asked.ocsp_response(f"{files.url}/ocsp", request)).cached
    assert len(files.requests) == 3


def test_private_addresses_are_not_asked_without_leave(tmp_path: Path, files: Files, clock: SetClock) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock, near=False)
    assert "address of this machine itself" in reason(asked.revocation_list(f"{files.url}/a.crl"))
    assert files.requests == []


@pytest.mark.parametrize("url", ["ldap://ca.example/cn=CA?certificateRevocationList", "file:///etc/passwd"])
def test_other_kinds_of_address_are_refused_in_words(tmp_path: Path, clock: SetClock, url: str) -> None:
    told = reason(web(tmp_path, clock).revocation_list(url))
    assert "only http and https are fetched" in told
    assert ("LDAP" in told) is url.startswith("ldap")


def answers(head: str, body: bytes = b"") -> Handler:
    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(f"HTTP/1.1 {head}\r\n\r\n".encode() + body)
        connection.shutdown(socket.SHUT_WR)
        drain(connection)

    return handle


def says_nothing(connection: socket.socket) -> None:
    connection.recv(65536)
    drain(connection)


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        (answers("200 OK\r\nContent-Length: 99999999999"), "it holds more than 67108864 bytes"),
        (answers("200 OK\r\nContent-Length: 5000", LIST), "the answer cannot be used"),
        (answers("200 OK\r\nContent-Length: 20", LIST), "the answer is no CRL"),
        (answers("302 Found\r\nLocation: file:///etc/passwd"), "only http and https are fetched"),
        (answers("302 Found\r\nLocation: http://240.0.0.1/"), "240.0.0.1 is a reserved address"),
        (answers("302 Found\r\nLocation: /"), "it redirects more than 3 times"),
        (says_nothing, "it took longer than 0.3 s"),
    ],
    ids=["huge", "promises more", "promises less", "file", "reserved", "loop", "slow"],
)
def test_servers_that_are_slow_huge_redirecting_or_lying(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch, handler: Handler, why: str
) -> None:
    monkeypatch.setattr(revocation_web, "CRL_S", 0.3)
    with Peer(handler) as peer:
        outcome = web(tmp_path, clock).revocation_list(f"http://127.0.0.1:{peer.port}/")
    assert why in reason(outcome)
    assert list(tmp_path.glob("*.json")) == []


def test_cancelling_ends_it_and_is_no_failure_to_remember(
    tmp_path: Path, files: Files, clock: SetClock
) -> None:
    files.bodies["/a.crl"] = LIST
    asked = web(tmp_path, clock)
    asked.cancel()
    assert reason(asked.revocation_list(f"{files.url}/a.crl")) == "cancelled"
    assert files.requests == []
