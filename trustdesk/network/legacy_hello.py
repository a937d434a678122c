"""A ClientHello that offers one old version alone, and what the first record that comes back means.

Our TLS library speaks nothing older than TLS 1.0, and a policy of the system may forbid even that; whether
the server still accepts such a version shows in its ServerHello, before any cryptography.

Sources: RFC 6101 (SSL 3.0), RFC 2246 (TLS 1.0), RFC 4346 (TLS 1.1), RFC 5746 3.3, RFC 8422.
"""

from __future__ import annotations

import struct

from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.network.dissect import dissect
from trustdesk.network.dissect_hello import Extension, ServerHello
from trustdesk.network.tls_names import alert_name, version_title
from trustdesk.network.tls_records import RECORD_HEADER, ContentType, NotTlsError, RecordCutter

LEGACY_VERSIONS = {"TLSv1.1": 0x0302, "TLSv1": 0x0301, "SSLv3": 0x0300}
"""Names and numbers, the newest first."""

_CLIENT_HELLO, _SERVER_HELLO = 1, 2
_SSL_3 = 0x0300
_FATAL = 2
_HOST_NAME = 0
_UNCOMPRESSED = 0
# Whatever old servers may want: ECDHE, DHE and RSA with AES, Camellia, 3DES and RC4; last the signalling
# value of RFC 5746, without which some refuse.
_SUITES = (
    *(0xC00A, 0xC014, 0xC009, 0xC013, 0x0039, 0x0038, 0x0033, 0x0032, 0x0035, 0x002F),
    *(0x0088, 0x0084, 0x0045, 0x0041, 0xC008, 0xC012, 0x0016, 0x0013, 0x000A),
    *(0xC007, 0xC011, 0x0005, 0x0004, 0x00FF),
)
_GROUPS = (0x0017, 0x0018, 0x0019, 0x001D)


def legacy_client_hello(version: int, server_name: str | None, random: bytes) -> bytes:
    """Return the whole record.

    Args:
        version: a number of `LEGACY_VERSIONS`.
        server_name: A-labels; None sends none, and SSL 3.0 has no extensions to send it in.
        random: 32 octets.
    """
    suites = b"".join(struct.pack("!H", suite) for suite in _SUITES)
    body = struct.pack("!H", version) + random + b"\0" + struct.pack("!H", len(suites)) + suites + b"\1\0"
    if version != _SSL_3:
        extensions = _extensions(server_name)
        body += struct.pack("!H", len(extensions)) + extensions
    message = struct.pack("!I", _CLIENT_HELLO << 24 | len(body)) + body
    return struct.pack("!BHH", ContentType.HANDSHAKE, min(version, 0x0301), len(message)) + message


class LegacyReading:
    """Reads what comes back, until it tells.

    Attributes:
        outcome: None until it tells.
    """

    def __init__(self, name: str) -> None:
        """Expect the answer to a ClientHello of a version.

        Args:
            name: of `LEGACY_VERSIONS`.
        """
        self._name = name
        self._records = RecordCutter()
        self._handshake = b""
        self.outcome: LegacyVersion | None = None

    def receive(self, data: bytes) -> None:
        """Take what the server sent."""
        try:
            records = self._records.feed(data)
        except NotTlsError as error:
            records = list(error.records)
            if not records:
                self._end(LegacyAnswer.UNKNOWN, "no TLS")
        for record in records:
            if self.outcome is None:
                self._read(record[0], record[RECORD_HEADER:])

    def closed(self) -> None:
        """Take the end of the connection: a server may refuse without a word."""
        if self.outcome is None:
            self._end(LegacyAnswer.REFUSED, "closed")

    def silent(self) -> None:
        """Take that nothing came in time: that tells nothing."""
        if self.outcome is None:
            self._end(LegacyAnswer.UNKNOWN, "no answer")

    def _read(self, content_type: int, content: bytes) -> None:
        if content_type == ContentType.ALERT and len(content) >= 2:
            # A warning, such as unrecognized_name, may stand before a ServerHello (RFC 6066 3).
            if content[0] == _FATAL:
                self._end(LegacyAnswer.REFUSED, f"alert {alert_name(content[1])} ({content[1]})")
            return
        if content_type != ContentType.HANDSHAKE:
            self._end(LegacyAnswer.UNKNOWN, "no handshake message")
            return
        self._handshake += content
        length = int.from_bytes(self._handshake[1:4], "big")
        if len(self._handshake) < 4 or len(self._handshake) < 4 + length:
            return
        hello = dissect(self._handshake[0], self._handshake[4 : 4 + length])
        if self._handshake[0] != _SERVER_HELLO or not isinstance(hello.facts, ServerHello):
            self._end(LegacyAnswer.UNKNOWN, "no ServerHello")
            return
        chosen = hello.facts.version
        answer = LegacyAnswer.ACCEPTED if chosen == LEGACY_VERSIONS[self._name] else LegacyAnswer.REFUSED
        self._end(answer, f"ServerHello, {version_title(chosen)}")

    def _end(self, answer: LegacyAnswer, detail: str) -> None:
        self.outcome = LegacyVersion(version=self._name, answer=answer, detail=detail)


def _extensions(server_name: str | None) -> bytes:
    parts = []
    if server_name is not None:
        name = server_name.encode("ascii")
        entry = struct.pack("!BH", _HOST_NAME, len(name)) + name
        parts.append((Extension.SERVER_NAME, struct.pack("!H", len(entry)) + entry))
    groups = b"".join(struct.pack("!H", group) for group in _GROUPS)
    parts.append((Extension.SUPPORTED_GROUPS, struct.pack("!H", len(groups)) + groups))
    parts.append((Extension.EC_POINT_FORMATS, bytes([1, _UNCOMPRESSED])))
    return b"".join(struct.pack("!HH", number, len(data)) + data for number, data in parts)
