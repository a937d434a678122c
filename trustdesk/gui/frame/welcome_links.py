"""What the first steps have to do with the rest of the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trustdesk.gui.welcome.dialog import FirstStepsDialog
from trustdesk.gui.welcome.first_steps import FirstSteps, Step

if TYPE_CHECKING:
    from trustdesk.core.trust_version import ListSummary
    from trustdesk.gui.window import MainWindow


def link_welcome(window: MainWindow) -> None:
    """Join the first steps on the page Overview with the pages, once all of them are built."""
    start = window.overview.empty

    def show_lists(lists: Sequence[ListSummary]) -> None:
        start.steps.show_done(_done(window, lists))

    start.list_wanted.connect(window.overview.import_list_wanted)
    start.open_wanted.connect(lambda: _open_certificate(window))
    window.trust_lists.lists_changed.connect(show_lists)


def show_first_steps(window: MainWindow) -> FirstStepsDialog:
    """Open the first steps over the window; return them."""
    dialog = FirstStepsDialog(window, offers_demo=window.offers_demo)
    _connect(window, dialog.steps)
    dialog.steps.show_done(_done(window, window.trust_lists.lists))
    dialog.open()
    dialog.steps.focus_first()
    return dialog


def _connect(window: MainWindow, steps: FirstSteps) -> None:
    overview = window.overview
    steps.list_wanted.connect(overview.import_list_wanted)
    steps.identity_wanted.connect(overview.import_wanted)
    steps.partner_wanted.connect(overview.test_wanted)
    steps.demo_wanted.connect(overview.demo_wanted)
    steps.open_wanted.connect(lambda: _open_certificate(window))


def _open_certificate(window: MainWindow) -> None:
    window.show_page("inspector")
    window.inspector.choose_files()


def _done(window: MainWindow, lists: Sequence[ListSummary]) -> frozenset[Step]:
    found = {
        Step.LIST: any(one.in_force and not one.is_builtin for one in lists),
        Step.IDENTITY: bool(window.identities.model.views),
        Step.PARTNER: bool(window.partners.model.rows),
    }
    return frozenset(step for step, is_done in found.items() if is_done)
