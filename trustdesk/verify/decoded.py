"""One certificate as the judge sees it: its parts, each with its place in the DER, each read alone.

Read once, kept, and asked many times: by the builder for names and keys, by the rules for everything else.
What cannot be read is None here and stands in `broken`; no rule takes it for absent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from typing import TypeVar

from cryptography import x509

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.verification import RuleCheck
from trustdesk.formats import extension_decoders as decoders
from trustdesk.formats import extension_oids as oids
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import load
from trustdesk.formats.der import SEQUENCE, DerError, Element, integer, read_element
from trustdesk.formats.extensions import Extension, read_extension, tls_features
from trustdesk.verify import extension_values as values
from trustdesk.verify.comparable_names import ComparableName, comparable_name
from trustdesk.verify.distribution_points import DistributionPoint, distribution_points
from trustdesk.verify.same_keys import key_digests

T = TypeVar("T")
ByteRange = tuple[int, int]

_VERSION = 0xA0
_UNIQUE_IDENTIFIERS = frozenset({0x81, 0x82})
_EXTENSIONS = 0xA3
STATUS_REQUEST = 5
"""The TLS extension that asks for a staple (RFC 6066 8)."""
_REMEMBERED_BYTES = 16 * 1024
_REMEMBERED = 2_048


class Fields:
    """The outer parts of a certificate (RFC 5280 4.1), as elements that know their place.

    Attributes:
        version: 1, 2 or 3 (or what the number says).
        unique_identifier: issuerUniqueID or subjectUniqueID, which nobody writes any more; None without one.
        extensions: in their order, with the element of each.
        unread_extensions: how many elements of the extensions cannot be read at all.
        has_hollow_extensions: whether there is a sequence of extensions with nothing in it.
    """

    def __init__(self, der: bytes) -> None:
        outer = read_element(der).expect(SEQUENCE)
        parts = list(outer.children())
        if len(parts) != 3 or outer.end != len(der):
            raise DerError("no certificate")
        self.to_be_signed = parts[0].expect(SEQUENCE)
        self.outer_algorithm = parts[1].expect(SEQUENCE)
        self.signature = parts[2]
        fields = list(self.to_be_signed.children())
        self.version = 1
        if fields and fields[0].tag == _VERSION:
            self.version = integer(next(fields.pop(0).children(), outer)) + 1
        if len(fields) < 6:
            raise DerError("fields are missing")
        self.serial_number, self.algorithm, self.issuer, self.validity, self.subject, self.public_key = (
            fields[:6]
        )
        self.extensions: list[tuple[Extension, Element]] = []
        self.unread_extensions = 0
        self.has_hollow_extensions = False
        self.unique_identifier: Element | None = None
        for field in fields[6:]:
            if field.tag == _EXTENSIONS:
                self._read_extensions(field)
            elif field.tag in _UNIQUE_IDENTIFIERS and self.unique_identifier is None:
                self.unique_identifier = field

    def _read_extensions(self, field: Element) -> None:
        try:
            (sequence,) = field.children()
            elements = list(sequence.expect(SEQUENCE).children())
        except ValueError:
            self.unread_extensions += 1
            return
        self.has_hollow_extensions = not elements
        for element in elements:
            try:
                self.extensions.append((read_extension(element), element))
            except ValueError:
                self.unread_extensions += 1


class Decoded:
    """A certificate, decoded once; whoever shares it only reads it.

    What cannot be read is None or empty, and what the judge needs of it stands in `broken`.

    Attributes:
        facts: what people are shown of it.
        fields: None when the bytes are no certificate at all.
        subject: as RFC 5280 7.1 compares it; None when it cannot be read.
        issuer: likewise.
        public_key: SubjectPublicKeyInfo as it stands; empty when there is none.
        serial_number: None when it cannot be read.
        basic_constraints: None without the extension, as with all that follow.
        key_usage: numbers of the bits that are set.
        extended_key_usage: dotted OIDs.
        subject_key_identifier: of its own key.
        authority_key_identifier: of the issuer's key.
        alternative_names: empty without the extension.
        policies: dotted OIDs.
        policy_mappings: pairs of the issuer's and the subject's policy.
        inhibit_any_policy: certificates that may follow and still use anyPolicy.
        ca_issuers: URLs at which the issuer's certificate is said to be.
        broken: OIDs of extensions that cannot be read or, where the judge needs them, stand there twice.
        judged: checks that depend on nothing but the certificate and its place; kept by the evaluator.
    """

    def __init__(self, facts: CertificateFacts) -> None:
        self.facts = facts
        self.sha256 = facts.sha256
        self.title = facts.title
        self.judged: dict[Hashable, tuple[RuleCheck, ...]] = {}
        try:
            self.fields: Fields | None = Fields(facts.der)
        except ValueError:
            self.fields = None
        fields = self.fields
        self.subject = _name(fields.subject) if fields else None
        self.issuer = _name(fields.issuer) if fields else None
        self.is_self_issued = self.subject is not None and self.subject == self.issuer
        self.public_key = fields.public_key.raw if fields else b""
        self.serial_number = _serial_number(fields.serial_number) if fields else None
        self._by_oid: dict[str, tuple[Extension, Element]] = {}
        self.repeated: set[str] = set()
        for extension, element in fields.extensions if fields else ():
            if extension.oid in self._by_oid:
                self.repeated.add(extension.oid)
            self._by_oid[extension.oid] = (extension, element)
        self.broken = self.repeated & NEEDED
        self.basic_constraints = self._decode(oids.BASIC_CONSTRAINTS, decoders.basic_constraints)
        self.key_usage = self._decode(oids.KEY_USAGE, decoders.key_usage)
        self.extended_key_usage = self._decode(oids.EXTENDED_KEY_USAGE, values.object_identifiers)
        self.subject_key_identifier = self._decode(
            oids.SUBJECT_KEY_IDENTIFIER, decoders.subject_key_identifier
        )
        self.authority_key_identifier = self._decode(
            oids.AUTHORITY_KEY_IDENTIFIER, values.authority_key_identifier
        )
        self.alternative_names = self._decode(oids.SUBJECT_ALT_NAME, values.general_names) or ()
        self.name_constraints = self._decode(oids.NAME_CONSTRAINTS, values.name_constraints)
        self.policies = self._decode(oids.CERTIFICATE_POLICIES, values.certificate_policies)
        self.policy_mappings = self._decode(oids.POLICY_MAPPINGS, decoders.policy_mappings) or ()
        self.policy_constraints = self._decode(oids.POLICY_CONSTRAINTS, decoders.policy_constraints)
        self.inhibit_any_policy = self._decode(oids.INHIBIT_ANY_POLICY, decoders.inhibit_any_policy)
        self.ca_issuers = self._decode(oids.AUTHORITY_INFO_ACCESS, values.ca_issuers) or ()

    @cached_property
    def spki_sha256(self) -> str | None:
        """SHA-256 of SubjectPublicKeyInfo as it stands; None when that cannot be read."""
        return hashlib.sha256(self.public_key).hexdigest() if self.public_key else None

    @cached_property
    def key_digests(self) -> tuple[str, ...]:
        """The same, and that of the key as it is usually written where that is another."""
        return key_digests(self.public_key)

    @cached_property
    def loaded(self) -> x509.Certificate | None:
        """The library's own certificate; None when it refuses the bytes."""
        return load(self.facts.der)

    @cached_property
    def ocsp_urls(self) -> tuple[str, ...]:
        """URLs of the issuer's OCSP responders, in their order; empty when there are none to be read."""
        return self._decode(oids.AUTHORITY_INFO_ACCESS, values.ocsp_urls) or ()

    @cached_property
    def crl_distribution_points(self) -> tuple[DistributionPoint, ...] | None:
        """Where its CRLs are; empty without the extension, None when that cannot be read."""
        return self._points(oids.CRL_DISTRIBUTION_POINTS)

    @cached_property
    def freshest_crl(self) -> tuple[DistributionPoint, ...] | None:
        """Where the delta CRLs are; empty without the extension, None when that cannot be read."""
        return self._points(oids.FRESHEST_CRL)

    @cached_property
    def must_staple(self) -> bool:
        """Whether it asks for a stapled OCSP response (RFC 7633, status_request); not if unreadable."""
        found = self._by_oid.get(oids.TLS_FEATURE)
        try:
            return found is not None and STATUS_REQUEST in tls_features(found[0].value)
        except ValueError:
            return False

    @property
    def names_revocation(self) -> bool:
        """Whether it says where its revocation is published, readable or not."""
        return bool(self.has(oids.CRL_DISTRIBUTION_POINTS) or self.has(oids.FRESHEST_CRL) or self.ocsp_urls)

    @property
    def has_no_revocation(self) -> bool:
        """Whether its issuer says that there is no word of its revocation, as RFC 9608 allows it to."""
        return (
            self.has(oids.NO_REV_AVAIL)
            and oids.NO_REV_AVAIL not in self.repeated
            and self.fields is not None
            and not self.fields.unread_extensions
            and not self.may_issue
            and oids.BASIC_CONSTRAINTS not in self.broken
            and not self.has(oids.CRL_DISTRIBUTION_POINTS)
            and not self.has(oids.FRESHEST_CRL)
            and not self.ocsp_urls
            and oids.AUTHORITY_INFO_ACCESS not in self.broken | self.repeated
        )

    @property
    def may_issue(self) -> bool:
        """Whether basicConstraints say that it is a CA."""
        return self.basic_constraints is not None and self.basic_constraints.ca

    @cached_property
    def issuing_faults(self) -> int:
        """How much in it says that it may not have issued; an order for searches, no judgement."""
        usage = self.key_usage
        return (
            (not self.may_issue)
            + (usage is not None and values.KEY_CERT_SIGN not in usage)
            + bool(self.broken)
            + any(oid not in UNDERSTOOD for oid in self.critical_oids())
        )

    def has(self, oid: str) -> bool:
        """Whether an extension is there, whatever its state."""
        return oid in self._by_oid

    def is_critical(self, oid: str) -> bool:
        """Whether an extension is there and critical."""
        found = self._by_oid.get(oid)
        return found is not None and found[0].critical

    def critical_oids(self) -> list[str]:
        """Return the OIDs of all critical extensions."""
        return [oid for oid, (extension, _) in self._by_oid.items() if extension.critical]

    def value(self, oid: str) -> bytes | None:
        """Return the DER inside an extension as it stands; None without it."""
        found = self._by_oid.get(oid)
        return found[0].value if found is not None else None

    def place(self, oid: str) -> ByteRange | None:
        """Where an extension stands; None without it."""
        found = self._by_oid.get(oid)
        return place_of(found[1]) if found else None

    def _points(self, oid: str) -> tuple[DistributionPoint, ...] | None:
        """Decode distribution points, later than the rest: whoever asks has to know what cannot be read."""
        found = self._by_oid.get(oid)
        if found is None:
            return ()
        try:
            return None if oid in self.repeated else distribution_points(found[0].value)
        except ValueError:
            return None

    def _decode(self, oid: str, decoder: Callable[[bytes], T]) -> T | None:
        found = self._by_oid.get(oid)
        if found is None or oid in self.repeated:
            return None
        try:
            return decoder(found[0].value)
        except ValueError:
            self.broken.add(oid)
            return None


