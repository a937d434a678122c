"""What a verification may learn revocation from: files, a staple, and the addresses it may ask."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.ports import RevocationList, RevocationWeb
from trustdesk.core.revocation import RevocationSource


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RevocationEvidence:
    """The sources of revocation for one verification.

    Attributes:
        lists: CRLs given as files, complete and delta in any order.
        responses: OCSP responses (DER) given as files.
        staple: OCSP response (DER) that the server sent for its end entity; None when it sent none.
        web: asks addresses; None for no connection at all.
        ocsp_urls: responders that a person typed, asked before those that certificates name.
        crl_urls: CRLs that a person typed, asked before those that certificates name.
        nonce: 32 random octets that go with every OCSP request of this verification (RFC 9654), made new for
            each; None for requests that responders and proxies may answer from what they keep.
    """

    lists: tuple[tuple[RevocationSource, RevocationList], ...] = ()
    responses: tuple[tuple[RevocationSource, bytes], ...] = ()
    staple: bytes | None = None
    web: RevocationWeb | None = None
    ocsp_urls: tuple[str, ...] = ()
    crl_urls: tuple[str, ...] = ()
    nonce: bytes | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given and nobody may be asked."""
        return self.web is None and self.staple is None and not self.lists and not self.responses


NO_EVIDENCE = RevocationEvidence()
