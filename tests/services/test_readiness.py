"""A readiness check against servers that write down all that they are asked: exactly the harmless calls."""

from __future__ import annotations

import json
import re
import ssl
from datetime import UTC, datetime, timedelta

import pytest

from tests.support import peers
from tests.support.judges import FixedJudge
from tests.support.one_record_server import (
    Asked,
    answer,
    error,
    information,
    plain_server,
    recording_server,
    well_behaved,
)
from tests.support.peers import PeerPki
from trustdesk.core.bearer_token import BearerToken
from trustdesk.core.finding import Finding, FindingStatus, Verdict
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import HarmlessCall, Readiness
from trustdesk.core.target import parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.records import value_converter
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.bearer_tokens import bearer_token
from trustdesk.services.readiness import check_readiness
from trustdesk.services.readiness_desk import ReadinessProgress, ReadinessWishes
from trustdesk.services.readiness_plan import PlainPorts, ReadinessRequest
from trustdesk.services.thread_jobs import Stop
from trustdesk.services.wording import wording

TOKEN = "eyJhbGciOiJFUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl"
BASE = "https://peer.example/api"
HARMLESS_FIELDS = {"host", "accept", "accept-encoding", "user-agent", "connection", "authorization"}


@pytest.fixture(scope="module")
def unused_port() -> int:
    with peers.Peer(lambda _: None) as peer:
        return peer.port


def request_to(
    port: int,
    plain: int,
    *,
    path: str = "/api",
    trusted: bool = True,
    credential: ClientCredential | None = None,
    wishes: ReadinessWishes | None = None,
    claims: bool = False,
    own: str = "",
    required: str = "",
) -> ReadinessRequest:
    target = parse_target(
        f"https://peer.example:{port}{path}", connect="127.0.0.1", verify_name="peer.example"
    )
    return ReadinessRequest(
        endpoint=Endpoint(id=7, partner="Nordwind", target=target, claims_mutual_tls=claims),
        probe=ProbeRequest(target=target, judge=FixedJudge(trusted=trusted), credential=credential),
        at=datetime.now(UTC),
        wishes=wishes or ReadinessWishes(),
        own_endpoint=own,
        own_judge=FixedJudge(trusted=True),
        required_api_version=required,
        plain_ports=PlainPorts(http=plain, amqp=plain),
    )


def said(message: Message | None) -> str:
    return "" if message is None else wording("en").text(message)


def found(readiness: Readiness, rule: str) -> Finding:
    return next(one for one in readiness.findings if one.rule == rule)


def statuses(readiness: Readiness) -> dict[str, str]:
    return {one.rule: one.status.value for one in readiness.findings}


def outcome_of(readiness: Readiness, call: HarmlessCall) -> str:
    made = next(one for one in readiness.calls if one.call is call)
    return said(made.outcome) or f"not made: {said(made.not_made)}"


def checked(network: NetworkThread, request: ReadinessRequest) -> Readiness:
    return check_readiness(network, request, Stop())


def test_every_call_that_there_is_and_no_other_request_is_ever_made(
    network: NetworkThread, pki: PeerPki
) -> None:
    """All wishes at once; each server writes down whatever comes, and what it wrote is the whole of it."""
    told: list[ReadinessProgress] = []
    with (
        recording_server(pki, well_behaved(BASE), client_auth=ssl.CERT_OPTIONAL) as (peer, book),
        plain_server(lambda _: answer(301, b"", more=f"Location: {BASE}\r\n")) as (plain, plain_book),
        recording_server(pki, well_behaved(BASE)) as (ours, own_book),
    ):
        request = request_to(
            peer.port,
            plain.port,
            credential=pki.client.credential,
            wishes=ReadinessWishes(
                token=BearerToken(TOKEN), asks_for_unknown_object=True, tries_wrong_certificate=True
            ),
            own=f"https://127.0.0.1:{ours.port}/notifications",
        )
        readiness = check_readiness(network, request, Stop(), told.append)
    assert readiness.is_whole
    sent = len(pki.client.path)
    asked = [
        (one.method, re.sub(r"[0-9a-f-]{36}$", "UUID", one.path), one.token, one.certificates)
        for one in book.requests
    ]
    assert asked == [
        ("GET", "/api", None, 0),
        ("GET", "/api", None, sent),
        ("GET", "/api", None, sent),
        ("GET", "/api", f"Bearer {TOKEN}", sent),
        ("GET", "/api/logistics-objects/UUID", f"Bearer {TOKEN}", sent),
    ]
    assert [one.version for one in book.requests] == ["TLSv1.3", "TLSv1.3", "TLSv1.2", "TLSv1.3", "TLSv1.3"]
    assert [(one.method, one.path) for one in plain_book.requests] == [("GET", "/api")]
    assert [(one.method, one.path) for one in own_book.requests] == [("GET", "/notifications")] * 2
    everything = [*book.requests, *plain_book.requests, *own_book.requests]
    assert {name for one in everything for name in one.headers} <= HARMLESS_FIELDS
    assert [one.body for one in everything] == [b""] * len(everything)
    assert [one.token for one in (*plain_book.requests, *own_book.requests)] == [None] * 3
    # Three old versions, and the throw-away certificate, ended in the handshake.
    assert (book.connections, len(book.refused)) == (8, 4)
    assert (plain_book.connections, own_book.connections) == (1, 5)
    # The two over the verified connection are one step, and the first GET belongs to the handshake.
    begun = [one.call for one in told]
    assert begun == [one for one in CALLS if one not in {CALLS[1], HarmlessCall.UNKNOWN_OBJECT}]
    assert [one.call for one in readiness.calls] == CALLS
    assert all(one.not_made is None for one in readiness.calls)
    assert statuses(readiness) == {
        **dict.fromkeys((f"TLS-{number:02}" for number in range(1, 13)), "pass"),
        **dict.fromkeys((f"API-{number:02}" for number in range(1, 11)), "pass"),
        "TLS-07": "not_applicable",
        "TLS-08": "not_applicable",
        "API-08": "not_applicable",
        "API-11": "not_run",
    }
    assert readiness.verdict is Verdict.PASS
    assert [outcome_of(readiness, call) for call in CALLS[1:7]] == [
        "answered HTTP 401",
        "TLS 1.3: answered HTTP 401; TLS 1.2: answered HTTP 401",
        "all refused",
        f"port {plain.port}: answered HTTP 301",
        "answered HTTP 200",
        "answered HTTP 404",
    ]
    # What is kept of a check says nothing of the token.
    assert TOKEN not in json.dumps(value_converter().unstructure(readiness))
    assert TOKEN.split(".")[1] not in repr(readiness)


