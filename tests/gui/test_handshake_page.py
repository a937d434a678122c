"""The page Handshake with a desk that answers as the test decides."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QPoint,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from tests.support import samples
from tests.support.fake_desk import FakeDesk, FakeProbe, broken_workspace
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.form_reading import FormField
from trustdesk.gui.handshake.page import HandshakePage
from trustdesk.gui.handshake.phase_facts import StepState
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.widgets.button import Button

_HARMLESS = ("This plugin does not support propagateSizeHints()",)


@pytest.fixture(scope="module")
def handshake_app() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
        current_theme().apply(app)
    return app


@dataclass
class Stage:
    """A page in a window, its desk, and a hand on the bridge."""

    app: QApplication
    page: HandshakePage
    desk: FakeDesk
    bridge: Bridge

    def settle(self) -> None:
        """Deliver what was posted, and let the window arrange itself."""
        for _round in range(4):
            self.bridge._drain()
            self.app.processEvents()

    def start(
        self, target: str = "https://1r.nordwind-cargo.example", identity: str | None = None
    ) -> FakeProbe:
        self.page.open_target(parse_target(target), identity, run=True)
        self.settle()
        return self.desk.probes[-1]

    def show(self, report: ProbeReport, identity: str | None = "client-good") -> None:
        probe = self.start(report.record.target.endpoint, identity)
        probe.future.set_result(report)
        self.settle()

    def shown_texts(self) -> list[str]:
        labels = self.page.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible()]

    def button(self, words: str) -> Button:
        found = [b for b in self.page.findChildren(Button) if b.text() == words and b.isVisible()]
        assert len(found) == 1, f"{len(found)} buttons say {words}"
        return found[0]


@pytest.fixture
def stage(handshake_app: QApplication) -> Iterator[Stage]:
    warnings: list[str] = []

    def note(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if text not in _HARMLESS:
            warnings.append(text)

    before = qInstallMessageHandler(note)
    bridge = Bridge()
    page = HandshakePage(bridge, now=lambda: samples.NOW)
    desk = FakeDesk()
    stage = Stage(handshake_app, page, desk, bridge)
    page.set_desk(desk)
    page.resize(1240, 820)
    page.show()
    stage.settle()
    yield stage
    page.close()
    bridge.close()
    page.deleteLater()
    # Otherwise every page of the module would be alive until the end, and be dressed with each theme.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    handshake_app.processEvents()
    qInstallMessageHandler(before)
    assert warnings == []


def test_one_press_is_one_probe_with_what_the_form_says(stage: Stage) -> None:
    stage.page.form.edit(FormField.TARGET).setText("1r.example")
    stage.page.form.edit(FormField.PORT).setText("8443")
    stage.page.form.select_identity("client-good")
    stage.page.form.select_trust_list("certifi")
    stage.button("Run").click()
    stage.button("Cancel")
    (probe,) = stage.desk.probes
    assert (probe.target.host, probe.target.connect_port) == ("1r.example", 8443)
    assert (probe.identity, probe.trust_lists) == ("client-good", ("certifi",))


def test_run_becomes_cancel_at_the_same_place_and_width(stage: Stage) -> None:
    before = stage.button("Run").geometry()
    probe = stage.start()
    assert stage.button("Cancel").geometry() == before
    probe.future.set_result(samples.healthy())
    stage.settle()
    assert stage.button("Run").geometry() == before


def test_the_ladder_and_the_strip_fill_while_the_run_goes_on(stage: Stage) -> None:
    probe = stage.start()
    events = samples.healthy().record.timeline
    probe.say(Phase.RESOLVE, Phase.CONNECT, events[0], Phase.HANDSHAKE, *events[1:4])
    stage.settle()
    assert stage.page.columns.messages.ladder.row_count == 4
    assert stage.page.strip.isVisible()
    assert stage.page.strip.steps[2].state is StepState.RUNNING
    probe.say(*events[4:6])
    stage.settle()
    assert stage.page.columns.messages.ladder.row_count == 6


def test_f5_and_enter_run_and_escape_cancels(stage: Stage) -> None:
    field = stage.page.form.edit(FormField.TARGET)
    field.setText("1r.example")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    stage.settle()
    assert [probe.cancelled for probe in stage.desk.probes] == [True]
    stage.desk.probes[0].future.set_result(samples.cancelled())
    stage.settle()
    QTest.keyClick(field, Qt.Key.Key_F5)
    assert len(stage.desk.probes) == 2


def test_a_cancelled_run_keeps_what_it_found_and_is_no_pass(stage: Stage) -> None:
    probe = stage.start()
    stage.page.cancel()
    timeline = samples.healthy().record.timeline[:3]
    record = replace(samples.cancelled().record, ended_in=Phase.HANDSHAKE, timeline=timeline)
    partial = replace(samples.cancelled(), record=record)
    probe.future.set_result(partial)
    stage.settle()
    assert "Cancelled." in stage.shown_texts()
    assert stage.page.columns.messages.ladder.row_count == 3
    assert not stage.page.is_running


def test_steps_that_come_after_the_end_change_nothing(stage: Stage) -> None:
    probe = stage.start()
    probe.future.set_result(samples.rejected_client())
    stage.settle()
    rows = stage.page.columns.messages.ladder.row_count
    probe.say(*samples.healthy().record.timeline)
    stage.settle()
    assert stage.page.columns.messages.ladder.row_count == rows


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (FormField.TARGET, "gopher://1r.example", "gopher is no protocol that trustdesk tests."),
        (FormField.PORT, "99999", "99999 is no port: a port is a number from 1 to 65535."),
        (FormField.SERVER_NAME, "192.0.2.1", "An IP address cannot be sent as server name."),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field_and_nothing_runs(
    stage: Stage, field: FormField, text: str, sentence: str
) -> None:
    stage.page.form.edit(FormField.TARGET).setText("1r.example")
    edit = stage.page.form.edit(field)
    edit.setText(text)
    stage.button("Run").click()
    stage.settle()
    assert stage.desk.probes == []
    assert sentence in stage.shown_texts()
    assert edit.property("invalid") is True
    assert edit.hasFocus()
    edit.setText("1r.example" if field is FormField.TARGET else "")
    stage.button("Run").click()
    assert edit.property("invalid") is False
    assert sentence not in stage.shown_texts()


def test_a_rejected_certificate_opens_at_its_alert(stage: Stage) -> None:
    stage.show(samples.rejected_client())
    ladder = stage.page.columns.messages.ladder
    assert ladder.current == ladder.first_trouble
    assert "Partner rejected our certificate: most likely its issuer is not on their list." in (
        stage.shown_texts()
    )
    assert "Rejected by partner" in stage.shown_texts()
    assert not stage.page.strip.isVisible()


def test_a_refusal_in_http_opens_at_the_answer(stage: Stage) -> None:
    report = samples.rejected_over_http()
    stage.show(report)
    ladder = stage.page.columns.messages.ladder
    messages = [event.message for event in report.record.timeline]
    assert ladder.current == ladder.first_trouble == messages.index("http_response")
    assert "HTTP 400" in stage.shown_texts()


@pytest.mark.parametrize("make", [samples.untrusted, samples.not_on_list, samples.unreadable])
def test_an_untrusted_server_shows_its_chain_and_rules(stage: Stage, make: Callable[[], ProbeReport]) -> None:
    report = make()
    stage.show(report)
    assert "Server not trusted" in stage.shown_texts()
    for tab in range(3):
        stage.page.columns.messages.tabs.setCurrentIndex(tab)
        stage.settle()


def test_a_run_that_failed_before_tls_keeps_what_is_known(stage: Stage) -> None:
    stage.show(samples.not_reached(), None)
    assert stage.page.columns.known.isVisible()
    assert not stage.page.columns.messages.isVisible()
    assert stage.page.strip.isVisible()
    assert "not seen, so nothing is said about it" in stage.shown_texts()


def test_a_silent_server_leaves_the_client_hello_in_view(stage: Stage) -> None:
    stage.show(samples.timed_out(), None)
    assert stage.page.columns.messages.isVisible()
    assert stage.page.columns.messages.ladder.row_count == 2
    assert "timed out" in stage.shown_texts()


def test_hostile_text_is_shown_as_text_and_nothing_invisible_survives(stage: Stage) -> None:
    stage.show(samples.hostile())
    stage.page.columns.messages.ladder.setFocus()
    QTest.keyClick(stage.page.columns.messages.ladder, Qt.Key.Key_End)
    for tab in range(3):
        stage.page.columns.messages.tabs.setCurrentIndex(tab)
        stage.settle()
        for label in stage.page.findChildren(QLabel):
            if label.isVisible() and label.text():
                assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
                shown = label.text().replace("\u2068", "").replace("\u2069", "").replace("\n", "")
                assert visible(shown, 10_000) == shown.replace("\u202f", " ").replace("\xa0", " ")
        for widget in stage.page.findChildren(QWidget):
            assert "<script" not in widget.toolTip()


def test_a_desk_that_cannot_start_says_why_and_the_page_goes_on(stage: Stage) -> None:
    stage.desk.failure = broken_workspace()
    stage.page.open_target(parse_target("1r.example"), None, run=True)
    stage.settle()
    assert "The workspace cannot be read." in stage.shown_texts()
    stage.desk.failure = None
    stage.page.run()
    assert len(stage.desk.probes) == 1


def test_a_run_that_fails_outside_of_tls_says_what_to_do(stage: Stage) -> None:
    probe = stage.start()
    probe.future.set_exception(broken_workspace())
    stage.settle()
    assert "Choose another folder." in stage.shown_texts()
    assert not any("running" in text for text in stage.shown_texts())
    assert not stage.page.is_running
    assert not stage.page.strip.isVisible()


def test_tls_and_mtls_stand_side_by_side_once_both_were_run(stage: Stage) -> None:
    report = samples.rejected_client()
    stage.show(report, None)
    assert "Outcome and times" in stage.shown_texts()
    stage.show(report)
    texts = stage.shown_texts()
    assert "TLS and mTLS side by side" in texts
    assert "without certificate" in texts
    assert "client-good" in texts
    assert any(text.startswith("mTLS, TLS 1.3") for text in texts)
    stage.page.columns.messages.kind_chosen.emit("tls")
    stage.settle()
    assert any(text.startswith("TLS, TLS 1.3") for text in stage.shown_texts())


def test_a_kind_that_was_not_run_says_so_and_how_to_run_it(stage: Stage) -> None:
    stage.show(samples.healthy())
    stage.page.columns.messages.kind_chosen.emit("tls")
    stage.settle()
    assert (
        "Not run without a certificate yet. Choose the identity None (plain TLS) and press Run."
        in stage.shown_texts()
    )
    assert len(stage.desk.probes) == 1


def test_another_target_takes_the_old_result_away(stage: Stage) -> None:
    stage.show(samples.healthy())
    stage.page.open_target(parse_target("2r.example"), None, run=False)
    stage.settle()
    assert not stage.page.columns.isVisible()
    assert "Nothing was run yet" in stage.shown_texts()


def test_a_run_asked_for_during_another_waits_until_that_is_cancelled(stage: Stage) -> None:
    first = stage.start()
    stage.page.open_target(parse_target("2r.example"), "client-good", run=True)
    assert first.cancelled
    first.future.set_result(samples.cancelled())
    stage.settle()
    assert [probe.target.host for probe in stage.desk.probes] == ["1r.nordwind-cargo.example", "2r.example"]
    assert stage.desk.probes[-1].identity == "client-good"


def test_an_identity_that_is_not_there_is_never_replaced_by_none(stage: Stage) -> None:
    stage.page.open_target(parse_target("1r.example"), "gone", run=True)
    stage.settle()
    assert stage.desk.probes == []
    assert "The identity gone is not on this desk." in stage.shown_texts()


def test_keys_walk_the_ladder_and_the_fields_follow(stage: Stage) -> None:
    stage.show(samples.healthy())
    ladder = stage.page.columns.messages.ladder
    ladder.setFocus()
    for key, expected in (
        (Qt.Key.Key_Down, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_End, 16),
        (Qt.Key.Key_Up, 15),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Down, 1),
    ):
        QTest.keyClick(ladder, key)
        assert ladder.current == expected
    assert "ClientHello" in stage.shown_texts()
    stage.page.columns.messages.tabs.setCurrentIndex(1)
    stage.page.columns.messages.tabs.setCurrentIndex(0)
    assert ladder.current == 1


def test_ctrl_tab_turns_the_tabs(stage: Stage) -> None:
    stage.show(samples.healthy())
    tabs, ladder = stage.page.columns.messages.tabs, stage.page.columns.messages.ladder
    ladder.setFocus()
    turned = []
    for _press in range(4):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        turned.append(tabs.currentIndex())
    assert turned == [1, 2, 3, 0]


def test_a_click_selects_the_row_under_the_pointer(stage: Stage) -> None:
    stage.show(samples.healthy())
    ladder = stage.page.columns.messages.ladder
    box = ladder._layout.rows[2].row
    place = box.y + box.height / 2 - ladder.verticalScrollBar().value()
    view, left = ladder.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseClick(view, left, pos=QPoint(5, 5))
    assert ladder.current is None
    QTest.mouseClick(view, left, pos=QPoint(200, int(place)))
    assert ladder.current == 2


def test_ctrl_c_copies_the_line(stage: Stage) -> None:
    stage.show(samples.rejected_client())
    ladder = stage.page.columns.messages.ladder
    ladder.setFocus()
    QTest.keyClick(ladder, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "58.2 ms, from the partner, Alert  unknown_ca (48), "
        "fatal, answers our Certificate, encrypted, 2 bytes"
    )


def test_the_table_twin_has_the_same_rows_and_the_same_selection(stage: Stage) -> None:
    stage.show(samples.rejected_client())
    messages = stage.page.columns.messages
    twin = next(b for b in stage.page.findChildren(Button) if b.isCheckable() and not b.text())
    twin.click()
    stage.settle()
    assert messages.table.isVisible()
    assert messages.table.model().rowCount() == messages.ladder.row_count
    assert messages.table.currentIndex().row() == messages.ladder.current
    QTest.keyClick(messages.table, Qt.Key.Key_Up)
    assert messages.ladder.current == messages.table.currentIndex().row()


def test_fields_are_copied_with_their_names(stage: Stage) -> None:
    stage.show(samples.healthy())
    ladder = stage.page.columns.messages.ladder
    ladder.setFocus()
    QTest.keyClick(ladder, Qt.Key.Key_Down)
    QTest.keyClick(ladder, Qt.Key.Key_Down)
    QTest.keyClick(ladder, Qt.Key.Key_Return)
    table = QApplication.focusWidget()
    assert table is not None
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Versions: TLS 1.3, TLS 1.2"


def test_in_a_narrow_window_the_columns_stack_and_the_second_row_folds(stage: Stage) -> None:
    stage.show(samples.healthy())
    columns = stage.page.columns
    comparison = columns.comparison
    assert comparison.mapTo(columns, QPoint()).x() > columns.messages.width()
    stage.page.resize(700, 500)
    stage.settle()
    assert comparison.mapTo(columns, QPoint()).y() >= columns.messages.height()
    ladder = columns.messages.ladder
    assert ladder.verticalScrollBar().maximum() == 0, "the page scrolls, and nothing inside of it"
    assert not stage.page.form.edit(FormField.PORT).isVisible()
    assert columns.width() <= stage.page.width()
    stage.button("Connect to, port, SNI, name to verify, protocol").click()
    stage.settle()
    assert stage.page.form.edit(FormField.PORT).isVisible()


def test_a_value_in_the_folded_row_is_named_and_a_wrong_one_unfolds_it(stage: Stage) -> None:
    stage.page.resize(700, 500)
    stage.page.form.edit(FormField.TARGET).setText("1r.example")
    stage.page.form.edit(FormField.PORT).setText("99999")
    stage.settle()
    stage.button("port 99999")
    stage.button("Run").click()
    stage.settle()
    assert stage.page.form.edit(FormField.PORT).isVisible()


def test_placeholders_say_what_follows_from_the_target(stage: Stage) -> None:
    stage.page.form.edit(FormField.TARGET).setText("amqps://mq.example")
    assert stage.page.form.edit(FormField.PORT).placeholderText() == "5671"
    assert stage.page.form.edit(FormField.SERVER_NAME).placeholderText() == "mq.example"
    stage.page.form.edit(FormField.TARGET).setText("192.0.2.1")
    assert stage.page.form.edit(FormField.SERVER_NAME).placeholderText() == "none for an IP address"


def test_the_target_is_saved_as_a_partner_with_its_identity(stage: Stage) -> None:
    saved: list[object] = []
    stage.page.saved.connect(saved.append)
    stage.show(samples.healthy())
    stage.button("Save as partner …").click()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "  Tamarind Logistics ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    stage.settle()
    (endpoint,) = stage.desk.added
    assert (endpoint.partner, endpoint.identity) == ("Tamarind Logistics", "client-good")
    assert saved == [endpoint]
    assert "Saved as Tamarind Logistics; it stands on the Partners page." in stage.shown_texts()


def test_escape_closes_the_form_that_saves(stage: Stage) -> None:
    stage.page.form.edit(FormField.TARGET).setText("1r.example")
    stage.button("Save as partner …").click()
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not stage.page.save_form.isVisible()
    assert stage.desk.added == []


def test_no_control_is_nameless_and_tab_reaches_them(stage: Stage) -> None:
    stage.show(samples.rejected_client())
    controls = [
        widget
        for widget in stage.page.findChildren(QWidget)
        if isinstance(widget, QLineEdit | QComboBox | QAbstractButton) and widget.isVisible()
    ]
    assert len(controls) > 8
    for control in controls:
        assert control.accessibleName(), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.accessibleName()
    assert stage.page.columns.messages.ladder.accessibleName()
    assert "15 events" in stage.page.columns.messages.ladder.accessibleDescription()


def test_tab_leads_from_the_target_through_the_form_in_reading_order(stage: Stage) -> None:
    form = stage.page.form
    form.focus_target()
    names = []
    for _step in range(10):
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert names[:5] == ["Target", "Identity", "Trust list", "Run matrix", "Run"]
    assert names[5] == "Connect to"


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_ladder_keeps_its_sides_in_both_themes_and_directions(
    stage: Stage, mode: ThemeMode, direction: Qt.LayoutDirection
) -> None:
    current_theme().set_mode(mode)
    stage.page.setLayoutDirection(direction)
    stage.show(samples.healthy())
    ladder = stage.page.columns.messages.ladder
    picture = ladder.viewport().grab().toImage()
    layout = ladder._layout
    placed = layout.rows[1]
    y = placed.arrow_y
    # The ClientHello's line is ours: accent, and its dot stands on our lifeline, the left one.
    middle = picture.pixelColor(int((layout.our_x + layout.partner_x) / 2), int(y))
    assert middle.name() == current_theme().tokens.accent.lower()
    assert layout.our_x < layout.partner_x
    assert not stage.page.grab().isNull()
    current_theme().set_mode(ThemeMode.LIGHT)
