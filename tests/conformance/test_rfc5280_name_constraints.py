"""RFC 5280 4.2.1.10, 6.1.3 (b), (c), 6.1.4 (g): name constraints, every form of name.

Chains read leaf (names) <- CA (constraints) <- root, unless it is said otherwise.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.raw_pki import (
    CONFORMANCE,
    HOST,
    OIDS,
    PRINTABLE,
    UTF8,
    VALIDITY,
    accept,
    attribute,
    ca,
    check_of,
    directory,
    dn,
    dns,
    email,
    ext,
    failed_rules,
    first_failure,
    ip,
    judged,
    leaf,
    nc,
    nonconforming,
    other_name,
    refuse,
    registered_id,
    san,
    seq,
    tlv,
    uri,
)
from trustdesk.core.verification import ENFORCED, RuleStatus

ROOT = ca("CN=Root")
UPN = "1.3.6.1.4.1.311.20.2.3"
SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9"


def constrained(
    name: bytes,
    permitted: list[bytes],
    excluded: list[bytes],
    expected: bool,
    rule: str,
) -> None:
    middle = ca("CN=CA", ROOT, extra=[nc(permitted, excluded)])
    end_entity = leaf(middle, name)
    if expected:
        verification = judged(end_entity, middle, ROOT)
        assert verification.trusted, failed_rules(verification)
    else:
        refuse(rule, 0, end_entity, middle, ROOT)


DNS = [
    ("host.example", "host.example", True),
    ("a.host.example", "host.example", True),
    ("a.b.host.example", "host.example", True),
    ("host.example", "example", True),
    ("HOST.Example", "host.EXAMPLE", True),
    ("xhost.example", "host.example", False),
    ("example", "host.example", False),
    ("host.example.other", "host.example", False),
    ("host.other", "example", False),
    ("*.host.example", "host.example", True),
    ("*.a.host.example", "host.example", True),
    ("xn--bcher-kva.example", "xn--bcher-kva.example", True),
    ("xn--bcher-kva.example", "bcher-kva.example", False),
    ("host.example", "", True),
    ("host", "host", True),
]


@pytest.mark.parametrize(("name", "base", "within"), DNS)
def test_dns_names_in_a_permitted_subtree(name: str, base: str, within: bool) -> None:
    """leaf (DNS) <- CA (permitted): zero or more labels added on the left."""
    constrained(dns(name), [dns(base)], [], within, "names.dns")


@pytest.mark.parametrize(("name", "base", "within"), DNS)
def test_dns_names_in_an_excluded_subtree(name: str, base: str, within: bool) -> None:
    """leaf (DNS) <- CA (excluded): what lies within is refused."""
    constrained(dns(name), [], [dns(base)], not within, "names.dns")


def test_a_wildcard_beyond_a_permitted_subtree() -> None:
    """leaf (*.example) <- CA (permitted host.example): it stands for others too."""
    constrained(dns("*.example"), [dns("host.example")], [], False, "names.dns")


def test_a_wildcard_that_reaches_into_an_excluded_subtree() -> None:
    """leaf (*.example) <- CA (excluded host.example): it stands for host.example, which is excluded."""
    constrained(dns("*.example"), [], [dns("host.example")], False, "names.dns")


def test_a_wildcard_stands_for_one_label() -> None:
    """leaf (*.example) <- CA (excluded a.host.example): it cannot stand for that."""
    constrained(dns("*.example"), [], [dns("a.host.example")], True, "names.dns")


def test_a_wildcard_beside_an_excluded_subtree() -> None:
    """leaf (*.other.example) <- CA (excluded host.example)."""
    constrained(dns("*.other.example"), [], [dns("host.example")], True, "names.dns")


def test_excluded_wins_over_permitted() -> None:
    """leaf (a.host.example) <- CA (permitted example, excluded host.example): 6.1.3 (b) and (c)."""
    constrained(dns("a.host.example"), [dns("example")], [dns("host.example")], False, "names.dns")


def test_permitted_and_not_excluded() -> None:
    """leaf (other.example) <- CA (permitted example, excluded host.example)."""
    constrained(dns("other.example"), [dns("example")], [dns("host.example")], True, "names.dns")


def test_one_of_several_permitted_subtrees_suffices() -> None:
    """leaf (host.example) <- CA (permitted other, example)."""
    constrained(dns("host.example"), [dns("other"), dns("example")], [], True, "names.dns")


def test_every_name_has_to_be_within() -> None:
    """leaf (host.example, host.other) <- CA (permitted example)."""
    middle = ca("CN=CA", ROOT, extra=[nc([dns("example")])])
    refuse("names.dns", 0, leaf(middle, dns(HOST), dns("host.other")), middle, ROOT)


def test_everything_excluded() -> None:
    """leaf (any DNS name) <- CA (excluded ""): the whole form."""
    constrained(dns(HOST), [], [dns("")], False, "names.dns")


@pytest.mark.parametrize(
    ("name", "permitted", "expected"),
    [("a.host.example", True, True), ("host.example", True, False), ("a.host.example", False, False),
     ("host.example", False, False), ("xhost.example", False, True)],
)  # fmt: skip
def test_a_leading_dot_is_no_dns_constraint(name: str, permitted: bool, expected: bool) -> None:
    """CA (.host.example): RFC 5280 has it for URIs and email alone.

    Debatable. Read as "what is below" where it permits, and as the whole subtree where it excludes: the
    reading of which nobody is let through. By section 4 it does not conform.
    """
    base = [dns(".host.example")]
    middle = ca("CN=CA", ROOT, extra=[nc(base if permitted else [], [] if permitted else base)])
    end_entity = leaf(middle, dns(name))
    assert judged(end_entity, middle, ROOT).trusted is expected
    strict = judged(end_entity, middle, ROOT, inputs=CONFORMANCE)
    assert ("names.leading_dot", 1) in failed_rules(strict)


@pytest.mark.parametrize("base", ["host.example.", "HOST.example."])
def test_a_trailing_dot_changes_nothing(base: str) -> None:
    """CA (host.example.): the same domain, absolute."""
    middle = ca("CN=CA", ROOT, extra=[nc([dns(base)])])
    assert judged(leaf(middle, dns("a.host.example")), middle, ROOT).trusted
    assert not judged(leaf(middle, dns("a.other.example")), middle, ROOT).trusted


@pytest.mark.parametrize("base", ["*.example", "host..example", "exa mple", "host/example", "a" * 64])
@pytest.mark.parametrize("permitted", [True, False])
def test_a_malformed_dns_constraint_is_the_cas_fault(base: str, permitted: bool) -> None:
    """CA (no domain): nothing can be compared with it, and the CA is named, not the leaf."""
    bases = [dns(base)]
    middle = ca("CN=CA", ROOT, extra=[nc(bases if permitted else [], [] if permitted else bases)])
    verification = judged(leaf(middle), middle, ROOT)
    assert failed_rules(verification) == {("names.syntax", 1)}


def test_names_of_another_form_are_not_constrained() -> None:
    """leaf (DNS, email, IP) <- CA (permitted: one directory name of all): only that form is."""
    middle = ca("CN=CA", ROOT, extra=[nc([directory("CN=leaf")])])
    accept(leaf(middle, dns(HOST), email("a@b.example"), ip("192.0.2.1")), middle, ROOT)


def test_without_alternative_names_dns_constraints_have_nothing_to_say() -> None:
    """leaf (CN=host.other, no SAN) <- CA (permitted DNS example): RFC 5280 constrains no Common Name.

    Nothing here ever takes a Common Name for the name of a server (RFC 9525), so that nobody gets past.
    """
    middle = ca("CN=CA", ROOT, extra=[nc([dns("example")])])
    end_entity = leaf(middle, subject="CN=host.other", more={"san": None})
    accept(end_entity, middle, ROOT)
    assert not judged(end_entity, middle, ROOT, host="host.other").trusted


def test_constraints_that_are_not_critical_bind_all_the_same() -> None:
    """leaf (host.other) <- CA (permitted example, not critical): 6.1.3 (b) asks for no criticality."""
    middle = ca("CN=CA", ROOT, extra=[nc([dns("example")], critical=False)])
    refuse("names.dns", 0, leaf(middle, dns("host.other")), middle, ROOT)


# IP addresses

ADDRESSES = [
    ("192.0.2.1", "192.0.2.0/24", True),
    ("192.0.3.1", "192.0.2.0/24", False),
    ("192.0.2.1", "192.0.2.1/32", True),
    ("192.0.2.2", "192.0.2.1/32", False),
    ("192.0.2.1", "0.0.0.0/0", True),
    ("192.0.2.77", "192.0.2.64/26", True),
    ("192.0.2.128", "192.0.2.64/26", False),
    ("2001:db8::1", "2001:db8::/32", True),
    ("2001:db9::1", "2001:db8::/32", False),
    ("2001:db8::1", "::/0", True),
    ("2001:db8::1", "2001:db8::1/128", True),
    ("192.0.2.1", "::/0", False),
    ("2001:db8::1", "0.0.0.0/0", False),
    ("::ffff:192.0.2.1", "192.0.2.0/24", False),
]


@pytest.mark.parametrize(("address", "subnet", "within"), ADDRESSES)
def test_addresses_in_a_permitted_subnet(address: str, subnet: str, within: bool) -> None:
    """leaf (IP) <- CA (permitted): one form for both lengths, so that the other length is never within."""
    constrained(ip(address), [ip(subnet)], [], within, "names.ip")


@pytest.mark.parametrize(("address", "subnet", "within"), ADDRESSES)
def test_addresses_in_an_excluded_subnet(address: str, subnet: str, within: bool) -> None:
    """leaf (IP) <- CA (excluded)."""
    constrained(ip(address), [], [ip(subnet)], not within, "names.ip")


@pytest.mark.parametrize(
    "base",
    [
        ip("192.0.2.0/255.0.255.0"),
        ip("192.0.2.0/0.0.0.255"),
        ip("192.0.2.1"),
        tlv(0x87, b"\0" * 5),
        tlv(0x87, b"\0" * 16),
        tlv(0x87, b"\0" * 33),
        tlv(0x87),
    ],
    ids=["holes", "inverted", "address", "5", "16", "33", "0"],
)
@pytest.mark.parametrize("permitted", [True, False])
def test_a_malformed_subnet_is_the_cas_fault(base: bytes, permitted: bool) -> None:
    """CA (not address and mask as RFC 4632 has them): the CA is named, with or without addresses below."""
    middle = ca("CN=CA", ROOT, extra=[nc([base] if permitted else [], [] if permitted else [base])])
    for end_entity in (leaf(middle, ip("192.0.2.1")), leaf(middle)):
        verification = judged(end_entity, middle, ROOT)
        assert failed_rules(verification) == {("names.syntax", 1)}


def test_a_malformed_address_is_within_nothing() -> None:
    """leaf (IP of 5 octets) <- CA (permitted 0.0.0.0/0)."""
    constrained(tlv(0x87, b"\1" * 5), [ip("0.0.0.0/0")], [], False, "names.ip")


# email

MAILBOXES = [
    ("some@host.example", "some@host.example", True),
    ("some@HOST.example", "some@host.EXAMPLE", True),
    ("other@host.example", "some@host.example", False),
    ("some@host.example", "host.example", True),
    ("some@a.host.example", "host.example", False),
    ("some@a.host.example", ".host.example", True),
    ("some@a.b.host.example", ".host.example", True),
    ("some@host.example", ".host.example", False),
    ("some@xhost.example", "host.example", False),
    ("some@xhost.example", ".host.example", False),
]


@pytest.mark.parametrize(("mailbox", "base", "within"), MAILBOXES)
def test_mailboxes_in_a_permitted_subtree(mailbox: str, base: str, within: bool) -> None:
    """leaf (email) <- CA (permitted): one mailbox, all of a host, or with a dot all below a domain."""
    constrained(email(mailbox), [email(base)], [], within, "names.email")


@pytest.mark.parametrize(("mailbox", "base", "within"), MAILBOXES)
def test_mailboxes_in_an_excluded_subtree(mailbox: str, base: str, within: bool) -> None:
    """leaf (email) <- CA (excluded)."""
    constrained(email(mailbox), [], [email(base)], not within, "names.email")


def test_a_local_part_is_as_it_is_written() -> None:
    """leaf (Some@host.example) <- CA (permitted some@host.example): 7.5, "exact match"."""
    constrained(email("Some@host.example"), [email("some@host.example")], [], False, "names.email")


def test_a_capital_does_not_dodge_an_exclusion() -> None:
    """leaf (Some@host.example) <- CA (excluded some@host.example).

    Stricter than 7.5: mail systems deliver both to one box, and a wrong refusal is the smaller fault.
    """
    constrained(email("Some@host.example"), [], [email("some@host.example")], False, "names.email")


@pytest.mark.parametrize("mailbox", ["nobody", "a@b@host.example", "some@"])
def test_what_is_no_mailbox_is_within_nothing(mailbox: str) -> None:
    """leaf (no mailbox) <- CA (any constraint on email)."""
    for permitted, excluded in (([email("host.example")], []), ([], [email("other.example")])):
        if mailbox != "some@" or permitted:
            constrained(email(mailbox), permitted, excluded, False, "names.email")


def test_addresses_in_the_subject_count_without_alternative_names() -> None:
    """leaf (subject E=some@other.example, no SAN) <- CA (permitted email host.example): MUST be applied."""
    middle = ca("CN=CA", ROOT, extra=[nc([email("host.example")])])
    subject = seq(tlv(0x31, attribute("E", "some@other.example", 0x16)))
    refuse("names.email", 0, leaf(middle, subject=subject, more={"san": None}), middle, ROOT)
    within = seq(tlv(0x31, attribute("E", "some@host.example", 0x16)))
    accept(leaf(middle, subject=within, more={"san": None}), middle, ROOT)


def test_addresses_in_the_subject_do_not_count_beside_alternative_names() -> None:
    """leaf (subject E=some@other.example, SAN DNS) <- CA (permitted email): only without a SAN."""
    middle = ca("CN=CA", ROOT, extra=[nc([email("host.example")])])
    subject = seq(tlv(0x31, attribute("E", "some@other.example", 0x16)))
    accept(leaf(middle, subject=subject), middle, ROOT)


@pytest.mark.parametrize(
    ("mailbox", "within"),
    [("bücher@host.example", True), ("bücher@other.example", False), ("bücher@höst.example", False)],
)
def test_internationalized_mailboxes_keep_to_constraints_on_email(mailbox: str, within: bool) -> None:
    """leaf (SmtpUTF8Mailbox) <- CA (permitted email host.example): RFC 9598 section 6."""
    name = other_name(SMTP_UTF8_MAILBOX, tlv(UTF8, mailbox.encode()))
    constrained(name, [email("host.example")], [], within, "names.email")


def test_an_internationalized_mailbox_that_cannot_be_read_is_within_nothing() -> None:
    """leaf (SmtpUTF8Mailbox that is no text) <- CA (permitted email host.example)."""
    name = other_name(SMTP_UTF8_MAILBOX, tlv(UTF8, b"\xff@host.example"))
    constrained(name, [email("host.example")], [], False, "names.email")


# URIs

URIS = [
    ("https://host.example/a", "host.example", True),
    ("https://HOST.example:8443/a", "host.EXAMPLE", True),
    ("https://user@host.example/", "host.example", True),
    ("https://a.host.example/", "host.example", False),
    ("https://a.host.example/", ".host.example", True),
    ("https://a.b.host.example/", ".host.example", True),
    ("https://host.example/", ".host.example", False),
    ("https://xhost.example/", ".host.example", False),
    ("https://host.example@other.example/", "host.example", False),
    ("https://other.example/host.example", "host.example", False),
    ("https://other.example?host.example", "host.example", False),
    ("https://other.example#@host.example", "host.example", False),
    ("ldap://host.example/cn=x", "host.example", True),
]


@pytest.mark.parametrize(("text", "base", "within"), URIS)
def test_uris_in_a_permitted_subtree(text: str, base: str, within: bool) -> None:
    """leaf (URI) <- CA (permitted): the host is compared, and nothing else."""
    constrained(uri(text), [uri(base)], [], within, "names.uri")


@pytest.mark.parametrize(("text", "base", "within"), URIS)
def test_uris_in_an_excluded_subtree(text: str, base: str, within: bool) -> None:
    """leaf (URI) <- CA (excluded)."""
    constrained(uri(text), [], [uri(base)], not within, "names.uri")


@pytest.mark.parametrize(
    "text",
    [
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "mailto:someone@host.example",
        "https://192.0.2.1/",
        "https://[2001:db8::1]/",
        "https:///path",
        "host.example",
        "https://host.example\\@other.example/",
        "https://host .example/",
        "https://h%6fst.example/",
    ],
)
def test_a_uri_without_a_host_name_is_refused_where_uris_are_constrained(text: str) -> None:
    """leaf (URI without authority, or at an address) <- CA (URI): 4.2.1.10, MUST reject."""
    constrained(uri(text), [uri("host.example")], [], False, "names.uri")
    constrained(uri(text), [], [uri("other.example")], False, "names.uri")


@pytest.mark.parametrize("base", ["https://host.example", "192.0.2.1/24", "host.example:443", "a..b"])
def test_a_malformed_uri_constraint_is_the_cas_fault(base: str) -> None:
    """CA (permitted: no host and no domain)."""
    middle = ca("CN=CA", ROOT, extra=[nc([uri(base)])])
    assert failed_rules(judged(leaf(middle), middle, ROOT)) == {("names.syntax", 1)}


# directory names

DIRECTORIES = [
    ("O=ACME,CN=x", "O=ACME", True),
    ("O=ACME,CN=x", "O=ACME,CN=x", True),
    ("O=acme,CN=x", "O=ACME", True),
    ("O=ACME", "O=ACME,CN=x", False),
    ("O=Other,CN=x", "O=ACME", False),
    ("OU=ACME,CN=x", "O=ACME", False),
    ("C=DE,O=ACME,CN=x", "O=ACME", False),
    ("CN=x,O=ACME", "O=ACME", False),
    ("O=ACME+OU=a,CN=x", "O=ACME", False),
    ("O=ACME+OU=a,CN=x", "OU=a+O=ACME", True),
    ("O=ACME Ltd,CN=x", "O=ACME", False),
    ("O=ACME,CN=x", "", True),
]


@pytest.mark.parametrize(("name", "base", "within"), DIRECTORIES)
def test_subjects_in_a_permitted_subtree(name: str, base: str, within: bool) -> None:
    """leaf (subject) <- CA (permitted directory name): an initial sequence of relative names."""
    middle = ca("CN=CA", ROOT, extra=[nc([directory(base)])])
    end_entity = leaf(middle, subject=name)
    if within:
        accept(end_entity, middle, ROOT)
    else:
        refuse("names.directory", 0, end_entity, middle, ROOT)


@pytest.mark.parametrize(("name", "base", "within"), DIRECTORIES)
def test_subjects_in_an_excluded_subtree(name: str, base: str, within: bool) -> None:
    """leaf (subject) <- CA (excluded directory name)."""
    middle = ca("CN=CA", ROOT, extra=[nc(excluded=[directory(base)])])
    end_entity = leaf(middle, subject=name)
    if within:
        refuse("names.directory", 0, end_entity, middle, ROOT)
    else:
        accept(end_entity, middle, ROOT)


@pytest.mark.parametrize(("name", "base", "within"), DIRECTORIES)
def test_directory_names_among_the_alternatives(name: str, base: str, within: bool) -> None:
    """leaf (no subject, SAN directory name) <- CA (permitted): the same rule."""
    middle = ca("CN=CA", ROOT, extra=[nc([directory(base)])])
    end_entity = leaf(middle, directory(name), subject="")
    assert judged(end_entity, middle, ROOT).trusted is within


def test_the_type_of_a_string_does_not_matter() -> None:
    """leaf (O=ACME as UTF8String) <- CA (permitted O=ACME as PrintableString): 7.1."""
    middle = ca("CN=CA", ROOT, extra=[nc([directory("O=ACME", PRINTABLE)])])
    accept(leaf(middle, subject=dn("O=ACME,CN=x", UTF8)), middle, ROOT)


def test_an_empty_subject_is_not_constrained() -> None:
    """leaf (no subject, SAN critical) <- CA (permitted O=ACME): there is no name of this form."""
    middle = ca("CN=CA", ROOT, extra=[nc([directory("O=ACME")])])
    accept(leaf(middle, subject=""), middle, ROOT)


# other forms


@pytest.mark.parametrize(
    ("name", "base"),
    [
        (other_name(UPN, tlv(UTF8, b"a@b")), other_name(UPN, tlv(UTF8, b"@b"))),
        (registered_id("1.2.3.4"), registered_id("1.2.3")),
        (tlv(0xA5, tlv(0xA1, tlv(UTF8, b"party"))), tlv(0xA5, tlv(0xA1, tlv(UTF8, b"party")))),
        (tlv(0xA3, seq()), tlv(0xA3, seq())),
    ],
    ids=["otherName", "registeredID", "ediPartyName", "x400Address"],
)
@pytest.mark.parametrize("permitted", [True, False])
def test_forms_that_nothing_compares_are_refused(name: bytes, base: bytes, permitted: bool) -> None:
    """leaf (such a name) <- CA (such a constraint): "process the constraint or reject" (4.2.1.10)."""
    constrained(name, [base] if permitted else [], [] if permitted else [base], False, "names.other")


@pytest.mark.parametrize("base", [other_name(UPN, tlv(UTF8, b"@b")), registered_id("1.2.3")])
def test_forms_that_nothing_compares_do_no_harm_where_they_do_not_occur(base: bytes) -> None:
    """leaf (DNS) <- CA (permitted otherName): no instance of that form, nothing to process."""
    middle = ca("CN=CA", ROOT, extra=[nc([base])])
    accept(leaf(middle), middle, ROOT)


# several CAs


def test_constraints_of_all_cas_bind() -> None:
    """leaf (a.b.example) <- CA 2 (permitted b.example) <- CA 1 (permitted example) <- root."""
    first = ca("CN=CA 1", ROOT, extra=[nc([dns("example")])])
    second = ca("CN=CA 2", first, extra=[nc([dns("b.example")])])
    accept(leaf(second, dns("a.b.example")), second, first, ROOT)


@pytest.mark.parametrize(("upper", "lower"), [("b.example", "example"), ("example", "b.example")])
def test_permitted_subtrees_intersect(upper: str, lower: str) -> None:
    """leaf (host.example) <- CA 2 <- CA 1: one of the two does not permit it (6.1.4 (g))."""
    first = ca("CN=CA 1", ROOT, extra=[nc([dns(upper)])])
    second = ca("CN=CA 2", first, extra=[nc([dns(lower)])])
    refuse("names.dns", 0, leaf(second, dns("host.example")), second, first, ROOT)


def test_permitted_subtrees_that_have_nothing_in_common() -> None:
    """leaf <- CA 2 (permitted b) <- CA 1 (permitted a): no DNS name is within both."""
    first = ca("CN=CA 1", ROOT, extra=[nc([dns("a")])])
    second = ca("CN=CA 2", first, extra=[nc([dns("b")])])
    for name in ("x.a", "x.b"):
        refuse("names.dns", 0, leaf(second, dns(name)), second, first, ROOT)


def test_a_lower_ca_does_not_widen() -> None:
    """leaf (host.other) <- CA 2 (permitted other, too) <- CA 1 (permitted example)."""
    first = ca("CN=CA 1", ROOT, extra=[nc([dns("example")])])
    second = ca("CN=CA 2", first, extra=[nc([dns("example"), dns("other")])])
    refuse("names.dns", 0, leaf(second, dns("host.other")), second, first, ROOT)


def test_excluded_subtrees_unite() -> None:
    """leaf <- CA 2 (excluded b) <- CA 1 (excluded a): both are out, c is not."""
    first = ca("CN=CA 1", ROOT, extra=[nc(excluded=[dns("a")])])
    second = ca("CN=CA 2", first, extra=[nc(excluded=[dns("b")])])
    accept(leaf(second, dns("x.c")), second, first, ROOT)
    for name in ("x.a", "x.b"):
        refuse("names.dns", 0, leaf(second, dns(name)), second, first, ROOT)


def test_the_constraint_that_is_broken_is_named_from_two_levels_up() -> None:
    """leaf (host.other) <- CA 2 <- CA 1 (permitted example) <- root: the leaf, and CA 1's constraint."""
    first = ca("CN=CA 1", ROOT, extra=[nc([dns("example")])])
    second = ca("CN=CA 2", first)
    named = first_failure(judged(leaf(second, dns("host.other")), second, first, ROOT))
    assert (named.index, named.rule) == (0, "names.dns")
    said = dict(named.evidence.params)
    assert (said["name"], said["authority"], said["permitted"]) == ("host.other", "CA 1", "example")


