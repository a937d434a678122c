"""A key as records: short enough for every keyring, and the same to the byte when it comes back."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.formats.certification_path import spki_sha256
from trustdesk.storage.key_records import (
    MAX_UNITS,
    DamagedRecordError,
    key_of,
    made_at_of,
    records_of,
)

MADE_AT = datetime(2026, 11, 27, 17, 40, 5, tzinfo=UTC)


def der(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@cache
def rsa_key(bits: int, exponent: int = 65537) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


@cache
def like_gnutls(bits: int = 2048) -> rsa.RSAPrivateKey:
    """Make a key whose private exponent is not the least one: GnuTLS and OpenSSH make such."""
    numbers = rsa_key(bits).private_numbers()
    p, q, e = numbers.p, numbers.q, numbers.public_numbers.e
    d = pow(e, -1, math.lcm(p - 1, q - 1)) + math.lcm(p - 1, q - 1)
    assert d != numbers.d
    other = rsa.RSAPrivateNumbers(
        p, q, d, numbers.dmp1, numbers.dmq1, numbers.iqmp, rsa.RSAPublicNumbers(e, p * q)
    )
    return other.private_key()


@cache
def swapped_primes() -> rsa.RSAPrivateKey:
    numbers = rsa_key(2048).private_numbers()
    swapped = rsa.RSAPrivateNumbers(
        numbers.q,
        numbers.p,
        numbers.d,
        numbers.dmq1,
        numbers.dmp1,
        rsa.rsa_crt_iqmp(numbers.q, numbers.p),
        numbers.public_numbers,
    )
    return swapped.private_key()


KEYS: dict[str, tuple[Callable[[], CertificateIssuerPrivateKeyTypes], str, int]] = {
    "P-256": (lambda: ec.generate_private_key(ec.SECP256R1()), "p8", 1),
    "P-384": (lambda: ec.generate_private_key(ec.SECP384R1()), "p8", 1),
    "P-521": (lambda: ec.generate_private_key(ec.SECP521R1()), "p8", 1),
    "Ed25519": (ed25519.Ed25519PrivateKey.generate, "p8", 1),
    "Ed448": (ed448.Ed448PrivateKey.generate, "p8", 1),
    "RSA-1024": (lambda: rsa_key(1024), "p8", 1),
    "RSA-2048": (lambda: rsa_key(2048), "rsapq", 1),
    "RSA-3072": (lambda: rsa_key(3072), "rsapq", 1),
    "RSA-4096": (lambda: rsa_key(4096), "rsapq", 1),
    "RSA-6144": (lambda: rsa_key(6144), "rsapq", 1),
    "RSA-2048, primes the other way round": (swapped_primes, "rsapq", 1),
    "RSA-2048, exponent 3": (lambda: rsa_key(2048, 3), "p8", 2),
    "RSA-2048 of GnuTLS": (like_gnutls, "p8", 2),
}


# To make the longest one takes ten seconds, more than all the others.
@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.exhaustive) if one == "RSA-6144" else one for one in KEYS]
)
def test_a_key_comes_back_the_same_to_the_byte(name: str) -> None:
    make, form, count = KEYS[name]
    key = make()
    records = records_of(key, MADE_AT)
    assert [record.split("|")[:3] for record in records] == [
        ["TD1", form, f"{part}/{count}"] for part in range(1, count + 1)
    ]
    assert all(record.isascii() and len(record) <= MAX_UNITS for record in records)
    assert der(key_of(records)) == der(key)
    assert made_at_of(records[0]) == MADE_AT


def test_the_longest_key_that_is_read_fits_into_its_parts() -> None:
    """RSA with 16,384 bits; the numbers need not be a key's to see how long they are."""
    from trustdesk.formats.private_key import MAX_KEY_BYTES
    from trustdesk.storage.key_records import _PART_CHARACTERS, MAX_PARTS

    assert MAX_KEY_BYTES >= 9_400
    assert math.ceil(9_400 / 3) * 4 <= MAX_PARTS * _PART_CHARACTERS


@cache
def sample_records() -> tuple[tuple[str, ...], ...]:
    return (
        records_of(ec.derive_private_key(0xC0FFEE, ec.SECP256R1()), MADE_AT),
        records_of(rsa_key(2048), MADE_AT),
        records_of(rsa_key(2048, 3), MADE_AT),
    )


@given(
    which=st.integers(0, 2), record=st.integers(0, 1), at=st.integers(0, MAX_UNITS), character=st.characters()
)
def test_one_changed_character_is_never_a_key(which: int, record: int, at: int, character: str) -> None:
    records = list(sample_records()[which])
    text = records[record % len(records)]
    at %= len(text)
    changed = text[:at] + character + text[at + 1 :]
    records[record % len(records)] = changed
    if changed == text:
        return
    try:
        key = key_of(records)
    except DamagedRecordError:
        return
    # The one member that says nothing of the key: when the record was made.
    assert der(key) == der(key_of(sample_records()[which]))
    assert changed.split("|")[6] != text.split("|")[6]
    assert len(records) == 1


@given(st.text(max_size=200) | st.from_regex(r"TD1\|(p8|rsapq)\|1/1\|\d+\|[0-9a-f]{64}\|.*", fullmatch=True))
def test_what_is_no_record_is_said_to_be_none(text: str) -> None:
    with pytest.raises(DamagedRecordError):
        key_of([text])
    assert made_at_of(text) is None or text.startswith("TD1|")


@given(st.data())
def test_records_in_any_other_order_number_or_mix_are_damaged(data: st.DataObject) -> None:
    pool = [record for records in sample_records() for record in records]
    chosen = data.draw(st.lists(st.sampled_from(pool), max_size=4))
    if tuple(chosen) in sample_records():
        assert der(key_of(chosen)) in {der(key_of(records)) for records in sample_records()}
        return
    with pytest.raises(DamagedRecordError):
        key_of(chosen)


def test_a_record_of_another_keys_numbers_is_damaged() -> None:
    """The hash of the DER is right, and the public key is another: a record that was put together by hand."""
    one, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    record = records_of(one, MADE_AT)[0].replace(spki_sha256(one), spki_sha256(other))
    with pytest.raises(DamagedRecordError):
        key_of([record])


def test_what_is_said_of_damage_holds_nothing_of_the_key() -> None:
    record = sample_records()[0][0]
    with pytest.raises(DamagedRecordError) as caught:
        key_of([record[:-4]])
    assert record[-40:-4] not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_instant_of_another_zone_is_kept_in_utc() -> None:
    from datetime import timedelta, timezone

    elsewhere = MADE_AT.astimezone(timezone(timedelta(hours=9)))
    record = records_of(ec.generate_private_key(ec.SECP256R1()), elsewhere)[0]
    assert made_at_of(record) == MADE_AT
