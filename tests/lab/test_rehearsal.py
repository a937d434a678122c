"""Rehearsal: every fault of a client answered in the manner of a partner's software, and said in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.servers import clients
from tests.servers.clients import Client, Park
from tests.servers.families import ACCEPTED, ANSWERS
from tests.support import pki
from tests.support.answers import answer
from tests.support.command import trustdesk
from tests.support.judges import FixedJudge
from trustdesk.core.message import Message
from trustdesk.core.probe import ProbeRecord
from trustdesk.lab.connection import Crowd, Limits
from trustdesk.lab.pki import LabPki
from trustdesk.lab.rehearsal import Style
from trustdesk.lab.rehearsal_server import Rehearsal, RehearsalServers, failing_rules
from trustdesk.network.probe import probe
from trustdesk.network.request import ProbeRequest
from trustdesk.services.wording import wording

FAMILY = {Style.OPENSSL: "openssl", Style.NGINX: "nginx", Style.GO: "go", Style.JAVA: "java-httpsserver"}
NO_CERTIFICATE = "alert 116"
"""What Go's style says to a client without one: see the decision in `lab.rehearsal`."""


@pytest.fixture(scope="module")
def park() -> Park:
    return clients.make_park()


@asynccontextmanager
async def rehearsing(
    style: Style, park: Park, tell: Callable[[Message], None] | None = None
) -> AsyncIterator[RehearsalServers]:
    crowd = Crowd(Limits(linger_s=0.1))
    rehearsal = Rehearsal(style=style, client_list=pki.trust_list(park.root))
    servers = RehearsalServers(LabPki.create(datetime.now(UTC)), crowd, rehearsal, tell)
    await servers.start()
    try:
        yield servers
    finally:
        servers.stop()


def tried(style: Style, park: Park, client: Client) -> tuple[ProbeRecord, list[str]]:
    """Connect as `client`; return what happened and what the server says of it."""
    told: list[str] = []

    async def run() -> ProbeRecord:
        heard = asyncio.Event()

        def hear(one: Message) -> None:
            told.append(wording("en").text(one))
            heard.set()

        async with rehearsing(style, park, hear) as servers:
            request = ProbeRequest(
                target=servers.running[0].target,
                judge=FixedJudge(trusted=True),
                credential=park.credential(client),
            )
            record = await probe(request)
            async with asyncio.timeout(5):
                await heard.wait()  # a refused client is told of when its connection is gone
            return record

    return asyncio.run(run()), told


@pytest.mark.parametrize("client", list(Client))
@pytest.mark.parametrize("style", list(FAMILY))
def test_style_answers_as_its_software_does(park: Park, style: Style, client: Client) -> None:
    record, told = tried(style, park, client)
    expected = ANSWERS[FAMILY[style]][client]
    if client is Client.NOBODY and style is Style.GO:
        expected = NO_CERTIFICATE
    assert answer(record) == expected
    (sentence,) = told
    if client is Client.NOBODY:
        assert sentence == "No client certificate came."
    else:
        assert sentence.startswith("Taken: " if expected == ACCEPTED else "Refused: ")


def test_refusal_names_certificate_and_reason(park: Park) -> None:
    _, (sentence,) = tried(Style.GO, park, Client.EXPIRED)
    assert park.clients[Client.EXPIRED][0].sha256 in sentence
    assert "expired" in sentence


def test_strict_refuses_in_http_what_the_profile_forbids(park: Park) -> None:
    record, (sentence,) = tried(Style.STRICT, park, Client.GOOD)
    assert record.http is not None
    assert record.http.status == 403
    assert sentence.startswith("Taken: ")
    rules = failing_rules(park.clients[Client.GOOD][0].der)
    assert any(rule.startswith("CLI-16: ") for rule in rules)  # no CRL and no OCSP are named in it


def test_ca_file_is_what_clients_are_judged_by(park: Park, tmp_path: Path) -> None:
    names: list[str] = []

    async def run() -> None:
        async with rehearsing(Style.NGINX, park) as servers:
            request = ProbeRequest(target=servers.running[0].target, judge=FixedJudge(trusted=True))
            record = await probe(request)
            assert record.client_auth.request is not None
            names.extend(record.client_auth.request.acceptable_cas)

    asyncio.run(run())
    assert names == ["CN=Park Root"]


def test_file_without_a_ca_is_unusable(park: Park, tmp_path: Path) -> None:
    file = tmp_path / "leaf.pem"
    file.write_bytes(park.server.pem)
    done = trustdesk("lab", "serve", "--style", "go", "--client-ca", file)
    assert done.status == 2
    assert "no CA certificate" in done.err


@pytest.mark.parametrize("arguments", [("--client-ca", "x.pem"), ("--style", "go", "--count", "3")])
def test_options_that_do_not_go_together(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_bytes(b"")
    given = [str(tmp_path / one) if one.endswith(".pem") else one for one in arguments]
    assert trustdesk("lab", "serve", *given).status == 2
