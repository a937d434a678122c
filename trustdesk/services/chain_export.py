"""A chain as the file that a server's software wants: the right certificates, in its order, in its form.

Private keys are never part of it; where the software wants the key in the same file, the sentence says so.
"""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.file_name import plain_stem
from trustdesk.core.message import Message, msg

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_VERSION_1 = b"\x02\x01\x01"
_SEQUENCE, _SET, _EXPLICIT_0 = 0x30, 0x31, 0xA0


class ServerSoftware(StrEnum):
    """What the chain is for."""

    NGINX = "nginx"
    APACHE = "apache"
    HAPROXY = "haproxy"
    JAVA = "java"
    IIS = "iis"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFile:
    """A file to save.

    Attributes:
        name: a file name that every system takes.
        data: PEM, or DER of a PKCS#7.
        instruction: what to do with it, in a sentence.
        left_out: the anchor, where it is not in the file because no server should send it; else None.
    """

    name: str
    data: bytes = field(repr=False)
    instruction: Message
    left_out: CertificateFacts | None = None


def export_chain(path: Sequence[CertificateFacts], software: ServerSoftware) -> ChainFile:
    """Return a certification path as the file that the software wants.

    Args:
        path: end entity first, as far up as it is known; not empty.
    """
    sent = list(path)
    anchor = sent.pop() if len(sent) > 1 and sent[-1].is_self_issued else None
    stem = file_stem(path[0])
    match software:
        case ServerSoftware.NGINX:
            return ChainFile(
                name=f"{stem}-fullchain.pem",
                data=pem_of(sent),
                instruction=msg(
                    "Name it in ssl_certificate and the private key in ssl_certificate_key, and reload nginx."
                ),
                left_out=anchor,
            )
        case ServerSoftware.APACHE:
            return ChainFile(
                name=f"{stem}-fullchain.pem",
                data=pem_of(sent),
                instruction=msg(
                    "Name it in SSLCertificateFile (Apache 2.4.8 and later) and the private key in"
                    " SSLCertificateKeyFile, and take SSLCertificateChainFile out."
                ),
                left_out=anchor,
            )
        case ServerSoftware.HAPROXY:
            return ChainFile(
                name=f"{stem}.pem",
                data=pem_of(sent),
                instruction=msg(
                    "Name it with crt on the bind line, and lay the private key beside it as {key_file}.",
                    key_file=f"{stem}.pem.key",
                ),
                left_out=anchor,
            )
        case ServerSoftware.JAVA:
            return ChainFile(
                name=f"{stem}-chain.pem",
                data=pem_of(path),
                instruction=msg(
                    "Import it under the alias of its key: keytool -importcert -trustcacerts"
                    " -keystore STORE -alias ALIAS -file {file}.",
                    file=f"{stem}-chain.pem",
                ),
            )
        case ServerSoftware.IIS:
            return ChainFile(
                name=f"{stem}.p7b",
                data=certificates_only(path),
                instruction=msg(
                    "Complete the certificate request in IIS Manager with {file}, on the computer that made"
                    " the request; Windows sends the chain by itself.",
                    file=f"{stem}.p7b",
                ),
            )


def pem_of(certificates: Sequence[CertificateFacts]) -> bytes:
    """Return certificates as PEM (RFC 7468), in the order given."""
    return b"".join(_pem(facts) for facts in certificates)


def certificates_only(certificates: Sequence[CertificateFacts]) -> bytes:
    """Return certificates as a certs-only PKCS#7 (RFC 2315 9.1), damaged ones too.

    It is a set, which DER sorts; strict readers refuse any other order (X.690 11.6).
    """
    signed = _element(
        _SEQUENCE,
        _VERSION_1
        + _element(_SET, b"")
        + _element(_SEQUENCE, _DATA)
        + _element(_EXPLICIT_0, b"".join(sorted(facts.der for facts in certificates)))
        + _element(_SET, b""),
    )
    return _element(_SEQUENCE, _SIGNED_DATA + _element(_EXPLICIT_0, signed))


def _pem(facts: CertificateFacts) -> bytes:
    body = "\n".join(textwrap.wrap(base64.b64encode(facts.der).decode(), 64))
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode()


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def file_stem(facts: CertificateFacts) -> str:
    """Return the certificate's title as part of a file name; what a CA wrote in it has no say beyond that."""
    return plain_stem(facts.title, facts.sha256[:16])
