"""A real desk whose person chooses a proxy, or to stay offline; and what its office agrees on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from tests.support.memory_secrets import MemorySecrets
from tests.support.peers import Peer, says, stalls
from tests.support.proxies import Heard, connect_proxy
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.connections import Connections, OfflineError, ProxyUse
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.ports import FetchFailure
from trustdesk.core.probe import Outcome, Phase
from trustdesk.core.target import parse_target
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.trust_desk import ImportWish
from trustdesk.services.wording import wording
from trustdesk.storage.connection_settings import FILE_NAME, ConnectionSettings
from trustdesk.storage.workspace import Workspace

WAIT_S = 30
OFFLINE = Connections(is_offline=True)


def desk_in(folder: Path) -> LiveDesk:
    workspace = Workspace.open(folder)
    return LiveDesk(
        workspace=workspace,
        trust_lists=(),
        identities={},
        clock=SystemClock(),
        proxies=NoProxy(),
        keyring=MemorySecrets(),
        connections=ConnectionSettings(workspace.folder),
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LiveDesk]:
    with closing(desk_in(tmp_path)) as made:
        yield made


def test_a_probe_goes_through_the_proxy_that_was_chosen_and_the_next_session_does_too(tmp_path: Path) -> None:
    heard = Heard()
    with Peer(says(b"220 ready\r\n")) as partner, Peer(connect_proxy(partner.port, heard)) as proxy:
        chosen = Connections(proxy_use=ProxyUse.NAMED, proxy=f"http://127.0.0.1:{proxy.port}")
        with closing(desk_in(tmp_path)) as desk:
            desk.settings_desk.connect_by(chosen).result(WAIT_S)
            desk.probe(parse_target("https://one.example")).future.result(WAIT_S)
        with closing(desk_in(tmp_path)) as desk:
            assert desk.settings_desk.connections == chosen
            desk.probe(parse_target("https://two.example")).future.result(WAIT_S)
    assert heard.authorities == ["one.example:443", "two.example:443"]


def everything_that_connects(desk: LiveDesk) -> dict[str, Callable[[], Any]]:
    target = parse_target("https://127.0.0.1:1")
    partner = desk.add_endpoint("A", target, None).result(WAIT_S)
    return {
        "probe": lambda: desk.probe(target).future.result(WAIT_S),
        "diagnose": lambda: desk.diagnose(target).future.result(WAIT_S),
        "sweep": lambda: desk.sweep([partner], lambda _: None).future.result(WAIT_S),
        "readiness": lambda: desk.readiness_desk.check(partner).future.result(WAIT_S),
        "provider": lambda: desk.provider_desk.check_provider("https://127.0.0.1:1").future.result(WAIT_S),
    }


def test_offline_nothing_is_asked_of_anybody(desk: LiveDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    works = everything_that_connects(desk)
    desk.settings_desk.connect_by(OFFLINE).result(WAIT_S)

    def refuse(*given: object, **_more: object) -> None:
        asked.append(given)
        raise OSError

    for name in ("socket.socket.connect", "socket.socket.connect_ex", "socket.getaddrinfo"):
        monkeypatch.setattr(name, refuse)
    for work in works.values():
        with pytest.raises(OfflineError):
            work()
    fetched = desk.trust_desk.prepare_import(ImportWish(name="list", source="https://127.0.0.1:1/list.json"))
    with pytest.raises(EnvironmentFailureError) as refused:
        fetched.future.result(WAIT_S)
    assert "offline" in wording("en").text(refused.value.problem)
    desk.judge_certificate(
        naming_addresses(), purpose=Purpose.SERVER, fetches=True, asks_revocation=True
    ).result(WAIT_S)
    web = desk.revocation.asking_policy().web
    assert web is not None
    outcome = web.ocsp_response("http://127.0.0.1:1/ocsp", b"0")
    assert isinstance(outcome, FetchFailure)
    assert wording("en").text(outcome.reason) == "not run: offline"
    assert asked == []


def naming_addresses() -> CertificateFacts:
    """A certificate that says where its issuer lies, and who knows whether it is revoked."""
    key = ec.generate_private_key(ec.SECP256R1())
    where = [x509.UniformResourceIdentifier("http://127.0.0.1:1/a")]
    methods = (AuthorityInformationAccessOID.CA_ISSUERS, AuthorityInformationAccessOID.OCSP)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf.example")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Some CA")]))
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .serial_number(7)
        .public_key(key.public_key())
        .add_extension(
            x509.AuthorityInformationAccess([x509.AccessDescription(one, where[0]) for one in methods]), False
        )
        .add_extension(x509.CRLDistributionPoints([x509.DistributionPoint(where, None, None, None)]), False)
        .sign(key, hashes.SHA256())
    )
    return read_certificate(made.public_bytes(Encoding.DER))


def test_what_runs_ends_when_the_person_goes_offline(desk: LiveDesk) -> None:
    reached = threading.Event()
    with Peer(stalls) as silent:
        job = desk.probe(
            parse_target(f"https://127.0.0.1:{silent.port}"),
            on_progress=lambda step: reached.set() if step is Phase.HANDSHAKE else None,
        )
        assert reached.wait(WAIT_S)
        desk.settings_desk.connect_by(OFFLINE).result(WAIT_S)
        assert job.future.result(WAIT_S).record.outcome is Outcome.CANCELLED


def test_back_online_the_same_partner_is_tested_again(desk: LiveDesk) -> None:
    heard: list[Connections] = []
    desk.settings_desk.when_connections_change(heard.append)
    with Peer(says(b"220 ready\r\n")) as partner:
        target = parse_target(f"https://127.0.0.1:{partner.port}")
        desk.settings_desk.connect_by(OFFLINE).result(WAIT_S)
        with pytest.raises(OfflineError):
            desk.probe(target).future.result(WAIT_S)
        desk.settings_desk.connect_by(Connections()).result(WAIT_S)
        desk.probe(target).future.result(WAIT_S)
    assert [one.is_offline for one in heard] == [True, False]


def test_a_proxy_that_cannot_be_used_changes_nothing(desk: LiveDesk, tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError):
        desk.settings_desk.connect_by(Connections(proxy_use=ProxyUse.NAMED, proxy="gopher://x")).result(
            WAIT_S
        )
    assert desk.settings_desk.connections == Connections()
    assert not (tmp_path / FILE_NAME).exists()


def test_a_kept_proxy_that_is_none_any_more_means_offline(tmp_path: Path) -> None:
    ConnectionSettings(tmp_path).write(Connections(proxy_use=ProxyUse.NAMED, proxy="gopher://x"))
    with closing(desk_in(tmp_path)) as desk:
        assert desk.settings_desk.connections.is_offline


def test_settings_are_changed_together_or_not_at_all(desk: LiveDesk) -> None:
    settings = desk.settings_desk
    settings.change(lambda now: replace(now, keep_days=400, own_endpoint="https://own.example/n")).result(
        WAIT_S
    )
    with pytest.raises(UnusableInputError):
        settings.change(lambda now: replace(now, keep_days=1, required_api_version="x")).result(WAIT_S)
    with pytest.raises(UnusableInputError):
        settings.change(lambda now: replace(now, keep_days=0)).result(WAIT_S)
    kept = settings.settings().result(WAIT_S)
    assert (kept.keep_days, kept.own_endpoint, kept.required_api_version) == (
        400,
        "https://own.example/n",
        "",
    )


def test_the_places_are_those_of_this_computer(desk: LiveDesk, tmp_path: Path) -> None:
    places = [one.place for one in desk.settings_desk.places().result(WAIT_S)]
    assert str(tmp_path / "workspace.sqlite") in places
    assert str(tmp_path / FILE_NAME) in places
