"""All sources joined into one status for each certificate, one rule and two fail modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from tests.support.ocsp import Single, response
from tests.support.pki import NOW, Issued, authority, issue, name, root, server, trust_list
from tests.support.revocation import DictionaryWeb, Entry, crl, from_file, given, point, points, scope
from trustdesk.core.message import msg
from trustdesk.core.revocation import (
    FailMode,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.core.verification import TLS_INPUTS, Purpose, RuleCheck, RuleStatus, Verification
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation import checker, web
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence

GOOD, REVOKED = RevocationStatus.GOOD, RevocationStatus.REVOKED
UNKNOWN, UNAVAILABLE = RevocationStatus.UNKNOWN, RevocationStatus.UNAVAILABLE
HARD = replace(TLS_INPUTS, fail_mode=FailMode.HARD)
OF_CA, OF_LEAF = "http://crl.example/root.crl", "http://crl.example/issuing.crl"
DELTA, OCSP = "http://crl.example/delta.crl", "http://ocsp.example/"

ROOT = root()
CA = authority("Issuing", ROOT, extensions=[points(point(OF_CA))])
LEAF = server(CA, extensions=[points(point(OF_LEAF))])
FRESHEST = (x509.FreshestCRL([point(DELTA)]), False)
BOTH_GOOD = (crl(ROOT), crl(CA))


def verify(
    revocation: RevocationEvidence,
    leaf: Issued = LEAF,
    ca: Issued = CA,
    inputs: object = TLS_INPUTS,
    anchors: Sequence[Issued] = (ROOT,),
) -> Verification:
    assert isinstance(inputs, type(TLS_INPUTS))
    return PathVerifier([trust_list(*anchors)]).verify(
        leaf.der, [ca.der], purpose=Purpose.SERVER, at=NOW, inputs=inputs, revocation=revocation
    )


def statuses(verification: Verification) -> list[RevocationStatus]:
    return [check.status for check in verification.paths[0].revocation]


def rule(verification: Verification) -> list[RuleCheck]:
    return [check for check in verification.paths[0].checks if check.rule == "revocation.status"]


def with_ocsp(*urls: str) -> tuple[x509.ExtensionType, bool]:
    descriptions = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url))
        for url in urls
    ]
    return x509.AuthorityInformationAccess(descriptions), False


def says(status: str, leaf: Issued = LEAF, ca: Issued = CA, **keywords: Any) -> bytes:
    """An OCSP response of the issuer, or of `signer`."""
    signer = keywords.pop("signer", ca)
    return response(Single(leaf, ca, status, **keywords), signer=signer, certificates=[signer.der])


class TestRule:
    def test_is_not_run_without_evidence_and_costs_no_trust(self) -> None:
        verification = verify(NO_EVIDENCE)
        assert verification.trusted
        assert [check.status for check in rule(verification)] == [
            RuleStatus.NOT_RUN,
            RuleStatus.NOT_RUN,
            RuleStatus.NOT_APPLICABLE,
        ]
        assert statuses(verification) == [UNKNOWN, UNKNOWN]

    def test_fails_without_evidence_under_hard_fail(self) -> None:
        verification = verify(NO_EVIDENCE, inputs=HARD)
        assert not verification.trusted
        assert [check.index for check in verification.paths[0].failures] == [0, 1]

    def test_passes_where_all_is_good(self) -> None:
        verification = verify(given(*BOTH_GOOD), inputs=HARD)
        assert verification.trusted
        assert [check.status for check in rule(verification)][:2] == [RuleStatus.PASS] * 2

    @pytest.mark.parametrize("inputs", [TLS_INPUTS, HARD])
    def test_fails_for_the_revoked_under_both_modes(self, inputs: object) -> None:
        verification = verify(given(crl(ROOT), crl(CA, LEAF)), inputs=inputs)
        assert not verification.trusted
        assert [(check.rule, check.index) for check in verification.paths[0].failures] == [
            ("revocation.status", 0)
        ]

    def test_fails_for_a_revoked_intermediate(self) -> None:
        verification = verify(given(crl(ROOT, CA), crl(CA)))
        assert [check.index for check in verification.paths[0].failures] == [1]

    def test_says_unknown_under_soft_fail_and_trusts(self) -> None:
        verification = verify(given(crl(ROOT)))
        assert verification.trusted
        assert [check.status for check in rule(verification)][:2] == [RuleStatus.UNKNOWN, RuleStatus.PASS]

    def test_is_no_disagreement_with_an_engine_that_asks_nobody(self) -> None:
        verification = verify(given(crl(ROOT), crl(CA, LEAF)))
        assert verification.cryptography.accepted
        assert verification.disagreement is None


class TestFailModes:
    @pytest.mark.parametrize(
        ("lists", "soft", "hard", "names"),
        [
            (BOTH_GOOD, True, True, None),
            ((crl(ROOT), crl(CA, LEAF)), False, False, "cargo.example"),
            ((crl(ROOT, CA), crl(CA)), False, False, "Issuing"),
            ((crl(ROOT),), True, False, "cargo.example"),
            ((crl(CA),), True, False, "Issuing"),
            ((crl(ROOT, CA),), False, False, "Issuing"),
        ],
    )
    def test_stand_side_by_side_and_name_who_decides(
        self, lists: Sequence[bytes], soft: bool, hard: bool, names: str | None
    ) -> None:
        verdicts = verify(given(*lists)).paths[0].fail_modes
        assert [(one.mode, one.accepted) for one in verdicts] == [
            (FailMode.SOFT, soft),
            (FailMode.HARD, hard),
        ]
        assert all(names is None or ("subject", names) in one.reason.params for one in verdicts)

    def test_are_the_same_whichever_is_asked_for(self) -> None:
        evidence = given(crl(ROOT))
        assert verify(evidence).paths[0].fail_modes == verify(evidence, inputs=HARD).paths[0].fail_modes


class TestRanking:
    def test_prefers_the_path_of_which_more_is_known(self) -> None:
        other_root = root("Other root")
        ca = authority("Issuing", ROOT, key=CA.key, not_after=NOW + timedelta(days=20))
        cross = authority("Issuing", other_root, key=CA.key)
        verifier = PathVerifier([trust_list(ROOT, other_root)])

        def best(evidence: RevocationEvidence) -> str:
            verification = verifier.verify(
                LEAF.der, [cross.der, ca.der], purpose=Purpose.SERVER, at=NOW, revocation=evidence
            )
            return verification.paths[0].certificates[1]

        assert best(NO_EVIDENCE) == cross.sha256
        assert best(given(*BOTH_GOOD)) == ca.sha256
        assert best(given(crl(ROOT, ca), crl(CA))) == cross.sha256


def layers(depth: int) -> tuple[list[Issued], Issued]:
    """CAs of so many layers under ROOT, of which the five upper ones have two certificates, and a leaf."""
    pool: list[Issued] = []
    issuer = ROOT
    for layer in range(depth):
        one = authority(f"Layer {layer}", issuer)
        pool.append(one)
        if layer < 5:
            pool.append(authority(f"Layer {layer}", issuer, key=one.key))
        issuer = one
    return pool, issuer


class TestManyPaths:
    @pytest.mark.parametrize("depth", [6, 13])
    def test_revoked_on_one_is_revoked_on_all(self, depth: int) -> None:
        pool, issuer = layers(depth)
        leaf = server(issuer)
        verification = PathVerifier([trust_list(ROOT)]).verify(
            leaf.der,
            [one.der for one in pool],
            purpose=Purpose.SERVER,
            at=NOW,
            revocation=given(crl(issuer, leaf)),
        )
        assert len(verification.paths) == 32
        assert {path.revocation[0].status for path in verification.paths} == {REVOKED}
        assert not verification.trusted

    def test_what_a_limit_cut_short_on_one_is_taken_from_another(self) -> None:
        other_root = root("Other root")
        many = [point(f"http://crl.example/{number}") for number in range(web.MAX_ADDRESSES_OF_A_PATH)]
        talkative = authority("Issuing", ROOT, key=CA.key, extensions=[points(*many)])
        expired = authority("Issuing", other_root, key=CA.key, not_after=NOW - timedelta(days=1))
        pages = DictionaryWeb({OF_LEAF: crl(CA, LEAF)})
        verification = PathVerifier([trust_list(ROOT, other_root)]).verify(
            LEAF.der,
            [talkative.der, expired.der],
            purpose=Purpose.SERVER,
            at=NOW,
            revocation=RevocationEvidence(web=pages),
        )
        assert pages.asked[-1] == OF_LEAF
        assert len(pages.asked) == web.MAX_ADDRESSES_OF_A_PATH + 1
        assert [path.revocation[0].status for path in verification.paths] == [REVOKED, REVOKED]
        assert not verification.trusted

    @pytest.mark.parametrize("names_any", [True, False])
    @pytest.mark.parametrize(("allowed", "expected"), [(1, GOOD), (0, UNAVAILABLE)])
    def test_signer_that_was_one_too_many_to_ask_about_is_not_believed(
        self, allowed: int, expected: RevocationStatus, names_any: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checker, "_MAX_NESTED_QUESTIONS", allowed)
        signer = authority(
            "Issuing", CA, key_usage=("crl_sign",), extensions=[points(point(OF_LEAF))] if names_any else []
        )
        evidence = given(crl(ROOT), crl(CA, signed_with=signer))
        verification = PathVerifier([trust_list(ROOT)]).verify(
            LEAF.der, [CA.der, signer.der], purpose=Purpose.SERVER, at=NOW, revocation=evidence
        )
        assert statuses(verification) == [expected, GOOD]


class TestWeb:
    def test_lists_are_fetched_from_where_the_certificates_say(self) -> None:
        pages = DictionaryWeb({OF_CA: crl(ROOT), OF_LEAF: crl(CA)})
        verification = verify(RevocationEvidence(web=pages))
        assert statuses(verification) == [GOOD, GOOD]
        assert pages.asked == [OF_CA, OF_LEAF]
        source = verification.paths[0].revocation[0].source
        assert source == RevocationSource(
            kind=RevocationSourceKind.CRL, origin=RevocationSourceOrigin.CERTIFICATE, place=OF_LEAF
        )

    def test_is_not_asked_what_was_given(self) -> None:
        pages = DictionaryWeb()
        assert statuses(verify(replace(given(*BOTH_GOOD), web=pages))) == [GOOD, GOOD]
        assert pages.asked == []

    def test_failure_is_unavailable_and_says_why(self) -> None:
        verification = verify(RevocationEvidence(web=DictionaryWeb({OF_CA: crl(ROOT)})))
        check = verification.paths[0].revocation[0]
        assert check.status is UNAVAILABLE
        assert check.reason == msg("Nothing is there.")

    def test_second_address_of_a_point_is_asked_when_the_first_fails(self) -> None:
        leaf = server(CA, extensions=[points(point("http://crl.example/gone", OF_LEAF))])
        pages = DictionaryWeb({OF_CA: crl(ROOT), OF_LEAF: crl(CA)})
        assert statuses(verify(RevocationEvidence(web=pages), leaf)) == [GOOD, GOOD]

    def test_points_are_asked_until_every_reason_is_spoken_of(self) -> None:
        one, two, three = (f"http://crl.example/{number}" for number in (1, 2, 3))
        some = ("keyCompromise", "cACompromise")
        rest = (
            *("affiliationChanged", "superseded", "cessationOfOperation"),
            *("certificateHold", "privilegeWithdrawn", "aACompromise"),
        )
        leaf = server(
            CA,
            extensions=[points(point(one, reasons=some), point(two, reasons=rest), point(three))],
        )
        pages = DictionaryWeb(
            {
                OF_CA: crl(ROOT),
                one: crl(CA, extensions=[scope(url=one, reasons=some)]),
                two: crl(CA, extensions=[scope(url=two, reasons=rest)]),
                three: crl(CA),
            }
        )
        assert statuses(verify(RevocationEvidence(web=pages), leaf))[0] is GOOD
        assert three not in pages.asked

    @pytest.mark.parametrize("in_list", [True, False])
    def test_delta_is_asked_where_list_or_certificate_name_one(self, in_list: bool) -> None:
        named = [FRESHEST]
        leaf = server(CA, extensions=[points(point(OF_LEAF)), *([] if in_list else named)])
        pages = DictionaryWeb(
            {
                OF_CA: crl(ROOT),
                OF_LEAF: crl(CA, extensions=named if in_list else []),
                DELTA: crl(CA, leaf, number=11, base=10),
            }
        )
        check = verify(RevocationEvidence(web=pages), leaf).paths[0].revocation[0]
        assert check.status is REVOKED
        assert check.source is not None
        assert check.source.kind is RevocationSourceKind.DELTA_CRL

    def test_typed_address_is_asked_first(self) -> None:
        typed = "http://mirror.example/issuing.crl"
        pages = DictionaryWeb({OF_CA: crl(ROOT), typed: crl(CA)})
        verification = verify(RevocationEvidence(web=pages, crl_urls=(typed,)))
        assert statuses(verification) == [GOOD, GOOD]
        assert OF_LEAF not in pages.asked
        source = verification.paths[0].revocation[0].source
        assert source is not None
        assert source.origin is RevocationSourceOrigin.TYPED

    def test_nobody_is_asked_on_the_word_of_a_chain_that_ends_nowhere(self) -> None:
        pages = DictionaryWeb({OF_CA: crl(ROOT), OF_LEAF: crl(CA)})
        verification = verify(RevocationEvidence(web=pages), anchors=[root("Stranger")])
        assert set(statuses(verification)) == {UNKNOWN}
        assert pages.asked == []

    def test_nobody_is_asked_below_a_forged_signature(self) -> None:
        forged = server(CA, signed_with=LEAF.key, extensions=[points(point(OF_LEAF))])
        pages = DictionaryWeb({OF_CA: crl(ROOT), OF_LEAF: crl(CA)})
        verification = verify(RevocationEvidence(web=pages), forged)
        assert statuses(verification)[0] is UNKNOWN
        assert OF_LEAF not in pages.asked

    def test_nobody_is_asked_where_the_names_do_not_chain(self) -> None:
        forged = server(CA, signed_with=ROOT.key, extensions=[points(point(OF_LEAF))])
        pages = DictionaryWeb({OF_CA: crl(ROOT), OF_LEAF: crl(CA)})
        verification = verify(RevocationEvidence(web=pages), forged)
        assert statuses(verification)[0] is UNKNOWN
        assert OF_LEAF not in pages.asked

    def test_addresses_of_a_path_are_limited(self) -> None:
        many = [point(f"http://crl.example/{number}") for number in range(100)]
        pages = DictionaryWeb({OF_CA: crl(ROOT)})
        check = verify(RevocationEvidence(web=pages), server(CA, extensions=[points(*many)]))
        assert len(pages.asked) == web.MAX_ADDRESSES_OF_A_PATH
        assert statuses(check)[0] is UNAVAILABLE

    def test_each_address_is_asked_once_for_all_paths(self) -> None:
        other_root = root("Other root")
        ca = authority("Issuing", ROOT, key=CA.key)
        cross = authority("Issuing", other_root, key=CA.key)
        leaf = server(CA, extensions=[with_ocsp(OCSP), points(point(OF_LEAF))])
        pages = DictionaryWeb({OF_LEAF: crl(CA)}, {OCSP: says("unknown", leaf)})
        verification = PathVerifier([trust_list(ROOT, other_root)]).verify(
            leaf.der,
            [ca.der, cross.der],
            purpose=Purpose.SERVER,
            at=NOW,
            revocation=RevocationEvidence(web=pages),
        )
        assert [path.revocation[0].status for path in verification.paths] == [GOOD, GOOD]
        assert pages.asked == [OCSP, OF_LEAF]

    def test_other_schemes_are_not_asked(self) -> None:
        leaf = server(CA, extensions=[points(point("ldap://crl.example/cn=x"))])
        pages = DictionaryWeb({OF_CA: crl(ROOT)})
        check = verify(RevocationEvidence(web=pages), leaf).paths[0].revocation[0]
        assert check.status is UNKNOWN
        assert pages.asked == [OF_CA]

    def test_without_a_connection_it_is_unknown_and_says_so(self) -> None:
        check = verify(given(crl(ROOT))).paths[0].revocation[0]
        assert check.status is UNKNOWN
        assert check.reason is not None
        assert "no connection" in check.reason.id


class TestResponses:
    STALE = says("good", this_update=NOW - timedelta(days=9), next_update=NOW - timedelta(days=2))

    def evidence(self, *responses: bytes, staple: bytes | None = None) -> RevocationEvidence:
        source = replace(from_file("answer.ocsp"), kind=RevocationSourceKind.OCSP)
        return RevocationEvidence(responses=tuple((source, one) for one in responses), staple=staple)

    def test_staple_speaks_of_the_end_entity_only(self) -> None:
        verification = verify(self.evidence(staple=says("good")))
        assert statuses(verification) == [GOOD, UNKNOWN]
        source = verification.paths[0].revocation[0].source
        assert source is not None
        assert source.kind is RevocationSourceKind.STAPLE

    def test_given_ones_speak_of_the_certificate_that_they_name(self) -> None:
        verification = verify(self.evidence(says("good", CA, ROOT), says("revoked")))
        assert statuses(verification) == [REVOKED, GOOD]
        assert [len(check.answers) for check in verification.paths[0].revocation] == [1, 1]

    @pytest.mark.parametrize(
        ("staple", "expected"),
        [(says("good"), GOOD), (says("unknown"), UNKNOWN), (STALE, UNAVAILABLE), (b"", UNAVAILABLE)],
    )
    def test_revoked_outweighs_every_other_word(self, staple: bytes, expected: RevocationStatus) -> None:
        evidence = replace(given(crl(CA, LEAF)), staple=staple)
        check = verify(evidence).paths[0].revocation[0]
        assert check.status is REVOKED
        assert [one.status for one in check.answers] == [REVOKED, expected]
        assert statuses(verify(replace(evidence, lists=())))[0] is expected

    def test_revoked_staple_outweighs_a_list_that_makes_good(self) -> None:
        assert statuses(verify(replace(given(*BOTH_GOOD), staple=says("revoked")))) == [REVOKED, GOOD]

    def test_list_decides_where_a_responder_does_not_know(self) -> None:
        ca = authority("Issuing", ROOT)
        leaf = server(ca, extensions=[with_ocsp(OCSP), points(point(OF_LEAF))])
        pages = DictionaryWeb({OF_LEAF: crl(ca)}, {OCSP: says("unknown", leaf, ca)})
        assert statuses(verify(RevocationEvidence(web=pages), leaf, ca))[0] is GOOD
        assert pages.asked == [OCSP, OF_LEAF]

    def test_list_is_not_asked_where_a_responder_knows(self) -> None:
        ca = authority("Issuing", ROOT)
        gone = "http://ocsp.example/gone"
        leaf = server(ca, extensions=[with_ocsp(gone, OCSP), points(point(OF_LEAF))])
        pages = DictionaryWeb({OF_LEAF: crl(ca)}, {OCSP: says("good", leaf, ca)})
        check = verify(RevocationEvidence(web=pages), leaf, ca).paths[0].revocation[0]
        assert check.status is GOOD
        assert pages.asked == [gone, OCSP]
        assert [one.status for one in check.answers] == [GOOD, UNAVAILABLE]

    def test_responder_that_may_not_know_the_digest_is_asked_with_another(self) -> None:
        ca = authority("Issuing", ROOT)
        leaf = server(ca, extensions=[with_ocsp(OCSP)])
        pages = DictionaryWeb(responses={OCSP: bytes.fromhex("30030a0106")})  # unauthorized
        assert statuses(verify(RevocationEvidence(web=pages), leaf, ca))[0] is UNAVAILABLE
        assert pages.asked == [OCSP, OCSP]

    def test_nonce_goes_with_the_request_and_has_to_come_back(self) -> None:
        ca = authority("Issuing", ROOT)
        leaf = server(ca, extensions=[with_ocsp(OCSP)])
        pages = DictionaryWeb(responses={OCSP: says("good", leaf, ca)})
        nonce = bytes(range(32))
        check = verify(RevocationEvidence(web=pages, nonce=nonce), leaf, ca).paths[0].revocation[0]
        assert nonce in pages.requests[0]
        assert "ocsp.nonce" in {one.rule for one in check.answers[0].checks}

    def test_delegate_that_a_list_revokes_is_not_believed(self) -> None:
        responder = issue(
            name("Responder"),
            CA,
            extensions=[(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)],
        )
        staple = says("good", signer=responder)
        assert statuses(verify(self.evidence(staple=staple)))[0] is GOOD
        revoking = replace(given(crl(CA, responder, extensions=[scope(ca=True)])), staple=staple)
        assert statuses(verify(revoking))[0] is GOOD  # a list that does not speak of end entities
        some = [scope(reasons=("keyCompromise",))]
        revoking = replace(given(crl(CA, responder, extensions=some)), staple=staple)
        assert statuses(verify(revoking))[0] is not GOOD


NO_REV_AVAIL = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.56"), b"\x05\x00"), False)


class TestExemption:
    def test_of_a_certificate_whose_revocation_is_not_published(self) -> None:
        verification = verify(given(crl(ROOT)), server(CA, extensions=[NO_REV_AVAIL]), inputs=HARD)
        assert verification.trusted
        assert verification.paths[0].revocation[0].exempt is not None
        assert rule(verification)[0].status is RuleStatus.NOT_APPLICABLE
        assert [one.accepted for one in verification.paths[0].fail_modes] == [True, True]

    @pytest.mark.parametrize("extension", [points(point(OF_LEAF)), with_ocsp(OCSP), FRESHEST])
    def test_not_where_it_is_published_all_the_same(self, extension: tuple[x509.ExtensionType, bool]) -> None:
        leaf = server(CA, extensions=[NO_REV_AVAIL, extension])
        check = verify(given(crl(ROOT), crl(CA, leaf)), leaf).paths[0].revocation[0]
        assert check.exempt is None
        assert check.status is REVOKED

    def test_not_of_a_ca(self) -> None:
        ca = authority("Issuing", ROOT, extensions=[NO_REV_AVAIL])
        check = verify(given(crl(ROOT, ca)), server(ca), ca).paths[0].revocation[1]
        assert check.status is REVOKED

    def test_of_a_responder_and_of_nothing_else(self) -> None:
        no_check = [(x509.OCSPNoCheck(), False)]
        signing = ExtendedKeyUsageOID.OCSP_SIGNING
        for usages, is_exempt in (([signing], True), ([signing, ExtendedKeyUsageOID.SERVER_AUTH], False)):
            leaf = server(CA, usages=usages, extensions=no_check)
            check = verify(given(*BOTH_GOOD), leaf).paths[0].revocation[0]
            assert (check.exempt is not None) is is_exempt


class TestRemembering:
    def test_signature_of_a_list_is_checked_once(self) -> None:
        evidence = given(*BOTH_GOOD)
        verifier = PathVerifier([trust_list(ROOT)])
        for leaf in (LEAF, server(CA), server(CA)):
            verifier.verify(leaf.der, [CA.der], purpose=Purpose.SERVER, at=NOW, revocation=evidence)
        assert [getattr(one, "signatures_asked", None) for _, one in evidence.lists] == [1, 1]

    def test_answer_depends_on_nothing_judged_before(self) -> None:
        verifier = PathVerifier([trust_list(ROOT)])
        for lists, expected in (
            (BOTH_GOOD, True),
            ((crl(ROOT), crl(CA, Entry(LEAF))), False),
            (BOTH_GOOD, True),
        ):
            verification = verifier.verify(
                LEAF.der, [CA.der], purpose=Purpose.SERVER, at=NOW, revocation=given(*lists)
            )
            assert verification.trusted is expected
