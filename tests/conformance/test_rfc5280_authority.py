"""RFC 5280 4.2.1.3, 4.2.1.9, 6.1.4 (k)-(n) and 7.1: who may issue, how long paths are, and whose name it is.

Chains read end entity <- … <- anchor.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.raw_pki import (
    BMP,
    CONFORMANCE,
    HOST,
    OIDS,
    PRINTABLE,
    TELETEX,
    UNIVERSAL,
    VALIDITY,
    Made,
    accept,
    aki,
    bc,
    boolean,
    ca,
    dn,
    eku,
    ext,
    failed_rules,
    integer,
    judged,
    key_identifier,
    key_info,
    ku,
    leaf,
    nonconforming,
    oid,
    refuse,
    seq,
)
from trustdesk.core.verification import ENFORCED, TLS_INPUTS

ROOT = ca("CN=Root")
CA = ca("CN=CA", ROOT)

# 4.2.1.9 basicConstraints


def test_who_issues_has_basic_constraints() -> None:
    """leaf <- CA (v3, no basicConstraints) <- root: 6.1.4 (k)."""
    middle = ca("CN=CA", ROOT, more={"bc": None})
    refuse("ca.basic_constraints", 1, leaf(middle), middle, ROOT)


@pytest.mark.parametrize("value", [seq(), seq(boolean(False))], ids=["default", "written-out"])
def test_who_issues_is_a_ca(value: bytes) -> None:
    """leaf <- CA (cA FALSE) <- root: 6.1.4 (k)."""
    middle = ca("CN=CA", ROOT, more={"bc": ext(OIDS["bc"], value, True)})
    refuse("ca.basic_constraints", 1, leaf(middle), middle, ROOT)


def test_an_end_entity_issues_nothing() -> None:
    """leaf <- another leaf <- CA <- root: the classic (6.1.4 (k))."""
    middle = leaf(CA, subject="CN=middle", key_of="middle")
    refuse("ca.basic_constraints", 1, leaf(middle), middle, CA, ROOT)


def test_basic_constraints_of_a_ca_are_critical() -> None:
    """CA (basicConstraints not critical): 4.2.1.9 MUST; valid by 6.1."""
    middle = ca("CN=CA", ROOT, more={"bc": bc(critical=False)})
    nonconforming("ca.basic_constraints_critical", 1, leaf(middle), middle, ROOT)


def test_basic_constraints_of_an_anchor_are_critical() -> None:
    """root (basicConstraints not critical): 4.2.1.9 is about all CA certificates."""
    root = ca("CN=Root", more={"bc": bc(critical=False)})
    nonconforming("ca.basic_constraints_critical", 1, leaf(root), root)


@pytest.mark.parametrize("change", [None, bc(ca=False)], ids=["absent", "cA-false"])
def test_a_plain_anchor_needs_no_basic_constraints(change: bytes | None) -> None:
    """root (no basicConstraints): valid by 6.1.1 (d); a conforming CA has them (4.2.1.9)."""
    root = ca("CN=Root", more={"bc": change})
    assert judged(leaf(root), root).trusted
    assert ("ca.basic_constraints", 1) in failed_rules(judged(leaf(root), root, inputs=CONFORMANCE))
    enforced = replace(VALIDITY, anchor=ENFORCED)
    assert ("ca.basic_constraints", 1) in failed_rules(judged(leaf(root), root, inputs=enforced))


@pytest.mark.parametrize("critical", [True, False])
def test_an_end_entity_may_say_that_it_is_no_ca(critical: bool) -> None:
    """leaf (basicConstraints, cA FALSE): may be critical or not (4.2.1.9)."""
    accept(leaf(CA, more={"bc": bc(ca=False, critical=critical)}), CA, ROOT)


def test_only_a_ca_has_a_path_length() -> None:
    """leaf (cA FALSE, pathLen 0): 4.2.1.9 MUST NOT."""
    nonconforming("ca.path_length_form", 0, leaf(CA, more={"bc": bc(ca=False, path_length=0)}), CA, ROOT)


def test_a_path_length_asks_for_key_cert_sign() -> None:
    """CA as end entity (pathLen, keyUsage without keyCertSign): 4.2.1.9 MUST NOT."""
    target = ca("CN=target", CA, more={"bc": bc(path_length=0), "ku": ku(6)})
    nonconforming("ca.path_length_form", 0, target, CA, ROOT)


def test_a_negative_path_length_is_none() -> None:
    """CA (pathLen -1): INTEGER (0..MAX)."""
    middle = ca("CN=CA", ROOT, more={"bc": ext(OIDS["bc"], seq(boolean(True), integer(-1)), True)})
    refuse("critical.readable", 1, leaf(middle), middle, ROOT)


def chain(
    *limits: int | None, self_issued: frozenset[int] = frozenset(), root: int | None = None
) -> list[Made]:
    """leaf <- CA n … <- CA 1 <- root, each with its path length; the self-issued ones keep a name."""
    path = [ca("CN=Root", more={"bc": bc(path_length=root)})]
    for number, limit in enumerate(limits):
        above = path[0]
        subject = above.subject if number in self_issued else dn(f"CN=CA {number}")
        path.insert(0, ca(subject, above, key_of=f"level {number}", more={"bc": bc(path_length=limit)}))
    return [leaf(path[0]), *path]


@pytest.mark.parametrize(
    "limits",
    [(0,), (1, 0), (1, None), (None, 0), (2, 1, 0), (5, 3, 1), (2, None, None), (0xFFFF, 0xFF)],
)
def test_path_lengths_that_suffice(limits: tuple[int | None, ...]) -> None:
    """leaf <- CAs with enough room below each: valid (6.1.4 (l), (m))."""
    accept(*chain(*limits))


@pytest.mark.parametrize(
    ("limits", "place"),
    [((0, None), 2), ((0, 0), 2), ((1, None, None), 3), ((None, 0, None), 2), ((0, 5), 2), ((2, 0, 1), 2)],
)
def test_path_lengths_that_are_exceeded(limits: tuple[int | None, ...], place: int) -> None:
    """leaf <- more CAs than one of them allows: the one that allows too few is named (6.1.4 (l))."""
    refuse("ca.path_length", place, *chain(*limits))


def test_self_issued_certificates_are_not_counted() -> None:
    """leaf <- CA' (self-issued) <- CA (pathLen 0) <- root: valid (6.1.4 (l))."""
    accept(*chain(0, 0, self_issued=frozenset({1})))


