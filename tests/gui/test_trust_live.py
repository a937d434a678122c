"""The page on the real desk: a bundle is read, reviewed, applied, decided about, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.support import event_loop, pki
from tests.support.event_loop import run_until, settle
from tests.support.on_screen import on_screen, window_with_pages
from tests.support.secret_service import SecretServiceDaemon
from trustdesk.core.trust_entry import Usage
from trustdesk.gui.trust.decision_dialog import DecisionDialog
from trustdesk.gui.trust.import_dialog import ImportDialog
from trustdesk.gui.trust.list_view import COMPARE, DECISIONS, ENTRIES
from trustdesk.gui.trust.page import TrustListsPage
from trustdesk.gui.window import TRUST_LISTS, MainWindow
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.workspaces import open_desk

ROOT = pki.root("Fjordsign Root 2021")
OTHER = pki.root("Skybridge Root CA 2")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveDesk]:
    with SecretServiceDaemon(tmp_path / "home") as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
        made = open_desk(tmp_path / "workspace", (pki.trust_list(ROOT),))
        yield made
        made.close()


@pytest.fixture
def window(qapp: QApplication, desk: LiveDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    # Lists are read in a process of their own, which takes its time to start.
    monkeypatch.setattr(event_loop, "DEADLINE_S", 40.0)
    with on_screen(qapp, window_with_pages, (1440, 900)) as made:
        made.set_desk(desk)
        made.show_page(TRUST_LISTS)
        run_until(lambda: made.trust_lists.lists, what="the lists")
        yield made
        if made.trust_lists.actions.dialog is not None:
            made.trust_lists.actions.dialog.done(0)


def bundle(folder: Path, *authorities: pki.Issued) -> Path:
    file = folder / "pilot.pem"
    file.write_bytes(b"".join(one.pem for one in authorities))
    return file


def reviewed(page: TrustListsPage, file: Path) -> ImportDialog:
    """Read a bundle into the list "pilot", and say what its CAs are for."""
    page.actions.import_list(file)
    dialog = page.actions.dialog
    assert isinstance(dialog, ImportDialog)
    dialog.read_button.click()
    run_until(lambda: dialog.prepared is not None and not dialog.is_running, what="the review")
    assert not dialog.apply_button.isEnabled(), "nobody has said what they are for"
    dialog.review.question.choices[2].click()
    run_until(lambda: not dialog.is_running, what="the second reading")
    run_until(lambda: not dialog.review.impact.is_running, what="the impact")
    return dialog


def test_a_bundle_goes_all_the_way_and_back(window: MainWindow, desk: LiveDesk, tmp_path: Path) -> None:
    page = window.trust_lists
    dialog = reviewed(page, bundle(tmp_path, ROOT, OTHER))
    dialog.comment.setText("From the pilot office.")
    assert dialog.apply_button.isEnabled(), dialog.apply_button.toolTip()
    dialog.apply_button.click()
    run_until(lambda: page.current == "pilot" and page.view.version is not None, what="the list")
    run_until(lambda: page.view.entries.model.rowCount() == 2, what="its entries")
    assert page.view.heading.signature.accessibleName().startswith("Not signed")
    assert next(one for one in page.lists if one.name == "pilot").in_force
    run_until(lambda: "pilot 1 · today" in window.top_bar.chip.text(), what="the list in the top bar")

    page.view.show_tab(ENTRIES)
    page.view.entries.table.select(0)
    settle()
    page.view.entries.detail.distrust_button.click()
    decision = page.actions.dialog
    assert isinstance(decision, DecisionDialog)
    decision.comment.setText("Its audit was not renewed.")
    decision.agree_button.click()
    run_until(page.view.entries.detail.withdraw_button.isVisible, what="the decision")
    page.view.show_tab(DECISIONS)
    run_until(lambda: page.view.decisions.log is not None, what="the log")
    assert page.view.decisions.chain_words.startswith("The chain holds")
    page.notice.undo_button.click()
    run_until(lambda: not page.decisions, what="the decision taken back")

    dialog = reviewed(page, bundle(tmp_path, ROOT))
    assert [change.kind.value for change in dialog.review.changes.model.changes] == ["removed"]
    assert not dialog.apply_button.isEnabled(), "a CA goes, and nobody has said why"
    dialog.keep_button.click()
    run_until(
        lambda: page.lists and any(one.waiting is not None for one in page.lists), what="the waiting version"
    )
    run_until(
        lambda: window.rail.entry(TRUST_LISTS).accessibleName() == "Trust lists, 1 waits", what="the badge"
    )
    page.view.show_tab(COMPARE)
    run_until(lambda: page.view.compare.changes.model.changes, what="the difference")
    page.view.compare.foot.apply_button.click()
    review = page.actions.dialog
    assert isinstance(review, ImportDialog)
    run_until(lambda: review.prepared is not None, what="the review")
    review.comment.setText("Skybridge left.")
    review.apply_button.click()
    run_until(lambda: page.view.version is not None and page.view.version.number == 2, what="version 2")
    page.notice.undo_button.click()
    run_until(lambda: page.view.version is not None and page.view.version.number == 1, what="version 1 again")
    entries = desk.trust_desk.version("pilot").result().content.entries
    assert [one.usages for one in entries] == [frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT})] * 2
