"""What an office has agreed on for its workspace; whoever opens it sees the same."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryThresholds:
    """When an end counts as near.

    Certificates that live at most `short_lived_days` are judged by the share of their validity that is left,
    all others by days (CLI-02): thirty days before its end a certificate of 47 days is hardly used.

    Attributes:
        warn_days, urgent_days: whole days left.
        warn_per_cent, urgent_per_cent: of the whole validity.
    """

    warn_days: int = 30
    urgent_days: int = 7
    warn_per_cent: int = 33
    urgent_per_cent: int = 10
    short_lived_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """The settings of a workspace, with what holds until somebody chooses.

    Attributes:
        keep_days: how long observations are kept; None for ever. The newest of an endpoint, and those that
            changed something, outlive it.
        full_reports: how many whole reports are kept of each endpoint, besides those that changed something.
        due_after_hours: an endpoint is due for a test when its last conclusive one is older.
        own_endpoint: our notifications endpoint as a target, for the reverse direction; "" for none.
        required_api_version: the least that partners have to support (API-08), "2.0.0"; "" for none.
        notify: whether the desktop tells of what came near its end.
    """

    thresholds: ExpiryThresholds = field(default_factory=ExpiryThresholds)
    keep_days: int | None = None
    full_reports: int = 3
    due_after_hours: int = 24
    own_endpoint: str = ""
    required_api_version: str = ""
    notify: bool = False
