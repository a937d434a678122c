"""The line that a partner is asked to look for stands in the log of its server, for every fault of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnose.causes_by_family import CASES
from tests.servers import clients
from tests.servers.families import ACCEPTED, STARTERS
from tests.servers.test_client_faults import probed, setup_of
from tests.support.diagnosis import RULES
from trustdesk.core.diagnosis import ServerFamily

pytestmark = pytest.mark.servers

_FAMILIES = ("openssl", "nginx", "apache", "haproxy", "stunnel", "node", "go", "java", "rabbitmq")

_UNWRITTEN = frozenset({"openssl-nobody-TLSv1.3"})
"""`s_server -www` says nothing then; the line is the library's, as others that are built on it write it."""


# RabbitMQ takes seconds to start, and is started for its answers elsewhere.
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.exhaustive if name == "rabbitmq" else ()) for name in _FAMILIES],
)
def test_line_to_look_for_is_written(name: str, tmp_path: Path) -> None:
    cases = [
        case
        for case in CASES
        if (case.family, case.version, case.crl, case.server) == (name, "TLSv1.3", None, "")
        and case.answer != ACCEPTED
        and case.id not in _UNWRITTEN
    ]
    park = clients.make_park()
    lines = RULES.logs[ServerFamily(name)]
    with STARTERS[name](setup_of(park, tmp_path)) as server:
        for case in cases:
            probed(park, server.port, case.client, "amqps" if name == "rabbitmq" else "https")
    missing = {case.id: lines[case.cause] for case in cases if lines[case.cause] not in server.log}
    assert not missing, server.log
