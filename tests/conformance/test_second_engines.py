"""The same chains put to two engines that share nothing with ours: cryptography's verifier, `openssl verify`.

Agreement is no proof, and neither is a difference: each that there is stands below with its reason, and
another one fails the test. Versions of OpenSSL differ, so that a reason may go unused with one of them.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.planted_faults import CASES, TLS, Chain, chain
from tests.support.raw_pki import (
    AT,
    HOST,
    Made,
    bc,
    ca,
    cp,
    directory,
    dn,
    dns,
    eku,
    email,
    ext,
    ip,
    judged,
    ku,
    leaf,
    nc,
    pc,
    san,
    uri,
)


def cross_signed() -> Chain:
    old, new = ca("CN=Old Root"), ca("CN=New Root")
    middle = ca("CN=CA", new)
    return Chain(leaf(middle), (middle, ca("CN=New Root", old)), anchors=(old,))


def rolled_over() -> Chain:
    old = ca("CN=Root", key_of="old")
    rolled = ca("CN=Root", old, key_of="new")
    return Chain(leaf(rolled), (rolled,), anchors=(old,))


def expired_twin() -> Chain:
    whole = chain()
    twin = ca("O=ACME,CN=Issuing", whole.above[1], key_of="issuing", not_after=AT.replace(year=2025))
    return Chain(whole.end_entity, (twin, *whole.above[:2]), anchors=whole.above[2:])


def wrong_key_twin() -> Chain:
    whole = chain()
    twin = ca("O=ACME,CN=Issuing", whole.above[1], key_of="twin")
    return Chain(whole.end_entity, (twin, *whole.above[:2]), anchors=whole.above[2:])


VALID: dict[str, Callable[[], Chain]] = {
    "plain": chain,
    "root-only": lambda: Chain(leaf(ca("CN=Root")), (), anchors=(ca("CN=Root"),)),
    "cross-signed": cross_signed,
    "rolled-over": rolled_over,
    "expired-twin": expired_twin,
    "wrong-key-twin": wrong_key_twin,
    "path-length": lambda: chain(
        policy={"more": {"bc": bc(path_length=1)}}, issuing={"more": {"bc": bc(path_length=0)}}
    ),
    "names-dns": lambda: chain(policy={"extra": [nc([dns("example")], [dns("other")])]}),
    "names-ip": lambda: chain(
        policy={"extra": [nc([ip("192.0.2.0/24")])]}, names=[dns(HOST), ip("192.0.2.1")]
    ),
    "names-email": lambda: chain(
        policy={"extra": [nc([email("a.example")])]}, names=[dns(HOST), email("x@a.example")]
    ),
    "names-uri": lambda: chain(
        policy={"extra": [nc([uri("a.example")])]}, names=[dns(HOST), uri("https://a.example/")]
    ),
    "names-directory": lambda: chain(policy={"extra": [nc([directory("O=ACME")])]}),
    "names-of-another-kind": lambda: chain(policy={"extra": [nc([email("a.example")])]}),
    "policies": lambda: chain({"extra": [cp("1.2.3")]}, {"extra": [cp("1.2.3")]}, {"extra": [cp("1.2.3")]}),
    "policy-required": lambda: chain(
        {"extra": [cp("1.2.3")]}, {"extra": [cp("1.2.3")]}, {"extra": [cp("1.2.3"), pc(require=0)]}
    ),
    "nameless": lambda: chain(end={"subject": "", "more": {"san": san(dns(HOST), critical=True)}}),
    "issuer-in-capitals": lambda: chain(end={"issuer_name": dn("O=acme,CN=ISSUING")}),
    "wildcard": lambda: chain(names=[dns("*.example")]),
    "no-key-usage": lambda: chain(end={"more": {"ku": None}}),
    "no-purposes": lambda: chain(end={"more": {"eku": None}}),
    "critical-purposes": lambda: chain(end={"more": {"eku": eku("1.3.6.1.5.5.7.3.1", critical=True)}}),
    "unknown-extension": lambda: chain(policy={"extra": [ext("1.3.6.1.4.1.55555.1", b"\5\0")]}),
    "ca-with-purposes": lambda: chain(issuing={"extra": [eku("1.3.6.1.5.5.7.3.1")]}),
    "key-usage-not-critical": lambda: chain(issuing={"more": {"ku": ku(5, 6, critical=False)}}),
}

NAMES_IN_A_LEAF = (
    "it passes over name constraints of who issues nothing; RFC 5280 4.2.1.10 forbids them there"
)
EMPTY = "it passes over name constraints without a subtree; RFC 5280 4.2.1.10 forbids them"
CRYPTOGRAPHY = {
    "names-uri": "it refuses constraints on URIs, which it does not know",
    "names-directory": "it refuses constraints on directory names, which it does not know",
    "names-maximum": "it passes over minimum and maximum; RFC 5280 4.2.1.10: process them or reject",
    "names-empty": EMPTY,
    "names-in-a-leaf": NAMES_IN_A_LEAF,
    "leaf-key-usage": "it is not asked for the key usage of the end entity",
    "policy-required": "it refuses critical policyConstraints, for it knows no policies",
    "issuer-in-capitals": "it compares names octet by octet; by RFC 5280 7.1 both are the same name",
}
"""Case to reason, for cryptography's verifier."""

