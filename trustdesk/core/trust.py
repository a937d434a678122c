"""Trust lists in their first form, and what a judge says of a server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message


class TrustListOrigin(StrEnum):
    """Where a trust list came from. Nothing is an IATA list unless it was imported as one."""

    PUBLIC_WEB = "public_web"
    FILE = "file"
    LAB = "lab"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """A named set of trust anchors.

    Attributes:
        name: what a person calls it; for a file, the file's name.
        title: the name in words, with the origin said.
        anchors: CA certificates that are trusted as they stand.
    """

    name: str
    title: Message
    origin: TrustListOrigin
    anchors: tuple[CertificateFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerJudgement:
    """What a judge says of the chain that a server presented.

    Attributes:
        trusted: the best path has no failed validity rule and the name matches.
        trust_list: name of the list it was judged against (the first that trusts it, else the first).
        path: SHA-256 digests, end entity first, anchor last; empty when no path was found.
        name_matched: whether a SAN matches the reference identifier; None when the certificate could not
            be read.
        matched_by: the SAN that matched, as `DNS:*.example`; None when none did.
        findings: every rule that was applied.
        opinion: what cryptography's verifier said, as it said it; shown, never parsed. None when it agreed.
    """

    trusted: bool
    trust_list: str
    path: tuple[str, ...] = ()
    name_matched: bool | None = None
    matched_by: str | None = None
    findings: tuple[Finding, ...] = ()
    opinion: str | None = None
