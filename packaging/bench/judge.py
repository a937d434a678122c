"""How long a chain takes with all rules, and 10,000 leaves against 2,000 roots in worker processes.

python3 packaging/dev.py bench judge
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support.mass_issuing import Made, issue
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.verification import TLS_INPUTS, BulkVerdicts, Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certificate_columns import RowReader
from trustdesk.services.bulk_judging import judge_rows
from trustdesk.verify.builder import build
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.evaluator import Question, evaluate
from trustdesk.verify.path_sources import AnchorIndex, Pool
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.signatures import SignatureBook

AT = datetime(2026, 11, 20, tzinfo=UTC)
LEAVES, INTERMEDIATES, ROOTS = 10_000, 400, 2_000
CHAIN_LIMIT_US, BULK_LIMIT_S = 500.0, 6.0


def main() -> None:
    trust_list, issuing, leaves = make()
    _one_chain(trust_list, leaves[0], issuing[0])
    _bulk(trust_list, issuing, leaves)


def make() -> tuple[TrustList, list[bytes], list[bytes]]:
    """Make the roots as a list, what they issued, and the leaves below."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(32)]
    roots = [issue(f"Root {number}", None, keys[number % 32], AT, is_ca=True) for number in range(ROOTS)]
    issuing = [
        issue(f"Issuing {number}", roots[number], keys[number % 31], AT, is_ca=True)
        for number in range(INTERMEDIATES)
    ]
    leaves = [
        issue(f"host-{number}.example", issuing[number % INTERMEDIATES], keys[number % 29], AT, is_ca=False)
        for number in range(LEAVES)
    ]
    trust_list = TrustList(
        name="bench",
        title=msg("The benchmark's list"),
        origin=TrustListOrigin.LAB,
        anchors=tuple(read_certificate(_der(root)) for root in roots),
    )
    return trust_list, [_der(one) for one in issuing], [_der(one) for one in leaves]


def _one_chain(trust_list: TrustList, leaf: bytes, issuer: bytes) -> None:
    anchors = AnchorIndex([trust_list])
    verifier = PathVerifier([trust_list])
    question = Question(
        purpose=Purpose.SERVER, reference_identifier="host-0.example", at=AT, inputs=TLS_INPUTS
    )
    end_entity, pool = decode(leaf), Pool([decode(issuer)])

    def ours() -> None:
        end_entity.judged.clear()  # what is kept of this leaf would flatter the number
        signatures = SignatureBook()
        for candidate in build(end_entity, pool, anchors, AT, signatures).candidates:
            evaluate(candidate, question, signatures)

    decoded = _median_us(lambda: Decoded(end_entity.facts))
    print(f"decode one certificate           {decoded:7.0f} µs")
    spent = _median_us(ours)
    print(
        f"one chain, all rules, signatures {spent:7.0f} µs  limit {CHAIN_LIMIT_US:.0f} µs  "
        f"ratio {spent / CHAIN_LIMIT_US:.2f}"
    )
    both = _median_us(lambda: verifier.verify_decoded(end_entity, pool, question))
    print(f"the same repeated, both engines  {both:7.0f} µs")


def _bulk(trust_list: TrustList, issuing: list[bytes], leaves: list[bytes]) -> None:
    reader = RowReader()
    rows = [reader.row(der) for der in (*leaves, *issuing)]
    verdicts: list[BulkVerdicts] = []
    totals = judge_rows(
        rows, [trust_list], at=AT, on_verdicts=lambda some: verdicts.extend(some.verdicts), cancel=Event()
    )
    spent = totals.duration_ms / 1000
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    trusted = sum(one.server.trusted for one in verdicts)
    differ = sum(one.of(purpose).disagreement is not None for one in verdicts for purpose in Purpose)
    print(
        f"{LEAVES} leaves, {ROOTS} roots, {INTERMEDIATES} intermediates of the same file, for both purposes: "
        f"{spent:.1f} s  limit {BULK_LIMIT_S:.0f} s  ratio {spent / BULK_LIMIT_S:.2f}  "
        f"processor {used.ru_utime + used.ru_stime:.1f} s  trusted {trusted}  engines differ {differ}"
    )


def _median_us(work: Callable[[], object], rounds: int = 400) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e6)
    return statistics.median(times)


def _der(made: Made) -> bytes:
    return made[0].public_bytes(Encoding.DER)


if __name__ == "__main__":
    main()
