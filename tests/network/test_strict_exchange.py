"""The connection that a token may go over: verified in its own handshake, or nothing is said."""

from __future__ import annotations

import copy
import pickle
import ssl
from collections.abc import Sequence

import pytest

from tests.support import peers
from tests.support.judges import DecidingJudge, FixedJudge, broken_judge
from tests.support.one_record_server import Asked, answer, recording_server, well_behaved
from tests.support.peers import PeerPki
from trustdesk.core.bearer_token import MAX_TOKEN, BearerToken
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.target import parse_target
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.strict_exchange import StrictOutcome, StrictRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.wording import wording

TOKEN = "eyJhbGciOiJFUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl"


def asked(
    network: NetworkThread,
    port: int,
    judge: FixedJudge,
    *,
    paths: Sequence[str] = ("/api",),
    token: BearerToken | None = None,
    credential: ClientCredential | None = None,
    staple: bytes | None = None,
    total_s: float = 20.0,
) -> StrictOutcome:
    target = parse_target(
        f"https://127.0.0.1:{port}/api", server_name="peer.example", verify_name="peer.example"
    )
    request = StrictRequest(
        target=target,
        judge=judge,
        paths=tuple(paths),
        token=token,
        credential=credential,
        staple=staple,
        total_s=total_s,
    )
    return network.strict_exchange(request).future.result(30)


def why(outcome: StrictOutcome) -> str:
    return "" if outcome.stopped is None else wording("en").text(outcome.stopped)


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_token_goes_to_a_server_that_the_judge_trusts_and_is_gone_after_that(
    network: NetworkThread, pki: PeerPki, newest: ssl.TLSVersion
) -> None:
    judge, token = FixedJudge(trusted=True), BearerToken(TOKEN)
    with recording_server(pki, well_behaved("https://peer.example"), newest=newest) as (peer, book):
        outcome = asked(
            network, peer.port, judge, token=token, paths=("/api", "/api/logistics-objects/none"), staple=b"x"
        )
    assert [one.status for one in outcome.answers] == [200, 404]
    assert [one.token for one in book.requests] == [f"Bearer {TOKEN}"] * 2
    assert book.connections == 1
    assert outcome.stopped is None
    assert not token.is_there
    # Asked once, about the chain as it was presented, for the name, with the staple of before.
    assert [(chain[0], name) for chain, name, _ in judge.asked] == [(pki.server.der, "peer.example")]
    assert judge.staples == [b"x"]
    assert len(judge.asked[0][0]) == len(pki.server.path)


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_untrusted_server_gets_an_alert_and_neither_token_nor_certificate_nor_request(
    network: NetworkThread, pki: PeerPki, newest: ssl.TLSVersion
) -> None:
    token = BearerToken(TOKEN)
    with recording_server(
        pki, well_behaved("https://peer.example"), newest=newest, client_auth=ssl.CERT_OPTIONAL
    ) as (peer, book):
        outcome = asked(
            network, peer.port, FixedJudge(trusted=False), token=token, credential=pki.client.credential
        )
    assert outcome.answers == ()
    assert outcome.sent == 0
    assert why(outcome) == "The server's certificate was not trusted on this connection."
    assert book.requests == []
    assert len(book.refused) == 1  # our alert, before any certificate of ours
    assert not token.is_there


def test_judge_that_sees_another_certificate_than_before_decides_for_this_connection(
    network: NetworkThread, pki: PeerPki
) -> None:
    judge = DecidingJudge(lambda chain: chain[0] == pki.server.der)
    other = peers.issue("peer.example", pki.root)
    token = BearerToken(TOKEN)
    with recording_server(pki, well_behaved("https://peer.example"), server=other) as (peer, book):
        outcome = asked(network, peer.port, judge, token=token)
    assert outcome.sent == 0
    assert book.requests == []


def test_judge_that_breaks_lets_nothing_through(network: NetworkThread, pki: PeerPki) -> None:
    token = BearerToken(TOKEN)
    with (
        recording_server(pki, well_behaved("https://peer.example")) as (peer, book),
        pytest.raises(RuntimeError),
    ):
        asked(network, peer.port, broken_judge(RuntimeError("a bug")), token=token)
    assert book.requests == []
    assert not token.is_there


