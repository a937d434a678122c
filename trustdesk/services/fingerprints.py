"""Fingerprints in every spelling that people paste, compared with a certificate."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import Message, msg

MAX_TEXT = 2000
_LABEL = re.compile(
    r"\W*(?:(?:x\.?509|certificate|cert|public\s?key|spki|pin|openssl)\W+)*"
    r"(?P<algorithm>md5|sha[-_ ]?(?:1|224|256|384|512))?(?:\W*(?:finger\s?print|thumb\s?print|digest|hash))?"
    r"\s*(?:\((?P<in_brackets>md5|sha[-_ ]?(?:1|224|256|384|512))\))?\s*(?:[=:/]+|is)?\s*",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s:.,;_-]+")
_HEX = re.compile(r"(?:0x)?([0-9a-f]+)", re.IGNORECASE)
_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64, "sha224": 28}
_IN_BASE64 = (_BYTES["sha1"], _BYTES["sha256"])


class FingerprintResult(StrEnum):
    """What came of a comparison."""

    MATCH = "match"
    NO_MATCH = "no_match"
    NOT_A_FINGERPRINT = "not_a_fingerprint"


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintComparison:
    """What came of a comparison, and a sentence that says it.

    Attributes:
        algorithm: "SHA-256" …; None where the text is no fingerprint.
    """

    result: FingerprintResult
    algorithm: str | None
    meaning: Message


def compare_fingerprint(text: str, certificate: CertificateDetails) -> FingerprintComparison:
    """Compare a fingerprint, however it is written, with a certificate and with its public key.

    Taken are MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 in hexadecimal digits with any separators,
    or SHA-1 and SHA-256 in Base64, with or without a label before them, as OpenSSL, keytool, Windows,
    browsers and curl print them. A part of a fingerprint is none: it proves nothing.
    """
    found = _read(text)
    if found is None:
        return FingerprintComparison(
            result=FingerprintResult.NOT_A_FINGERPRINT,
            algorithm=None,
            meaning=msg("It is no fingerprint: 64 hexadecimal digits are expected for SHA-256."),
        )
    name, digest = found
    shown = name.upper().replace("SHA", "SHA-")
    if hashlib.new(name, certificate.facts.der, usedforsecurity=False).digest() == digest:
        return FingerprintComparison(
            result=FingerprintResult.MATCH, algorithm=shown, meaning=_match(name, shown)
        )
    if name == "sha256" and certificate.spki_sha256 == digest.hex():
        return FingerprintComparison(
            result=FingerprintResult.MATCH,
            algorithm=shown,
            meaning=msg(
                "It is the fingerprint ({algorithm}) of its public key, not of the certificate as a whole.",
                algorithm=shown,
            ),
        )
    return FingerprintComparison(
        result=FingerprintResult.NO_MATCH,
        algorithm=shown,
        meaning=msg("It is the fingerprint ({algorithm}) of another certificate.", algorithm=shown),
    )


def sha256_in(text: str) -> str | None:
    """Return a SHA-256 fingerprint in lower-case hex, however it is written; None when the text is none."""
    found = _read(text)
    return found[1].hex() if found is not None and found[0] == "sha256" else None


def sha256_of(text: str) -> str:
    """Return a SHA-256 fingerprint in lower-case hex, however it is written.

    Raises:
        UnusableInputError: it is none.
    """
    found = sha256_in(text)
    if found is None:
        raise UnusableInputError(
            msg("This is no SHA-256 fingerprint."),
            remedy=msg("Give its 64 hexadecimal digits, with or without colons."),
            place=text[:100],
        )
    return found


def in_pairs(digest: str) -> str:
    """Return the digits of a digest as upper-case pairs with colons, as other programs print them."""
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()


def digits_of(text: str) -> str | None:
    """Return the hexadecimal digits of a fingerprint, a serial number or a part of one, however written.

    In lower case, label and separators taken away; None when the text is anything else.
    """
    if len(text) > MAX_TEXT:
        return None
    plain = without_marks(text)
    label = _LABEL.match(plain)
    rests = (plain, plain[label.end() :]) if label is not None else (plain,)
    found = (_HEX.fullmatch(_SEPARATORS.sub("", rest)) for rest in rests)
    return next((digits[1].lower() for digits in found if digits is not None), None)


def _match(name: str, shown: str) -> Message:
    if name in {"md5", "sha1"}:
        return msg(
            "It is the certificate's fingerprint ({algorithm}); it can be forged: compare SHA-256 too.",
            algorithm=shown,
        )
    return msg("It is the certificate's fingerprint ({algorithm}).", algorithm=shown)


def _read(text: str) -> tuple[str, bytes] | None:
    """Return the digest's name and its octets; None when the text is no fingerprint."""
    if len(text) > MAX_TEXT:
        return None
    plain = without_marks(text)
    label = _LABEL.match(plain)
    named = (label["algorithm"] or label["in_brackets"] or "") if label is not None else ""
    start = label.end() if label is not None else 0
    digest = _octets(plain[start:].strip())
    while digest is None and start and plain[start - 1] in "+/":
        # Marks that end a label are digits of Base64 too, and may be the first ones.
        start -= 1
        digest = _octets(plain[start:].strip())
    if digest is None:
        return None
    name = re.sub(r"[-_ ]", "", named).lower()
    if name:
        return (name, digest) if _BYTES[name] == len(digest) else None
    return next(((one, digest) for one, size in _BYTES.items() if size == len(digest)), None)


def without_marks(text: str) -> str:
    """Return a text in plain letters, without the marks in it that nobody sees."""
    # The thumbprint that Windows shows is copied with an invisible mark before it.
    normal = unicodedata.normalize("NFKC", text)
    return "".join(character for character in normal if unicodedata.category(character) != "Cf")


def _octets(text: str) -> bytes | None:
    digits = _HEX.fullmatch(_SEPARATORS.sub("", text))
    if digits is not None and len(digits[1]) // 2 in _BYTES.values() and len(digits[1]) % 2 == 0:
        return bytes.fromhex(digits[1])
    compact = "".join(text.split()).rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9+/_-]+", compact):
        return None
    try:
        padded = compact.translate(str.maketrans("-_", "+/")) + "=" * (-len(compact) % 4)
        decoded = base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) in _IN_BASE64 else None
