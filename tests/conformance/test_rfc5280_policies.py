"""RFC 5280 6.1 and RFC 9618: certificate policies along a path.

The engine has the graph of RFC 9618. Beside hand-made chains, several hundred generated ones are compared
with the tree of RFC 5280 6.1, written down here word by word: both have to say the same of every path.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.support.raw_pki import (
    ANY_POLICY,
    CONFORMANCE,
    VALIDITY,
    Made,
    accept,
    ca,
    cp,
    dn,
    failed_rules,
    first_failure,
    iap,
    judged,
    leaf,
    pc,
    pm,
)
from trustdesk.core.verification import ENFORCED, PathInputs

A, B, C, D = (
    "1.3.6.1.4.1.55555.2.1",
    "1.3.6.1.4.1.55555.2.2",
    "1.3.6.1.4.1.55555.2.3",
    "1.3.6.1.4.1.55555.2.4",
)
ROOT = ca("CN=Root")
REQUIRED = replace(VALIDITY, require_explicit_policy=True)


@dataclass(frozen=True)
class Node:
    """What one certificate says of policies; `own` makes it self-issued."""

    policies: tuple[str, ...] | None = None
    mappings: tuple[tuple[str, str], ...] = ()
    require: int | None = None
    inhibit_mapping: int | None = None
    inhibit_any: int | None = None
    own: bool = False

    def extensions(self) -> list[bytes]:
        found = [] if self.policies is None else [cp(*self.policies)]
        if self.mappings:
            found.append(pm(*self.mappings))
        if self.require is not None or self.inhibit_mapping is not None:
            found.append(pc(self.require, self.inhibit_mapping))
        if self.inhibit_any is not None:
            found.append(iap(self.inhibit_any))
        return found


def chain(*nodes: Node, root: Made = ROOT) -> list[Made]:
    """The leaf first; `nodes` go from below the root down to the leaf."""
    path = [root]
    for number, node in enumerate(nodes):
        above, extra, label = path[0], node.extensions(), f"level {number}"
        subject = above.subject if node.own else dn(f"CN=Level {number}")
        if number == len(nodes) - 1:
            path.insert(0, leaf(above, subject=subject, key_of=label, extra=extra))
        else:
            path.insert(0, ca(subject, above, key_of=label, extra=extra))
    return path


def asked(*policies: str, **more: Any) -> PathInputs:
    return replace(VALIDITY, initial_policies=frozenset(policies or (ANY_POLICY,)), **more)


# by hand


def test_no_policies_at_all_are_valid_where_none_is_required() -> None:
    """leaf <- CA, without policies: valid for none."""
    path = chain(Node(), Node())
    accept(*path)
    assert judged(*path).paths[0].policies == ()


def test_a_required_policy_that_is_nowhere_is_missing_at_the_first_certificate() -> None:
    """leaf <- CA, without policies, one required from the start: it is the CA that lacks it (6.1.3 (f))."""
    assert failed_rules(judged(*chain(Node(), Node()), inputs=REQUIRED)) == {("policy.state", 1)}


def test_a_required_policy_that_the_leaf_lacks() -> None:
    """leaf (none) <- CA (A), one required."""
    assert failed_rules(judged(*chain(Node((A,)), Node()), inputs=REQUIRED)) == {("policy.state", 0)}


def test_a_leaf_with_another_policy() -> None:
    """leaf (B) <- CA (A), one required."""
    assert failed_rules(judged(*chain(Node((A,)), Node((B,))), inputs=REQUIRED)) == {("policy.state", 0)}


def test_the_same_policy_all_the_way() -> None:
    """leaf (A) <- CA (A)."""
    verification = judged(*chain(Node((A,)), Node((A,))), inputs=REQUIRED)
    assert verification.trusted
    assert verification.paths[0].policies == (A,)


def test_a_policy_that_nobody_asked_for() -> None:
    """leaf (A) <- CA (A), B asked for and required: valid for none of them (6.1.5 (g))."""
    inputs = asked(B, require_explicit_policy=True)
    assert failed_rules(judged(*chain(Node((A,)), Node((A,))), inputs=inputs)) == {("policy.valid_set", 0)}


def test_a_policy_that_nobody_asked_for_and_nobody_requires() -> None:
    """leaf (A) <- CA (A), B asked for and not required: valid, for no policy."""
    verification = judged(*chain(Node((A,)), Node((A,))), inputs=asked(B))
    assert verification.trusted
    assert verification.paths[0].policies == ()


def test_a_ca_requires_a_policy_of_what_is_below() -> None:
    """leaf (none) <- CA (A, requireExplicitPolicy 0)."""
    assert failed_rules(judged(*chain(Node((A,), require=0), Node()))) == {("policy.state", 0)}


def test_a_requirement_begins_after_some_certificates() -> None:
    """leaf (none) <- CA 2 <- CA 1 (requireExplicitPolicy n): 6.1.5 (a) counts the leaf itself, too."""
    for skipped, valid in ((0, False), (1, False), (2, False), (3, True)):
        verification = judged(*chain(Node((A,), require=skipped), Node((A,)), Node()))
        assert verification.trusted is valid, skipped


def test_the_ca_that_lost_the_policy_is_named_and_not_the_leaf() -> None:
    """leaf (A) <- CA 3 (A) <- CA 2 (none) <- CA 1 (A, require 0): CA 2 broke it."""
    verification = judged(*chain(Node((A,), require=0), Node(), Node((A,)), Node((A,))))
    assert failed_rules(verification) == {("policy.state", 2)}


def test_a_requirement_of_the_leaf_itself_counts() -> None:
    """leaf (none, requireExplicitPolicy 0) <- CA: 6.1.5 (b)."""
    assert failed_rules(judged(*chain(Node(), Node(require=0)))) == {("policy.valid_set", 0)}


def test_any_policy_of_a_ca_lets_the_leaf_choose() -> None:
    """leaf (A) <- CA (anyPolicy)."""
    verification = judged(
        *chain(Node((ANY_POLICY,)), Node((A,))), inputs=asked(A, require_explicit_policy=True)
    )
    assert verification.trusted
    assert verification.paths[0].policies == (A,)


def test_any_policy_of_the_leaf_takes_what_the_ca_has() -> None:
    """leaf (anyPolicy) <- CA (A)."""
    verification = judged(*chain(Node((A,)), Node((ANY_POLICY,))), inputs=REQUIRED)
    assert verification.trusted
    assert verification.paths[0].policies == (A,)


@pytest.mark.parametrize(("skipped", "valid"), [(0, False), (1, True), (2, True)])
def test_any_policy_is_inhibited(skipped: int, valid: bool) -> None:
    """leaf (A) <- CA 2 (anyPolicy) <- CA 1 (A, inhibitAnyPolicy): 0 bars the very next one."""
    path = chain(Node((A,), inhibit_any=skipped), Node((ANY_POLICY,)), Node((A,)))
    assert judged(*path, inputs=REQUIRED).trusted is valid


def test_any_policy_of_a_self_issued_ca_is_not_inhibited() -> None:
    """leaf (A) <- CA 1' (self-issued, anyPolicy) <- CA 1 (A, inhibitAnyPolicy 0): 6.1.3 (d)(2)."""
    path = chain(Node((A,), inhibit_any=0), Node((ANY_POLICY,), own=True), Node((A,)))
    assert judged(*path, inputs=REQUIRED).trusted


