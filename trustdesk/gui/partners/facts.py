"""The facts of a probe in words for the detail of a partner; the words are those of every face."""

from __future__ import annotations

from trustdesk.core.probe import ProbeReport
from trustdesk.gui.words import say
from trustdesk.services import probe_facts

_ONE_LINE = 100


def facts_of(report: ProbeReport) -> tuple[tuple[str, str], ...]:
    """Return label and lines of each fact that is known, in words, safe to show."""
    return tuple(
        (say(label), _joined([say(line) for line in lines])) for label, lines in probe_facts.facts_of(report)
    )


def _joined(lines: list[str]) -> str:
    """Put short facts on one line; names with commas of their own stand each on its own."""
    if any("," in line for line in lines) or sum(map(len, lines)) > _ONE_LINE:
        return "\n".join(lines)
    return ", ".join(lines)