NEEDED = frozenset(
    {
        oids.BASIC_CONSTRAINTS,
        oids.KEY_USAGE,
        oids.EXTENDED_KEY_USAGE,
        oids.SUBJECT_ALT_NAME,
        oids.NAME_CONSTRAINTS,
        oids.CERTIFICATE_POLICIES,
        oids.POLICY_MAPPINGS,
        oids.POLICY_CONSTRAINTS,
        oids.INHIBIT_ANY_POLICY,
    }
)
"""Extensions without which a path cannot be validated."""

UNDERSTOOD = NEEDED | {
    oids.SUBJECT_KEY_IDENTIFIER,
    oids.AUTHORITY_KEY_IDENTIFIER,
    oids.AUTHORITY_INFO_ACCESS,
    oids.CRL_DISTRIBUTION_POINTS,
    oids.FRESHEST_CRL,
}
"""Extensions that are processed here, so that they may be critical."""


def place_of(element: Element) -> ByteRange:
    """Return offset and end of an element in its certificate."""
    return element.start, element.end


def decode(certificate: bytes | CertificateFacts) -> Decoded:
    """Return a certificate decoded; small ones are remembered, for issuers come again and again."""
    der = certificate if isinstance(certificate, bytes) else certificate.der
    return _decode_again(der) if len(der) <= _REMEMBERED_BYTES else _decode(der)


def _decode(der: bytes) -> Decoded:
    return Decoded(read_certificate(der))


_decode_again = lru_cache(maxsize=_REMEMBERED)(_decode)


def _serial_number(element: Element) -> int | None:
    try:
        return integer(element)
    except DerError:
        return None


def _name(element: Element) -> ComparableName | None:
    try:
        return comparable_name(element.raw)
    except ValueError:
        return None
