"""Certificate policies along a path, by the graph of RFC 9618, which replaces RFC 5280's tree.

The tree grows exponentially with mappings; the graph has one node for each policy at each depth. A node
knows its parents, so that what is not reached from the end entity falls out without pruning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.verification import ANY_POLICY, PathInputs
from trustdesk.verify.decoded import Decoded

_Graph = list["_Level"]


@dataclass(frozen=True, slots=True)
class PolicyState:
    """The state after one certificate (RFC 5280 6.1.2, 6.1.3 (d)-(f), 6.1.4 (a), (b), (h)-(j)).

    Attributes:
        explicit_policy: certificates that may follow without a valid policy; 0 asks for one from now on.
        policy_mapping: certificates that may follow and still map policies.
        inhibit_any_policy: certificates that may follow and still use anyPolicy.
        policies: valid at this depth; None when the graph is empty.
        missing: a policy was required here, and there is none (6.1.3 (f)).
        maps_any_policy: a mapping from or to anyPolicy (6.1.4 (a)).
    """

    explicit_policy: int
    policy_mapping: int
    inhibit_any_policy: int
    policies: frozenset[str] | None
    missing: bool
    maps_any_policy: bool


@dataclass(slots=True)
class _Node:
    expected: set[str]
    parents: set[str]


_Level = dict[str, _Node]


def policy_states(
    path: Sequence[Decoded], inputs: PathInputs, *, above: Decoded | None
) -> tuple[tuple[PolicyState, ...], frozenset[str] | None, bool]:
    """Process the policies of a path.

    Args:
        path: the certificates below the anchor, the one that it issued first, the end entity last.
        above: the anchor where its own constraints are enforced (RFC 5937); else None.

    Returns:
        The state after each certificate in the order of `path`; the policies that the path is valid for,
        None for any; whether a policy is required and missing at the end (6.1.5 (g)).
    """
    count = len(path)
    explicit = 0 if inputs.require_explicit_policy else count + 1
    mapping = 0 if inputs.inhibit_policy_mapping else count + 1
    inhibit = 0 if inputs.inhibit_any_policy else count + 1
    if above is not None:
        explicit, mapping, inhibit = _constrain(above, explicit, mapping, inhibit)
    levels: _Graph | None = [{ANY_POLICY: _Node({ANY_POLICY}, set())}]
    if above is not None and above.policies is not None and ANY_POLICY not in above.policies:
        levels = [{policy: _Node({policy}, set()) for policy in above.policies}]
    states: list[PolicyState] = []
    for depth, certificate in enumerate(path, 1):
        is_last = depth == count
        if levels is not None:
            any_allowed = inhibit > 0 or (not is_last and certificate.is_self_issued)
            levels = _next_level(levels, certificate.policies, any_allowed=any_allowed)
        missing = explicit == 0 and levels is None
        maps_any = False
        if not is_last:
            mappings = certificate.policy_mappings
            maps_any = any(ANY_POLICY in pair for pair in mappings)
            if levels is not None and mappings:
                levels = _mapped(levels, mappings, allowed=mapping > 0)
            if not certificate.is_self_issued:
                explicit, mapping, inhibit = max(explicit - 1, 0), max(mapping - 1, 0), max(inhibit - 1, 0)
            explicit, mapping, inhibit = _constrain(certificate, explicit, mapping, inhibit)
        else:
            explicit = max(explicit - 1, 0)
            constraints = certificate.policy_constraints
            if constraints is not None and constraints.require_explicit_policy == 0:
                explicit = 0
        policies = frozenset(levels[-1]) if levels is not None else None
        states.append(PolicyState(explicit, mapping, inhibit, policies, missing, maps_any))
    valid = _valid_policies(levels, inputs.initial_policies)
    return tuple(states), valid, explicit == 0 and valid is not None and not valid


def _constrain(certificate: Decoded, explicit: int, mapping: int, inhibit: int) -> tuple[int, int, int]:
    """6.1.4 (i), (j)."""
    constraints = certificate.policy_constraints
    if constraints is not None:
        if constraints.require_explicit_policy is not None:
            explicit = min(explicit, constraints.require_explicit_policy)
        if constraints.inhibit_policy_mapping is not None:
            mapping = min(mapping, constraints.inhibit_policy_mapping)
    if certificate.inhibit_any_policy is not None:
        inhibit = min(inhibit, certificate.inhibit_any_policy)
    return explicit, mapping, inhibit


def _next_level(levels: _Graph, policies: Sequence[str] | None, *, any_allowed: bool) -> _Graph | None:
    """RFC 9618 5.2, which replaces 6.1.3 (d), (e)."""
    if policies is None:
        return None
    above = levels[-1]
    expecting: dict[str, set[str]] = {}
    for policy, node in above.items():
        for expected in node.expected:
            expecting.setdefault(expected, set()).add(policy)
    level: _Level = {}
    for policy in policies:
        if policy == ANY_POLICY:
            continue
        parents = expecting.get(policy) or ({ANY_POLICY} if ANY_POLICY in above else set())
        if parents:
            level[policy] = _Node({policy}, parents)
    if ANY_POLICY in policies and any_allowed:
        for policy, parents in expecting.items():
            if policy not in level:
                level[policy] = _Node({policy}, parents)
    return [*levels, level] if level else None


def _mapped(levels: _Graph, mappings: Sequence[tuple[str, str]], *, allowed: bool) -> _Graph | None:
    """RFC 9618 5.3, which replaces 6.1.4 (b)."""
    level = dict(levels[-1])
    targets: dict[str, set[str]] = {}
    for issuer_policy, subject_policy in mappings:
        targets.setdefault(issuer_policy, set()).add(subject_policy)
    for policy, subject_policies in targets.items():
        if not allowed:
            level.pop(policy, None)
        elif policy in level:
            level[policy] = _Node(subject_policies, level[policy].parents)
        elif ANY_POLICY in level:
            level[policy] = _Node(subject_policies, {ANY_POLICY})
    return [*levels[:-1], level] if level else None


def _valid_policies(levels: _Graph | None, initial: frozenset[str]) -> frozenset[str] | None:
    """RFC 9618 5.4: what the end entity reaches, in the words of the anchor's domain, and is asked for."""
    if levels is None:
        return frozenset()
    domain: set[str] = set()
    reached = set(levels[-1])
    any_at_end = ANY_POLICY in reached
    for depth in range(len(levels) - 1, 0, -1):
        parents: set[str] = set()
        for policy in reached:
            node = levels[depth].get(policy)
            if node is None:
                continue
            if policy != ANY_POLICY and (ANY_POLICY in node.parents or depth == 1):
                domain.add(policy)
            parents |= node.parents
        reached = parents
    if ANY_POLICY in initial:
        return None if any_at_end else frozenset(domain)
    return frozenset(initial) if any_at_end else frozenset(domain & initial)
