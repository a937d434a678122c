"""Identity providers on a real workspace, asked over real TLS: lists, checks, tokens that leave no trace."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import pki, tokens
from tests.support.memory_secrets import MemorySecrets
from tests.support.peers import Peer, issue, stalls
from tests.support.provider_servers import (
    DISCOVERY,
    KEYS,
    PATH,
    ProviderServer,
    answer,
    never_ends,
    provider_server,
)
from tests.support.proxies import Heard, connect_proxy
from tests.support.tokens import public_jwk
from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.identity_provider import ProviderCheck, ProviderList, TokenReading
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.list_signing import sign_list
from trustdesk.formats.provider_list import provider_list_bytes
from trustdesk.formats.web_key import read_key
from trustdesk.network.request import ProbeLimits
from trustdesk.network.web_proxy import NamedProxy, NoProxy, ProxyChoice
from trustdesk.services import provider_check
from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.wording import wording
from trustdesk.storage.workspace import Workspace

TIMEOUT_S = 20


@pytest.fixture(scope="module")
def server() -> Iterator[ProviderServer]:
    with provider_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _as_good_as_new(request: pytest.FixtureRequest) -> None:
    if "server" in request.fixturenames:
        running: ProviderServer = request.getfixturevalue("server")
        running.answers.clear()
        running.asked.clear()
        running.publish(public_jwk())


def open_live(server: ProviderServer, folder: Path, proxies: ProxyChoice | None = None) -> LiveDesk:
    return LiveDesk(
        workspace=Workspace.open(folder),
        trust_lists=(server.trust_list,),
        identities={},
        clock=SystemClock(),
        limits=ProbeLimits(),
        proxies=proxies or NoProxy(),
        keyring=MemorySecrets(),
    )


@pytest.fixture(scope="module")
def shared_desk(server: ProviderServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDesk]:
    folder = tmp_path_factory.mktemp("providers")
    live = open_live(server, folder / "workspace")
    # Its threads live as long as the desk, not as long as one test.
    kept(live, list_file(folder, server))
    checked(live, server.issuer)
    yield live
    live.close()


@pytest.fixture
def desk(shared_desk: LiveDesk) -> LiveDesk:
    for one in shared_desk.provider_desk.provider_lists().result(TIMEOUT_S):
        shared_desk.provider_desk.remove_providers(one.name, "").future.result(TIMEOUT_S)
    return shared_desk


def checked(desk: LiveDesk, issuer: str) -> ProviderCheck:
    return desk.provider_desk.check_provider(issuer).future.result(TIMEOUT_S)


def of(result: ProviderCheck | TokenReading, rule: str) -> Finding:
    return next(one for one in result.findings if one.rule == rule)


def said(result: ProviderCheck | TokenReading, rule: str) -> str:
    return wording("en").text(of(result, rule).evidence)


def list_file(folder: Path, server: ProviderServer, *keys: dict[str, Any], **changes: Any) -> Path:
    provider: dict[str, Any] = {
        "issuer": server.issuer,
        "name": "Cargo IdP",
        "jwks_uri": f"https://localhost:{server.port}{KEYS}",
        "keys": list(keys),
    }
    document = {
        "schema": "trustdesk.trust-list/1",
        "title": "Providers",
        "list_id": "urn:example:providers",
        "sequence": 3,
        "providers": [{name: value for name, value in provider.items() if value}],
        **changes,
    }
    file = folder / "providers.json"
    file.write_text(json.dumps({name: value for name, value in document.items() if value is not None}))
    return file


def kept(desk: LiveDesk, file: Path) -> ProviderList:
    prepared = desk.provider_desk.prepare_providers(file, "providers").future.result(TIMEOUT_S)
    return desk.provider_desk.keep_providers(prepared, "because").future.result(TIMEOUT_S)


def test_a_good_provider_passes(desk: LiveDesk, server: ProviderServer, tmp_path: Path) -> None:
    kept(desk, list_file(tmp_path, server))
    check = checked(desk, server.issuer)
    assert check.verdict is Verdict.PASS, [said(check, one.rule) for one in check.findings if one.is_failure]
    for rule in ("IDP-01", "IDP-02", "IDP-03", "IDP-04", "IDP-05", "IDP-06", "IDP-07", "JWT-06", "JWT-11"):
        assert of(check, rule).status is FindingStatus.PASS, rule
    assert of(check, "SRV-01").status is FindingStatus.PASS
    assert server.asked == ["/", DISCOVERY, KEYS]  # the one server is probed once
    assert [json.loads(key)["kid"] for key in check.keys] == ["k1"]


def test_who_is_on_no_list_can_be_looked_at_before(desk: LiveDesk, server: ProviderServer) -> None:
    check = checked(desk, server.issuer)
    assert of(check, "JWT-06").status is FindingStatus.NOT_RUN
    assert of(check, "IDP-04").status is FindingStatus.NOT_APPLICABLE


def test_rfc_8414_puts_the_document_elsewhere(desk: LiveDesk, server: ProviderServer) -> None:
    server.answers[f"/.well-known/oauth-authorization-server{PATH}"] = server.answers.pop(DISCOVERY)
    assert of(checked(desk, server.issuer), "IDP-01").status is FindingStatus.PASS


@pytest.mark.parametrize(
    ("path", "body", "rule", "words"),
    [
        (DISCOVERY, answer(b"<html>hello</html>", kind="text/html"), "IDP-01", "no JSON"),
        (DISCOVERY, answer(b"[]"), "IDP-01", "no JSON object"),
        (DISCOVERY, answer(b'{"issuer":"a","issuer":"b"}'), "IDP-01", "stands twice"),
        (DISCOVERY, answer(b"{" + b" " * 200_000 + b"}"), "IDP-01", "more than"),
        (DISCOVERY, never_ends, "IDP-01", "more than"),
        (DISCOVERY, answer(b"", "302 Found", "Location: http://localhost/x"), "IDP-01", "redirects"),
        (DISCOVERY, answer(b"", "302 Found", f"Location: {KEYS}"), "IDP-01", "redirects"),
        (DISCOVERY, answer(b"no", "500 Oops"), "IDP-01", "500"),
        (KEYS, answer(b"<html>"), "IDP-05", "no JSON"),
        (KEYS, answer({"keys": "x"}), "IDP-05", "no array"),
        (KEYS, answer({"keys": [{}] * 100}), "IDP-05", "more than"),
        (KEYS, answer(b'{"keys":[' + b" " * 300_000 + b"]}"), "IDP-05", "more than"),
        (KEYS, never_ends, "IDP-05", "more than"),
        (KEYS, answer(b"", "301 Moved", "Location: http://localhost/keys"), "IDP-05", "redirects"),
        (KEYS, answer({"keys": []}), "IDP-05", "None of the 0"),
    ],
)
def test_hostile_answers_fail_and_say_why(
    desk: LiveDesk, server: ProviderServer, path: str, body: Any, rule: str, words: str
) -> None:
    server.answers[path] = body
    check = checked(desk, server.issuer)
    assert of(check, rule).status is FindingStatus.FAIL
    assert words in said(check, rule)
    assert check.verdict is Verdict.FAIL
    assert check.keys == () or path == DISCOVERY


@pytest.mark.parametrize("issuer", ["https://evil.example", None, "slash"])
def test_another_issuers_document_is_not_used(
    desk: LiveDesk, server: ProviderServer, issuer: str | None
) -> None:
    server.publish(public_jwk(), issuer=f"{server.issuer}/" if issuer == "slash" else issuer)
    check = checked(desk, server.issuer)
    assert of(check, "IDP-02").status is FindingStatus.FAIL
    assert of(check, "IDP-05").status is FindingStatus.NOT_RUN
    assert check.verdict is Verdict.FAIL
    assert KEYS not in server.asked


def test_keys_over_http_are_not_asked_for(desk: LiveDesk, server: ProviderServer) -> None:
    server.publish(public_jwk(), jwks_uri="http://localhost/keys")
    check = checked(desk, server.issuer)
    assert of(check, "IDP-03").status is FindingStatus.FAIL
    assert "not https" in said(check, "IDP-05")


@pytest.mark.parametrize(
    "uri", ["https://10.1.2.3/keys", "https://169.254.169.254/keys", "https://127.0.0.2/keys"]
)
def test_a_document_cannot_send_us_into_our_own_network(
    desk: LiveDesk, server: ProviderServer, uri: str
) -> None:
    server.publish(public_jwk(), jwks_uri=uri)
    check = checked(desk, server.issuer)
    assert of(check, "IDP-05").status is FindingStatus.NOT_RUN
    assert "was not asked" in said(check, "IDP-05")
    assert check.verdict is Verdict.FAIL


def test_where_list_and_document_differ_the_list_counts(
    desk: LiveDesk, server: ProviderServer, tmp_path: Path
) -> None:
    kept(desk, list_file(tmp_path, server))
    server.publish(public_jwk(), jwks_uri=f"https://localhost:{server.port}/other")
    check = checked(desk, server.issuer)
    assert of(check, "IDP-04").status is FindingStatus.FAIL
    assert "/other" not in server.asked


@pytest.mark.parametrize(
    "secret",
    [
        {**tokens.private_key("P-256").as_dict(private=True), "kid": "leak"},
        {"kty": "oct", "kid": "leak", "k": "c2VjcmV0LW9mLW5vYm9keQ"},
    ],
)
def test_a_published_secret_is_a_blocker_and_is_nowhere_after(
    desk: LiveDesk, server: ProviderServer, secret: dict[str, Any]
) -> None:
    server.publish(public_jwk(), secret)
    check = checked(desk, server.issuer)
    finding = of(check, "IDP-07")
    assert (finding.status, finding.severity) == (FindingStatus.FAIL, Severity.BLOCKER)
    assert "leak" in said(check, "IDP-07")
    assert str(secret.get("d") or secret["k"]) not in repr(check)
    # The good key is the same one, where its secret is told under another name.
    assert len(check.keys) == (1 if "k" in secret else 0)


def test_a_key_that_lies_open_elsewhere_is_a_blocker(
    desk: LiveDesk, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    spki = read_key(public_jwk()).spki
    assert spki is not None
    known = {hashlib.sha256(spki).hexdigest(): "a public repository"}
    monkeypatch.setattr(provider_check, "published_keys", lambda: known)
    check = checked(desk, server.issuer)
    assert "a public repository" in said(check, "IDP-07")
    assert check.keys == ()


def test_weak_and_unnamed_keys_are_said(desk: LiveDesk, server: ProviderServer) -> None:
    server.publish(
        public_jwk("1024", kid="weak"), public_jwk(kid="weak"), public_jwk("2048", kid=None, use=None)
    )
    check = checked(desk, server.issuer)
    assert "weak: The key is RSA 1024" in said(check, "JWT-11")
    assert "weak" in said(check, "IDP-06")
    assert of(check, "IDP-06").status is FindingStatus.WARN


def test_a_key_that_cannot_be_read_is_not_called_strong(desk: LiveDesk, server: ProviderServer) -> None:
    server.publish(public_jwk(), {"kty": "EC", "crv": "of-nobody", "x": "AA", "y": "AA", "kid": "odd"})
    assert "as far as they can be read" in said(checked(desk, server.issuer), "JWT-11")


def test_a_server_that_is_not_trusted_is_asked_nothing(server: ProviderServer, tmp_path: Path) -> None:
    stranger = issue("somebody else", is_ca=True)
    live = open_live(replace(server, root=stranger), tmp_path / "workspace")
    try:
        check = checked(live, server.issuer)
    finally:
        live.close()
    assert of(check, "IDP-01").status is FindingStatus.NOT_RUN
    assert of(check, "JWT-11").status is FindingStatus.FAIL
    assert check.verdict is Verdict.FAIL
    assert DISCOVERY not in server.asked


def test_an_endpoint_that_has_expired_fails_by_name_and_is_asked_nothing(tmp_path: Path) -> None:
    with provider_server(days=-1) as expired:
        live = open_live(expired, tmp_path / "workspace")
        try:
            check = checked(live, expired.issuer)
        finally:
            live.close()
    assert of(check, "SRV-01").status is FindingStatus.FAIL
    assert of(check, "JWT-11").status is FindingStatus.FAIL
    assert of(check, "IDP-01").status is FindingStatus.NOT_RUN
    assert expired.asked == [] or DISCOVERY not in expired.asked


def test_everything_goes_through_the_proxy(server: ProviderServer, tmp_path: Path) -> None:
    heard = Heard()
    with Peer(connect_proxy(server.port, heard)) as proxy:
        live = open_live(
            server, tmp_path / "workspace", proxies=NamedProxy(f"http://127.0.0.1:{proxy.port}", tunnels=True)
        )
        try:
            check = checked(live, server.issuer)
            # A document that sends us to this machine is seen through there too.
            server.publish(public_jwk(), jwks_uri="https://127.0.0.1/keys")
            refused = checked(live, server.issuer)
        finally:
            live.close()
    assert of(check, "IDP-05").status is FindingStatus.PASS
    assert set(heard.authorities) == {f"localhost:{server.port}"}
    assert "was not asked" in said(refused, "IDP-05")


def test_nobody_there_is_no_pass(desk: LiveDesk) -> None:
    with Peer(stalls) as peer:
        port = peer.port
    check = checked(desk, f"https://localhost:{port}")
    assert of(check, "IDP-01").status is FindingStatus.NOT_RUN
    assert of(check, "JWT-11").status is FindingStatus.NOT_RUN
    assert check.verdict is Verdict.FAIL


def test_a_check_can_be_cancelled(desk: LiveDesk) -> None:
    with Peer(stalls) as peer:
        job = desk.provider_desk.check_provider(f"https://localhost:{peer.port}")
        job.cancel()
        with pytest.raises(CancelledByPersonError):
            job.future.result(TIMEOUT_S)


@pytest.mark.parametrize(
    "issuer",
    ["http://idp.example", "idp.example", "https://idp.example?x", "https://u@h.example", "https://h:x/"],
)
def test_what_is_no_issuer_is_refused(desk: LiveDesk, issuer: str) -> None:
    with pytest.raises(UnusableInputError):
        desk.provider_desk.check_provider(issuer)


def test_keys_are_kept_when_a_person_says_so(desk: LiveDesk, server: ProviderServer, tmp_path: Path) -> None:
    kept(desk, list_file(tmp_path, server))
    check = checked(desk, server.issuer)
    assert desk.provider_desk.provider_lists().result(TIMEOUT_S)[0].providers[0].keys == ()
    changed = desk.provider_desk.keep_keys(check, "fetched").future.result(TIMEOUT_S)
    assert changed.providers[0].keys == check.keys
    reading = read(desk, good_token(server))
    assert reading.signature_valid is True
    assert reading.verdict is Verdict.PASS


def good_token(server: ProviderServer, **changes: Any) -> str:
    return tokens.token(**{**tokens.claims(datetime.now(UTC)), "iss": server.issuer, **changes})


def read(desk: LiveDesk, token: str, **keywords: Any) -> TokenReading:
    return desk.provider_desk.read_token(token, **keywords).future.result(TIMEOUT_S)


def test_a_token_is_judged_offline_unless_keys_are_asked_for(
    desk: LiveDesk, server: ProviderServer, tmp_path: Path
) -> None:
    kept(desk, list_file(tmp_path, server))
    token = good_token(server)
    offline = read(desk, token)
    assert server.asked == []
    assert offline.signature_valid is None
    assert offline.verdict is Verdict.WARN
    online = read(desk, token, with_keys=True)
    assert online.signature_valid is True
    assert online.verdict is Verdict.PASS
    assert of(online, "JWT-11").status is FindingStatus.PASS
    assert of(offline, "JWT-11").status is FindingStatus.NOT_RUN
    # They were for this once.
    assert read(desk, token).signature_valid is None


def test_kept_keys_are_not_asked_for_again(desk: LiveDesk, server: ProviderServer, tmp_path: Path) -> None:
    kept(desk, list_file(tmp_path, server, public_jwk()))
    assert read(desk, good_token(server), with_keys=True).signature_valid is True
    assert server.asked == []
    # A key that rotated is.
    server.publish(public_jwk(kid="k2"))
    assert read(desk, tokens_with_kid(server, "k2"), with_keys=True).signature_valid is True


def tokens_with_kid(server: ProviderServer, kid: str) -> str:
    claims = {**tokens.claims(datetime.now(UTC)), "iss": server.issuer}
    return tokens.token(header={"kid": kid}, **claims)


def test_a_list_is_kept_logged_and_written_as_it_was_read(
    desk: LiveDesk, server: ProviderServer, tmp_path: Path
) -> None:
    first = kept(desk, list_file(tmp_path, server, public_jwk()))
    again = tmp_path / "again.json"
    again.write_bytes(provider_list_bytes(first))
    second = desk.provider_desk.prepare_providers(again, "other").future.result(TIMEOUT_S)
    assert second.providers == first.providers
    assert provider_list_bytes(second) == provider_list_bytes(first)
    assert (second.title, second.list_id, second.sequence) == (first.title, first.list_id, first.sequence)
    desk.provider_desk.remove_providers("providers", "done").future.result(TIMEOUT_S)
    assert desk.provider_desk.provider_lists().result(TIMEOUT_S) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sequence": 2}, "older"),
        ({"sequence": None}, "older"),
        ({"list_id": "urn:other"}, "another list"),
        ({"providers": []}, "no provider"),
        ({"next_update": (datetime.now(UTC) - timedelta(days=1)).isoformat()}, "expired"),
    ],
)
def test_what_stands_against_a_list(
    desk: LiveDesk, server: ProviderServer, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    before = kept(desk, list_file(tmp_path, server))
    with pytest.raises(UnusableInputError) as raised:
        kept(desk, list_file(tmp_path, server, **changes))
    assert words in wording("en").text(raised.value.problem)
    assert desk.provider_desk.provider_lists().result(TIMEOUT_S) == (before,)


def test_an_expired_list_is_kept_when_a_person_wants_it(
    desk: LiveDesk, server: ProviderServer, tmp_path: Path
) -> None:
    due = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    prepared = desk.provider_desk.prepare_providers(
        list_file(tmp_path, server, next_update=due), "providers"
    ).future.result(TIMEOUT_S)
    desk.provider_desk.keep_providers(prepared, "", accept_expired=True).future.result(TIMEOUT_S)
    assert "A newer list was to come" in said(read(desk, good_token(server)), "JWT-06")


def test_a_named_signer_has_to_have_signed(desk: LiveDesk, server: ProviderServer, tmp_path: Path) -> None:
    job = desk.provider_desk.prepare_providers(list_file(tmp_path, server), "providers", signer="ab" * 32)
    with pytest.raises(UnusableInputError):
        job.future.result(TIMEOUT_S)


def signed_by(signer: pki.Issued, file: Path) -> Path:
    signed = file.with_suffix(".jws")
    signed.write_bytes(sign_list(file.read_bytes(), signer.key, [signer.der]))
    return signed


def test_a_signer_that_was_named_is_pinned_and_nobody_else_counts_then(
    server: ProviderServer, tmp_path: Path
) -> None:
    publisher, stranger = pki.client(None, "Publisher"), pki.client(None, "Stranger")
    plain = list_file(tmp_path, server)
    live = open_live(server, tmp_path / "workspace")
    try:
        providers = live.provider_desk
        first = signed_by(publisher, plain)
        unknown = providers.prepare_providers(first, "providers").future.result(TIMEOUT_S)
        assert unknown.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
        named = providers.prepare_providers(first, "providers", signer=publisher.sha256).future
        providers.keep_providers(named.result(TIMEOUT_S), "compared by telephone").future.result(TIMEOUT_S)
        again = providers.prepare_providers(first, "providers").future.result(TIMEOUT_S)
        assert (again.authenticity.state, again.authenticity.pinned) == (AuthenticityState.VERIFIED, True)
        providers.keep_providers(again, "").future.result(TIMEOUT_S)
        for file, words in ((plain, "is not there"), (signed_by(stranger, plain), "signed by")):
            prepared = providers.prepare_providers(file, "providers").future.result(TIMEOUT_S)
            with pytest.raises(UnusableInputError) as raised:
                providers.keep_providers(prepared, "").future.result(TIMEOUT_S)
            assert words in wording("en").text(raised.value.problem)
        assert "signed by its publisher" in said(read(live, good_token(server)), "JWT-06")
    finally:
        live.close()


def test_tokens_leave_no_trace(
    server: ProviderServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = open_live(server, tmp_path / "workspace")
    kept(desk, list_file(tmp_path, server))
    caplog.set_level(logging.DEBUG)
    token = good_token(server, act=tokens.token())
    readings = [
        read(desk, token),
        read(desk, f"Bearer {token}", with_keys=True),
        read(desk, token + "x"),
    ]
    for several in (f"{token} {token}", token * 200):
        with pytest.raises(UnusableInputError) as raised:
            desk.provider_desk.read_token(several)
        readings.append(read(desk, token))
        assert_without(str(raised.value) + repr(raised.value) + repr(raised.value.args), token)
    desk.close()
    text = io.StringIO()
    print(
        readings, [wording("en").text(one.evidence) for all_ in readings for one in all_.findings], file=text
    )
    assert_without(text.getvalue() + caplog.text, token)
    for file in (tmp_path / "workspace").rglob("*"):
        if file.is_file():
            assert_without(file.read_bytes().decode("latin-1"), token)


def assert_without(text: str, token: str) -> None:
    for part in token.split("."):
        assert part not in text
        assert part[:40] not in text
