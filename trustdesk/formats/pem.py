"""PEM as people have it: bundles with text around, quoted in mails, indented, on one line, cut off.

Source: RFC 7468 (textual encodings), RFC 1421 (headers of encrypted keys).
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from trustdesk.core.message import Message, msg
from trustdesk.formats.der import DerError, read_element

# Three dashes of the five: some editors take one away. Bounded, so that a file of dashes costs its length.
_MARKER = re.compile(rb"--- ?(BEGIN|END) ([A-Z0-9 .]{1,64}?) ?---")
_BOUNDARY = re.compile(rb"--- ?(?:BEGIN|END) ")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,63}:")
_QUOTING = re.compile(rb"(?m)^[ \t>|]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_LEFT_OVER = bytes(
    sorted({*range(256)} - {*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"})
)

CERTIFICATE_LABELS = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
KEY_LABELS = frozenset(
    {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"}
)


@dataclass(frozen=True, slots=True)
class PemBlock:
    """One block from its BEGIN line on.

    Attributes:
        label: as "CERTIFICATE".
        position: which block of the file, counted from 1.
        offset: octets from the start of the file to the BEGIN line.
        der: what the Base64 holds; None when it is damaged.
        remains: what the Base64 holds as far as it can be told, where `der` is None.
        encryption: cipher and initialisation vector, as the DEK-Info header has them (RFC 1421 4.6.1.3),
            where `der` is encrypted; None where it is not.
        problems: what is wrong with the block's text; also where `der` could be read all the same.
    """

    label: str
    position: int
    offset: int
    der: bytes | None = field(repr=False)
    remains: bytes = field(default=b"", repr=False)
    encryption: str | None = None
    problems: tuple[Message, ...] = ()


def looks_like_pem(data: bytes) -> bool:
    """Whether a PEM block begins anywhere in the data."""
    return any(marker[1] == b"BEGIN" for marker in _MARKER.finditer(_plain(data)[0]))


def ders_of(data: bytes, label: str) -> tuple[bytes, ...]:
    """Return the DER in a file of one kind: of all PEM blocks of that label, or the bytes as they are.

    A damaged block is empty; where there is PEM and none of that label, one that is empty stands for it.
    """
    if not looks_like_pem(data):
        return (data,)
    return tuple(block.der or b"" for block in pem_blocks(data) if block.label == label) or (b"",)


def pem_blocks(data: bytes, limit: int | None = None) -> tuple[PemBlock, ...]:
    """Return the blocks in their order, damaged ones too; at most `limit`, None for all.

    A block ends with the next BEGIN or END line whatever it says, or with the file; one that ends without
    its own END line says so. One pass, so that a file of BEGIN lines alone costs no more than its length.
    """
    return tuple(islice(_blocks(data), limit))


def _blocks(data: bytes) -> Iterator[PemBlock]:
    plain, width, skipped = _plain(data)
    markers = _MARKER.finditer(plain)
    marker = next(markers, None)
    position = 0
    while marker is not None:
        following = next(markers, None)
        if marker[1] == b"BEGIN":
            position += 1
            end = len(plain) if following is None else following.start()
            label = marker[2].decode("ascii")
            problems = _end_problems(marker[2], following)
            body = plain[marker.end() : end]
            dashes = 2 if plain[max(0, marker.start() - 2) : marker.start()] == b"--" else 0
            yield _block(
                label, position, (marker.start() - dashes, marker.end(), width, skipped), body, problems
            )
        marker = following


def _end_problems(label: bytes, following: re.Match[bytes] | None) -> list[Message]:
    if following is None or following[1] == b"BEGIN":
        return [msg("The END line of the block is missing.")]
    if following[2] != label:
        return [
            msg(
                "The block begins as {begun} and ends as {ended}.",
                begun=label.decode("ascii"),
                ended=following[2].decode("ascii"),
            )
        ]
    return []


def _block(
    label: str, position: int, place: tuple[int, int, int, int], body: bytes, problems: list[Message]
) -> PemBlock:
    start, body_start, width, skipped = place
    cut = _BOUNDARY.search(body)
    if cut is not None:
        # A BEGIN or END line that is itself damaged: what follows belongs to another block.
        body = body[: cut.start()]
    headers, lines = _split(_unquoted(body))
    encryption = _encryption(headers)
    content = lines.translate(None, _LEFT_OVER)
    decoded = _decoded(content)
    bad = _NOT_BASE64.search(lines)
    if bad is not None:
        where = body.find(bad[0]) if bad[0] not in b">|" else -1
        problems.append(
            msg(
                "The Base64 is damaged at byte {offset}.",
                offset=skipped + width * (body_start + max(where, 0)),
            )
        )
    elif len(content) % 4 == 1:
        problems.append(msg("The Base64 is cut short."))
    elif not content:
        problems.append(msg("There is nothing between the BEGIN line and the END line."))
    usable = bool(decoded) and (not problems or encryption is not None or _is_whole(decoded))
    return PemBlock(
        label,
        position,
        skipped + width * start,
        decoded if usable else None,
        b"" if usable else decoded,
        encryption,
        tuple(problems),
    )


def _unquoted(body: bytes) -> bytes:
    """Take away what mails, JSON and source code put around the lines."""
    if b"\\" in body:
        body = body.replace(b"\\r", b"").replace(b"\\n", b"\n")
    if b"=3D" in body:
        body = quopri.decodestring(body)
    body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # U+00A0 and U+200B come from web pages; quotes from source code.
    for foreign in (b"\xc2\xa0", b"\xe2\x80\x8b", b'"', b"'"):
        if foreign in body:
            body = body.replace(foreign, b"")
    return _QUOTING.sub(b"", body.lstrip(b"-")).rstrip(b"-")


def _split(body: bytes) -> tuple[list[bytes], bytes]:
    headers: list[bytes] = []
    rest = body.lstrip()
    while _HEADER.match(rest) and len(headers) < 64:
        header, _, rest = rest.partition(b"\n")
        headers.append(header.strip())
    return headers, rest


def _encryption(headers: list[bytes]) -> str | None:
    fields = {name.strip(): value.strip() for name, _, value in (one.partition(b":") for one in headers)}
    if b"ENCRYPTED" not in fields.get(b"Proc-Type", b""):
        return None
    return fields.get(b"DEK-Info", b"").decode("ascii", "replace")


def _decoded(content: bytes) -> bytes:
    """Decode characters of the Base64 alphabet, padding left out; a last one that stands alone is lost."""
    if len(content) % 4 == 1:
        content = content[:-1]
    return binascii.a2b_base64(content + b"=" * (-len(content) % 4))


def _is_whole(der: bytes) -> bool:
    try:
        return read_element(der, indefinite=True).end <= len(der)
    except DerError:
        return False


def decode_base64(data: bytes) -> bytes | None:
    """Return what Base64 without BEGIN and END lines holds; None when the data is something else."""
    plain, _, _ = _plain(data)
    lines = _unquoted(plain)
    if not lines.strip() or _NOT_BASE64.search(lines) is not None:
        return None
    content = lines.translate(None, _LEFT_OVER)
    return _decoded(content) if len(content) >= 16 else None


def _plain(data: bytes) -> tuple[bytes, int, int]:
    """Return the data in one octet a character, octets a character before, and octets left out in front.

    Windows editors save UTF-16.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode("ascii", "replace"), 2, 2
    if data[:64].count(b"\0-") >= 5 or data[:64].count(b"-\0") >= 5:
        order = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        return data.decode(order, "replace").encode("ascii", "replace"), 2, 0
    if data.startswith(codecs.BOM_UTF8):
        return data.removeprefix(codecs.BOM_UTF8), 1, 3
    return data, 1, 0
