"""What a person decided about the connections that the program makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg


class ProxyUse(StrEnum):
    """ENVIRONMENT: what HTTPS_PROXY and its like say. NONE: directly. NAMED: one proxy for everything."""

    ENVIRONMENT = "environment"
    NONE = "none"
    NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """The choice, with what holds until somebody chooses.

    Attributes:
        proxy: URL of the one for NAMED, without user or password; kept while another use is chosen.
        is_offline: whether nothing leaves this computer.
    """

    proxy_use: ProxyUse = ProxyUse.ENVIRONMENT
    proxy: str = ""
    is_offline: bool = False


class OfflineError(EnvironmentFailureError):
    """A connection was wanted while the person has switched to offline; none was made."""

    def __init__(self) -> None:
        super().__init__(
            msg("Not run: offline."), remedy=msg("Switch off Offline in the settings, under Connections.")
        )
