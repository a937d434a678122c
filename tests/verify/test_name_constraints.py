"""RFC 5280 4.2.1.10: which names of each kind lie in which subtree, and what cannot be compared."""

from __future__ import annotations

import ipaddress

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from trustdesk.core.verification import Purpose, Verification
from trustdesk.verify.extension_values import GeneralName, NameKind
from trustdesk.verify.name_subtrees import Subtrees, subtree
from trustdesk.verify.path_verifier import PathVerifier


def verdict(
    names: list[x509.GeneralName],
    *,
    permitted: list[x509.GeneralName] | None = None,
    excluded: list[x509.GeneralName] | None = None,
    subject: x509.Name | None = None,
) -> Verification:
    """Judge end entity (names) ← CA (constraints) ← [root]."""
    root = pki.root()
    limited = pki.authority("Limited", root, extensions=[(x509.NameConstraints(permitted, excluded), True)])
    extensions = [(x509.SubjectAlternativeName(names), True)] if names else []
    end_entity = pki.issue(subject or x509.Name([]), limited, extensions=extensions)
    verifier = PathVerifier([pki.trust_list(root)])
    return verifier.verify(end_entity.der, [limited.der], purpose=Purpose.CLIENT, at=pki.NOW)


def violated(verification: Verification) -> set[str]:
    return {check.rule for check in verification.paths[0].failures}


def address(text: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(text))


def network(text: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(text))


DNS, MAIL, URI = x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier


@pytest.mark.parametrize(
    ("name", "base", "within"),
    [
        (DNS("cargo.example"), DNS("cargo.example"), True),
        (DNS("a.b.cargo.example"), DNS("cargo.example"), True),
        (DNS("CARGO.example"), DNS("cargo.EXAMPLE"), True),
        (DNS("cargo.example"), DNS(""), True),
        (DNS("aircargo.example"), DNS("cargo.example"), False),
        (DNS("example"), DNS("cargo.example"), False),
        (DNS("*.cargo.example"), DNS("cargo.example"), True),
        (DNS("*.cargo.example"), DNS("api.cargo.example"), False),
        (DNS("api.cargo.example"), DNS(".cargo.example"), True),
        (DNS("cargo.example"), DNS(".cargo.example"), False),
        (MAIL("a@cargo.example"), MAIL("cargo.example"), True),
        (MAIL("a@Cargo.Example"), MAIL("cargo.example"), True),
        (MAIL("a@mail.cargo.example"), MAIL("cargo.example"), False),
        (MAIL("a@mail.cargo.example"), MAIL(".cargo.example"), True),
        (MAIL("a@cargo.example"), MAIL(".cargo.example"), False),
        (MAIL("a@cargo.example"), MAIL("a@cargo.example"), True),
        (MAIL("b@cargo.example"), MAIL("a@cargo.example"), False),
        (URI("https://cargo.example/ACME"), URI("cargo.example"), True),
        (URI("https://cargo.example:8443/ACME"), URI("cargo.example"), True),
        (URI("https://user@cargo.example/"), URI("cargo.example"), True),
        (URI("https://api.cargo.example/"), URI("cargo.example"), False),
        (URI("https://api.cargo.example/"), URI(".cargo.example"), True),
        (URI("https://cargo.example/"), URI(".cargo.example"), False),
        (URI("https://other.test/?x=cargo.example"), URI("cargo.example"), False),
        (address("192.0.2.77"), network("192.0.2.0/24"), True),
        (address("192.0.3.77"), network("192.0.2.0/24"), False),
        (address("2001:db8::7"), network("2001:db8::/32"), True),
        (address("2001:db9::7"), network("2001:db8::/32"), False),
        (address("2001:db8::7"), network("192.0.2.0/24"), False),
        (x509.DirectoryName(pki.name("a", "ACME")), x509.DirectoryName(pki.name("", "acme ")), True),
        (x509.DirectoryName(pki.name("a", "ACME")), x509.DirectoryName(pki.name("", "ACM")), False),
        (x509.DirectoryName(pki.name("", "ACME")), x509.DirectoryName(pki.name("a", "ACME")), False),
    ],
)
def test_name_within_or_outside_a_subtree(
    name: x509.GeneralName, base: x509.GeneralName, within: bool
) -> None:
    assert (violated(verdict([name], permitted=[base])) == set()) is within


@pytest.mark.parametrize(
    ("name", "base", "excluded"),
    [
        (DNS("api.cargo.example"), DNS("cargo.example"), True),
        (DNS("other.example"), DNS("cargo.example"), False),
        (DNS("*.cargo.example"), DNS("api.cargo.example"), True),
        (DNS("*.cargo.example"), DNS("v2.api.cargo.example"), False),
        (DNS("cargo.example"), DNS(".cargo.example"), True),
        (MAIL("Boss@cargo.example"), MAIL("boss@cargo.example"), True),
        (URI("https://cargo.example/"), URI("cargo.example"), True),
        (address("192.0.2.77"), network("192.0.2.0/24"), True),
        (x509.DirectoryName(pki.name("a", "ACME")), x509.DirectoryName(pki.name("", "ACME")), True),
    ],
)
def test_name_in_an_excluded_subtree(name: x509.GeneralName, base: x509.GeneralName, excluded: bool) -> None:
    assert (violated(verdict([name], excluded=[base])) != set()) is excluded


def test_constraint_of_one_kind_says_nothing_of_another() -> None:
    names = [DNS("cargo.example"), URI("https://other.test/")]
    assert violated(verdict(names, permitted=[DNS("cargo.example")])) == set()


