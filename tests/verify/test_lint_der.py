"""Strict DER: where bytes stop being it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from tests.support.profiles import client, server
from trustdesk.services.wording import wording
from trustdesk.verify.lint_der import first_not_der


@pytest.mark.parametrize("issued", [client(), server(), pki.root(), client(key=pki.rsa_key())])
def test_certificates_are_der(issued: pki.Issued) -> None:
    assert first_not_der(issued.der) is None


@pytest.mark.parametrize(
    ("data", "offset", "reason"),
    [
        ("", 0, "end too early"),
        ("30", 1, "end too early"),
        ("3003010100", None, ""),
        ("30030101ff00", 5, "bytes follow"),
        ("300301010f", 2, "BOOLEAN"),
        ("3003020100", None, ""),
        ("30020200", 2, "INTEGER is empty"),
        ("300402020001", 2, "shortest"),
        ("30040202ffff", 2, "shortest"),
        ("300402020080", None, ""),
        ("3004020200ff", None, ""),
        ("308103020100", 1, "shortest"),
        ("30820003020100", 1, "shortest"),
        ("3080020100" + "0000", 1, "indefinite"),
        ("3005020100", 1, "runs over the end"),
        ("300302017f", None, ""),
        ("0303070081", 0, "unused bits"),
        ("03020780", None, ""),
        ("0300", 0, "unused bits"),
        ("030108", 0, "unused bits"),
        ("030101", 0, "unused bits"),
        ("030100", None, ""),
        ("0500", None, ""),
        ("050100", 0, "NULL"),
        ("06022a03", None, ""),
        ("06022a80", 0, "OBJECT IDENTIFIER"),
        ("06032a8001", 0, "OBJECT IDENTIFIER"),
        ("06032a8100", None, ""),
        ("0600", 0, "OBJECT IDENTIFIER"),
        ("2403040100", 0, "built of parts"),
        ("1000", 0, "not built"),
        ("3106020102020101", 5, "not in order"),
        ("3106020101020102", None, ""),
        ("a003020100", None, ""),
        ("9f8101020000", None, ""),
        ("3084ffffffff", 1, "runs over"),
    ],
)
def test_places(data: str, offset: int | None, reason: str) -> None:
    place = first_not_der(bytes.fromhex(data))
    assert (place.offset if place else None) == offset
    assert reason in (wording("en").text(place.reason) if place else "")


def test_depth_is_bounded() -> None:
    data = b""
    for _ in range(70):
        length = len(data)
        data = (b"\x30" + bytes([length]) if length < 128 else b"\x30\x81" + bytes([length])) + data
    place = first_not_der(data)
    assert place is not None
    assert wording("en").text(place.reason) == "it is nested too deep"


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer_within_them(data: bytes) -> None:
    place = first_not_der(data)
    assert place is None or 0 <= place.offset <= len(data)


DER = client().der


@given(st.integers(0, len(DER) - 1), st.integers(0, 255))
def test_changed_octet_never_raises(position: int, octet: int) -> None:
    changed = bytearray(DER)
    changed[position] = octet
    place = first_not_der(bytes(changed))
    assert place is None or 0 <= place.offset <= len(changed)
