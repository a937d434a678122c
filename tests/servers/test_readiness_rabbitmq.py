"""A readiness check of a real RabbitMQ, with its port without TLS beside the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.servers.process import RealServer, ServerSetup, free_port
from tests.servers.rabbitmq_server import rabbitmq_server
from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.peers import PeerPki
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import HarmlessCall, Readiness
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerJudgement
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.readiness import check_readiness
from trustdesk.services.readiness_desk import ReadinessWishes
from trustdesk.services.readiness_plan import PlainPorts, ReadinessRequest
from trustdesk.services.thread_jobs import Stop
from trustdesk.services.wording import wording

pytestmark = [pytest.mark.servers, pytest.mark.exhaustive]


@pytest.fixture(scope="module")
def pki() -> Iterator[PeerPki]:
    with peers.pki_folder() as made:
        yield made


@pytest.fixture(scope="module")
def plain_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def broker(pki: PeerPki, plain_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    setup = ServerSetup(
        chain=pki.server.pem(),
        key=pki.server.key_pem(),
        client_ca=b"".join(
            one.public_bytes(Encoding.PEM) for one in (*pki.server.path[1:], pki.root.certificate)
        ),
        folder=Path(tmp_path_factory.mktemp("rabbitmq")),
    )
    with rabbitmq_server(setup, plain_port=plain_port) as running:
        yield running


class MatchedJudge(FixedJudge):
    """Trusts, and says that the name is matched."""

    def judge_server(self, *given: object, **named: object) -> ServerJudgement:
        judgement = super().judge_server(*given, **named)  # type: ignore[arg-type]
        return replace(judgement, name_matched=True, matched_by="DNS:peer.example")


@pytest.fixture(scope="module")
def checked(broker: RealServer, pki: PeerPki, plain_port: int) -> Readiness:
    target = parse_target(
        f"amqps://peer.example:{broker.port}", connect="127.0.0.1", verify_name="peer.example"
    )
    network = NetworkThread()
    network.start()
    try:
        return check_readiness(
            network,
            ReadinessRequest(
                endpoint=Endpoint(id=1, partner="Broker", target=target, claims_mutual_tls=True),
                probe=ProbeRequest(
                    target=target, judge=MatchedJudge(trusted=True), credential=pki.client.credential
                ),
                at=datetime.now(UTC),
                wishes=ReadinessWishes(tries_wrong_certificate=True),
                plain_ports=PlainPorts(amqp=plain_port),
            ),
            Stop(),
        )
    finally:
        network.close()


def test_broker_that_is_open_without_tls_fails_by_that_alone(checked: Readiness, plain_port: int) -> None:
    status = {one.rule: one.status.value for one in checked.findings}
    assert {rule: status[rule] for rule in status if rule.startswith("AMQ")} == {
        "AMQ-01": "pass",
        "AMQ-02": "pass",
        "AMQ-03": "pass",
        "AMQ-04": "pass",
        "AMQ-05": "fail",
        "AMQ-06": "pass",
    }
    assert [one.rule for one in checked.findings if one.is_failure] == ["AMQ-05"]
    evidence = next(one.evidence for one in checked.findings if one.rule == "AMQ-05")
    assert f"Port {plain_port} offers without TLS: " in wording("en").text(evidence)
    assert "PLAIN" in wording("en").text(evidence)


def test_certificates_are_accepted_in_both_versions_and_a_strange_one_is_refused(checked: Readiness) -> None:
    status = {one.rule: one.status.value for one in checked.findings}
    assert {status[rule] for rule in ("TLS-01", "TLS-02", "TLS-03", "TLS-06", "TLS-07", "TLS-09")} == {"pass"}
    accepted = next(one.evidence for one in checked.findings if one.rule == "TLS-06")
    assert wording("en").text(accepted) == "It was sent, and the server answered: TLS 1.3, TLS 1.2."


def test_nothing_is_said_to_a_broker_but_the_question_for_its_mechanisms(
    checked: Readiness, broker: RealServer
) -> None:
    """Its log names every user that logged in or tried to."""
    assert [one.call for one in checked.calls if one.not_made is None] == [
        *(HarmlessCall.HANDSHAKE, HarmlessCall.WITH_CERTIFICATE, HarmlessCall.OLD_VERSIONS),
        *(HarmlessCall.PLAIN_AMQP, HarmlessCall.WRONG_CERTIFICATE),
    ]
    assert "granted access" not in broker.log
    assert "refused" not in broker.log
