"""The same test as lines of other tools."""

from __future__ import annotations

import shlex

import pytest

from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    ProbeVariant,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.proxy import parse_proxy
from trustdesk.core.target import Target, parse_target
from trustdesk.services.equivalent_commands import equivalent_commands

TARGET = parse_target("https://partner.example:8443/base")


def lines(
    target: Target = TARGET, variant: ProbeVariant | None = None, *, identity: bool = True
) -> dict[str, str]:
    commands = equivalent_commands(target, variant, with_identity=identity)
    return {command.tool: command.line for command in commands}


def test_target_as_it_is_given() -> None:
    given = lines()
    assert given["openssl"] == (
        "openssl s_client -connect partner.example:8443 -servername partner.example "
        "-verify_hostname partner.example -CAfile trust-list.pem -showcerts -cert client.pem -key client.key "
        "-cert_chain client.pem -alpn http/1.1 -ign_eof"
    )
    assert given["curl"].endswith("https://partner.example:8443/base")
    assert "--connect-to" not in given["curl"]
    assert given["keytool"] == "keytool -printcert -rfc -sslserver partner.example:8443"


def test_variant_without_certificate_name_and_protocols_on_one_version() -> None:
    variant = ProbeVariant(
        versions=TlsVersions.TLS_1_2,
        certificate=CertificateChoice.NONE,
        server_name=ServerNameChoice.NONE,
        groups=GroupChoice.CLASSIC,
        alpn=AlpnChoice.NONE,
    )
    given = lines(variant=variant)
    assert "-noservername" in given["openssl"]
    assert "-tls1_2 -groups X25519:P-256:P-384" in given["openssl"]
    assert "-cert" not in given["openssl"].split()
    assert "-alpn" not in given["openssl"]
    assert "--tls-max 1.2" in given["curl"]
    assert "--no-alpn" in given["curl"]


def test_other_address_and_name_are_told_apart() -> None:
    target = parse_target("https://192.0.2.7", server_name="partner.example", verify_name="partner.example")
    given = lines(target, identity=False)
    assert "-connect 192.0.2.7:443 -servername partner.example" in given["openssl"]
    assert "--connect-to partner.example:443:192.0.2.7:443" in given["curl"]
    assert "client." not in f"{given}"


def test_ipv6_stands_in_brackets_and_is_verified_as_address() -> None:
    given = lines(parse_target("https://[2001:db8::1]:444"))
    assert shlex.split(given["openssl"])[3] == "[2001:db8::1]:444"
    assert "-verify_ip 2001:db8::1" in given["openssl"]


def test_amqps_has_no_line_of_curl() -> None:
    assert set(lines(parse_target("amqps://broker.example"))) == {"openssl", "keytool"}


@pytest.mark.parametrize("tool", ["openssl", "curl"])
def test_proxy_is_named_without_its_password(tool: str) -> None:
    proxy = parse_proxy("http://ann:s3cret@proxy.example:3128")
    (line,) = [one.line for one in equivalent_commands(TARGET, proxy=proxy) if one.tool == tool]
    assert "proxy.example:3128" in line
    assert "s3cret" not in line
    assert "ann" not in line