def test_client_certificate_goes_along_where_it_is_asked_for(network: NetworkThread, pki: PeerPki) -> None:
    with recording_server(pki, well_behaved("https://peer.example"), client_auth=ssl.CERT_REQUIRED) as (
        peer,
        book,
    ):
        outcome = asked(
            network,
            peer.port,
            FixedJudge(trusted=True),
            credential=pki.client.credential,
            token=BearerToken(TOKEN),
        )
    assert [one.status for one in outcome.answers] == [200]
    assert book.requests[0].certificates == len(pki.client.path)


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_are_not_spoken(network: NetworkThread, pki: PeerPki, newest: ssl.TLSVersion) -> None:
    with peers.warnings_allowed():
        serving = recording_server(
            pki, well_behaved("https://peer.example"), newest=newest, oldest=ssl.TLSVersion.TLSv1
        )
        with serving as (peer, book):
            outcome = asked(network, peer.port, FixedJudge(trusted=True), token=BearerToken(TOKEN))
    assert outcome.sent == 0
    assert book.requests == []


def test_redirect_is_not_followed(network: NetworkThread, pki: PeerPki) -> None:
    def elsewhere(_: Asked) -> bytes:
        return answer(301, b"", more="Location: https://peer.example/elsewhere\r\n")

    with recording_server(pki, elsewhere) as (peer, book):
        outcome = asked(network, peer.port, FixedJudge(trusted=True), token=BearerToken(TOKEN))
    assert [one.location for one in outcome.answers] == ["https://peer.example/elsewhere"]
    assert [one.path for one in book.requests] == ["/api"]


def test_second_request_is_not_made_over_a_new_connection(network: NetworkThread, pki: PeerPki) -> None:
    def once(_: Asked) -> bytes:
        return answer(200, b"{}", close=True)

    with recording_server(pki, once) as (peer, book):
        outcome = asked(
            network,
            peer.port,
            FixedJudge(trusted=True),
            token=BearerToken(TOKEN),
            paths=("/api", "/api/none"),
        )
    assert (len(outcome.answers), outcome.sent, book.connections) == (1, 1, 1)
    assert why(outcome) == "The server ended the connection after its answer."


def test_token_that_an_answer_repeats_is_taken_out_of_it(network: NetworkThread, pki: PeerPki) -> None:
    def echo(request: Asked) -> bytes:
        return answer(
            200, (request.token or "").encode(), kind=f"text/{TOKEN}", more=f"Location: {TOKEN}\r\n"
        )

    with recording_server(pki, echo) as (peer, _):
        outcome = asked(network, peer.port, FixedJudge(trusted=True), token=BearerToken(TOKEN))
    found = outcome.answers[0]
    assert found.body == "Bearer …".encode()
    assert TOKEN not in f"{found!r}{found.content_type}{found.location}"


def test_silent_server_ends_in_time_and_the_token_is_gone(network: NetworkThread, pki: PeerPki) -> None:
    token = BearerToken(TOKEN)
    with recording_server(pki, lambda _: b"") as (peer, book):
        outcome = asked(network, peer.port, FixedJudge(trusted=True), token=token, total_s=0.3)
    assert (outcome.answers, outcome.sent, len(book.requests)) == ((), 1, 1)
    assert not token.is_there


def test_endless_answer_is_cut_off(network: NetworkThread, pki: PeerPki) -> None:
    def endless(_: Asked) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"a" * 400_000

    with recording_server(pki, endless) as (peer, _):
        outcome = asked(network, peer.port, FixedJudge(trusted=True))
    assert (len(outcome.answers[0].body), outcome.answers[0].is_whole) == (256 * 1024, False)


def test_nobody_listening_is_told() -> None:
    thread = NetworkThread()
    thread.start()
    try:
        with peers.Peer(lambda _: None) as peer:
            port = peer.port
        outcome = asked(thread, port, FixedJudge(trusted=True))
    finally:
        thread.close()
    assert why(outcome) == "It could not be connected to a second time."


def test_token_tells_nobody_of_itself() -> None:
    token = BearerToken(f"Authorization: Bearer {TOKEN}\n")
    assert TOKEN not in f"{token!r}{token}"
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            copied(token)
    assert token.take() == TOKEN
    with pytest.raises(ValueError, match="gone"):
        token.take()


@pytest.mark.parametrize("text", ["", "Bearer ", "two words", "a\r\nX: y", "tökén", "a" * (MAX_TOKEN + 1)])
def test_what_is_no_token_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(UnusableInputError) as refused:
        BearerToken(text)
    assert text == "" or text not in repr(refused.value.problem) + str(refused.value.remedy)