def test_any_policy_is_inhibited_from_the_start() -> None:
    """leaf (A) <- CA (anyPolicy), initial-any-policy-inhibit."""
    path = chain(Node((ANY_POLICY,)), Node((A,)))
    assert judged(*path, inputs=REQUIRED).trusted
    inputs = replace(REQUIRED, inhibit_any_policy=True)
    assert failed_rules(judged(*path, inputs=inputs)) == {("policy.state", 1)}


def test_a_mapping_translates() -> None:
    """leaf (B) <- CA (A, maps A to B): valid for A, in the words of the anchor's domain."""
    path = chain(Node((A,), ((A, B),)), Node((B,)))
    assert judged(*path, inputs=asked(A, require_explicit_policy=True)).paths[0].policies == (A,)
    assert not judged(*path, inputs=asked(B, require_explicit_policy=True)).trusted


def test_what_is_mapped_is_no_longer_itself() -> None:
    """leaf (A) <- CA (A, maps A to B): A of the leaf is not expected."""
    assert not judged(*chain(Node((A,), ((A, B),)), Node((A,))), inputs=REQUIRED).trusted


def test_a_mapping_through_two_domains() -> None:
    """leaf (C) <- CA 2 (B, maps B to C) <- CA 1 (A, maps A to B)."""
    path = chain(Node((A,), ((A, B),)), Node((B,), ((B, C),)), Node((C,)))
    assert judged(*path, inputs=REQUIRED).paths[0].policies == (A,)


