"""Whether our own certificate is revoked, said where it is chosen: before any partner is asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationCheck,
    RevocationSourceKind,
    RevocationStatus,
)
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.revocation_rows import REASONS
from trustdesk.gui.widgets.banner import VerdictBanner
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.desk import Desk

_LISTS = frozenset({RevocationSourceKind.CRL, RevocationSourceKind.DELTA_CRL})
_REVOKED_CAUSE, _STALE_CAUSE = "client_cert_revoked", "server_crl_stale"


class OwnRevocationNote(VerdictBanner):
    """Says what is at hand on the chosen identity when that matters; hidden otherwise. It asks nobody."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge: Bridge | None = None
        self._desk: Desk | None = None
        self._asked = 0
        self.hide()

    def work_with(self, bridge: Bridge, desk: Desk) -> None:
        """Ask this desk."""
        self._bridge, self._desk = bridge, desk

    def show_identity(self, name: str | None) -> None:
        """Look up another identity, or the same one again; None for none."""
        self._asked += 1
        asked = self._asked
        if name is None or self._bridge is None or self._desk is None:
            self.hide()
            return

        def take(checks: tuple[RevocationCheck, ...]) -> None:
            if asked == self._asked:
                self.show_checks(checks)

        def fail(error: TrustdeskError) -> None:
            if asked == self._asked:
                self.show_error(error)
                self.show()

        self._bridge.when_done(self._desk.own_revocation(name), take, fail)

    def show_checks(self, checks: Sequence[RevocationCheck]) -> None:
        """Say what is known of our path, our certificate first."""
        revoked = next((one for one in checks if one.status is RevocationStatus.REVOKED), None)
        trouble = None if revoked is not None else _list_trouble(checks)
        self.setVisible(revoked is not None or trouble is not None)
        if revoked is not None:
            is_ours = revoked is checks[0]
            self.show_verdict(
                State.BAD,
                say(_revoked_words(revoked, is_ours=is_ours)),
                say(
                    msg("Request a new certificate; a test with this one only shows who looks.")
                    if is_ours
                    else msg("A certificate from another CA is needed.")
                ),
                _REVOKED_CAUSE,
            )
        elif trouble is not None:
            self.show_verdict(
                State.WARNING,
                say(msg("The revocation list of our CA cannot be relied on: {why}", why=trouble.reason)),
                say(
                    msg(
                        "Ask our CA for a current one. A partner whose copy is as old rejects us with "
                        "“expired” (alert 45), one that has none with “unknown CA” (alert 48)."
                    )
                ),
                _STALE_CAUSE,
            )


def _revoked_words(check: RevocationCheck, *, is_ours: bool) -> Message:
    consequence = msg("it will be refused by everybody who looks.")
    if not is_ours:
        return msg("A CA above ours is revoked: {consequence}", consequence=consequence)
    if check.revoked_at is None:
        return msg("Ours is revoked: {consequence}", consequence=consequence)
    reason = REASONS.get(check.revocation_reason or "unspecified", REASONS["unspecified"])
    return msg(
        "Ours is revoked since {revoked_at} ({reason}): {consequence}",
        revoked_at=f"{check.revoked_at:%Y-%m-%d}",
        reason=reason,
        consequence=consequence,
    )


def _list_trouble(checks: Sequence[RevocationCheck]) -> RevocationAnswer | None:
    """Return the CRL that was to speak of our path and cannot be relied on; None without one."""
    for check in checks:
        if check.status is RevocationStatus.GOOD:
            continue
        for answer in check.answers:
            if answer.source.kind in _LISTS and answer.status is RevocationStatus.UNAVAILABLE:
                return answer
    return None
