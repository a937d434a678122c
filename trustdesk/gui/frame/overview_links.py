"""What the page Overview and the other pages have to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from trustdesk.gui.trust.page import TrustListsPage
    from trustdesk.gui.window import MainWindow

_COUNT_EVERY_MS = 200


def link_overview(window: MainWindow) -> None:
    """Join the page, once partners, identities and handshakes are built; `link_overview_lists` follows."""
    overview, partners, identities = window.overview, window.partners, window.identities
    overview.certificate_wanted.connect(window.show_certificate)
    overview.revocation_list_wanted.connect(lambda digest: _show_revocation_list(window, digest))
    overview.test_wanted.connect(lambda: window.show_page("handshake"))
    overview.import_wanted.connect(lambda: _import(window))
    overview.import_partners_wanted.connect(lambda: _import_partners(window))
    overview.demo_wanted.connect(window.demo_wanted)
    overview.run_wanted.connect(lambda: _run(window))
    overview.failing_wanted.connect(lambda: _show_failing(window))
    overview.unusable_wanted.connect(lambda: _show_unusable(window))
    overview.endpoint_wanted.connect(lambda number: _show_endpoint(window, number))
    overview.renew_wanted.connect(lambda name: _renew(window, name))
    # What was tested, taken in or given away ends on another day.
    partners.sweep.ended.connect(overview.outdate)
    window.handshake.saved.connect(overview.outdate)
    identities.changed.connect(overview.outdate)
    # Whether a new certificate was expected is said beside its change.
    partners.history.decided.connect(overview.body.changes.reload)
    partners.directory.changed.connect(overview.outdate)
    # The pages that read them anyway tell how many there are.
    counting = QTimer(overview)
    counting.setSingleShot(True)
    counting.setInterval(_COUNT_EVERY_MS)
    counting.timeout.connect(lambda: overview.show_partners(partners.model.rows))
    partners.failing_changed.connect(lambda _failing: counting.start())
    for change in (partners.model.board_changed, partners.judging_changed, partners.sweep.ended):
        change.connect(counting.start)
    for change in (identities.model.modelReset, identities.unusable_changed):
        change.connect(
            lambda *_: overview.show_identities(
                identities.model.views if identities.model.is_judged else None
            )
        )


def link_overview_lists(window: MainWindow, lists: TrustListsPage) -> None:
    """Join the page with that of the trust lists, which is made after it."""
    overview = window.overview
    lists.lists_changed.connect(overview.show_lists)
    lists.waiting_changed.connect(overview.show_waiting)
    overview.version_wanted.connect(lambda name, number: _review(window, lists, name, number))
    overview.lists_wanted.connect(lambda: window.show_page("trust_lists"))
    overview.import_list_wanted.connect(lambda: _import_list(window, lists))


def _import(window: MainWindow) -> None:
    window.show_page("identities")
    window.identities.dialogs.import_files(())


def _import_partners(window: MainWindow) -> None:
    window.show_page("partners")
    window.partners.directory.import_file()


def _import_list(window: MainWindow, lists: TrustListsPage) -> None:
    window.show_page("trust_lists")
    lists.actions.ask_for_list()


def _review(window: MainWindow, lists: TrustListsPage, name: str, number: int) -> None:
    window.show_page("trust_lists")
    found = next((one for one in lists.lists if one.name == name), None)
    if found is not None:
        lists.actions.review_waiting(found, number)


def _show_endpoint(window: MainWindow, endpoint_id: int) -> None:
    rows = window.partners.model.rows
    found = next((row.endpoint for row in rows if row.endpoint.id == endpoint_id), None)
    if found is None:
        window.show_page("partners")
    else:
        window.show_partner(found)
        window.partners.detail.tabs.setCurrentIndex(window.partners.history.tab_place)


def _run(window: MainWindow) -> None:
    window.show_page("partners")
    window.partners.run_all()


def _show_failing(window: MainWindow) -> None:
    from trustdesk.gui.partners.arrange import Filter

    window.show_page("partners")
    window.partners.filters.show_all()
    window.partners.filters.chip(Filter.FAILING).setChecked(True)


def _show_unusable(window: MainWindow) -> None:
    from trustdesk.gui.identities.arrange import Filter

    window.show_page("identities")
    window.identities.show_tab("identities")
    window.identities.pane.filters.show_all()
    window.identities.pane.filters.chip(Filter.NOT_CLIENT).setChecked(True)


def _show_revocation_list(window: MainWindow, digest: str) -> None:
    window.show_page("inspector")
    window.inspector.choose(digest)


def _renew(window: MainWindow, name: str) -> None:
    view = window.identities.model.named(name)
    if view is not None and window.request_tabs is not None:
        window.request_tabs.dialogs.renew(view)
    else:
        # One of this session's files, or a request's: what there is of it stands on its page.
        window.show_page("identities")
        window.identities.reveal(name)
