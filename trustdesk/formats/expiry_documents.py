"""The document `trustdesk.expiry/1`: what ends when, and what to renew by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.expiry import Ending, Endings, Nearness
from trustdesk.core.finding import Verdict
from trustdesk.core.renewal import RenewalPlan
from trustdesk.formats.document_values import Words, instant, optional, utf8

SCHEMA = "trustdesk.expiry/1"


def expiry_document(
    endings: Endings,
    shown: Sequence[Ending],
    plan: RenewalPlan,
    *,
    within_days: int | None,
    verdict: Verdict,
    text: Words,
) -> dict[str, object]:
    """Return what was asked for, the first end first, and the plan.

    Args:
        shown: of the endings; `summary` counts all of them that are not settled.
        within_days: that was asked for; None for what is near by the thresholds.
    """
    limits = endings.thresholds
    counted = Counter(one.nearness for one in endings.all if not one.is_settled)
    return {
        "schema": SCHEMA,
        "at": instant(endings.at),
        "within_days": within_days,
        "thresholds": {
            "warn_days": limits.warn_days,
            "urgent_days": limits.urgent_days,
            "warn_per_cent": limits.warn_per_cent,
            "urgent_per_cent": limits.urgent_per_cent,
            "short_lived_days": limits.short_lived_days,
        },
        "endings": [_ending(one, endings.at) for one in shown],
        "plan": {
            "phases": [
                {"days": one.days, "begins": instant(one.begins), "ends": optional(one.ends, instant)}
                for one in plan.phases
            ],
            "steps": [
                {
                    "kind": step.kind.value,
                    "identities": [utf8(name) for name in step.identities],
                    "by": instant(step.by),
                    "title": utf8(text(step.title)),
                    "why": utf8(text(step.why)),
                    "source": step.source or None,
                }
                for step in plan.steps
            ],
            "not_known": [utf8(name) for name in plan.not_known],
        },
        "summary": {near.value: counted[near] for near in Nearness},
        "verdict": verdict.value,
    }


def _ending(one: Ending, at: datetime) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "name": utf8(one.name),
        "place": utf8(one.place) or None,
        "sha256": one.sha256 or None,
        "begins": optional(one.begins, instant),
        "ends": optional(one.ends, instant),
        "days_left": one.days_left(at),
        "nearness": one.nearness.value,
        "is_settled": one.is_settled,
    }
