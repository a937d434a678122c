"""What is named of an encryption is what it is opened with: one table says both."""

from __future__ import annotations

import hashlib

import pytest

from tests.support.reader_files import definite
from trustdesk.core.inspection import Protection
from trustdesk.formats.der import Element, read_element
from trustdesk.formats.encryption_oids import DIGESTS, ENCRYPTION_SCHEMES, HMACS, OLD_SCHEMES
from trustdesk.formats.password_encryption import (
    UnsupportedEncryptionError,
    WorkBudget,
    decrypt,
    mac_matches,
)
from trustdesk.formats.protection import protection_of, protection_of_mac

SHA_256, HMAC_SHA_256 = "608648016503040201", "2a864886f70d0209"
AES_256_CBC, AES_256_GCM = "60864801650304012a", "60864801650304012e"
PBE_MD2_DES, PBE_MD5_DES = "2a864886f70d010501", "2a864886f70d010503"


def algorithm(oid: str, parameters: bytes = b"\x05\x00") -> bytes:
    return definite(0x30, definite(0x06, bytes.fromhex(oid)) + parameters)


def pbkdf2(prf: str) -> bytes:
    salt_and_rounds = definite(0x04, b"saltsalt") + b"\x02\x01\x07\x02\x01\x20"
    return algorithm("2a864886f70d01050c", definite(0x30, salt_and_rounds + algorithm(prf)))


def pbes2(cipher: str, prf: str = HMAC_SHA_256) -> Element:
    scheme = algorithm(cipher, definite(0x04, bytes(16)))
    return read_element(algorithm("2a864886f70d01050d", definite(0x30, pbkdf2(prf) + scheme)))


def old(oid: str) -> Element:
    return read_element(algorithm(oid, definite(0x30, definite(0x04, b"saltsalt") + b"\x02\x01\x07")))


def mac(digest: str) -> Element:
    proof = definite(0x30, algorithm(digest) + definite(0x04, bytes(32)))
    return read_element(definite(0x30, proof + definite(0x04, b"saltsalt") + b"\x02\x01\x07"))


def named(cipher: str, derivation: str | None = None) -> Protection:
    return Protection(cipher=cipher, derivation=derivation, rounds=7)


def test_names_say_what_opens_it() -> None:
    for digest in (*DIGESTS.values(), *HMACS.values()):
        assert digest.name.replace("-", "").lower() == digest.algorithm
        assert hashlib.new(digest.algorithm, usedforsecurity=False).digest_size
    for scheme in ENCRYPTION_SCHEMES.values():
        assert (scheme.cipher is None) is scheme.name.endswith("-GCM")
        if scheme.cipher is not None:
            cipher, size = scheme.cipher
            assert scheme.name.lower().startswith(f"aes-{8 * size}-" if cipher == "aes" else f"{cipher}-")
    for one in OLD_SCHEMES.values():
        assert one.pkcs12 is None or one.pbes1 is None
        digest_name, cipher_name, *bits = one.name.removeprefix("PBE-").lower().split("-")
        if one.pkcs12 is not None:
            cipher, size = one.pkcs12
            assert (digest_name, cipher_name.replace("2des", "3des")) == ("sha1", cipher)
            assert size == (int(bits[0]) // 8 if bits else {"2des": 16, "3des": 24}[cipher_name])
        if one.pbes1 is not None:
            assert (digest_name, cipher_name) == one.pbes1


@pytest.mark.parametrize(
    ("encryption", "protection", "opens"),
    [
        (pbes2(AES_256_CBC), named("PBES2 AES-256-CBC", "PBKDF2 SHA-256"), True),
        (pbes2(AES_256_GCM), named("PBES2 AES-256-GCM", "PBKDF2 SHA-256"), False),
        (
            pbes2(AES_256_CBC, prf=SHA_256),
            named("PBES2 AES-256-CBC", "PBKDF2 2.16.840.1.101.3.4.2.1"),
            False,
        ),
        (old(PBE_MD5_DES), named("PBE-MD5-DES"), True),
        (old(PBE_MD2_DES), named("PBE-MD2-DES"), False),
        (old("2a0304"), Protection(cipher="1.2.3.4"), False),
    ],
)
def test_encryption_is_named_whether_it_opens_or_not(
    encryption: Element, protection: Protection, opens: bool
) -> None:
    assert protection_of(encryption) == protection
    if opens:
        assert decrypt(encryption, bytes(32), "wrong", WorkBudget(100), "file") is None
    else:
        with pytest.raises(UnsupportedEncryptionError):
            decrypt(encryption, bytes(32), "wrong", WorkBudget(100), "file")


def test_hmac_in_place_of_a_digest_is_no_mac_of_rfc_7292() -> None:
    assert protection_of_mac(mac(SHA_256)) == named("SHA-256", "PKCS#12")
    assert not mac_matches(mac(SHA_256), b"content", "wrong", WorkBudget(100), "file")
    assert protection_of_mac(mac(HMAC_SHA_256)) == named("1.2.840.113549.2.9", "PKCS#12")
    with pytest.raises(UnsupportedEncryptionError):
        mac_matches(mac(HMAC_SHA_256), b"content", "wrong", WorkBudget(100), "file")
