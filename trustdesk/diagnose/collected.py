"""All facts of a case."""

from __future__ import annotations

from collections.abc import Iterable

from trustdesk.diagnose.facts import FactSet
from trustdesk.diagnose.facts_contrast import contrast_facts, legacy_facts
from trustdesk.diagnose.facts_first import first_facts
from trustdesk.diagnose.facts_own import clock_facts, own_facts
from trustdesk.diagnose.observations import Observations


def facts_of(observations: Observations, interceptors: Iterable[str] = ()) -> FactSet:
    """Return everything that was seen, as facts.

    Args:
        interceptors: names of products that inspect traffic, in lower case, as they stand in issuers.
    """
    names = tuple(interceptors)
    return FactSet(
        [
            *first_facts(observations, names),
            *own_facts(observations),
            *contrast_facts(observations),
            *legacy_facts(observations),
            *clock_facts(observations),
        ]
    )
