from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from tests.support import sample_certificates as certificates
from tests.support import samples
from tests.support.event_loop import settle
from tests.support.fake_desk import broken_workspace
from trustdesk.core.message import msg
from trustdesk.gui.frame.rail import COLLAPSED_WIDTH, WIDTH, Rail, RailEntry
from trustdesk.gui.shortcuts import Key
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.chain_list import ChainList, certificate_lines
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.filter_chip import FilterChip
from trustdesk.gui.widgets.findings_list import FindingsList, finding_look
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.segment import Segment
from trustdesk.gui.widgets.tabs import Tabs
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text
from trustdesk.services.board import State

HOSTILE = samples.hostile()
LONG_WORD = "x" * 400


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> None:
    current_theme().apply(qapp)


@pytest.fixture
def ground(qapp: QApplication) -> Iterator[QWidget]:
    made = QWidget()
    QVBoxLayout(made)
    made.resize(500, 600)
    yield made
    made.close()


def put(ground: QWidget, widget: QWidget) -> None:
    layout = ground.layout()
    assert layout is not None
    layout.addWidget(widget)
    ground.show()
    settle()


def test_a_word_without_a_space_wraps_and_does_not_widen(ground: QWidget) -> None:
    text = Text(LONG_WORD, wrap=True)
    put(ground, text)
    assert text.width() < 500
    assert text.heightForWidth(200) > text.heightForWidth(400) > text.fontMetrics().height()


def test_line_breaks_of_a_text_are_lines() -> None:
    one, three = Text("a", wrap=True), Text("a\nb\nc", wrap=True)
    assert three.heightForWidth(400) > 2 * one.heightForWidth(400)


def test_words_are_plain_text_also_where_they_look_like_markup() -> None:
    for label in (Text("<b>x</b>"), ElidedLabel("<b>x</b>"), Text("<b>x</b>", wrap=True)):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance("<b>x</b>")


def test_an_elided_line_shows_all_of_it_in_its_tooltip_as_text(ground: QWidget) -> None:
    label = ElidedLabel(f"<script>{LONG_WORD}")
    put(ground, label)
    assert label.width() < 500
    assert html.escape("<script>") in label.toolTip()
    assert "<script>" not in label.toolTip()
    label.setText("short")
    assert label.toolTip() == ""


def test_a_banner_says_verdict_action_and_fact(ground: QWidget) -> None:
    banner = VerdictBanner()
    put(ground, banner)
    banner.show_verdict(State.BAD, "Rejected.", "Partner has to act.", "alert 48 at 58 ms", details="raw")
    settle()
    shown = [label.text() for label in banner.findChildren(QLabel) if label.isVisible()]
    assert shown == ["Rejected.", "Partner has to act.", "alert 48 at 58 ms"]
    details = next(button for button in banner.findChildren(Button) if button.text() == "Details")
    QTest.mouseClick(details, Qt.MouseButton.LeftButton)
    settle()
    assert "raw" in [label.text() for label in banner.findChildren(QLabel) if label.isVisible()]


def test_a_banner_copies_all_that_it_says() -> None:
    banner = VerdictBanner()
    banner.show_verdict(State.BAD, "Rejected.", "Partner has to act.", "alert 48", details="raw")
    next(button for button in banner.findChildren(Button) if button.text() == "Copy").click()
    assert QGuiApplication.clipboard().text() == "Rejected.\nPartner has to act.\nalert 48\nraw"


def test_a_banner_shows_an_error_with_its_remedy_and_its_place(ground: QWidget) -> None:
    banner = VerdictBanner()
    put(ground, banner)
    banner.show_error(broken_workspace())
    texts = [label.text() for label in banner.findChildren(QLabel)]
    assert "The workspace cannot be read." in texts
    assert "Choose another folder." in texts
    assert "/somewhere/workspace.db" in texts


def test_a_banner_grows_with_its_words_and_cuts_none(ground: QWidget) -> None:
    banner = VerdictBanner()
    put(ground, banner)
    banner.show_verdict(State.BAD, "word " * 60, "do " * 60)
    settle()
    for label in banner.findChildren(Text):
        if label.isVisible() and label.hasHeightForWidth():
            assert label.height() >= label.heightForWidth(label.width())


def test_a_chain_opens_one_certificate_at_a_time(ground: QWidget) -> None:
    chain = ChainList()
    put(ground, chain)
    chain.show_chain(samples.healthy().record.presented_chain, now=samples.NOW)
    settle()
    first, second = chain.cards
    opened: list[int] = []
    chain.opened.connect(opened.append)
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert first.is_open
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    assert (first.is_open, second.is_open) == (False, True)
    assert opened == [0, -1, 1]


def test_a_certificate_card_is_named_with_place_and_validity(ground: QWidget) -> None:
    chain = ChainList()
    put(ground, chain)
    chain.show_chain((certificates.server("a.example", samples.NOW - timedelta(days=3)),), now=samples.NOW)
    assert chain.cards[0].accessibleName() == "Certificate 1: a.example, Expired"


def test_the_same_chain_on_another_day_says_how_it_stands_then(ground: QWidget) -> None:
    chain = ChainList()
    put(ground, chain)
    presented = (certificates.server("a.example", samples.NOW + timedelta(days=90)),)
    chain.show_chain(presented, now=samples.NOW)
    today = chain.cards
    assert today[0].accessibleName() == "Certificate 1: a.example, Valid"
    chain.show_chain(presented, now=samples.NOW + timedelta(minutes=1))
    assert chain.cards == today
    chain.show_chain(presented, now=samples.NOW + timedelta(days=100))
    assert chain.cards[0].accessibleName() == "Certificate 1: a.example, Expired"


