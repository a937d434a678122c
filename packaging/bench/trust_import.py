"""CCADB's whole file, imported at a desk end to end: read, reviewed, applied and judged by, with progress.

    python3 packaging/dev.py bench trust_import

All records of the report come without certificates (AllCertificateRecords); a second run has all of them
with certificates, as several smaller reports are.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support import ccadb_reports as reports
from tests.support import pki
from tests.support.pki import Issued

RECORDS, LIMIT_S = 10_000, 3.0
COLUMNS = (*reports.ALL_RECORDS, "PEM Info")


def main() -> None:
    root = pki.root("Bench Root")
    issued = [pki.authority(f"Bench CA {number}", root) for number in range(RECORDS)]
    for title, has_certificates in (("without certificates", False), ("with certificates", True)):
        data = reports.report(
            COLUMNS if has_certificates else reports.ALL_RECORDS,
            *(_record(number, one, has_certificates) for number, one in enumerate(issued)),
        )
        _import(title, data)


def _import(title: str, data: bytes) -> None:
    # Here, for the process that reads loads this module again, and is to be as light as in the program.
    from tests.support.trust_lab import TrustLab
    from trustdesk.services.trust_desk import ImportProgress, ImportWish

    with tempfile.TemporaryDirectory() as folder:
        lab = TrustLab(Path(folder), has_own_reader=True)
        used = _processor_s()
        try:
            told: list[ImportProgress] = []
            wish = ImportWish(source=lab.file(data, "report.csv"), name="CCADB")
            begun = time.perf_counter()
            prepared = lab.trust.prepare_import(wish, told.append).future.result()
            read = time.perf_counter() - begun
            version = lab.trust.apply(prepared, "bench").future.result()
            spent = time.perf_counter() - begun
        finally:
            lab.close()
        used = _processor_s() - used
    print(
        f"CCADB {title}, {len(version.content.entries)} records, {len(data) / 1e6:.0f} MB, reviewed in "
        f"{read:.2f} s, applied after {spent:.2f} s  limit {LIMIT_S:.0f} s  ratio {spent / LIMIT_S:.2f}  "
        f"told {len(told)} times  processor {used:.2f} s"
    )


def _processor_s() -> float:
    """Return what this process and those that it has ended have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _record(number: int, issued: Issued, has_certificate: bool) -> dict[str, str]:
    record = {
        "CA Owner": f"Owner {number % 90}",
        "Certificate Name": f"Bench CA {number}",
        "Certificate Record Type": "Intermediate Certificate",
        "SHA-256 Fingerprint": reports.fingerprint(issued),
        "Revocation Status": "Not Revoked",
        "Standard Audit URL": "https://audit.example/1",
        "Standard Audit Statement Date": "2026.01.01",
    }
    return {**record, "PEM Info": reports.pem(issued)} if has_certificate else record


if __name__ == "__main__":
    main()
