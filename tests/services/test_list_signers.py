"""Whose signature counts for a list when it is decided on, and not when it was read."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import func, update

from tests.support import pki
from tests.support.pki import NOW, Issued
from tests.support.trust_content import change
from tests.support.trust_lab import (
    LIST_NAME,
    WAIT_S,
    SharedReader,
    TrustLab,
    pilot_14,
    pilot_15,
    pilot_pki,
    signed_json,
)
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_version import AuthenticityState, Endorsement, ListContent, ListReview, VersionState
from trustdesk.formats.entry_facts import public_key_sha256
from trustdesk.formats.list_json_writing import json_list
from trustdesk.services.list_review import SIGNER_OPTION
from trustdesk.services.wording import wording
from trustdesk.storage import schema

SAY = wording().text


@pytest.fixture(scope="module", autouse=True)
def reader() -> Iterator[None]:
    yield from SharedReader.process()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrustLab]:
    opened = TrustLab(tmp_path)
    yield opened
    opened.close()


def signer() -> str:
    return pilot_pki().signer.sha256


def key_of(issued: Issued) -> str:
    return public_key_sha256(issued.der) or ""


def without_certificate(content: ListContent, by: Issued) -> bytes:
    """Sign a list as a publisher does who leaves x5c out."""
    header, payload = (
        urlsafe_b64encode(part).rstrip(b"=")
        for part in (json.dumps({"alg": "ES256"}).encode(), json_list(content))
    )
    assert isinstance(by.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(by.key.sign(header + b"." + payload, ec.ECDSA(hashes.SHA256())))
    signature = urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=")
    return b".".join((header, payload, signature))


def problems(review: ListReview) -> list[str]:
    return [SAY(one.problem) for one in review.obstacles]


def status(review: ListReview, rule: str) -> FindingStatus:
    return next(one.status for one in review.lint if one.rule == rule)


def test_a_signer_that_was_named_by_its_key_stays_the_one_that_counts(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=key_of(pilot_pki().signer))
    prepared = lab.review(signed_json(pilot_15()))
    assert prepared.review.content.authenticity.state is AuthenticityState.VERIFIED
    assert problems(prepared.review) == []
    lab.trust.keep_waiting(prepared, "").future.result(WAIT_S)
    assert problems(lab.trust.prepare_waiting(LIST_NAME, 2).future.result(WAIT_S).review) == []


def test_a_list_without_x5c_follows_one_that_brought_its_signers_certificate(lab: TrustLab) -> None:
    by = pilot_pki().signer
    lab.apply(signed_json(pilot_14()), signer=signer())
    for content in (pilot_15(), replace(pilot_15(), sequence=16)):
        prepared = lab.review(without_certificate(content, by))
        assert prepared.review.content.authenticity.state is AuthenticityState.VERIFIED
        assert problems(prepared.review) == []
        lab.trust.apply(prepared, "in its turn").future.result(WAIT_S)
    forged = lab.review(without_certificate(replace(pilot_15(), sequence=17), pilot_pki().other_signer))
    assert forged.review.content.authenticity.state is AuthenticityState.FAILED


def test_what_waited_as_an_unknown_signers_is_verified_once_that_signer_is_pinned(lab: TrustLab) -> None:
    lab.trust.keep_waiting(lab.review(signed_json(pilot_15())), "who is it?").future.result(WAIT_S)
    lab.apply(signed_json(pilot_14()), signer=signer())
    prepared = lab.trust.prepare_waiting(LIST_NAME, 1).future.result(WAIT_S)
    assert problems(prepared.review) == []
    assert prepared.review.content.authenticity.state is AuthenticityState.VERIFIED
    applied = lab.trust.apply(prepared, "it was compared since").future.result(WAIT_S)
    assert applied.state is VersionState.APPLIED
    assert applied.content.authenticity.state is AuthenticityState.VERIFIED
    assert applied.content.entries == pilot_15().entries


def test_what_waited_as_verified_is_so_no_more_once_the_pin_is_forgotten(lab: TrustLab) -> None:
    claimed = replace(pilot_14(), title="IATA list")
    lab.apply(signed_json(claimed), signer=signer(), endorsement=Endorsement.IATA)
    lab.trust.keep_waiting(lab.review(signed_json(replace(claimed, sequence=15))), "").future.result(WAIT_S)
    lab.trust.forget_pin(LIST_NAME, "it was never IATA's").future.result(WAIT_S)
    review = lab.trust.prepare_waiting(LIST_NAME, 2).future.result(WAIT_S).review
    assert review.content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
    assert review.content.endorsement is Endorsement.SELF
    assert [status(review, rule) for rule in ("LST-01", "LST-10")] == [FindingStatus.WARN] * 2


def test_what_waited_as_verified_by_another_signer_than_is_pinned_now_is_refused(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    lab.trust.keep_waiting(lab.review(signed_json(pilot_15())), "").future.result(WAIT_S)
    other = pilot_pki().other_signer
    lab.apply(signed_json(pilot_14(), other), signer=other.sha256)
    prepared = lab.trust.prepare_waiting(LIST_NAME, 2).future.result(WAIT_S)
    assert [one.overridable_by for one in prepared.review.obstacles] == [SIGNER_OPTION]
    with pytest.raises(UnusableInputError):
        lab.trust.apply(prepared, "all the same").future.result(WAIT_S)


def test_the_signer_of_a_waiting_version_is_compared_in_its_review_and_pinned_by_applying(
    lab: TrustLab,
) -> None:
    lab.trust.keep_waiting(lab.review(signed_json(pilot_14())), "who is it?").future.result(WAIT_S)
    other = lab.trust.prepare_waiting(LIST_NAME, 1, signer="00" * 32).future.result(WAIT_S)
    assert [one for one in problems(other.review) if "is not signed by the signer" in one]
    prepared = lab.trust.prepare_waiting(
        LIST_NAME, 1, signer=signer(), endorsement=Endorsement.PARTNER
    ).future.result(WAIT_S)
    assert problems(prepared.review) == []
    assert prepared.review.number == 2, "versions never change"
    assert lab.summary().pin is None, "nothing is kept by looking"
    applied = lab.trust.apply(prepared, "compared by telephone").future.result(WAIT_S)
    assert applied.content.authenticity.state is AuthenticityState.VERIFIED
    assert applied.content.endorsement is Endorsement.PARTNER
    pin = lab.summary().pin
    assert pin is not None
    assert (pin.signer, pin.endorsement) == (signer(), Endorsement.PARTNER)
    assert LogAction.SIGNER_PINNED in lab.actions()
    assert lab.trust.queue().result(WAIT_S) == (), "what it was made of waits no more"


def test_a_pinned_signer_gives_way_to_another_only_where_that_one_signed(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    lab.trust.keep_waiting(lab.review(signed_json(pilot_15())), "").future.result(WAIT_S)
    other = pilot_pki().other_signer.sha256
    review = lab.trust.prepare_waiting(LIST_NAME, 2, signer=other).future.result(WAIT_S).review
    assert review.content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
    assert len(review.obstacles) == 1


def test_who_stands_behind_one_signer_stands_not_behind_another_that_is_named(lab: TrustLab) -> None:
    claimed = replace(pilot_14(), title="IATA list")
    lab.apply(signed_json(claimed), signer=signer(), endorsement=Endorsement.IATA)
    other = pilot_pki().other_signer
    review = lab.review(signed_json(replace(claimed, sequence=15), other), signer=other.sha256).review
    assert review.content.endorsement is Endorsement.ORGANISATION
    assert status(review, "LST-10") is FindingStatus.WARN


def test_a_signer_whose_certificate_is_over_is_told(lab: TrustLab) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    old = pki.issue(pki.name("Retired Office"), None, not_before=long_ago, not_after=NOW - timedelta(days=30))
    undated = replace(pilot_14(), issued_at=None)
    review = lab.review(signed_json(undated, old), signer=old.sha256).review
    assert any("certificate of the signer" in SAY(one) for one in review.warnings)
    assert lab.review(signed_json(pilot_14()), signer=signer()).review.warnings == ()


def test_a_pin_that_came_or_went_since_the_review_is_seen_when_applying(lab: TrustLab) -> None:
    lab.apply(json_list(pilot_14()))
    unsigned = lab.review(json_list(pilot_15()))
    lab.trust.keep_waiting(
        lab.review(signed_json(replace(pilot_15(), sequence=16)), signer=signer()), "pins"
    ).future.result(WAIT_S)
    with pytest.raises(UnusableInputError) as refused:
        lab.trust.apply(unsigned, "why not").future.result(WAIT_S)
    assert "Review it again." in SAY(refused.value.remedy)
    signed = lab.review(signed_json(replace(pilot_15(), sequence=17)))
    lab.trust.forget_pin(LIST_NAME, "no more").future.result(WAIT_S)
    with pytest.raises(UnusableInputError):
        lab.trust.apply(signed, "why not").future.result(WAIT_S)


def test_what_was_undone_or_removed_is_not_forgotten(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    lab.apply(signed_json(replace(pilot_15(), sequence=17)))
    lab.trust.undo(LIST_NAME, "it broke a partner").future.result(WAIT_S)
    (older,) = lab.review(signed_json(pilot_15())).review.warnings
    assert "older than what was applied under this name before" in SAY(older)
    assert lab.review(signed_json(replace(pilot_15(), sequence=18))).review.warnings == ()
    lab.trust.remove(LIST_NAME, "to begin anew").future.result(WAIT_S)
    said = [SAY(one) for one in lab.review(json_list(replace(pilot_14(), sequence=None))).review.warnings]
    assert [one.partition(",")[0] for one in said] == [
        "It has no sequence",
        "A list of this name was removed whose signer was pinned",
    ]
    by_the_same = lab.review(signed_json(replace(pilot_15(), sequence=18)), signer=signer()).review
    assert by_the_same.warnings == ()


def test_what_another_program_changed_while_it_waited_is_neither_reviewed_nor_applied(lab: TrustLab) -> None:
    lab.apply(signed_json(pilot_14()), signer=signer())
    lab.trust.keep_waiting(lab.review(signed_json(pilot_15())), "").future.result(WAIT_S)
    prepared = lab.trust.prepare_waiting(LIST_NAME, 2).future.result(WAIT_S)
    column = schema.trust_list_entries.c
    usages = func.replace(column.document, '["tls_server"]', '["tls_client"]')
    change(lab.workspace, update(schema.trust_list_entries).values(document=usages))
    for job in (lab.trust.prepare_waiting(LIST_NAME, 2), lab.trust.apply(prepared, "all the same")):
        with pytest.raises(EnvironmentFailureError) as refused:
            job.future.result(WAIT_S)
        assert SAY(refused.value.problem) == f"Version {LIST_NAME}@2 is not as the log tells."
