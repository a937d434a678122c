"""Signatures whose algorithm is broken are not checked, and break nothing (RFC 4055 3.1)."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support import pki
from tests.support.ocsp import integer, oid, pss_parameters, sequence, sign, tlv
from trustdesk.formats.der import read_element
from trustdesk.verify.signatures import SignatureStatus, signature_status

KEY = pki.rsa_key()
SPKI = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PSS = oid("1.2.840.113549.1.1.10")


def status(algorithm: bytes) -> SignatureStatus:
    _, signature = sign(KEY, b"data", "rsassaPss")
    return signature_status(read_element(algorithm), read_element(tlv(0x03, b"\0", signature)), b"data", SPKI)


def test_pss_with_its_parameters_is_made_by_the_key() -> None:
    assert status(sequence(PSS, pss_parameters("sha384", 40))) is SignatureStatus.MADE


@pytest.mark.parametrize(
    "algorithm",
    [
        sequence(),
        sequence(b"\x05\x00"),
        sequence(PSS, b"\x05\x00"),
        sequence(PSS, sequence(tlv(0xA0, sequence()))),
        sequence(PSS, sequence(tlv(0xA1, sequence(oid("1.2.840.113549.1.1.8"), sequence())))),
        sequence(PSS, sequence(tlv(0xA2, integer(1 << 40)))),
        sequence(PSS, sequence(tlv(0xA2, integer(1 << 4000)))),
        sequence(PSS, sequence(tlv(0xA2, integer(-1)))),
    ],
    ids=["empty", "no OID", "NULL", "no digest", "no mask digest", "long salt", "endless salt", "negative"],
)
def test_broken_algorithm_is_not_checked(algorithm: bytes) -> None:
    assert status(algorithm) is SignatureStatus.UNCHECKED
