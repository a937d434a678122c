"""Chains with one planted fault each, and which certificate and rule have to be named for it.

Index 0 is the end entity, the last one the anchor. The chains have more CAs than they need, so that a right
guess of the certificate is none. Issued by `raw_pki`; nothing here knows the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.support.raw_pki import (
    AT,
    CLIENT_AUTH,
    CONFORMANCE,
    ECDSA_SHA384,
    HOST,
    OIDS,
    VALIDITY,
    Made,
    aki,
    bc,
    ca,
    cp,
    directory,
    dn,
    dns,
    eku,
    email,
    ext,
    generalized_time,
    iap,
    integer,
    ip,
    key_identifier,
    key_info,
    ku,
    leaf,
    nc,
    oid,
    pc,
    pm,
    san,
    seq,
    ski,
    tlv,
    uri,
)
from trustdesk.core.verification import TLS_INPUTS, PathInputs

SECOND = timedelta(seconds=1)
PAST: dict[str, Any] = {"not_before": AT - timedelta(days=900), "not_after": AT - SECOND}
FUTURE: dict[str, Any] = {"not_before": AT + SECOND}
UNKNOWN = ext("1.3.6.1.4.1.55555.1", b"\5\0", True)
A, B = "1.3.6.1.4.1.55555.2.1", "1.3.6.1.4.1.55555.2.2"

TLS = TLS_INPUTS
ALL = (VALIDITY, CONFORMANCE, TLS)
FORM = (CONFORMANCE, replace(TLS, conformance_required=True))
TLS_ONLY = (TLS, replace(TLS, conformance_required=True))


@dataclass(frozen=True)
class Chain:
    """`above` with the anchor last; `beside` is in the pool too."""

    end_entity: Made
    above: tuple[Made, ...]
    beside: tuple[Made, ...] = ()
    anchors: tuple[Made, ...] = ()


def chain(
    end: dict[str, Any] | None = None,
    issuing: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    root: dict[str, Any] | None = None,
    names: Sequence[bytes] = (),
) -> Chain:
    """leaf (0) <- Issuing (1) <- Policy (2) <- Root (3), each with its own fault."""

    def with_subject(fields: dict[str, Any] | None, subject: str) -> tuple[Any, dict[str, Any]]:
        fields = dict(fields or {})
        return fields.pop("subject", subject), fields

    top_name, top_fields = with_subject(root, "O=ACME,CN=Root")
    top = ca(top_name, key_of="root", **top_fields)
    middle_name, middle_fields = with_subject(policy, "O=ACME,CN=Policy")
    middle = ca(middle_name, top, key_of="policy", **middle_fields)
    lower_name, lower_fields = with_subject(issuing, "O=ACME,CN=Issuing")
    lower = ca(lower_name, middle, key_of="issuing", **lower_fields)
    end_name, end_fields = with_subject(end, "O=ACME,CN=leaf")
    end_entity = leaf(lower, *names, subject=end_name, **end_fields)
    return Chain(end_entity, (lower, middle, top))


def broken_key(label: str) -> bytes:
    return key_info(label)[:-65] + b"\x04" + b"\0" * 64


def missing(place: int) -> Chain:
    whole = chain()
    above = tuple(one for number, one in enumerate(whole.above, 1) if number != place)
    return Chain(whole.end_entity, above, anchors=whole.above[-1:])


def unknown_root() -> Chain:
    whole = chain()
    return Chain(whole.end_entity, whole.above, anchors=(ca("O=Other,CN=Other Root"),))


def expired_with_a_forged_alternative() -> Chain:
    """leaf <- Issuing (expired); the valid certificate of that name was signed by somebody else."""
    whole = chain(issuing={**PAST})
    other = ca("O=ACME,CN=Issuing", whole.above[1], key_of="issuing", signed_by="stranger")
    return Chain(whole.end_entity, whole.above, (other,))


def expired_with_an_alternative_of_another_key() -> Chain:
    """leaf <- Issuing (expired); the valid certificate of that name has another key."""
    whole = chain(issuing={**PAST})
    other = ca("O=ACME,CN=Issuing", whole.above[1], key_of="another")
    return Chain(whole.end_entity, whole.above, (other,))


def alternative_with_two_faults() -> Chain:
    """leaf <- Issuing (expired); the other certificate of it is no CA and lacks keyCertSign: worse."""
    whole = chain(issuing={**PAST})
    worse = ca("O=ACME,CN=Issuing", whole.above[1], key_of="issuing", more={"bc": bc(ca=False), "ku": ku(0)})
    return Chain(whole.end_entity, whole.above, (worse,))


def forged_beside_a_decoy() -> Chain:
    """leaf (signed by a stranger); a decoy has the issuer's name, and the key identifier asked for."""
    whole = chain(end={"signed_by": "stranger"})
    decoy = ca(
        "O=ACME,CN=Issuing", whole.above[1], key_of="decoy", more={"ski": ski(key_identifier("issuing"))}
    )
    return Chain(whole.end_entity, whole.above, (decoy,))


