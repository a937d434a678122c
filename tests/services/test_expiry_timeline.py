"""The timeline from a workspace: last chains, identities, the lists in force, and dates of root programs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.support import pki
from tests.support.pki import NOW
from tests.support.probes import record
from trustdesk.core.target import parse_target
from trustdesk.services.expiry_timeline import TimelineReader
from trustdesk.services.reporting import report_on
from trustdesk.services.timeline_values import TimelineGroup
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.directory import Directory
from trustdesk.storage.stored_chains import ChainStore
from trustdesk.storage.workspace import Workspace

ROOT = pki.root("Fjordsign Root", not_after=NOW + timedelta(days=4000))
ISSUING = pki.authority("Fjordsign CA 7", ROOT)
LEAF = pki.server(ISSUING)
CLIENT = pki.client(ISSUING)
EDGE = pki.server(ISSUING, "edge.halden.example")


def test_everything_with_an_end_is_on_it(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    directory = Directory(workspace)
    seen = directory.add_endpoint("Nordwind", parse_target(pki.HOST)).result()
    directory.add_endpoint("Never tested", parse_target("never.example")).result()
    chain = (LEAF.facts, ISSUING.facts)
    directory.record_report(seen.id, report_on(record(presented_chain=chain))).result()
    own = {"halden-client": (CLIENT.facts, ISSUING.facts), "halden-edge": (EDGE.facts,)}

    found = TimelineReader(ChainStore(workspace), lambda: own).read([pki.trust_list(ROOT)], NOW)
    workspace.close()

    assert [(one.group, one.name, one.place, one.role.id) for one in found.validities] == [
        (TimelineGroup.PARTNERS, "Nordwind", f"{pki.HOST}:443", "server"),
        (TimelineGroup.IDENTITIES, "halden-client", "", "client"),
        (TimelineGroup.IDENTITIES, "halden-edge", "", "server"),
        (TimelineGroup.AUTHORITIES, "Fjordsign CA 7", "", "issuing CA"),
        (TimelineGroup.AUTHORITIES, "Fjordsign Root", "", "root CA"),
    ]
    assert found.validities[0].ends == LEAF.facts.not_after
    assert (found.partners, found.identities, found.authorities) == (2, 2, 1)
    assert [one.subject for one in found.milestones] == ["clientAuth"]


def test_roots_of_the_public_web_carry_the_dates_of_root_programs(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    found = TimelineReader(ChainStore(workspace), dict).read([certifi_list()], NOW)
    workspace.close()

    by_name = {one.name: one for one in found.validities}
    oiste = by_name["OISTE WISeKey Global Root GB CA"]
    assert [drop.store for drop in oiste.drops] == ["Mozilla", "Chrome", "Mozilla"]
    assert all(one.drops for one in found.validities)
