"""A JSON Web Signature taken apart: compact, flattened JSON, or detached beside what it signs.

One reading only: segments are base64url without padding and without anything else in them, and names
stand once.

Source: RFC 7515 3 (serialisations), appendix F (detached content).
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import NoReturn

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.formats.list_source import ListBytes
from trustdesk.formats.strict_json import parse_json

MAX_HEADER_BYTES = 256 * 1024
MAX_SIGNATURE_BYTES = 4096
_COMPACT = re.compile(rb"\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\s*")
_DOTTED = re.compile(rb"(?:\xef\xbb\xbf)?\s*eyJ[A-Za-z0-9_=-]*(?:[.\s]|\Z)")  # what begins with {" in base64
_SEGMENT = re.compile(rb"[A-Za-z0-9_-]*")
_MEMBERS = frozenset({"payload", "protected", "signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JwsParts:
    """One signature with what it signs; nothing is checked yet.

    Attributes:
        header: protected, as it was signed.
        payload: the bytes that were signed.
        compact: the three segments with dots between, payload included, whatever form it came in.
    """

    header: dict[str, object]
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    compact: bytes = field(repr=False)

    @property
    def algorithm(self) -> str:
        """What the header says; "" where it is no text."""
        algorithm = self.header.get("alg")
        return algorithm if isinstance(algorithm, str) else ""


def looks_like_jws(data: bytes) -> bool:
    """Whether a file is meant as a compact JWS, or is a JSON object that looks like one."""
    if _DOTTED.match(data) is not None:
        return True
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"payload"' in data and (b'"signature' in data)


def jws_parts(source: ListBytes) -> JwsParts | None:
    """Take a signed file apart; None for a file that nobody signed.

    Raises:
        UnusableInputError: it is damaged or cut short, or carries more signatures than one.
    """
    place, data = source.place, source.data
    if source.signature is not None:
        if looks_like_jws(data):
            _fail(msg("The file is signed, and another signature lies beside it."), place)
        protected, payload, signature = _segments(source.signature, place)
        if payload:
            _fail(msg("The signature beside the file brings a list of its own."), place)
        return _parts(protected, urlsafe_b64encode(data).rstrip(b"="), signature, place)
    if not looks_like_jws(data):
        return None
    if _DOTTED.match(data) is None:
        return _flattened(data, place)
    protected, payload, signature = _segments(data, place)
    if not payload:
        _fail(msg("The signature stands alone: the list that it signs is not in the file."), place)
    return _parts(protected, payload, signature, place)


def _segments(data: bytes, place: str) -> tuple[bytes, bytes, bytes]:
    compact = data.removeprefix(b"\xef\xbb\xbf").strip()
    if _COMPACT.fullmatch(compact) is None:
        dots = compact.count(b".")
        if dots < 2:
            _fail(msg("The signed list is cut short: it ends before its signature."), place)
        _fail(msg("This is no JSON Web Signature: three parts of base64url with dots between."), place)
    protected, payload, signature = compact.split(b".")
    return protected, payload, signature


def _flattened(data: bytes, place: str) -> JwsParts | None:
    document = parse_json(data, place)
    if not isinstance(document, dict) or "schema" in document:
        return None
    signatures = document.get("signatures")
    if isinstance(signatures, list):
        if len(signatures) != 1:
            _fail(msg("The list carries {count} signatures; one is expected.", count=len(signatures)), place)
        _fail(msg("The signature is in the general JSON form; the flattened one is expected."), place)
    if "header" in document:
        _fail(msg("The signature has a header that is not signed."), place)
    if set(document) != _MEMBERS:
        _fail(msg("This is no flattened JSON Web Signature: payload, protected, signature."), place)
    texts = [document[name] for name in ("protected", "payload", "signature")]
    segments = [text.encode() for text in texts if isinstance(text, str)]
    if len(segments) != 3 or not all(segments[:2]):
        _fail(msg("A part of the signature is missing or no text."), place)
    return _parts(segments[0], segments[1], segments[2], place)


def _parts(protected: bytes, payload: bytes, signature: bytes, place: str) -> JwsParts:
    if len(protected) > MAX_HEADER_BYTES or len(signature) > MAX_SIGNATURE_BYTES:
        _fail(msg("The signature is larger than one can be."), place)
    header = parse_json(_decoded(protected, place), place)
    if not isinstance(header, dict):
        _fail(msg("The signature's header is no JSON object."), place)
    return JwsParts(
        header=header,
        payload=_decoded(payload, place),
        signature=_decoded(signature, place),
        compact=b".".join((protected, payload, signature)),
    )


def _decoded(segment: bytes, place: str) -> bytes:
    """Decode base64url that is written in the one way in which it can be (RFC 7515 2)."""
    if _SEGMENT.fullmatch(segment) is None:
        _fail(msg("A part of the signature is no base64url."), place)
    try:
        decoded = urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    except (ValueError, binascii.Error):
        _fail(msg("A part of the signed list is cut short: its base64url does not come out even."), place)
    if urlsafe_b64encode(decoded).rstrip(b"=") != segment:
        _fail(
            msg("A part of the signed list is damaged: its base64url ends in bits that mean nothing."), place
        )
    return decoded


def _fail(problem: Message, place: str) -> NoReturn:
    remedy = msg("Get the signed list again from whoever publishes it, and see that it is whole.")
    raise UnusableInputError(problem, remedy=remedy, place=place)