def test_a_ca_keeps_to_the_constraints_above_it() -> None:
    """leaf (O=ACME) <- CA 2 (O=Other) <- CA 1 (permitted O=ACME) <- root: the CA's subject counts (6.1.3)."""
    first = ca("CN=CA 1", ROOT, extra=[nc([directory("O=ACME")])])
    second = ca("O=Other,CN=CA 2", first)
    refuse("names.directory", 1, leaf(second, subject="O=ACME,CN=x"), second, first, ROOT)


def test_a_cas_alternative_names_count_too() -> None:
    """leaf <- CA 2 (SAN host.other) <- CA 1 (permitted example) <- root."""
    first = ca("CN=CA 1", ROOT, extra=[nc([dns("example")])])
    second = ca("CN=CA 2", first, extra=[san(dns("host.other"))])
    refuse("names.dns", 1, leaf(second), second, first, ROOT)


def test_constraints_do_not_bind_who_sets_them() -> None:
    """leaf (O=ACME) <- CA (O=Other, permitted O=ACME) <- root: all subsequent certificates (4.2.1.10)."""
    middle = ca("O=Other,CN=CA", ROOT, extra=[nc([directory("O=ACME")])])
    accept(leaf(middle, subject="O=ACME,CN=x"), middle, ROOT)


