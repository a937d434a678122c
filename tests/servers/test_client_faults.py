"""Every fault of a client at every family of servers: the probe sees what that family is known to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import clients
from tests.servers.clients import Client, Park
from tests.servers.families import ANSWERS, STARTERS
from tests.servers.process import RealServer, ServerSetup
from tests.support.answers import answer
from tests.support.judges import FixedJudge
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.target import parse_target
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def park() -> Park:
    return clients.make_park()


@pytest.fixture(
    scope="module",
    # RabbitMQ takes its time to start; the matrix of causes starts it in every run.
    params=[
        pytest.param(name, marks=pytest.mark.exhaustive if name == "rabbitmq" else ()) for name in STARTERS
    ],
)
def family(
    request: pytest.FixtureRequest, park: Park, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, RealServer]]:
    name: str = request.param
    with STARTERS[name](setup_of(park, tmp_path_factory.mktemp(name))) as server:
        yield name, server


def setup_of(park: Park, folder: Path, crl: bytes | None = None) -> ServerSetup:
    return ServerSetup(
        chain=park.server_chain,
        key=park.server.key_pem(),
        client_ca=park.root.pem,
        crl=crl,
        folder=folder,
    )


def probed(park: Park, port: int, client: Client, protocol: str = "https") -> ProbeRecord:
    target = parse_target(
        f"{protocol}://127.0.0.1:{port}", server_name=clients.HOST, verify_name=clients.HOST
    )
    request = ProbeRequest(target=target, judge=FixedJudge(trusted=True), credential=park.credential(client))
    return asyncio.run(probe(request))


@pytest.mark.parametrize("client", list(Client))
def test_answer_is_the_one_of_the_family(park: Park, family: tuple[str, RealServer], client: Client) -> None:
    name, server = family
    record = probed(park, server.port, client, "amqps" if name == "rabbitmq" else "https")
    assert answer(record) == ANSWERS[name][client], server.log
    verdict = record.client_auth.verdict
    if record.outcome is Outcome.ACCEPTED:
        assert verdict is ClientCertificateVerdict.ACCEPTED
    else:
        assert verdict is ClientCertificateVerdict.REJECTED


@pytest.mark.parametrize(
    ("crls", "client", "expected"),
    [
        ("crls", Client.GOOD, "accepted"),
        ("crls", Client.REVOKED, "alert 44"),
        ("stale_crls", Client.GOOD, "alert 45"),
        ("other", Client.GOOD, "alert 48"),
    ],
)
@pytest.mark.parametrize("name", ["openssl", "haproxy", "nginx"])
def test_what_a_server_that_checks_a_crl_answers(
    park: Park, tmp_path: Path, name: str, crls: str, client: Client, expected: str
) -> None:
    """A stale CRL reads like an expired certificate, a missing one like an unknown CA."""
    crl = park.crl(park.root) if crls == "other" else getattr(park, crls)
    with STARTERS[name](setup_of(park, tmp_path, crl)) as server:
        record = probed(park, server.port, client)
    wanted = "http 400" if name == "nginx" and expected != "accepted" else expected
    assert answer(record) == wanted, server.log