def test_several_self_issued_certificates_are_not_counted() -> None:
    """leaf <- CA'' <- CA' <- CA (pathLen 0) <- root: valid."""
    accept(*chain(0, None, None, self_issued=frozenset({1, 2})))


def test_what_follows_a_self_issued_certificate_is_counted() -> None:
    """leaf <- B <- A' (self-issued) <- A (pathLen 0) <- root: B is one too many."""
    refuse("ca.path_length", 3, *chain(0, None, None, self_issued=frozenset({1})))


def test_a_self_issued_certificate_may_lower_the_limit() -> None:
    """leaf <- B <- A' (self-issued, pathLen 0) <- A (pathLen 3) <- root: 6.1.4 (m)."""
    refuse("ca.path_length", 2, *chain(3, 0, None, self_issued=frozenset({1})))


def test_the_end_entity_is_not_counted_even_if_it_is_a_ca() -> None:
    """CA as end entity <- CA (pathLen 0) <- root: the last certificate is none of those that count."""
    middle = ca("CN=CA", ROOT, more={"bc": bc(path_length=0)})
    accept(ca("CN=target", middle), middle, ROOT)


def test_an_enforced_anchors_path_length_binds() -> None:
    """leaf <- CA <- root (pathLen 0): exceeded where the anchor's constraints are enforced (RFC 5937)."""
    path = chain(None, root=0)
    accept(*path)
    inputs = replace(VALIDITY, anchor=ENFORCED)
    assert failed_rules(judged(*path, inputs=inputs)) == {("ca.path_length", 2)}


