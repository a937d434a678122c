"""Decryption under passwords, against published vectors and against openssl."""

from __future__ import annotations

import hashlib
import hmac
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.reader_files import PASSWORD, definite
from trustdesk.core.errors import UnusableInputError
from trustdesk.formats import rc2
from trustdesk.formats.der import DerError, read_element
from trustdesk.formats.opening import open_anything
from trustdesk.formats.password_encryption import WorkBudget, decrypt, decrypt_by_headers, mac_matches

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.mark.parametrize(
    ("key", "bits", "plain", "sealed"),
    [
        ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
        ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
        ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
        ("88", 64, "0000000000000000", "61a8a244adacccf0"),
        ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
        ("88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"),
        ("88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"),
    ],
)
def test_rc2_against_the_vectors_of_rfc_2268(key: str, bits: int, plain: str, sealed: str) -> None:
    opened = rc2.decrypt_cbc(bytes.fromhex(key), bits, bytes(8), bytes.fromhex(sealed))
    assert opened == bytes.fromhex(plain)


@needs_openssl
@pytest.mark.parametrize(
    "options",
    [
        ("-v1", "PBE-MD5-DES"),
        ("-v1", "PBE-SHA1-DES"),
        ("-v1", "PBE-SHA1-RC2-64"),
        ("-v1", "PBE-SHA1-3DES"),
        ("-v1", "PBE-SHA1-RC2-40"),
        ("-v2", "aes-128-cbc"),
        ("-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512"),
        ("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"),
        ("-v2", "des3"),
        ("-v2", "rc2-cbc"),
        ("-v2", "rc2-40-cbc"),
        ("-scrypt",),
    ],
    ids=" ".join,
)
def test_pkcs8_of_openssl_opens_with_its_password_alone(options: tuple[str, ...], tmp_path: Path) -> None:
    leaf = pki.client(pki.root())
    (tmp_path / "key.pem").write_bytes(leaf.key_pem())
    command = [
        "openssl",
        "pkcs8",
        "-topk8",
        "-in",
        "key.pem",
        "-out",
        "out.pem",
        "-passout",
        f"pass:{PASSWORD}",
    ]
    legacy = ["-provider", "legacy", "-provider", "default"]
    subprocess.run([*command, *options, *legacy], cwd=tmp_path, capture_output=True, timeout=60, check=True)
    data = (tmp_path / "out.pem").read_bytes()
    (opened,) = open_anything(data, "file", lambda _: PASSWORD).items
    assert opened.key is not None
    assert opened.key.curve == "P-256"
    (closed,) = open_anything(data, "file", lambda _: "wrong").items
    assert closed.locked


@needs_openssl
@pytest.mark.parametrize("cipher", ["aes128", "aes192", "aes256", "des3", "des"])
def test_key_under_pem_headers_opens(cipher: str, tmp_path: Path) -> None:
    leaf = pki.client(pki.root(), key=pki.rsa_key())
    (tmp_path / "key.pem").write_bytes(leaf.key_pem())
    command = ["openssl", "rsa", "-traditional", f"-{cipher}", "-in", "key.pem", "-out", "out.pem"]
    legacy = ["-provider", "legacy", "-provider", "default", "-passout", f"pass:{PASSWORD}"]
    subprocess.run([*command, *legacy], cwd=tmp_path, capture_output=True, timeout=60, check=True)
    data = (tmp_path / "out.pem").read_bytes()
    assert b"DEK-Info" in data
    (opened,) = open_anything(data, "file", lambda _: PASSWORD).items
    assert opened.key is not None
    assert (opened.key.form, opened.key.bits) == ("PKCS#1", 2048)


@pytest.mark.parametrize(
    "header", ["", "AES-256-CBC", "AES-256-CBC,0011", "AES-256-CBC,zz", "DES-CBC," + "00" * 16, "ROT13,00"]
)
def test_pem_header_that_does_not_fit_is_refused(header: str) -> None:
    """The library kills its caller's thread on a short initialisation vector."""
    with pytest.raises(DerError):
        decrypt_by_headers(header, bytes(32), PASSWORD)


def test_rounds_of_several_things_are_counted_together() -> None:
    budget = WorkBudget(100)
    budget.spend(60, "file")
    with pytest.raises(UnusableInputError):
        budget.spend(60, "file")
    with pytest.raises(UnusableInputError):
        budget.spend(-1, "file")


def oid(text: str) -> bytes:
    return definite(0x06, bytes.fromhex(text))


def number(value: int) -> bytes:
    return definite(0x02, value.to_bytes(5, "big"))


@pytest.mark.parametrize("prf", ["sha256", "sha512"])
def test_mac_of_rfc_9579_is_checked(prf: str) -> None:
    content, salt = b"authenticated safe", b"saltsalt"
    hmac_oid = {"sha256": "2a864886f70d0209", "sha512": "2a864886f70d020b"}[prf]
    algorithm = definite(0x30, oid(hmac_oid) + b"\x05\x00")
    parameters = definite(0x30, definite(0x04, salt) + number(7) + number(32) + algorithm)
    derivation = definite(0x30, oid("2a864886f70d01050c") + parameters)
    scheme = definite(0x30, oid("2a864886f70d01050e") + definite(0x30, derivation + algorithm))
    key = hashlib.pbkdf2_hmac(prf, PASSWORD.encode(), salt, 7, 32)
    digest = definite(0x04, hmac.digest(key, content, prf))
    mac = read_element(definite(0x30, definite(0x30, scheme + digest) + definite(0x04, b"unused")))
    assert mac_matches(mac, content, PASSWORD, WorkBudget(100), "file")
    assert not mac_matches(mac, content, "wrong", WorkBudget(100), "file")


@pytest.mark.parametrize("cost", [0, 1 << 30])
def test_scrypt_that_asks_for_too_much_memory_is_refused(cost: int) -> None:
    parameters = definite(0x30, definite(0x04, b"salt") + number(cost) + number(8) + number(1))
    derivation = definite(0x30, oid("2b06010401da47040b") + parameters)
    cipher = definite(0x30, oid("60864801650304012a") + definite(0x04, bytes(16)))
    pbes2 = definite(0x30, oid("2a864886f70d01050d") + definite(0x30, derivation + cipher))
    with pytest.raises(DerError):
        decrypt(read_element(pbes2), bytes(32), PASSWORD, WorkBudget(1 << 40), "file")