def test_self_issued_intermediates_are_let_through() -> None:
    """leaf (O=ACME) <- CA' (self-issued, O=Other) <- CA (O=Other, permitted O=ACME) <- root: 6.1.3 (b)."""
    middle = ca("O=Other,CN=CA", ROOT, key_of="old", extra=[nc([directory("O=ACME")])])
    renewed = ca("O=Other,CN=CA", middle, key_of="new")
    accept(leaf(renewed, subject="O=ACME,CN=x"), renewed, middle, ROOT)


def test_a_self_issued_end_entity_is_not_let_through() -> None:
    """leaf (self-issued: the CA's name) <- CA (O=Other, permitted O=ACME) <- root: the last one counts."""
    middle = ca("O=Other,CN=CA", ROOT, key_of="old", extra=[nc([directory("O=ACME")])])
    refuse("names.directory", 0, leaf(middle, subject="O=Other,CN=CA"), middle, ROOT)


def test_constraints_in_a_self_issued_certificate_bind() -> None:
    """leaf (host.other) <- CA' (self-issued, permitted example) <- CA <- root: 6.1.4 (g) excepts nobody."""
    middle = ca("CN=CA", ROOT, key_of="old")
    renewed = ca("CN=CA", middle, key_of="new", extra=[nc([dns("example")])])
    refuse("names.dns", 0, leaf(renewed, dns("host.other")), renewed, middle, ROOT)