def test_an_enforced_anchors_path_length_may_suffice() -> None:
    """leaf <- CA <- root (pathLen 1): enough."""
    assert judged(*chain(None, root=1), inputs=replace(CONFORMANCE, anchor=ENFORCED)).trusted


# 4.2.1.3 keyUsage


@pytest.mark.parametrize("critical", [True, False])
def test_who_issues_may_sign_certificates(critical: bool) -> None:
    """leaf <- CA (keyUsage without keyCertSign) <- root: 6.1.4 (n), critical or not."""
    middle = ca("CN=CA", ROOT, more={"ku": ku(0, 6, critical=critical)})
    refuse("ca.key_cert_sign", 1, leaf(middle), middle, ROOT)


def test_a_ca_has_a_key_usage() -> None:
    """CA (no keyUsage): valid by 6.1.4 (n) "if present"; conforming CAs MUST include it (4.2.1.3)."""
    middle = ca("CN=CA", ROOT, more={"ku": None})
    nonconforming("ca.key_usage_present", 1, leaf(middle), middle, ROOT)


def test_a_key_usage_of_a_ca_need_not_be_critical() -> None:
    """CA (keyUsage not critical): SHOULD, no more (4.2.1.3)."""
    middle = ca("CN=CA", ROOT, more={"ku": ku(5, 6, critical=False)})
    accept(leaf(middle), middle, ROOT)


def test_an_end_entity_has_no_key_cert_sign() -> None:
    """leaf (keyCertSign, no CA): 4.2.1.9 MUST NOT."""
    nonconforming("leaf.key_cert_sign", 0, leaf(CA, more={"ku": ku(0, 5)}), CA, ROOT)


def test_a_key_usage_names_a_use() -> None:
    """leaf (keyUsage without a bit): 4.2.1.3 MUST."""
    nonconforming("leaf.key_usage_not_empty", 0, leaf(CA, more={"ku": ku()}), CA, ROOT)


def test_an_end_entity_needs_no_key_usage() -> None:
    """leaf (no keyUsage): nothing is excluded."""
    accept(leaf(CA, more={"ku": None}), CA, ROOT)


def test_all_bits_of_a_key_usage_can_be_read() -> None:
    """leaf (keyAgreement and decipherOnly: two octets): valid."""
    accept(leaf(CA, more={"ku": ku(4, 8)}), CA, ROOT)


def test_a_plain_anchors_key_usage_is_not_looked_at() -> None:
    """root (keyUsage without keyCertSign): a name and a key; section 4 and an enforced anchor say no."""
    root = ca("CN=Root", more={"ku": ku(0)})
    assert judged(leaf(root), root).trusted
    assert ("ca.key_cert_sign", 1) in failed_rules(judged(leaf(root), root, inputs=CONFORMANCE))


# 4.2.1.12 extended key usage, where a purpose is asked for

TLS = replace(TLS_INPUTS, strength_required=False)
EMAIL, CODE, SERVER, ANY = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"


def usages(*purposes: str) -> dict[str, bytes | None]:
    return {"eku": eku(*purposes) if purposes else None}


@pytest.mark.parametrize(
    ("mine", "cas", "failing"),
    [
        ((SERVER,), (), None),
        ((), (), None),
        ((SERVER,), (SERVER, EMAIL), None),
        ((SERVER,), (ANY,), None),
        ((SERVER, EMAIL), (SERVER,), None),
        ((EMAIL,), (), ("purpose.extended_key_usage", 0)),
        ((ANY,), (), ("purpose.extended_key_usage", 0)),
        ((SERVER,), (EMAIL,), ("purpose.issuer_extended_key_usage", 1)),
        ((SERVER,), (CODE, EMAIL), ("purpose.issuer_extended_key_usage", 1)),
        ((), (EMAIL,), ("purpose.issuer_extended_key_usage", 1)),
    ],
)
def test_extended_key_usages_nest(
    mine: tuple[str, ...], cas: tuple[str, ...], failing: tuple[str, int] | None
) -> None:
    """leaf (purposes) <- CA (purposes) <- root, for a TLS server: nesting is custom of TLS software."""
    middle = ca("CN=CA", ROOT, more=usages(*cas))
    verification = judged(leaf(middle, more=usages(*mine)), middle, ROOT, inputs=TLS, host=HOST)
    assert failed_rules(verification) == ({failing} if failing else set())


