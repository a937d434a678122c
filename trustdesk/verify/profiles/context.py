"""What a rule looks at: the subject, and what is known around it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import (
    ByteField,
    CertificateDetails,
    ContainerProtection,
    CsrFacts,
    ExtensionFacts,
    KeyFacts,
)
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import PathReport, Purpose, Verification
from trustdesk.formats.der import SEQUENCE, SET, DerError, Element, object_identifier, read_element
from trustdesk.formats.distinguished_name import first_common_name
from trustdesk.formats.extension_oids import (
    BASIC_CONSTRAINTS,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    SUBJECT_ALT_NAME,
)
from trustdesk.verify.one_record_id import OneRecordId, read_one_record_id
from trustdesk.verify.path_view import PathView
from trustdesk.verify.profiles.policy import OrganisationPolicy
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName, UnreadablePartError
from trustdesk.verify.same_keys import key_digests_at

T = TypeVar("T")

_WORKSPACE = msg("the workspace")


class Role(StrEnum):
    """As what a subject is linted."""

    CLIENT = "client"
    SERVER = "server"
    CA = "ca"
    CSR = "csr"


@dataclass(frozen=True, slots=True)
class SubjectName:
    """A distinguished name as far as the rules need it: types in their order, and the first CN."""

    types: tuple[str, ...]
    common_name: str | None


class _Claims(ABC):
    """What certificates and requests say alike. A part that is there and cannot be decoded raises."""

    __slots__ = ()

    @property
    @abstractmethod
    def facts(self) -> CertificateFacts | CsrFacts:
        """The read-outs."""

    @property
    @abstractmethod
    def extensions(self) -> tuple[ExtensionFacts, ...]:
        """The extensions, damaged ones too."""

    @property
    def alt_names(self) -> tuple[str, ...]:
        """The subject alternative names; empty without the extension.

        Raises:
            UnreadablePartError: the extension is there and cannot be decoded, as for the next ones.
        """
        names = self.facts.subject_alt_names
        return names or self._unless_damaged(SUBJECT_ALT_NAME, names, _NO_ALT_NAMES)

    @property
    def extended_key_usage(self) -> tuple[str, ...] | None:
        """The extended key usage; None without the extension."""
        usages = self.facts.extended_key_usage
        return usages if usages is not None else self._unless_damaged(EXTENDED_KEY_USAGE, None, _NO_EKU)

    @property
    def key_usage(self) -> tuple[str, ...] | None:
        """The key usage; None without the extension."""
        usages = self.facts.key_usage
        return usages if usages is not None else self._unless_damaged(KEY_USAGE, None, _NO_KEY_USAGE)

    @property
    def is_ca(self) -> bool:
        """Whether it says to be a CA's; False without the extension."""
        return self.facts.is_ca or bool(self._unless_damaged(BASIC_CONSTRAINTS, False, _NO_BASIC))

    @property
    def uris(self) -> tuple[OneRecordId, ...]:
        """The URIs among the alternative names, read as 1R-IDs."""
        names = (name.partition(":") for name in self.alt_names)
        return tuple(read_one_record_id(value) for kind, _, value in names if kind == "URI")

    def extension(self, oid: str) -> ExtensionFacts | None:
        """Return an extension; None without it."""
        return next((item for item in self.extensions if item.oid == oid), None)

    def is_critical(self, oid: str) -> bool:
        """Whether an extension is there and critical."""
        found = self.extension(oid)
        return found is not None and found.critical

    def require_readable(self, *oids: str) -> None:
        """Go on only where none of these extensions is there and cannot be decoded.

        Raises:
            UnreadablePartError: one is.
        """
        for oid in oids:
            self._unless_damaged(oid, None, _PROBLEMS[oid])

    def _unless_damaged(self, oid: str, value: T, problem: Message) -> T:
        found = self.extension(oid)
        if found is not None and found.text is None:
            raise UnreadablePartError(problem)
        return value