# the anchor


def test_a_plain_anchors_constraints_do_not_bind() -> None:
    """leaf (host.other) <- root (permitted example): no input to 6.1, unless the setting says so."""
    root = ca("CN=Root", extra=[nc([dns("example")])])
    accept(leaf(root, dns("host.other")), root)


def test_an_enforced_anchors_constraints_bind() -> None:
    """leaf (host.other) <- root (permitted example), enforced: RFC 5937."""
    root = ca("CN=Root", extra=[nc([dns("example")])])
    inputs = replace(VALIDITY, anchor=ENFORCED)
    assert failed_rules(judged(leaf(root, dns("host.other")), root, inputs=inputs)) == {("names.dns", 0)}
    assert judged(leaf(root, dns("host.example")), root, inputs=inputs).trusted


def test_a_malformed_constraint_of_an_enforced_anchor_is_the_anchors_fault() -> None:
    """leaf (IP) <- root (mask with holes), enforced."""
    root = ca("CN=Root", extra=[nc([ip("192.0.2.0/255.0.255.0")])])
    inputs = replace(VALIDITY, anchor=ENFORCED)
    assert failed_rules(judged(leaf(root, ip("192.0.2.1")), root, inputs=inputs)) == {("names.syntax", 1)}


# form


@pytest.mark.parametrize(("minimum", "maximum"), [(1, None), (None, 0), (None, 5), (0, 5)])
def test_subtrees_have_no_minimum_and_no_maximum(minimum: int | None, maximum: int | None) -> None:
    """CA (minimum 1, or a maximum): 4.2.1.10, "process or reject"; nothing processes them."""
    middle = ca("CN=CA", ROOT, extra=[nc([dns("example")], minimum=minimum, maximum=maximum)])
    refuse("names.syntax", 1, leaf(middle), middle, ROOT)


