"""Who may sign an OCSP response, and who may not (RFC 6960 4.2.2.2, 4.2.2.3)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from tests.support import ocsp as made
from tests.support import pki
from tests.support.ocsp import THIS_UPDATE, Single, by_key, by_name, response, tlv
from tests.support.ocsp_cases import (
    CA,
    GOOD,
    HOUR,
    LEAF,
    OTHER_CA,
    REVOKED,
    ROOT,
    UNAVAILABLE,
    UNKNOWN,
    about,
    delegate,
    failed,
    judged,
    signed_by_delegate,
    status_of,
)
from tests.support.pki import NOW, Issued
from trustdesk.core.revocation import RevocationRuleStatus, RevocationStatus
from trustdesk.verify.decoded import Decoded, decode


@pytest.mark.parametrize("named", [by_name, by_key])
def test_issuer_is_named_by_name_or_by_key(named: Any) -> None:
    assert judged(response(about(), signer=CA, responder=named(CA))).status is GOOD


@pytest.mark.parametrize("named", [by_name, by_key])
@pytest.mark.parametrize("nocheck", [True, False])
def test_delegate_of_the_issuer_may_answer(named: Any, nocheck: bool) -> None:
    signer = delegate(nocheck=nocheck)
    answer = judged(signed_by_delegate(signer, responder=named(signer)))
    assert (answer.status, failed(answer)) == (GOOD, [])
    assert answer.signed_by == "CN=Responder"
    expected = RevocationRuleStatus.PASS if nocheck else RevocationRuleStatus.NOT_RUN
    assert status_of(answer, "ocsp.delegate.nocheck") is expected


@pytest.mark.parametrize(
    ("known", "status", "check"),
    [
        (GOOD, GOOD, RevocationRuleStatus.PASS),
        (REVOKED, UNAVAILABLE, RevocationRuleStatus.FAIL),
        (UNKNOWN, GOOD, RevocationRuleStatus.NOT_RUN),
        (UNAVAILABLE, GOOD, RevocationRuleStatus.NOT_RUN),
    ],
)
def test_delegate_that_has_to_be_asked_about_is(
    known: RevocationStatus, status: RevocationStatus, check: RevocationRuleStatus
) -> None:
    signer = delegate(nocheck=False)
    asked: list[Decoded] = []

    def ask(certificate: Decoded) -> RevocationStatus:
        asked.append(certificate)
        return known

    answer = judged(signed_by_delegate(signer), delegate_status=ask)
    assert (answer.status, status_of(answer, "ocsp.delegate.nocheck")) == (status, check)
    assert [one.sha256 for one in asked] == [signer.sha256]


def test_nobody_asks_about_a_delegate_that_says_so_or_may_not_answer_anyhow() -> None:
    def ask(certificate: Decoded) -> RevocationStatus:
        raise AssertionError(certificate.title)

    assert judged(signed_by_delegate(delegate()), delegate_status=ask).status is GOOD
    imposter = delegate(nocheck=False, purposes=None)
    assert judged(signed_by_delegate(imposter), delegate_status=ask).status is UNAVAILABLE


def test_delegate_is_found_among_the_others() -> None:
    signer = delegate()
    der = signed_by_delegate(signer, certificates=[])
    assert "ocsp.responder" in failed(judged(der))
    assert judged(der, others=[decode(ROOT.der), decode(signer.der)]).status is GOOD


def test_delegate_is_found_behind_certificates_that_are_none() -> None:
    signer = delegate()
    junk = [made.sequence(), made.sequence(b"\x05\x00"), CA.der, ROOT.der, LEAF.der]
    assert judged(signed_by_delegate(signer, certificates=[*junk, signer.der])).status is GOOD


def test_delegate_is_found_beside_another_of_the_same_name_without_the_right() -> None:
    wrong, right = delegate(purposes=None), delegate()
    answer = judged(signed_by_delegate(right, certificates=[wrong.der, right.der]))
    assert answer.status is GOOD


def test_certificate_with_the_right_for_the_same_key_counts_whichever_comes_first() -> None:
    right = delegate()
    wrong = delegate(key=right.key, purposes=None)
    for certificates in ([wrong.der, right.der], [right.der, wrong.der]):
        assert judged(signed_by_delegate(right, certificates=certificates)).status is GOOD


def test_reissued_certificate_of_the_issuer_is_the_issuer() -> None:
    again = pki.authority("Issuing CA", ROOT, key=CA.key)
    for named in (by_name, by_key):
        der = response(about(), signer=again, responder=named(again), certificates=[again.der])
        assert judged(der).status is GOOD


def test_critical_extensions_of_a_delegate_that_are_known_are_understood() -> None:
    more: list[tuple[x509.ExtensionType, bool]] = [(x509.BasicConstraints(False, None), True)]
    assert judged(signed_by_delegate(delegate(more=more))).status is GOOD


@cache
def imposters() -> dict[str, tuple[Issued, str]]:
    """Signers that may not answer, each with what is wrong with it."""
    same_name = pki.root("Issuing CA")
    unknown, broken_usage, broken_names = (
        x509.UnrecognizedExtension(ObjectIdentifier(oid), b"\x05\x00")
        for oid in ("1.2.3.4", "2.5.29.15", "2.5.29.17")
    )
    return {
        "no purpose": (delegate(purposes=None), "ocsp.delegate.purpose"),
        "another purpose": (delegate(purposes=[pki.CLIENT_AUTH]), "ocsp.delegate.purpose"),
        "any purpose": (
            delegate(purposes=[ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),
            "ocsp.delegate.purpose",
        ),
        "sibling": (pki.client(CA, "Sibling"), "ocsp.delegate.purpose"),
        "by another CA": (delegate(OTHER_CA), "ocsp.delegate.issuer"),
        "by the root": (delegate(ROOT), "ocsp.delegate.issuer"),
        "by a CA of the same name": (delegate(same_name), "ocsp.delegate.issuer"),
        "below a CA of the issuer": (
            delegate(pki.authority("Sub", CA)),
            "ocsp.delegate.issuer",
        ),
        "by itself": (delegate(None, called="Issuing CA"), "ocsp.delegate.issuer"),
        "forged": (delegate(signed_with=OTHER_CA.key), "ocsp.delegate.issuer"),
        "expired": (delegate(not_after=NOW - HOUR), "ocsp.delegate.validity"),
        "not yet valid": (delegate(not_before=NOW + HOUR), "ocsp.delegate.validity"),
        "key usage": (delegate(key_usage=["key_encipherment"]), "ocsp.delegate.key_usage"),
        "no usage at all": (delegate(key_usage=["key_cert_sign"]), "ocsp.delegate.key_usage"),
        "broken key usage": (
            delegate(key_usage=None, more=[(broken_usage, True)]),
            "ocsp.delegate.key_usage",
        ),
        "broken names": (delegate(more=[(broken_names, False)]), "ocsp.delegate.extensions"),
        "unknown critical": (delegate(more=[(unknown, True)]), "ocsp.delegate.extensions"),
    }


@pytest.mark.parametrize("status", ["good", "revoked"])
@pytest.mark.parametrize("case", list(imposters()))
def test_who_may_not_answer_is_not_believed(case: str, status: str) -> None:
    signer, rule = imposters()[case]
    for named in (by_name, by_key):
        answer = judged(signed_by_delegate(signer, status=status, responder=named(signer)))
        assert answer.status is UNAVAILABLE
        assert rule in failed(answer)


def test_delegate_whose_validity_cannot_be_read_is_not_believed() -> None:
    signer = delegate()
    forever = made.sequence(made.time("2026"), made.time("2126"))
    der = signed_by_delegate(signer, certificates=[made.signed_again(signer, CA, 4, forever)])
    answer = judged(der)
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.delegate.validity"])


def test_key_of_the_issuer_under_another_name_needs_the_right_of_a_delegate() -> None:
    renamed = pki.authority("Renamed CA", ROOT, key=CA.key)
    der = response(about(), signer=renamed, certificates=[renamed.der])
    answer = judged(der)
    assert answer.status is UNAVAILABLE
    assert "ocsp.delegate.issuer" in failed(answer)


def test_responder_id_of_somebody_else_is_not_believed() -> None:
    for responder in (by_name(OTHER_CA), by_key(OTHER_CA), tlv(0xA2, tlv(0x04, bytes(20)))):
        answer = judged(response(about(), signer=CA, responder=responder))
        assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.responder"])
        signer = delegate()
        answer = judged(signed_by_delegate(signer, responder=responder))
        assert (answer.status, answer.signed_by) == (UNAVAILABLE, None)


def test_delegate_that_names_the_issuer_as_responder_is_not_believed() -> None:
    answer = judged(signed_by_delegate(delegate(), responder=by_name(CA)))
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.signature"])


@pytest.mark.parametrize("status", ["good", "revoked", "unknown"])
def test_signature_of_another_key_is_not_believed(status: str) -> None:
    for der in (
        response(about(status), signer=CA, key=OTHER_CA.key),
        signed_by_delegate(delegate(), status=status, key=OTHER_CA.key),
    ):
        answer = judged(der)
        assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.signature"])
        assert answer.signed_by is None


def test_response_that_was_changed_is_not_believed() -> None:
    data = made.sequence(by_name(CA), made.time(THIS_UPDATE), made.sequence(about().der))
    der = response(about("revoked"), signer=CA, changed=data)
    assert failed(judged(der)) == ["ocsp.signature"]


def test_certificate_does_not_speak_for_itself() -> None:
    own = delegate()
    der = response(Single(own, CA), signer=own, certificates=[own.der])
    answer = judged(der, leaf=own)
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.independence"])
    der = response(about(), signer=LEAF, certificates=[LEAF.der])
    assert "ocsp.independence" in failed(judged(der))


def test_root_does_not_speak_for_itself() -> None:
    answer = judged(response(Single(ROOT, ROOT), signer=ROOT), leaf=ROOT, issuer=ROOT)
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.independence"])


def test_many_certificates_in_a_response_are_not_all_tried() -> None:
    namesakes = [delegate().der for _ in range(20)]
    signer = delegate()
    answer = judged(signed_by_delegate(signer, certificates=[*namesakes, signer.der]))
    assert answer.status is UNAVAILABLE


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.BrainpoolP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
        ed448.Ed448PrivateKey.generate(),
        dsa.generate_private_key(2048),
        mldsa.MLDSA44PrivateKey.generate(),
        mldsa.MLDSA65PrivateKey.generate(),
        mldsa.MLDSA87PrivateKey.generate(),
        pki.rsa_key(),
    ],
    ids=lambda key: type(key).__name__,
)
def test_every_kind_of_key_is_verified(key: Any) -> None:
    signer = delegate(key=key)
    assert judged(signed_by_delegate(signer)).status is GOOD
    assert judged(signed_by_delegate(signer, key=OTHER_CA.key)).status is UNAVAILABLE


def test_rsa_pss_is_verified_with_its_parameters() -> None:
    signer = delegate(key=pki.rsa_key())
    der = signed_by_delegate(signer, algorithm="rsassaPss")
    assert judged(der).status is GOOD
    other = made.pss_parameters("sha384", 40)
    for parameters in (made.pss_parameters("sha256", 40), made.pss_parameters("sha384", 41)):
        answer = judged(der.replace(other, parameters))
        assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.signature"])


def test_sha1_is_named_and_relied_on() -> None:
    signer = delegate(key=pki.rsa_key())
    for der in (
        signed_by_delegate(signer, algorithm="sha1WithRSAEncryption"),
        response(about(), signer=CA, algorithm="ecdsa-with-SHA1"),
    ):
        answer = judged(der)
        assert (answer.status, failed(answer)) == (GOOD, ["ocsp.digest"])


def test_digest_of_the_delegates_own_certificate_counts_too() -> None:
    issuer = pki.authority("RSA CA", ROOT, key=pki.rsa_key())
    leaf, signer = pki.client(issuer), delegate(issuer)
    weak = pki.signed_with_sha1(signer, issuer)
    answer = judged(
        response(Single(leaf, issuer), signer=signer, certificates=[weak]), leaf=leaf, issuer=issuer
    )
    assert (answer.status, failed(answer)) == (GOOD, ["ocsp.digest"])


def test_md5_is_not_relied_on() -> None:
    answer = judged(signed_by_delegate(delegate(key=pki.rsa_key()), algorithm="md5WithRSAEncryption"))
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.digest"])


def test_algorithm_that_does_not_fit_the_key_is_not_checked() -> None:
    der = response(about(), signer=CA)
    swapped = der.replace(made.oid("1.2.840.10045.4.3.2"), made.oid("1.2.840.10045.4.9.9"))
    answer = judged(swapped)
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.signature"])
    (check,) = (check for check in answer.checks if check.rule == "ocsp.signature")
    assert "cannot be checked" in check.evidence.id
