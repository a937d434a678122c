"""Trust lists at the size of the web's: reading CCADB's file, comparing versions, and impact.

    python3 packaging/dev.py bench trust

The impact is that of taking a CA away under 10,000 partners in a workspace file on disk, each with a
certificate of its own.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, insert

from tests.support import ccadb_reports as reports
from tests.support import pki
from tests.support.mass_issuing import issue
from tests.support.pki import Issued
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.ccadb import read_ccadb
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.records import facts_document
from trustdesk.services.list_difference import difference_of
from trustdesk.services.published_keys import published_keys
from trustdesk.services.reporting import report_on
from trustdesk.services.trust_impact import TrustImpact
from trustdesk.services.trust_side import TrustSide
from trustdesk.storage import schema
from trustdesk.storage.recording import record_report
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge

AT = datetime(2026, 11, 20, tzinfo=UTC)
PARTNERS, CAS, BELOW_ONE = 10_000, 40, 500
RECORDS, ENTRIES = 10_000, 2_000
IMPORT_LIMIT_S, DIFFERENCE_LIMIT_MS, IMPACT_LIMIT_S = 3.0, 100.0, 2.0


def main() -> None:
    _import()
    _difference()
    for is_judged, tests in ((True, "tested by the list in force"), (False, "tested by another list")):
        for title, below in (
            ("one of 40 CAs, 500 of 10,000 partners below it", BELOW_ONE),
            ("the one CA of all 10,000 partners", PARTNERS),
        ):
            _impact(f"{title}, {tests}", of_first=below, is_judged=is_judged)


def _import() -> None:
    """Read CCADB's report from a file, with progress."""
    root = pki.root("Bench Root")
    data = reports.report(
        (*reports.ALL_RECORDS, "PEM Info"), *(_record(number, root) for number in range(RECORDS))
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "AllCertificateRecords.csv")
        file.write_bytes(data)
        told: list[int] = []
        begun, used = time.perf_counter(), time.process_time()
        content = read_ccadb(file.read_bytes(), str(file), on_progress=lambda done, _total: told.append(done))
        spent, used = time.perf_counter() - begun, time.process_time() - used
    print(
        f"CCADB, {len(content.entries)} certificates, {len(data) / 1e6:.0f} MB, told {len(told)} "
        f"times: {spent:.2f} s  limit {IMPORT_LIMIT_S:.0f} s  ratio {spent / IMPORT_LIMIT_S:.2f}  "
        f"processor {used:.2f} s"
    )


def _record(number: int, root: Issued) -> dict[str, str]:
    issued = pki.authority(f"Bench CA {number}", root)
    return {
        "CA Owner": f"Owner {number % 90}",
        "Certificate Name": f"Bench CA {number}",
        "Certificate Record Type": "Intermediate Certificate",
        "SHA-256 Fingerprint": reports.fingerprint(issued),
        "PEM Info": reports.pem(issued),
        "Revocation Status": "Not Revoked",
    }


def _difference() -> None:
    """Compare two versions that were read by themselves, so that no two entries are the same object."""
    root = pki.root("Bench Root")
    facts = [pki.authority(f"CA {number}", root).facts for number in range(ENTRIES + 50)]

    def version(first: int, changed: int) -> ListContent:
        entries = tuple(
            ListEntry(
                sha256=one.sha256,
                certificate=replace(one),
                subject=one.subject or "",
                notes="changed" if number < changed else "",
            )
            for number, one in enumerate(facts[first : first + ENTRIES])
        )
        return ListContent(title="bench", entries=entries)

    before, after = version(0, 0), version(50, 200)
    begun = time.perf_counter()
    found = difference_of(before, after, names=("bench@1", "bench@2"), instants=(AT, AT))
    spent = (time.perf_counter() - begun) * 1000
    print(
        f"difference of two versions of {ENTRIES} entries, {len(found.changes)} changes: {spent:.0f} ms  "
        f"limit {DIFFERENCE_LIMIT_MS:.0f} ms  ratio {spent / DIFFERENCE_LIMIT_MS:.2f}"
    )


