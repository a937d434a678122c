"""The settings of a desk: what its office agreed on, and what this computer does by itself.

As with `services.desk`, nothing here blocks and nothing needs Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.connections import Connections
    from trustdesk.core.message import Message
    from trustdesk.core.workspace_settings import WorkspaceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlace:
    """One place where the program keeps something.

    Attributes:
        what: what lies there, a sentence.
        place: path or address, without a password; "" where the system does not say.
        keeps_keys: whether private keys may lie there.
    """

    what: Message
    place: str
    keeps_keys: bool = False


class SettingsDesk(Protocol):
    """What the settings dialog asks for."""

    def settings(self) -> Future[WorkspaceSettings]:
        """What holds for everybody who works with the workspace."""
        ...

    def change(self, changed: Callable[[WorkspaceSettings], WorkspaceSettings]) -> Future[WorkspaceSettings]:
        """Change these as they are at that moment.

        The future fails with UnusableInputError where a value cannot be used; nothing is changed then.

        Args:
            changed: makes the new settings of those that stand; called on another thread.
        """
        ...

    @property
    def connections(self) -> Connections:
        """By which proxy this computer connects, and whether at all."""
        ...

    def connect_by(self, wanted: Connections) -> Future[Connections]:
        """Connect by this from now on, in this session and the next; offline, what runs ends.

        The future fails with UnusableInputError where the proxy cannot be used, and with
        EnvironmentFailureError where the choice cannot be kept; the one before holds then.
        """
        ...

    def when_connections_change(self, call: Callable[[Connections], None]) -> None:
        """Have this called, from any thread, with each choice that holds from then on."""
        ...

    def places(self) -> Future[tuple[StoredPlace, ...]]:
        """Where the program keeps what."""
        ...
