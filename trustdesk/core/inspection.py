"""What is in a file: every item by itself, with what could be read of it and what could not.

The values behind the document `trustdesk.inspection/1`. Nothing here holds a private key or a passphrase.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.message import Message


class ItemKind(StrEnum):
    """What an item is."""

    CERTIFICATE = "certificate"
    PRIVATE_KEY = "private_key"
    CSR = "csr"
    CRL = "crl"
    PKCS12 = "pkcs12"
    PKCS7 = "pkcs7"
    JKS = "jks"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteField:
    """Where a named part of a DER structure stands, identifier and length octets included.

    Attributes:
        name: the name in the ASN.1 module of RFC 5280 appendix A: "serialNumber", "subject", …
        offset: octets from the start of the item's DER.
        length: octets.
    """

    name: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFacts:
    """One extension of a certificate, a request or a CRL, decoded by itself.

    Attributes:
        oid: dotted.
        name: the standards' name ("basicConstraints"); the OID when it is unknown to us.
        der: what stands inside the OCTET STRING, as it came.
        offset: where the whole Extension begins, in octets from the start of the item's DER.
        length: octets of the whole Extension.
        value_offset: where `der` begins, from the start of the item's DER.
        text: the meaning in words, a line each; None when it is unknown to us or cannot be decoded.
        problem: why it cannot be decoded, or what is wrong with how it is written; None when nothing is.
    """

    oid: str
    name: str
    critical: bool
    der: bytes = field(repr=False)
    offset: int
    length: int
    value_offset: int
    text: tuple[Message, ...] | None = None
    problem: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDetails:
    """Everything that one certificate says, beyond what lists and probes need.

    Attributes:
        facts: the read-outs that everything else works with.
        sha1: SHA-1 of the DER, lower-case hex: what other tools show as thumbprint. No protection.
        spki_sha256: SHA-256 of SubjectPublicKeyInfo; None when it cannot be found.
        version: 1, 2 or 3, or what else is written there plus one; None when it cannot be read.
        curve: "P-256" …, or a dotted OID, of an EC key; None for others.
        fields: where each part stands, in the order of the bytes; no extension (they say it themselves).
        extensions: in their order; damaged ones too, as far as they could be found.
        subject_key_id: hex; None without the extension or when it is damaged, as for all that follow.
        authority_key_id: hex of the keyIdentifier.
        path_length: pathLenConstraint; None for none.
        policies: certificate policies, dotted, in their order.
        crl_urls: URIs of the CRL distribution points.
        ocsp_urls: OCSP responders of the authority information access.
        ca_issuer_urls: where the issuer's certificate can be had (caIssuers).
        permitted_names: permitted subtrees of the name constraints, `DNS:example` …
        excluded_names: excluded subtrees.
        sct_count: certificate-transparency timestamps; None without the extension.
        must_staple: whether a stapled OCSP response is demanded (RFC 7633).
        problems: all that could not be read: those of the facts, then those of the extensions.
    """

    facts: CertificateFacts
    sha1: str
    spki_sha256: str | None = None
    version: int | None = None
    curve: str | None = None
    fields: tuple[ByteField, ...] = ()
    extensions: tuple[ExtensionFacts, ...] = ()
    subject_key_id: str | None = None
    authority_key_id: str | None = None
    path_length: int | None = None
    policies: tuple[str, ...] = ()
    crl_urls: tuple[str, ...] = ()
    ocsp_urls: tuple[str, ...] = ()
    ca_issuer_urls: tuple[str, ...] = ()
    permitted_names: tuple[str, ...] = ()
    excluded_names: tuple[str, ...] = ()
    sct_count: int | None = None
    must_staple: bool = False
    problems: tuple[Message, ...] = ()

    def extension(self, oid: str) -> ExtensionFacts | None:
        """Return the first extension with this OID; None without one."""
        return next((extension for extension in self.extensions if extension.oid == oid), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """How a password protects something in a file, as its algorithm identifiers say.

    Attributes:
        cipher: "PBES2 AES-256-CBC", "PBE-SHA1-RC2-40" …, of a MAC its digest: "SHA-256", "PBMAC1 SHA-256";
            a dotted OID for what is not known here, "?" for what cannot be read.
        derivation: how the key comes from the password: "PBKDF2 SHA-256", "scrypt", "PKCS#12" …; None where
            the cipher says it all or it is not known here.
        rounds: of that derivation; of scrypt its cost (N); None where there are none, or unknown ones.
    """

    cipher: str
    derivation: str | None = None
    rounds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerProtection:
    """How a PKCS#12 file or a Java key store is protected as a whole.

    Attributes:
        parts: of its encrypted parts and of its keys, each different one once; empty when all lies open.
        mac: what proves that nobody changed it; None without.
        is_ber: whether it is BER and no DER, which Java reads and others refuse.
        has_password: whether it takes a password to open it; None when it did not open, or where nothing
            but its keys is encrypted, each by itself.
    """

    parts: tuple[Protection, ...] = ()
    mac: Protection | None = None
    is_ber: bool = False
    has_password: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """What may be known of a private key. Never the key.

    Attributes:
        form: "PKCS#8", "PKCS#1", "SEC 1", "DSA", "OpenSSH", "JKS" or "JCEKS": how it is written down.
        encrypted: whether a password protects it where it lies.
        algorithm: "RSA", "EC", "Ed25519" …; None when unknown to us, or not read for want of a password.
        bits: size of an RSA modulus or of the curve's field.
        curve: of an EC key.
        spki_sha256: SHA-256 of its public key, to find the certificate that it belongs to; None when the
            key was not read.
        protection: how it is encrypted; None when it is not.
        empty_password: whether the password that opened it is none at all, so that it protects nothing.
    """

    form: str
    encrypted: bool
    algorithm: str | None = None
    bits: int | None = None
    curve: str | None = None
    spki_sha256: str | None = None
    protection: Protection | None = None
    empty_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CsrFacts:
    """What a certificate request says (RFC 2986).

    Attributes:
        der: the request as it came.
        sha256: of `der`, lower-case hex.
        subject: RFC 4514 string; None when it cannot be read.
        signature_valid: whether the request's key made the signature; None when that cannot be checked.
        subject_alt_names, key_usage, extended_key_usage, is_ca: what is asked for, as in CertificateFacts.
        extensions: what is asked for in extensionRequest (RFC 2985 5.4.2).
        attributes: dotted OIDs of the other attributes, in their order.
    """

    der: bytes = field(repr=False)
    sha256: str
    subject: str | None = None
    spki_sha256: str | None = None
    key_algorithm: str | None = None
    key_bits: int | None = None
    curve: str | None = None
    signature_algorithm: str | None = None
    signature_valid: bool | None = None
    subject_alt_names: tuple[str, ...] = ()
    key_usage: tuple[str, ...] | None = None
    extended_key_usage: tuple[str, ...] | None = None
    is_ca: bool = False
    extensions: tuple[ExtensionFacts, ...] = ()
    attributes: tuple[str, ...] = ()
    fields: tuple[ByteField, ...] = ()
    problems: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlFacts:
    """What a certificate revocation list says (RFC 5280 5.1); its entries are counted, not kept.

    Attributes:
        der: the list as it came.
        sha256: of `der`, lower-case hex.
        version: 1 or 2; None when it cannot be read.
        next_update: None when the list does not say.
        number: cRLNumber; None without it.
        count: entries; None when they cannot be counted.
        is_delta: whether a delta CRL indicator stands in it.
        structure_damaged: something stands where RFC 5280 5.1 has nothing, or a part is missing or doubled,
            so that an entry may have been taken for something else.
        extensions_damaged: an extension of the list cannot be decoded or stands there twice: its scope is
            not known.
        entries_damaged: entries of which the serial number or the certificate's issuer cannot be read; None
            when the entries have not been looked at.
        critical_entry_extensions: OIDs of critical extensions of any entry that nobody here understands:
            such a list says nothing of any certificate (RFC 5280 5.3).
        names_other_issuers: an entry names the certificate's issuer, which only an indirect list may do
            (RFC 5280 5.3.3); False when the entries have not been looked at.
        has_entry_extensions: a list of version 1 has an entry with more than a serial number and a date, or
            one that cannot be read; False for a list of another version.
        algorithms_differ: the signature algorithm inside of what is signed is another than that outside
            (RFC 5280 5.1.1.2).
        has_trailing_bytes: something follows after its end.
    """

    der: bytes = field(repr=False)
    sha256: str
    version: int | None = None
    issuer: str | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    number: int | None = None
    count: int | None = None
    is_delta: bool = False
    authority_key_id: str | None = None
    signature_algorithm: str | None = None
    extensions: tuple[ExtensionFacts, ...] = ()
    fields: tuple[ByteField, ...] = ()
    structure_damaged: bool = False
    extensions_damaged: bool = False
    entries_damaged: int | None = None
    critical_entry_extensions: tuple[str, ...] = ()
    names_other_issuers: bool = False
    has_entry_extensions: bool = False
    algorithms_differ: bool = False
    has_trailing_bytes: bool = False
    problems: tuple[Message, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether nothing follows from a certificate's not being listed; True, too, for what was not read."""
        return self.structure_damaged or self.extensions_damaged or self.entries_damaged != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedItem:
    """One item of a file.

    Attributes:
        source: the file; for something in an archive, archive and member, as `a.zip/ca/root.pem`.
        position: which item of its source, counted from 0.
        parent: `position` of the container it lay in, in the same source; None for the file itself.
        alias: what the container calls it (friendly name, Java alias); None without.
        offset: octets from the start of the source's bytes to the item, for text to the BEGIN line; in a
            container that is encrypted or unpacked, from the start of its plain content.
        certificate, csr, crl, key: the one that belongs to `kind`; all None for containers and UNKNOWN.
        data: the item's bytes where no value above holds them: what is UNKNOWN, bounded. Never a key's.
        count: items inside a container that were found; None for others.
        locked: whether something in it stayed closed for want of the right password.
        protection: of a PKCS#12 file or a Java key store; None for others.
        problems: what is wrong, in words; those of certificate, csr and crl are repeated here.
    """

    kind: ItemKind
    source: str
    position: int
    parent: int | None = None
    alias: str | None = None
    offset: int = 0
    certificate: CertificateDetails | None = None
    csr: CsrFacts | None = None
    crl: CrlFacts | None = None
    key: KeyFacts | None = None
    data: bytes | None = field(default=None, repr=False)
    count: int | None = None
    locked: bool = False
    protection: ContainerProtection | None = None
    problems: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that was found, in the order of the sources.

    Attributes:
        problems: what concerns no single item: limits reached, files that could not be opened.
    """

    items: tuple[InspectedItem, ...] = ()
    problems: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usability:
    """Whether a certificate can be used as something, and why, or why not."""

    usable: bool
    why: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableAs:
    """What a certificate can be used as."""

    server: Usability
    client: Usability


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """How much a file may make us do; what is over a limit is said, and the rest is left unread.

    Attributes:
        bytes: of one file, and of all that is unpacked from archives together.
        items: found in one call.
        depth: containers inside containers.
        rounds: of key derivation, all protected things of one call together.
        ratio: unpacked to packed size of an archive's member.
        members: of one archive or folder.
    """

    bytes: int = 64 * 1024 * 1024
    items: int = 10_000
    depth: int = 4
    rounds: int = 10_000_000
    ratio: int = 200
    members: int = 2_000


@light_dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate in a table of very many: columns as in CertificateFacts, all else decoded on demand."""

    der: bytes = field(repr=False)
    sha256: str
    subject: str | None
    issuer: str | None
    serial_number: str | None
    not_before: datetime | None
    not_after: datetime | None

    def __reduce__(self) -> tuple[type[CertificateRow], tuple[object, ...]]:
        """Pickle by position: very many of them cross a pipe, and by name takes three times as long."""
        return CertificateRow, (
            self.der,
            self.sha256,
            self.subject,
            self.issuer,
            self.serial_number,
            self.not_before,
            self.not_after,
        )