@pytest.mark.parametrize("mine", [(EMAIL,), (CODE,), (ANY,)])
def test_section_6_asks_for_no_purpose(mine: tuple[str, ...]) -> None:
    """leaf and CA (other purposes): 6.1 takes no purpose as input."""
    middle = ca("CN=CA", ROOT, more=usages(EMAIL))
    accept(leaf(middle, more=usages(*mine)), middle, ROOT)


# 6.1.3 (a)(4), 7.1: name chaining


@pytest.mark.parametrize(
    ("subject", "issuer"),
    [
        (dn("O=ACME,CN=CA"), dn("O=acme,CN=ca")),
        (dn("O=ACME,CN=The CA"), dn("O=ACME,CN=  The   CA ")),
        (dn("O=ACME,CN=CA"), dn("O=ACME,CN=CA", PRINTABLE)),
        (dn("O=ACME,CN=CA", TELETEX), dn("O=ACME,CN=CA")),
        (dn("O=Bücher,CN=CA", BMP), dn("O=Bücher,CN=CA")),
        (dn("O=Bücher,CN=CA", UNIVERSAL), dn("O=BÜCHER,CN=CA")),
        (dn("O=Straße,CN=CA"), dn("O=STRASSE,CN=CA")),
        (dn("O=ﬁsh,CN=CA"), dn("O=fish,CN=CA")),
        (dn("O=e\u0301tude,CN=CA"), dn("O=étude,CN=CA")),
        (dn("O=ACME+OU=x,CN=CA"), dn("OU=x+O=ACME,CN=CA")),
        (dn("DC=example,CN=CA"), dn("DC=EXAMPLE,CN=CA", 0x16)),
        (dn("O=a\u00adb,CN=CA"), dn("O=ab,CN=CA")),
    ],
    ids=[
        *("case", "blanks", "printable", "teletex", "bmp", "universal"),
        *("sharp-s", "ligature", "accent", "multi", "domain", "soft-hyphen"),
    ],
)
def test_names_that_are_the_same(subject: bytes, issuer: bytes) -> None:
    """leaf (issuer written another way) <- CA <- root: the same name by 7.1 (RFC 4518: map, NFKC, fold)."""
    middle = ca(subject, ROOT, key_of="CN=CA")
    accept(leaf(middle, issuer_name=issuer), middle, ROOT)


@pytest.mark.parametrize(
    ("subject", "issuer"),
    [
        (dn("O=ACME,CN=CA"), dn("CN=CA,O=ACME")),
        (dn("O=ACME,CN=CA"), dn("CN=CA")),
        (dn("O=ACME,CN=CA"), dn("O=ACME,CN=CA,CN=CA")),
        (dn("O=ACME,CN=CA"), dn("O=ACME,CN=C A")),
        (dn("O=ACME,CN=CA"), dn("OU=ACME,CN=CA")),
        (dn("O=ACME+OU=x,CN=CA"), dn("O=ACME,OU=x,CN=CA")),
        (dn("O=ACME,CN=CA"), dn("O=ACME,CN=ÇA")),
    ],
    ids=["order", "shorter", "longer", "inner-blank", "type", "one-or-two", "accent"],
)
def test_names_that_differ(subject: bytes, issuer: bytes) -> None:
    """leaf (issuer is another name) <- CA <- root: 6.1.3 (a)(4), although the signature holds."""
    middle = ca(subject, ROOT, key_of="CN=CA")
    refuse("chain.name", 0, leaf(middle, issuer_name=issuer), middle, ROOT)


def test_names_that_differ_higher_up() -> None:
    """leaf <- CA (issuer is another name) <- root: the CA is named."""
    middle = ca("CN=CA", ROOT, issuer_name=dn("CN=Other Root"))
    refuse("chain.name", 1, leaf(middle), middle, ROOT)