@dataclass(frozen=True, slots=True)
class CertificateSubject(_Claims):
    """A certificate to be linted."""

    details: CertificateDetails

    @property
    def facts(self) -> CertificateFacts:
        """The read-outs that everything else works with."""
        return self.details.facts

    @property
    def extensions(self) -> tuple[ExtensionFacts, ...]:
        """The extensions, damaged ones too."""
        return self.details.extensions

    @property
    def curve(self) -> str | None:
        """The curve of an EC key; None for others."""
        return self.details.curve

    @property
    def spki_sha256(self) -> str | None:
        """SHA-256 of the public key; None when it cannot be read."""
        return self.details.spki_sha256

    @property
    def key_digests(self) -> tuple[str, ...]:
        """The same, and that of the key as it is usually written where that is another."""
        return key_digests_at(self.facts.der, self.details.fields, "subjectPublicKeyInfo")

    @property
    def name(self) -> SubjectName:
        """The subject.

        Raises:
            UnreadablePartError: it cannot be read.
        """
        return _name(self.facts.der, self.details.fields)

    @property
    def validity(self) -> tuple[datetime, datetime]:
        """First and last instant of the validity.

        Raises:
            UnreadablePartError: one of them cannot be read.
        """
        if self.facts.not_before is None or self.facts.not_after is None:
            raise UnreadablePartError(msg("The validity cannot be read."))
        return self.facts.not_before, self.facts.not_after


@dataclass(frozen=True, slots=True)
class CsrSubject(_Claims):
    """A certificate request to be linted."""

    request: CsrFacts

    @property
    def facts(self) -> CsrFacts:
        """The read-outs."""
        return self.request

    @property
    def extensions(self) -> tuple[ExtensionFacts, ...]:
        """The extensions that are asked for."""
        return self.request.extensions

    @property
    def curve(self) -> str | None:
        """The curve of an EC key; None for others."""
        return self.request.curve

    @property
    def spki_sha256(self) -> str | None:
        """SHA-256 of the public key; None when it cannot be read."""
        return self.request.spki_sha256

    @property
    def key_digests(self) -> tuple[str, ...]:
        """The same, and that of the key as it is usually written where that is another."""
        return key_digests_at(self.request.der, self.request.fields, "subjectPKInfo")

    @property
    def name(self) -> SubjectName:
        """The subject that is asked for.

        Raises:
            UnreadablePartError: it cannot be read.
        """
        return _name(self.request.der, self.request.fields)


