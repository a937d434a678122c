"""Name constraints over a grid: DNS names and addresses, permitted and excluded, over several CAs.

Each combination is issued and judged, and compared with an oracle of a dozen lines that knows strings and
subnets and nothing of the engine. As section 6.1 says, all names of the leaf have to lie within what every CA
permits of their form, and in nothing that one excludes.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

import pytest

from tests.support.raw_pki import AT, VALIDITY, Made, anchors_of, ca, dns, failed_rules, ip, leaf, nc
from trustdesk.core.verification import Purpose
from trustdesk.verify.path_verifier import PathVerifier

Constraint = tuple[tuple[str, ...], tuple[str, ...]]
"""Permitted and excluded subtrees; a slash makes a subnet."""

ROOT = ca("CN=Root")
DNS_CHOICES = {"absent": (), "match": ("good.example",), "parent": ("example",), "other": ("bad.example",)}
IP_CHOICES = {
    "absent": (),
    "match": ("192.0.2.0/24",),
    "exact": ("192.0.2.1/32",),
    "other": ("198.51.100.0/24",),
}
LEAVES = (
    ("www.good.example",),
    ("good.example",),
    ("*.good.example",),
    ("*.example",),
    ("192.0.2.1",),
    ("www.good.example", "192.0.2.1"),
    ("www.good.example", "www.bad.example"),
    ("192.0.2.1", "198.51.100.1"),
    ("2001:db8::1",),
)


def within_dns(name: str, base: str) -> bool:
    return name == base or name.endswith("." + base)


def reaches_dns(name: str, base: str) -> bool:
    """A wildcard reaches into a subtree that one of the names it stands for may be in."""
    if not name.startswith("*."):
        return within_dns(name, base)
    return within_dns(name[2:], base) or (base.count(".") == name.count(".") and base.endswith(name[1:]))


def allowed(names: tuple[str, ...], constraints: tuple[Constraint, ...]) -> bool:
    for name, (permitted, excluded) in product(names, constraints):
        if name[0].isdigit():
            address = ipaddress.ip_address(name)
            mine = [ipaddress.ip_network(base) for base in permitted if "/" in base]
            out = [ipaddress.ip_network(base) for base in excluded if "/" in base]
            if (mine and not any(address in base for base in mine)) or any(address in base for base in out):
                return False
            continue
        mine_dns = [base for base in permitted if "/" not in base]
        out_dns = [base for base in excluded if "/" not in base]
        if mine_dns and not any(within_dns(name, base) for base in mine_dns):
            return False
        if any(reaches_dns(name, base) for base in out_dns):
            return False
    return True


def general(text: str) -> bytes:
    return ip(text) if "/" in text or text[0].isdigit() else dns(text)


@cache
def level(constraint: Constraint, above: Made, number: int) -> Made:
    permitted, excluded = ([general(base) for base in bases] for bases in constraint)
    extra = [nc(permitted, excluded)] if permitted or excluded else []
    return ca(f"CN=CA {number}", above, extra=extra)


@cache
def verifier() -> PathVerifier:
    return PathVerifier([anchors_of(ROOT)])


def mismatches(cases: Iterator[tuple[tuple[str, ...], tuple[Constraint, ...]]]) -> tuple[int, list[object]]:
    count = 0
    wrong: list[object] = []
    for names, constraints in cases:
        above, pool = ROOT, []
        for number, constraint in enumerate(constraints):
            above = level(constraint, above, number)
            pool.append(above.der)
        end_entity = _leaf(above, names)
        verification = verifier().verify(end_entity.der, pool, purpose=Purpose.SERVER, at=AT, inputs=VALIDITY)
        count += 1
        expected = allowed(names, constraints)
        named = {rule for rule, _ in failed_rules(verification)}
        if verification.trusted is not expected or (not expected and not named <= {"names.dns", "names.ip"}):
            wrong.append((names, constraints, expected, named))
    return count, wrong


@cache
def _leaf(above: Made, names: tuple[str, ...]) -> Made:
    return leaf(above, *(general(name) for name in names))


def one_level() -> Iterator[tuple[tuple[str, ...], tuple[Constraint, ...]]]:
    """6 leaves x (4 x 4 DNS) x (4 x 4 IP) in one CA."""
    for names, dns_permitted, dns_excluded, ip_permitted, ip_excluded in product(
        LEAVES[::2] + LEAVES[5:6],
        DNS_CHOICES.values(),
        DNS_CHOICES.values(),
        IP_CHOICES.values(),
        IP_CHOICES.values(),
    ):
        yield names, ((dns_permitted + ip_permitted, dns_excluded + ip_excluded),)


def two_levels() -> Iterator[tuple[tuple[str, ...], tuple[Constraint, ...]]]:
    """9 leaves x (3 x 3) DNS or IP in each of two CAs."""
    for choices in (DNS_CHOICES, IP_CHOICES):
        some = [choices["absent"], choices["match"], choices["other"]]
        for names, upper, lower in product(LEAVES, product(some, some), product(some, some)):
            yield names, (upper, lower)


def three_levels() -> Iterator[tuple[tuple[str, ...], tuple[Constraint, ...]]]:
    """9 leaves x 4 constraints of both forms in each of three CAs."""
    some: list[Constraint] = [
        ((), ()),
        (("good.example", "192.0.2.0/24"), ()),
        (("example",), ("198.51.100.0/24",)),
        ((), ("bad.example",)),
    ]
    yield from product(LEAVES, product(some, repeat=3))


@pytest.mark.parametrize(
    ("cases", "least"),
    [
        pytest.param(one_level, 1536, marks=pytest.mark.exhaustive),
        pytest.param(two_levels, 1458, marks=pytest.mark.exhaustive),
        (three_levels, 576),
    ],
    ids=["1", "2", "3"],
)
def test_every_combination_is_judged_as_the_oracle_does(
    cases: Callable[[], Iterator[tuple[tuple[str, ...], tuple[Constraint, ...]]]], least: int
) -> None:
    """leaf (1 or 2 names) <- CAs (each with its constraints) <- root."""
    count, wrong = mismatches(cases())
    assert count == least
    assert not wrong, (len(wrong), wrong[:3])


def test_the_grid_has_both_answers() -> None:
    """An oracle that always says the same would prove nothing."""
    answers = [allowed(names, constraints) for names, constraints in one_level()]
    assert 200 < sum(answers) < 1200
