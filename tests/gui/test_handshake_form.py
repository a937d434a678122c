"""The form without a window: fields to target and back, and which field is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.target import Target, TargetProtocol, parse_target
from trustdesk.gui.handshake.form_reading import (
    FormField,
    FormProblem,
    FormValues,
    form_values,
    read_form,
    set_parts,
    with_protocol,
)
from trustdesk.services.wording import wording


def _target(values: FormValues) -> Target:
    result = read_form(values)
    assert isinstance(result, Target), result
    return result


def test_an_empty_second_row_follows_from_the_target() -> None:
    assert _target(FormValues(target="https://1r.example/base")) == parse_target("https://1r.example/base")


def test_the_protocol_counts_where_the_target_names_none() -> None:
    target = _target(FormValues(target="mq.example", protocol=TargetProtocol.AMQPS))
    assert (target.protocol, target.port) == (TargetProtocol.AMQPS, 5671)


def test_a_scheme_in_the_target_wins_over_the_protocol() -> None:
    target = _target(FormValues(target="tls://mq.example", protocol=TargetProtocol.AMQPS))
    assert target.protocol is TargetProtocol.TLS


def test_each_field_overrides_one_part() -> None:
    target = _target(
        FormValues(
            target="1r.example",
            connect="192.0.2.7",
            port="8443",
            server_name="other.example",
            verify_name="third.example",
        )
    )
    assert (target.host, target.port) == ("1r.example", 443)
    assert (target.connect_address, target.connect_port) == ("192.0.2.7", 8443)
    assert (target.server_name, target.verify_name) == ("other.example", "third.example")


def test_a_port_alone_keeps_the_host() -> None:
    target = _target(FormValues(target="1r.example", port="8443"))
    assert (target.connect_address, target.connect_port) == (None, 8443)


def test_an_ipv6_address_to_connect_to_takes_a_port() -> None:
    target = _target(FormValues(target="1r.example", connect="2001:db8::1", port="8443"))
    assert (target.connect_address, target.connect_port) == ("2001:db8::1", 8443)


def test_no_server_name_is_sent_when_none_is_wanted() -> None:
    values = FormValues(target="1r.example", server_name="other.example", send_server_name=False)
    assert _target(values).server_name is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (FormValues(target=""), FormField.TARGET),
        (FormValues(target="https://"), FormField.TARGET),
        (FormValues(target="tls://host/path"), FormField.TARGET),
        (FormValues(target="gopher://host"), FormField.TARGET),
        (FormValues(target="host", connect="not a host"), FormField.CONNECT),
        (FormValues(target="host", port="70000"), FormField.PORT),
        (FormValues(target="host", port="http"), FormField.PORT),
        (FormValues(target="host", server_name="192.0.2.1"), FormField.SERVER_NAME),
        (FormValues(target="host", server_name="..."), FormField.SERVER_NAME),
        (FormValues(target="host", verify_name="-bad-"), FormField.VERIFY_NAME),
    ],
)
def test_what_cannot_be_used_is_named_at_its_field(values: FormValues, field: FormField) -> None:
    result = read_form(values)
    assert isinstance(result, FormProblem)
    assert result.field is field
    assert "--" not in wording().text(result.remedy), "a window has no command line options"


def test_a_changed_protocol_rewrites_the_scheme() -> None:
    assert with_protocol("https://host:1", TargetProtocol.TLS) == "tls://host:1"
    assert with_protocol("", TargetProtocol.TLS) == ""


def test_the_folded_row_lists_what_is_not_as_usual() -> None:
    values = FormValues(target="host", connect="192.0.2.1", send_server_name=False)
    words = [wording().text(part) for part in set_parts(values)]
    assert words == ["connect to 192.0.2.1", "no SNI"]
    assert set_parts(FormValues(target="host")) == ()


_HOSTS = st.sampled_from(["1r.example", "192.0.2.9", "[2001:db8::5]:8443", "localhost:9443"])
_TARGETS = st.builds(
    lambda scheme, host, options: parse_target(f"{scheme}://{host}", **options),
    st.sampled_from(["https", "amqps", "tls"]),
    _HOSTS,
    st.fixed_dictionaries(
        {},
        optional={
            "connect": st.sampled_from(["127.0.0.1", "127.0.0.1:40001", "[2001:db8::1]:5"]),
            "server_name": st.just("sni.example"),
            "send_server_name": st.booleans(),
            "verify_name": st.sampled_from(["verify.example", "192.0.2.77"]),
            "alpn": st.sampled_from([(), ("h2", "http/1.1")]),
        },
    ),
)


@given(target=_TARGETS)
def test_a_target_survives_the_way_into_the_form_and_out_again(target: Target) -> None:
    assert read_form(form_values(target)) == target


@given(text=st.text(max_size=60), other=st.text(max_size=30))
def test_whatever_is_typed_is_a_target_or_a_problem(text: str, other: str) -> None:
    values = FormValues(target=text, connect=other, port=other, server_name=other, verify_name=other)
    result = read_form(values)
    if isinstance(result, FormProblem):
        assert wording().text(result.problem)