def test_a_chain_without_certificates_says_so(ground: QWidget) -> None:
    chain = ChainList()
    put(ground, chain)
    chain.show_chain((), now=samples.NOW)
    assert [label.text() for label in chain.findChildren(QLabel)] == ["No certificate was presented."]


def test_a_certificate_that_does_not_parse_is_shown_with_its_problem() -> None:
    lines = certificate_lines(certificates.unreadable())
    assert lines[0][0].id == "Could not be read"
    assert "ASN.1 ends early" in lines[0][1]


def test_hostile_certificate_text_is_bounded_and_visible(ground: QWidget) -> None:
    chain = ChainList()
    put(ground, chain)
    chain.show_chain(HOSTILE.record.presented_chain, now=samples.NOW)
    chain.cards[0].set_open(True)
    settle()
    assert chain.width() <= 500
    for label in chain.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert len(label.text()) < 1500
        assert not set(label.text()) & {"\u202e", "\x1b", "\x00", "\r"}


def test_a_fingerprint_is_two_lines_of_upper_case_pairs() -> None:
    first, second = fingerprint_text("ab" * 32).split("\n")
    assert first == second == ":".join(["AB"] * 16)


def test_findings_stand_worst_first_and_a_pass_is_grey(ground: QWidget) -> None:
    findings = FindingsList()
    put(ground, findings)
    findings.show_findings(samples.untrusted().findings)
    settle()
    assert findings.rows[0].accessibleName().startswith("Failed: ")
    assert findings.rows[-1].accessibleName().startswith("Pass: ")
    looks = {finding_look(finding).ink for finding in samples.healthy().findings}
    assert looks == {"text2"}


def test_a_rule_that_was_not_run_is_no_pass() -> None:
    (finding,) = samples.unreadable().findings
    assert finding_look(finding).word.id == "Not run"


def test_long_evidence_wraps_inside_its_row(ground: QWidget) -> None:
    findings = FindingsList()
    put(ground, findings)
    findings.show_findings(HOSTILE.findings)
    settle()
    row = findings.rows[0]
    assert row.width() <= 500
    assert row.height() >= row.heightForWidth(row.width())


def test_space_switches_a_chip_and_its_name_tells_the_count(ground: QWidget) -> None:
    chip = FilterChip("Failing", icon="bad", ink="bad")
    chip.set_count(3)
    put(ground, chip)
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert chip.isChecked()
    assert chip.accessibleName() == "Failing, 3"


def test_arrow_keys_move_a_segment(ground: QWidget) -> None:
    segment = Segment([("tls", "TLS"), ("mtls", "mTLS")], name="Result")
    put(ground, segment)
    heard: list[str] = []
    segment.changed.connect(heard.append)
    QTest.keyClick(segment, Qt.Key.Key_Right)
    QTest.keyClick(segment, Qt.Key.Key_Right)
    assert (segment.current, heard) == ("mtls", ["mtls"])
    assert segment.accessibleName() == "Result: mTLS"


def test_chips_that_do_not_fit_go_to_the_next_line(qapp: QApplication) -> None:
    ground = QWidget()
    flow = Flow(ground)
    for word in ("one", "two", "three"):
        flow.addWidget(FilterChip(word))
    line = flow.sizeHint()
    assert flow.heightForWidth(line.width()) == line.height()
    assert flow.heightForWidth(line.width() - 10) > line.height()
    assert flow.takeAt(5) is None
    assert flow.count() == 3


def test_tabs_move_together_before_the_last_one_is_cut(ground: QWidget) -> None:
    tabs = Tabs(name="Parts", parent=ground)
    for words in ("Diagnosis", "Chain", "Rules", "Readiness", "History"):
        tabs.addTab(words)
    tabs.show()
    ground.show()
    wanted = tabs.sizeHint().width()
    tabs.resize(wanted, 40)
    assert tabs.tabRect(4).right() < wanted
    tabs.resize(wanted - 50, 40)
    settle()
    assert tabs.tabRect(4).right() < wanted - 50
    tabs.set_count(4, 1)
    settle()
    assert tabs.tabRect(4).right() < wanted - 50
    tabs.resize(wanted + 100, 40)
    settle()
    assert tabs.tabRect(1).left() - tabs.tabRect(0).left() == tabs.tabSizeHint(0).width()


def test_a_count_of_ten_thousand_has_room_in_the_rail(ground: QWidget) -> None:
    entry = RailEntry("Trust lists", icon="trust-lists", keys="Ctrl+6", parent=ground)
    entry.set_badge(10_400, msg("{count} wait", count=10_400), ink="warning")
    assert entry.badge == "10k"
    assert "10,400 wait" in entry.toolTip()
    entry.set_badge(9_999, msg("{count} wait", count=9_999), ink="warning")
    assert entry.badge == "9999"


@pytest.mark.usefixtures("qapp")
def test_the_rail_has_room_for_the_longest_word_of_a_language() -> None:
    rail = Rail()
    rail.add_entry("inspector", Key.INSPECTOR, icon="inspector")
    assert rail.width() == WIDTH
    longest = msg("Vertrauenslisten")
    rail.add_foot_entry("lists", Key.SETTINGS, longest, icon="trust-lists", opens_page=False)
    assert rail.width() == rail.entry("lists").words_width + 24 > WIDTH
    rail.set_collapsed(True)
    assert rail.width() == COLLAPSED_WIDTH
    rail.set_collapsed(False)
    assert rail.width() > WIDTH
