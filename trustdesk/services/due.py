"""Which endpoints are due for a test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from trustdesk.core.partner import Endpoint
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.sweeps import SweepBook
from trustdesk.storage.workspace import Workspace


def due_ones(workspace: Workspace, endpoints: Iterable[Endpoint], now: datetime) -> list[Endpoint]:
    """Return those without a test that answered since the time that the workspace's settings say; blocks."""
    tested = SweepBook(workspace).last_conclusive().result()
    settings = SettingsStore(workspace).read().result()
    last = now - timedelta(hours=settings.due_after_hours)
    # A test of a day that is still to come was made by a clock that was wrong.
    return [one for one in endpoints if one.id not in tested or not last <= tested[one.id] <= now]
