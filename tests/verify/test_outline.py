"""The outline reads what the whole certificate says, also of bytes that are none."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from trustdesk.formats.certificate import read_certificate
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.outline import outline

ROOT = pki.root("Root")
LEAF = pki.server(ROOT, common_name="Leaf").der


@given(place=st.integers(0, len(LEAF) - 1), octet=st.integers(0, 255), length=st.integers(0, len(LEAF)))
def test_it_agrees_with_the_whole_certificate(place: int, octet: int, length: int) -> None:
    for der in (LEAF, LEAF[:place] + bytes([octet]) + LEAF[place + 1 :], LEAF[:length]):
        read, whole = outline(der), Decoded(read_certificate(der))
        if whole.fields is None:
            continue
        assert read.is_readable
        assert (read.issuer, read.subject) == (whole.issuer, whole.subject)
        assert read.spki_sha256 == hashlib.sha256(whole.public_key).hexdigest()
        assert read.may_ask_for_staple or not whole.must_staple


def test_bytes_that_are_no_certificate_have_no_outline() -> None:
    read = outline(b"no certificate")
    assert (read.is_readable, read.issuer, read.spki_sha256) == (False, None, "")


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x80\x30\x80", b"\x30\x84\xff\xff\xff\xff"])
def test_truncated_bytes_do_no_harm(der: bytes) -> None:
    assert not outline(der).is_readable
