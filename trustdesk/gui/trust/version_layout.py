"""Where the versions of a list stand on their line: from data to places, without a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.trust_version import VersionLine, VersionState

_NARROWEST = 118
_EDGE = 56


@dataclass(frozen=True, slots=True)
class VersionPlace:
    """A version on the line; `x` is the middle of its circle."""

    version: VersionLine
    x: float


def version_places(versions: Sequence[VersionLine], width: float) -> tuple[VersionPlace, ...]:
    """Return the newest versions that have room, the oldest first; the applied one is always among them.

    Refused versions are no part of the line: they were never followed.
    """
    shown = [one for one in versions if one.state is not VersionState.REFUSED]
    room = max(2, int((width - 2 * _EDGE) // _NARROWEST) + 1)
    if len(shown) > room:
        newest = shown[-room:]
        applied = [one for one in shown[:-room] if one.state is VersionState.APPLIED]
        shown = [*applied, *newest[len(applied) :]]
    if len(shown) == 1:
        return (VersionPlace(shown[0], width / 2),)
    step = (width - 2 * _EDGE) / max(1, len(shown) - 1)
    return tuple(VersionPlace(one, _EDGE + place * step) for place, one in enumerate(shown))


def version_at(places: Sequence[VersionPlace], x: float) -> VersionLine | None:
    """Return the version nearest to a point; None where there is none."""
    nearest = min(places, key=lambda place: abs(place.x - x), default=None)
    return None if nearest is None else nearest.version
