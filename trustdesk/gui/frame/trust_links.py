"""What the page Trust lists has to do with the rest of the window."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.frame.overview_links import link_overview_lists
from trustdesk.gui.frame.provider_links import link_providers
from trustdesk.gui.trust.page import TrustListsPage
from trustdesk.gui.trust.page_parts import TrustParts
from trustdesk.gui.trust.words import age_days, summary_title

if TYPE_CHECKING:
    from datetime import datetime

    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.inspection import Inspection
    from trustdesk.core.trust_version import ListSummary
    from trustdesk.gui.window import MainWindow


def link_trust(window: MainWindow) -> TrustListsPage:
    """Make the page, and join it with rail, top bar, and everything that is judged by lists."""
    page, rail = TrustListsPage(window.bridge), window.rail.entry("trust_lists")

    def count(waiting: int) -> None:
        rail.set_badge(waiting, msg_n("{count} waits", "{count} wait", waiting), ink="warning")

    def show_lists(lists: Sequence[ListSummary]) -> None:
        window.top_bar.show_in_force(in_force_words(lists, page.now()))
        window.lists.refresh()

    def show_identity(name: str) -> None:
        window.show_page("identities")
        window.identities.reveal(name)

    def show_partner(name: str) -> None:
        rows = window.partners.model.rows
        found = next((row.endpoint for row in rows if row.endpoint.partner == name), None)
        if found is not None:
            window.show_partner(found)

    def show_certificate(facts: object) -> None:
        from trustdesk.core.certificate import CertificateFacts

        if isinstance(facts, CertificateFacts):
            window.show_certificate(facts)

    def read_roots(file: Path) -> Future[tuple[CertificateFacts, ...]]:
        answer: Future[tuple[CertificateFacts, ...]] = Future()
        if window.desk is None:
            answer.set_result(())
            return answer

        def take(read: Future[Inspection]) -> None:
            try:
                items = read.result().items
            except TrustdeskError as error:
                answer.set_exception(error)
                return
            answer.set_result(tuple(one.certificate.facts for one in items if one.certificate is not None))

        window.desk.inspect((file,)).add_done_callback(take)
        return answer

    def show_partners() -> None:
        parts.policies.show_partners([row.endpoint.partner for row in window.partners.model.rows])

    parts = TrustParts(window.bridge, page)
    parts.read_roots = read_roots
    link_providers(window, page)
    link_overview_lists(window, page)
    window.partners.model.board_changed.connect(show_partners)
    page.waiting_changed.connect(count)
    page.lists_changed.connect(show_lists)
    page.certificate_wanted.connect(show_certificate)
    window.partners.certificate_wanted.connect(show_certificate)
    window.partners.history.decided.connect(page.reload)
    page.queue_changed.connect(lambda _waiting: window.partners.history.reload())
    page.identity_wanted.connect(show_identity)
    page.partner_wanted.connect(show_partner)
    page.trust_changed.connect(window.judge_anew)
    window.installEventFilter(page)
    window.inspector.evidence_changed.connect(page.judge_anew)
    # Seals can be checked from then on: what counts only under one counts.
    window.key_stores.watch.opened.connect(page.reload)
    window.key_stores.watch.opened.connect(page.trust_changed)
    page.actions.identities = lambda: tuple(one.identity.name for one in window.identities.model.views)
    return page


def in_force_words(lists: Sequence[ListSummary], now: datetime) -> Message | None:
    """Return what the top bar says of our lists in force, with the age of the oldest; None for none."""
    ours = [one for one in lists if one.in_force and not one.is_builtin and one.applied is not None]
    if not ours:
        return None
    days = max(age_days(one.applied, now) for one in ours if one.applied is not None)
    old = msg("today") if not days else msg_n("{count} day old", "{count} days old", days)
    if len(ours) == 1 and ours[0].applied is not None:
        number = ours[0].applied.number
        return msg("{list} {number} · {age}", list=summary_title(ours[0]), number=number, age=old)
    return msg_n("{count} list in force · {age}", "{count} lists in force · {age}", len(ours), age=old)
