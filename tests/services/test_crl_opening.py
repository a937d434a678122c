"""Revocation lists at the desk: opened in a thread, kept open, asked about what lies beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from cryptography import x509

from tests.support import pki
from tests.support.revocation_lists import issuer_of, revocation_list, revoked
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.revocation import CrlSignature
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.services.crl_opening import CrlOpener
from trustdesk.verify.revocation_list import HeldRevocationList

ROOT = pki.root("Root")
CA = pki.authority("Issuing CA", ROOT)
LEAF = pki.server(CA)
SPARED = pki.server(CA)
BESIDE = (ROOT.facts, CA.facts, LEAF.facts, SPARED.facts)
FACTS = read_revocation_list(
    revocation_list(CA, [revoked(LEAF.certificate.serial_number, x509.ReasonFlags.superseded)])
)


@pytest.fixture
def opener() -> Iterator[CrlOpener]:
    made = CrlOpener()
    yield made
    made.close()


def test_a_list_says_who_signed_it_and_which_certificates_are_on_it(opener: CrlOpener) -> None:
    opened = opener.open(FACTS, BESIDE, None).future.result(10)
    assert (opened.signer.state, opened.signer.sha256) == (CrlSignature.VALID, CA.sha256)
    assert list(opened.on_list) == [LEAF.sha256]
    assert opened.on_list[LEAF.sha256].reason == "superseded"
    assert opened.asked == {one.sha256 for one in BESIDE}
    assert len(opened.listed(LEAF.facts.serial_number or "")) == 1


def test_the_same_number_of_another_issuer_is_not_on_it(opener: CrlOpener) -> None:
    impostor = replace(LEAF.facts, issuer="CN=Another CA", sha256="0" * 64)
    nameless = replace(LEAF.facts, issuer=None, sha256="1" * 64)
    opened = opener.open(FACTS, (impostor, nameless), None).future.result(10)
    assert not opened.on_list
    assert opened.signer.state is CrlSignature.NOT_CHECKED


def test_a_certificate_of_another_issuer_is_on_an_indirect_list(opener: CrlOpener) -> None:
    scope = (x509.IssuingDistributionPoint(None, None, False, False, None, True, False), True)
    entry = revoked(LEAF.certificate.serial_number, extensions=[issuer_of(CA)])
    crl = read_revocation_list(revocation_list(ROOT, [entry], extensions=[scope]))
    assert list(opener.open(crl, BESIDE, None).future.result(10).on_list) == [LEAF.sha256]


def test_a_list_stays_open_for_the_next_question(opener: CrlOpener) -> None:
    first = opener.open(FACTS, (), None).future.result(10)
    second = opener.open(FACTS, BESIDE, None).future.result(10)
    assert second.revocation_list is first.revocation_list
    assert second.signer.state is CrlSignature.VALID
    for number in range(1, 12):
        other = read_revocation_list(revocation_list(CA, [revoked(number)]))
        opener.open(other, (), None).future.result(10)
    assert opener.open(FACTS, (), None).future.result(10).revocation_list is not first.revocation_list


def test_a_cancelled_list_is_not_opened(opener: CrlOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()

    def hold(der: bytes, **_options: object) -> HeldRevocationList:
        begun.set()
        assert go_on.wait(10)
        return HeldRevocationList(der)

    monkeypatch.setattr("trustdesk.services.crl_opening.open_revocation_list", hold)
    first, second = opener.open(FACTS, (), None), opener.open(FACTS, (), None)
    assert begun.wait(10)
    second.cancel()
    go_on.set()
    assert first.future.result(10).revocation_list.facts.count == 1
    with pytest.raises(CancelledByPersonError):
        second.future.result(10)
