"""How long 100,000 certificates take from a PEM file into the columns of a table, and how much memory.

python3 packaging/dev.py bench reading

The certificates have distinct serial numbers and subjects and a real one's size; their signatures are those
of the first, for nothing here looks at them.
"""

from __future__ import annotations

import base64
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from trustdesk.formats.certificate_details import read_details
from trustdesk.services.reading import ReadingService

COUNT = 100_000
LIMIT_S = 5.0
LIMIT_MB = 400.0
_SERIAL = 0x5A000000_00000001
_NUMBER = "subject 00000000"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder, "bundle.pem")
        first = write_bundle(bundle)
        size = bundle.stat().st_size / (1024 * 1024)
        service = ReadingService()
        service.inspect([])
        before = memory_mb()
        begun = time.perf_counter()
        rows = [row for chunk in service.certificate_rows(bundle) for row in chunk.rows]
        elapsed = time.perf_counter() - begun
        used = memory_mb()
        service.close()
    distinct = len({row.sha256 for row in rows})
    print(
        f"{len(rows)} certificates ({distinct} distinct, {len(first)} B each) into columns: "
        f"{elapsed:5.2f} s  limit {LIMIT_S:.0f} s  ratio {elapsed / LIMIT_S:.2f}, worker's start included"
    )
    print(
        f"peak memory: {used:.0f} MB ({before:.0f} before)  limit {LIMIT_MB:.0f} MB; of the worker, "
        f"the mapped file of {size:.0f} MB included: {memory_mb(of_worker=True):.0f} MB"
    )
    times = []
    for row in rows[:: COUNT // 2000]:
        begun = time.perf_counter()
        read_details(row.der)
        times.append((time.perf_counter() - begun) * 1000)
    print(f"one of them decoded on demand, all extensions in words: median {statistics.median(times):.2f} ms")


def write_bundle(bundle: Path) -> bytes:
    """Write the certificates; returns the first."""
    first = _certificate()
    _write(first, bundle)
    return first


def _certificate() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    name = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Ground Handling"), _common_name(_NUMBER)]
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(name))
        .issuer_name(x509.Name([_common_name("Issuing CA 1")]))
        .public_key(key.public_key())
        .serial_number(_SERIAL)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("partner.example")]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _common_name(text: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(NameOID.COMMON_NAME, text)


def _write(der: bytes, bundle: Path) -> None:
    serial = der.index(_SERIAL.to_bytes(8, "big"))
    subject = der.index(_NUMBER.encode())
    with bundle.open("wb") as stream:
        for number in range(COUNT):
            one = bytearray(der)
            one[serial + 4 : serial + 8] = number.to_bytes(4, "big")
            one[subject : subject + len(_NUMBER)] = f"subject {number:08}".encode()
            body = base64.b64encode(one)
            lines = b"\n".join(body[at : at + 64] for at in range(0, len(body), 64))
            stream.write(b"-----BEGIN CERTIFICATE-----\n%b\n-----END CERTIFICATE-----\n" % lines)


def memory_mb(*, of_worker: bool = False) -> float:
    """Peak resident memory of this process, or of those that ended, in MB; 0 where the system is silent."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN if of_worker else resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
