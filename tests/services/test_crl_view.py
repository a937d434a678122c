from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509

from tests.support.pki import NOW, authority, root
from tests.support.revocation_lists import der, entry, extension, revocation_list, revoked, signed_list
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.revocation import CrlCurrency, CrlSignature, CrlSigner
from trustdesk.services.board import State
from trustdesk.services.crl_view import currency_of, is_fit, lines_of, scope_of, serial_number_of
from trustdesk.services.wording import wording
from trustdesk.verify.revocation_list import HeldRevocationList, find_signer

say = wording("en").text
CA = root("Issuing CA")
UNSIGNED = CrlSigner(state=CrlSignature.NOT_CHECKED)
THIS, NEXT = NOW - timedelta(days=1), NOW + timedelta(days=6)


def facts(crl: bytes | None = None) -> CrlFacts:
    return HeldRevocationList(crl or revocation_list(CA, [revoked(1)])).facts


@pytest.mark.parametrize(
    ("at", "currency", "state"),
    [
        (THIS - timedelta(seconds=1), CrlCurrency.NOT_YET_VALID, State.BAD),
        (THIS, CrlCurrency.CURRENT, State.GOOD),
        (NEXT, CrlCurrency.CURRENT, State.GOOD),
        (NEXT + timedelta(seconds=1), CrlCurrency.STALE, State.BAD),
    ],
    ids=["before", "first second", "last second", "after"],
)
def test_both_dates_of_a_list_count_as_within(at: datetime, currency: CrlCurrency, state: State) -> None:
    assert currency_of(facts(), at) is currency
    assert lines_of(facts(), UNSIGNED, at)[0].state is state


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(minutes=5), "Its next update was due at 2026-11-26 12:00 UTC: servers"),
        (timedelta(hours=1), "It is 1 hour past its next update: servers"),
        (
            timedelta(days=12, hours=3),
            "It is 12 days past its next update: servers that check it refuse every",
        ),
    ],
)
def test_a_stale_list_says_what_it_stops(late: timedelta, words: str) -> None:
    assert say(lines_of(facts(), UNSIGNED, NEXT + late)[0].words).startswith(words)


def test_a_list_without_a_next_update_is_neither_current_nor_stale() -> None:
    endless = replace(facts(), next_update=None)
    assert currency_of(endless, NOW) is CrlCurrency.UNKNOWN
    assert lines_of(endless, UNSIGNED, NOW)[0].state is State.WARNING
    undated = replace(facts(), this_update=None)
    assert lines_of(undated, UNSIGNED, NOW)[0].state is State.BAD
    assert not is_fit(undated, UNSIGNED, NOW)


def test_damage_and_unknown_critical_extensions_are_never_fit() -> None:
    unknown = der(0x30, extension(b"\x2a\x03\x04", b"\x05\x00", critical=True))
    after = der(0xA0, unknown)
    for crl in (
        signed_list(CA, der(0x30, b"\x30\x00")),
        signed_list(CA, der(0x30, entry(b"\x01", unknown))),
        signed_list(CA, None, after=after),
        signed_list(CA, None, after=der(0xA0, der(0x30, b"\x05\x00"))),
    ):
        assert currency_of(facts(crl), NOW) is CrlCurrency.CURRENT
        assert not is_fit(facts(crl), UNSIGNED, NOW)
    assert is_fit(facts(), UNSIGNED, NOW)


def test_the_signer_is_found_among_certificates_and_judged() -> None:
    held = HeldRevocationList(revocation_list(CA, [revoked(1)]))
    signer = find_signer(held, [root("Other").facts, CA.facts])
    assert (signer.state, signer.subject, signer.sha256) == (
        CrlSignature.VALID, "CN=Issuing CA", CA.sha256,
    )  # fmt: skip
    assert lines_of(held.facts, signer, NOW)[-1].state is State.GOOD
    impostor = find_signer(held, [root("Issuing CA").facts])
    assert impostor.state is CrlSignature.INVALID
    assert not is_fit(held.facts, impostor, NOW)
    assert find_signer(held, [root("Other").facts]).state is CrlSignature.NOT_CHECKED


def test_a_key_that_may_not_sign_lists_or_has_another_name_is_no_good_signer() -> None:
    no_crl_sign = authority("Issuing CA", None, key_usage=("key_cert_sign",))
    held = HeldRevocationList(revocation_list(no_crl_sign))
    signer = find_signer(held, [no_crl_sign.facts])
    assert (signer.state, signer.may_sign) == (CrlSignature.VALID, False)
    assert not is_fit(held.facts, signer, NOW)
    renamed = replace(CA.facts, subject="CN=Renamed", der=CA.der)
    other = find_signer(HeldRevocationList(revocation_list(CA)), [renamed])
    assert (other.state, other.is_issuer) == (CrlSignature.VALID, False)
    assert lines_of(held.facts, other, NOW)[-1].state is State.BAD


def test_the_scope_is_said_in_words() -> None:
    assert [say(line) for line in scope_of(facts())] == ["All certificates of this issuer, for all reasons"]
    point = x509.IssuingDistributionPoint(None, None, True, False, None, True, False)
    partial = facts(revocation_list(CA, extensions=[(point, True), (x509.DeltaCRLIndicator(0x1F), True)]))
    assert [say(line) for line in scope_of(partial)] == [
        "Only what has changed since list 31 (delta CRL)",
        "Server and client certificates only",
        "Certificates of other issuers too (indirect CRL)",
    ]
    endless = der(0xA0, der(0x30, extension(b"\x55\x1d\x1b", der(0x02, b"\x7f" * 5_000), critical=True)))
    assert "since a complete list" in say(scope_of(facts(signed_list(CA, None, after=endless)))[0])
    broken = der(0xA0, der(0x30, extension(b"\x55\x1d\x1c", b"\x30\x02\x86\x00", critical=True)))
    assert "Not known" in say(scope_of(facts(signed_list(CA, None, after=broken)))[0])


@pytest.mark.parametrize(
    ("written", "serial"),
    [
        ("0A:3F:91", "a3f91"),
        (" 0x0a3f91 ", "a3f91"),
        ("0a 3f 91", "a3f91"),
        ("0a-3f-91", "a3f91"),
        ("-1F", "-1f"),
        ("\u200e0a 3f 91", "a3f91"),
        ("\u200e-1F", "-1f"),
        ("SHA256 Fingerprint=0A:3F:91", "a3f91"),
        ("00", "0"),
        ("", None),
        ("12:xy", None),
        ("0x", None),
        ("1" * 9000, None),
    ],
)
def test_a_serial_number_is_taken_in_any_spelling(written: str, serial: str | None) -> None:
    assert serial_number_of(written) == serial
