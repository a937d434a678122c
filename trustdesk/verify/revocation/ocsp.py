"""What an OCSP response says of one certificate (RFC 6960); the answers are not read yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from trustdesk.core.message import msg
from trustdesk.core.revocation import RevocationAnswer, RevocationSource, RevocationStatus
from trustdesk.verify.decoded import Decoded

OcspDigest = Literal["sha1", "sha256"]


def check_response(
    response: bytes,  # noqa: ARG001 - read by what takes this one's place
    *,
    source: RevocationSource,
    certificate: Decoded,  # noqa: ARG001 - likewise
    issuer: Decoded,  # noqa: ARG001 - likewise
    at: datetime,  # noqa: ARG001 - likewise
    nonce: bytes | None,  # noqa: ARG001 - likewise
    others: Sequence[Decoded] = (),  # noqa: ARG001 - likewise
    retrieved_at: datetime | None = None,
) -> RevocationAnswer:
    """Say what a response (DER) says of a certificate.

    Args:
        nonce: that was sent in the request; None when none was.
        others: certificates among which the responder's may be, besides those in the response.
        retrieved_at: when it was fetched; None for what was given.
    """
    return RevocationAnswer(
        source=source,
        status=RevocationStatus.UNAVAILABLE,
        reason=msg("OCSP responses cannot be read here yet."),
        retrieved_at=retrieved_at,
    )


def ocsp_request(
    certificate: Decoded,  # noqa: ARG001 - read by what takes this one's place
    issuer: Decoded,  # noqa: ARG001 - likewise
    *,
    digest: OcspDigest,  # noqa: ARG001 - likewise
    nonce: bytes | None,  # noqa: ARG001 - likewise
) -> bytes:
    """Return a request (DER) for one certificate; empty as long as there is none to be made.

    Raises:
        DerError: certificate or issuer is so damaged that nothing can be asked about it.
    """
    return b""
