"""The system's clock behind `core.ports.Clock`."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's own time."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""
        return datetime.now(UTC)
