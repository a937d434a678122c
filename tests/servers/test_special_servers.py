"""Real servers that refuse before any certificate, or are too old: the probe alone names the cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.causes_by_family import CASES, SPECIAL, Case
from tests.servers import clients
from tests.servers.test_client_faults import probed, setup_of
from tests.support.answers import answer
from tests.support.diagnosis import RULES
from trustdesk.diagnose.explain import explain

pytestmark = pytest.mark.servers

_ASKING_NOBODY = [case for case in CASES if case.server and case.server != "by_path"]


@pytest.mark.parametrize("case", _ASKING_NOBODY, ids=lambda case: case.id)
def test_cause_of_a_server_that_does_not_come_to_terms(case: Case, tmp_path: Path) -> None:
    park = clients.make_park()
    with SPECIAL[case.server](setup_of(park, tmp_path)) as server:
        record = probed(park, server.port, case.client)
    assert answer(record) == case.answer.removeprefix("hello "), server.log
    assert explain(record, (), rules=RULES).cause == case.cause