def test_one_policy_is_mapped_to_two() -> None:
    """leaf (C) <- CA (A, maps A to B and to C)."""
    assert judged(*chain(Node((A,), ((A, B), (A, C))), Node((C,))), inputs=REQUIRED).paths[0].policies == (A,)


def test_two_policies_are_mapped_to_one() -> None:
    """leaf (C) <- CA (A and B, both to C): valid for both."""
    path = chain(Node((A, B), ((A, C), (B, C))), Node((C,)))
    assert judged(*path, inputs=REQUIRED).paths[0].policies == (A, B)


def test_any_policy_can_be_mapped_from_implicitly() -> None:
    """leaf (B) <- CA (anyPolicy, maps A to B): 6.1.4 (b)(1), a node for A is made."""
    path = chain(Node((ANY_POLICY,), ((A, B),)), Node((B,)))
    assert judged(*path, inputs=asked(A, require_explicit_policy=True)).trusted


@pytest.mark.parametrize("pair", [(ANY_POLICY, A), (A, ANY_POLICY)])
def test_any_policy_is_never_mapped(pair: tuple[str, str]) -> None:
    """CA (maps anyPolicy): 6.1.4 (a), required or not."""
    path = chain(Node((A, ANY_POLICY), (pair,)), Node((A,)))
    named = first_failure(judged(*path))
    assert (named.rule, named.index) == ("policy.mappings", 1)


@pytest.mark.parametrize(("skipped", "valid"), [(0, False), (1, True)])
def test_mapping_is_inhibited(skipped: int, valid: bool) -> None:
    """leaf (B) <- CA 2 (A, maps A to B) <- CA 1 (A, inhibitPolicyMapping)."""
    path = chain(Node((A,), inhibit_mapping=skipped), Node((A,), ((A, B),)), Node((B,)))
    assert judged(*path, inputs=REQUIRED).trusted is valid


def test_mapping_is_inhibited_from_the_start() -> None:
    """leaf (B) <- CA (A, maps A to B), initial-policy-mapping-inhibit."""
    inputs = replace(REQUIRED, inhibit_policy_mapping=True)
    assert failed_rules(judged(*chain(Node((A,), ((A, B),)), Node((B,))), inputs=inputs)) == {
        ("policy.state", 0)
    }


def test_counters_do_not_count_self_issued_certificates() -> None:
    """leaf (none) <- CA 2 <- CA 1' (self-issued) <- CA 1 (require 3): 1' is not counted (6.1.4 (h))."""
    for own, valid in ((True, True), (False, False)):
        path = chain(Node((A,), require=3), Node((A,), own=own), Node((A,)), Node())
        assert judged(*path).trusted is valid


def test_a_counter_is_only_lowered() -> None:
    """leaf (none) <- CA 2 (require 9) <- CA 1 (require 0): 6.1.4 (i)."""
    path = chain(Node((A,), require=0), Node((A,), require=9), Node())
    assert not judged(*path).trusted


