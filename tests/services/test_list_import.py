"""Lists from https addresses: a real server with an ETag, and servers that stall, flood, redirect and lie."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.peers import Handler, Peer, PeerPki, drain, server_context
from tests.support.trust_lab import (
    LIST_NAME,
    WAIT_S,
    SharedReader,
    TrustLab,
    pilot_14,
    pilot_15,
    pilot_pki,
    signed_json,
)
from trustdesk.core.errors import CancelledByPersonError, EnvironmentFailureError, UnusableInputError
from trustdesk.core.trust_version import Transport
from trustdesk.network.download import Downloader
from trustdesk.network.resolve import Address
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services import list_import
from trustdesk.services.trust_desk import ImportPhase, ImportProgress, ImportWish
from trustdesk.services.wording import wording

SAY = wording().text
HOST = "peer.example"


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    yield from SharedReader.process()


def to_loopback(host: str, port: int) -> Sequence[Address]:
    address = "127.0.0.1" if host in {HOST, "localhost"} else host
    return [Address(family=socket.AF_INET, socket_address=(address, port))]


@pytest.fixture
def lab(tmp_path: Path, pki: PeerPki) -> Iterator[TrustLab]:
    def trusting() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=pki.root.certificate.public_bytes(Encoding.PEM).decode())
        return context

    opened = TrustLab(
        tmp_path,
        make_downloader=lambda: Downloader(proxies=NoProxy(), resolver=to_loopback, tls=trusting),
    )
    yield opened
    opened.close()


class Publisher:
    """Serves one list over TLS with an ETag, and keeps what it was asked."""

    def __init__(self, pki: PeerPki, body: bytes, etag: str = '"v14"') -> None:
        self.body, self.etag = body, etag
        self.requests: list[str] = []
        self._context = server_context(pki)

    def __call__(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as secure:
            request = secure.recv(65536).decode()
            self.requests.append(request)
            if f"If-None-Match: {self.etag}\r\n" in request:
                secure.sendall(f"HTTP/1.1 304 Not Modified\r\nETag: {self.etag}\r\n\r\n".encode())
            else:
                head = f"HTTP/1.1 200 OK\r\nETag: {self.etag}\r\nContent-Length: {len(self.body)}\r\n\r\n"
                secure.sendall(head.encode() + self.body)
            secure.shutdown(socket.SHUT_WR)
            drain(secure)


def secured(pki: PeerPki, after: Handler) -> Handler:
    """Let a handler talk over TLS, once it was asked."""
    context = server_context(pki)

    def handler(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            after(secure)

    return handler


def signer() -> str:
    return pilot_pki().signer.sha256


def test_a_list_is_fetched_and_fetched_again_only_where_it_has_changed(lab: TrustLab, pki: PeerPki) -> None:
    publisher = Publisher(pki, signed_json(pilot_14()))
    with Peer(publisher) as peer:
        url = f"https://{HOST}:{peer.port}/list.json"
        version = lab.apply(url, signer=signer())
        assert (version.source.transport, version.source.place) == (Transport.HTTPS, url)
        assert version.source.etag == '"v14"'
        assert lab.summary().url == url

        assert lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S) is None
        assert len(lab.summary().versions) == 1

        publisher.body, publisher.etag = signed_json(pilot_15()), 'W/"v15"'
        update = lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S)
        assert update is not None
        assert update.review.content.authenticity.pinned
        assert update.review.obstacles == ()
        lab.trust.keep_waiting(update, "").future.result(WAIT_S)
        assert lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S) is None
    asked = [request.split("If-None-Match: ")[1].split("\r\n")[0] for request in publisher.requests[1:]]
    assert asked == ['"v14"', '"v14"', 'W/"v15"']
    assert "If-None-Match" not in publisher.requests[0]


def test_a_version_that_was_undone_is_fetched_again(lab: TrustLab, pki: PeerPki) -> None:
    publisher = Publisher(pki, signed_json(pilot_14()))
    with Peer(publisher) as peer:
        lab.apply(f"https://{HOST}:{peer.port}/list.json", signer=signer())
        publisher.body, publisher.etag = signed_json(pilot_15()), '"v15"'
        update = lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S)
        assert update is not None
        lab.trust.apply(update, "in its turn").future.result(WAIT_S)
        assert lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S) is None
        lab.trust.undo(LIST_NAME, "it broke a partner").future.result(WAIT_S)
        again = lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S)
        assert again is not None
        assert (again.review.number, again.review.base) == (3, 1)


def test_the_lists_own_server_is_judged_by_the_public_webs_list(pki: PeerPki, tmp_path: Path) -> None:
    """An organisation's own CA is not asked: what the list says is proved by its signature."""
    lab = TrustLab(tmp_path, make_downloader=lambda: Downloader(proxies=NoProxy(), resolver=to_loopback))
    try:
        with (
            Peer(Publisher(pki, signed_json(pilot_14()))) as peer,
            pytest.raises(EnvironmentFailureError) as refused,
        ):
            lab.review(f"https://{HOST}:{peer.port}/list.json")
        assert f"the certificate of {HOST} is not trusted" in SAY(refused.value.problem)
        assert "certifi" in SAY(refused.value.remedy)
    finally:
        lab.close()


