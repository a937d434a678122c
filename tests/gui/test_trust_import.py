"""Importing a list: where it is, reading it with Cancel, and a review that proves nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.event_loop import run_until, settle
from tests.support.fake_trust_desk import FakeTrustDesk
from tests.support.named_controls import nameless
from tests.support.on_screen import on_screen, painted
from tests.support.trust_samples import (
    ENTRIES_15,
    NOW,
    SERVER,
    SIGNED,
    SIGNER,
    UNKNOWN_SIGNER,
    digest,
    sample_lint,
)
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_version import (
    AuthenticityState,
    Endorsement,
    ListContent,
    ListVersion,
    Obstacle,
    SourceKind,
)
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.theme import ThemeMode
from trustdesk.gui.trust.import_dialog import ImportDialog
from trustdesk.gui.trust.import_source import ADDRESS, FILE, SYSTEM
from trustdesk.services.list_review import EXPIRED_OPTION
from trustdesk.services.trust_desk import ImportPhase, ImportProgress

DECIDED = tuple(one.with_usages(SERVER) for one in ENTRIES_15)
LIST = ListContent(title="Air cargo pilot list", entries=DECIDED, authenticity=SIGNED)
IATA = replace(LIST, title="IATA ONE Record Trust List", authenticity=UNKNOWN_SIGNER)


@pytest.fixture
def desk() -> FakeTrustDesk:
    made = FakeTrustDesk()
    made.content = LIST
    return made


@pytest.fixture
def dialog(qapp: QApplication, desk: FakeTrustDesk) -> Iterator[ImportDialog]:
    with on_screen(qapp, lambda bridge: _Page(bridge, desk), (1100, 800)) as page:
        assert isinstance(page, _Page)
        page.dialog.show()
        page.dialog.activateWindow()
        settle()
        yield page.dialog
        if not page.dialog.is_gone:
            page.dialog.done(0)


class _Page(QWidget):
    def __init__(self, bridge: Bridge, desk: FakeTrustDesk) -> None:
        super().__init__()
        self.dialog = ImportDialog(self, bridge, desk, now=lambda: NOW)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)


def read(dialog: ImportDialog, place: str = "/lists/pilot.json") -> None:
    dialog.choose(Path(place))
    dialog.read_button.click()
    run_until(lambda: dialog.prepared is not None and not dialog.is_running, what="the review")


def test_nothing_is_read_before_there_is_a_place_and_a_name(dialog: ImportDialog) -> None:
    assert not dialog.read_button.isEnabled()
    dialog.source.place.setText("/lists/pilot.json")
    assert dialog.source.name.text() == "pilot", "a name is suggested"
    assert dialog.read_button.isEnabled()
    dialog.source.name.clear()
    assert not dialog.read_button.isEnabled()


@pytest.mark.parametrize(
    ("place", "usable"),
    [
        ("https://trust.example/list.json", True),
        ("http://trust.example/list.json", False),
        ("trust.example/list.json", False),
        ("https://", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_an_https_address_is_asked(dialog: ImportDialog, place: str, usable: bool) -> None:
    dialog.source.kind.set_current(ADDRESS)
    dialog.source.kind.changed.emit(ADDRESS)
    dialog.source.name.setText("pilot")
    dialog.source.name.textEdited.emit("pilot")
    dialog.source.place.setText(place)
    assert dialog.read_button.isEnabled() is usable
    assert not dialog.source.password.isVisible()


def test_this_machines_store_needs_no_place(dialog: ImportDialog) -> None:
    dialog.choose(SourceKind.SYSTEM)
    assert dialog.source.kind.current == SYSTEM
    wish = dialog.source.wish
    assert wish is not None
    assert wish.source is SourceKind.SYSTEM


def test_the_phases_are_shown_and_reading_can_be_stopped(dialog: ImportDialog, desk: FakeTrustDesk) -> None:
    desk.answers.waits = True
    dialog.choose(Path("/lists/ccadb.csv"))
    dialog.read_button.click()
    assert not dialog.read_button.isVisible()
    desk.answers.jobs[-1].arguments["on_progress"](
        ImportProgress(phase=ImportPhase.READING, done=4200, total=10000)
    )
    run_until(lambda: "4,200 of 10,000" in dialog.steps.words, what="the progress")
    assert dialog.steps.words == "Reading … 4,200 of 10,000"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.answers.jobs[-1].cancelled
    run_until(dialog.read_button.isVisible, what="the first step")
    assert dialog.source.place.text() == "/lists/ccadb.csv", "what was typed stays"
    assert dialog.error.isHidden()
    assert not dialog.is_gone


def test_a_broken_file_is_said_with_its_place_and_nothing_is_lost(
    dialog: ImportDialog, desk: FakeTrustDesk
) -> None:
    desk.answers.failure = UnusableInputError(
        msg("Row {row} has no certificate.", row=17), remedy=msg("Ask for the file again."), place="ccadb.csv"
    )
    dialog.choose(Path("/lists/ccadb.csv"))
    dialog.read_button.click()
    run_until(lambda: not dialog.error.isHidden(), what="the error")
    assert dialog.error.accessibleName() == "Row 17 has no certificate."
    assert dialog.source.isVisible()
    assert dialog.read_button.isEnabled()


def test_a_review_shows_what_differs_and_needs_a_reason_where_entries_go(
    dialog: ImportDialog, desk: FakeTrustDesk
) -> None:
    dialog.choose(Path("/lists/new.json"))
    dialog.source.name.setText("pilot")
    dialog.read_button.click()
    run_until(lambda: dialog.prepared is not None, what="the review")
    run_until(lambda: dialog.review.impact.impact is not None, what="the impact")
    assert "pilot: version 16 beside version 14" in dialog.review.line.text()
    assert len(dialog.review.changes.model.changes) > 3
    assert not dialog.apply_button.isEnabled()
    assert dialog.apply_button.toolTip() == "It takes trust away: say why first."
    dialog.comment.setText("Reviewed.")
    applied: list[ListVersion] = []
    dialog.applied.connect(applied.append)
    dialog.apply_button.click()
    run_until(lambda: applied, what="the version")
    assert applied[0].number == 16
    assert desk.lines[-1].comment == "Reviewed."
    assert dialog.is_gone


def test_a_version_can_be_kept_for_later(dialog: ImportDialog, desk: FakeTrustDesk) -> None:
    read(dialog)
    kept: list[ListVersion] = []
    dialog.kept.connect(kept.append)
    dialog.keep_button.click()
    run_until(lambda: kept, what="the version")
    assert desk.in_force == ["pilot", "own", "pins"], "nothing is judged by it yet"


def test_usages_that_the_list_leaves_open_are_asked_for_and_none_is_preselected(
    dialog: ImportDialog, desk: FakeTrustDesk
) -> None:
    desk.content = replace(LIST, entries=ENTRIES_15)
    read(dialog)
    question = dialog.review.question
    assert question.isVisible()
    assert not any(choice.isChecked() for choice in question.choices)
    dialog.comment.setText("why")
    assert not dialog.apply_button.isEnabled()
    assert dialog.apply_button.toolTip() == "First say what its entries are for."
    question.choices[1].click()
    run_until(lambda: not dialog.is_running, what="the second reading")
    assert [one.value for one in desk.answers.jobs[-2].arguments["wish"].usages] == ["tls_client"]
    assert not question.isVisible()
    assert dialog.apply_button.isEnabled()


@pytest.mark.parametrize(
    "spelling",
    [
        SIGNER.sha256,
        SIGNER.sha256.upper(),
        "SHA256 Fingerprint=" + ":".join(SIGNER.sha256[at : at + 2].upper() for at in range(0, 64, 2)),
        " ".join(SIGNER.sha256[at : at + 4] for at in range(0, 64, 4)),
    ],
)
def test_a_signer_is_taken_only_with_the_fingerprint_that_was_given(
    dialog: ImportDialog, desk: FakeTrustDesk, spelling: str
) -> None:
    desk.content = IATA
    read(dialog)
    check = dialog.review.signer
    assert check.given.isVisible()
    assert not check.take_button.isEnabled()
    check.given.setText(digest("another"))
    assert check.result == "It is another fingerprint: this list is not from whom you think."
    assert not check.take_button.isEnabled()
    check.given.setText(SIGNER.sha256[:40])
    assert not check.take_button.isEnabled(), "a part of a fingerprint proves nothing"
    check.given.setText(spelling)
    assert check.result == "It is the fingerprint of the signer."
    check.take_button.click()
    run_until(lambda: not dialog.is_running, what="the second reading")
    wish = next(job for job in reversed(desk.answers.jobs) if job.name == "prepare_import").arguments["wish"]
    assert wish.signer == SIGNER.sha256
    assert wish.endorsement is Endorsement.ORGANISATION
    assert check.chip.accessibleName() == "Signature valid"


def test_a_title_that_names_iata_shows_lst_10_until_its_signer_is_iatas(
    dialog: ImportDialog, desk: FakeTrustDesk
) -> None:
    desk.content, desk.findings = IATA, sample_lint(claims_iata=True)
    read(dialog)
    review = dialog.review
    assert review.title.text() == "Calls itself “IATA ONE Record Trust List”"
    assert "LST-10" in review.unproved.words
    assert any("LST-10" in row.toolTip() for row in review.lint.rows)
    review.signer.given.setText(SIGNER.sha256)
    review.signer.take_button.click()
    run_until(lambda: not dialog.is_running, what="the second reading")
    assert review.title.text().startswith("Calls itself"), "an organisation's signer makes it not IATA's"


def test_the_signer_can_be_taken_as_iatas(dialog: ImportDialog, desk: FakeTrustDesk) -> None:
    desk.content = IATA
    read(dialog)
    check = dialog.review.signer
    check.who.setCurrentIndex(check.who.findData(Endorsement.IATA))
    check.given.setText(SIGNER.sha256)
    check.take_button.click()
    run_until(lambda: dialog.review.title.text() == "IATA ONE Record Trust List", what="the second reading")
    assert dialog.review.unproved.isHidden()


def test_an_obstacle_is_said_with_its_remedy_and_nothing_is_applied(
    dialog: ImportDialog, desk: FakeTrustDesk
) -> None:
    desk.obstacles = (
        Obstacle(
            problem=msg("Sequence {number} is lower than the one in force.", number=12),
            remedy=msg("Ask the publisher for the newest version."),
        ),
    )
    read(dialog)
    dialog.comment.setText("why")
    assert dialog.review.obstacles.words == (
        "Sequence 12 is lower than the one in force. Ask the publisher for the newest version."
    )
    assert not dialog.apply_button.isEnabled()
    assert not dialog.review.overdue_button.isVisible()


def test_an_overdue_list_is_taken_only_on_a_word(dialog: ImportDialog, desk: FakeTrustDesk) -> None:
    desk.obstacles = (
        Obstacle(
            problem=msg("The list has expired."),
            remedy=msg("Say that you want it."),
            overridable_by=EXPIRED_OPTION,
        ),
    )
    read(dialog)
    dialog.comment.setText("why")
    assert not dialog.apply_button.isEnabled()
    dialog.review.overdue_button.click()
    run_until(lambda: not dialog.is_running, what="the second reading")
    assert dialog.review.obstacles.isHidden()
    assert dialog.apply_button.isEnabled()


def test_a_signature_that_fails_is_never_applied(dialog: ImportDialog, desk: FakeTrustDesk) -> None:
    desk.content = replace(LIST, authenticity=replace(SIGNED, state=AuthenticityState.FAILED, why=None))
    read(dialog)
    dialog.comment.setText("all the same")
    assert not dialog.apply_button.isEnabled()
    assert dialog.review.signer.chip.accessibleName() == "Signature does not hold"
    assert not dialog.review.signer.given.isVisible(), "there is nothing to compare"
    assert "nothing of it may be applied" in dialog.review.obstacles.words


def test_every_control_of_every_step_has_a_name(dialog: ImportDialog, desk: FakeTrustDesk) -> None:
    assert nameless(dialog) == []
    desk.content = replace(IATA, entries=ENTRIES_15)
    read(dialog)
    assert nameless(dialog, at_least=8) == []


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_the_review_is_painted_in_a_small_window(
    dialog: ImportDialog, desk: FakeTrustDesk, mode: ThemeMode
) -> None:
    desk.content = replace(IATA, entries=ENTRIES_15)
    assert dialog.source.kind.current == FILE
    read(dialog)
    assert painted(dialog, mode, (560, 480))
