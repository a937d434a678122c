"""How long a diagnosis of a loopback server takes, and at which rank the true cause comes out.

python3 packaging/dev.py bench diagnosis
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.servers.diagnosed import Diagnosed, matrix

LIMIT_S = 1.5


def main() -> None:
    """Print the table of causes and servers, and the times against the limit."""
    with tempfile.TemporaryDirectory() as folder:
        cells = list(matrix(Path(folder)))
    print(f"{'server':<28}{'client':<22}{'version':<9}{'cause':<36}{'rank':>5}{'probes':>7}{'s':>7}")
    for cell in cells:
        print(_line(cell))
    seconds = [cell.seconds for cell in cells]
    first = sum(cell.rank == 1 for cell in cells)
    among_three = sum(cell.rank is not None and cell.rank <= 3 for cell in cells)
    print(f"\n{len(cells)} cells: rank 1 in {first} ({first / len(cells):.1%}), top 3 in {among_three}")
    print(f"median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s, limit {LIMIT_S} s")


def _line(cell: Diagnosed) -> str:
    case = cell.case
    server = "-".join(part for part in (case.family, case.crl, case.server) if part)
    rank = "–" if cell.rank is None else str(cell.rank)
    said = cell.diagnosis.hypotheses[0].cause
    remark = "" if cell.rank == 1 else f"  said {said}"
    probes = len(cell.diagnosis.probes)
    return (
        f"{server:<28}{case.client:<22}{case.version:<9}{case.cause:<36}{rank:>5}{probes:>7}"
        f"{cell.seconds:>7.2f}{remark}"
    )


if __name__ == "__main__":
    main()
