"""What the first steps have to do with the rest of the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trustdesk.core.message import msg
from trustdesk.gui.welcome.dialog import FirstStepsDialog
from trustdesk.gui.welcome.first_steps import FirstSteps, Step
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say

if TYPE_CHECKING:
    from trustdesk.core.trust_version import ListSummary
    from trustdesk.gui.help.page import HelpPage
    from trustdesk.gui.window import MainWindow


def link_welcome(window: MainWindow, page: HelpPage) -> None:
    """Join the first steps with the pages, once all of them are built; the page Help leads to them."""
    start = window.overview.empty

    def show_lists(lists: Sequence[ListSummary]) -> None:
        start.steps.show_done(_done(window, lists))

    start.list_wanted.connect(window.overview.import_list_wanted)
    start.open_wanted.connect(lambda: _open_certificate(window))
    start.self_test_wanted.connect(lambda: _test_self(window, page))
    window.trust_lists.lists_changed.connect(show_lists)
    button = Button(say(msg("First steps")), icon="run")
    button.clicked.connect(lambda: show_first_steps(window))
    page.buttons.insertWidget(0, button)


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
    steps.self_test_wanted.connect(overview.empty.self_test_wanted)


def _open_certificate(window: MainWindow) -> None:
    window.show_page("inspector")
    window.inspector.choose_files()


def _test_self(window: MainWindow, page: HelpPage) -> None:
    window.show_page("help")
    page.show_self_test()


def _done(window: MainWindow, lists: Sequence[ListSummary]) -> frozenset[Step]:
    found = {
        Step.LIST: any(one.in_force and not one.is_builtin for one in lists),
        Step.IDENTITY: bool(window.identities.model.views),
        Step.PARTNER: bool(window.partners.model.rows),
    }
    return frozenset(step for step, is_done in found.items() if is_done)