def test_a_minimum_of_zero_may_be_written_out() -> None:
    """CA (minimum 0 written out, which is the default): means what it says."""
    middle = ca("CN=CA", ROOT, extra=[nc([dns("example")], minimum=0)])
    assert judged(leaf(middle), middle, ROOT).trusted


@pytest.mark.parametrize("value", [seq(), seq(tlv(0xA0)), seq(tlv(0xA1)), seq(tlv(0xA2, seq(dns("a"))))])
def test_constraints_without_a_subtree_are_none(value: bytes) -> None:
    """CA (an empty sequence, or of no subtrees): SIZE (1..MAX), MUST NOT be empty."""
    middle = ca("CN=CA", ROOT, extra=[ext(OIDS["nc"], value, True)])
    refuse("critical.readable", 1, leaf(middle), middle, ROOT)


def test_only_a_ca_has_name_constraints() -> None:
    """leaf (name constraints): 4.2.1.10 MUST be used only in a CA certificate."""
    refuse("names.only_ca", 0, leaf(ca("CN=CA", ROOT), extra=[nc([dns("example")])]), ca("CN=CA", ROOT), ROOT)


def test_name_constraints_are_critical() -> None:
    """CA (name constraints, not critical): MUST (4.2.1.10)."""
    middle = ca("CN=CA", ROOT, extra=[nc([dns("example")], critical=False)])
    nonconforming("names.critical", 1, leaf(middle), middle, ROOT)


