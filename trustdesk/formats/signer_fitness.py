"""Whether a certificate may sign a list at all, in whatever form: by its key usage and the size of its key.

Source: RFC 5280 4.2.1.3; NIST SP 800-131A (RSA below 2048 bits); ETSI TS 119 612 5.7.1
"""

from __future__ import annotations

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg

MIN_RSA_BITS = 2048
_SIGNING = frozenset({"digitalSignature", "contentCommitment", "nonRepudiation"})


def may_not_sign(facts: CertificateFacts) -> Message | None:
    """Say why the signature of a certificate's key counts for nothing; None where it counts."""
    if facts.key_usage is not None and not _SIGNING & {*facts.key_usage}:
        return msg("The signer's certificate may not be used for signatures (key usage).")
    return None


def is_too_short(bits: int) -> Message | None:
    """Say that an RSA key is too short to prove anything; None where it is not.

    Args:
        bits: of its modulus.
    """
    return msg("The signer's RSA key has {bits} bits: too few.", bits=bits) if bits < MIN_RSA_BITS else None
