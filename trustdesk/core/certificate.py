"""What a certificate says, as far as it could be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """The read-outs of one certificate; a field that could not be read is None and named in `problems`.

    Attributes:
        der: the certificate as it came, also when it does not parse.
        sha256: SHA-256 of `der`, lower-case hex.
        subject: RFC 4514 string; "" for an empty name.
        issuer: RFC 4514 string.
        serial_number: lower-case hex without leading zeros ("-" before a negative one).
        subject_common_name: first CN of the subject, for titles only; never an identity.
        subject_alt_names: `DNS:host`, `IP:192.0.2.1`, `URI:…`, `email:…`, `DirName:…`,
            `other:OID`; empty without the extension.
        extended_key_usage: names of RFC 5280 4.2.1.12 ("serverAuth") or dotted OIDs;
            None without the extension.
        key_usage: names of RFC 5280 4.2.1.3 ("digitalSignature"); None without the extension.
        is_ca: basicConstraints cA; False without the extension.
        key_algorithm: "RSA", "EC", "Ed25519" …; None when unknown to us.
        key_bits: size of an RSA modulus or of the curve's field.
        signature_algorithm: "sha256WithRSAEncryption" …, or the dotted OID.
        problems: what could not be read, in words.
    """

    der: bytes
    sha256: str
    subject: str | None = None
    issuer: str | None = None
    serial_number: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    subject_common_name: str | None = None
    subject_alt_names: tuple[str, ...] = ()
    extended_key_usage: tuple[str, ...] | None = None
    key_usage: tuple[str, ...] | None = None
    is_ca: bool = False
    key_algorithm: str | None = None
    key_bits: int | None = None
    signature_algorithm: str | None = None
    problems: tuple[Message, ...] = ()

    @property
    def title(self) -> str:
        """The shortest name a person recognises: CN, first SAN, subject, or the digest's start."""
        first_name = self.subject_alt_names[0].partition(":")[2] if self.subject_alt_names else None
        return self.subject_common_name or first_name or self.subject or self.sha256[:16]

    @property
    def is_self_issued(self) -> bool:
        """Whether subject and issuer are the same name (RFC 5280 3.2); says nothing of the signature."""
        return self.subject is not None and self.subject == self.issuer
