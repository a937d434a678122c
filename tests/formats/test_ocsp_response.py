"""OCSP responses read out, whole and damaged (RFC 6960 4.2.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import ocsp as made
from tests.support import pki
from tests.support.ocsp import NEXT_UPDATE, NONCE, THIS_UPDATE, Single, by_key, response, tlv
from tests.support.pki import NOW
from trustdesk.formats.ocsp_response import read_ocsp_response
from trustdesk.formats.ocsp_values import CertStatus

CA = pki.authority("Issuing CA", None)
LEAF = pki.client(CA)
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
INVALIDITY_DATE = "2.5.29.24"
REASON_CODE = "2.5.29.21"

WHOLE = response(
    Single(LEAF, CA, digest="sha256"),
    Single(LEAF, CA, "revoked", reason=3, next_update=None, serial_number=-5),
    Single(LEAF, CA, "unknown", serial_number=7),
    signer=CA,
    certificates=[LEAF.der, CA.der],
    extra=[(NONCE, False, tlv(0x04, b"n" * 32))],
)


def test_every_part_is_read_with_its_value_and_place() -> None:
    read = read_ocsp_response(WHOLE)
    assert (read.status, read.response_type, read.problem) == (0, "1.3.6.1.5.5.7.48.1.1", None)
    basic = read.basic
    assert basic is not None
    assert basic.version == 1
    assert basic.responder.text == "CN=Issuing CA"
    assert basic.responder.name == CA.certificate.subject.public_bytes()
    assert basic.produced_at == THIS_UPDATE
    assert basic.certificates == (LEAF.der, CA.der)
    assert [one.oid for one in basic.extensions] == [NONCE]
    good, revoked, unknown = basic.responses
    assert [one.status for one in basic.responses] == list(CertStatus)
    assert good.cert_id.digest == "sha256"
    assert good.cert_id.serial_number == LEAF.certificate.serial_number
    assert (good.this_update, good.next_update) == (THIS_UPDATE, NEXT_UPDATE)
    assert (revoked.next_update, revoked.unreadable) == (None, ())
    assert (revoked.revoked_at, revoked.reason) == (NOW - timedelta(days=2), "affiliationChanged")
    assert (revoked.cert_id.serial_number, unknown.cert_id.serial_number) == (-5, 7)
    ends = [WHOLE[one.offset : one.offset + 1] for one in basic.responses]
    assert ends == [b"0"] * 3
    assert basic.to_be_signed.raw in WHOLE


def test_responder_is_read_by_the_hash_of_its_key() -> None:
    basic = read_ocsp_response(response(signer=CA, responder=by_key(CA))).basic
    assert basic is not None
    assert basic.responder.name is None
    assert basic.responder.key_hash == bytes.fromhex(basic.responder.text)


def test_extensions_of_a_single_response_are_read() -> None:
    extra = [
        (REASON_CODE, False, b"\x0a\x01\x0a"),
        (INVALIDITY_DATE, False, made.time(NOW)),
        (ARCHIVE_CUTOFF, False, made.time(THIS_UPDATE)),
    ]
    basic = read_ocsp_response(response(Single(LEAF, CA, "revoked", extensions=extra), signer=CA)).basic
    assert basic is not None
    (single,) = basic.responses
    assert (single.reason, single.invalidity_date, single.archive_cutoff) == (
        "aACompromise",
        NOW,
        THIS_UPDATE,
    )


def test_times_that_are_none_are_named_and_hide_nothing_else() -> None:
    single = Single(
        LEAF,
        CA,
        "revoked",
        revoked_at="20261120",
        this_update="20261120110000.1Z",
        next_update="2026112011",
        extensions=[(INVALIDITY_DATE, False, b"\x05\x00"), (ARCHIVE_CUTOFF, False, made.time("x"))],
    )
    basic = read_ocsp_response(response(single, signer=CA)).basic
    assert basic is not None
    (read,) = basic.responses
    assert read.status is CertStatus.REVOKED
    assert set(read.unreadable) == {
        *("thisUpdate", "nextUpdate", "revocationTime", "invalidityDate", "archiveCutoff")
    }


def test_status_without_an_answer_is_read() -> None:
    read = read_ocsp_response(made.sequence(tlv(0x0A, b"\x06")))
    assert (read.status, read.response_type, read.basic, read.problem) == (6, None, None, None)


@pytest.mark.parametrize(
    ("der", "part"),
    [
        (b"", "OCSPResponse"),
        (WHOLE + b"\0", "OCSPResponse"),
        (WHOLE[:-1], "OCSPResponse"),
        (made.sequence(b"\x02\x01\x00"), "responseStatus"),
        (made.sequence(tlv(0x0A, b"")), "responseStatus"),
        (made.sequence(tlv(0x0A, b"\0"), tlv(0xA0)), "responseBytes"),
        (made.sequence(tlv(0x0A, b"\0"), tlv(0xA0, made.sequence()), b"\x05\x00"), "responseBytes"),
        (response(signer=CA, changed=made.sequence()), "tbsResponseData"),
        (response(signer=CA, version=tlv(0xA0)), "version"),
        (response(signer=CA, responder=tlv(0xA1, b"\x05\x00")), "responderID"),
        (response(signer=CA, responder=tlv(0xA4, tlv(0x04, b"x"))), "responderID"),
        (response(Single(LEAF, CA, tlv(0x81)), signer=CA), "certStatus"),
        (response(Single(LEAF, CA, tlv(0xA1, made.time(NOW), b"\x05\0")), signer=CA), "certStatus"),
        (
            response(Single(LEAF, CA, extensions=[(REASON_CODE, False, b"")]), signer=CA),
            "reasonCode",
        ),
        (
            response(Single(LEAF, CA, extensions=[(NONCE, False, b"")] * 2), signer=CA),
            "singleExtensions",
        ),
        (response(signer=CA, extra=[(NONCE, False, b"")] * 2), "responseExtensions"),
        (WHOLE.replace(tlv(0xA0, made.sequence(LEAF.der, CA.der)), b""), "OCSPResponse"),
    ],
)
def test_damage_is_named_by_the_part_and_its_place(der: bytes, part: str) -> None:
    read = read_ocsp_response(der)
    assert read.basic is None
    assert read.problem is not None
    found = dict(read.problem.params)
    assert found["part"] == part
    offset = found["offset"]
    assert isinstance(offset, int)
    assert 0 <= offset <= len(der)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_without_an_exception(data: bytes) -> None:
    assert read_ocsp_response(data).basic is None


@given(place=st.integers(0, 100_000), octets=st.binary(max_size=8), removed=st.integers(0, 8))
def test_changed_response_is_read_without_an_exception(place: int, octets: bytes, removed: int) -> None:
    at = place % len(WHOLE)
    changed = WHOLE[:at] + octets + WHOLE[at + removed :]
    read = read_ocsp_response(changed)
    assert read.basic is None or read.problem is None