def test_a_plain_anchors_policies_do_not_bind() -> None:
    """leaf <- root (A, requireExplicitPolicy 0): no input to 6.1; enforced, it is one (RFC 5937)."""
    root = ca("CN=Root", extra=[cp(A), pc(require=0)])
    path = chain(Node(), root=root)
    assert judged(*path, inputs=CONFORMANCE).trusted
    assert not judged(*path, inputs=replace(VALIDITY, anchor=ENFORCED)).trusted
    assert judged(*chain(Node((A,)), root=root), inputs=replace(VALIDITY, anchor=ENFORCED)).trusted


def test_policies_stand_there_once() -> None:
    """leaf (A, A): a policy MUST NOT appear more than once (4.2.1.4)."""
    assert ("critical.readable", 0) in failed_rules(judged(*chain(Node((A,)), Node((A, A)))))


def test_mappings_of_everything_to_everything_do_not_grow() -> None:
    """leaf <- 8 CAs that each map 12 policies to 12: a tree of 12^8 leaves, a graph of 96 nodes."""
    many = tuple(f"1.3.6.1.4.1.55555.3.{number}" for number in range(12))
    mappings = tuple((one, other) for one in many for other in many)
    nodes = [Node(many, mappings) for _ in range(8)]
    path = chain(*nodes, Node((many[0],)))
    verification = judged(*path, inputs=asked(many[3], require_explicit_policy=True))
    assert verification.trusted
    assert verification.paths[0].policies == (many[3],)


# the tree of RFC 5280


@dataclass(eq=False)
class TreeNode:
    valid: str
    expected: set[str]
    depth: int
    parent: TreeNode | None
    children: list[TreeNode] = field(default_factory=list)

    def grow(self, valid: str, expected: set[str]) -> None:
        self.children.append(TreeNode(valid, expected, self.depth + 1, self))


def at_depth(root: TreeNode, depth: int) -> list[TreeNode]:
    nodes = [root]
    for _ in range(depth):
        nodes = [child for node in nodes for child in node.children]
    return nodes


def cut(root: TreeNode, depth: int) -> TreeNode | None:
    """Delete nodes of a smaller depth that have no children, until there is none (6.1.3 (d)(3))."""
    for level in range(depth - 1, -1, -1):
        for node in at_depth(root, level):
            if not node.children:
                if node.parent is None:
                    return None
                node.parent.children.remove(node)
    return root


def tree_says(nodes: Sequence[Node], inputs: PathInputs) -> tuple[bool, set[str]]:
    """RFC 5280 6.1.2 to 6.1.5, policies only: whether the path validates, and for which policies."""
    n = len(nodes)
    explicit = 0 if inputs.require_explicit_policy else n + 1
    mapping = 0 if inputs.inhibit_policy_mapping else n + 1
    inhibit = 0 if inputs.inhibit_any_policy else n + 1
    tree: TreeNode | None = TreeNode(ANY_POLICY, {ANY_POLICY}, 0, None)
    for i, node in enumerate(nodes, 1):
        if node.policies is None:
            tree = None
        elif tree is not None:
            parents = at_depth(tree, i - 1)
            for policy in node.policies:
                if policy == ANY_POLICY:
                    continue
                matched = [parent for parent in parents if policy in parent.expected]
                for parent in matched:
                    parent.grow(policy, {policy})
                if not matched:
                    for parent in parents:
                        if parent.valid == ANY_POLICY:
                            parent.grow(policy, {policy})
            if ANY_POLICY in node.policies and (inhibit > 0 or (i < n and node.own)):
                for parent in parents:
                    for policy in sorted(parent.expected - {child.valid for child in parent.children}):
                        parent.grow(policy, {policy})
            tree = cut(tree, i)
        if not (explicit > 0 or tree is not None):
            return False, set()
        if i == n:
            break
        if any(ANY_POLICY in pair for pair in node.mappings):
            return False, set()
        for policy in dict(node.mappings):
            targets = {theirs for mine, theirs in node.mappings if mine == policy}
            if tree is None:
                continue
            mine = [one for one in at_depth(tree, i) if one.valid == policy]
            if mapping > 0:
                for one in mine:
                    one.expected = set(targets)
                if not mine:
                    for one in at_depth(tree, i):
                        if one.valid == ANY_POLICY and one.parent is not None:
                            one.parent.grow(policy, set(targets))
                            break
            else:
                for one in mine:
                    assert one.parent is not None
                    one.parent.children.remove(one)
                tree = cut(tree, i)
        if not node.own:
            explicit, mapping, inhibit = max(explicit - 1, 0), max(mapping - 1, 0), max(inhibit - 1, 0)
        explicit = min(explicit, node.require if node.require is not None else explicit)
        mapping = min(mapping, node.inhibit_mapping if node.inhibit_mapping is not None else mapping)
        inhibit = min(inhibit, node.inhibit_any if node.inhibit_any is not None else inhibit)
    explicit = max(explicit - 1, 0)
    if nodes[-1].require == 0:
        explicit = 0
    if tree is not None and ANY_POLICY not in inputs.initial_policies:
        chosen = [
            child
            for depth in range(n)
            for one in at_depth(tree, depth)
            if one.valid == ANY_POLICY
            for child in one.children
        ]
        for one in chosen:
            if one.valid not in inputs.initial_policies and one.valid != ANY_POLICY:
                assert one.parent is not None
                one.parent.children.remove(one)
        kept = {one.valid for one in chosen if one.valid in inputs.initial_policies}
        for last in [one for one in at_depth(tree, n) if one.valid == ANY_POLICY]:
            assert last.parent is not None
            for policy in inputs.initial_policies - kept:
                last.parent.grow(policy, {policy})
            last.parent.children.remove(last)
        tree = cut(tree, n)
    if not (explicit > 0 or tree is not None):
        return False, set()
    if tree is None:
        return True, set()
    return True, {
        child.valid
        for depth in range(n)
        for one in at_depth(tree, depth)
        if one.valid == ANY_POLICY
        for child in one.children
        if child.valid != ANY_POLICY
    }