OPENSSL = {
    "on-the-list-itself": "-partial_chain trusts what is on the list as it stands; RFC 5280 6.1 does not",
    "root-no-bc": "it asks nothing of an anchor's basicConstraints; our setting for TLS does",
    "issuing-nameless": "it lets a CA be without a subject, but for -x509_strict; RFC 5280 4.1.2.6 does not",
    "names-mask": "it compares under any mask; RFC 5280 4.2.1.10 asks for one as in RFC 4632",
    "names-empty": EMPTY,
    "names-in-a-leaf": NAMES_IN_A_LEAF,
    "leaf-is-a-ca": "it takes the certificate of a CA for that of a server; other TLS software does not",
    "wildcard": "it wants two labels after a wildcard; RFC 9525 6.3 does not",
}
"""Case to reason, for `openssl verify`."""

CHAINS = {**{name: case[0] for name, case in CASES.items() if TLS in case[3]}, **VALID}


def pem(certificate: Made) -> str:
    body = base64.encodebytes(certificate.der).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"


def openssl_accepts(made: Chain, folder: Path) -> bool:
    anchors = made.anchors or made.above[-1:]
    pool = made.above if made.anchors else made.above[:-1]
    (folder / "anchors.pem").write_text("".join(map(pem, anchors)))
    (folder / "pool.pem").write_text("".join(map(pem, (*pool, *made.beside))))
    (folder / "leaf.pem").write_text(pem(made.end_entity))
    command = [
        *(
            "openssl",
            "verify",
            "-no-CApath",
            "-no-CAstore",
            "-partial_chain",
            "-policy_check",
            "-policy",
            "2.5.29.32.0",
            "-purpose",
            "sslserver",
        ),
        *("-attime", str(int(AT.timestamp())), "-verify_hostname", HOST, "-CAfile", "anchors.pem"),
        *(("-untrusted", "pool.pem") if pool or made.beside else ()),
        "leaf.pem",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=30)
    return done.returncode == 0


def test_cryptographys_verifier_differs_only_where_it_is_said_why() -> None:
    differing = set()
    for name, make in CHAINS.items():
        made = make()
        verification = judged(
            made.end_entity,
            *made.above,
            *made.beside,
            anchors=made.anchors or made.above[-1:],
            inputs=TLS,
            host=HOST,
        )
        assert verification.trusted is (name in VALID), name
        if verification.cryptography.accepted is not verification.trusted:
            differing.add(name)
    assert differing == CRYPTOGRAPHY.keys()


@pytest.mark.servers
def test_openssl_differs_only_where_it_is_said_why(tmp_path: Path) -> None:
    differing = {
        name for name, make in CHAINS.items() if openssl_accepts(make(), tmp_path) is not (name in VALID)
    }
    assert differing <= OPENSSL.keys()
