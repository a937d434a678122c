from __future__ import annotations

from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pki import root, rsa_key
from tests.support.revocation_lists import (
    der,
    entry,
    extension,
    issuer_of,
    revocation_list,
    revoked,
    signed_list,
    spki,
)
from trustdesk.verify.revocation_list import HeldRevocationList

INDIRECT = (x509.IssuingDistributionPoint(None, None, False, False, None, True, False), True)
CA = root("Ours", key=rsa_key())
OTHER = root("Other CA")
LIST = revocation_list(
    CA,
    [
        revoked(0xA1, x509.ReasonFlags.superseded),
        revoked(0xB2),
        revoked(0xC3, x509.ReasonFlags.key_compromise, extensions=[issuer_of(OTHER)]),
        revoked(0xD4),
    ],
    extensions=[INDIRECT, (x509.CRLNumber(3), False)],
)


def test_an_entry_is_found_by_serial_number_under_the_lists_own_issuer() -> None:
    held = HeldRevocationList(LIST)
    found = held.entry("a1")
    assert found is not None
    assert (found.reason, found.certificate_issuer) == ("superseded", None)
    assert held.entry("a1", "CN=Ours") == found
    assert held.entry("a2") is None
    assert not held.facts.is_damaged
    assert held.facts.names_other_issuers
    assert not HeldRevocationList(revocation_list(CA, [revoked(1)])).facts.names_other_issuers


def test_an_entry_of_another_issuer_is_found_under_its_name_only() -> None:
    held = HeldRevocationList(LIST)
    assert held.entry("c3") is None
    assert held.entry("d4", "CN=Ours") is None
    assert held.entry("a1", "CN=Other CA") is None
    found = held.entry("d4", "CN=Other CA")
    assert found is not None
    assert (found.position, found.certificate_issuer) == (3, "CN=Other CA")


def test_names_are_compared_without_regard_to_case_and_blanks() -> None:
    assert HeldRevocationList(LIST).entry("d4", "CN=other   ca") is not None


def test_a_removal_does_not_hide_another_entry_of_the_same_list() -> None:
    held = HeldRevocationList(
        revocation_list(
            CA,
            [
                revoked(7, x509.ReasonFlags.remove_from_crl),
                revoked(7, x509.ReasonFlags.key_compromise),
                revoked(8, x509.ReasonFlags.remove_from_crl),
            ],
        )
    )
    seven, eight = held.entry("7"), held.entry("8")
    assert seven is not None
    assert eight is not None
    assert (seven.reason, eight.reason) == ("keyCompromise", "removeFromCRL")


def test_entries_come_by_position() -> None:
    held = HeldRevocationList(LIST)
    assert [one.serial_number for one in held.entries(1, 2)] == ["b2", "c3"]
    assert [one.serial_number for one in held.entries(3, 100)] == ["d4"]
    assert not held.entries(4, 1)
    assert not held.entries(-5, 0)


def test_the_key_that_signed_is_told_from_others_and_from_what_is_no_key() -> None:
    held = HeldRevocationList(LIST)
    assert held.is_signed_by(spki(CA)) is True
    assert held.is_signed_by(spki(root("Ours", key=rsa_key(3072)))) is False
    assert held.is_signed_by(b"no key") is None
    assert held.is_signed_by(spki(OTHER)) is None  # an EC key cannot have made an RSA signature
    assert HeldRevocationList(b"no list").is_signed_by(spki(CA)) is None


def test_a_list_without_entries_is_whole() -> None:
    held = HeldRevocationList(revocation_list(CA))
    assert (held.facts.count, held.facts.is_damaged, held.entry("1")) == (0, False, None)


def test_what_is_no_list_is_damaged_and_holds_nothing() -> None:
    held = HeldRevocationList(b"\x30\x03\x02\x01\x00")
    assert held.facts.is_damaged
    assert held.entry("0") is None
    assert not held.entries(0, 10)


def test_a_critical_extension_of_any_entry_is_a_fact_of_the_list() -> None:
    unknown = der(0x30, extension(b"\x2a\x03\x04", b"\x05\x00", critical=True))
    held = HeldRevocationList(signed_list(CA, der(0x30, entry(b"\x01"), entry(b"\x02", unknown))))
    assert held.facts.critical_entry_extensions == ("1.2.3.4",)


def test_one_damaged_entry_is_counted_and_said_in_words() -> None:
    held = HeldRevocationList(signed_list(CA, der(0x30, b"\x30\x00", entry(b"\x02"))))
    assert held.facts.entries_damaged == 1
    assert held.facts.problems[-1].id.startswith("{count} entry cannot be read")
    assert held.entry("2") is not None


def _serial_positions() -> set[int]:
    """Where a serial number or the name of an issuer stands: to change those is to list another."""
    found: set[int] = set()
    for one in HeldRevocationList(LIST).entries(0, 10):
        found.update(range(one.offset + 4, one.offset + 4 + LIST[one.offset + 3]))
    name = OTHER.certificate.subject.public_bytes()
    at = LIST.index(name)
    return found | set(range(at, at + len(name)))


@given(st.integers(0, LIST.index(b"\x30\x0d\x06\x09", 60) - 1), st.integers(1, 255))
def test_no_changed_octet_makes_a_listed_certificate_look_unlisted(position: int, change: int) -> None:
    changed = bytearray(LIST)
    changed[position] ^= change
    held = HeldRevocationList(bytes(changed))
    if position in _serial_positions():
        return
    listed = [("a1", None), ("b2", None), ("c3", "CN=Other CA"), ("d4", "CN=Other CA")]
    lost = [serial for serial, issuer in listed if held.entry(serial, issuer) is None]
    assert not lost or held.facts.is_damaged or held.facts.critical_entry_extensions


@given(st.binary(max_size=60), st.integers(0, len(LIST)))
def test_no_bytes_make_it_raise(noise: bytes, position: int) -> None:
    for crl in (noise, LIST[:position] + noise, LIST[:position] + noise + LIST[position:]):
        held = HeldRevocationList(crl)
        assert held.facts.sha256
        held.entry("a1")
        held.entries(0, 10)
        held.is_signed_by(spki(OTHER))