@dataclass(frozen=True, slots=True)
class KeySubject:
    """A private key alone, as far as it may be known."""

    key: KeyFacts

    @property
    def spki_sha256(self) -> str | None:
        """SHA-256 of the public key; None when the key was not opened."""
        return self.key.spki_sha256

    @property
    def key_digests(self) -> tuple[str, ...]:
        """The same, of the key as it is usually written; none when it was not opened."""
        return () if self.key.spki_sha256 is None else (self.key.spki_sha256,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRecord:
    """What the workspace knows of the organisation that a certificate belongs to.

    Attributes:
        one_record_ids: its 1R-IDs, the main one first.
        hosts: of its server endpoints and of its organisation URIs (`logistics_agent_uri`), A-labels.
    """

    name: str
    one_record_ids: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEvidence:
    """What is known of the private key that goes with the subject.

    Attributes:
        facts: never the key.
        in_keyring: whether it lies in the system's keyring or our vault, not in a file.
        container: how the PKCS#12 file that it lies in is protected; None outside of one.
    """

    facts: KeyFacts
    in_keyring: bool = False
    container: ContainerProtection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """Another certificate or request of the workspace.

    Attributes:
        title: what a person calls it.
        sha256: of the certificate or request.
        spki_sha256: of its public key.
    """

    title: str
    sha256: str
    spki_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LintContext:
    """What is known around the subject. None means not known: the rules that need it are then not run.

    Attributes:
        at: the instant judged for, aware, UTC.
        verification: what the judge says of the certificate for its role; None when no list is selected.
        issuers: the certificates above it on the best path of `verification`, as far as each is bound to the
            next; the anchor last where all are.
        publicly_trusted: whether its issuer chain is on the public web list.
        chain: the further certificates that came with it, in their order.
        chain_is_sent: whether a server sent `chain` (the rules on what is sent apply), or a file holds it.
        distrust_after: what the list says of the path's anchor; None also when it says nothing.
        reference_identifier: the name that a server was asked for.
        partner: the workspace's record of the organisation.
        key: the private key that is said to belong to it.
        other_keys: other certificates and requests that were looked at.
        others_place: where those lie: "the workspace", "what is open".
        compromised_keys: where private keys were published, by the SHA-256 of SubjectPublicKeyInfo.
        csr_purpose: what a request is for; None to take it from the request.
        issued: the certificate that came for a request.
    """

    at: datetime
    verification: Verification | None = None
    issuers: tuple[CertificateDetails, ...] = ()
    publicly_trusted: bool | None = None
    chain: tuple[CertificateDetails, ...] | None = None
    chain_is_sent: bool = False
    distrust_after: datetime | None = None
    reference_identifier: str | None = None
    partner: PartnerRecord | None = None
    key: KeyEvidence | None = None
    other_keys: tuple[KeyUse, ...] | None = None
    others_place: Message = _WORKSPACE
    compromised_keys: Mapping[str, str] | None = None
    csr_purpose: Purpose | None = None
    issued: CertificateDetails | None = None


S = TypeVar("S", CertificateSubject, CsrSubject, KeySubject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Generic[S]):
    """What a rule is handed.

    Attributes:
        role: None for a key alone.
        chosen: the rule sets.
        policy: the organisation's, or the defaults.
        issuers: the certificates above the subject: of the best path, as far as each is bound to the next, or
            else as far as they came along; None when nothing is known above it.
        view: the path of these as rules see it; None for a request and for a key.
    """

    subject: S
    role: Role | None
    context: LintContext
    chosen: Mapping[RuleSetName, RuleSet]
    policy: OrganisationPolicy
    issuers: tuple[CertificateDetails, ...] | None = None
    view: PathView | None = None

    @property
    def path(self) -> PathReport | None:
        """The best path that is bound up to an anchor of a list; None when none was found or looked for."""
        return None if self.view is None or self.view.anchor_list is None else self.view.report

    @property
    def along(self) -> PathView:
        """The path that the subject, a certificate, is judged by."""
        if self.view is None:
            raise ValueError("no path is looked along for a request or a key")
        return self.view


CertificateCase = Case[CertificateSubject]
CsrCase = Case[CsrSubject]
KeyCase = Case[KeySubject]
AnyCase = CertificateCase | CsrCase
WithKeyCase = AnyCase | KeyCase
"""What the rules on keys alone take."""


def _name(der: bytes, fields: tuple[ByteField, ...]) -> SubjectName:
    place = next((field for field in fields if field.name == "subject"), None)
    try:
        if place is None:
            raise DerError("no subject")
        name = read_element(der, place.offset, place.offset + place.length).expect(SEQUENCE)
        return SubjectName(tuple(_types(name)), first_common_name(name))
    except DerError:
        raise UnreadablePartError(msg("The subject cannot be read.")) from None


def _types(name: Element) -> Iterator[str]:
    for relative_name in name.children():
        for attribute in relative_name.expect(SET).children():
            kind = next(attribute.expect(SEQUENCE).children(), None)
            if kind is None:
                raise DerError("an attribute without a type")
            yield object_identifier(kind)


_NO_ALT_NAMES = msg("The subject alternative names cannot be read.")
_NO_EKU = msg("The extended key usage cannot be read.")
_NO_KEY_USAGE = msg("The key usage cannot be read.")
_NO_BASIC = msg("The basic constraints cannot be read.")
_PROBLEMS = {
    SUBJECT_ALT_NAME: _NO_ALT_NAMES,
    EXTENDED_KEY_USAGE: _NO_EKU,
    KEY_USAGE: _NO_KEY_USAGE,
    BASIC_CONSTRAINTS: _NO_BASIC,
}
