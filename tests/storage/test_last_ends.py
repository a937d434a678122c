"""What endpoints presented last, with the dates of it: on a file and on a server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support import pki
from tests.support.pki import NOW
from tests.support.probes import record
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.target import parse_target
from trustdesk.services.reporting import report_on
from trustdesk.storage.directory import Directory
from trustdesk.storage.last_ends import PresentedEnd
from trustdesk.storage.stored_chains import ChainStore
from trustdesk.storage.workspace import Workspace

ROOT = pki.root("Fjordsign Root")
ISSUING = pki.authority("Fjordsign CA 7", ROOT)
OLD = pki.server(ISSUING, not_after=NOW + timedelta(days=3))
NEW = pki.server(ISSUING, not_after=NOW + timedelta(days=90))


def test_the_newest_certificate_counts_and_a_test_that_saw_none_takes_nothing_away(
    workspace: Workspace,
) -> None:
    directory = Directory(workspace)

    def test(name: str, target: str, *chains: tuple[CertificateFacts, ...]) -> None:
        endpoint = directory.add_endpoint(name, parse_target(target)).result()
        for day, chain in enumerate(chains):
            seen = replace(record(target, presented_chain=chain), started_at=NOW + timedelta(days=day))
            directory.record_report(endpoint.id, report_on(seen)).result()

    test("Nordwind", "https://a.example", (OLD.facts, ISSUING.facts), (NEW.facts, ISSUING.facts), ())
    test("Nordwind", "https://[2001:db8::1]:8443", (NEW.facts, ISSUING.facts, ROOT.facts))
    test("Silent", "https://c.example", ())
    test("Never", "https://d.example")

    found = ChainStore(workspace).last_ends().result()

    end = PresentedEnd(
        partner="Nordwind",
        place="a.example:443",
        sha256=NEW.sha256,
        not_before=NEW.facts.not_before,
        not_after=NEW.facts.not_after,
    )
    assert found.presented == (end, replace(end, place="[2001:db8::1]:8443"))
    assert dict(found.above) == {ISSUING.sha256: ISSUING.facts.der, ROOT.sha256: ROOT.facts.der}
    assert found.partners == 3
