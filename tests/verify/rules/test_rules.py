"""Each flaw by itself, and the one rule that names it, at the certificate that has it.

The chain is end entity ← issuing CA ← [root], in order but for the one thing that a case changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from tests.support.pki import HOST, NOW, SERVER_AUTH, Issued
from trustdesk.core.verification import Purpose, RuleKind, RuleStatus, Verification
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.rules import ALL_RULES

Extension = tuple[x509.ExtensionType, bool]
Chain = tuple[Issued, Issued, Issued]


def chain(
    *,
    leaf: dict[str, Any] | None = None,
    issuing: dict[str, Any] | None = None,
    root: dict[str, Any] | None = None,
) -> Chain:
    """Make a flawless chain, but for what is said."""
    top = _authority("Root", None, **(root or {}))
    middle = _authority("Issuing", top, **(issuing or {}))
    return _leaf(middle, **(leaf or {})), middle, top


def verify(made: Chain) -> Verification:
    leaf, middle, top = made
    return PathVerifier([pki.trust_list(top)]).verify(
        leaf.der, [middle.der], purpose=Purpose.SERVER, at=NOW, reference_identifier=HOST
    )


def failed(made: Chain) -> list[tuple[int, str]]:
    return [
        (check.index, check.rule) for check in verify(made).paths[0].checks if check.status is RuleStatus.FAIL
    ]


def test_flawless_chain_fails_nothing_at_all() -> None:
    verification = verify(chain())
    assert failed(chain()) == []
    assert verification.trusted
    assert verification.disagreement is None


_UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
_DOT = x509.NameConstraints([x509.DNSName(".example")], None)
_CONSTRAINTS = x509.NameConstraints([x509.DNSName("example")], None)
_YEAR_2060 = datetime(2060, 1, 1, tzinfo=UTC)

CASES: list[tuple[str, Callable[[], Chain], list[tuple[int, str]]]] = [
    ("serial of 20 octets", lambda: chain(leaf={"serial_number": 1 << 158}), []),
    (
        "no issuer's key",
        lambda: chain(leaf={"key_identifiers": False}),
        [(0, "ids.authority_key_identifier")],
    ),
    (
        "no own key",
        lambda: chain(issuing={"key_identifiers": False}),
        [(1, "ids.authority_key_identifier"), (1, "ca.subject_key_identifier")],
    ),
    (
        "critical key identifier",
        lambda: chain(issuing={"identifiers_critical": True}),
        [(1, "ids.not_critical")],
    ),
    (
        "critical and unknown",
        lambda: chain(leaf={"more": [(_UNKNOWN, True)]}),
        [(0, "critical.understood")],
    ),
    ("unknown and not critical", lambda: chain(leaf={"more": [(_UNKNOWN, False)]}), []),
    (
        "basic constraints not critical",
        lambda: chain(issuing={"constraints": (True, None, False)}),
        [(1, "ca.basic_constraints_critical")],
    ),
    (
        "no CA",
        lambda: chain(issuing={"constraints": (False, None, True)}),
        [(1, "leaf.key_cert_sign"), (1, "ca.basic_constraints")],
    ),
    (
        "no key usage",
        lambda: chain(issuing={"key_usage": None}),
        [(1, "ca.key_usage_present")],
    ),
    (
        "no keyCertSign",
        lambda: chain(issuing={"key_usage": ["crl_sign"]}),
        [(1, "ca.key_cert_sign")],
    ),
    (
        "empty subject of a CA",
        lambda: chain(issuing={"common_name": ""}),
        [(0, "form.issuer"), (1, "ca.subject")],
    ),
    (
        "path length",
        lambda: chain(root={"constraints": (True, 0, True)}),
        [(2, "ca.path_length")],
    ),
    (
        "server with keyCertSign",
        lambda: chain(leaf={"key_usage": ["digital_signature", "key_cert_sign"]}),
        [(0, "leaf.key_cert_sign")],
    ),
    (
        "name without syntax",
        lambda: chain(leaf={"names": [HOST, "not a name"]}),
        [(0, "leaf.name_syntax")],
    ),
    (
        "another name",
        lambda: chain(leaf={"names": ["other.example"]}),
        [(0, "leaf.peer_name")],
    ),
    (
        "alternative names not critical without a subject",
        lambda: chain(leaf={"common_name": "", "names_critical": False}),
        [(0, "leaf.alternative_names_critical")],
    ),
    (
        "key that may do nothing for TLS",
        lambda: chain(leaf={"key_usage": ["crl_sign"]}),
        [(0, "purpose.key_usage")],
    ),
    (
        "dot before a DNS constraint",
        lambda: chain(issuing={"more": [(_DOT, True)]}),
        [(1, "names.leading_dot")],
    ),
    (
        "constraints that are not critical",
        lambda: chain(issuing={"more": [(_CONSTRAINTS, False)]}),
        [(1, "names.critical")],
    ),
    ("root until 2060", lambda: chain(root={"not_after": _YEAR_2060}), []),
]


@pytest.mark.parametrize(("flaw", "make", "expected"), CASES, ids=[case[0] for case in CASES])
def test_one_flaw_is_named_by_its_own_rule(
    flaw: str, make: Callable[[], Chain], expected: list[tuple[int, str]]
) -> None:
    made = make()
    assert sorted(failed(made)) == sorted(expected), flaw


def test_conformance_never_takes_trust_away() -> None:
    for flaw, make, expected in CASES:
        kinds = {rule.kind for rule in ALL_RULES if rule.id in {name for _, name in expected}}
        if kinds and kinds <= {RuleKind.CONFORMANCE}:
            assert verify(make()).trusted, flaw


def test_every_check_has_a_title_a_source_and_a_kind() -> None:
    for rule in ALL_RULES:
        assert rule.title.id.endswith(".")
        assert rule.source
        assert rule.asked_of


def _authority(
    called: str,
    issuer: Issued | None,
    *,
    constraints: tuple[bool, int | None, bool] = (True, None, True),
    key_usage: Sequence[str] | None = ("key_cert_sign", "crl_sign"),
    **keywords: Any,
) -> Issued:
    is_ca, path_length, critical = constraints
    basic: Extension = (x509.BasicConstraints(is_ca, path_length), critical)
    return _issue(keywords.pop("common_name", called), issuer, [basic], key_usage, **keywords)


def _leaf(
    issuer: Issued,
    *,
    names: Sequence[str] = (HOST,),
    names_critical: bool = True,
    key_usage: Sequence[str] | None = ("digital_signature",),
    **keywords: Any,
) -> Issued:
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    usage = x509.ExtendedKeyUsage([SERVER_AUTH])
    own: list[Extension] = [(alternatives, names_critical), (usage, False)]
    return _issue(keywords.pop("common_name", "cargo"), issuer, own, key_usage, **keywords)


def _issue(
    common_name: str,
    issuer: Issued | None,
    own: list[Extension],
    key_usage: Sequence[str] | None,
    *,
    more: Sequence[Extension] = (),
    key_identifiers: bool = True,
    identifiers_critical: bool = False,
    **keywords: Any,
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    identifiers: list[Extension] = []
    if key_identifiers:
        signer = (issuer.key if issuer else key).public_key()
        identifiers = [
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), identifiers_critical),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), False),
        ]
    usages = [] if key_usage is None else [(_key_usage(key_usage), True)]
    return pki.issue(
        pki.name(common_name), issuer, key=key, extensions=[*own, *usages, *identifiers, *more], **keywords
    )


def _key_usage(usages: Sequence[str]) -> x509.KeyUsage:
    bits = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{bit: bit in usages for bit in bits})
