"""PKCS#12 files and encrypted keys that we write, as OpenSSL and Java read them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from tests.support import pki
from tests.support.pki import Issued
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ExportProfile
from trustdesk.core.inspection import Protection
from trustdesk.formats.files import read_credential
from trustdesk.formats.key_writing import encrypted_pem, plain_pem
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.pkcs12 import read_pkcs12
from trustdesk.formats.pkcs12_writing import profile_protection, write_java_trust_store, write_pkcs12
from trustdesk.formats.private_key import PasswordSource

PASSPHRASE = "k7Qm2-Rt5Vw-x9Zaa-B3cDe"
PROTECTIONS = {
    ExportProfile.MODERN: (
        Protection(cipher="PBES2 AES-256-CBC", derivation="PBKDF2 SHA-256", rounds=600_000),
        Protection(cipher="SHA-256", derivation="PKCS#12", rounds=600_000),
    ),
    ExportProfile.COMPATIBLE: (
        Protection(cipher="PBE-SHA1-3DES", rounds=50_000),
        Protection(cipher="SHA-1", derivation="PKCS#12", rounds=100_000),
    ),
}
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


@cache
def written(profile: ExportProfile) -> bytes:
    leaf, middle, _ = path()
    return write_pkcs12(
        leaf.key, [leaf.der, middle.der], name="Mine Ü", passphrase=PASSPHRASE, profile=profile
    )


def openssl(*arguments: str, data: bytes) -> str:
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("profile", ExportProfile)
def test_encryption_and_mac_have_the_rounds_of_the_profile(profile: ExportProfile) -> None:
    opened = read_pkcs12(written(profile), "f", PasswordSource(None, [PASSPHRASE]), WorkBudget(10_000_000))
    encryption, mac = PROTECTIONS[profile]
    assert opened.opens
    assert (opened.parts, opened.mac) == ([encryption], mac)
    assert profile_protection(profile) == (encryption, mac)


@pytest.mark.parametrize("profile", ExportProfile)
def test_library_reads_what_was_written(profile: ExportProfile) -> None:
    leaf, middle, _ = path()
    loaded = load_pkcs12(written(profile), PASSPHRASE.encode())
    assert loaded.cert is not None
    assert loaded.cert.certificate == leaf.certificate
    assert loaded.cert.friendly_name == "Mine Ü".encode()
    assert [one.certificate for one in loaded.additional_certs] == [middle.certificate]
    with pytest.raises(ValueError, match="password"):
        load_pkcs12(written(profile), b"wrong")


@needs_openssl
@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (ExportProfile.MODERN, ["MAC: sha256, Iteration 600000", "AES-256-CBC, Iteration 600000"]),
        (ExportProfile.COMPATIBLE, ["MAC: sha1, Iteration 100000", "3-KeyTripleDES-CBC, Iteration 50000"]),
    ],
)
def test_openssl_names_the_profile(profile: ExportProfile, words: list[str]) -> None:
    said = openssl("pkcs12", "-info", "-noout", "-passin", f"pass:{PASSPHRASE}", data=written(profile))
    assert all(word in said for word in words), said


def test_two_files_have_nothing_in_common_that_is_random() -> None:
    leaf = path()[0]
    again = write_pkcs12(
        leaf.key, [leaf.der], name="n", passphrase=PASSPHRASE, profile=ExportProfile.COMPATIBLE
    )
    other = write_pkcs12(
        leaf.key, [leaf.der], name="n", passphrase=PASSPHRASE, profile=ExportProfile.COMPATIBLE
    )
    assert again[-40:] != other[-40:]


@pytest.mark.parametrize("profile", ExportProfile)
@pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")
def test_java_takes_the_trust_store(profile: ExportProfile, tmp_path: Path) -> None:
    _, middle, root = path()
    entries = [("root", root.der), ("issuing", middle.der)]
    store = tmp_path / "trust.p12"
    store.write_bytes(write_java_trust_store(entries, passphrase=PASSPHRASE, profile=profile))
    said = subprocess.run(
        ["keytool", "-list", "-keystore", store, "-storepass", PASSPHRASE],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert said.count("trustedCertEntry") == 2
    assert "PrivateKeyEntry" not in said


def test_damaged_certificate_is_refused_in_words() -> None:
    leaf = path()[0]
    with pytest.raises(UnusableInputError, match="damaged"):
        write_pkcs12(
            leaf.key, [leaf.der, b"0"], name="n", passphrase=PASSPHRASE, profile=ExportProfile.MODERN
        )


KEYS: dict[str, Callable[[], pki.PrivateKey]] = {
    "EC": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA": pki.rsa_key,
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


@needs_openssl
@pytest.mark.parametrize("kind", KEYS)
def test_openssl_and_library_read_the_encrypted_key(kind: str) -> None:
    key = KEYS[kind]()
    pem = encrypted_pem(key, PASSPHRASE)
    clear = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert openssl("pkey", "-passin", f"pass:{PASSPHRASE}", data=pem) == clear.decode()
    assert "PBKDF2" in openssl("asn1parse", data=pem)
    issued = pki.client(None, key=key)
    credential = read_credential(issued.pem + pem, "f", password=lambda: PASSPHRASE)
    assert credential.certification_path == (issued.der,)
    assert clear.splitlines()[1] not in pem


def test_key_in_the_clear_is_pkcs8() -> None:
    leaf = path()[0]
    assert plain_pem(leaf.key) == leaf.key_pem()
