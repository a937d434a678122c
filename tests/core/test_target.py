"""Targets: every form of the contract, each override by itself, and bad input with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.target import MAX_TARGET_LENGTH, TargetProtocol, parse_target


@pytest.mark.parametrize(
    ("text", "protocol", "host", "port", "path", "endpoint"),
    [
        ("partner.example", TargetProtocol.HTTPS, "partner.example", 443, "/", "https://partner.example"),
        ("Partner.Example.", TargetProtocol.HTTPS, "partner.example", 443, "/", "https://partner.example"),
        ("partner.example:8443", TargetProtocol.HTTPS, "partner.example", 8443, "/", "https://partner.example:8443"),
        ("[2001:db8::1]:8443", TargetProtocol.HTTPS, "2001:db8::1", 8443, "/", "https://[2001:db8::1]:8443"),
        ("2001:db8::1", TargetProtocol.HTTPS, "2001:db8::1", 443, "/", "https://[2001:db8::1]"),
        ("https://p.example/NWC/", TargetProtocol.HTTPS, "p.example", 443, "/NWC/", "https://p.example/NWC/"),
        ("HTTPS://p.example:443", TargetProtocol.HTTPS, "p.example", 443, "/", "https://p.example"),
        ("amqps://broker.example", TargetProtocol.AMQPS, "broker.example", 5671, "/", "amqps://broker.example"),
        ("tls://192.0.2.7:9000", TargetProtocol.TLS, "192.0.2.7", 9000, "/", "tls://192.0.2.7:9000"),
        ("münchen.example", TargetProtocol.HTTPS, "xn--mnchen-3ya.example", 443, "/", "https://xn--mnchen-3ya.example"),
    ],
)  # fmt: skip
def test_forms(text: str, protocol: TargetProtocol, host: str, port: int, path: str, endpoint: str) -> None:
    target = parse_target(text)
    assert (target.protocol, target.host, target.port, target.path) == (protocol, host, port, path)
    assert target.endpoint == endpoint
    assert parse_target(target.endpoint) == target


def test_an_ip_literal_never_becomes_a_server_name() -> None:
    target = parse_target("https://192.0.2.7")
    assert target.server_name is None
    assert target.verify_name == "192.0.2.7"
    with pytest.raises(UnusableInputError) as failure:
        parse_target("partner.example", server_name="192.0.2.7")
    assert "--no-sni" in failure.value.remedy.id


def test_each_override_changes_its_own_part_only() -> None:
    plain = parse_target("https://p.example:8443/base")
    connected = parse_target("https://p.example:8443/base", connect="127.0.0.1:9000")
    assert (connected.connect_address, connected.connect_port) == ("127.0.0.1", 9000)
    assert (connected.server_name, connected.verify_name) == (plain.server_name, plain.verify_name)
    named = parse_target("https://p.example", server_name="front.example")
    assert (named.server_name, named.verify_name) == ("front.example", "p.example")
    verified = parse_target("https://p.example", verify_name="other.example")
    assert (verified.server_name, verified.verify_name) == ("p.example", "other.example")
    assert parse_target("https://p.example", send_server_name=False).server_name is None
    assert parse_target("https://p.example", alpn=()).alpn == ()
    assert parse_target("https://p.example", connect="[::1]:9000").connect_address == "::1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "http://p.example",
        "ftp://p.example",
        "a b",
        "1.2.3",
        "p.example:0",
        "p.example:99999",
        "p.example:",
        "p.example:٣",
        "user@p.example",
        "https://",
        "[2001:db8::1",
        "[::1]x",
        "-p.example",
        "p..example",
        "a" * 64,
        "https://p.example/a b",
        "https://p.example/\n/x",
        "amqps://b.example/vhost",
        "p" * (MAX_TARGET_LENGTH + 1),
        "https://p.example/\u202e",
        "p.example\x00",
        "p.example\r\nHost: x",
    ],
)
def test_what_is_no_target_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(UnusableInputError) as failure:
        parse_target(text)
    assert failure.value.remedy.id.startswith("Write host")
    assert failure.value.exit_status == 2


@pytest.mark.parametrize("before", ["", "https://", "amqps://"])
@pytest.mark.parametrize("user", ["ann:s3cret", "s3cret", "ann:s3cret/s3cret", "ann:12@s3cret"])
def test_password_in_a_target_is_not_said_again(before: str, user: str) -> None:
    with pytest.raises(UnusableInputError) as failure:
        parse_target(f"{before}{user}@p.example:443/x")
    said = (failure.value.place, failure.value.problem.params, failure.value.remedy.params)
    assert "s3cret" not in str(said)
    assert failure.value.place == f"{before}…@p.example:443/x"
    assert failure.value.problem.id == "A target holds no user name or password."


def test_path_may_hold_an_at_sign() -> None:
    assert parse_target("https://p.example:8443/@v1").path == "/@v1"


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_unusable_input(text: str) -> None:
    try:
        target = parse_target(text)
    except UnusableInputError:
        return
    assert target.endpoint.isascii()
    assert not any(character in target.endpoint for character in "\r\n\x00 ")
