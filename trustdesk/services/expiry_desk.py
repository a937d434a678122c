"""What ends when, at the desk: what the page Overview and `trustdesk expiry` ask for.

As with `services.desk`, nothing here blocks and nothing needs Qt.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.renewal import RenewalPlan
    from trustdesk.core.workspace_settings import ExpiryThresholds, WorkspaceSettings
    from trustdesk.services.expiry_values import Expiry


class ExpiryDesk(Protocol):
    """What a face asks of ends."""

    def expiry(self) -> Future[Expiry]:
        """All that ends, as of the evaluation time; nothing is judged and nobody is connected to."""
        ...

    def plan(self) -> Future[RenewalPlan]:
        """What there is to do about our own certificates; judges them as the page Identities does."""
        ...

    def calendar(self, within_days: int | None = None) -> Future[bytes]:
        """All that is to end, and what is planned, as a calendar file (RFC 5545).

        Args:
            within_days: only what ends by then; None for everything.
        """
        ...

    def settings(self) -> Future[WorkspaceSettings]:
        """What the office has agreed on for the workspace."""
        ...

    def agree(self, thresholds: ExpiryThresholds, *, notify: bool) -> Future[WorkspaceSettings]:
        """Agree on when an end counts as near, from the next question on, and whether the desktop tells it.

        All else of the settings stays as it is at that moment. The future fails with UnusableInputError where
        a number is out of its range.
        """
        ...
