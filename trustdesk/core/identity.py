"""Our own certificates with their keys: what they are, what they can be used as, and who uses them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import ContainerProtection, Inspection, KeyFacts
from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate with its chain, whose private key is in a key store.

    Attributes:
        name: what a person calls it; no two of a workspace have the same.
        certification_path: end entity first, as far as it is known, without a self-signed anchor.
        source: where it came from: a file's name, or the request that it answers.
        renews: name of the identity that it follows; None when it follows none.
        renewed_by: name of the one that follows it; None while there is none.
    """

    name: str
    certification_path: tuple[CertificateFacts, ...]
    key: StoredKey
    added_at: datetime
    source: str
    renews: str | None = None
    renewed_by: str | None = None

    @property
    def certificate(self) -> CertificateFacts:
        """The end entity's certificate."""
        return self.certification_path[0]


class Usable(StrEnum):
    """Whether an identity can be used for a purpose."""

    YES = "yes"
    WARNED = "warned"  # yes, and something will end that
    NO = "no"
    NOT_MEANT = "not_meant"  # it does not say to be for this, and nobody expects it to be
    UNKNOWN = "unknown"  # a rule that decides it could not be applied


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeVerdict:
    """What comes of using an identity for one purpose.

    Attributes:
        why: one sentence, with the reason where it is not YES.
    """

    usable: Usable
    why: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUse:
    """Who uses an identity.

    Attributes:
        endpoints: of partners that name it.
        presented_to: partners to whom it was presented in their last test.
        accepted_by: those of them that were seen to accept it.
    """

    endpoints: tuple[Endpoint, ...] = ()
    presented_to: int = 0
    accepted_by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """An identity as it stands at an instant, by the list in force.

    Attributes:
        one_record_ids: URIs of its certificate's SAN, the main one first.
        days_left: whole days until it expires, negative afterwards; None when the date cannot be read.
        path_is_complete: whether the chain that is kept with it reaches a trust list; None when no list
            was asked.
        advice: what a person should know and plan for (clientAuth sunset, lifetime, renewal), weightiest
            first.
        findings: of the rule sets as client, or as server where it is meant for nothing else.
        publicly_trusted: whether the rules of the public web bind it; None when that is not known.
    """

    identity: Identity
    client: PurposeVerdict
    server: PurposeVerdict
    one_record_ids: tuple[str, ...]
    days_left: int | None
    path_is_complete: bool | None
    use: IdentityUse
    advice: tuple[Message, ...] = ()
    findings: tuple[Finding, ...] = ()
    publicly_trusted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCandidate:
    """One private key in the files, with what belongs to it.

    Attributes:
        position: counted from 0, in the order of the files.
        alias: what its container calls it; None without.
        suggested_name: not used by any identity yet.
        certification_path: end entity first; empty when no certificate belongs to the key.
        completed: for certificates of the path that were in none of the files, where each was found.
        key: None when it stayed closed.
        already_here: name of the identity that has this key already; None when none does.
        problems: what keeps it from being imported; empty when it can be.
        remedies: what to do about each problem, in the same order.
        remarks: what a person should know and need not act upon.
    """

    position: int
    source: str
    alias: str | None
    suggested_name: str
    certification_path: tuple[CertificateFacts, ...]
    completed: tuple[tuple[CertificateFacts, Message], ...] = ()
    key: KeyFacts | None = None
    already_here: str | None = None
    problems: tuple[Message, ...] = ()
    remedies: tuple[Message, ...] = ()
    remarks: tuple[Message, ...] = ()

    @property
    def can_be_imported(self) -> bool:
        """Whether it has a key and a certificate that belong together."""
        return not self.problems and bool(self.certification_path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What files hold, before anything of it is kept.

    Attributes:
        everything: all items, also those that are no identity.
        locked: sources in which something stayed closed for want of a password.
    """

    candidates: tuple[ImportCandidate, ...]
    everything: Inspection
    locked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChoice:
    """That a candidate shall be imported, and under which name."""

    position: int
    name: str
    store: KeyStoreKind = KeyStoreKind.KEYRING


class ExportForm(StrEnum):
    """What an identity is written as."""

    PKCS12 = "pkcs12"
    PEM = "pem"  # chain, and the key as encrypted PKCS#8
    PLAIN_PEM = "plain_pem"  # chain, and the key in the clear
    CERTIFICATE = "certificate"  # the end entity alone, PEM
    CHAIN = "chain"  # in order, PEM, no key
    JAVA_TRUST_STORE = "java_trust_store"  # its issuers as trusted entries, PKCS#12; no key


class ExportProfile(StrEnum):
    """How a protected file is encrypted."""

    MODERN = "modern"  # AES-256, SHA-256, 600,000 rounds for encryption and MAC
    COMPATIBLE = "compatible"  # 3DES and SHA-1, for Windows Server 2016 and Java 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file that was written and read back.

    Attributes:
        holds: what was found in it when it was read back.
        warnings: what a person should know about the place where it lies.
    """

    path: str
    sha256: str
    holds: Message
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """An identity ready to be handed to whoever installs it, in two parts for two channels.

    Attributes:
        archive: the protected file.
        sheet: instructions, without the passphrase.
    """

    archive: ExportedFile
    sheet: ExportedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """Whether a program opens a PKCS#12 file as it is protected, with the reason.

    Attributes:
        opens: None when that is not known.
    """

    program: str
    opens: bool | None
    why: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class P12Bag:
    """One bag of a PKCS#12 file, as a doctor sees it.

    Attributes:
        what: in words: "Private key of CN=…", "Certificate CN=…".
        protection: in words: "PBES2 AES-256-CBC, PBKDF2 SHA-256, 600,000 rounds".
        problem: what is wrong with it; None when nothing is.
    """

    what: Message
    alias: str | None
    protection: Message
    problem: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class P12Diagnosis:
    """What a PKCS#12 file is made of, who can open it, and what to do about it.

    Attributes:
        opened: whether it opened with the password given.
        bags: what is in it; those in encrypted parts only once it is open.
        mac: in words; None without one.
        advice: what to do, weightiest first; empty when it is as it should be.
    """

    source: str
    opened: bool
    protection: ContainerProtection | None
    bags: tuple[P12Bag, ...]
    mac: Message | None
    openers: tuple[Opener, ...]
    advice: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What was deleted, and what that means on the store that held it.

    Attributes:
        meaning: an honest sentence on what remains of the key; None where there was none.
    """

    name: str
    meaning: Message | None
