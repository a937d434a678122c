"""Certificate policies by RFC 9618; PKITS has the cases of the RFC, this has what it lacks."""

from __future__ import annotations

import time
from dataclasses import replace

from cryptography import x509

from tests.support import pki
from tests.support.pki import NOW, Issued
from trustdesk.core.verification import RFC_5280_INPUTS, PathInputs, Purpose, Verification
from trustdesk.verify.path_verifier import PathVerifier

P = [f"1.3.6.1.4.1.99999.{number}" for number in range(60)]


def policies(*oids: str) -> tuple[x509.ExtensionType, bool]:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in oids]
    ), False


def mappings(pairs: list[tuple[str, str]]) -> tuple[x509.ExtensionType, bool]:
    """Encode policyMappings, which the library's builder does not know."""
    body = b"".join(_sequence(_oid(one) + _oid(other)) for one, other in pairs)
    oid = x509.ObjectIdentifier("2.5.29.33")
    return x509.UnrecognizedExtension(oid, _sequence(body)), True


def verify(root: Issued, *path: Issued, inputs: PathInputs = RFC_5280_INPUTS) -> Verification:
    verifier = PathVerifier([pki.trust_list(root)])
    return verifier.verify(
        path[0].der, [one.der for one in path[1:]], purpose=Purpose.CLIENT, at=NOW, inputs=inputs
    )


def test_what_the_path_is_valid_for_is_in_the_words_of_the_anchors_domain() -> None:
    """End entity (P2) ← A (P1, maps P1 = P2) ← [root]."""
    root = pki.root()
    a = pki.authority("A", root, extensions=[policies(P[1]), mappings([(P[1], P[2])])])
    leaf = pki.issue(pki.name("leaf"), a, extensions=[policies(P[2])])
    verification = verify(root, leaf, a)
    assert verification.trusted
    assert verification.paths[0].policies == (P[1],)


def test_required_policy_that_is_not_there_is_named() -> None:
    root = pki.root()
    leaf = pki.issue(pki.name("leaf"), root, extensions=[policies(P[1])])
    asked = replace(RFC_5280_INPUTS, require_explicit_policy=True, initial_policies=frozenset({P[2]}))
    verification = verify(root, leaf, inputs=asked)
    assert [check.rule for check in verification.paths[0].failures] == ["policy.valid_set"]
    assert verify(root, leaf, inputs=replace(asked, initial_policies=frozenset({P[1]}))).trusted


def test_mappings_of_everything_to_everything_grow_no_tree() -> None:
    """Fifty policies mapped onto fifty, twelve CAs deep: 50^12 nodes of RFC 5280's tree, one graph."""
    root = pki.root()
    everything = [(one, other) for one in P[:50] for other in P[:50]]
    chain = [root]
    for number in range(12):
        chain.append(
            pki.authority(f"CA {number}", chain[-1], extensions=[policies(*P[:50]), mappings(everything)])
        )
    leaf = pki.issue(pki.name("leaf"), chain[-1], extensions=[policies(*P[:50])])
    begun = time.perf_counter()
    verification = verify(root, leaf, *chain[1:])
    assert time.perf_counter() - begun < 5
    assert verification.trusted
    assert set(verification.paths[0].policies) == set(P[:50])


def test_policies_of_the_anchor_bind_where_its_constraints_are_enforced() -> None:
    """RFC 5937 3.2: the anchor's policies are the user's initial set."""
    root = pki.root(extensions=[policies(P[1]), (x509.PolicyConstraints(0, None), True)])
    leaf = pki.issue(pki.name("leaf"), root, extensions=[policies(P[2])])
    assert verify(root, leaf).trusted
    enforced = replace(RFC_5280_INPUTS, anchor=replace(RFC_5280_INPUTS.anchor, constraints_enforced=True))
    refused = verify(root, leaf, inputs=enforced)
    assert {check.rule for check in refused.paths[0].failures} == {"policy.state"}


def _oid(text: str) -> bytes:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(text), None)]
    ).public_bytes()[4:]


def _sequence(body: bytes) -> bytes:
    size = len(body)
    if size < 0x80:
        return bytes([0x30, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x30, 0x80 | len(length)]) + length + body
