"""A review sheet says what was found, with sources, and plainly what nobody has looked into."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.test_reports import Page
from tests.support import review_samples, samples
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.printed import PrintedDocument, PrintedHeading, PrintedSignOff, PrintedTable
from trustdesk.core.probe import ProbeReport
from trustdesk.services.not_checked import gaps_of
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.review import PartnerReview
from trustdesk.services.review_pages import sheet_pages
from trustdesk.services.review_sheets import review_json, sheet_html, write_sheet
from trustdesk.services.review_writer import sheet_view
from trustdesk.services.wording import wording

WORDS = wording("en")


class FakePrinter:
    """Keeps what it is to print."""

    def __init__(self, *, cancels: bool = False) -> None:
        self.documents: list[PrintedDocument] = []
        self._cancels = cancels

    def print_document(
        self,
        document: PrintedDocument | bytes,
        on_progress: Callable[[int, int], None],
        is_cancelled: Callable[[], bool],
    ) -> bytes | None:
        del is_cancelled
        assert isinstance(document, PrintedDocument)
        self.documents.append(document)
        on_progress(100, 100)
        return None if self._cancels else b"%PDF-"


def whys(review: PartnerReview) -> list[str]:
    return [WORDS.text(gap.why) for one in review.endpoints for gap in gaps_of(one)]


def test_a_sheet_shows_verdict_findings_with_sources_and_the_box_to_sign() -> None:
    page = Page(sheet_html(review_samples.whole(), WORDS))
    assert page.texts_in("h1") == []
    assert "Nordwind Cargo" in page.texts_in("bdi")
    assert "Partner rejected our certificate: most likely its issuer is not on their list." in page.text
    assert "RFC 5280 4.2.1.12" in page.text
    assert "Ida Lund, certificates, pki@nordwind-cargo.example, +47 555 0100" in page.text
    assert "Their list does not hold our CA" in page.text
    for label in ("Accepted", "Accepted with conditions", "Refused", "Reviewed by (name, duty)", "Signature"):
        assert label in page.text
    leaf = samples.rejected_client().record.presented_chain[0]
    digest = ":".join(leaf.sha256[at : at + 2].upper() for at in range(0, 64, 2))
    assert f"Server certificate, SHA-256 {digest}" in page.text


def test_what_was_not_checked_stands_with_its_reason() -> None:
    page = Page(sheet_html(review_samples.whole(), WORDS))
    assert "What was not checked" in page.texts_in("h4")
    assert whys(review_samples.whole()) == [
        "Nobody was asked, and no list was given.",
        "The responder did not answer.",
        "The test went to 192.0.2.41 alone.",
        "No token was given.",
    ]
    for why in whys(review_samples.whole()):
        assert why in page.text


def test_of_an_endpoint_that_was_never_tested_nothing_is_said_but_that() -> None:
    review = review_samples.bare()
    page = Page(sheet_html(review, WORDS))
    assert "This endpoint was not tested yet as it is set up now." in page.text
    assert whys(review) == [
        "It was not tested as it is set up now.",
        "The check was not run here.",
        "The history was not read.",
    ]
    assert "No server certificate was seen, so there is none to accept." in page.text
    assert not [a for name, a in page.elements if "good" in (a.get("class") or "").split()]


def test_a_rule_that_was_not_run_is_never_among_those_that_passed() -> None:
    (one,) = review_samples.whole().endpoints
    view = sheet_view(review_samples.whole(), WORDS).endpoints[0]
    assert view.readiness is not None
    shown = [finding.rule for finding in (*view.passed, *view.readiness.findings)]
    assert "API-01" not in shown
    assert [finding.rule for finding in view.readiness.findings] == ["TLS-02"]
    assert "TLS-02" not in [finding.rule for finding in view.passed]
    assert "API-01" in [gap.rule for gap in gaps_of(one)]


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (samples.not_reached, "The endpoint was not reached, or gave no answer in time; that is not"),
        (samples.timed_out, "The endpoint was not reached, or gave no answer in time; that is not"),
        (samples.healthy_without_mtls, "The test was made without a client certificate."),
        (samples.not_on_list, "It was not presented."),
        (samples.not_reached, "The server presented none."),
        (samples.unreadable, "The certificate does not parse."),
        (samples.expiring, "No diagnosis was run: the cause named rests on one test alone."),
    ],
)
def test_each_kind_of_gap_is_named(make: Callable[[], ProbeReport], why: str) -> None:
    review = review_samples.review(review_samples.endpoint(1, make()))
    assert [text for text in whys(review) if text.startswith(why)]


def test_what_the_check_says_as_the_test_does_is_said_once() -> None:
    known = review_samples.known()
    assert known.report is not None
    assert known.readiness is not None
    rule = replace(known.report.findings[0], rule="SRV-09", status=FindingStatus.FAIL)
    open_rule = replace(rule, rule="REV-02", status=FindingStatus.NOT_RUN)
    both = replace(
        known,
        report=replace(known.report, findings=(*known.report.findings, rule, open_rule)),
        readiness=replace(known.readiness, findings=(*known.readiness.findings, rule, open_rule)),
    )
    view = sheet_view(review_samples.review(both), WORDS).endpoints[0]
    assert view.readiness is not None
    assert [finding.rule for finding in view.readiness.findings] == ["TLS-02"]
    assert [gap.rule for gap in view.gaps].count("REV-02") == 1


def test_a_rule_that_either_of_both_ran_is_no_gap() -> None:
    known = review_samples.known()
    assert known.report is not None
    assert known.readiness is not None
    open_rules = [
        replace(known.report.findings[0], rule=rule, status=FindingStatus.NOT_RUN)
        for rule in ("API-02", "TLS-12")
    ]
    tested = replace(known, report=replace(known.report, findings=tuple(open_rules)))
    rules = [gap.rule for gap in gaps_of(tested)]
    assert "API-02" not in rules
    assert {"TLS-12", "API-01"} <= set(rules)


def test_a_rule_that_ran_on_one_certificate_alone_is_still_a_gap() -> None:
    known = review_samples.known()
    assert known.report is not None
    rule = replace(known.report.findings[0], rule="REV-09")
    both = (rule, replace(rule, status=FindingStatus.NOT_RUN, evidence=msg("Nobody was asked.")))
    for part in (
        replace(known, report=replace(known.report, findings=both)),
        replace(known, readiness=replace(review_samples.readiness(), findings=both)),
    ):
        assert "REV-09" in [gap.rule for gap in gaps_of(part)]


def test_a_rule_that_failed_in_the_check_passed_nowhere() -> None:
    known = review_samples.known()
    assert known.report is not None
    passed = replace(known.report.findings[0], rule="TLS-02", status=FindingStatus.PASS)
    both = replace(known, report=replace(known.report, findings=(passed,)))
    view = sheet_view(review_samples.review(both), WORDS).endpoints[0]
    assert "TLS-02" not in [finding.rule for finding in view.passed]
    assert view.readiness is not None
    assert [finding.rule for finding in view.readiness.findings] == ["TLS-02"]


def test_the_worst_endpoint_comes_first_and_the_headline_counts() -> None:
    view = sheet_view(review_samples.several(), WORDS)
    assert view.headline == "7 of 15 endpoints fail."
    states = [one.row.row.state for one in view.endpoints]
    order = ["bad", "warning", "unknown", "good"]
    assert [order.index(state) for state in states] == sorted(order.index(state) for state in states)


def test_paper_has_what_the_page_has() -> None:
    for review in (review_samples.whole(), review_samples.bare(), review_samples.several()):
        document = sheet_pages(sheet_view(review, WORDS), WORDS)
        assert [block for block in document.blocks if isinstance(block, PrintedSignOff)]
        headings = [block.text for block in document.blocks if isinstance(block, PrintedHeading)]
        assert headings.count("What was not checked") == len(review.endpoints)
        cells = [
            line.text
            for block in document.blocks
            if isinstance(block, PrintedTable)
            for row in block.rows
            for cell in row
            for line in cell.lines
        ]
        for why in whys(review):
            assert why in cells


def test_the_page_loads_nothing_and_every_icon_is_there() -> None:
    page = Page(sheet_html(review_samples.several(), WORDS))
    assert not {name for name, _ in page.elements} & {"script", "img", "link", "iframe", "form", "object"}
    ids = {attributes["id"] for _name, attributes in page.elements if "id" in attributes}
    for _name, attributes in page.elements:
        assert not [attribute for attribute in attributes if attribute.startswith("on")]
        target = attributes.get("href") or "#top"
        assert target.startswith("#")
        assert target[1:] in ids


def test_markup_and_direction_of_a_partner_are_text() -> None:
    odd = replace(review_samples.NORDWIND, name="<b>Evil</b>\u202e", note="</p><script>x</script>")
    review = replace(
        review_samples.review(review_samples.endpoint(1, samples.hostile())),
        partner=odd,
    )
    source = sheet_html(review, WORDS)
    assert "<script" not in source
    assert "<b>Evil" not in source
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800]", source)


def test_csv_has_a_line_for_each_rule_and_each_gap(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert write_sheet(file, review_samples.whole(), steps=ReportSteps(), wording=WORDS)
    lines = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline=""), strict=True))
    by_part: dict[str, list[str]] = {}
    for line in lines:
        by_part.setdefault(line["Part"], []).append(line["Result"])
        for name, value in line.items():
            assert not re.match(r"\s*[=+\-@]", value), name
    assert by_part == {
        "Last test": ["Pass"] * 4,
        "Readiness": ["Failed", "Pass"],
        "Not checked": ["Not run"] * 4,
    }
    assert all(line["Source"] for line in lines if line["Part"] != "Not checked")


def test_json_says_null_where_nobody_has_looked() -> None:
    document = json.loads(review_json(review_samples.bare(), WORDS))
    assert document["schema"] == "trustdesk.review/1"
    (endpoint,) = document["endpoints"]
    assert [endpoint[part] for part in ("result", "diagnosis", "readiness", "changes", "endings")] == [
        None
    ] * 5
    assert [gap["why"] for gap in endpoint["not_checked"]] == whys(review_samples.bare())
    assert document["summary"] == {"pass": 0, "warn": 0, "fail": 0, "not_run": 1}


def test_json_holds_every_part() -> None:
    document = json.loads(review_json(review_samples.whole(), WORDS))
    (endpoint,) = document["endpoints"]
    assert endpoint["result"]["schema"] == "trustdesk.probe/1"
    assert endpoint["diagnosis"]["schema"] == "trustdesk.diagnosis/1"
    assert endpoint["readiness"]["verdict"] == "fail"
    assert [call["made"] for call in endpoint["readiness"]["calls"]] == [True, False]
    assert [one["days_left"] for one in endpoint["endings"]] == [107, 6, -1]
    assert document["partner"]["contacts"][0]["email"] == "pki@nordwind-cargo.example"


def test_a_day_that_was_chosen_is_said() -> None:
    day = samples.NOW.replace(year=2027)
    review = replace(review_samples.whole(), evaluated_at=day)
    assert "Judged as of 2027-11-20 08:45 UTC." in Page(sheet_html(review, WORDS)).text
    assert json.loads(review_json(review, WORDS))["evaluated_at"] == "2027-11-20T08:45:00Z"


def test_a_pdf_needs_a_printer(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError):
        write_sheet(tmp_path / "a.pdf", review_samples.bare(), steps=ReportSteps())
    printer = FakePrinter()
    assert write_sheet(tmp_path / "a.pdf", review_samples.bare(), steps=ReportSteps(), printer=printer)
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-"
    assert printer.documents[0].title == "Umbra Charter · Review sheet · trustdesk"


def test_what_is_cancelled_leaves_the_old_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.html"):
        file = tmp_path / name
        file.write_text("old")
        steps = ReportSteps(is_cancelled=lambda: True)
        printer = FakePrinter(cancels=True)
        assert not write_sheet(file, review_samples.bare(), steps=steps, printer=printer)
        assert file.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_an_empty_partner_says_that_nothing_was_checked() -> None:
    view = sheet_view(review_samples.review(), WORDS)
    assert view.headline == "This partner has no endpoints, so nothing was checked."
    assert view.headline_state == "unknown"
    assert WORDS.text(msg("Review sheet")) == view.title