def decoy_with_the_key_identifier() -> Chain:
    """leaf (expired) <- Issuing; a decoy with the key identifier that is asked for, and another key."""
    whole = chain(end={**PAST})
    decoy = ca(
        "O=ACME,CN=Issuing", whole.above[1], key_of="decoy", more={"ski": ski(key_identifier("issuing"))}
    )
    return Chain(whole.end_entity, whole.above, (decoy,))


def anchor_of_that_name_with_another_key() -> Chain:
    """leaf <- Issuing <- Policy; the anchor has the name of Policy's issuer and another key."""
    whole = chain()
    other = ca("O=ACME,CN=Root", key_of="other root", more={"ski": ski(key_identifier("root"))})
    return Chain(whole.end_entity, (*whole.above[:2], other))


def self_signed() -> Chain:
    return Chain(leaf(None), (), anchors=(ca("O=ACME,CN=Root"),))


def on_the_list_itself() -> Chain:
    end_entity = leaf(None)
    return Chain(end_entity, (), anchors=(end_entity,))


def issued_by_a_leaf() -> Chain:
    whole = chain()
    between = leaf(whole.above[0], subject="O=ACME,CN=between", key_of="between")
    return Chain(leaf(between), (between, *whole.above))


CASES: dict[str, tuple[Callable[[], Chain], str, int, tuple[PathInputs, ...]]] = {
    # validity
    "leaf-expired": (lambda: chain(end={**PAST}), "validity.not_after", 0, ALL),
    "leaf-not-yet": (lambda: chain(end={**FUTURE}), "validity.not_before", 0, ALL),
    "issuing-expired": (lambda: chain(issuing={**PAST}), "validity.not_after", 1, ALL),
    "policy-expired": (lambda: chain(policy={**PAST}), "validity.not_after", 2, ALL),
    "policy-not-yet": (lambda: chain(policy={**FUTURE}), "validity.not_before", 2, ALL),
    "root-expired": (lambda: chain(root={**PAST}), "validity.not_after", 3, TLS_ONLY),
    "root-not-yet": (lambda: chain(root={**FUTURE}), "validity.not_before", 3, TLS_ONLY),
    "leaf-no-date": (lambda: chain(end={"not_after": tlv(0x17, b"x")}), "validity.not_after", 0, ALL),
    "expired-beside-forged": (expired_with_a_forged_alternative, "validity.not_after", 1, ALL),
    "expired-beside-other-key": (expired_with_an_alternative_of_another_key, "validity.not_after", 1, ALL),
    "expired-beside-worse": (alternative_with_two_faults, "validity.not_after", 1, ALL),
    "expired-beside-decoy": (decoy_with_the_key_identifier, "validity.not_after", 0, ALL),
    # signatures and keys
    "leaf-spoilt": (lambda: chain(end={"spoil_signature": True}), "chain.signature", 0, ALL),
    "leaf-by-stranger": (lambda: chain(end={"signed_by": "stranger"}), "chain.signature", 0, ALL),
    "leaf-forged-beside-decoy": (forged_beside_a_decoy, "chain.signature", 0, ALL),
    "issuing-spoilt": (lambda: chain(issuing={"spoil_signature": True}), "chain.signature", 1, ALL),
    "issuing-by-stranger": (lambda: chain(issuing={"signed_by": "stranger"}), "chain.signature", 1, ALL),
    "policy-by-stranger": (lambda: chain(policy={"signed_by": "stranger"}), "chain.signature", 2, ALL),
    "anchor-of-another-key": (anchor_of_that_name_with_another_key, "chain.signature", 2, ALL),
    "leaf-unknown-algorithm": (
        lambda: chain(end={"algorithm": seq(oid("1.2.3.4"))}),
        "chain.signature",
        0,
        ALL,
    ),
    "issuing-broken-key": (
        lambda: chain(issuing={"public_key": broken_key("issuing")}),
        "chain.issuer_key",
        1,
        ALL,
    ),
    "policy-broken-key": (
        lambda: chain(policy={"public_key": broken_key("policy")}),
        "chain.issuer_key",
        2,
        ALL,
    ),
    "root-broken-key": (lambda: chain(root={"public_key": broken_key("root")}), "chain.issuer_key", 3, ALL),
    # chaining
    "issuing-missing": (lambda: missing(1), "chain.anchor", 0, ALL),
    "policy-missing": (lambda: missing(2), "chain.anchor", 1, ALL),
    "root-unknown": (unknown_root, "chain.anchor", 3, ALL),
    "self-signed": (self_signed, "chain.anchor", 0, ALL),
    "on-the-list-itself": (on_the_list_itself, "chain.anchor", 0, ALL),
    "leaf-other-issuer": (
        lambda: chain(end={"issuer_name": dn("O=ACME,CN=Issuing 2")}),
        "chain.name",
        0,
        ALL,
    ),
    "issuing-other-issuer": (
        lambda: chain(issuing={"issuer_name": dn("CN=Policy,O=ACME")}),
        "chain.name",
        1,
        ALL,
    ),
    "policy-other-issuer": (lambda: chain(policy={"issuer_name": dn("O=ACME,CN=R")}), "chain.name", 2, ALL),
    # CA role
    "issuing-no-bc": (lambda: chain(issuing={"more": {"bc": None}}), "ca.basic_constraints", 1, ALL),
    "issuing-ca-false": (
        lambda: chain(issuing={"more": {"bc": bc(ca=False)}}),
        "ca.basic_constraints",
        1,
        ALL,
    ),
    "policy-no-bc": (lambda: chain(policy={"more": {"bc": None}}), "ca.basic_constraints", 2, ALL),
    "issued-by-a-leaf": (issued_by_a_leaf, "ca.basic_constraints", 1, ALL),
    "policy-v1": (lambda: chain(policy={"bare": True, "version": None}), "ca.basic_constraints", 2, ALL),
    "root-no-bc": (lambda: chain(root={"more": {"bc": None}}), "ca.basic_constraints", 3, TLS_ONLY),
    "issuing-no-keyCertSign": (lambda: chain(issuing={"more": {"ku": ku(6)}}), "ca.key_cert_sign", 1, ALL),
    "policy-no-keyCertSign": (lambda: chain(policy={"more": {"ku": ku(0)}}), "ca.key_cert_sign", 2, ALL),
    "root-no-keyCertSign": (lambda: chain(root={"more": {"ku": ku(6)}}), "ca.key_cert_sign", 3, TLS_ONLY),
    "policy-path-length": (
        lambda: chain(policy={"more": {"bc": bc(path_length=0)}}),
        "ca.path_length",
        2,
        ALL,
    ),
    "root-path-length": (
        lambda: chain(root={"more": {"bc": bc(path_length=1)}}),
        "ca.path_length",
        3,
        TLS_ONLY,
    ),
    "issuing-nameless": (lambda: chain(issuing={"subject": ""}), "ca.subject", 1, ALL),
    # extensions
    "leaf-critical": (lambda: chain(end={"extra": [UNKNOWN]}), "critical.understood", 0, ALL),
    "issuing-critical": (lambda: chain(issuing={"extra": [UNKNOWN]}), "critical.understood", 1, ALL),
    "policy-critical": (lambda: chain(policy={"extra": [UNKNOWN]}), "critical.understood", 2, ALL),
    "root-critical": (lambda: chain(root={"extra": [UNKNOWN]}), "critical.understood", 3, TLS_ONLY),
    "leaf-san-broken": (
        lambda: chain(end={"more": {"san": ext(OIDS["san"], seq())}}),
        "critical.readable",
        0,
        ALL,
    ),
    "issuing-bc-broken": (
        lambda: chain(issuing={"more": {"bc": ext(OIDS["bc"], integer(1), True)}}),
        "critical.readable",
        1,
        ALL,
    ),
    "policy-ku-broken": (
        lambda: chain(policy={"more": {"ku": ext(OIDS["ku"], b"\3\0", True)}}),
        "critical.readable",
        2,
        ALL,
    ),
    "issuing-bc-twice": (lambda: chain(issuing={"extra": [bc()]}), "critical.unique", 1, ALL),
    "leaf-san-twice": (lambda: chain(end={"extra": [san(dns(HOST))]}), "critical.unique", 0, ALL),
    # names
    "names-dns-permitted-from-above": (
        lambda: chain(policy={"extra": [nc([dns("other")])]}),
        "names.dns",
        0,
        ALL,
    ),
    "names-dns-excluded": (lambda: chain(issuing={"extra": [nc(excluded=[dns(HOST)])]}), "names.dns", 0, ALL),
    "names-ip": (
        lambda: chain(policy={"extra": [nc([ip("192.0.2.0/24")])]}, names=[dns(HOST), ip("198.51.100.1")]),
        "names.ip",
        0,
        ALL,
    ),
    "names-email": (
        lambda: chain(policy={"extra": [nc([email("a.example")])]}, names=[dns(HOST), email("x@b.example")]),
        "names.email",
        0,
        ALL,
    ),
    "names-uri": (
        lambda: chain(
            policy={"extra": [nc([uri("a.example")])]}, names=[dns(HOST), uri("https://b.example/")]
        ),
        "names.uri",
        0,
        ALL,
    ),
    "names-directory": (
        lambda: chain(end={"subject": "O=Other,CN=x"}, policy={"extra": [nc([directory("O=ACME")])]}),
        "names.directory",
        0,
        ALL,
    ),
    "names-of-the-ca": (
        lambda: chain(
            issuing={"subject": "O=Other,CN=Issuing"}, policy={"extra": [nc([directory("O=ACME")])]}
        ),
        "names.directory",
        1,
        ALL,
    ),
    "names-mask": (
        lambda: chain(
            policy={"extra": [nc([ip("192.0.2.0/255.0.255.0")])]}, names=[dns(HOST), ip("192.0.2.1")]
        ),
        "names.syntax",
        2,
        ALL,
    ),
    "names-maximum": (
        lambda: chain(policy={"extra": [nc([dns("example")], maximum=3)]}),
        "names.syntax",
        2,
        ALL,
    ),
    "names-empty": (
        lambda: chain(policy={"extra": [ext(OIDS["nc"], seq(), True)]}),
        "critical.readable",
        2,
        ALL,
    ),
    "names-in-a-leaf": (lambda: chain(end={"extra": [nc([dns("example")])]}), "names.only_ca", 0, ALL),
    "names-of-the-root": (lambda: chain(root={"extra": [nc([dns("other")])]}), "names.dns", 0, TLS_ONLY),
    # policies
    "policy-lost-at-issuing": (
        lambda: chain(
            end={"extra": [cp(A)]}, issuing={"extra": [cp(B)]}, policy={"extra": [cp(A), pc(require=0)]}
        ),
        "policy.state",
        1,
        ALL,
    ),
    "policy-lost-at-leaf": (
        lambda: chain(
            end={"extra": [cp(B)]}, issuing={"extra": [cp(A)]}, policy={"extra": [cp(A), pc(require=0)]}
        ),
        "policy.state",
        0,
        ALL,
    ),
    "policy-none-at-issuing": (
        lambda: chain(end={"extra": [cp(A)]}, policy={"extra": [cp(A), pc(require=0)]}),
        "policy.state",
        1,
        ALL,
    ),
    "policy-any-inhibited": (
        lambda: chain(
            end={"extra": [cp(A)]},
            issuing={"extra": [cp("2.5.29.32.0")]},
            policy={"extra": [cp(A), pc(require=0), iap(0)]},
        ),
        "policy.state",
        1,
        ALL,
    ),
    "policy-any-mapped": (
        lambda: chain(
            end={"extra": [cp(A)]},
            issuing={"extra": [cp(A), pm(("2.5.29.32.0", A))]},
            policy={"extra": [cp(A)]},
        ),
        "policy.mappings",
        1,
        ALL,
    ),
    # purpose, name and role of the end entity, strength
    "leaf-purpose": (
        lambda: chain(end={"more": {"eku": eku(CLIENT_AUTH)}}),
        "purpose.extended_key_usage",
        0,
        TLS_ONLY,
    ),
    "issuing-purpose": (
        lambda: chain(issuing={"extra": [eku(CLIENT_AUTH)]}),
        "purpose.issuer_extended_key_usage",
        1,
        TLS_ONLY,
    ),
    "policy-purpose": (
        lambda: chain(policy={"extra": [eku(CLIENT_AUTH)]}),
        "purpose.issuer_extended_key_usage",
        2,
        TLS_ONLY,
    ),
    "leaf-key-usage": (lambda: chain(end={"more": {"ku": ku(6)}}), "purpose.key_usage", 0, TLS_ONLY),
    "leaf-other-host": (lambda: chain(names=[dns("other.example")]), "leaf.peer_name", 0, ALL),
    "leaf-no-san": (lambda: chain(end={"more": {"san": None}}), "leaf.peer_name", 0, ALL),
    "leaf-is-a-ca": (
        lambda: chain(end={"more": {"bc": bc(), "ku": ku(0, 5)}}),
        "leaf.end_entity",
        0,
        TLS_ONLY,
    ),
    # conformance
    "leaf-serial-zero": (lambda: chain(end={"serial": integer(0)}), "form.serial_number", 0, FORM),
    "policy-serial-long": (
        lambda: chain(policy={"serial": integer(1 << 160)}),
        "form.serial_number",
        2,
        FORM,
    ),
    "root-serial-negative": (lambda: chain(root={"serial": integer(-5)}), "form.serial_number", 3, FORM),
    "issuing-no-aki": (
        lambda: chain(issuing={"more": {"aki": None}}),
        "ids.authority_key_identifier",
        1,
        FORM,
    ),
    "leaf-no-aki": (lambda: chain(end={"more": {"aki": None}}), "ids.authority_key_identifier", 0, FORM),
    "policy-aki-critical": (
        lambda: chain(policy={"more": {"aki": aki(key_identifier("root"), critical=True)}}),
        "ids.not_critical",
        2,
        FORM,
    ),
    "policy-no-ski": (lambda: chain(policy={"more": {"ski": None}}), "ca.subject_key_identifier", 2, FORM),
    "issuing-bc-uncritical": (
        lambda: chain(issuing={"more": {"bc": bc(critical=False)}}),
        "ca.basic_constraints_critical",
        1,
        FORM,
    ),
    "policy-no-ku": (lambda: chain(policy={"more": {"ku": None}}), "ca.key_usage_present", 2, FORM),
    "leaf-keyCertSign": (lambda: chain(end={"more": {"ku": ku(0, 5)}}), "leaf.key_cert_sign", 0, FORM),
    "leaf-algorithms": (
        lambda: chain(end={"inner_algorithm": seq(oid(ECDSA_SHA384))}),
        "form.algorithms_agree",
        0,
        FORM,
    ),
    "policy-time": (
        lambda: chain(policy={"not_after": generalized_time(AT + timedelta(days=100))}),
        "form.time_encoding",
        2,
        FORM,
    ),
    "leaf-v1-with-extensions": (lambda: chain(end={"version": None}), "form.version", 0, FORM),
    "leaf-twice": (
        lambda: chain(end={"extra": [ext("1.3.6.1.4.1.55555.1", b"\5\0")] * 2}),
        "form.extensions_unique",
        0,
        FORM,
    ),
    "policy-nc-uncritical": (
        lambda: chain(policy={"extra": [nc([dns("example")], critical=False)]}),
        "names.critical",
        2,
        FORM,
    ),
    "leaf-san-syntax": (lambda: chain(names=[dns(HOST), dns("a_b.example")]), "leaf.name_syntax", 0, FORM),
    "leaf-nameless-uncritical": (
        lambda: chain(end={"subject": "", "more": {"san": san(dns(HOST))}}),
        "leaf.alternative_names_critical",
        0,
        FORM,
    ),
}
