"""What is tested: a protocol, an endpoint, and the names that go with it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

import idna

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.message import Message, msg

MAX_TARGET_LENGTH = 2048
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


class TargetProtocol(StrEnum):
    """What is spoken inside TLS."""

    HTTPS = "https"
    AMQPS = "amqps"
    TLS = "tls"


DEFAULT_PORTS = {TargetProtocol.HTTPS: 443, TargetProtocol.AMQPS: 5671, TargetProtocol.TLS: 443}


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One endpoint under test.

    Attributes:
        host: A-label name in lower case, or an IP literal without brackets.
        path: base path of the one GET, starting with a slash; "/" for amqps and tls.
        connect_address: address or name to connect to instead of `host`; None for `host`.
        connect_port: port to connect to instead of `port`; None for `port`.
        server_name: SNI (RFC 6066 3); None sends none. Never an IP literal.
        verify_name: reference identifier (RFC 9525 2) that the certificate must present.
        alpn: application protocols to offer, in order; empty offers none.
    """

    protocol: TargetProtocol
    host: str
    port: int
    path: str = "/"
    connect_address: str | None = None
    connect_port: int | None = None
    server_name: str | None
    verify_name: str
    alpn: tuple[str, ...] = ()

    @property
    def endpoint(self) -> str:
        """The target as a person writes it: `https://host:port/base`, default port left out."""
        host = bracketed(self.host)
        port = "" if self.port == DEFAULT_PORTS[self.protocol] else f":{self.port}"
        return f"{self.protocol}://{host}{port}{'' if self.path == '/' else self.path}"


def bracketed(host: str) -> str:
    """Return a host as a URL has it: an IPv6 address in brackets (RFC 3986 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def host_and_port(host: str, port: int) -> str:
    """Return `host:port`, an IPv6 address in brackets."""
    return f"{bracketed(host)}:{port}"


def parse_target(
    text: str,
    *,
    connect: str | None = None,
    server_name: str | None = None,
    send_server_name: bool = True,
    verify_name: str | None = None,
    alpn: tuple[str, ...] | None = None,
) -> Target:
    """Read `host`, `host:port`, `[v6]:port`, `https://…`, `amqps://…` or `tls://…`.

    Each keyword overrides one part by itself; None leaves what follows from `text`. `connect` is
    `ADDRESS`, `ADDRESS:PORT` or `[v6]:PORT`.

    Raises:
        UnusableInputError: `text` or an override names no endpoint; says which part and what to write.
    """
    target = _parse(text.strip())
    if connect is not None:
        address, port = _split_host_port(connect.strip(), connect)
        target = replace(target, connect_address=_host(address, connect), connect_port=port)
    if server_name is not None:
        host = _host(server_name.strip(), server_name)
        if is_ip_literal(host):
            raise UnusableInputError(
                msg("An IP address cannot be sent as server name."),
                remedy=msg("Give a DNS name, or --no-sni."),
                place=server_name,
            )
        target = replace(target, server_name=host)
    if not send_server_name:
        target = replace(target, server_name=None)
    if verify_name is not None:
        target = replace(target, verify_name=_host(verify_name.strip(), verify_name))
    if alpn is not None:
        target = replace(target, alpn=_alpn(alpn))
    return target


@lru_cache(4096)
def is_ip_literal(host: str) -> bool:
    """Whether `host` is an IPv4 or IPv6 address, without brackets."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _parse(text: str) -> Target:
    if not text:
        raise _no_target(text, msg("The target is empty."))
    if len(text) > MAX_TARGET_LENGTH:
        raise _no_target(text, msg("The target is longer than {limit} characters.", limit=MAX_TARGET_LENGTH))
    protocol, rest = _split_protocol(text)
    authority, slash, path = rest.partition("/")
    # A password may hold a slash: https://ann:a/b@host.
    if "@" in authority or ("@" in path and not authority.rpartition(":")[2].isdigit() and ":" in authority):
        raise _no_target(text, msg("A target holds no user name or password."))
    host_text, port = _split_host_port(authority, text)
    host = _host(host_text, text)
    base_path = slash + path if protocol is TargetProtocol.HTTPS else "/"
    if protocol is not TargetProtocol.HTTPS and path:
        raise _no_target(text, msg("Only https targets have a path."))
    base_path = base_path or "/"
    if not _PATH.fullmatch(base_path):
        raise _no_target(text, msg("The path of the target holds a character that a URL path cannot hold."))
    return Target(
        protocol=protocol,
        host=host,
        port=port if port is not None else DEFAULT_PORTS[protocol],
        path=base_path,
        server_name=None if is_ip_literal(host) else host,
        verify_name=host,
        alpn=("http/1.1",) if protocol is TargetProtocol.HTTPS else (),
    )


def _split_protocol(text: str) -> tuple[TargetProtocol, str]:
    scheme = _SCHEME.match(text)
    if scheme is None:
        return TargetProtocol.HTTPS, text
    try:
        return TargetProtocol(scheme[1].lower()), text[scheme.end() :]
    except ValueError:
        problem = msg("{scheme} is no protocol that trustdesk tests.", scheme=scheme[1])
        raise _no_target(text, problem) from None


def _split_host_port(authority: str, text: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        host, bracket, port_text = authority[1:].partition("]")
        if not bracket or (port_text and not port_text.startswith(":")):
            raise _no_target(text, msg("An IPv6 address stands in brackets, as in [2001:db8::1]:443."))
        port_text = port_text[1:]
        has_port = authority.endswith(f"]:{port_text}")
    elif authority.count(":") > 1:
        return authority, None
    else:
        host, colon, port_text = authority.partition(":")
        has_port = bool(colon)
    if not has_port:
        return host, None
    if not (port_text.isascii() and port_text.isdigit() and 0 < int(port_text[:6]) <= 65535):
        raise _no_target(text, msg("{port} is no port: a port is a number from 1 to 65535.", port=port_text))
    return host, int(port_text)


def _host(host: str, text: str) -> str:
    if is_ip_literal(host):
        return str(ipaddress.ip_address(host))
    name = host.removesuffix(".")
    try:
        name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise _no_target(text, msg("{host} is no host name.", host=host)) from None
    labels = name.split(".")
    if not name or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _no_target(text, msg("{host} is no host name.", host=host))
    if labels[-1].isdigit():
        raise _no_target(text, msg("{host} is neither a host name nor an IP address.", host=host))
    return name


def _alpn(protocols: tuple[str, ...]) -> tuple[str, ...]:
    for protocol in protocols:
        if not (protocol.isascii() and protocol.isprintable() and 0 < len(protocol) < 256):
            raise UnusableInputError(
                msg("{protocol} is no ALPN protocol name.", protocol=protocol),
                remedy=msg("Give names such as http/1.1, separated by commas."),
            )
    return protocols


def _no_target(text: str, problem: Message) -> UnusableInputError:
    return UnusableInputError(
        problem,
        remedy=msg("Write host, host:port, [v6]:port, https://host/base, amqps://host or tls://host."),
        place=_without_user(text) or None,
    )


def _without_user(text: str) -> str:
    """Leave out what stands before an `@`: it may be a password."""
    before, at, after = text.rpartition("@")
    scheme, separator, _ = before.rpartition("://")
    return f"{scheme}{separator}…@{after}" if at else text
