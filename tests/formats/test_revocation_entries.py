from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509

from tests.support.pki import root
from tests.support.revocation_lists import (
    REVOKED_AT,
    der,
    entry,
    extension,
    issuer_of,
    revocation_list,
    revoked,
    signed_list,
)
from trustdesk.formats.revocation_entries import DecodedEntry, decode_entries
from trustdesk.formats.revocation_list import read_revocation_list, revoked_certificates

REASON_CODE = b"\x55\x1d\x15"
INVALIDITY_DATE = b"\x55\x1d\x18"
CERTIFICATE_ISSUER = b"\x55\x1d\x1d"


def entries_of(crl: bytes) -> list[DecodedEntry]:
    element = revoked_certificates(read_revocation_list(crl), crl)
    return [] if element is None else list(decode_entries(element))


def entry_with(*extensions: bytes, serial: bytes = b"\x11") -> DecodedEntry:
    (decoded,) = entries_of(signed_list(root(), der(0x30, entry(serial, der(0x30, *extensions)))))
    return decoded


def test_an_entry_says_number_date_reason_and_since_when_the_key_was_lost() -> None:
    lost = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    crl = revocation_list(
        root(),
        [
            revoked(0x1F00, x509.ReasonFlags.key_compromise, extensions=[(x509.InvalidityDate(lost), False)]),
            revoked(2),
        ],
    )
    first, second = (decoded.entry for decoded in entries_of(crl))
    assert first is not None
    assert second is not None
    assert (first.position, first.serial_number, first.revoked_at) == (0, "1f00", REVOKED_AT)
    assert (first.reason, first.invalidity_date, first.certificate_issuer) == ("keyCompromise", lost, None)
    assert (second.position, second.reason, second.invalidity_date) == (1, None, None)
    assert crl[second.offset] == 0x30


@pytest.mark.parametrize("flag", list(x509.ReasonFlags))
def test_every_reason_has_the_name_of_the_standard(flag: x509.ReasonFlags) -> None:
    (decoded,) = entries_of(revocation_list(root(), [revoked(1, flag)]))
    assert decoded.entry is not None
    assert decoded.entry.reason == flag.value


def test_the_issuer_of_an_indirect_list_holds_for_the_entries_that_follow() -> None:
    crl = revocation_list(
        root("Ours"),
        [
            revoked(1),
            revoked(2, extensions=[issuer_of(root("First"))]),
            revoked(3),
            revoked(4, extensions=[issuer_of(root("Second"))]),
            revoked(5),
        ],
    )
    issuers = [decoded.issuers for decoded in entries_of(crl)]
    assert issuers == [None, ("CN=First",), ("CN=First",), ("CN=Second",), ("CN=Second",)]


@pytest.mark.parametrize(
    ("serial", "text"),
    [(b"\x00\xff", "ff"), (b"\xff", "-1"), (b"\x00", "0"), (b"\x00\x00\x05", "5"), (b"\x7f" * 21, "7f" * 21)],
    ids=["positive", "negative", "zero", "not minimal", "over 20 octets"],
)
def test_a_serial_number_is_written_as_a_certificate_has_it(serial: bytes, text: str) -> None:
    (decoded,) = entries_of(signed_list(root(), der(0x30, entry(serial))))
    assert decoded.entry is not None
    assert decoded.entry.serial_number == text
    assert not decoded.damaged


def test_a_critical_extension_nobody_knows_is_named() -> None:
    decoded = entry_with(
        extension(b"\x2a\x03\x04", b"\x05\x00", critical=True), extension(b"\x2a\x03\x05", b"\x05\x00")
    )
    assert decoded.entry is not None
    assert decoded.entry.unhandled == ("1.2.3.4",)
    assert not decoded.damaged


@pytest.mark.parametrize(
    ("oid", "value"),
    [(REASON_CODE, b"\x0a\x01\x07"), (REASON_CODE, b"\x0a\x00"), (INVALIDITY_DATE, b"\x18\x01Z")],
    ids=["unused reason", "reason without content", "no date"],
)
def test_a_lost_reason_or_date_costs_no_more_than_itself(oid: bytes, value: bytes) -> None:
    decoded = entry_with(extension(oid, value))
    assert decoded.entry is not None
    assert (decoded.entry.reason, decoded.entry.invalidity_date, decoded.damaged) == (None, None, False)
    critical = entry_with(extension(oid, value, critical=True))
    assert critical.entry is not None
    assert len(critical.entry.unhandled) == 1


def test_a_date_that_is_none_leaves_the_certificate_listed() -> None:
    (decoded,) = entries_of(signed_list(root(), der(0x30, entry(b"\x11", date=b"\x17\x0b2611030930Z"))))
    assert decoded.entry is not None
    assert (decoded.entry.serial_number, decoded.entry.revoked_at, decoded.damaged) == ("11", None, False)


@pytest.mark.parametrize(
    "extensions",
    [
        [extension(CERTIFICATE_ISSUER, b"\x30\x00", critical=True)],
        [extension(CERTIFICATE_ISSUER, der(0x30, der(0x82, b"dns.example")), critical=True)],
        [extension(CERTIFICATE_ISSUER, der(0x30, der(0xA4, b"\x30\x00")), critical=True)],
        [extension(CERTIFICATE_ISSUER, der(0x30, der(0xA4, b"\x31\x00")), critical=True)],
        [extension(REASON_CODE, b"\x0a\x01\x01"), extension(REASON_CODE, b"\x0a\x01\x08")],
        [b"\x30\x02\x06\x00"],
        [],
    ],
    ids=["no name", "no directory name", "empty name", "no name in it", "doubled", "no extension", "none"],
)
def test_an_entry_whose_issuer_is_not_to_be_known_is_damaged(extensions: list[bytes]) -> None:
    assert entry_with(*extensions).damaged


@pytest.mark.parametrize(
    "broken",
    [
        der(0x30, b"\x17\r261103093000Z"),
        der(0x30, der(0x02, b""), b"\x17\r261103093000Z"),
        der(0x30, der(0x02, b"\x01")),
        der(0x31, der(0x02, b"\x01"), b"\x17\r261103093000Z"),
        b"\x30\x00",
        b"\x05\x00",
        entry(b"\x01") + b"\x30\x7f\x02",
        entry(b"\x01", date=der(0x17, b"261103093000Z", der(0x30, extension(REASON_CODE, b"\x0a\x01\x01")))),
    ],
    ids=[
        "no number",
        "empty number",
        "no date",
        "no sequence",
        "empty",
        "null",
        "beyond the end",
        "a date that swallows the extensions",
    ],
)
def test_an_entry_that_breaks_its_form_is_damaged_and_the_others_come_out(broken: bytes) -> None:
    found = entries_of(signed_list(root(), der(0x30, entry(b"\x0a"), broken)))
    assert found[0].entry is not None
    assert found[0].entry.serial_number == "a"
    assert not found[0].damaged
    assert found[-1].damaged


def test_after_a_lost_issuer_no_entry_is_attributed_to_the_one_before() -> None:
    named = extension(
        CERTIFICATE_ISSUER, der(0x30, der(0xA4, root("First").certificate.subject.public_bytes()))
    )
    lost = extension(CERTIFICATE_ISSUER, b"\x30\x00", critical=True)
    crl = signed_list(
        root(),
        der(0x30, entry(b"\x01", der(0x30, named)), entry(b"\x02", der(0x30, lost)), entry(b"\x03")),
    )
    assert [(decoded.issuers, decoded.damaged) for decoded in entries_of(crl)] == [
        (("CN=First",), False),
        ((), True),
        ((), True),
    ]
