"""Joins the search field with the desk, and says where a hit leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal

from trustdesk.core.errors import TrustdeskError
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.frame.search_field import SearchField

if TYPE_CHECKING:
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.services.desk import Desk
    from trustdesk.services.search import Hit


class Searching(QObject):
    """One search at a time counts: the last that was asked for.

    Signals:
        partner_wanted: the Endpoint to show.
        identity_wanted: name of the identity to show.
        certificate_wanted: CertificateFacts to show in the Inspector.
    """

    partner_wanted = Signal(object)
    identity_wanted = Signal(str)
    certificate_wanted = Signal(object)

    def __init__(self, bridge: Bridge, field: SearchField, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._field = field
        self._desk: Desk | None = None
        self._opened: Callable[[], Sequence[CertificateFacts]] = tuple
        field.search_wanted.connect(self._search)
        field.chosen.connect(self._open)

    def set_desk(self, desk: Desk, opened: Callable[[], Sequence[CertificateFacts]]) -> None:
        """Search a desk, and what `opened` returns at the time."""
        self._desk, self._opened = desk, opened

    def _search(self, query: str) -> None:
        if self._desk is None or not query:
            return

        def show(hits: tuple[Hit, ...]) -> None:
            self._field.show_hits(query, hits)

        def fail(error: TrustdeskError) -> None:
            self._field.show_error(query, error)

        self._bridge.when_done(self._desk.search(query, self._opened()), show, fail)

    def _open(self, hit: Hit) -> None:
        from trustdesk.services.search import HitKind  # not needed before the first paint

        match hit.kind:
            case HitKind.PARTNER:
                self.partner_wanted.emit(hit.endpoint)
            case HitKind.OPENED:
                opened = (facts for facts in self._opened() if facts.sha256 == hit.sha256)
                self._open_certificate(next(opened, None))
            case HitKind.IDENTITY:
                self.identity_wanted.emit(hit.identity or hit.title)
            case HitKind.SEEN | HitKind.TRUST_LIST:
                if self._desk is not None and hit.sha256 is not None:
                    found = self._desk.certificate(hit.sha256)
                    self._bridge.when_done(found, self._open_certificate, self._say_failure)
            case _:
                assert_never(hit.kind)

    def _open_certificate(self, facts: CertificateFacts | None) -> None:
        # None: it was closed, or left the workspace, since it was found.
        if facts is not None:
            self.certificate_wanted.emit(facts)

    def _say_failure(self, error: TrustdeskError) -> None:
        self._field.show_error(self._field.text().strip(), error)
