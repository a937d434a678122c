"""1R-IDs: how they are written, and when two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.services.wording import wording
from trustdesk.verify.one_record_id import (
    IdFault,
    fault_text,
    is_fqdn,
    read_one_record_id,
    same_one_record_id,
)


def test_identifier_is_read_into_host_and_company() -> None:
    read = read_one_record_id("https://Cargo.Example/ACME-1")
    assert read.is_valid
    assert (read.host, read.company_id) == ("cargo.example", "ACME-1")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("https://cargo.example/ACME", ()),
        ("HTTPS://cargo.example/ACME", ()),
        ("https://cargo.example/a%20b", ()),
        ("http://cargo.example/ACME", (IdFault.HTTP,)),
        ("https://cargo.example:443/ACME", (IdFault.PORT,)),
        ("https://cargo.example:/ACME", (IdFault.PORT,)),
        ("http://cargo.example:11443/ACME", (IdFault.HTTP, IdFault.PORT)),
        ("ftp://cargo.example/ACME", (IdFault.SCHEME,)),
        ("https://me@cargo.example/ACME", (IdFault.USER,)),
        ("https://localhost/ACME", (IdFault.HOST,)),
        ("https://192.0.2.1/ACME", (IdFault.HOST,)),
        ("https://[2001:db8::1]/ACME", (IdFault.HOST,)),
        ("https://[2001:db8::1]:443/ACME", (IdFault.PORT, IdFault.HOST)),
        ("https://*.example/ACME", (IdFault.HOST,)),
        ("https://münchen.example/ACME", (IdFault.HOST,)),
        ("https:///ACME", (IdFault.HOST,)),
        ("https://cargo.example", (IdFault.COMPANY,)),
        ("https://cargo.example/", (IdFault.COMPANY,)),
        ("https://cargo.example/ACME/", (IdFault.COMPANY,)),
        ("https://cargo.example/a/b", (IdFault.COMPANY,)),
        ("https://cargo.example/a b", (IdFault.COMPANY,)),
        ("https://cargo.example/ACME?x=1", (IdFault.QUERY,)),
        ("https://cargo.example/ACME#me", (IdFault.FRAGMENT,)),
        ("urn:iata:ACME", (IdFault.NO_URI,)),
        ("", (IdFault.NO_URI,)),
    ],
)
def test_faults(text: str, faults: tuple[IdFault, ...]) -> None:
    assert read_one_record_id(text).faults == faults


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://cargo.example/ACME", "https://cargo.example/ACME", True),
        ("https://cargo.example/ACME", "HTTPS://CARGO.example/ACME", True),
        ("https://cargo.example/ACME", "https://cargo.example/acme", False),
        ("https://cargo.example/ACME", "https://cargo.example/ACME/", False),
        ("https://cargo.example/ACME", "https://cargo.example:443/ACME", False),
        ("https://cargo.example/ACME", "http://cargo.example/ACME", False),
        ("https://cargo.example/ACME", "https://cargo.example/%41CME", False),
        ("https://cargo.example/ACME", "https://other.example/ACME", False),
        # What RFC 9525 would call the same URI-ID.
        ("https://cargo.example/companyA", "https://cargo.example/companyB", False),
        ("https://Me@cargo.example/ACME", "https://me@cargo.example/ACME", False),
    ],
)
def test_exact_match(one: str, other: str, same: bool) -> None:
    assert same_one_record_id(one, other) is same
    assert same_one_record_id(other, one) is same


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("cargo.example", True),
        ("xn--mnchen-3ya.example", True),
        ("example", False),
        ("cargo.example.", False),
        ("-cargo.example", False),
        ("cargo_1.example", False),
        ("1.2.3.4", False),
        ("cargo.123", False),
        (".".join(["a" * 60] * 5), False),
    ],
)
def test_fully_qualified_names(host: str, expected: bool) -> None:
    assert is_fqdn(host) is expected


def test_every_fault_has_words() -> None:
    assert len({wording("en").text(fault_text(fault)) for fault in IdFault}) == len(IdFault)


@given(st.text())
def test_any_text_can_be_read_and_equals_itself(text: str) -> None:
    read = read_one_record_id(text)
    assert read.is_valid == (read.faults == ())
    assert same_one_record_id(text, text)