def _impact(title: str, *, of_first: int, is_judged: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        trust_list = make_workspace(Path(folder), of_first=of_first, is_judged=is_judged)
        before = TrustSide(lists=(trust_list,), at=AT)
        after = before.without(trust_list.anchors[0].sha256)
        workspace = Workspace.open(Path(folder))
        impact = TrustImpact(workspace, dict)
        try:
            for words in ("asked for the first time", "asked again"):
                begun, used = time.perf_counter(), time.process_time()
                found = impact.impact(msg("bench"), lambda: (before, after)).future.result()
                spent, used = time.perf_counter() - begun, time.process_time() - used
                print(
                    f"impact of {title}, {words}: {spent:.2f} s  limit {IMPACT_LIMIT_S:.0f} s  "
                    f"ratio {spent / IMPACT_LIMIT_S:.2f}  ({len(found.partners)} lose, {found.looked_at} "
                    f"looked at), processor of this process {used:.2f} s"
                )
        finally:
            before_end = os.times()
            impact.close()
            workspace.close()
            helpers = os.times().children_user + os.times().children_system
            helpers -= before_end.children_user + before_end.children_system
            print(f"  processor of helper processes for both: {helpers:.2f} s")


def make_workspace(folder: Path, *, of_first: int, is_judged: bool = False) -> TrustList:
    """Make a workspace of partners whose servers have distinct certificates; return the list above them.

    Args:
        of_first: partners below the list's first CA; the others are spread over the rest.
        is_judged: their last tests judged them by this list; else by an earlier version of it.
    """
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(64)]
    roots = [issue(f"Root {number}", None, keys[number], AT, is_ca=True) for number in range(CAS)]
    issuing = [
        issue(f"Issuing {number}", roots[number], keys[number - 1], AT, is_ca=True) for number in range(CAS)
    ]
    above = [read_certificate(one[0].public_bytes(Encoding.DER)) for one in issuing]
    trust_list = TrustList(
        name="bench",
        title=msg("The benchmark's list"),
        origin=TrustListOrigin.LAB,
        anchors=tuple(read_certificate(root[0].public_bytes(Encoding.DER)) for root in roots),
    )
    leaves = []
    for number in range(PARTNERS):
        place = 0 if number < of_first else 1 + number % (CAS - 1)
        made = issue(f"host-{number}.example", issuing[place], keys[number % 64], AT, is_ca=False)
        leaves.append((read_certificate(made[0].public_bytes(Encoding.DER)), above[place]))
    workspace = Workspace.open(folder)
    observed = _reports(leaves, trust_list if is_judged else replace(trust_list, version=1))
    workspace.submit(lambda connection: _keep(connection, leaves, above, observed)).result()
    workspace.close()
    return trust_list


def _reports(
    leaves: Sequence[tuple[CertificateFacts, CertificateFacts]], trust_list: TrustList
) -> list[ProbeReport]:
    """Return the reports of tests that found the servers trusted."""
    judge = PathJudge([trust_list], published_keys=published_keys())
    observed = []
    for number, chain in enumerate(leaves):
        host = f"host-{number}.example"
        record = ProbeRecord(
            target=parse_target(f"https://{host}/"),
            started_at=AT - timedelta(hours=1),
            outcome=Outcome.ACCEPTED,
            ended_in=Phase.DONE,
            presented_chain=chain,
            judgement=judge.judge_server([one.der for one in chain], host, AT - timedelta(hours=1)),
        )
        observed.append(report_on(record))
    return observed


def _keep(
    connection: Connection,
    leaves: Sequence[tuple[CertificateFacts, CertificateFacts]],
    above: Sequence[CertificateFacts],
    observed: Sequence[ProbeReport],
) -> None:
    numbers = range(1, len(leaves) + 1)
    partner = {"company_id": "", "note": "", "details": "{}", "revision": 0}
    connection.execute(
        insert(schema.partners), [{"id": n, "name": f"Partner {n}", **partner} for n in numbers]
    )
    connection.execute(
        insert(schema.endpoints),
        [
            {
                "id": n,
                "partner_id": n,
                "protocol": "https",
                "host": f"host-{n - 1}.example",
                "port": 443,
                "path": "/",
                "verify_name": f"host-{n - 1}.example",
                "alpn": "[]",
                "note": "",
                "claims_mutual_tls": False,
            }
            for n in numbers
        ],
    )
    connection.execute(
        insert(schema.certificates),
        [_row(facts) for facts in (*above, *(leaf for leaf, _ in leaves))],
    )
    for number, report in zip(numbers, observed, strict=True):
        record_report(connection, number, report)


def _row(facts: CertificateFacts) -> dict[str, object]:
    return {
        "sha256": facts.sha256,
        "der": facts.der,
        "subject": facts.subject,
        "issuer": facts.issuer,
        "not_before": facts.not_before,
        "not_after": facts.not_after,
        "first_seen": AT,
        "facts": json.dumps(facts_document(facts)),
    }


if __name__ == "__main__":
    main()
