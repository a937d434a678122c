"""Causes and probe matrix, apart from the pages that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support import sample_diagnoses, samples
from tests.support.diagnoses import HOSTILE
from tests.support.event_loop import settle
from trustdesk.core.diagnosis import CertificateChoice, ProbeVariant, TlsVersions, VariantProbe
from trustdesk.core.message import msg
from trustdesk.core.probe import Responsible
from trustdesk.gui.diagnosis.matrix_cells import matrix_rows
from trustdesk.gui.diagnosis.verdict import show_diagnosis_verdict, state_of_diagnosis
from trustdesk.gui.diagnosis.view import DiagnosisView, can_write
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.board import State

NONE = CertificateChoice.NONE


@pytest.fixture
def view(qapp: QApplication) -> Iterator[DiagnosisView]:
    current_theme().apply(qapp)
    made = DiagnosisView()
    made.resize(620, 1400)
    made.show()
    made.show_diagnosis(sample_diagnoses.diagnosis())
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()


def texts(view: DiagnosisView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def test_a_probe_of_both_versions_stands_in_the_line_that_was_negotiated() -> None:
    rows = matrix_rows(sample_diagnoses.probes())
    assert [say(row.label) for row in rows] == ["TLS 1.3", "TLS 1.2", "TLS 1.3, classic groups"]
    ids = [([cell.id for cell in row.without], [cell.id for cell in row.selected]) for row in rows]
    assert ids == [(["P2"], ["P1"]), (["P3"], ["P4"]), ([], ["P5"])]


def test_a_refusal_for_want_of_a_certificate_is_right_and_grey() -> None:
    cell = matrix_rows(sample_diagnoses.probes())[0].without[0]
    assert (cell.state, say(cell.title)) == (State.NOT_APPLICABLE, "certificate_required (116)")
    assert cell.detail is not None
    assert say(cell.detail) == "expected: the server insists"


def test_a_refusal_of_our_certificate_is_bad_and_says_when_it_came() -> None:
    rows = matrix_rows(sample_diagnoses.probes())
    in_13, in_12 = rows[0].selected[0], rows[1].selected[0]
    assert (in_13.state, in_12.state) == (State.BAD, State.BAD)
    assert in_13.detail is not None
    assert in_12.detail is not None
    assert say(in_13.detail).endswith(" ms after our Finished")
    assert say(in_12.detail) == "inside the handshake"


def test_what_was_not_probed_stays_empty_and_what_runs_is_no_result() -> None:
    rows = matrix_rows((), {"P1": ProbeVariant(versions=TlsVersions.TLS_1_2)})
    assert [say(row.label) for row in rows] == ["TLS 1.3", "TLS 1.2"]
    assert rows[0].without == rows[0].selected == rows[1].without == ()
    assert rows[1].selected[0].state is State.RUNNING
    assert rows[1].selected[0].probe is None


def test_an_accepted_probe_without_a_certificate_does_not_claim_one() -> None:
    probe = sample_diagnoses.probe(
        1, samples.healthy_without_mtls(), ProbeVariant(certificate=NONE), "As given."
    )
    cell = matrix_rows([probe])[1].without[0]
    assert (cell.state, say(cell.title)) == (State.GOOD, "Answered, none asked for")


def test_the_first_cause_is_open_with_its_evidence_and_the_others_are_closed(view: DiagnosisView) -> None:
    assert [card.head.isChecked() for card in view.cards] == [True, False, False]
    shown = texts(view)
    assert "Alert unknown_ca came back 74 ms after our Finished." in shown
    assert "What partner has to do" in shown
    assert "Line to look for in their log (nginx)" in shown
    assert "Cannot be told apart from" in shown
    assert "What would tell" in shown
    assert "What we have to do" not in shown


def test_a_closed_cause_opens_with_the_keyboard(view: DiagnosisView) -> None:
    head = view.cards[1].head
    head.setFocus()
    QTest.keyClick(head, Qt.Key.Key_Space)
    settle()
    assert "Put the intermediate behind the certificate in the file." in texts(view)


def test_a_head_says_rank_share_sentence_and_who_acts(view: DiagnosisView) -> None:
    head = view.cards[0].head
    assert head.accessibleName() == "Cause 1, 82 %: Their list does not hold our CA To act: Partner."
    assert head.toolTip() == "client_ca_not_trusted"


@pytest.mark.parametrize("width", [240, 360, 1600])
def test_a_long_sentence_makes_its_head_higher_and_never_wider(view: DiagnosisView, width: int) -> None:
    long, short = view.cards[2].head, view.cards[1].head
    assert long.heightForWidth(width) >= short.heightForWidth(width) >= 36
    assert long.minimumSizeHint().width() <= 240


def test_a_cause_known_by_code_alone_is_named_in_words(view: DiagnosisView) -> None:
    # Among the causes of this diagnosis it stands with its statement.
    assert any(text.startswith("The partner's server has no revocation list") for text in texts(view))


def test_evidence_against_a_cause_is_marked_so(view: DiagnosisView) -> None:
    names = [label.accessibleName() for label in view.cards[0].findChildren(QLabel)]
    assert names.count("speaks against it") == 1
    assert names.count("speaks for it") == 3


def test_the_log_line_is_copied_whole(view: DiagnosisView) -> None:
    hint = sample_diagnoses.diagnosis().hypotheses[0].log_hint
    button = next(
        one for one in view.cards[0].findChildren(Button) if one.accessibleName().startswith("Copy")
    )
    button.click()
    assert QGuiApplication.clipboard().text() == hint


def test_a_probe_number_in_the_evidence_opens_that_probe(view: DiagnosisView) -> None:
    chosen: list[VariantProbe] = []
    view.probe_chosen.connect(chosen.append)
    link = next(one for one in view.cards[0].findChildren(Button) if one.text() == "P4")
    link.click()
    assert [probe.id for probe in chosen] == ["P4"]


def test_a_cell_opens_its_probe_by_key(view: DiagnosisView) -> None:
    chosen: list[VariantProbe] = []
    view.probe_chosen.connect(chosen.append)
    cell = view.matrix.cells["P2"]
    assert cell.accessibleName() == (
        "P2, TLS 1.3, no certificate, certificate_required (116), expected: the server insists"
    )
    cell.setFocus()
    QTest.keyClick(cell, Qt.Key.Key_Space)
    assert [probe.id for probe in chosen] == ["P2"]


def test_the_twin_lists_every_probe_and_opens_it(view: DiagnosisView) -> None:
    chosen: list[VariantProbe] = []
    view.probe_chosen.connect(chosen.append)
    view.matrix.twin.click()
    settle()
    table = view.matrix.table
    assert table.isVisible()
    model = table.model()
    first = [model.index(0, column).data() for column in range(model.columnCount())]
    assert first[:4] == ["P1", "Ended by the partner, unknown_ca (48)", "TLS 1.2 or 1.3", "ours"]
    assert model.rowCount() == 5
    table.activated.emit(model.index(3, 0))
    assert [probe.id for probe in chosen] == ["P4"]


def test_a_cancelled_diagnosis_proves_nothing_and_has_no_letter(view: DiagnosisView) -> None:
    made = sample_diagnoses.diagnosis()
    nothing = replace(made, hypotheses=(), probes=made.probes[:1])
    view.show_diagnosis(nothing)
    settle()
    assert not can_write(nothing)
    assert state_of_diagnosis(nothing) is State.UNKNOWN
    assert "Cancelled before anything was proved." in texts(view)
    assert view.letter.isHidden()
    assert view.bundle.isHidden()
    assert view.matrix.isVisible()


def test_the_verdict_says_who_acts_and_that_our_side_is_clean(qapp: QApplication) -> None:
    banner = VerdictBanner()
    show_diagnosis_verdict(banner, sample_diagnoses.diagnosis())
    assert banner.accessibleName() == "Their list does not hold our CA"
    assert banner.accessibleDescription() == (
        "Partner has to act. Our side is clean: preflight passed 19 of 19 checks."
    )


def test_our_side_is_not_called_clean_where_we_have_to_act(qapp: QApplication) -> None:
    made = sample_diagnoses.diagnosis()
    ours = replace(made, hypotheses=(replace(made.hypotheses[0], responsible=Responsible.US),))
    banner = VerdictBanner()
    show_diagnosis_verdict(banner, ours)
    assert banner.accessibleDescription() == "We have to act. Preflight passed 19 of 19 checks."


def test_a_hostile_name_is_text_of_one_line(view: DiagnosisView) -> None:
    made = sample_diagnoses.diagnosis()
    first = replace(made.hypotheses[0], statement=msg("It is {name}.", name=HOSTILE), log_hint=HOSTILE)
    view.show_diagnosis(replace(made, hypotheses=(first,)))
    settle()
    assert "\u202e" not in view.cards[0].head.accessibleName()
    assert not any("\u202e" in text or "\x1b" in text for text in texts(view))