def test_what_could_not_be_compared_is_no_pass() -> None:
    """leaf (IP) <- CA (mask with holes): the leaf's check says that it was not run."""
    middle = ca("CN=CA", ROOT, extra=[nc([ip("192.0.2.0/255.0.255.0")])])
    check = check_of(judged(leaf(middle, ip("192.0.2.1")), middle, ROOT), "names.ip", 0)
    assert check.status is RuleStatus.NOT_RUN


def test_many_names_and_many_constraints_end_at_a_limit() -> None:
    """leaf (2,000 names) <- CA (2,000 subtrees): four million comparisons are refused, and that is said."""
    middle = ca("CN=CA", ROOT, extra=[nc(excluded=[dns(f"x{n}.other") for n in range(2000)])])
    end_entity = leaf(middle, *(dns(f"x{n}.example") for n in range(2000)))
    verification = judged(end_entity, middle, ROOT)
    assert failed_rules(verification) == {("names.dns", 0)}
    assert verification.search_limit_hit is not None


def test_many_names_within_the_limit_are_compared() -> None:
    """leaf (500 names) <- CA (500 subtrees): within the limit, and valid."""
    middle = ca("CN=CA", ROOT, extra=[nc(excluded=[dns(f"x{n}.other") for n in range(500)])])
    accept(leaf(middle, *(dns(f"x{n}.example") for n in range(500))), middle, ROOT)
