"""NIST's Public Key Interoperability Test Suite, sections 4.1 to 4.16.

What is expected follows the description of each test in "PKITS v1.0.1": the settings of RFC 5280 6.1.1 and
whether the path validates. Every CA certificate and every CRL of the suite is given to every test, so that
the path and the lists that speak of it have to be found as well; what is not known of a certificate's
revocation is refused, as the suite asks. Left out, each with its reason: `LEFT_OUT`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cryptography_vectors
import pytest

from tests.support.revocation import given
from trustdesk.core.message import msg
from trustdesk.core.revocation import FailMode, RevocationStatus
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.verification import RFC_5280_INPUTS, PathInputs, Purpose, Verification
from trustdesk.formats.certificate import read_certificate
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation.evidence import RevocationEvidence

CERTIFICATES = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data" / "certs"
LISTS = CERTIFICATES.parent / "crls"
AT = datetime(2026, 11, 20, tzinfo=UTC)
ANCHOR = "TrustAnchorRootCertificate"
_POLICY = "2.16.840.1.101.3.2.1.48"

LEFT_OUT = {
    "4.1.5": "a DSA key that inherits its parameters: no library here loads one, and nobody issues them now",
}
REVOKED = {
    *(f"4.4.{number}" for number in (2, 3, 15, 18, 20)),
    *(f"4.5.{number}" for number in (2, 5, 7)),
    *(f"4.14.{number}" for number in (2, 6, 15, 16, 20, 21, 23, 31, 32, 34)),
    *(f"4.15.{number}" for number in (3, 4, 6, 9)),
}
"""Those that a CRL which may be relied on says to be revoked; of other refused ones it is not known."""


@dataclass(frozen=True)
class Case:
    number: str
    end_entity: str
    valid: bool
    policies: tuple[int, ...] = ()
    explicit: bool = False
    no_mapping: bool = False
    no_any_policy: bool = False

    @property
    def inputs(self) -> PathInputs:
        return replace(
            RFC_5280_INPUTS,
            initial_policies=frozenset(f"{_POLICY}.{number}" for number in self.policies)
            or RFC_5280_INPUTS.initial_policies,
            require_explicit_policy=self.explicit,
            inhibit_policy_mapping=self.no_mapping,
            inhibit_any_policy=self.no_any_policy,
        )


def numbered(section: str, names: str) -> Iterator[Case]:
    """Number the tests of a section that have one setting each; what is expected stands in their names."""
    for position, name in enumerate(names.split(), 1):
        number = f"{section}.{position}"
        if number not in LEFT_OUT:
            yield Case(number, f"{name}Test{position}EE", name.startswith("Valid"))


CASES = [
    Case("4.1.1", "ValidCertificatePathTest1EE", valid=True),
    Case("4.1.2", "InvalidCASignatureTest2EE", valid=False),
    Case("4.1.3", "InvalidEESignatureTest3EE", valid=False),
    Case("4.1.4", "ValidDSASignaturesTest4EE", valid=True),
    Case("4.1.6", "InvalidDSASignatureTest6EE", valid=False),
    *numbered(
        "4.2",
        "InvalidCAnotBeforeDate InvalidEEnotBeforeDate Validpre2000UTCnotBeforeDate "
        "ValidGeneralizedTimenotBeforeDate InvalidCAnotAfterDate InvalidEEnotAfterDate "
        "Invalidpre2000UTCEEnotAfterDate ValidGeneralizedTimenotAfterDate",
    ),
    Case("4.3.1", "InvalidNameChainingTest1EE", valid=False),
    Case("4.3.2", "InvalidNameChainingOrderTest2EE", valid=False),
    Case("4.3.3", "ValidNameChainingWhitespaceTest3EE", valid=True),
    Case("4.3.4", "ValidNameChainingWhitespaceTest4EE", valid=True),
    Case("4.3.5", "ValidNameChainingCapitalizationTest5EE", valid=True),
    Case("4.3.6", "ValidNameUIDsTest6EE", valid=True),
    Case("4.3.7", "ValidRFC3280MandatoryAttributeTypesTest7EE", valid=True),
    Case("4.3.8", "ValidRFC3280OptionalAttributeTypesTest8EE", valid=True),
    Case("4.3.9", "ValidUTF8StringEncodedNamesTest9EE", valid=True),
    Case("4.3.10", "ValidRolloverfromPrintableStringtoUTF8StringTest10EE", valid=True),
    Case("4.3.11", "ValidUTF8StringCaseInsensitiveMatchTest11EE", valid=True),
    *numbered(
        "4.4",
        "InvalidMissingCRL InvalidRevokedCA InvalidRevokedEE InvalidBadCRLSignature InvalidBadCRLIssuerName "
        "InvalidWrongCRL ValidTwoCRLs InvalidUnknownCRLEntryExtension InvalidUnknownCRLExtension "
        "InvalidUnknownCRLExtension InvalidOldCRLnextUpdate Invalidpre2000CRLnextUpdate "
        "ValidGeneralizedTimeCRLnextUpdate ValidNegativeSerialNumber InvalidNegativeSerialNumber "
        "ValidLongSerialNumber ValidLongSerialNumber InvalidLongSerialNumber "
        "ValidSeparateCertificateandCRLKeys InvalidSeparateCertificateandCRLKeys "
        "InvalidSeparateCertificateandCRLKeys",
    ),
    *numbered(
        "4.5",
        "ValidBasicSelfIssuedOldWithNew InvalidBasicSelfIssuedOldWithNew ValidBasicSelfIssuedNewWithOld "
        "ValidBasicSelfIssuedNewWithOld InvalidBasicSelfIssuedNewWithOld "
        "ValidBasicSelfIssuedCRLSigningKey InvalidBasicSelfIssuedCRLSigningKey "
        "InvalidBasicSelfIssuedCRLSigningKey",
    ),
    *numbered(
        "4.6",
        "InvalidMissingbasicConstraints InvalidcAFalse InvalidcAFalse ValidbasicConstraintsNotCritical "
        "InvalidpathLenConstraint InvalidpathLenConstraint ValidpathLenConstraint ValidpathLenConstraint "
        "InvalidpathLenConstraint InvalidpathLenConstraint InvalidpathLenConstraint "
        "InvalidpathLenConstraint ValidpathLenConstraint ValidpathLenConstraint "
        "ValidSelfIssuedpathLenConstraint InvalidSelfIssuedpathLenConstraint "
        "ValidSelfIssuedpathLenConstraint",
    ),
    *numbered(
        "4.7",
        "InvalidkeyUsageCriticalkeyCertSignFalse InvalidkeyUsageNotCriticalkeyCertSignFalse "
        "ValidkeyUsageNotCritical InvalidkeyUsageCriticalcRLSignFalse "
        "InvalidkeyUsageNotCriticalcRLSignFalse",
    ),
    Case("4.8.1", "ValidCertificatePathTest1EE", valid=True, explicit=True),
    Case("4.8.1", "ValidCertificatePathTest1EE", valid=True, explicit=True, policies=(1,)),
    Case("4.8.1", "ValidCertificatePathTest1EE", valid=False, explicit=True, policies=(2,)),
    Case("4.8.1", "ValidCertificatePathTest1EE", valid=True, explicit=True, policies=(1, 2)),
    Case("4.8.2", "AllCertificatesNoPoliciesTest2EE", valid=True),
    Case("4.8.2", "AllCertificatesNoPoliciesTest2EE", valid=False, explicit=True),
    Case("4.8.3", "DifferentPoliciesTest3EE", valid=True),
    Case("4.8.3", "DifferentPoliciesTest3EE", valid=False, explicit=True),
    Case("4.8.3", "DifferentPoliciesTest3EE", valid=False, explicit=True, policies=(1, 2)),
    Case("4.8.4", "DifferentPoliciesTest4EE", valid=False),
    Case("4.8.5", "DifferentPoliciesTest5EE", valid=False),
    Case("4.8.6", "OverlappingPoliciesTest6EE", valid=True),
    Case("4.8.6", "OverlappingPoliciesTest6EE", valid=True, policies=(1,)),
    Case("4.8.6", "OverlappingPoliciesTest6EE", valid=False, policies=(2,)),
    Case("4.8.7", "DifferentPoliciesTest7EE", valid=False),
    Case("4.8.8", "DifferentPoliciesTest8EE", valid=False),
    Case("4.8.9", "DifferentPoliciesTest9EE", valid=False),
    Case("4.8.10", "AllCertificatesSamePoliciesTest10EE", valid=True),
    Case("4.8.10", "AllCertificatesSamePoliciesTest10EE", valid=True, policies=(1,)),
    Case("4.8.10", "AllCertificatesSamePoliciesTest10EE", valid=True, policies=(2,)),
    Case("4.8.11", "AllCertificatesanyPolicyTest11EE", valid=True),
    Case("4.8.11", "AllCertificatesanyPolicyTest11EE", valid=True, policies=(1,)),
    Case("4.8.12", "DifferentPoliciesTest12EE", valid=False),
    *(
        Case("4.8.13", "AllCertificatesSamePoliciesTest13EE", valid=True, policies=(policy,))
        for policy in (1, 2, 3)
    ),
    Case("4.8.14", "AnyPolicyTest14EE", valid=True, policies=(1,)),
    Case("4.8.14", "AnyPolicyTest14EE", valid=False, policies=(2,)),
    *(Case(f"4.8.{number}", f"UserNoticeQualifierTest{number}EE", valid=True) for number in (15, 16, 17)),
    Case("4.8.18", "UserNoticeQualifierTest18EE", valid=True, policies=(1,)),
    Case("4.8.18", "UserNoticeQualifierTest18EE", valid=True, policies=(2,)),
    Case("4.8.19", "UserNoticeQualifierTest19EE", valid=True),
    Case("4.8.20", "CPSPointerQualifierTest20EE", valid=True),
    *numbered(
        "4.9",
        "ValidrequireExplicitPolicy ValidrequireExplicitPolicy InvalidrequireExplicitPolicy "
        "ValidrequireExplicitPolicy InvalidrequireExplicitPolicy ValidSelfIssuedrequireExplicitPolicy "
        "InvalidSelfIssuedrequireExplicitPolicy InvalidSelfIssuedrequireExplicitPolicy",
    ),
    Case("4.10.1", "ValidPolicyMappingTest1EE", valid=True, policies=(1,)),
    Case("4.10.1", "ValidPolicyMappingTest1EE", valid=False, policies=(2,)),
    Case("4.10.1", "ValidPolicyMappingTest1EE", valid=False, no_mapping=True),
    Case("4.10.2", "InvalidPolicyMappingTest2EE", valid=False),
    Case("4.10.2", "InvalidPolicyMappingTest2EE", valid=False, no_mapping=True),
    Case("4.10.3", "ValidPolicyMappingTest3EE", valid=False, policies=(1,)),
    Case("4.10.3", "ValidPolicyMappingTest3EE", valid=True, policies=(2,)),
    Case("4.10.4", "InvalidPolicyMappingTest4EE", valid=False),
    Case("4.10.5", "ValidPolicyMappingTest5EE", valid=True, policies=(1,)),
    Case("4.10.5", "ValidPolicyMappingTest5EE", valid=False, policies=(6,)),
    Case("4.10.6", "ValidPolicyMappingTest6EE", valid=True, policies=(1,)),
    Case("4.10.6", "ValidPolicyMappingTest6EE", valid=False, policies=(6,)),
    Case("4.10.7", "InvalidMappingFromanyPolicyTest7EE", valid=False),
    Case("4.10.8", "InvalidMappingToanyPolicyTest8EE", valid=False),
    Case("4.10.9", "ValidPolicyMappingTest9EE", valid=True),
    Case("4.10.10", "InvalidPolicyMappingTest10EE", valid=False),
    Case("4.10.11", "ValidPolicyMappingTest11EE", valid=True),
    Case("4.10.12", "ValidPolicyMappingTest12EE", valid=True, policies=(1,)),
    Case("4.10.12", "ValidPolicyMappingTest12EE", valid=True, policies=(2,)),
    Case("4.10.13", "ValidPolicyMappingTest13EE", valid=True),
    Case("4.10.14", "ValidPolicyMappingTest14EE", valid=True),
    *numbered(
        "4.11",
        "InvalidinhibitPolicyMapping ValidinhibitPolicyMapping InvalidinhibitPolicyMapping "
        "ValidinhibitPolicyMapping InvalidinhibitPolicyMapping InvalidinhibitPolicyMapping "
        "ValidSelfIssuedinhibitPolicyMapping InvalidSelfIssuedinhibitPolicyMapping "
        "InvalidSelfIssuedinhibitPolicyMapping InvalidSelfIssuedinhibitPolicyMapping "
        "InvalidSelfIssuedinhibitPolicyMapping",
    ),
    Case("4.12.1", "InvalidinhibitAnyPolicyTest1EE", valid=False),
    Case("4.12.2", "ValidinhibitAnyPolicyTest2EE", valid=True),
    Case("4.12.3", "inhibitAnyPolicyTest3EE", valid=True),
    Case("4.12.3", "inhibitAnyPolicyTest3EE", valid=False, no_any_policy=True),
    Case("4.12.4", "InvalidinhibitAnyPolicyTest4EE", valid=False),
    Case("4.12.5", "InvalidinhibitAnyPolicyTest5EE", valid=False),
    Case("4.12.6", "InvalidinhibitAnyPolicyTest6EE", valid=False),
    Case("4.12.7", "ValidSelfIssuedinhibitAnyPolicyTest7EE", valid=True),
    Case("4.12.8", "InvalidSelfIssuedinhibitAnyPolicyTest8EE", valid=False),
    Case("4.12.9", "ValidSelfIssuedinhibitAnyPolicyTest9EE", valid=True),
    Case("4.12.10", "InvalidSelfIssuedinhibitAnyPolicyTest10EE", valid=False),
    *numbered(
        "4.13",
        "ValidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints "
        "ValidDNnameConstraints ValidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints "
        "InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints "
        "InvalidDNnameConstraints InvalidDNnameConstraints ValidDNnameConstraints "
        "InvalidDNnameConstraints InvalidDNnameConstraints InvalidDNnameConstraints "
        "ValidDNnameConstraints ValidDNnameConstraints InvalidDNnameConstraints "
        "ValidRFC822nameConstraints InvalidRFC822nameConstraints ValidRFC822nameConstraints "
        "InvalidRFC822nameConstraints ValidRFC822nameConstraints InvalidRFC822nameConstraints "
        "ValidDNandRFC822nameConstraints InvalidDNandRFC822nameConstraints "
        "InvalidDNandRFC822nameConstraints ValidDNSnameConstraints InvalidDNSnameConstraints "
        "ValidDNSnameConstraints InvalidDNSnameConstraints ValidURInameConstraints "
        "InvalidURInameConstraints ValidURInameConstraints InvalidURInameConstraints "
        "InvalidDNSnameConstraints",
    ),
    *numbered(
        "4.14",
        "ValiddistributionPoint InvaliddistributionPoint InvaliddistributionPoint ValiddistributionPoint "
        "ValiddistributionPoint InvaliddistributionPoint ValiddistributionPoint InvaliddistributionPoint "
        "InvaliddistributionPoint ValidNoissuingDistributionPoint InvalidonlyContainsUserCerts "
        "InvalidonlyContainsCACerts ValidonlyContainsCACerts InvalidonlyContainsAttributeCerts "
        "InvalidonlySomeReasons InvalidonlySomeReasons InvalidonlySomeReasons ValidonlySomeReasons "
        "ValidonlySomeReasons InvalidonlySomeReasons InvalidonlySomeReasons ValidIDPwithindirectCRL "
        "InvalidIDPwithindirectCRL ValidIDPwithindirectCRL ValidIDPwithindirectCRL InvalidIDPwithindirectCRL "
        "InvalidcRLIssuer ValidcRLIssuer ValidcRLIssuer ValidcRLIssuer InvalidcRLIssuer InvalidcRLIssuer "
        "ValidcRLIssuer InvalidcRLIssuer InvalidcRLIssuer",
    ),
    *numbered(
        "4.15",
        "InvaliddeltaCRLIndicatorNoBase ValiddeltaCRL InvaliddeltaCRL InvaliddeltaCRL ValiddeltaCRL "
        "InvaliddeltaCRL ValiddeltaCRL ValiddeltaCRL InvaliddeltaCRL InvaliddeltaCRL",
    ),
    Case("4.16.1", "ValidUnknownNotCriticalCertificateExtensionTest1EE", valid=True),
    Case("4.16.2", "InvalidUnknownCriticalCertificateExtensionTest2EE", valid=False),
]


@cache
def der(name: str) -> bytes:
    return (CERTIFICATES / f"{name}.crt").read_bytes()


@cache
def pool() -> tuple[bytes, ...]:
    return tuple(
        path.read_bytes()
        for path in sorted(CERTIFICATES.iterdir())
        if not path.stem.endswith("EE") and path.stem != ANCHOR
    )


@cache
def verifier() -> PathVerifier:
    anchors = (read_certificate(der(ANCHOR)),)
    return PathVerifier(
        [TrustList(name="PKITS", title=msg("PKITS"), origin=TrustListOrigin.FILE, anchors=anchors)]
    )


@cache
def lists() -> RevocationEvidence:
    return given(*(path.read_bytes() for path in sorted(LISTS.iterdir())))


def verify(case: Case, fail_mode: FailMode = FailMode.HARD) -> Verification:
    return verifier().verify(
        der(case.end_entity),
        pool(),
        purpose=Purpose.CLIENT,
        at=AT,
        inputs=replace(case.inputs, fail_mode=fail_mode),
        revocation=lists(),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.end_entity}-{case.policies}")
def test_path_validates_as_nist_says(case: Case) -> None:
    verification = verify(case)
    assert verification.trusted is case.valid, verification.own.reason


def test_every_end_entity_of_these_sections_is_judged_or_left_out_with_a_reason() -> None:
    judged = {case.number for case in CASES}
    assert not judged & LEFT_OUT.keys()
    counts = {"1": 6, "2": 8, "3": 11, "5": 8, "6": 17, "7": 5, "8": 20, "9": 8, "10": 14, "11": 11, "12": 10}
    counts |= {"4": 21, "13": 38, "14": 35, "15": 10, "16": 2}
    everything = {
        f"4.{section}.{number}" for section, count in counts.items() for number in range(1, count + 1)
    }
    assert judged | LEFT_OUT.keys() == everything


@pytest.mark.parametrize("case", [case for case in CASES if not case.valid], ids=lambda case: case.number)
def test_what_is_refused_is_refused_by_a_named_rule(case: Case) -> None:
    verification = verify(case)
    assert verification.paths[0].failures
    assert verification.own.reason == verification.paths[0].failures[0].evidence


OF_REVOCATION = [
    case for case in CASES if case.number in REVOKED or case.number.startswith(("4.4.", "4.14.", "4.15."))
]


@pytest.mark.parametrize("case", OF_REVOCATION, ids=lambda case: case.number)
def test_revoked_and_not_known_are_told_apart(case: Case) -> None:
    statuses = {check.status for check in verify(case).paths[0].revocation}
    assert (RevocationStatus.REVOKED in statuses) is (case.number in REVOKED)
    assert (statuses == {RevocationStatus.GOOD}) is case.valid


@pytest.mark.parametrize("case", OF_REVOCATION, ids=lambda case: case.number)
def test_soft_fail_refuses_the_revoked_and_nobody_else(case: Case) -> None:
    verification = verify(case, FailMode.SOFT)
    assert verification.trusted is (case.number not in REVOKED)
    soft, hard = verification.paths[0].fail_modes
    assert (soft.accepted, hard.accepted) == (case.number not in REVOKED, case.valid)
