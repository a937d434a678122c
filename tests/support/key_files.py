"""Files with keys as other programs write them, from certificates of ours: openssl and keytool."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from tests.support.pki import Issued

PASSWORD = "store-Passw0rd"
KEY_PASSWORD = "another-Passw0rd"
_JAVA = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto")
JAVA_8_STYLE = "-J-Dkeystore.pkcs12.legacy"
"""Makes keytool 17 write as Java 8 did: RC2-40 and 3DES, SHA-1."""

OPENSSL_1_0_STYLE = ("-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1")
WINDOWS_STYLE = ("-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1", "-iter", "2000")


def run(folder: Path, *command: str, text: str = "") -> str:
    """Run a program; return what it wrote on both streams."""
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{command[:3]}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def openssl_p12(folder: Path, issued: Issued, *chain: Issued, options: Sequence[str] = ()) -> bytes:
    """Return what `openssl pkcs12 -export` writes under PASSWORD."""
    (folder / "in.pem").write_bytes(issued.pem + issued.key_pem() + b"".join(one.pem for one in chain))
    run(folder, "openssl", "pkcs12", "-export", "-in", "in.pem", "-out", "out.p12", "-name", "mine",
        "-passout", f"pass:{PASSWORD}", *options)  # fmt: skip
    (folder / "in.pem").unlink()
    return (folder / "out.p12").read_bytes()


def java_store(
    folder: Path,
    kind: str,
    *identities: tuple[Issued, ...],
    key_password: str = PASSWORD,
    options: Sequence[str] = (),
) -> bytes:
    """Return the store that keytool writes under PASSWORD, each identity (chain first to last) an alias."""
    store = folder / f"made.{kind}"
    store.unlink(missing_ok=True)
    cheap = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).build(PASSWORD.encode())
    for number, (issued, *chain) in enumerate(identities):
        others = [one.certificate for one in chain]
        source = pkcs12.serialize_key_and_certificates(b"a", issued.key, issued.certificate, others, cheap)
        (folder / "source.p12").write_bytes(source)
        run(folder, "keytool", *_JAVA, *options, "-importkeystore", "-noprompt", "-srckeystore", "source.p12",
            "-srcstoretype", "PKCS12", "-srcstorepass", PASSWORD, "-srcalias", "a", "-destalias",
            f"key{number}", "-destkeystore", store.name, "-deststoretype", kind, "-deststorepass", PASSWORD,
            "-destkeypass", key_password)  # fmt: skip
    return store.read_bytes()


class Producer(Protocol):
    """Writes a file with a key, its certificate and its issuer's."""

    def __call__(self, folder: Path, issued: Issued, *chain: Issued) -> bytes: ...


def _openssl(*options: str) -> Producer:
    return partial(openssl_p12, options=options)


def _keytool(kind: str, *options: str, key_password: str = PASSWORD) -> Producer:
    def write(folder: Path, issued: Issued, *chain: Issued) -> bytes:
        return java_store(folder, kind, (issued, *chain), key_password=key_password, options=options)

    return write


PRODUCERS: Mapping[str, Producer] = {
    "OpenSSL 3": _openssl(),
    "OpenSSL 3 -legacy": _openssl("-legacy"),
    "OpenSSL 3 -descert": _openssl("-legacy", "-descert", "-keypbe", "PBE-SHA1-3DES"),
    "OpenSSL 3 AES-128 SHA-512": _openssl(
        "-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "sha512"
    ),
    "OpenSSL 1.0 style": _openssl(*OPENSSL_1_0_STYLE),
    "Windows style": _openssl(*WINDOWS_STYLE),
    "keytool 17": _keytool("pkcs12"),
    "keytool 8 style": _keytool("pkcs12", JAVA_8_STYLE),
    "JKS": _keytool("jks", key_password=KEY_PASSWORD),
    "JCEKS": _keytool("jceks", key_password=KEY_PASSWORD),
}
"""By what writes it; Java's own stores have KEY_PASSWORD on the key."""
