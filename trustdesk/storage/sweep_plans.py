"""Whom a sweep tests, and how: kept in its row, so that anybody finds what is left of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from trustdesk.core.partner import Endpoint

NO_PLAN = "{}"
"""Of a sweep that only its own targets go on with, and of one that has ended."""

_WAY_DIGITS = 16


def way_of(endpoint: Endpoint) -> bytes:
    """Return what makes a test of an endpoint another test: which one it is, and how it is tested."""
    target = endpoint.target
    parts = (
        endpoint.id,
        target.endpoint,
        target.connect_address,
        target.connect_port,
        target.server_name,
        target.verify_name,
        target.alpn,
        endpoint.identity,
    )
    return json.dumps(parts).encode("ascii")


def plan_text(endpoints: Mapping[int, Endpoint]) -> str:
    """Return a plan as it is kept: the number of each endpoint and a digest of its way, by position."""
    rows = [[position, one.id, _way_digest(one)] for position, one in endpoints.items()]
    return json.dumps({"endpoints": rows}, separators=(",", ":")) if rows else NO_PLAN


class SweepPlan:
    """A plan that was kept; empty where it says nothing, or what only a newer program understands."""

    def __init__(self, text: str) -> None:
        self._ways: dict[int, tuple[int, str]] = {}
        try:
            rows = json.loads(text).get("endpoints", [])
            self._ways = {int(position): (int(number), str(way)) for position, number, way in rows}
        except (AttributeError, TypeError, ValueError):
            self._ways = {}

    def left(self, done: set[int], endpoints: Mapping[int, Endpoint]) -> dict[int, Endpoint]:
        """Return by position what is not done yet and is to be tested today as it was then.

        Args:
            done: positions.
            endpoints: those of today by their number.
        """
        found: dict[int, Endpoint] = {}
        for position, (number, way) in sorted(self._ways.items()):
            one = endpoints.get(number)
            if position not in done and one is not None and _way_digest(one) == way:
                found[position] = one
        return found


def _way_digest(endpoint: Endpoint) -> str:
    return hashlib.sha256(way_of(endpoint)).hexdigest()[:_WAY_DIGITS]
