"""As many probes as this process may have files, and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trustdesk.network.file_limit import probes_that_fit

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of this kind")

PROGRAM = """
import resource, sys
soft, hard = map(int, sys.argv[1:3])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from trustdesk.network.file_limit import probes_that_fit
print(probes_that_fit(64), probes_that_fit(512), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def limited(soft: int, hard: int) -> list[int]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(soft), str(hard)], capture_output=True, text=True, check=True
    )
    return [int(one) for one in ran.stdout.split()]


def test_the_soft_limit_is_raised_as_far_as_the_system_lets() -> None:
    assert limited(100, 4096) == [64, 512, 4096]


def test_with_few_files_fewer_probes_run_and_one_at_least() -> None:
    few, many, soft = limited(100, 100)
    assert soft == 100
    assert few == many
    assert 20 < few < 40
    assert limited(40, 40)[0] >= 1


def test_here_the_usual_number_fits() -> None:
    assert probes_that_fit(64) == 64