def test_each_kind_is_named_by_its_own_rule() -> None:
    names = [
        DNS("a.test"),
        MAIL("a@a.test"),
        URI("https://a.test/"),
        address("192.0.2.1"),
        x509.DirectoryName(pki.name("A")),
    ]
    permitted = [
        DNS("b.test"),
        MAIL("b.test"),
        URI("b.test"),
        network("198.51.100.0/24"),
        x509.DirectoryName(pki.name("B")),
    ]
    assert violated(verdict(names, permitted=permitted)) == {
        *("names.dns", "names.email", "names.uri", "names.ip", "names.directory")
    }


@pytest.mark.parametrize(
    "name",
    [
        x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x01x"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3")),
    ],
)
@pytest.mark.parametrize("excluded", [True, False])
def test_kind_that_nothing_can_compare_fails_closed(name: x509.GeneralName, excluded: bool) -> None:
    permitted, holes = (None, [name]) if excluded else ([name], None)
    assert violated(verdict([name], permitted=permitted, excluded=holes)) == {"names.other"}
    assert violated(verdict([DNS("cargo.example")], permitted=permitted, excluded=holes)) == set()


@pytest.mark.parametrize(
    "uri", ["urn:uuid:1234", "https://192.0.2.1/", "mailto:a@cargo.example", "https:///x"]
)
def test_uri_without_a_host_name_is_outside_every_constraint(uri: str) -> None:
    """RFC 5280 4.2.1.10: such a certificate is rejected where URIs are constrained."""
    assert violated(verdict([URI(uri)], excluded=[URI("other.test")])) == {"names.uri"}


def test_email_address_in_the_subject_counts_where_there_is_no_alternative_name() -> None:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.EMAIL_ADDRESS, "A@other.test")])
    assert violated(verdict([], permitted=[MAIL("cargo.example")], subject=subject)) == {"names.email"}
    assert violated(verdict([], permitted=[MAIL("other.test")], subject=subject)) == set()


def test_constraints_of_all_cas_are_kept_at_once() -> None:
    """End entity ← B (permits api.cargo.example) ← A (permits cargo.example) ← [root]: both bind."""
    root = pki.root()
    a = pki.authority("A", root, extensions=[_permits("cargo.example")])
    b = pki.authority("B", a, extensions=[_permits("example")])
    for host, trusted in (("api.cargo.example", True), ("other.example", False)):
        server = pki.server(b, host)
        verifier = PathVerifier([pki.trust_list(root)])
        verification = verifier.verify(server.der, [a.der, b.der], purpose=Purpose.SERVER, at=pki.NOW)
        assert verification.trusted is trusted


def test_self_issued_ca_is_let_through_and_the_end_entity_is_not() -> None:
    """RFC 5280 6.1.3 (b): a CA's new key under its own name; directory names of self-issued CAs are free."""
    root = pki.root()
    only = x509.NameConstraints([x509.DirectoryName(pki.name("", "ACME"))], None)
    old = pki.authority("Issuing", root, extensions=[(only, True)])
    new = pki.authority("Issuing", old)
    server = pki.issue(pki.name("host", "ACME"), new)
    verifier = PathVerifier([pki.trust_list(root)])
    assert verifier.verify(server.der, [old.der, new.der], purpose=Purpose.CLIENT, at=pki.NOW).trusted


def test_budget_of_comparisons_is_a_finding() -> None:
    names: list[x509.GeneralName] = [DNS(f"h{number}.cargo.example") for number in range(1100)]
    excluded: list[x509.GeneralName] = [DNS(f"n{number}.example") for number in range(1000)]
    verification = verdict(names, excluded=excluded)
    assert violated(verification) == {"names.dns"}
    assert verification.search_limit_hit is not None


def test_constraint_in_an_end_entity_is_refused() -> None:
    root = pki.root()
    end_entity = pki.server(root, extensions=[_permits("cargo.example")])
    verifier = PathVerifier([pki.trust_list(root)])
    verification = verifier.verify(end_entity.der, purpose=Purpose.SERVER, at=pki.NOW)
    assert violated(verification) == {"names.only_ca"}


def test_mask_with_holes_cannot_be_compared_with() -> None:
    base = GeneralName(NameKind.IP, bytes([192, 0, 2, 0, 255, 0, 255, 0]), "192.0.2.0/255.0.255.0")
    assert Subtrees([base]).unusable == [base]
    assert not Subtrees([subtree("IP:192.0.2.0/24")]).unusable


@pytest.mark.parametrize("base", ["*.cargo.example", "cargo..example", "car go.example", "a" * 64])
def test_domain_that_is_none_cannot_be_compared_with(base: str) -> None:
    assert Subtrees([GeneralName(NameKind.DNS, base, base)]).unusable


_LABELS = st.lists(st.sampled_from(["a", "b", "cargo"]), min_size=1, max_size=5)


@given(_LABELS, _LABELS)
def test_domain_lies_in_a_subtree_when_its_last_labels_are_those(name: list[str], base: list[str]) -> None:
    subtrees = Subtrees([subtree(f"DNS:{'.'.join(base)}")])
    presented = GeneralName(NameKind.DNS, ".".join(name), "")
    assert (subtrees.holding(presented) is not None) is (name[-len(base) :] == base)


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_address_lies_in_a_network_when_its_first_bits_are_those(
    one: ipaddress.IPv4Address, other: ipaddress.IPv4Address, length: int
) -> None:
    within = ipaddress.ip_network(f"{other}/{length}", strict=False)
    subtrees = Subtrees([subtree(f"IP:{within}")])
    assert (subtrees.holding(GeneralName(NameKind.IP, one.packed, "")) is not None) is (one in within)


def _permits(domain: str) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints([x509.DNSName(domain)], None), True