def test_strings_of_control_characters_are_mapped() -> None:
    """leaf (issuer with a tab for a blank) <- CA: RFC 4518 2.2 maps it to a blank."""
    middle = ca(dn("CN=The CA"), ROOT, key_of="CN=CA")
    accept(leaf(middle, issuer_name=dn("CN=The\tCA")), middle, ROOT)


# 6.1.3 (a)(1): signatures


@pytest.mark.parametrize("place", [0, 1])
def test_a_spoilt_signature(place: int) -> None:
    """One bit of the signature of leaf or CA is wrong: 6.1.3 (a)(1)."""
    middle = ca("CN=CA", ROOT, spoil_signature=place == 1)
    refuse("chain.signature", place, leaf(middle, spoil_signature=place == 0), middle, ROOT)


@pytest.mark.parametrize("place", [0, 1])
def test_a_signature_of_another_key(place: int) -> None:
    """leaf or CA is signed by a stranger, and names, key identifiers and all match: 6.1.3 (a)(1)."""
    middle = ca("CN=CA", ROOT, signed_by="stranger" if place else None)
    refuse("chain.signature", place, leaf(middle, signed_by=None if place else "stranger"), middle, ROOT)


def test_nobody_relies_on_an_anchors_own_signature() -> None:
    """root (self-signature broken): valid, it is trusted as it stands; it names its key."""
    root = ca("CN=Root", spoil_signature=True, more={"aki": aki(key_identifier("CN=Root"))})
    accept(leaf(root), root)


def test_a_signature_algorithm_that_nobody_knows() -> None:
    """leaf (signatureAlgorithm 1.2.3.4): cannot be checked, and so does not hold."""
    strange = leaf(CA, algorithm=seq(oid("1.2.3.4")))
    refuse("chain.signature", 0, strange, CA, ROOT)


@pytest.mark.parametrize("place", [1, 2])
def test_a_key_that_nobody_can_read(place: int) -> None:
    """CA or root (SubjectPublicKeyInfo without a point): the broken key is named, not what it signed."""
    broken = key_info("CN=CA" if place == 1 else "CN=Root")[:-65] + b"\x04" + b"\0" * 64
    root = ca("CN=Root", public_key=broken if place == 2 else None)
    middle = ca("CN=CA", root, public_key=broken if place == 1 else None)
    refuse("chain.issuer_key", place, leaf(middle), middle, root)


def test_a_signature_with_unused_bits() -> None:
    """leaf (BIT STRING with one unused bit): no signature is that."""
    good = leaf(CA)
    at = good.der.rindex(b"\x03", 0, good.der.rindex(b"\x30"))
    flawed = Made(good.der[: at + 2] + b"\1" + good.der[at + 3 :], good.subject, good.key)
    assert ("chain.signature", 0) in failed_rules(judged(flawed, CA, ROOT))


def test_a_missing_intermediate_is_named_by_what_it_issued() -> None:
    """leaf, [CA missing], root: the chain ends at the leaf."""
    refuse("chain.anchor", 0, leaf(CA), ROOT, anchors=[ROOT])


def test_an_unknown_root_is_named() -> None:
    """leaf <- CA <- root (on no list): the chain ends at the root."""
    stranger = ca("CN=Stranger")
    middle = ca("CN=Its CA", stranger)
    refuse("chain.anchor", 2, leaf(middle), middle, stranger, anchors=[ROOT])


def test_a_self_signed_end_entity_is_named() -> None:
    """leaf (self-signed, on no list)."""
    refuse("chain.anchor", 0, leaf(None), anchors=[ROOT])


def test_a_root_with_the_name_of_an_anchor_is_not_the_anchor() -> None:
    """leaf <- root' (the anchor's name, another key): the signature of the leaf is not the anchor's."""
    false_root = ca("CN=Root", key_of="false")
    verification = judged(leaf(false_root), false_root, anchors=[ROOT])
    assert not verification.trusted


def test_unrelated_certificates_do_no_harm() -> None:
    """leaf <- CA <- root in a pool of strangers, twice over."""
    strangers = [ca(f"CN=Stranger {number}") for number in range(20)]
    accept(leaf(CA), *strangers, CA, *strangers, CA, anchors=[ROOT])
