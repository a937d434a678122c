"""The demo shows what the program is about: its identities are kept as a person's own are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from trustdesk.core.certificate_request import CaseState
from trustdesk.core.identity import Usable
from trustdesk.services.demo import DemoDesk, open_demo

TIMEOUT_S = 30


@pytest.fixture
def demo() -> Iterator[DemoDesk]:
    opened = open_demo()
    yield opened
    opened.close()


def test_identities_of_the_lab_are_kept_and_judged(demo: DemoDesk) -> None:
    views = {one.identity.name: one for one in demo.identity_desk.views().result(TIMEOUT_S)}
    assert views["client-good"].client.usable is Usable.YES
    assert views["client-expired"].client.usable is Usable.NO
    assert len(views["client-leaf-only"].identity.certification_path) == 1
    assert {one.key.store_title for one in (view.identity for view in views.values())} == {
        "Memory of the demo"
    }


def test_a_request_waits_and_a_private_ca_has_issued(demo: DemoDesk) -> None:
    cases = demo.identity_desk.cases().result(TIMEOUT_S)
    assert ("client-good-next", CaseState.REQUESTED) in {(one.name, one.state) for one in cases}
    (authority,) = demo.authority_desk.authorities().result(TIMEOUT_S)
    assert len(authority.issued) == 1