def test_a_list_from_a_file_is_not_fetched(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    with pytest.raises(UnusableInputError):
        lab.trust.prepare_update(LIST_NAME).future.result(WAIT_S)


@pytest.mark.parametrize(
    "url",
    [
        "http://peer.example/list.json",
        "ftp://peer.example/list.json",
        "file:///etc/passwd",
        "https://name:secret-word@peer.example/list.json",
        "name:secret-word@peer.example/list.json",
        "https:name:secret-word@peer.example/list.json",
        "https:/name:secret-word@peer.example/list.json",
        "secret-word://name:secret-word@peer.example/list.json",
        "https://",
        "https://peer.example/" + "x" * 3000,
    ],
)
def test_no_other_address_is_fetched_and_no_password_is_repeated(lab: TrustLab, url: str) -> None:
    with pytest.raises(UnusableInputError) as refused:
        lab.review(url)
    assert "secret-word" not in f"{refused.value} {refused.value.place} {refused.value.problem}"


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://peer.example/list.json", "only https is fetched"),
        ("https://127.0.0.1/list.json", "127.0.0.1 is an address of this machine itself"),
        ("https://169.254.169.254/latest", "169.254.169.254 is"),
        ("https://10.0.0.1/list.json", "10.0.0.1 is an address of a private network"),
    ],
)
def test_a_redirect_leads_to_public_https_alone(lab: TrustLab, pki: PeerPki, location: str, why: str) -> None:
    def redirect(secure: socket.socket) -> None:
        answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        secure.sendall(answer.encode())
        drain(secure)

    with Peer(secured(pki, redirect)) as peer, pytest.raises(EnvironmentFailureError) as refused:
        lab.review(f"https://{HOST}:{peer.port}/list.json")
    assert why in SAY(refused.value.problem)


def test_endless_data_ends_at_the_limit(lab: TrustLab, pki: PeerPki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_import, "URL_BYTES", 1 << 20)

    def flood(secure: socket.socket) -> None:
        secure.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            secure.sendall(b"x" * 65536)

    with Peer(secured(pki, flood)) as peer, pytest.raises(EnvironmentFailureError) as refused:
        lab.review(f"https://{HOST}:{peer.port}/list.json")
    assert "it holds more than 1048576 bytes" in SAY(refused.value.problem)
    assert lab.trust.lists().result(WAIT_S)[0].name == "certifi"


def test_a_server_that_stalls_is_cancelled_at_once(lab: TrustLab, pki: PeerPki) -> None:
    began = threading.Event()

    def stall(secure: socket.socket) -> None:
        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
        began.set()
        drain(secure)

    with Peer(secured(pki, stall)) as peer:
        wish = ImportWish(source=f"https://{HOST}:{peer.port}/list.json", name=LIST_NAME)
        job = lab.trust.prepare_import(wish)
        assert began.wait(WAIT_S)
        job.cancel()
        with pytest.raises(CancelledByPersonError):
            job.future.result(WAIT_S)
    assert lab.review(signed_json(pilot_14())).review.number == 1  # and the next one goes on


@pytest.mark.parametrize("phase", [ImportPhase.FETCHING, ImportPhase.READING, ImportPhase.CHECKING])
def test_an_import_is_cancelled_in_every_phase_and_nothing_is_kept(
    tmp_path: Path, phase: ImportPhase
) -> None:
    reached, gone_on = threading.Event(), threading.Event()

    def stop_there(progress: ImportProgress) -> None:
        if progress.phase is phase and not reached.is_set():
            reached.set()
            assert gone_on.wait(WAIT_S)

    lab = TrustLab(tmp_path, has_own_reader=True)  # cancelling ends its process
    try:
        file = lab.file(signed_json(pilot_14()))
        job = lab.trust.prepare_import(ImportWish(source=file, name=LIST_NAME), stop_there)
        assert reached.wait(WAIT_S)
        job.cancel()
        gone_on.set()
        with pytest.raises(CancelledByPersonError):
            job.future.result(WAIT_S)
        assert [one.name for one in lab.trust.lists().result(WAIT_S)] == ["certifi"]
    finally:
        lab.close()


def test_an_import_that_waits_for_another_is_cancelled_too(lab: TrustLab, pki: PeerPki) -> None:
    def stall(secure: socket.socket) -> None:
        drain(secure)

    file = lab.file(signed_json(pilot_14()))
    with Peer(secured(pki, stall)) as peer:
        first = lab.trust.prepare_import(ImportWish(source=f"https://{HOST}:{peer.port}/", name="First"))
        second = lab.trust.prepare_import(ImportWish(source=file, name="Second"))
        second.cancel()
        with pytest.raises(FutureTimeoutError):
            first.future.result(0)
        first.cancel()
        for job in (first, second):
            with pytest.raises(CancelledByPersonError):
                job.future.result(WAIT_S)


def test_progress_tells_the_phases_in_their_order(lab: TrustLab) -> None:
    told: list[ImportProgress] = []
    wish = ImportWish(source=lab.file(signed_json(pilot_14())), name=LIST_NAME)
    lab.trust.prepare_import(wish, told.append).future.result(WAIT_S)
    phases = list(dict.fromkeys(one.phase for one in told))
    assert phases == [ImportPhase.FETCHING, ImportPhase.READING, ImportPhase.CHECKING]


def test_what_is_no_file_is_refused(lab: TrustLab, tmp_path: Path) -> None:
    for place in (tmp_path / "missing", tmp_path / "empty"):
        if place.name == "empty":
            place.mkdir()
        with pytest.raises(UnusableInputError) as refused:
            lab.review(place)
        assert refused.value.place == str(place)