def test_without_wishes_nothing_is_sent_that_nobody_asked_for_and_nothing_open_passes(
    network: NetworkThread, pki: PeerPki, unused_port: int
) -> None:
    with recording_server(pki, well_behaved(BASE)) as (peer, book):
        readiness = checked(network, request_to(peer.port, unused_port))
    assert [(one.path, one.token) for one in book.requests] == [("/api", None)]
    assert book.connections == 5  # the first, one in TLS 1.2 alone without a request, three old versions
    status = statuses(readiness)
    assert {rule for rule, one in status.items() if one == "not_run"} == {
        *("TLS-09", "TLS-11", "API-01", "API-03", "API-04", "API-05", "API-06", "API-07", "API-10", "API-11")
    }
    assert status["TLS-10"] == "pass"
    assert readiness.verdict is Verdict.WARN  # API-01 is an error, and was not run
    assert outcome_of(readiness, HarmlessCall.AUTHORISED) == "not made: No token was given."
    assert outcome_of(readiness, HarmlessCall.WRONG_CERTIFICATE) == "not made: Nobody asked for it."
    assert said(found(readiness, "API-01").evidence) == "No token was given."


def test_untrusted_server_gets_a_bare_get_and_neither_token_nor_certificate(
    network: NetworkThread, pki: PeerPki, unused_port: int
) -> None:
    token = BearerToken(TOKEN)
    wishes = ReadinessWishes(token=token, asks_for_unknown_object=True, tries_wrong_certificate=True)
    with recording_server(pki, well_behaved(BASE), client_auth=ssl.CERT_OPTIONAL) as (peer, book):
        readiness = checked(
            network,
            request_to(
                peer.port, unused_port, trusted=False, credential=pki.client.credential, wishes=wishes
            ),
        )
    assert {(one.path, one.token, one.certificates) for one in book.requests} == {("/api", None, 0)}
    assert not token.is_there
    not_sent = "not made: The server is not trusted: nothing is sent to it but a bare GET."
    assert outcome_of(readiness, HarmlessCall.AUTHORISED) == not_sent
    assert outcome_of(readiness, HarmlessCall.UNKNOWN_OBJECT) == not_sent
    assert outcome_of(readiness, HarmlessCall.WITH_CERTIFICATE) == not_sent
    assert outcome_of(readiness, HarmlessCall.WRONG_CERTIFICATE) == not_sent
    status = statuses(readiness)
    assert {status[rule] for rule in ("API-01", "API-03", "API-09", "TLS-06", "TLS-09")} == {"not_run"}
    assert readiness.verdict is not Verdict.PASS


def test_token_that_has_ended_is_not_sent(network: NetworkThread, pki: PeerPki, unused_port: int) -> None:
    token = BearerToken(TOKEN, datetime.now(UTC) - timedelta(minutes=1))
    with recording_server(pki, well_behaved(BASE)) as (peer, book):
        readiness = checked(network, request_to(peer.port, unused_port, wishes=ReadinessWishes(token=token)))
    assert [one.token for one in book.requests] == [None]
    assert outcome_of(readiness, HarmlessCall.AUTHORISED).startswith("not made: The token ended on ")
    assert not token.is_there


