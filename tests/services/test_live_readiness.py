"""Readiness checks of the desk against the real lab: kept with the endpoint, cancelled, and all ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from trustdesk.core.bearer_token import BearerToken
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import HarmlessCall, Readiness
from trustdesk.core.target import TargetProtocol
from trustdesk.network.request import ProbeLimits
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.demo import DemoDesk, open_demo
from trustdesk.services.live_readiness import LiveReadiness
from trustdesk.services.readiness_desk import ReadinessProgress, ReadinessWishes
from trustdesk.services.wording import wording
from trustdesk.storage.settings import SettingsStore


@pytest.fixture(scope="module")
def desk() -> Iterator[DemoDesk]:
    demo = open_demo()
    endpoint = demo.board().result()[0].endpoint
    demo.readiness_desk.last(endpoint.id).result()
    # Its threads live as long as the desk, not as long as one test.
    demo.readiness_desk.check(replace(endpoint, id=0, identity="client-good")).future.result(timeout=30)
    yield demo
    demo.close()


def good(desk: DemoDesk, protocol: TargetProtocol = TargetProtocol.HTTPS) -> Endpoint:
    rows = desk.board().result()
    return next(
        row.endpoint
        for row in rows
        if row.endpoint.identity == "client-good"
        and row.endpoint.target.protocol is protocol
        and not row.endpoint.note
    )


def silent(desk: DemoDesk) -> Endpoint:
    return next(row.endpoint for row in desk.board().result() if "silent" in row.endpoint.note)


def checked(desk: DemoDesk, endpoint: Endpoint, wishes: ReadinessWishes | None = None) -> Readiness:
    return desk.readiness_desk.check(endpoint, wishes).future.result(timeout=30)


def status(readiness: Readiness) -> dict[str, str]:
    return {one.rule: one.status.value for one in readiness.findings}


def test_a_check_presents_the_endpoints_identity_and_is_kept_with_it(desk: DemoDesk) -> None:
    endpoint = good(desk)
    token = BearerToken("opaque-token-of-the-lab")
    made = checked(
        desk,
        endpoint,
        ReadinessWishes(token=token, asks_for_unknown_object=True, tries_wrong_certificate=True),
    )
    found = status(made)
    passing = ("TLS-01", "TLS-06", "TLS-09", "API-01", "API-03", "API-04", "API-06", "API-07", "API-09")
    assert {rule: found[rule] for rule in passing} == dict.fromkeys(passing, "pass")
    # The rules of the certificates stand with them: the server's, and ours.
    assert {"SRV-03", "CLI-03"} <= found.keys()
    assert not token.is_there
    kept = desk.readiness_desk.last(endpoint.id).result()
    assert kept == made
    assert kept is not None
    assert kept.endpoint_id == endpoint.id


def test_an_endpoint_of_no_partner_is_checked_and_nothing_is_kept(desk: DemoDesk) -> None:
    made = checked(desk, replace(good(desk), id=0))
    assert made.endpoint_id == 0
    assert desk.readiness_desk.last(0).result() is None


def test_a_broker_is_checked_by_its_own_rules(desk: DemoDesk) -> None:
    found = status(checked(desk, good(desk, TargetProtocol.AMQPS)))
    assert [rule for rule in found if rule.startswith("AMQ")] == [
        f"AMQ-{number:02}" for number in range(1, 7)
    ]
    assert not [rule for rule in found if rule.startswith("API")]


def test_a_list_that_does_not_have_its_ca_keeps_the_token_here(desk: DemoDesk) -> None:
    token = BearerToken("opaque-token-of-the-lab")
    job = desk.readiness_desk.check(
        replace(good(desk), id=0), ReadinessWishes(token=token), trust_lists=["certifi"]
    )
    made = job.future.result(timeout=30)
    authorised = next(one for one in made.calls if one.call is HarmlessCall.AUTHORISED)
    assert authorised.not_made is not None
    assert status(made)["API-01"] == "not_run"
    assert made.verdict is Verdict.FAIL
    assert not token.is_there


def test_a_lost_identity_asks_nobody_and_the_token_is_gone(desk: DemoDesk) -> None:
    token = BearerToken("opaque-token-of-the-lab")
    job = desk.readiness_desk.check(replace(good(desk), identity="gone"), ReadinessWishes(token=token))
    with pytest.raises(UnusableInputError):
        job.future.result(timeout=10)
    assert not token.is_there


def test_cancelled_it_delivers_soon_and_keeps_nothing(desk: DemoDesk) -> None:
    endpoint = silent(desk)
    begun = threading.Event()
    token = BearerToken("opaque-token-of-the-lab")
    told: list[ReadinessProgress] = []

    def tell(step: ReadinessProgress) -> None:
        told.append(step)
        begun.set()

    job = desk.readiness_desk.check(endpoint, ReadinessWishes(token=token), on_progress=tell)
    assert begun.wait(10)
    job.cancel()
    made = job.future.result(timeout=5)
    assert [one.call for one in told] == [HarmlessCall.HANDSHAKE]
    assert made.verdict is not Verdict.PASS
    assert desk.readiness_desk.last(endpoint.id).result() is None
    assert not token.is_there


def test_settings_name_our_endpoint_and_a_wish_comes_before_them(desk: DemoDesk) -> None:
    ours = good(desk).target
    named = f"https://127.0.0.1:{ours.port}"
    expect = desk.readiness_desk.expect
    kept = expect(f" {named} ", "9.0").result()
    assert (kept.own_endpoint, kept.required_api_version) == (named, "9.0")
    assert desk.readiness_desk.settings().result() == kept
    for endpoint, version in (("ftp://a", ""), ("", "latest")):
        assert isinstance(expect(endpoint, version).exception(timeout=5), UnusableInputError)
    try:
        made = checked(desk, good(desk))
        wished = checked(desk, good(desk), ReadinessWishes(own_endpoint="", required_api_version=""))
    finally:
        expect("", "").result()
    evidence = next(one.evidence for one in made.findings if one.rule == "TLS-11")
    assert named in wording("en").text(evidence)
    own = next(one for one in made.calls if one.call is HarmlessCall.OWN_ENDPOINT)
    assert own.not_made is None
    assert status(made)["API-08"] != "not_applicable"
    assert status(wished)["API-08"] == "not_applicable"
    assert next(one for one in wished.calls if one.call is HarmlessCall.OWN_ENDPOINT).not_made is not None


def test_closing_ends_a_check_that_runs(desk: DemoDesk) -> None:
    own = LiveReadiness(
        desk._workspace,
        desk._network,
        desk._session,
        desk._in_use,
        SystemClock(),
        limits=ProbeLimits(),
        proxies=NoProxy(),
        partners_at=lambda _: (),
        settings=SettingsStore(desk._workspace),
    )
    begun = threading.Event()
    token = BearerToken("opaque-token-of-the-lab")
    try:
        job = own.check(silent(desk), ReadinessWishes(token=token), on_progress=lambda _: begun.set())
        assert begun.wait(10)
    finally:
        own.close()
    assert job.future.done()
    assert not job.future.result().is_whole
    assert not token.is_there
