"""Pictures of the page Trust lists: its entries, two versions compared, and the review of one that waits."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from trustdesk.gui.scene import Named, Wait
from trustdesk.gui.trust.import_dialog import ImportDialog
from trustdesk.gui.trust.list_view import COMPARE, ENTRIES
from trustdesk.gui.trust.page import LISTS
from trustdesk.gui.window import TRUST_LISTS, MainWindow

REVIEW = "trust-lists-review"
_REVIEW_SIZE = (1020, 780)


def trust_scenes(window: MainWindow, wait: Wait, anchor: str | None) -> list[Named]:
    """Return the pictures to draw by name, each with what brings it into view; `wait` runs the events.

    Args:
        anchor: SHA-256 of a CA, to show who would lose without it; None, or one that is not on the list in
            view, for no such picture.
    """
    page = window.trust_lists

    def show(tab: int) -> None:
        window.show_page(TRUST_LISTS)
        page.show_part(LISTS)
        page.view.show_tab(tab)
        wait(lambda: page.view.version is not None)

    def compare() -> None:
        show(COMPARE)
        wait(lambda: not page.view.compare.impact_card.is_running)

    scenes: list[Named] = [("trust-lists-entries", lambda: show(ENTRIES)), ("trust-lists-compare", compare)]
    version = page.view.version
    entries = () if version is None else version.content.entries
    dropped = next((entry for entry in entries if entry.sha256 == anchor), None)
    if dropped is None:
        return scenes

    def drop() -> None:
        show(COMPARE)
        page.view.compare.try_without(dropped)
        wait(lambda: not page.view.compare.impact_card.is_running)

    def back() -> None:
        page.view.compare.head.back_button.click()
        compare()

    return [scenes[0], ("trust-lists-drop", drop), (scenes[1][0], back)]


def review_scene(window: MainWindow, wait: Wait) -> QDialog | None:
    """Open the review of a version that waits; None where none does."""
    page = window.trust_lists
    waiting = next((one for one in page.lists if one.waiting is not None), None)
    if waiting is None or waiting.waiting is None:
        return None
    window.show_page(TRUST_LISTS)
    page.actions.review_waiting(waiting, waiting.waiting.number)
    dialog = page.actions.dialog
    if not isinstance(dialog, ImportDialog):
        return None
    wait(lambda: dialog.prepared is not None and not dialog.review.impact.is_running)
    dialog.resize(*_REVIEW_SIZE)
    # The sizes of what scrolls follow from one another.
    wait(lambda: dialog.width() == _REVIEW_SIZE[0])
    return dialog
