"""The same test with other tools: lines for openssl, curl and keytool, to be typed elsewhere.

Files stand there by placeholders: no path of this machine and no passphrase leaves with them. What a line
cannot do as we do it is said beside it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    ProbeVariant,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.message import Message, msg
from trustdesk.core.proxy import Proxy, ProxyKind
from trustdesk.core.target import Target, TargetProtocol, bracketed, host_and_port, is_ip_literal

CLIENT_FILE = "client.pem"
KEY_FILE = "client.key"
LIST_FILE = "trust-list.pem"
"""What stands for the person's own files."""

_CLASSIC_GROUPS = "X25519:P-256:P-384"
_ACCEPT = "Accept: application/ld+json; version=2.3.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalentCommand:
    """One line for one tool.

    Attributes:
        line: for a POSIX shell, quoted.
        remark: what it does otherwise than the test here; None where it is the same.
    """

    tool: str
    line: str
    remark: Message | None = None


def equivalent_commands(
    target: Target,
    variant: ProbeVariant | None = None,
    *,
    with_identity: bool = False,
    proxy: Proxy | None = None,
) -> tuple[EquivalentCommand, ...]:
    """Return the lines for a target, as the variant asks for it.

    Args:
        variant: None for the target as it is given.
        with_identity: whether a client certificate is selected.
        proxy: that the test goes through; its user and password are never written.
    """
    chosen = variant or ProbeVariant()
    presents = with_identity and chosen.certificate is CertificateChoice.SELECTED
    commands = [_openssl(target, chosen, presents=presents, proxy=proxy)]
    if target.protocol is TargetProtocol.HTTPS:
        commands.append(_curl(target, chosen, presents=presents, proxy=proxy))
    commands.append(_keytool(target))
    return tuple(commands)


def _openssl(
    target: Target, variant: ProbeVariant, *, presents: bool, proxy: Proxy | None
) -> EquivalentCommand:
    words = ["openssl", "s_client", "-connect", _address(target, variant)]
    if target.server_name is not None and variant.server_name is ServerNameChoice.HOST:
        words += ["-servername", target.server_name]
    else:
        words.append("-noservername")
    words += ["-verify_ip" if is_ip_literal(target.verify_name) else "-verify_hostname", target.verify_name]
    words += ["-CAfile", LIST_FILE, "-showcerts"]
    if presents:
        # Without -cert_chain it would send the certificate alone.
        words += ["-cert", CLIENT_FILE, "-key", KEY_FILE, "-cert_chain", CLIENT_FILE]
    words += {TlsVersions.ANY: [], TlsVersions.TLS_1_2: ["-tls1_2"], TlsVersions.TLS_1_3: ["-tls1_3"]}[
        variant.versions
    ]
    if variant.groups is GroupChoice.CLASSIC:
        words += ["-groups", _CLASSIC_GROUPS]
    if target.alpn and variant.alpn is AlpnChoice.TARGET:
        words += ["-alpn", ",".join(target.alpn)]
    if proxy is not None and proxy.kind is ProxyKind.HTTP:
        words += ["-proxy", f"{proxy.host}:{proxy.port}"]
    words.append("-ign_eof")
    remark = msg(
        "In TLS 1.3 a finished handshake proves nothing: wait for what comes after it, or send a request."
    )
    return EquivalentCommand(tool="openssl", line=shlex.join(words), remark=remark)


def _curl(target: Target, variant: ProbeVariant, *, presents: bool, proxy: Proxy | None) -> EquivalentCommand:
    port = target.port
    host = target.server_name or target.verify_name
    words = ["curl", "--verbose", "--http1.1", "--cacert", LIST_FILE]
    if presents:
        words += ["--cert", CLIENT_FILE, "--key", KEY_FILE]
    if variant.versions is TlsVersions.TLS_1_2:
        words += ["--tlsv1.2", "--tls-max", "1.2"]
    elif variant.versions is TlsVersions.TLS_1_3:
        words.append("--tlsv1.3")
    if variant.groups is GroupChoice.CLASSIC:
        words += ["--curves", _CLASSIC_GROUPS]
    if variant.alpn is AlpnChoice.NONE:
        words.append("--no-alpn")
    remark: Message | None = None
    if variant.server_name is ServerNameChoice.NONE or target.server_name is None:
        remark = msg("curl leaves the server name out only where the URL holds an address.")
    address, connect_port = variant.address or target.connect_address, target.connect_port
    if proxy is not None:
        words += ["--proxy", proxy.title]
    elif address is not None or connect_port is not None or host != target.host:
        words += [
            "--connect-to",
            f"{bracketed(host)}:{port}:{bracketed(address or target.host)}:{connect_port or port}",
        ]
    words += ["--header", _ACCEPT, f"https://{bracketed(host)}:{port}{target.path}"]
    return EquivalentCommand(tool="curl", line=shlex.join(words), remark=remark)


def _keytool(target: Target) -> EquivalentCommand:
    words = ["keytool", "-printcert", "-rfc", "-sslserver", host_and_port(target.host, target.port)]
    remark = msg(
        "Shows the server's chain as Java sees it; it presents no client certificate and trusts all."
    )
    return EquivalentCommand(tool="keytool", line=shlex.join(words), remark=remark)


def _address(target: Target, variant: ProbeVariant) -> str:
    host = variant.address or target.connect_address or target.host
    return host_and_port(host, target.connect_port or target.port)
