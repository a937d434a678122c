"""The matrix of causes and servers, for real: every server of it started, every client diagnosed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.diagnose.causes_by_family import CASES, SPECIAL, Case
from tests.servers import clients
from tests.servers.clients import Client, Park
from tests.servers.families import STARTERS
from tests.servers.process import RealServer, ServerSetup
from trustdesk.core.diagnosis import Diagnosis, ProbeVariant, TlsVersions
from trustdesk.core.message import msg
from trustdesk.core.target import Target, parse_target
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.diagnosing import DiagnosisRequest, own_identity, start_diagnosis
from trustdesk.services.preflight import preflight_of
from trustdesk.verify.judge import PathJudge

_SERVERS_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """One cell of the matrix.

    Attributes:
        rank: of the true cause, from 1; None when it is not among the hypotheses.
        seconds: for preflight and diagnosis.
    """

    case: Case
    diagnosis: Diagnosis
    rank: int | None
    seconds: float


def park_list(park: Park) -> TrustList:
    """Return the list that holds the root of the servers."""
    return TrustList(name="park", title=msg("park"), origin=TrustListOrigin.FILE, anchors=(park.root.facts,))


def target_at(port: int, protocol: str = "https") -> Target:
    return parse_target(f"{protocol}://127.0.0.1:{port}", server_name=clients.HOST, verify_name=clients.HOST)


def request_for(
    park: Park, target: Target, client: Client, versions: TlsVersions = TlsVersions.ANY
) -> DiagnosisRequest:
    credential, trust_list = park.credential(client), park_list(park)
    preflight = preflight_of(credential, [trust_list], datetime.now(UTC))
    return DiagnosisRequest(
        probe=ProbeRequest(
            target=target,
            judge=PathJudge([trust_list]),
            credential=credential,
            variant=ProbeVariant(versions=versions),
        ),
        preflight=preflight,
        identities=own_identity(client.value, preflight),
    )


def matrix(folder: Path) -> Iterator[Diagnosed]:
    """Start each server of the matrix, a few at a time, and diagnose it as each of its clients."""
    park = clients.make_park()
    network = NetworkThread()
    network.start()

    def at_one(number: int, setup: tuple[str, str | None, str], cases: list[Case]) -> list[Diagnosed]:
        family, crl, special = setup
        place = folder / f"{number}-{family}"
        place.mkdir()
        with _server(park, family, crl, special, place) as server:
            return [_diagnosed(network, park, server.port, case) for case in cases]

    try:
        # Servers start, and think before they refuse: most of the time is waiting.
        with ThreadPoolExecutor(_SERVERS_AT_ONCE) as starters:
            started = [
                starters.submit(at_one, number, setup, cases)
                for number, (setup, cases) in enumerate(_by_server().items())
            ]
            for one in started:
                yield from one.result()
    finally:
        network.close()


def _by_server() -> dict[tuple[str, str | None, str], list[Case]]:
    found: dict[tuple[str, str | None, str], list[Case]] = {}
    for case in CASES:
        found.setdefault((case.family, case.crl, case.server), []).append(case)
    return found


def _server(park: Park, family: str, crl: str | None, special: str, folder: Path) -> RealServer:
    setup = ServerSetup(
        chain=park.server_chain,
        key=park.server.key_pem(),
        client_ca=park.root.pem,
        crl=None if crl is None else _crl(park, crl),
        folder=folder,
    )
    return (SPECIAL[special] if special else STARTERS[family])(setup)


def _crl(park: Park, name: str) -> bytes:
    if name == "other":
        return park.crl(park.root)
    return {"crls": park.crls, "stale_crls": park.stale_crls}[name]


def _diagnosed(network: NetworkThread, park: Park, port: int, case: Case) -> Diagnosed:
    protocol = "amqps" if case.family == "rabbitmq" else "https"
    versions = TlsVersions.TLS_1_2 if case.version == "TLSv1.2" else TlsVersions.ANY
    began = time.perf_counter()
    request = request_for(park, target_at(port, protocol), case.client, versions)
    diagnosis = start_diagnosis(network, request).future.result(60)
    seconds = time.perf_counter() - began
    causes = [hypothesis.cause for hypothesis in diagnosis.hypotheses]
    rank = causes.index(case.cause) + 1 if case.cause in causes else None
    return Diagnosed(case=case, diagnosis=diagnosis, rank=rank, seconds=seconds)
