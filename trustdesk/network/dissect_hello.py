"""The messages that open a handshake: ClientHello, ServerHello, HelloRetryRequest, EncryptedExtensions.

Source: RFC 8446 4.1 to 4.3.1, RFC 5246 7.4.1; extensions: RFC 6066, 7301, 7366, 8446 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from trustdesk.network.dissect_reader import DissectError, Fields, Reader, text_of
from trustdesk.network.tls_names import (
    TLS_1_3,
    extension_name,
    group_name,
    signature_scheme_name,
    version_title,
)
from trustdesk.network.tls_suites import suite_name

_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
_DOWNGRADE_MARKS = {b"DOWNGRD\x01": "TLS 1.2", b"DOWNGRD\x00": "TLS 1.1 or below"}
_MAX_EXTENSIONS = 200
_LISTS = 256
"""Lists whose words are kept: at most 64 kB each, mostly some 50 bytes."""
_POINT_FORMATS = {0: "uncompressed", 1: "ansiX962_compressed_prime", 2: "ansiX962_compressed_char2"}
_PSK_MODES = {0: "psk_ke", 1: "psk_dhe_ke"}


class Extension(IntEnum):
    """The extensions whose content is read."""

    SERVER_NAME = 0
    STATUS_REQUEST = 5
    SUPPORTED_GROUPS = 10
    EC_POINT_FORMATS = 11
    SIGNATURE_ALGORITHMS = 13
    ALPN = 16
    SIGNED_CERTIFICATE_TIMESTAMP = 18
    ENCRYPT_THEN_MAC = 22
    PRE_SHARED_KEY = 41
    EARLY_DATA = 42
    SUPPORTED_VERSIONS = 43
    COOKIE = 44
    PSK_KEY_EXCHANGE_MODES = 45
    CERTIFICATE_AUTHORITIES = 47
    SIGNATURE_ALGORITHMS_CERT = 50
    KEY_SHARE = 51


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """What the rest of the dissection needs of a ClientHello."""

    random: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHello:
    """What the server chose.

    Attributes:
        version: 0x0304 for TLS 1.3, from supported_versions where it stands there.
        is_retry: whether it is a HelloRetryRequest.
        group: of the key share; None without one (TLS 1.2 names it in ServerKeyExchange).
        alpn: chosen protocol; None without one (TLS 1.3 names it in EncryptedExtensions).
        promises_status: whether a CertificateStatus may follow the chain (RFC 6066 8, TLS 1.2 and below).
    """

    random: bytes
    version: int
    suite: int
    is_retry: bool
    group: str | None
    alpn: str | None
    encrypt_then_mac: bool
    promises_status: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedExtensions:
    """What the server chose under encryption; `alpn` is None when it chose none."""

    alpn: str | None


def extensions_of(reader: Reader) -> dict[int, bytes]:
    """Read a block of extensions, at most 200; of two with one number the first counts."""
    block = Reader(reader.vector(2))
    extensions: dict[int, bytes] = {}
    for _ in range(_MAX_EXTENSIONS):
        if not block.left:
            return extensions
        extensions.setdefault(block.number(2), block.vector(2))
    raise DissectError(f"more than {_MAX_EXTENSIONS} extensions")


def client_hello(body: bytes) -> tuple[ClientHello, str, Fields]:
    """Read a ClientHello: facts, detail, fields."""
    reader = Reader(body)
    legacy_version = reader.number(2)
    random = reader.take(32)
    session_id = reader.vector(1)
    suites = reader.vector(2)
    reader.vector(1)  # compression methods: none since CRIME
    extensions = extensions_of(reader) if reader.left else {}
    reader.end()

    fields = Fields()
    fields.add("legacy_version", version_title(legacy_version))
    versions = [legacy_version]
    if Extension.SUPPORTED_VERSIONS in extensions:
        versions = Reader(extensions[Extension.SUPPORTED_VERSIONS]).numbers(1, 2)
        fields.add_list("supported_versions", map(version_title, versions))
    newest = max((version for version in versions if version <= TLS_1_3), default=legacy_version)
    details = [version_title(newest)]
    server_name = _server_name(extensions)
    if server_name is not None:
        fields.add("server_name", server_name)
        details.append(f"SNI {server_name}")
    shares = _key_shares(extensions.get(Extension.KEY_SHARE))
    details += [group for group, _ in shares[:1]]
    fields.add_list("key_share", (f"{group} ({length} bytes)" for group, length in shares))
    _add_numbers(fields, extensions, Extension.SUPPORTED_GROUPS)
    _add_numbers(fields, extensions, Extension.SIGNATURE_ALGORITHMS)
    _add_numbers(fields, extensions, Extension.SIGNATURE_ALGORITHMS_CERT)
    fields.add_list("application_layer_protocol_negotiation", _protocols(extensions))
    fields.extend(_named(None, suites))
    _add_small(fields, extensions, Extension.EC_POINT_FORMATS, _POINT_FORMATS)
    _add_small(fields, extensions, Extension.PSK_KEY_EXCHANGE_MODES, _PSK_MODES)
    if Extension.PRE_SHARED_KEY in extensions:
        details.append("resumption offered")
    fields.extend(_extension_names(tuple(extensions)))
    fields.add("random", random.hex())
    fields.add("session_id", session_id.hex())
    return ClientHello(random=random), ", ".join(details), fields


def server_hello(body: bytes) -> tuple[ServerHello, str, Fields]:
    """Read a ServerHello or HelloRetryRequest: facts, detail, fields."""
    reader = Reader(body)
    version = reader.number(2)
    random = reader.take(32)
    session_id = reader.vector(1)
    suite = reader.number(2)
    reader.number(1)  # compression method
    extensions = extensions_of(reader) if reader.left else {}
    reader.end()

    is_retry = random == _RETRY_RANDOM
    if Extension.SUPPORTED_VERSIONS in extensions:
        version = Reader(extensions[Extension.SUPPORTED_VERSIONS]).number(2)
    group = None
    if Extension.KEY_SHARE in extensions:
        group = group_name(Reader(extensions[Extension.KEY_SHARE]).number(2))
    alpn = next(iter(_protocols(extensions)), None)
    facts = ServerHello(
        random=random,
        version=version,
        suite=suite,
        is_retry=is_retry,
        group=group,
        alpn=alpn,
        encrypt_then_mac=Extension.ENCRYPT_THEN_MAC in extensions,
        promises_status=version < TLS_1_3 and Extension.STATUS_REQUEST in extensions,
    )
    fields = Fields()
    fields.add("version", version_title(version))
    fields.add("cipher_suite", suite_name(suite))
    details = [version_title(version), suite_name(suite)]
    if group is not None:
        fields.add("selected_group" if is_retry else "key_share", group)
        details.append(f"asks for {group}" if is_retry else group)
    if alpn is not None:
        fields.add("application_layer_protocol_negotiation", alpn)
        details.append(f"ALPN {alpn}")
    if Extension.PRE_SHARED_KEY in extensions:
        details.append("resumed")
    if Extension.COOKIE in extensions:
        fields.add("cookie", f"{len(extensions[Extension.COOKIE])} bytes")
    if random[-8:] in _DOWNGRADE_MARKS:
        fields.add("downgrade_mark", _DOWNGRADE_MARKS[random[-8:]])
    fields.add_list("extensions", map(extension_name, extensions))
    fields.add("random", random.hex())
    fields.add("session_id", session_id.hex())
    return facts, ", ".join(details), fields


def encrypted_extensions(body: bytes) -> tuple[EncryptedExtensions, str, Fields]:
    """Read EncryptedExtensions: facts, detail, fields."""
    reader = Reader(body)
    extensions = extensions_of(reader)
    reader.end()
    alpn = next(iter(_protocols(extensions)), None)
    fields = Fields()
    if alpn is not None:
        fields.add("application_layer_protocol_negotiation", alpn)
    _add_numbers(fields, extensions, Extension.SUPPORTED_GROUPS)
    if Extension.EARLY_DATA in extensions:
        fields.add("early_data", "accepted")
    fields.add_list("extensions", map(extension_name, extensions))
    detail = f"ALPN {alpn}" if alpn is not None else f"{len(extensions)} extensions"
    return EncryptedExtensions(alpn=alpn), detail, fields


def _server_name(extensions: dict[int, bytes]) -> str | None:
    names = Reader(extensions.get(Extension.SERVER_NAME, b""))
    if not names.left:
        return None
    entry = Reader(names.vector(2))
    entry.number(1)  # name type: host_name is the only one
    return text_of(entry.vector(2))


def _key_shares(data: bytes | None) -> list[tuple[str, int]]:
    """Return group and length of each key share of a ClientHello."""
    shares: list[tuple[str, int]] = []
    if data is not None:
        reader = Reader(Reader(data).vector(2))
        while reader.left:
            shares.append((group_name(reader.number(2)), len(reader.vector(2))))
    return shares


def _protocols(extensions: dict[int, bytes]) -> list[str]:
    """Return the protocols of the ALPN extension, the chosen one in what a server sends."""
    protocols: list[str] = []
    if Extension.ALPN in extensions:
        reader = Reader(Reader(extensions[Extension.ALPN]).vector(2))
        while reader.left:
            protocols.append(text_of(reader.vector(1)))
    return protocols


def _add_numbers(fields: Fields, extensions: dict[int, bytes], number: Extension) -> None:
    """Add an extension that is a list of groups or of signature schemes."""
    if number in extensions:
        fields.extend(_named(number, Reader(extensions[number]).vector(2)))


@lru_cache(_LISTS)
def _named(number: Extension | None, codes: bytes) -> tuple[tuple[str, str], ...]:
    """Return the fields of a list of two-byte numbers: of an extension, or for None the cipher suites.

    Every ClientHello of ours has the same ones, and servers have few.
    """
    match number:
        case None:
            title, name = "cipher_suites", suite_name
        case Extension.SUPPORTED_GROUPS:
            title, name = extension_name(number), group_name
        case _:
            title, name = extension_name(number), signature_scheme_name
    if len(codes) % 2:
        raise DissectError(f"vector of {len(codes)} bytes is no list of 2-byte numbers")
    fields = Fields()
    fields.add_list(
        title, (name(int.from_bytes(codes[at : at + 2], "big")) for at in range(0, len(codes), 2))
    )
    return fields.all()


@lru_cache(_LISTS)
def _extension_names(numbers: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    fields = Fields()
    fields.add_list("extensions", map(extension_name, numbers))
    return fields.all()


def _add_small(
    fields: Fields, extensions: dict[int, bytes], number: Extension, names: dict[int, str]
) -> None:
    """Add an extension that is a list of one-byte numbers."""
    if number in extensions:
        codes = Reader(extensions[number]).vector(1)
        fields.add_list(extension_name(number), (names.get(code, str(code)) for code in codes))
