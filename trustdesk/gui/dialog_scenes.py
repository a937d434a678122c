"""Pictures of the dialogs, the parts of pages that other scenes leave out, and Help."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtWidgets import QApplication, QDialog

from trustdesk.gui.frame.help_links import show_shortcuts
from trustdesk.gui.identities.page import PRIVATE_CA, REQUESTS
from trustdesk.gui.scene import Named, Wait
from trustdesk.gui.settings.dialog import SettingsPart
from trustdesk.gui.trust.list_view import DECISIONS, ENTRIES, LINT, SOURCE
from trustdesk.gui.trust.page import LISTS, POLICIES, PROVIDERS, QUEUE
from trustdesk.gui.window import (
    HANDSHAKE,
    HELP,
    IDENTITIES,
    OVERVIEW,
    PARTNERS,
    TRUST_LISTS,
    MainWindow,
)

Press = Callable[[], object]
_ANSWER_S = 1.5
DIALOG = "-dialog"
"""How the name of a scene ends that is a dialog."""


def dialog_scenes(window: MainWindow, wait: Wait) -> list[Named]:
    """Return everything that can be opened with the desk's data, each with what opens it.

    A scene of a dialog that there is nothing to open on returns None, and shows the page below it.

    Args:
        window: has come to its answers.
        wait: runs the events until something is there.
    """

    def over(page: str, press: Press) -> Callable[[], QDialog | None]:
        return partial(_opened, window, wait, page, press)

    deeds, planner = window.overview.deeds, window.overview.planner
    helpers = window.handshake.helpers
    settings = window.settings_links
    scenes: list[Named] = [
        ("plan-dialog", over(OVERVIEW, lambda: deeds.show_plan(planner.plan))),
        ("reminders-dialog", over(OVERVIEW, deeds.ask_reminders)),
        ("changes-dialog", over(OVERVIEW, window.overview.body.changes.all_button.click)),
        ("shortcuts-dialog", over(PARTNERS, partial(show_shortcuts, window))),
        ("explain-dialog", over(HANDSHAKE, helpers.explain)),
        ("rehearsal-dialog", over(HANDSHAKE, helpers.rehearse)),
        *_partner_scenes(window, over),
        *_identity_scenes(window, over),
        *_trust_scenes(window, over),
        *_help_scenes(window),
    ]
    if settings is not None:
        scenes += [
            (f"settings-{part.value}-dialog", over(OVERVIEW, partial(settings.open, part)))
            for part in SettingsPart
        ]
    return scenes


def _partner_scenes(
    window: MainWindow, over: Callable[[str, Press], Callable[[], QDialog | None]]
) -> list[Named]:
    partners = window.partners
    writing, view = partners.diagnosing.writing, partners.detail.diagnosis_view
    found = view.diagnosis
    scenes: list[Named] = [
        ("partner-new-dialog", over(PARTNERS, partners.directory.add)),
        ("partner-check-dialog", over(PARTNERS, partners.directory.check)),
        ("expectations-dialog", over(PARTNERS, partners.readiness.show_expectations)),
    ]
    if found is not None:
        scenes += [
            ("letter-dialog", over(PARTNERS, partial(writing.write_letter, found))),
            ("bundle-dialog", over(PARTNERS, partial(writing.make_bundle, found))),
            ("commands-dialog", over(PARTNERS, partial(writing.show_commands, found))),
        ]
    return scenes


def _identity_scenes(
    window: MainWindow, over: Callable[[str, Press], Callable[[], QDialog | None]]
) -> list[Named]:
    page, tabs = window.identities, window.request_tabs
    dialogs, view = page.dialogs, page.detail.view
    scenes: list[Named] = [
        ("identity-import-dialog", over(IDENTITIES, partial(dialogs.import_files, ()))),
        ("identity-doctor-dialog", over(IDENTITIES, partial(dialogs.examine_file, None))),
        ("key-stores-dialog", over(IDENTITIES, window.key_stores.open_panel)),
    ]
    if view is not None:
        scenes += [
            ("identity-export-dialog", over(IDENTITIES, partial(dialogs.export, view))),
            ("identity-hand-over-dialog", over(IDENTITIES, partial(dialogs.hand_over, view))),
            ("identity-rename-dialog", over(IDENTITIES, partial(dialogs.rename, view, ()))),
            ("identity-delete-dialog", over(IDENTITIES, partial(dialogs.delete, view))),
            ("identity-preflight-dialog", over(IDENTITIES, partial(dialogs.show_preflight, view))),
            ("identity-compare-dialog", over(IDENTITIES, partial(dialogs.compare, view))),
        ]
    if tabs is None:
        return scenes
    detail = tabs.authorities.detail

    def on(tab: str, press: Press) -> Callable[[], QDialog | None]:
        def turn() -> None:
            page.show_tab(tab)
            press()

        return over(IDENTITIES, turn)

    return [
        *scenes,
        ("request-take-dialog", on(REQUESTS, tabs.dialogs.take_in)),
        ("request-match-dialog", on(REQUESTS, tabs.dialogs.ask_for_reply)),
        ("ca-new-dialog", on(PRIVATE_CA, tabs.authorities.new_button.click)),
        ("ca-sign-dialog", on(PRIVATE_CA, detail.sign_button.click)),
        ("ca-crl-dialog", on(PRIVATE_CA, detail.crl_button.click)),
        ("ca-revoke-dialog", on(PRIVATE_CA, detail.revoke_button.click)),
        ("ca-delete-dialog", on(PRIVATE_CA, detail.delete_button.click)),
    ]


def _trust_scenes(
    window: MainWindow, over: Callable[[str, Press], Callable[[], QDialog | None]]
) -> list[Named]:
    page = window.trust_lists
    actions, view = page.actions, page.view
    version = view.version

    def part(key: str) -> None:
        window.show_page(TRUST_LISTS)
        page.show_part(key)

    def tab(place: int) -> None:
        part(LISTS)
        view.show_tab(place)

    scenes: list[Named] = [
        ("trust-lint", partial(tab, LINT)),
        ("trust-decisions", partial(tab, DECISIONS)),
        ("trust-source", partial(tab, SOURCE)),
        ("trust-policies", partial(part, POLICIES)),
        ("trust-queue", partial(part, QUEUE)),
        ("trust-providers", partial(part, PROVIDERS)),
        ("trust-import-dialog", over(TRUST_LISTS, actions.import_list)),
    ]
    if version is None:
        return scenes
    now = datetime.now(UTC)
    scenes += [
        ("trust-export-dialog", over(TRUST_LISTS, partial(actions.export, version))),
        ("trust-date-dialog", over(TRUST_LISTS, lambda: actions.ask_date(now, lambda _at: None))),
        ("trust-entry-dialog", over(TRUST_LISTS, lambda: actions.ask_entry(version, lambda _one: None))),
    ]
    entry = next(iter(version.content.entries), None)
    if entry is not None:
        scenes += [
            ("trust-distrust-dialog", over(TRUST_LISTS, partial(actions.distrust, entry))),
            ("trust-limit-dialog", over(TRUST_LISTS, partial(actions.limit, entry))),
        ]
    return [*scenes, ("trust-entries-again", partial(tab, ENTRIES))]


def _help_scenes(window: MainWindow) -> list[Named]:
    def turn(place: int) -> None:
        window.show_page(HELP)
        window.help.tabs.setCurrentIndex(place)

    names = ("help-handbook", "help-self-test", "help-about")
    return [(name, partial(turn, place)) for place, name in enumerate(names)]


def _opened(window: MainWindow, wait: Wait, page: str, press: Press) -> QDialog | None:
    """Press, and return the dialog that opens; None where none does."""
    window.show_page(page)
    before = set(_dialogs())
    press()
    found: list[QDialog] = []

    def is_there() -> bool:
        found[:] = [one for one in _dialogs() if one not in before]
        return bool(found)

    # What cannot be opened opens nothing: not worth the whole deadline of a picture.
    until = time.monotonic() + _ANSWER_S
    wait(lambda: is_there() or time.monotonic() > until)
    return found[0] if found else None


def _dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
