"""A CRL of 1,000,000 entries until it can be asked, and each question after that, beside other tools.

python3 packaging/dev.py bench revocation
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from trustdesk.services.revocation_lists import open_revocation_list
from trustdesk.storage.revocation_cache import RevocationCache

ENTRIES = 1_000_000
OPEN_LIMIT_S, LOOKUP_LIMIT_MS, MEMORY_LIMIT_MIB = 3.0, 1.0, 150.0
AT = datetime(2026, 11, 20, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Big CA")])
_MIB = 1024 * 1024


def main() -> None:
    if sys.argv[1:2] == ["ours"]:
        _ours(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory(prefix="trustdesk-bench-") as name:
        folder = Path(name)
        _make(folder)
        ours = [sys.executable, __file__, "ours", name]
        print("first opening, nothing kept:")
        subprocess.run(ours, check=True)
        print("second opening, index kept:")
        subprocess.run(ours, check=True)
        print("others:")
        _library(folder)
        _openssl(folder)


def _ours(folder: Path) -> None:
    """In a process of its own, so that its memory is its own."""
    crl, key, serials = _read(folder)
    der = crl.read_bytes()
    peaks = [0.0]

    def look(_part: float) -> None:
        peaks.extend(_peak_mib(worker.pid) for worker in multiprocessing.active_children())

    begun, used = time.perf_counter(), _processor_s()
    opened = open_revocation_list(der, cache=RevocationCache(folder / "cache"), progress=look)
    del der
    assert opened.is_signed_by(key) is True
    total, used = time.perf_counter() - begun, _processor_s() - used
    assert opened.facts.count == ENTRIES
    assert not opened.facts.is_damaged
    _print("verified and indexed", total, "s", OPEN_LIMIT_S)
    _print("of that, processor time", used, "s", OPEN_LIMIT_S)
    lookups = []
    for what, serial in serials.items():
        lookups.append(_median_ms(lambda serial=serial: opened.entry(serial), 200))  # type: ignore[misc]
        _print(f"lookup, {what}", lookups[-1], "ms", LOOKUP_LIMIT_MS)
    _print("40 rows of a table", _median_ms(lambda: opened.entries(500_000, 40), 200), "ms", LOOKUP_LIMIT_MS)
    _print("peak of this process", _peak_mib(os.getpid()), "MiB", MEMORY_LIMIT_MIB)
    if max(peaks):
        _print("peak of the worker", max(peaks), "MiB", MEMORY_LIMIT_MIB)
        (folder / "ours").write_text(f"{total} {max(lookups)}")


def _processor_s() -> float:
    """Return what this process and those that it waited for have used; a busy machine does not change it."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _print(what: str, spent: float, unit: str, limit: float) -> None:
    print(f"  {what:24} {spent:9.3f} {unit:3}  limit {limit:5.0f} {unit:3}  ratio {spent / limit:.3f}")


def _peak_mib(pid: int | None) -> float:
    """Return what a process held at most; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if "VmHWM" in line), 0.0)


def _library(folder: Path) -> None:
    crl, _, serials = _read(folder)
    opening, lookup = (float(number) for number in (folder / "ours").read_text().split())
    begun = time.perf_counter()
    loaded = x509.load_der_x509_crl(crl.read_bytes())
    key = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert loaded.is_signature_valid(key)
    _beside("cryptography, loaded and verified", time.perf_counter() - begun, "s", opening)
    for what, serial in serials.items():
        find = partial(loaded.get_revoked_certificate_by_serial_number, int(serial, 16))
        _beside(f"cryptography, {what}", _median_ms(find, 5), "ms", lookup)


def _openssl(folder: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        print("  openssl is not here")
        return
    opening = float((folder / "ours").read_text().split()[0])
    crl, ca, leaf, at = folder / "big.crl", folder / "ca.pem", folder / "leaf.pem", int(AT.timestamp())
    for arguments in (
        f"crl -inform DER -in {crl} -CAfile {ca} -noout",
        f"verify -CAfile {ca} -crl_check -CRLfile {crl} -attime {at} {leaf}",
    ):
        begun = time.perf_counter()
        done = subprocess.run([openssl, *arguments.split()], capture_output=True, text=True, check=False)
        spent = time.perf_counter() - begun
        assert "OK" in done.stdout + done.stderr, done.stderr
        _beside(f"openssl {arguments.split()[0]}", spent, "s", opening)


def _beside(what: str, theirs: float, unit: str, ours: float) -> None:
    print(f"  {what:34} {theirs:9.3f} {unit:3}  ours to theirs {ours / theirs:.4f}")


def _read(folder: Path) -> tuple[Path, bytes, dict[str, str]]:
    serials = dict(line.split("=") for line in (folder / "serials").read_text().splitlines())
    return folder / "big.crl", (folder / "key").read_bytes(), serials


def _make(folder: Path) -> None:
    """Write the list by hand: no library makes a million entries in a reasonable time."""
    key = rsa.generate_private_key(65537, 2048)
    _certify(folder, key)
    chance = random.Random(1)
    reasons = [bytes.fromhex("300c300a0603551d1504030a01") + bytes([reason]) for reason in (0, 1, 3, 4, 5, 9)]
    entries = []
    for _ in range(ENTRIES):
        serial = bytes([0x40 | chance.randrange(64)]) + chance.randbytes(15)
        body = b"\x02\x10" + serial + b"\x17\r261103093000Z" + chance.choice(reasons)
        entries.append(bytes([0x30, len(body)]) + body)
    algorithm = bytes.fromhex("300d06092a864886f70d01010b0500")
    fields = b"\x02\x01\x01" + algorithm + NAME.public_bytes() + b"\x17\r261119000000Z\x17\r261201000000Z"
    body = _der(0x30, fields + _der(0x30, b"".join(entries)))
    signature = key.sign(body, padding.PKCS1v15(), hashes.SHA256())
    der = _der(0x30, body + algorithm + _der(0x03, b"\0" + signature))
    (folder / "big.crl").write_bytes(der)
    listed = {"first": entries[0], "middle": entries[ENTRIES // 2], "last": entries[-1]}
    lines = [f"{what}={entry[4:20].hex()}" for what, entry in listed.items()]
    (folder / "serials").write_text("\n".join([*lines, f"not listed={'3' * 32}"]))
    print(f"{ENTRIES} entries, {len(der) / _MIB:.1f} MiB, SHA-256 {_digest_s(der) * 1000:.0f} ms")


def _certify(folder: Path, key: rsa.RSAPrivateKey) -> None:
    def certificate(subject: x509.Name, *, is_ca: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder(NAME, subject, key.public_key(), x509.random_serial_number())
        return (
            builder.not_valid_before(AT - timedelta(days=30))
            .not_valid_after(AT + timedelta(days=300))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )

    leaf = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf")])
    (folder / "ca.pem").write_bytes(certificate(NAME, is_ca=True).public_bytes(Encoding.PEM))
    (folder / "leaf.pem").write_bytes(certificate(leaf, is_ca=False).public_bytes(Encoding.PEM))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    (folder / "key").write_bytes(public)


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def _digest_s(der: bytes) -> float:
    begun = time.perf_counter()
    hashlib.sha256(der).digest()
    return time.perf_counter() - begun


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times)


if __name__ == "__main__":
    main()