def test_end_of_a_token_is_read_where_it_says_it_and_an_opaque_one_is_taken() -> None:
    claims = "eyJleHAiOjE3NjcyMjU2MDB9"  # {"exp":1767225600}
    signed = f"eyJhbGciOiJFUzI1NiJ9.{claims}.c2ln"
    assert bearer_token(f"Bearer {signed}").expires_at == datetime(2026, 1, 1, tzinfo=UTC)
    wrapped = bearer_token(f"{signed[:20]}\n{signed[20:]}\n")
    assert (wrapped.expires_at, wrapped.take()) == (datetime(2026, 1, 1, tzinfo=UTC), signed)
    assert bearer_token("opaque-1234567890").expires_at is None


def test_server_that_insists_on_a_certificate_gets_no_token_without_one(
    network: NetworkThread, pki: PeerPki, unused_port: int
) -> None:
    wishes = ReadinessWishes(token=BearerToken(TOKEN))
    with recording_server(pki, well_behaved(BASE), client_auth=ssl.CERT_REQUIRED) as (peer, book):
        readiness = checked(network, request_to(peer.port, unused_port, wishes=wishes, claims=True))
    assert book.requests == []
    assert "none was selected" in outcome_of(readiness, HarmlessCall.AUTHORISED)
    assert found(readiness, "TLS-07").status is FindingStatus.PASS


def test_claim_of_mutual_tls_that_is_not_kept_fails(
    network: NetworkThread, pki: PeerPki, unused_port: int
) -> None:
    with recording_server(pki, well_behaved(BASE)) as (peer, _):
        readiness = checked(network, request_to(peer.port, unused_port, claims=True))
    assert found(readiness, "TLS-07").status is FindingStatus.FAIL
    assert readiness.verdict is Verdict.FAIL


def test_nobody_listening_makes_no_further_call_and_no_verdict_but_warn(
    network: NetworkThread, unused_port: int
) -> None:
    token = BearerToken(TOKEN)
    readiness = checked(
        network, request_to(unused_port, unused_port, wishes=ReadinessWishes(token=token), own="https://")
    )
    assert all(one.not_made is not None for one in readiness.calls if one.call is not HarmlessCall.HANDSHAKE)
    assert {one.status.value for one in readiness.findings} <= {"not_run", "not_applicable"}
    assert readiness.verdict is Verdict.WARN
    assert not token.is_there


def test_cancelled_check_delivers_what_it_has_and_makes_no_further_call(
    network: NetworkThread, pki: PeerPki, unused_port: int
) -> None:
    stop, token = Stop(), BearerToken(TOKEN)

    def after_the_first(progress: ReadinessProgress) -> None:
        if progress.call is HarmlessCall.OLD_VERSIONS:
            stop.set()

    with recording_server(pki, well_behaved(BASE)) as (peer, book):
        request = request_to(peer.port, unused_port, wishes=ReadinessWishes(token=token))
        readiness = check_readiness(network, request, stop, after_the_first)
    assert not readiness.is_whole
    assert readiness.verdict is not Verdict.PASS
    assert [one.token for one in book.requests] == [None]
    assert outcome_of(readiness, HarmlessCall.AUTHORISED) == "not made: It was cancelled."
    assert outcome_of(readiness, HarmlessCall.HANDSHAKE).startswith("TLS 1.3")
    assert not token.is_there


def test_certificate_alone_that_lets_in_shows_the_information_and_leaves_the_token_open(
    network: NetworkThread, pki: PeerPki, unused_port: int
) -> None:
    def by_certificate(asked: Asked) -> bytes:
        is_in = asked.certificates > 0
        return answer(200, json.dumps(information(BASE)).encode()) if is_in else answer(401, error(401))

    with recording_server(pki, by_certificate, client_auth=ssl.CERT_OPTIONAL) as (peer, _):
        readiness = checked(
            network, request_to(peer.port, unused_port, credential=pki.client.credential, required="2.2")
        )
    status = statuses(readiness)
    assert (status["API-01"], status["API-02"], status["API-05"], status["API-08"]) == (
        *("not_run", "pass", "pass", "pass"),
    )


CALLS = [
    HarmlessCall.HANDSHAKE,
    HarmlessCall.WITHOUT_CREDENTIALS,
    HarmlessCall.WITH_CERTIFICATE,
    HarmlessCall.OLD_VERSIONS,
    HarmlessCall.PLAIN_HTTP,
    HarmlessCall.AUTHORISED,
    HarmlessCall.UNKNOWN_OBJECT,
    HarmlessCall.WRONG_CERTIFICATE,
    HarmlessCall.OWN_ENDPOINT,
]
"""Of https, in their order."""
