"""RFC 9525: which presented identifier covers which reference identifier."""

from __future__ import annotations

import pytest

from trustdesk.verify.names import match_name


@pytest.mark.parametrize(
    ("reference", "presented"),
    [
        ("cargo.example", "DNS:cargo.example"),
        ("cargo.example", "DNS:CARGO.Example"),
        ("cargo.example", "DNS:cargo.example."),
        ("api.cargo.example", "DNS:*.cargo.example"),
        ("xn--bcher-kva.example", "DNS:xn--bcher-kva.example"),
        ("192.0.2.7", "IP:192.0.2.7"),
        ("2001:db8::7", "IP:2001:db8::7"),
        ("2001:0db8:0:0:0:0:0:7", "IP:2001:db8::7"),
    ],
)
def test_presented_identifier_covers_reference(reference: str, presented: str) -> None:
    assert match_name(reference, ["email:a@cargo.example", presented]).matched_by == presented


@pytest.mark.parametrize(
    ("reference", "presented", "rule"),
    [
        ("cargo.example", "DNS:other.example", "another name"),
        ("a.b.cargo.example", "DNS:*.cargo.example", "a wildcard is one label deep (6.3)"),
        ("cargo.example", "DNS:*.cargo.example", "a wildcard is a label, not none"),
        ("api.cargo.example", "DNS:a*.cargo.example", "a wildcard is the whole label"),
        ("api.cargo.example", "DNS:*pi.cargo.example", "a wildcard is the whole label"),
        ("api.cargo.example", "DNS:api.*.example", "only the left-most label"),
        ("cargo", "DNS:*", "no name is covered by a wildcard alone"),
        ("cargo.example", "URI:https://cargo.example/ACME", "URI-ID is not used for servers"),
        ("cargo.example", "email:cargo.example", "another kind of name"),
        ("cargo.example", "DirName:CN=cargo.example", "a subject part is never used (2)"),
        ("192.0.2.7", "DNS:192.0.2.7", "an address is no dNSName (6.4)"),
        ("192.0.2.7", "IP:192.0.2.8", "another address"),
        ("192.0.2.7", "IP:::ffff:192.0.2.7", "octets are compared, four are not sixteen"),
        ("192.0.2.7", "IP:#c0000207ffffffff", "a subnet is no address"),
        ("cargo.example", "DNS:cargo.example\n", "no blank is trimmed"),
        ("cargo.example", "DNS:", "an empty name"),
    ],
)
def test_presented_identifier_does_not_cover_reference(reference: str, presented: str, rule: str) -> None:
    assert match_name(reference, [presented]).matched_by is None, rule


def test_first_matching_identifier_is_named() -> None:
    names = ["DNS:other.example", "DNS:*.cargo.example", "DNS:api.cargo.example"]
    assert match_name("api.cargo.example", names).matched_by == "DNS:*.cargo.example"
