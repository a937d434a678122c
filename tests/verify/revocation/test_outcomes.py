"""What REV-02, REV-03 and CLI-23 say of sources that cannot be relied on."""

from __future__ import annotations

import pytest

from tests.support.ocsp import Single, response
from tests.support.ocsp_cases import CA, DAY, LEAF, OTHER_CA, judged
from tests.support.pki import NOW, trust_list
from tests.support.revocation import crl, given
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.verification import Purpose
from trustdesk.services.wording import wording
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.profiles.rule import Held, Outcome, Violated
from trustdesk.verify.revocation.outcomes import crl_outcome, ocsp_outcome

MADE, DUE = NOW - 9 * DAY, NOW - 2 * DAY


def of_list(der: bytes) -> Outcome:
    verification = PathVerifier([trust_list(CA)]).verify(
        LEAF.der, purpose=Purpose.CLIENT, at=NOW, revocation=given(der)
    )
    return crl_outcome(verification.paths[0].revocation, {}, NOW)


def of_response(der: bytes) -> Outcome:
    answer = judged(der)
    check = RevocationCheck(certificate=LEAF.sha256, status=answer.status, answers=(answer,))
    return ocsp_outcome([check], {}, NOW)


def sentence(outcome: Outcome) -> str:
    assert isinstance(outcome, Violated)
    return wording("en").text(outcome.evidence)


@pytest.mark.parametrize("number", [None, 10], ids=["without a number", "without a key identifier"])
def test_list_of_a_wrong_key_is_called_that_whatever_else_it_departs_from(number: int | None) -> None:
    said = sentence(of_list(crl(CA, number=number, signed_with=OTHER_CA)))
    assert "The signature of the CRL was not made with a key of" in said
    assert "number" not in said
    assert "identifier" not in said


def test_list_that_departs_from_the_profile_and_is_relied_on_is_no_trouble() -> None:
    assert isinstance(of_list(crl(CA, number=None)), Held)


def test_list_out_of_date_is_called_that() -> None:
    said = sentence(of_list(crl(CA, number=None, this_update=MADE, next_update=DUE)))
    assert "is out of date since" in said


@pytest.mark.parametrize("twice", [False, True], ids=["one answer", "an older one beside it"])
def test_response_out_of_date_is_called_that(twice: bool) -> None:
    older = Single(LEAF, CA, "unknown", this_update=MADE - DAY, next_update=DUE)
    der = response(
        Single(LEAF, CA, this_update=MADE, next_update=DUE), *([older] if twice else []), signer=CA
    )
    assert "It is out of date: a newer one was due by" in sentence(of_response(der))


def test_response_of_a_wrong_key_is_called_that() -> None:
    der = response(Single(LEAF, CA), signer=OTHER_CA)
    assert wording("en").text(judged(der).reason) in sentence(of_response(der))
