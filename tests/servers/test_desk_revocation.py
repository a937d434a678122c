"""The desk at real servers: ours is looked up before, the server is asked about after, and only if wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.test_revocation_commands import NAME, openssl_server
from tests.support import pki
from tests.support.revoking_ca import Files, RevokingCa
from trustdesk.core.finding import Verdict
from trustdesk.core.probe import ProbeReport
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.target import Target, parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.network.download import Downloader
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.desk_values import SweepProgress
from trustdesk.services.evidence_in_use import OpenEvidence
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.revocation_web import CachingRevocationWeb
from trustdesk.storage.revocation_cache import RevocationCache
from trustdesk.storage.workspace import Workspace

pytestmark = pytest.mark.servers

OpenDesk = Callable[[pki.Issued], LiveDesk]


@pytest.fixture
def ca(tmp_path: Path) -> RevokingCa:
    (tmp_path / "ca").mkdir()
    return RevokingCa(tmp_path / "ca")


@pytest.fixture
def open_desk(ca: RevokingCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenDesk]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    opened: list[LiveDesk] = []

    def web() -> CachingRevocationWeb:
        return CachingRevocationWeb(
            Downloader(proxies=NoProxy()),
            RevocationCache(tmp_path / "crls"),
            clock=SystemClock(),
            allow_private_addresses=True,
        )

    def made(client: pki.Issued) -> LiveDesk:
        ours = ClientCredential(
            name="ours", certification_path=(client.der, ca.issuing.der), private_key=client.key
        )
        desk = LiveDesk(
            workspace=Workspace.open(tmp_path / "desk"),
            trust_lists=(pki.trust_list(ca.root),),
            identities={"ours": ours},
            clock=SystemClock(),
            make_web=web,
        )
        opened.append(desk)
        return desk

    yield made
    for desk in opened:
        desk.close()


def target(port: int) -> Target:
    return parse_target(f"https://127.0.0.1:{port}", server_name=NAME, verify_name=NAME)


def handshake(desk: LiveDesk, port: int) -> ProbeReport:
    return desk.probe(target(port), identity="ours").future.result(timeout=30)


def test_a_revoked_client_is_explained_by_the_list_that_is_open(ca: RevokingCa, open_desk: OpenDesk) -> None:
    client = ca.client("ours")
    ca.revoke(client)
    desk = open_desk(client)
    with openssl_server(ca) as port:
        assert handshake(desk, port).explanation.cause == "none"
        crl = read_revocation_list(ca.crl())
        desk.use_evidence([OpenEvidence(name="issuing.crl", crl=crl)]).result(timeout=30)
        report = handshake(desk, port)
    assert report.explanation.cause == "client_cert_revoked"
    assert report.record.client_revocation[0].status is RevocationStatus.REVOKED


def test_a_server_that_refuses_for_a_stale_list_is_explained_by_ours(
    ca: RevokingCa, open_desk: OpenDesk
) -> None:
    desk = open_desk(ca.client("ours"))
    stale = read_revocation_list(ca.crl(stale=True))
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=stale)]).result(timeout=30)
    crl = ca.folder / "ca.crl.pem"
    with openssl_server(ca, "-CRL", str(crl), "-crl_check") as port:
        report = handshake(desk, port)
    assert report.explanation.cause == "server_crl_stale"
    assert any("is of no use to us either" in one.id for one in report.explanation.evidence)


def test_online_asks_after_the_handshake_and_before_it_about_us_and_offline_asks_nobody(
    ca: RevokingCa, open_desk: OpenDesk
) -> None:
    with Files() as web:
        web.bodies["/ca.crl"] = ca.crl()
        desk = open_desk(ca.client("ours", urls=[("crl", f"{web.url}/ca.crl")]))
        with openssl_server(ca) as port:
            offline = handshake(desk, port)
            assert web.requests == []
            assert offline.record.client_revocation == ()
            desk.set_online(True)
            online = handshake(desk, port)
            assert web.requests == ["GET /ca.crl"]
            assert online.record.client_revocation[0].status is RevocationStatus.GOOD
            desk.set_online(False)
            handshake(desk, port)
            assert web.requests == ["GET /ca.crl"]


def test_a_sweep_asks_for_each_of_ours_once_and_cancelling_leaves_the_next_run_alone(
    ca: RevokingCa, open_desk: OpenDesk
) -> None:
    client = ca.client("ours")
    ca.revoke(client)
    desk = open_desk(client)
    crl = read_revocation_list(ca.crl())
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=crl)]).result(timeout=30)
    desk.set_online(True)
    with openssl_server(ca) as port:
        endpoint = desk.add_endpoint("Partner", target(port), "ours").result(timeout=30)
        cancelled = desk.sweep([endpoint], lambda _step: None)
        cancelled.cancel()
        assert cancelled.future.result(timeout=30).passed == 0
        steps: list[SweepProgress] = []
        desk.sweep([endpoint], steps.append).future.result(timeout=30)
    (report,) = (step.report for step in steps if step.report is not None)
    assert report.verdict is Verdict.FAIL
    assert report.explanation.cause == "client_cert_revoked"
