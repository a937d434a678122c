"""Reports say what is wrong first, load nothing, and nothing foreign in them does anything."""

from __future__ import annotations

import csv
import gettext
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support import samples
from tests.support.sample_certificates import HOSTILE_NAME
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.handshake import Alert, AlertDirection
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.printed import PrintedDocument, PrintedHeading, PrintedTable, PrintedTotals
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.documents import probe_document
from trustdesk.gui.theme.tokens import DARK, LIGHT
from trustdesk.services import report_writer
from trustdesk.services.board import BoardRow, State, board_row
from trustdesk.services.board_gaps import BoardGaps
from trustdesk.services.board_report import write_board_report
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.reports import csv_report, html_report, json_report, judged_by, render_report
from trustdesk.services.wording import Wording, wording
from trustdesk.storage.resources import resource_folder

WORDS = wording("en")
_VOID = frozenset({"meta", "br", "use", "path", "circle", "rect", "line", "link", "img", "input", "hr"})


@dataclass(frozen=True, slots=True)
class HeldResults:
    """Results that are in memory already."""

    reports: Mapping[int, ProbeReport]

    def results(self, endpoints: Sequence[Endpoint]) -> Mapping[int, ProbeReport]:
        """Return all of them."""
        del endpoints
        return self.reports


class Page(HTMLParser):
    """A parsed report: elements with their attributes, and text by the element that holds it.

    Attributes:
        elements: name and attributes, in order.
        texts: element name and text, in order; white space folded.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1], " ".join(data.split())))

    def texts_in(self, element: str) -> list[str]:
        return [text for name, text in self.texts if name == element]

    @property
    def text(self) -> str:
        return "\n".join(text for name, text in self.texts if name != "style")


def html(
    rows: tuple[BoardRow, ...] | None = None,
    reports: dict[int, ProbeReport] | None = None,
    words: Wording = WORDS,
) -> str:
    return html_report(
        samples.board_rows() if rows is None else rows,
        samples.reports() if reports is None else reports,
        title=msg("Partner handshakes"),
        trust_list=msg("Trust list: {names}", names=samples.TRUST_LIST),
        made_at=samples.NOW,
        wording=words,
    )


def one(number: int) -> tuple[BoardRow, ...]:
    """Return the row of one endpoint of the samples."""
    return tuple(row for row in samples.board_rows() if row.endpoint.id == number)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(html())


def test_the_page_loads_nothing_and_runs_nothing(page: Page) -> None:
    names = {name for name, _attributes in page.elements}
    assert not names & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "audio",
        "video",
    }
    for name, attributes in page.elements:
        assert not [attribute for attribute in attributes if attribute.startswith("on")], name
        for attribute in ("src", "srcset", "action", "background", "xlink:href"):
            assert attribute not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    (style,) = page.texts_in("style")
    assert not re.search(r"url\(|@import|expression|javascript", style)


def test_a_policy_forbids_what_is_not_there(page: Page) -> None:
    policies = [a["content"] for name, a in page.elements if name == "meta" and "http-equiv" in a]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    first_style = [name for name, _attributes in page.elements].index("style")
    assert [name for name, _attributes in page.elements[:first_style]].count("meta") >= 2


def test_every_link_and_every_icon_has_its_target(page: Page) -> None:
    ids = [attributes["id"] for _name, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {str(attributes["href"])[1:] for _name, attributes in page.elements if "href" in attributes}
    assert targets <= set(ids)


def test_the_sentence_comes_first_with_who_has_to_act(page: Page) -> None:
    paragraphs = page.texts_in("p")
    assert "7 of 16 endpoints fail." in paragraphs
    assert "Who has to act: Partner" in page.text
    assert page.text.index("7 of 16 endpoints fail.") < page.text.index("Nordwind Cargo")


def test_totals_count_every_endpoint_once(page: Page) -> None:
    numbers = page.texts_in("p")
    totals = [int(number) for number in numbers if number.isdigit()]
    assert totals == [7, 1, 3, 5]
    assert sum(totals) == len(samples.board_rows())


def test_failing_partners_come_first_in_table_and_sections(page: Page) -> None:
    state_of = {row.endpoint.partner: row.state for row in samples.board_rows()}
    partners = [text for text in page.texts_in("bdi") if text in state_of]
    for part, size in ((partners[:16], 16), (partners[16:], 14)):
        assert len(part) == size
        weights = [[State.BAD, State.WARNING, State.UNKNOWN, State.RUNNING, State.GOOD].index(state_of[name])
                   for name in part]  # fmt: skip
        assert weights == sorted(weights)


@pytest.mark.parametrize(("number", "kind"), list(enumerate(samples.KINDS, start=1)))
def test_a_section_says_what_is_wrong_who_acts_and_what_to_do(
    number: int, kind: tuple[str, Callable[[], ProbeReport]]
) -> None:
    explanation = kind[1]().explanation
    text = Page(html(one(number))).text
    assert WORDS.text(explanation.headline) in text
    if explanation.action is not None:
        assert WORDS.text(explanation.action) in text
    for evidence in explanation.evidence:
        assert WORDS.text(evidence) in text
    assert (explanation.cause in text) == (explanation.cause != "none")


def test_a_rejection_shows_alert_acceptable_cas_and_timeline() -> None:
    page = Page(html(one(1)))
    assert "unknown_ca (48), fatal" in page.text
    assert "CN=Harbour Root G2,O=Harbour PKI,C=NL" in page.text
    for name in ("TCP connect", "ClientHello", "CertificateRequest", "Finished", "Alert", "TCP close"):
        assert name in page.text
    troubles = [
        a["class"] for name, a in page.elements if name == "tr" and "trouble" in (a.get("class") or "")
    ]
    assert troubles == ["theirs trouble"]


def test_a_proper_end_is_no_alert_to_show() -> None:
    report = samples.healthy()
    close = Alert(direction=AlertDirection.SENT, level="warning", code=0, name="close_notify", at_ms=80.02)
    closed = replace(report, record=replace(report.record, alerts=(close,)))
    page = Page(html(one(7), {7: closed}))
    assert "HTTP 401" in page.texts_in("span")
    assert "close_notify (0)" not in page.text
    assert "trouble" not in " ".join(a.get("class") or "" for _name, a in page.elements)
    assert cells(one(7), {7: closed})[0]["Alert"] == ""


def test_rules_that_failed_stand_open_and_the_others_are_counted() -> None:
    page = Page(html(one(2)))
    assert "Rules that failed or warn" in page.texts_in("h4")
    assert "3 passed, 0 not run, 0 not applicable" in page.text
    assert "0 passed, 1 not run, 0 not applicable" in Page(html(one(11))).text


def test_a_chain_shows_digests_in_two_lines_of_pairs() -> None:
    leaf = samples.rejected_client().record.presented_chain[0]
    page = Page(html(one(1)))
    digest = ":".join(leaf.sha256[at : at + 2].upper() for at in range(0, 64, 2))
    assert digest[:47] in page.text
    assert digest[48:] in page.text


def test_an_unreadable_certificate_says_so() -> None:
    text = Page(html(one(11))).text
    assert "Not readable" in text
    assert "The certificate does not parse: ASN.1 ends early." in text


def test_an_expired_certificate_says_since_when() -> None:
    assert "expired 3 days ago" in Page(html(one(2))).text


def test_an_endpoint_never_tested_is_not_run_and_has_no_section() -> None:
    page = Page(html(one(16), {}))
    assert "Umbra Charter" in page.text
    assert "Not run" in page.text
    assert "Passed" not in [
        text for name, text in page.texts if name == "span" and text.startswith("Passed:")
    ]
    assert "article" not in {name for name, _attributes in page.elements}
    assert "No endpoint that was tested fails. 1 of 1 was not tested." in page.text


def test_what_passed_is_folded_and_the_rest_is_open() -> None:
    page = Page(html())
    names = [name for name, _attributes in page.elements]
    passed = sum(row.state is State.GOOD for row in samples.board_rows())
    folded = [a for name, a in page.elements if name == "details" and a.get("class") != "rules"]
    assert len(folded) == passed
    assert names.count("article") == len(samples.KINDS)


def test_all_good_says_so() -> None:
    page = Page(html(tuple(row for row in samples.board_rows() if row.state is State.GOOD)))
    assert "All 3 endpoints passed." in page.text
    assert "Who has to act:" not in page.text


def test_what_was_not_reached_is_inconclusive_and_nobodys_failure() -> None:
    page = Page(html(one(10)))
    assert "No endpoint that gave a result fails; 1 of 1 gave no result." in page.text
    assert "Inconclusive or not run" in page.text
    assert "Inconclusive:" in page.text
    assert cells(one(10))[0]["State"] == "Inconclusive"


def test_warnings_alone_are_no_failures() -> None:
    assert "No endpoint fails. 1 of 1 needs attention soon." in Page(html(one(4))).text


def test_beside_warnings_what_gave_no_result_is_not_said_not_to_fail() -> None:
    text = Page(html((*one(4), *one(10)))).text
    assert "No endpoint fails." not in text
    assert "No endpoint that gave a result fails. 1 of 2 needs attention soon, 1 gave no result." in text


def test_no_partners_is_a_page_too() -> None:
    page = Page(html((), {}))
    assert "There are no partners in this workspace yet." in page.text
    assert "table" not in {name for name, _attributes in page.elements}


def test_every_state_has_its_word_beside_the_icon(page: Page) -> None:
    states = [
        a for name, a in page.elements if name == "span" and (a.get("class") or "").startswith("state ")
    ]
    assert len(states) > 48
    words = {row.server.word.id for row in samples.board_rows()} | {"Rejected", "Accepted", "Not asked"}
    assert words <= set(page.texts_in("span"))


def hostile_page() -> str:
    return html(one(13))


def test_markup_of_a_peer_is_text() -> None:
    source = hostile_page()
    assert "<script" not in source
    assert "<img" not in source
    assert "<b>Evil" not in source
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in source


def test_nothing_invisible_reaches_the_page() -> None:
    source = hostile_page()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800]", source)
    assert r"\u202etxt.exe\u2066\x1b]0;title\x07" in source


def test_a_long_name_is_cut() -> None:
    assert len(HOSTILE_NAME) < 1000 < len(samples.hostile().record.presented_chain[0].der)
    assert max(len(text) for name, text in Page(hostile_page()).texts if name != "style") < 500


def test_the_colours_are_the_windows() -> None:
    css = (resource_folder() / "reports" / "report.css").read_text(encoding="utf-8")
    light, dark, printed = (
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    )
    for used, tokens in ((light, LIGHT), (dark, DARK), (printed, LIGHT)):
        assert used == {name: getattr(tokens, name.replace("-", "_")) for name in used}
    assert set(light) == set(dark) == set(printed)
    assert not set(re.findall(r"var\(--([a-z0-9-]+)\)", css)) - set(light)


def test_every_word_of_the_page_is_translated() -> None:
    class Marked(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return f"¤{message}"

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return f"¤{msgid1}"

    page = Page(html(words=Wording(Marked())))
    kept = {"TLS", "mTLS", "SHA-256", "ms"}
    for element in ("th", "h1", "h2", "h4", "dt", "footer", "title"):
        assert [
            text for text in page.texts_in(element) if text not in kept and not text.startswith("¤")
        ] == []


def cells(rows: tuple[BoardRow, ...], reports: dict[int, ProbeReport] | None = None) -> list[dict[str, str]]:
    data = csv_report(rows, samples.reports() if reports is None else reports, wording=WORDS).decode(
        "utf-8-sig"
    )
    return list(csv.DictReader(io.StringIO(data, newline=""), strict=True))


def test_csv_has_one_line_for_each_endpoint_failing_first() -> None:
    lines = cells(samples.board_rows())
    assert len(lines) == 16
    assert [line["State"] for line in lines[:7]] == ["Failed"] * 7
    nordwind = next(line for line in lines if line["Partner"] == "Nordwind Cargo")
    assert nordwind["mTLS"] == "Rejected"
    assert nordwind["Alert"] == "unknown_ca (48)"
    assert nordwind["Who has to act"] == "Partner"
    assert nordwind["Days left"] == "107"
    assert nordwind["Valid until (UTC)"] == "2027-03-07 23:59:59"
    never = next(line for line in lines if line["Partner"] == "Umbra Charter")
    assert (never["State"], never["Tested (UTC)"], never["Cause"]) == ("Not run", "", "")


def test_no_cell_of_the_csv_is_a_formula_or_hides_anything() -> None:
    for line in cells(samples.board_rows()):
        for name, value in line.items():
            assert value.isprintable(), name
            assert len(value) < 1200, name
            if name != "Days left":
                assert not re.match(r"\s*[=+\-@]", value), name
    (hostile,) = cells(one(13))
    assert hostile["Partner"].startswith("'=cmd|")


def test_json_holds_every_partner_with_its_document() -> None:
    rows = samples.board_rows()
    text = json_report(rows, samples.reports(), made_at=samples.NOW, wording=WORDS)
    document = json.loads(text.encode("utf-8", "replace"))
    assert list(document) == ["schema", "made_at", "evaluated_at", "partners", "summary"]
    assert document["schema"] == "trustdesk.report/1"
    assert document["made_at"] == "2026-11-20T08:45:00Z"
    assert document["summary"] == {"pass": 3, "warn": 1, "fail": 10, "not_run": 2}
    by_name = {partner["partner"]: partner for partner in document["partners"]}
    assert by_name["Umbra Charter"]["result"] is None
    assert by_name["Nordwind Cargo"]["result"] == probe_document(samples.rejected_client(), WORDS.text)


@pytest.mark.parametrize(
    ("name", "start"), [("a.html", b"<!doctype html>"), ("a.JSON", b"{"), ("a.csv", b"\xef\xbb\xbfPartner")]
)
def test_the_ending_says_in_which_form(tmp_path: Path, name: str, start: bytes) -> None:
    render_report(tmp_path / name, samples.board_rows(), samples.reports(), made_at=samples.NOW)
    data = (tmp_path / name).read_bytes()
    assert data.startswith(start)
    data.decode("utf-8")


@pytest.mark.parametrize("name", ["a.pdf", "a", "html", ".html"])
def test_another_ending_is_refused_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        render_report(tmp_path / name, (), {}, made_at=samples.NOW)
    assert WORDS.text(caught.value.remedy) == "Give the file a name that ends in .html, .json, .csv."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_environment_failure(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailureError):
        render_report(tmp_path / "nowhere" / "a.html", (), {}, made_at=samples.NOW)


def test_a_partner_that_utf8_cannot_hold_still_gives_a_file(tmp_path: Path) -> None:
    (row,) = one(1)
    odd = replace(row, endpoint=replace(row.endpoint, partner="Nord\udcffwind"))
    for ending in ("html", "json", "csv"):
        render_report(tmp_path / f"a.{ending}", (odd,), samples.reports(), made_at=samples.NOW)
        assert "Nord" in (tmp_path / f"a.{ending}").read_text(encoding="utf-8")


def test_the_lists_that_judged_are_named() -> None:
    assert WORDS.text(judged_by(samples.reports())) == "Trust list: Air cargo pilot list"
    assert WORDS.text(judged_by({1: samples.not_reached()})) == "No server presented a certificate."


class Printer:
    """Keeps what it is to print."""

    def __init__(self) -> None:
        self.documents: list[PrintedDocument] = []

    def print_document(
        self,
        document: PrintedDocument | bytes,
        on_progress: Callable[[int, int], None],
        is_cancelled: Callable[[], bool],
    ) -> bytes | None:
        assert isinstance(document, PrintedDocument)
        self.documents.append(document)
        on_progress(50, 100)
        return None if is_cancelled() else b"%PDF-"


class Chunked:
    """Gives results, and notes how many endpoints were asked for at once."""

    def __init__(self, reports: dict[int, ProbeReport]) -> None:
        self.asked: list[int] = []
        self._reports = reports

    def results(self, endpoints: Sequence[Endpoint]) -> dict[int, ProbeReport]:
        self.asked.append(len(endpoints))
        return {one.id: self._reports[one.id] for one in endpoints if one.id in self._reports}


def many(count: int) -> tuple[list[Endpoint], dict[int, ProbeReport]]:
    """Return endpoints, every second of which passed, and every tenth of which was never tested."""
    healthy, rejected = samples.healthy(), samples.rejected_client()
    endpoints = [
        Endpoint(id=number, partner=f"Partner {number:05}", target=healthy.record.target)
        for number in range(1, count + 1)
    ]
    reports = {one.id: healthy if one.id % 2 else rejected for one in endpoints if one.id % 10}
    return endpoints, reports


@pytest.mark.parametrize("ending", ["html", "csv", "json"])
def test_a_board_that_is_read_in_parts_is_the_one_in_memory(tmp_path: Path, ending: str) -> None:
    endpoints, reports = many(130)
    source, told = Chunked(reports), list[tuple[int, int]]()
    file, other = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    steps = ReportSteps(lambda done, total: told.append((done, total)))
    assert write_board_report(file, endpoints, source, made_at=samples.NOW, steps=steps, wording=WORDS)
    rows = [board_row(one, reports.get(one.id), samples.NOW) for one in endpoints]
    render_report(other, rows, reports, made_at=samples.NOW, wording=WORDS)
    assert file.read_bytes() == other.read_bytes()
    assert max(source.asked) <= 100
    assert told == sorted(told)
    assert told[0] == (0, 260)


def _has_enough(asks: Iterator[int], patience: int) -> bool:
    return next(asks) >= patience


def test_a_cancelled_report_leaves_the_old_file_whenever_it_was(tmp_path: Path) -> None:
    endpoints, reports = many(120)
    for ending in ("html", "csv", "json", "pdf"):
        file = tmp_path / f"a.{ending}"
        file.write_text("old")
        for patience in range(6):
            asks = itertools.count()
            steps = ReportSteps(is_cancelled=partial(_has_enough, asks, patience))
            printer = Printer()
            written = write_board_report(
                file, endpoints, HeldResults(reports), made_at=samples.NOW, steps=steps, printer=printer
            )
            if not written:
                assert file.read_text() == "old"
        assert [one.suffix for one in tmp_path.iterdir()] == [f".{ending}"]
        file.unlink()


def test_only_the_worst_are_told_one_by_one_and_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report_writer, "MOST_SECTIONS", 10)
    endpoints, reports = many(30)
    rows = [board_row(one, reports.get(one.id), samples.NOW) for one in endpoints]
    page = Page(html(tuple(rows), reports))
    assert [name for name, _attributes in page.elements].count("article") == 10
    left = f"{len(reports) - 10} more endpoints were tested and are not told here"
    assert left in page.text
    ids = {attributes["id"] for _name, attributes in page.elements if "id" in attributes}
    assert {str(a["href"])[1:] for _name, a in page.elements if "href" in a} <= ids


def test_what_was_not_checked_is_counted_over_the_board(page: Page) -> None:
    assert "What was not checked" in page.texts_in("h2")
    found = dict(zip(page.texts_in("td"), page.texts_in("td")[1:], strict=False))
    assert found["2 endpoints, not tested as they are set up now"] == "Solstice Cargo Lines, Umbra Charter"
    assert found["3 endpoints, not reached"].startswith("Aurelia Air Freight, Harbourgate Brokers")
    assert found["1 endpoint: The server certificate is valid."] == "The certificate does not parse."


def test_many_names_are_cut_and_counted() -> None:
    endpoints, _reports = many(300)
    gaps = BoardGaps()
    for one in endpoints:
        gaps.add(board_row(one, None, samples.NOW), None)
    words = WORDS.text(gaps.gaps()[0].why)
    assert re.fullmatch(r"Partner 00001, .*, Partner 000\d\d and 28\d more", words)


def test_paper_has_totals_who_has_to_act_the_table_and_what_was_not_checked(tmp_path: Path) -> None:
    printer = Printer()
    rows = samples.board_rows()
    assert write_board_report(
        tmp_path / "a.pdf",
        [row.endpoint for row in rows],
        HeldResults(samples.reports()),
        made_at=samples.NOW,
        steps=ReportSteps(),
        printer=printer,
        wording=WORDS,
    )
    (document,) = printer.documents
    (totals,) = [block for block in document.blocks if isinstance(block, PrintedTotals)]
    assert [count for _state, _word, count in totals.parts] == [7, 1, 3, 5]
    tables = [block for block in document.blocks if isinstance(block, PrintedTable)]
    assert [len(one.rows) for one in tables[:2]] == [8, 16]
    assert [block.text for block in document.blocks if isinstance(block, PrintedHeading)] == [
        "What needs attention",
        "Partners",
        "What was not checked",
    ]
