"""A private key as short texts that every system's keyring takes whole.

One record is ASCII of at most 1,200 UTF-16 units (Windows takes 1,280, the least of all systems):

    TD1|form|part/parts|length of DER|SHA-256 of DER|SHA-256 of public key|made at|payload

DER is the key's PKCS#8. Forms: `p8` is its Base64, cut into parts where it is too long for one; `rsapq` is
the Base64 of an RSA key's two primes, one record for up to 6,144 bits, used only where the same DER comes of
them again. What was written is never guessed at: a record that does not give back the very bytes is damaged.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from trustdesk.formats.certification_path import spki_sha256

MAX_UNITS = 1200
"""UTF-16 units of one record."""

MAX_PARTS = 16
"""More than an RSA key of 16,384 bits takes, the longest that is read from files."""

_PART_CHARACTERS = 1000
_EXPONENT = 65537
_MADE_AT = "%Y%m%dT%H%M%SZ"
_RECORD = re.compile(
    r"TD1\|(?P<form>p8|rsapq)\|(?P<part>[1-9]\d?)/(?P<parts>[1-9]\d?)\|(?P<length>[1-9]\d{0,4})"
    r"\|(?P<der>[0-9a-f]{64})\|(?P<spki>[0-9a-f]{64})\|(?P<made_at>\d{8}T\d{6}Z)\|(?P<payload>[A-Za-z0-9+/=]+)",
    re.ASCII,
)


def see_that_it_fits(text: str) -> None:
    """See that every system's keyring could take a text.

    Raises:
        ValueError: it is too long; a mistake of the caller.
    """
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * MAX_UNITS:
        raise ValueError("longer than every system's keyring takes")


class DamagedRecordError(ValueError):
    """Records do not give back the key that was written; the text quotes nothing of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    form: str
    part: int
    parts: int
    length: int
    der_sha256: str
    spki_sha256: str
    made_at: str
    payload: str = field(repr=False)

    @property
    def key(self) -> tuple[str, int, int, str, str, str]:
        """What all records of one key have in common."""
        return self.form, self.parts, self.length, self.der_sha256, self.spki_sha256, self.made_at


def records_of(key: CertificateIssuerPrivateKeyTypes, made_at: datetime) -> tuple[str, ...]:
    """Write a key as records, in order.

    Args:
        made_at: aware; kept to the second.

    Raises:
        ValueError: the key is longer than any that is read from files.
    """
    der = _der_of(key)
    payload = base64.b64encode(der).decode()
    header = (
        f"{len(der)}|{hashlib.sha256(der).hexdigest()}|{spki_sha256(key)}"
        f"|{made_at.astimezone(UTC).strftime(_MADE_AT)}"
    )
    if len(payload) > _PART_CHARACTERS and isinstance(key, rsa.RSAPrivateKey):
        primes = _primes(key, der)
        whole = f"TD1|rsapq|1/1|{header}|{primes}"
        if primes is not None and len(whole) <= MAX_UNITS:
            return (whole,)
    pieces = [payload[at : at + _PART_CHARACTERS] for at in range(0, len(payload), _PART_CHARACTERS)]
    if len(pieces) > MAX_PARTS:
        raise ValueError("the key is too long to be kept")
    return tuple(
        f"TD1|p8|{part}/{len(pieces)}|{header}|{piece}" for part, piece in enumerate(pieces, start=1)
    )


def key_of(records: Sequence[str]) -> CertificateIssuerPrivateKeyTypes:
    """Read a key back from its records, in order; it is the same to the byte, or this raises.

    Raises:
        DamagedRecordError: a record is missing, cut, changed, or of another key.
    """
    read = [_read(record) for record in records]
    if not read or any(record.key != read[0].key for record in read):
        raise DamagedRecordError("the records do not belong together")
    if [record.part for record in read] != list(range(1, read[0].parts + 1)):
        raise DamagedRecordError("a record is missing")
    try:
        payload = base64.b64decode("".join(record.payload for record in read), validate=True)
    except binascii.Error:
        raise DamagedRecordError("a record is damaged") from None
    first = read[0]
    der = _der_of_primes(payload) if first.form == "rsapq" else payload
    if len(der) != first.length or hashlib.sha256(der).hexdigest() != first.der_sha256:
        raise DamagedRecordError("a record was changed")
    try:
        # What was written was checked when it was read from its file; the hash says that it is the same.
        key = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    except Exception:  # noqa: BLE001 - the library's own words may quote the key
        raise DamagedRecordError("the records hold no private key") from None
    if not isinstance(key, rsa.RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey | Ed448PrivateKey):
        raise DamagedRecordError("the records hold a key of another kind")
    if spki_sha256(key) != first.spki_sha256:
        raise DamagedRecordError("the records hold another key")
    return key


def made_at_of(record: str) -> datetime | None:
    """Return when a record was made, to the second; None when it is no record of ours."""
    try:
        return _made_at(_read(record).made_at)
    except DamagedRecordError:
        return None


def _read(record: str) -> _Record:
    found = _RECORD.fullmatch(record) if len(record) <= MAX_UNITS else None
    if found is None or int(found["parts"]) > MAX_PARTS:
        raise DamagedRecordError("this is no record of a key")
    _made_at(found["made_at"])
    return _Record(
        form=found["form"],
        part=int(found["part"]),
        parts=int(found["parts"]),
        length=int(found["length"]),
        der_sha256=found["der"],
        spki_sha256=found["spki"],
        made_at=found["made_at"],
        payload=found["payload"],
    )


def _made_at(text: str) -> datetime:
    try:
        return datetime.strptime(text, _MADE_AT).replace(tzinfo=UTC)
    except ValueError:
        raise DamagedRecordError("this is no record of a key") from None


def _der_of(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _primes(key: rsa.RSAPrivateKey, der: bytes) -> str | None:
    """Return the primes in Base64 where the same DER comes of them; None where it does not.

    Keys of GnuTLS and OpenSSH have another private exponent than the one that follows from the primes.
    """
    numbers = key.private_numbers()
    size = (numbers.p.bit_length() + 7) // 8
    if (numbers.q.bit_length() + 7) // 8 != size or numbers.public_numbers.e != _EXPONENT:
        return None
    joined = numbers.p.to_bytes(size, "big") + numbers.q.to_bytes(size, "big")
    try:
        same = _der_of_primes(joined) == der
    except DamagedRecordError:
        return None
    return base64.b64encode(joined).decode() if same else None


def _der_of_primes(joined: bytes) -> bytes:
    half = len(joined) // 2
    p, q = int.from_bytes(joined[:half], "big"), int.from_bytes(joined[half:], "big")
    try:
        d = rsa.rsa_recover_private_exponent(_EXPONENT, p, q)
        numbers = rsa.RSAPrivateNumbers(
            p,
            q,
            d,
            rsa.rsa_crt_dmp1(d, p),
            rsa.rsa_crt_dmq1(d, q),
            rsa.rsa_crt_iqmp(p, q),
            rsa.RSAPublicNumbers(_EXPONENT, p * q),
        )
        return _der_of(numbers.private_key(unsafe_skip_rsa_key_validation=True))
    except Exception:  # noqa: BLE001 - numbers that are no key; the library's own words may quote them
        raise DamagedRecordError("the records hold no private key") from None
