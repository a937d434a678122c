"""Many certificates judged for both purposes say what one by one says."""

from __future__ import annotations

from datetime import timedelta

from tests.support import pki
from tests.support.pki import NOW
from trustdesk.core.verification import Purpose
from trustdesk.verify.bulk import BulkVerifier
from trustdesk.verify.path_verifier import PathVerifier

ROOT = pki.root("Skybridge Root CA")
ISSUING = pki.authority("Skybridge Issuing CA", ROOT)


def test_verdicts_are_those_of_a_single_judgement_for_both_purposes() -> None:
    certificates = [
        pki.server(ISSUING, "data.example", common_name="data.example"),
        pki.client(ISSUING, "ACME"),
        pki.server(ISSUING, "old.example", common_name="old.example", not_after=NOW - timedelta(days=2)),
        ISSUING,
    ]
    lists = [pki.trust_list(ROOT)]
    found = BulkVerifier(lists, [ISSUING.der], at=NOW).verdicts([one.der for one in certificates])
    assert [(one.server.trusted, one.client.trusted) for one in found[:3]] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [one.is_ca for one in found] == [False, False, False, True]
    verifier = PathVerifier(lists)
    for certificate, verdicts in zip(certificates, found, strict=True):
        for purpose in Purpose:
            alone = verifier.verify(certificate.der, [ISSUING.der], purpose=purpose, at=NOW)
            short = verdicts.of(purpose)
            assert (short.trusted, short.reason) == (alone.trusted, alone.own.reason)
            assert (short.anchor_list, short.disagreement) == (
                alone.paths[0].anchor_list,
                alone.disagreement,
            )


def test_nothing_is_trusted_without_a_list() -> None:
    (verdicts,) = BulkVerifier((), [ISSUING.der], at=NOW).verdicts([pki.client(ISSUING).der])
    assert not verdicts.client.trusted
    assert verdicts.client.anchor_list is None