def generated(seed: int) -> tuple[list[Node], PathInputs]:
    chance = random.Random(seed)  # noqa: S311 - test data, the same in every run

    def some(*choices: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return chance.choice(choices)

    def number(share: float) -> int | None:
        return chance.choice((0, 0, 1, 2)) if chance.random() < share else None

    nodes = []
    for depth in range(chance.choice((2, 3, 3, 4, 5))):
        policies = some((A,), (A, B), (B,), (A, C), (ANY_POLICY,), (A, ANY_POLICY), (A, B, C), (B, C), None)
        mappings = tuple(
            (mine, theirs)
            for mine in (policies or ())
            for theirs in (A, B, C, D)
            if mine != ANY_POLICY and chance.random() < 0.15
        )
        if policies and ANY_POLICY in policies and chance.random() < 0.3:
            mappings += ((D, A),)
        nodes.append(
            Node(
                policies,
                mappings,
                number(0.15),
                number(0.15),
                number(0.15),
                own=depth > 0 and chance.random() < 0.2,
            )
        )
    initial = chance.choice(((ANY_POLICY,), (ANY_POLICY,), (A,), (A, B), (C,), (D,)))
    inputs = asked(
        *initial,
        require_explicit_policy=chance.random() < 0.6,
        inhibit_policy_mapping=chance.random() < 0.1,
        inhibit_any_policy=chance.random() < 0.1,
    )
    return nodes, inputs


@pytest.mark.exhaustive
def test_the_graph_says_what_the_tree_says() -> None:
    """400 generated paths of two to five certificates, under random settings: RFC 9618 = RFC 5280."""
    answers, wrong = [], []
    for seed in range(400):
        nodes, inputs = generated(seed)
        expected, policies = tree_says(nodes, inputs)
        verification = judged(*chain(*nodes), inputs=inputs)
        answers.append(expected)
        named = set(verification.paths[0].policies)
        differs = expected and ANY_POLICY not in inputs.initial_policies and named != policies
        if verification.trusted is not expected or differs:
            wrong.append((seed, nodes, inputs, expected, failed_rules(verification)))
    assert not wrong, (len(wrong), wrong[0])
    assert 100 < sum(answers) < 300
