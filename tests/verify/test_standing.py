"""What the standing of a chain says of trust is what the gate says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509

from tests.support import pki
from tests.support.pki import HOST, NOW, Issued
from trustdesk.core.verification import Purpose
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.outline import outline
from trustdesk.verify.standing import Presented, StandingJudge

ROOT = pki.root()
ISSUING = pki.authority("Issuing", ROOT)
LIST = pki.trust_list(ROOT)
PUBLISHED = pki.server(ROOT)
KEYS = {outline(PUBLISHED.der).spki_sha256: "npm harbour, key.pem"}
MUST_STAPLE = (x509.TLSFeature([x509.TLSFeatureType.status_request]), False)
CHAINS = {
    "good": (pki.server(ISSUING), ISSUING),
    "without_its_issuer": (pki.server(ISSUING),),
    "another_name": (pki.server(ISSUING, "other.example"), ISSUING),
    "expired": (pki.server(ISSUING, not_after=NOW - timedelta(days=1)), ISSUING),
    "for_clients": (pki.client(ISSUING), ISSUING),
    "self_signed": (pki.server(None),),
    "published_key": (PUBLISHED,),
    "must_staple": (pki.server(ISSUING, extensions=[MUST_STAPLE]), ISSUING),
    "a_ca": (ISSUING, ROOT),
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_it_is_trusted_where_the_gate_trusts_it(chain: tuple[Issued, ...]) -> None:
    ders = tuple(one.der for one in chain)
    judgement = PathJudge([LIST], published_keys=KEYS).judge_server(ders, HOST, NOW)

    standing = StandingJudge([LIST], at=NOW, published_keys=KEYS).standing(
        Presented(certificates=ders, reference_identifier=HOST)
    )

    assert standing.trusted is judgement.trusted
    assert standing.path == (judgement.path if judgement.trusted else ())
    assert (standing.reason is None) is judgement.trusted


def test_no_list_and_no_chain_are_judged_too() -> None:
    good = tuple(one.der for one in CHAINS["good"])
    assert not StandingJudge([], at=NOW).standing(Presented(certificates=good)).trusted
    assert not StandingJudge([LIST], at=NOW).standing(Presented(certificates=())).trusted


def test_a_client_is_judged_by_its_purpose() -> None:
    client = pki.client(ISSUING).der, ISSUING.der
    judge = StandingJudge([LIST], at=NOW)

    assert judge.standing(Presented(certificates=client, purpose=Purpose.CLIENT)).trust_list == "test"
    assert not judge.standing(Presented(certificates=client, purpose=Purpose.SERVER)).trusted
