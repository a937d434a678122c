"""What is searched follows the workspace, the lists and what is open."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.support import pki, samples
from tests.support.memory_secrets import MemorySecrets
from tests.support.partner_samples import full_entry
from tests.support.probes import record
from tests.support.trust_content import note
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.target import parse_target
from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.reporting import report_on
from trustdesk.services.search import HitKind
from trustdesk.services.search_corpus import SearchCorpus
from trustdesk.storage.directory import Directory
from trustdesk.storage.partner_register import PartnerRegister
from trustdesk.storage.workspace import Workspace

ROOT = pki.root("Harbour Root")
SERVER = pki.server(ROOT, "harbour.example")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(tmp_path)
    yield workspace
    workspace.close()


@pytest.fixture
def directory(workspace: Workspace) -> Directory:
    return Directory(workspace)


@pytest.fixture
def corpus(directory: Directory) -> SearchCorpus:
    return SearchCorpus(directory)


def kinds(corpus: SearchCorpus, query: str = "harbour", **sources: tuple[pki.Issued, ...]) -> list[HitKind]:
    lists = tuple(pki.trust_list(one, called="lab") for one in sources.get("lists", ()))
    return [hit.kind for hit in corpus.find(query, lists, [one.facts for one in sources.get("opened", ())])]


def test_partners_and_their_certificates_are_found_once_they_are_there(
    directory: Directory, corpus: SearchCorpus
) -> None:
    assert kinds(corpus) == []
    endpoint = directory.add_endpoint("Harbour", parse_target("harbour.example")).result()
    corpus.changed()
    assert kinds(corpus) == [HitKind.PARTNER]
    directory.record_report(endpoint.id, report_on(record(presented_chain=(SERVER.facts,)))).result()
    corpus.changed()
    assert kinds(corpus) == [HitKind.PARTNER, HitKind.SEEN]
    assert kinds(corpus, SERVER.sha256[:20]) == [HitKind.SEEN]


def test_a_partner_is_found_by_all_that_is_known_of_it(workspace: Workspace, corpus: SearchCorpus) -> None:
    register = PartnerRegister(workspace)
    register.keep([full_entry()], note()).result()
    for query in ("nwc", "2r.nordwind.example/NWC", "pilot", "ann@nordwind.example", "night desk"):
        assert {hit.title for hit in corpus.find(query, (), ())} == {"Nordwind Cargo"}, query


def test_what_could_not_be_read_is_read_again_by_the_next_search(
    directory: Directory, corpus: SearchCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.add_endpoint("Harbour", parse_target("harbour.example")).result()
    with monkeypatch.context() as failing:
        broken: Future[None] = Future()
        broken.set_exception(EnvironmentFailureError(msg("The disk is full."), remedy=msg("Make room.")))
        failing.setattr(directory, "entries", lambda: broken)
        with pytest.raises(EnvironmentFailureError):
            kinds(corpus)
    assert kinds(corpus) == [HitKind.PARTNER]


def test_lists_and_what_is_open_are_followed_without_a_word(corpus: SearchCorpus) -> None:
    assert kinds(corpus, lists=(ROOT,)) == [HitKind.TRUST_LIST]
    assert kinds(corpus, lists=(ROOT,), opened=(SERVER,)) == [HitKind.OPENED, HitKind.TRUST_LIST]
    assert kinds(corpus, opened=(SERVER,)) == [HitKind.OPENED]
    assert kinds(corpus) == []


def test_a_certificate_that_was_found_can_be_had_whole(directory: Directory, corpus: SearchCorpus) -> None:
    lists = (pki.trust_list(ROOT),)
    directory.record_report(None, samples.healthy()).result()
    seen = samples.healthy().record.presented_chain[0]
    assert corpus.certificate(ROOT.sha256, lists) == ROOT.facts
    assert corpus.certificate(seen.sha256, lists) == seen
    assert corpus.certificate("00" * 32, lists) is None


def test_a_result_is_found_though_somebody_searches_while_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.open(tmp_path / "desk")
    desk = LiveDesk(
        workspace=workspace,
        trust_lists=(),
        identities={},
        clock=SystemClock(),
        keyring=MemorySecrets(),
    )
    endpoint = desk.add_endpoint("Quay", parse_target("quay.example"), None).result(timeout=30)
    changed = SearchCorpus.changed

    def searched(corpus: SearchCorpus) -> None:
        changed(corpus)
        desk.search("harbour").result(timeout=30)

    monkeypatch.setattr(SearchCorpus, "changed", searched)
    report = report_on(record(presented_chain=(SERVER.facts,)))
    Directory(workspace).record_report(endpoint.id, report).result(timeout=30)
    desk._probing._on_kept()
    found = [hit.kind for hit in desk.search("harbour").result(timeout=30)]
    desk.close()
    assert found == [HitKind.SEEN]
