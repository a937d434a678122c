"""Requests, private keys, key stores and pkilint on the page: verdicts, rules, and never a false yes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import pki, reader_files
from tests.support.event_loop import run_until
from tests.support.fake_desk import FakeDesk
from tests.support.inspected import finding, fixed_findings, inspection_of, judge, opened
from tests.support.on_screen import on_screen
from tests.support.pki import NOW
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.inspection import (
    ContainerProtection,
    InspectedItem,
    Inspection,
    ItemKind,
    KeyFacts,
    Protection,
)
from trustdesk.core.message import msg
from trustdesk.formats.opening import open_anything
from trustdesk.gui.inspector.detail import DetailTab
from trustdesk.gui.inspector.facts import summary_facts
from trustdesk.gui.inspector.item_verdicts import item_verdict_lines
from trustdesk.gui.inspector.page import InspectorPage
from trustdesk.gui.words import say
from trustdesk.services.board import State

ROOT = pki.root("Skybridge Root CA")
LEAF = pki.server(ROOT, "data.example", common_name="data.example")
SECOND = pki.server(ROOT, "second.example", common_name="second.example")
OLD = ContainerProtection(
    parts=(Protection(cipher="PBE-SHA1-RC2-40", rounds=2048),),
    mac=Protection(cipher="SHA-1", derivation="PKCS#12", rounds=2048),
    has_password=True,
)


def item_of(name: str, data: bytes, password: str | None = None) -> InspectedItem:
    known = () if password is None else (password,)
    (found,) = open_anything(data, name, None, known_passwords=known).items
    return found


REQUEST = item_of("request.csr", reader_files.request(LEAF))
KEY = item_of("leaf.key", LEAF.key_pem())
STORE = InspectedItem(kind=ItemKind.PKCS12, source="store.p12", position=0, count=2, protection=OLD)


def lines(
    item: InspectedItem, *beside: InspectedItem, findings: list[Finding] | None = None
) -> dict[str, State]:
    items = opened(item, *beside)
    one = next(one for one in items.items if one.item is item)
    return {say(line.lead): line.state for line in item_verdict_lines(one, items.related(one.key), findings)}


def test_request_is_good_only_when_nothing_was_broken() -> None:
    lead = "Request for a ONE Record client."
    assert lines(REQUEST)[lead] is State.RUNNING
    assert lines(REQUEST, findings=[finding("CSR-1", FindingStatus.PASS)])[lead] is State.GOOD
    assert lines(REQUEST, findings=[finding("CSR-3", FindingStatus.FAIL)])[lead] is State.BAD
    warned = replace(finding("CSR-2", FindingStatus.WARN), severity=Severity.WARNING)
    assert lines(REQUEST, findings=[warned])[lead] is State.WARNING
    not_run = lines(REQUEST, findings=[finding("CSR-10", FindingStatus.NOT_RUN)])
    assert not_run["Not run."] is State.UNKNOWN
    assert not_run[lead] is State.UNKNOWN


def test_request_that_does_not_say_its_purpose_is_no_yes() -> None:
    assert REQUEST.csr is not None
    item = replace(REQUEST, csr=replace(REQUEST.csr, extended_key_usage=None, subject_alt_names=()))
    said = lines(item, findings=[finding("CSR-1", FindingStatus.PASS)])
    assert said["Request for a purpose that it does not say."] is State.UNKNOWN


def test_request_whose_signature_could_not_be_checked_is_no_yes() -> None:
    assert REQUEST.csr is not None
    for valid, state, whole in ((None, State.UNKNOWN, State.UNKNOWN), (False, State.BAD, State.BAD)):
        item = replace(REQUEST, csr=replace(REQUEST.csr, signature_valid=valid))
        proof = FindingStatus.NOT_RUN if valid is None else FindingStatus.FAIL
        said = lines(item, findings=[finding("CSR-1", proof)])
        assert said["Proof of possession."] is state
        assert said["Request for a ONE Record client."] is whole


def test_private_key_names_the_certificate_that_it_belongs_to() -> None:
    certificate = inspection_of(LEAF).items[0]
    assert lines(KEY, certificate) == {
        "Private key.": State.WARNING,
        "Belongs to a certificate.": State.GOOD,
    }
    assert lines(KEY, REQUEST)["Belongs to a request."] is State.NOT_APPLICABLE
    assert lines(KEY)["Belongs to nothing open."] is State.UNKNOWN


def test_key_that_did_not_open_is_neither_public_nor_of_a_certificate() -> None:
    locked = item_of("leaf.key", LEAF.key_pem("secret"))
    said = lines(locked, findings=[finding("KEY-05", FindingStatus.NOT_RUN)])
    assert said == {"Private key.": State.NOT_APPLICABLE, "Not opened.": State.UNKNOWN}


def test_published_key_is_said_first_and_an_empty_passphrase_is_none() -> None:
    published = replace(finding("KEY-05", FindingStatus.FAIL), severity=Severity.BLOCKER)
    assert next(iter(lines(KEY, findings=[published]).items())) == ("The key is public.", State.BAD)
    empty = replace(
        KEY, key=KeyFacts(form="PKCS#8", encrypted=True, spki_sha256="ab" * 32, empty_password=True)
    )
    assert lines(empty)["Private key."] is State.WARNING


def test_key_store_says_how_it_is_protected() -> None:
    items = opened(STORE)
    facts = {say(fact.label): fact.value for fact in summary_facts(items.items[0], NOW, None)}
    plain = {name: value.replace("\u2068", "").replace("\u2069", "") for name, value in facts.items()}
    assert plain["Encryption"] == "PBE-SHA1-RC2-40 (2,048 rounds)"
    assert plain["Proof against changes"] == "SHA-1 (PKCS#12, 2,048 rounds)"
    assert plain["Opens"] == "with a passphrase"
    assert "PBE-SHA1-RC2-40, SHA-1 MAC" in plain["Out of date"]
    assert lines(STORE) == {"Protection out of date.": State.WARNING}
    locked = replace(STORE, locked=True, protection=replace(OLD, has_password=None))
    assert lines(locked)["PKCS#12 file."] is State.UNKNOWN
    bare = replace(STORE, protection=ContainerProtection(has_password=False))
    assert lines(bare)["PKCS#12 file."] is State.WARNING


def test_key_store_is_called_protected_only_as_far_as_it_is() -> None:
    cipher = Protection(cipher="PBES2 AES-256-CBC", derivation="PBKDF2 SHA-256", rounds=2048)
    whole = ContainerProtection(parts=(cipher,), mac=Protection(cipher="SHA-256"), has_password=True)
    assert words(replace(STORE, protection=whole)) == [
        "What is encrypted in it is so with PBES2 AES-256-CBC; "
        "a MAC with SHA-256 shows whether it was changed."
    ]
    assert lines(replace(STORE, protection=whole)) == {"Protection.": State.NOT_APPLICABLE}
    unproved = replace(STORE, protection=replace(whole, mac=None, has_password=None))
    assert words(unproved) == ["Nothing proves that it was not changed."]
    assert lines(unproved) == {"Protection.": State.WARNING}
    old = replace(STORE, protection=replace(OLD, mac=None))
    assert lines(old) == {"Protection out of date.": State.WARNING, "Protection.": State.WARNING}


def words(item: InspectedItem) -> list[str]:
    (one,) = opened(item).items
    said = (say(line.reason) for line in item_verdict_lines(one, (), None))
    return [reason.replace("\u2068", "").replace("\u2069", "") for reason in said]


@pytest.fixture
def desk() -> FakeDesk:
    made = FakeDesk(trust_lists=(pki.trust_list(ROOT, called="mine"),))
    made.verify = judge
    made.lint = fixed_findings
    made.lint_others = lambda _item: (finding("CSR-1", FindingStatus.PASS),)
    made.inspections = {
        "chain.pem": lambda _password: inspection_of(LEAF, SECOND, source="chain.pem"),
        "others": lambda _password: Inspection(items=(REQUEST, KEY, STORE)),
    }
    return made


@pytest.fixture
def page(qapp: QApplication, desk: FakeDesk) -> Iterator[InspectorPage]:
    with on_screen(qapp, lambda bridge: InspectorPage(bridge, now=lambda: NOW), (1300, 820)) as made:
        made.set_desk(desk)
        for name in ("chain.pem", "others"):
            made.open_sources([Path(name)])
            run_until(lambda: not made.opener.is_reading, what="what was read")
            made.intake.open_button.click()
        yield made


def rules(page: InspectorPage) -> list[str]:
    return [row.rule for row in page.detail.rules.rows]


def show_leaf(page: InspectorPage, desk: FakeDesk) -> None:
    count = len(desk.conformance)
    page.choose(SECOND.sha256)
    page.choose(LEAF.sha256)
    run_until(lambda: len(desk.conformance) > count, what="the question to pkilint")


def test_pkilint_is_asked_after_our_rules_and_its_rows_stand_beside_them(
    page: InspectorPage, desk: FakeDesk
) -> None:
    show_leaf(page, desk)
    assert rules(page) == ["SRV-03", "SRV-02", "SRV-01", "SRV-04"]
    assert page.detail.rules.fact == "pkilint is checking …"
    desk.conformance[-1].future.set_result((finding("pkilint:pkix.some_code", FindingStatus.FAIL),))
    run_until(lambda: "pkilint:pkix.some_code" in rules(page), what="pkilint's remark")
    assert page.detail.rules.fact == ""
    asked = len(desk.conformance)
    page.set_evaluation_time(NOW)
    run_until(lambda: "pkilint:pkix.some_code" in rules(page), what="pkilint's remark again")
    assert len(desk.conformance) == asked


def test_pkilint_that_did_not_run_is_a_row_that_says_so_and_is_asked_again(
    page: InspectorPage, desk: FakeDesk
) -> None:
    show_leaf(page, desk)
    desk.conformance[-1].future.set_result((finding("pkilint", FindingStatus.NOT_RUN),))
    run_until(lambda: "pkilint" in rules(page), what="the row")
    (row,) = [row for row in page.detail.rules.rows if row.rule == "pkilint"]
    assert row.outcome == "not_run"
    asked = len(desk.conformance)
    page.set_evaluation_time(NOW)
    run_until(lambda: len(desk.conformance) > asked, what="the next question")


def test_pkilint_is_cancelled_when_another_item_is_selected(page: InspectorPage, desk: FakeDesk) -> None:
    show_leaf(page, desk)
    job = desk.conformance[-1]
    before = job.cancelled
    page.choose(REQUEST.csr.sha256 if REQUEST.csr is not None else "")
    assert (before, job.cancelled) == (False, True)
    run_until(lambda: rules(page) == ["CSR-1"], what="the request's rules")


def test_request_has_verdict_rules_extensions_and_bytes(page: InspectorPage) -> None:
    assert REQUEST.csr is not None
    page.choose(REQUEST.csr.sha256)
    run_until(lambda: rules(page) == ["CSR-1"], what="the request's rules")
    shown = [tab for tab in DetailTab if page.detail.tabs.isTabVisible(tab)]
    assert shown == [DetailTab.SUMMARY, DetailTab.EXTENSIONS, DetailTab.RULES, DetailTab.RAW]
    assert page.detail.verdict.words[0].startswith("Request for a ONE Record client. Nothing")
    assert "challengePassword" in page.detail.summary.text
    assert [fact.link for fact in page.detail.summary.facts if fact.link] == [LEAF.sha256, "leaf.key#0"]


def test_key_leads_to_its_certificate_and_key_stores_stand_in_the_tree(page: InspectorPage) -> None:
    page.choose("leaf.key#0")
    assert page.detail.item is not None
    assert page.detail.item.item.kind is ItemKind.PRIVATE_KEY
    assert any(fact.link == LEAF.sha256 for fact in page.detail.summary.facts)
    assert not page.tree.selected_keys
    page.choose("store.p12#0")
    assert page.tree.selected_keys == ("store.p12#0",)
    titles = [node.title for node in page.tree.tree_model.nodes]
    assert "Key stores and bundles" in titles
    assert "Locked" not in titles


def test_trusted_path_does_not_make_up_for_a_published_key(page: InspectorPage, desk: FakeDesk) -> None:
    published = replace(
        finding("KEY-05", FindingStatus.FAIL), severity=Severity.BLOCKER, evidence=msg("It was published.")
    )
    desk.lint = lambda _details, _purpose: (published,)
    page.choose(SECOND.sha256)
    page.choose(LEAF.sha256)
    run_until(
        lambda: page.detail.verdict.words[0] == "As ONE Record server: no. It was published.",
        what="the verdict",
    )
