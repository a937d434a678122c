"""Rules of the check catalogue that the gate of live probes shares with the rule sets.

Each is defined once, in `verify.profiles`: id, title, source and weight. The gate applies them to a server
that answers, and says besides which fault takes trust away.
"""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.verify.case import Rule
from trustdesk.verify.profiles.context import CertificateCase
from trustdesk.verify.profiles.rule import Rule as ProfileRule


def in_gate(rule: ProfileRule[CertificateCase]) -> Rule:
    """Return a rule of the sets as the gate reports it, with the weight of the strictest set."""
    weights = [*([] if rule.always is None else [rule.always]), *rule.sets.values()]
    return Rule(rule.id, min(weights, key=_ORDER.index), rule.title, rule.source)


_ORDER = tuple(Severity)
