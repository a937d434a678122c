"""How long public lists take to read: CCADB's whole report, without certificates and with, and others.

python3 packaging/dev.py bench lists
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography import x509

from tests.support import ccadb_reports as reports
from tests.support import etsi_lists, master_lists, pki
from tests.support.pki import Issued
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.ccadb import read_ccadb
from trustdesk.formats.etsi_list import read_etsi_list
from trustdesk.formats.master_list import read_master_list

RECORDS, SERVICES = 10_000, 6_000
LIMIT_S = 3.0


def main() -> None:
    """Print, for each list, its size, its entries, and the time against the limit for CCADB's."""
    root = pki.root("Bench Root")
    issued = [_issuing(number, root) for number in range(RECORDS)]
    plain = reports.report(reports.ALL_RECORDS, *(_record(number, None) for number in range(RECORDS)))
    columns = (*reports.ALL_RECORDS, "PEM Info")
    with_pem = reports.report(columns, *(_record(number, one) for number, one in enumerate(issued)))
    _print("CCADB, all records", plain, lambda data: read_ccadb(data, "bench.csv"))
    _print("CCADB, with certificates", with_pem, lambda data: read_ccadb(data, "bench.csv"))
    signer = etsi_lists.list_signer()
    services = [
        etsi_lists.Service(certificates=[issued[number % 600]], extensions=["ForWebSiteAuthentication"])
        for number in range(SERVICES)
    ]
    signed = etsi_lists.signed(etsi_lists.unsigned(*services), signer)
    _print("EU list, signed", signed, lambda data: read_etsi_list(data, "bench.xml", pinned=signer.sha256))
    content = master_lists.content(*issued[:600])
    master = master_lists.message(content, master_lists.list_signer(root))
    _print("master list, signed", master, lambda data: read_master_list(data, "bench.ml"))
    print(f"limit of CCADB's: {LIMIT_S} s")


def _print(title: str, data: bytes, read: Callable[[bytes], ListContent]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    content = read(data)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{title:<26}{len(data) / 1e6:>7.1f} MB{len(content.entries):>8} entries"
        f"{wall:>7.2f} s, of the processor {cpu:.2f} s"
    )


def _issuing(number: int, root: Issued) -> Issued:
    points = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/1.crl")], None, None, None
    )
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.SubjectKeyIdentifier(number.to_bytes(20, "big")), False),
        (x509.AuthorityKeyIdentifier(b"k" * 20, None, None), False),
        (x509.CRLDistributionPoints([points]), False),
    ]
    return pki.authority(f"Issuing CA {number}", root, extensions=extensions)


def _record(number: int, issued: Issued | None) -> dict[str, str]:
    digest = issued.sha256 if issued is not None else hashlib.sha256(str(number).encode()).hexdigest()
    record = {
        "CA Owner": f"Owner {number % 90}",
        "Certificate Name": f"Issuing CA {number}",
        "Certificate Record Type": "Intermediate Certificate",
        "Apple Status": "Trusted",
        "Chrome Status": "Trusted",
        "Microsoft Status": "Trusted",
        "Mozilla Status": "Trusted",
        "Revocation Status": "Not Revoked",
        "SHA-256 Fingerprint": digest.upper(),
        "Derived Trust Bits": "Server Authentication;Client Authentication",
        "TLS Capable": "True",
        "S/MIME Capable": "False",
        "Country": "Netherlands",
        "JSON Array of Partitioned CRLs": '["http://crl.example/1.crl","http://crl.example/2.crl"]',
        "Certificate Practice Statement (CPS) URL": "https://owner.example/cps",
    }
    for audit in ("Standard", "NetSec", "TLS BR"):
        record[f"{audit} Audit URL"] = f"https://owner.example/audits/{audit}/2026/statement.pdf"
        record[f"{audit} Audit Type"] = "WebTrust"
        record[f"{audit} Audit Period Start Date"] = "2025-01-01"
        record[f"{audit} Audit Period End Date"] = "2025-12-31"
    return record | ({} if issued is None else {"PEM Info": reports.pem(issued)})


if __name__ == "__main__":
    main()
