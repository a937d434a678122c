"""How files are protected, read without their passwords from what openssl, keytool and cryptography write."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat

from tests.support import pki
from tests.support.reader_files import OPENSSL_PKCS12, openssl_pkcs12, with_indefinite_lengths
from trustdesk.core.inspection import ContainerProtection, InspectedItem, ItemKind, Protection
from trustdesk.formats.opening import open_anything

ROOT = pki.root()
LEAF = pki.client(ROOT)


def items(data: bytes, password: str | None = None) -> tuple[InspectedItem, ...]:
    return open_anything(data, "file", None, known_passwords=() if password is None else (password,)).items


def store(data: bytes, password: str | None = None) -> ContainerProtection:
    (found,) = [one for one in items(data, password) if one.kind in {ItemKind.PKCS12, ItemKind.JKS}]
    assert found.protection is not None
    return found.protection


def key(data: bytes, password: str | None = None) -> InspectedItem:
    (found,) = [one for one in items(data, password) if one.key is not None]
    return found


AES = Protection(cipher="PBES2 AES-256-CBC", derivation="PBKDF2 SHA-256", rounds=2048)
RC2_40 = Protection(cipher="PBE-SHA1-RC2-40", rounds=2048)
RC2_128 = Protection(cipher="PBE-SHA1-RC2-128", rounds=2048)
TRIPLE_DES = Protection(cipher="PBE-SHA1-3DES", rounds=2048)
SHA_1 = Protection(cipher="SHA-1", derivation="PKCS#12", rounds=2048)
SHA_256 = Protection(cipher="SHA-256", derivation="PKCS#12", rounds=2048)


@pytest.mark.servers
@pytest.mark.parametrize(
    ("options", "parts", "mac"),
    [
        ("modern", {AES}, SHA_256),
        ("legacy", {RC2_40, TRIPLE_DES}, SHA_1),
        ("rc2-128", {RC2_128, RC2_40}, SHA_1),
        ("no-mac", {AES}, None),
        ("open", set(), None),
    ],
)
def test_pkcs12_of_openssl(
    tmp_path: Path, options: str, parts: set[Protection], mac: Protection | None
) -> None:
    data = openssl_pkcs12(tmp_path, LEAF, ROOT, options=OPENSSL_PKCS12[options], password="secret")
    found = store(data, "secret")
    assert set(found.parts) == parts
    assert found.mac == mac
    assert not found.is_ber
    assert found.has_password is {"open": False, "no-mac": None}.get(options, True)


@pytest.mark.servers
def test_what_did_not_open_says_how_it_is_protected_and_not_whether_it_takes_a_password(
    tmp_path: Path,
) -> None:
    found = store(openssl_pkcs12(tmp_path, LEAF, ROOT, options=(), password="secret"))
    assert found.parts[0] == AES
    assert found.has_password is None


@pytest.mark.servers
def test_an_empty_password_is_no_protection_although_all_is_encrypted(tmp_path: Path) -> None:
    data = openssl_pkcs12(tmp_path, LEAF, ROOT, options=(), password="")
    found = store(data)
    assert found.parts
    assert found.has_password is False
    facts = key(data).key
    assert facts is not None
    assert facts.encrypted
    assert facts.empty_password


def test_ber_is_told_from_der() -> None:
    data = LEAF.pkcs12(None, ROOT)
    assert not store(data).is_ber
    assert store(with_indefinite_lengths(data)).is_ber


@pytest.mark.servers
def test_keys_say_what_encrypts_them() -> None:
    facts = key(LEAF.key_pem("secret"), "secret").key
    assert facts is not None
    assert facts.protection is not None
    assert facts.protection.cipher == "PBES2 AES-256-CBC"
    assert not facts.empty_password
    headers = key(LEAF.key_pem("secret", PrivateFormat.TraditionalOpenSSL), "secret").key
    assert headers is not None
    assert headers.protection == Protection(cipher="AES-256-CBC", derivation="MD5", rounds=1)
    plain = key(LEAF.key_pem()).key
    assert plain is not None
    assert plain.protection is None


def test_part_whose_encryption_cannot_be_read_is_named_as_that() -> None:
    data = LEAF.pkcs12("secret", ROOT)
    pbes2 = bytes.fromhex("06092a864886f70d01050d")
    assert data.count(pbes2) == 2
    damaged = data.replace(pbes2, b"\x04" + pbes2[1:])
    found = store(damaged)
    assert found.parts == (Protection(cipher="?"),)
    assert found.mac is not None
