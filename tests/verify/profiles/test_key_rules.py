"""Rules on keys, each with a case that holds and one that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.profiles import AT, client, findings, issuing_ca, request, request_findings, subject_of
from trustdesk.core.finding import FindingStatus
from trustdesk.core.inspection import ContainerProtection, KeyFacts, Protection
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import KeyEvidence, KeyUse, LintContext, Role

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE

CLIENT = client()
SPKI = subject_of(CLIENT).spki_sha256 or ""
OTHER = "00" * 32


def key(
    *, spki: str | None = SPKI, encrypted: bool = True, keyring: bool = False, ciphers: tuple[str, ...] = ()
) -> KeyEvidence:
    facts = KeyFacts(form="PKCS#8", encrypted=encrypted, spki_sha256=spki)
    return KeyEvidence(facts=facts, in_keyring=keyring, container=container(*ciphers) if ciphers else None)


def container(*ciphers: str, mac: str = "SHA-256", is_ber: bool = False) -> ContainerProtection:
    parts = tuple(Protection(cipher=cipher, derivation="PBKDF2 SHA-256", rounds=2048) for cipher in ciphers)
    proof = Protection(cipher=mac, derivation="PKCS#12", rounds=2048)
    return ContainerProtection(parts=parts, mac=proof, is_ber=is_ber)


def derived_by(derivation: str) -> ContainerProtection:
    part = Protection(cipher="PBES2 AES-256-CBC", derivation=derivation, rounds=2048)
    return replace(container(), parts=(part,))


def protected(cipher: str, *, empty: bool = False) -> KeyEvidence:
    protection = Protection(cipher=cipher, rounds=1)
    facts = KeyFacts(
        form="PKCS#8", encrypted=True, spki_sha256=SPKI, protection=protection, empty_password=empty
    )
    return KeyEvidence(facts=facts)


def with_key(evidence: KeyEvidence) -> LintContext:
    return replace(AT, key=evidence)


def in_container(protection: ContainerProtection) -> KeyEvidence:
    return replace(key(), container=protection)


AES_256 = "PBES2 AES-256-CBC"
AES = key(ciphers=(AES_256,))
ITSELF = KeyUse(title="client.pem", sha256=CLIENT.sha256, spki_sha256=SPKI)
ELSEWHERE = KeyUse(title="other.pem", sha256=OTHER, spki_sha256=OTHER)
SAME = KeyUse(title="server.pem", sha256=OTHER, spki_sha256=SPKI)


@pytest.mark.parametrize(
    ("rule", "status", "evidence", "context"),
    [
        ("KEY-01", PASS, "the same", with_key(key())),
        ("KEY-01", FAIL, "another public key", with_key(key(spki=OTHER))),
        ("KEY-01", NOT_RUN, "not opened", with_key(key(spki=None))),
        ("KEY-01", NOT_RUN, "No private key", AT),
        ("KEY-02", PASS, "under a passphrase", with_key(key())),
        ("KEY-02", PASS, "in the keyring", with_key(key(encrypted=False, keyring=True))),
        ("KEY-02", WARN, "PKCS#8) without a passphrase", with_key(key(encrypted=False))),
        ("KEY-02", NOT_RUN, "No private key", AT),
        ("KEY-02", PASS, "PBES2 AES-256-CBC (1 round)", with_key(protected("PBES2 AES-256-CBC"))),
        ("KEY-02", WARN, "encrypted with DES-EDE3-CBC", with_key(protected("DES-EDE3-CBC"))),
        ("KEY-02", WARN, "protects nothing", with_key(protected("PBES2 AES-256-CBC", empty=True))),
        ("KEY-03", PASS, "AES-256-CBC (PBKDF2 SHA-256, 2,048 rounds); MAC: SHA-256", with_key(AES)),
        ("KEY-03", WARN, "RC2-40", with_key(key(ciphers=("PBE-SHA1-RC2-40", "PBES2 AES-256-CBC")))),
        ("KEY-03", WARN, "SHA-1 MAC", with_key(in_container(container(AES_256, mac="SHA-1")))),
        ("KEY-03", WARN, "SHA-1 MAC", with_key(in_container(container(AES_256, mac="PBMAC1 SHA-1")))),
        (
            "KEY-03",
            PASS,
            "MAC: PBMAC1 SHA-256",
            with_key(in_container(container(AES_256, mac="PBMAC1 SHA-256"))),
        ),
        ("KEY-03", NOT_RUN, "1.2.3.4.5", with_key(key(ciphers=(AES_256, "1.2.3.4.5")))),
        ("KEY-03", NOT_RUN, "PBES2 1.2.3", with_key(key(ciphers=("PBES2 1.2.3",)))),
        ("KEY-03", NOT_RUN, "not known here: ?", with_key(in_container(container("?")))),
        ("KEY-03", NOT_RUN, "not known here: ?", with_key(in_container(container(AES_256, mac="?")))),
        ("KEY-03", NOT_RUN, "PBKDF2 1.2.3", with_key(in_container(derived_by("PBKDF2 1.2.3")))),
        ("KEY-03", PASS, "scrypt", with_key(in_container(derived_by("scrypt")))),
        ("KEY-03", WARN, "no MAC", with_key(in_container(replace(container(AES_256), mac=None)))),
        ("KEY-03", WARN, "RC2-40", with_key(key(ciphers=("1.2.3.4.5", "PBE-SHA1-RC2-40")))),
        ("KEY-03", WARN, "BER", with_key(in_container(container(AES_256, is_ber=True)))),
        ("KEY-03", NOT_APPLICABLE, "not lie in a PKCS#12", with_key(key())),
        ("KEY-03", WARN, "Nothing in the file", with_key(in_container(ContainerProtection()))),
        ("KEY-03", NOT_RUN, "No private key", AT),
        ("KEY-04", NOT_RUN, "no other", replace(AT, other_keys=())),
        ("KEY-04", PASS, "No other one in the workspace", replace(AT, other_keys=(ITSELF,))),
        ("KEY-04", WARN, "server.pem", replace(AT, other_keys=(SAME,))),
        ("KEY-04", NOT_RUN, "No other", AT),
        (
            "KEY-05",
            PASS,
            "It is none of the 1 keys",
            replace(AT, compromised_keys={OTHER: "npm elsewhere, a.key"}),
        ),
        (
            "KEY-05",
            FAIL,
            "published (PyPI somewhere, test.key)",
            replace(AT, compromised_keys={SPKI: "PyPI somewhere, test.key"}),
        ),
        ("KEY-05", NOT_RUN, "No list", AT),
    ],
)
def test_rule(rule: str, status: FindingStatus, evidence: str, context: LintContext) -> None:
    found = findings(CLIENT, Role.CLIENT, context)[rule]
    said = wording("en").text(found.evidence)
    assert found.status is status, said
    assert evidence in said


def test_issuer_with_a_published_key_is_named() -> None:
    issuer = read_details(issuing_ca().der)
    context = replace(
        AT, chain=(issuer,), compromised_keys={issuer.spki_sha256 or "": "npm elsewhere, a.key"}
    )
    found = findings(CLIENT, Role.CLIENT, context)["KEY-05"]
    assert found.status is FAIL
    expected = "The private key of its issuer Issuing has been published (npm elsewhere, a.key)."
    assert wording("en").text(found.evidence) == expected
    secret = findings(CLIENT, Role.CLIENT, replace(context, compromised_keys={OTHER: "x"}))["KEY-05"]
    assert wording("en").text(secret.evidence).startswith("They are none of the 1 keys")


def test_request_is_judged_by_the_same_rules_and_csr_8() -> None:
    """The request of the tests has the key of the certificate of the tests."""
    context = replace(AT, key=key(), other_keys=(SAME,), compromised_keys={SPKI: "PyPI somewhere, test.key"})
    found = request_findings(request(), context)
    assert {rule: found[rule].status for rule in ("KEY-01", "KEY-02", "KEY-05", "CSR-8")} == {
        "KEY-01": PASS,
        "KEY-02": PASS,
        "KEY-05": FAIL,
        "CSR-8": WARN,
    }
    assert request_findings(request(), replace(AT, other_keys=(ELSEWHERE,)))["CSR-8"].status is PASS
    assert request_findings(request(), replace(AT, other_keys=()))["CSR-8"].status is NOT_RUN


def test_certificate_that_was_issued_for_a_request_is_no_second_use_of_its_key() -> None:
    context = replace(AT, other_keys=(ELSEWHERE,), issued=subject_of(CLIENT).details)
    found = request_findings(request(), context)["CSR-8"]
    assert found.status is PASS
    assert "which was issued for it" in wording("en").text(found.evidence)
