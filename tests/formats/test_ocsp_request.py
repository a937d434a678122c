"""OCSP requests and the addresses that ask by GET (RFC 6960 4.1, appendix A.1; RFC 5019)."""

from __future__ import annotations

import base64
from urllib.parse import unquote

import pytest
from cryptography.x509 import ocsp

from trustdesk.formats.der import DerError, read_element
from trustdesk.formats.ocsp_request import OcspDigest, key_bits, ocsp_get_url, write_ocsp_request

NAME = bytes.fromhex("300c310a3008060355040313014e")


def request(digest: OcspDigest = "sha1", nonce: bytes | None = None, serial: bytes = b"\x05") -> bytes:
    return write_ocsp_request(
        issuer_name=NAME, issuer_key=b"key", serial_number=serial, digest=digest, nonce=nonce
    )


@pytest.mark.parametrize(("digest", "size"), [("sha1", 20), ("sha256", 32)])
def test_request_names_the_certificate_by_both_hashes_and_its_serial_number(
    digest: OcspDigest, size: int
) -> None:
    read = ocsp.load_der_ocsp_request(request(digest))
    assert read.hash_algorithm.name == digest
    assert len(read.issuer_key_hash) == len(read.issuer_name_hash) == size
    assert read.serial_number == 5
    assert list(read.extensions) == []


def test_nonce_is_sent_as_it_was_given() -> None:
    (extension,) = ocsp.load_der_ocsp_request(request(nonce=b"n" * 32)).extensions
    assert extension.value.public_bytes() == b"\x04\x20" + b"n" * 32
    assert not extension.critical


@pytest.mark.parametrize("responder", ["http://ocsp.example", "http://ocsp.example/", "http://o.example/a/"])
def test_address_for_get_holds_the_whole_request(responder: str) -> None:
    der = request(serial=b"\x7f" * 18)
    url = ocsp_get_url(responder, der)
    assert url is not None
    head, _, tail = url.rpartition("/")
    assert head == responder.rstrip("/")
    assert base64.b64decode(unquote(tail)) == der
    assert not set(tail) & set("/+=")


def test_request_that_is_too_long_for_get_has_no_address() -> None:
    assert ocsp_get_url("http://ocsp.example/", request("sha256", b"n" * 32, b"\x7f" * 20)) is None
    assert ocsp_get_url("http://ocsp.example/" + "a" * 200, request()) is None


def test_key_without_bits_is_none() -> None:
    with pytest.raises(DerError):
        key_bits(read_element(bytes.fromhex("300430000300")))
