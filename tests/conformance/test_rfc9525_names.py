"""RFC 9525: does a certificate speak for the server that was asked for? (RFC 5280 4.2.1.6, RFC 9549 for IDNs)

leaf (SAN) <- CA <- root, and a reference identifier.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.raw_pki import (
    HOST,
    PRINTABLE,
    ca,
    directory,
    dn,
    dns,
    email,
    failed_rules,
    ip,
    judged,
    leaf,
    other_name,
    san,
    tlv,
    uri,
)
from trustdesk.core.verification import Purpose

ROOT = ca("CN=Root")
CA = ca("CN=CA", ROOT)


def speaks(host: str, *names: bytes, **fields: Any) -> bool:
    verification = judged(leaf(CA, *names, **fields), CA, ROOT, host=host)
    assert failed_rules(verification) <= {("leaf.peer_name", 0), ("critical.readable", 0)}
    return verification.trusted


@pytest.mark.parametrize(
    ("presented", "reference"),
    [
        ("host.example", "host.example"),
        ("HOST.example", "host.EXAMPLE"),
        ("host.example", "host.example."),
        ("host.example.", "host.example"),
        ("*.example", "host.example"),
        ("*.host.example", "a.host.example"),
        ("*.EXAMPLE", "Host.example"),
        ("*.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "XN--BCHER-KVA.example"),
        ("host", "host"),
        ("a_b.example", "a_b.example"),
        ("*.co.uk", "host.co.uk"),
        ("1.example", "1.example"),
        ("*.1.example", "a.1.example"),
    ],
)
def test_names_that_match(presented: str, reference: str) -> None:
    """Labels are compared without regard to case, a wildcard stands for one whole left-most label (6.3)."""
    assert speaks(reference, dns(presented))


@pytest.mark.parametrize(
    ("presented", "reference"),
    [
        ("host.example", "other.example"),
        ("host.example", "a.host.example"),
        ("a.host.example", "host.example"),
        ("host.example", "hostxexample"),
        ("host.example", "host.example.other"),
        ("*.example", "a.host.example"),
        ("*.example", "example"),
        ("*.host.example", "host.example"),
        ("*.*.example", "a.b.example"),
        ("a.*.example", "a.b.example"),
        ("h*.example", "host.example"),
        ("*t.example", "host.example"),
        ("h*t.example", "host.example"),
        ("xn--*.example", "xn--bcher-kva.example"),
        ("*", "host"),
        ("*", "host.example"),
        ("*.", "host"),
        ("**.example", "host.example"),
        ("*.example", ".example"),
        ("*.example", "*.example.other"),
        ("", "host.example"),
        (".host.example", "host.example"),
        (".example", "host.example"),
        ("host.example..", "host.example"),
        ("host..example", "host.example"),
        (" host.example", "host.example"),
        ("host.example ", "host.example"),
        ("https://host.example", "host.example"),
        ("host.example:443", "host.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("*.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("bcher.example", "xn--bcher-kva.example"),
    ],
)
def test_names_that_do_not_match(presented: str, reference: str) -> None:
    """No part of a label, no second label, no address in a dNSName, no guess (6.3, 6.4)."""
    assert not speaks(reference, dns(presented))


def test_an_octet_of_zero_ends_no_name() -> None:
    """leaf (host.example NUL .other): compared to its end."""
    assert not speaks("host.example", dns("host.example\0.other"))


@pytest.mark.parametrize(
    ("presented", "reference"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"),
    ],
)
def test_addresses_that_match(presented: str, reference: str) -> None:
    """Octet by octet (6.4)."""
    assert speaks(reference, ip(presented))


@pytest.mark.parametrize(
    ("presented", "reference"),
    [("192.0.2.1", "192.0.2.2"), ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "::ffff:192.0.2.1")],
)
def test_addresses_that_do_not_match(presented: str, reference: str) -> None:
    """Four octets are never sixteen (6.4)."""
    assert not speaks(reference, ip(presented))


def test_an_address_of_another_length_matches_nothing() -> None:
    """leaf (iPAddress of 8 octets: a subnet)."""
    assert not speaks("192.0.2.1", tlv(0x87, bytes((192, 0, 2, 1, 255, 255, 255, 255))))


@pytest.mark.parametrize(
    "name",
    [
        email("host.example"),
        uri("https://host.example/"),
        directory("CN=host.example"),
        other_name("1.3.6.1.5.5.7.8.7", tlv(0x16, b"_https.host.example")),
    ],
    ids=["email", "uri", "directory", "srv"],
)
def test_names_of_other_kinds_are_not_those_of_a_host(name: bytes) -> None:
    """leaf (host.example in another kind of name)."""
    assert not speaks("host.example", name)


def test_a_common_name_is_no_name() -> None:
    """leaf (CN=host.example, no SAN): RFC 9525 1.2 leaves it out for good."""
    assert not speaks("host.example", subject="CN=host.example", more={"san": None})


def test_a_common_name_beside_other_names_is_no_name() -> None:
    """leaf (CN=host.example, SAN other.example)."""
    assert not speaks("host.example", dns("other.example"), subject="CN=host.example")


def test_any_of_many_names_suffices() -> None:
    """leaf (99 others, and it)."""
    assert speaks(HOST, *(dns(f"x{number}.example") for number in range(99)), dns(HOST))


def test_the_name_in_two_sans_counts_for_nothing() -> None:
    """leaf (SAN twice): which of them counts is nobody's to choose."""
    assert not judged(leaf(CA, extra=[san(dns("other.example"))]), CA, ROOT, host=HOST).trusted


def test_the_host_is_not_asked_of_a_client() -> None:
    """leaf (SAN other.example), asked for as a client: RFC 9525 is about servers."""
    end_entity = leaf(CA, dns("other.example"))
    assert judged(end_entity, CA, ROOT, host=HOST, purpose=Purpose.CLIENT).trusted


def test_a_printable_common_name_is_none_either() -> None:
    """leaf (CN as PrintableString)."""
    assert not speaks("host.example", subject=dn("CN=host.example", PRINTABLE), more={"san": None})
