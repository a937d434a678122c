"""Which of our identities clients of different make would present to a server, by its CertificateRequest.

Sources: RFC 8446 4.2.4, 4.3.2, 4.4.2.3; RFC 5246 7.4.4. Measured: OpenSSL presents what it is given,
whatever CAs are named; Java and Go stay silent when none of the path's issuers is named. From issues and
documentation: .NET drops certificates without clientAuth before anything is sent (dotnet/runtime#121982);
Schannel cuts a list of more than 16 KiB (Microsoft KB 933430).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import ClientBehaviour, IdentityMatch, WouldSend
from trustdesk.core.handshake import CertificateRequest
from trustdesk.core.message import Message, msg

OPENSSL = "OpenSSL, curl, Python, Node"
JAVA = "Java"
GO = "Go"
DOTNET = ".NET"
CLIENTS = (OPENSSL, JAVA, GO, DOTNET)

SCHANNEL_LIST_LIMIT = 16 * 1024
"""Bytes of CA names that Windows servers send; what is beyond is cut off."""

_ECDSA_CURVES = {256: "secp256r1", 384: "secp384r1", 521: "secp521r1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIdentity:
    """An identity as it would be presented.

    Attributes:
        issuers: RFC 4514 names of the issuers in the path that is sent, the end entity's first.
        reachable_issuers: of the whole path as it can be built here; empty when not known.
    """

    name: str
    certificate: CertificateFacts
    issuers: tuple[str, ...]
    reachable_issuers: tuple[str, ...] = ()


def match_identities(
    request: CertificateRequest | None, identities: Sequence[OwnIdentity], version: str | None = None
) -> tuple[IdentityMatch, ...]:
    """Join identities with a request; empty when the server asked for none.

    Args:
        version: negotiated, as in `Negotiated`; None when not known.
    """
    if request is None:
        return ()
    return tuple(
        IdentityMatch(
            name=identity.name,
            sha256=identity.certificate.sha256,
            behaviours=tuple(_behaviour(client, request, identity, version) for client in CLIENTS),
        )
        for identity in identities
    )


def fits_schemes(
    certificate: CertificateFacts, schemes: Sequence[str], version: str | None = None
) -> bool | None:
    """Whether a key of this kind can sign with one of the schemes (RFC 8446 4.2.3, RFC 5246 7.4.1.4.1).

    Args:
        schemes: in the names of TLS 1.3. In TLS 1.2 those of ECDSA name no curve, and PKCS#1 signs too.
        version: negotiated; None when not known, and then what either version allows is taken.

    Returns:
        None where nothing is known: no schemes were named, or the key is of a kind unknown to us.
    """
    if not schemes:
        return None
    strict = version == "TLSv1.3"
    match certificate.key_algorithm:
        case "RSA":
            names = ("rsa_pss_rsae_",) if strict else ("rsa_pss_rsae_", "rsa_pkcs1_", "rsa_sha")
            return any(scheme.startswith(names) for scheme in schemes)
        case "EC":
            curve = _ECDSA_CURVES.get(certificate.key_bits or 0, "?")
            return any(scheme.startswith(f"ecdsa_{curve}" if strict else "ecdsa_") for scheme in schemes)
        case "Ed25519" | "Ed448" as algorithm:
            return algorithm.lower() in schemes
    return None


def _behaviour(
    client: str, request: CertificateRequest, identity: OwnIdentity, version: str | None
) -> ClientBehaviour:
    would_send, reason = _decision(client, request, identity, version)
    return ClientBehaviour(client=client, would_send=would_send, reason=reason)


def _decision(
    client: str, request: CertificateRequest, identity: OwnIdentity, version: str | None
) -> tuple[WouldSend, Message]:
    certificate, named = identity.certificate, request.acceptable_cas
    usages = certificate.extended_key_usage
    if fits_schemes(certificate, request.signature_schemes, version) is False:
        return WouldSend.NO, msg(
            "Its key is of the kind {kind}, which no signature scheme of the server fits.",
            kind=certificate.key_algorithm or "?",
        )
    if client == DOTNET and usages is not None and not {"clientAuth", "anyExtendedKeyUsage"} & set(usages):
        return WouldSend.NO, msg("It drops certificates without clientAuth before anything is sent.")
    if not named:
        return WouldSend.YES, msg("The server names no CAs, so any certificate will do to be sent.")
    matching = next((issuer for issuer in identity.issuers if issuer in named), None)
    if matching is not None:
        return WouldSend.YES, msg("The server names {issuer}.", issuer=matching)
    if client == OPENSSL:
        return WouldSend.YES, msg("It sends what it is given, although the server does not name our issuer.")
    above = next((issuer for issuer in identity.reachable_issuers if issuer in named), None)
    if above is not None and client == DOTNET:
        return WouldSend.MAYBE, msg(
            "The server names {issuer}: it is sent where the intermediates are in the system's store.",
            issuer=above,
        )
    if above is not None:
        return WouldSend.NO, msg(
            "The server names {issuer}, which stands above what we send: send the intermediate too.",
            issuer=above,
        )
    if client == DOTNET:
        if _is_cut(request):
            return WouldSend.MAYBE, msg(
                "The server's list of CAs is as long as Windows allows, and may have been cut off."
            )
        return WouldSend.MAYBE, msg(
            "The server does not name our issuer: it is sent only where the program names the certificate."
        )
    return WouldSend.NO, msg(
        "The server does not name any issuer of our path; it sends an empty Certificate message then."
    )


def _is_cut(request: CertificateRequest) -> bool:
    """Whether the names come near Schannel's limit; their text is about as long as their DER."""
    return sum(len(name) for name in request.acceptable_cas) > SCHANNEL_LIST_LIMIT * 3 // 4
