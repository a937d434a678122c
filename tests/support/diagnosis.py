"""The shipped rules of the diagnosis, read once for all tests; and what a diagnosis saw, put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trustdesk.core.diagnosis import FamilyGuess, LegacyVersion, Preflight, ProbeVariant
from trustdesk.core.probe import ProbeRecord
from trustdesk.diagnose.cause_texts import read_cause_texts
from trustdesk.diagnose.observations import Observations, SeenProbe, as_given
from trustdesk.diagnose.rule_file import read_rules

DATA = Path("resources/diagnosis")
TEXTS = read_cause_texts((DATA / "causes.toml").read_text(encoding="utf-8"))
RULES = read_rules((DATA / "hypotheses.toml").read_text(encoding="utf-8"), TEXTS)


def observed(
    first: ProbeRecord,
    *others: tuple[ProbeVariant, ProbeRecord],
    preflight: Preflight | None = None,
    legacy: tuple[LegacyVersion, ...] = (),
    family: FamilyGuess | None = None,
    variant: ProbeVariant | None = None,
) -> Observations:
    """Probes as a diagnosis would have made them, the first as the target was given."""
    seen = as_given(first)
    if variant is not None:
        seen = replace(seen, variant=variant)
    more = [
        SeenProbe(id=f"P{number}", variant=one, record=record)
        for number, (one, record) in enumerate(others, 2)
    ]
    return Observations(
        probes=(seen, *more), preflight=preflight or Preflight(), legacy=legacy, family=family
    )
