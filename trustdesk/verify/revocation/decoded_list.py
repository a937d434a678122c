"""A CRL as the judge sees it: its extensions decoded, and everything that is wrong with its form.

Sources: RFC 5280 5.1, 5.2. What cannot be read is a flaw, never taken for absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from trustdesk.core.inspection import ByteField, CrlFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import RevocationList
from trustdesk.core.revocation import CrlEntry, RevocationSource
from trustdesk.formats.der import INTEGER, DerError, Element, integer, read_element, read_whole
from trustdesk.formats.extension_oids import (
    AUTHORITY_KEY_IDENTIFIER,
    CRL_NUMBER,
    DELTA_CRL_INDICATOR,
    FRESHEST_CRL,
    ISSUER_ALT_NAME,
    ISSUING_DISTRIBUTION_POINT,
)
from trustdesk.verify.comparable_names import ComparableName, comparable_name, comparable_text
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.distribution_points import (
    DistributionPoint,
    IssuingDistributionPoint,
    distribution_points,
    issuing_distribution_point,
)
from trustdesk.verify.extension_values import authority_key_identifier

_UNDERSTOOD = frozenset(
    {
        CRL_NUMBER,
        DELTA_CRL_INDICATOR,
        ISSUING_DISTRIBUTION_POINT,
        AUTHORITY_KEY_IDENTIFIER,
        FRESHEST_CRL,
        ISSUER_ALT_NAME,
    }
)


class DecodedList:
    """A CRL, decoded once.

    Attributes:
        facts: what people are shown of it.
        issuer: as RFC 5280 7.1 compares it; None when it cannot be read, or its bytes are not held.
        scope: its issuing distribution point; one that restricts nothing when it has none.
        base_number: of a delta CRL, the number of the list that it starts from; None for a complete one.
        freshest: where it says that its delta CRLs are.
        key_identifier: of the key that is said to have signed it; None when it does not say.
        flaws: what makes it no CRL that may be relied on.
        departures: where it departs from the profile of RFC 5280 and can be relied on all the same.
    """

    def __init__(self, revocation_list: RevocationList) -> None:
        self.list = revocation_list
        self.facts: CrlFacts = revocation_list.facts
        self.flaws: list[Message] = []
        self.departures: list[Message] = []
        self._values = {one.oid: one.der for one in self.facts.extensions}
        self._fields = {one.name: one for one in self.facts.fields}
        self.issuer = self._issuer()
        scope = self._scope()
        self.has_scope = scope is not None
        self.scope = scope or IssuingDistributionPoint()
        self.is_delta = DELTA_CRL_INDICATOR in self._values
        self.base_number = self._number(DELTA_CRL_INDICATOR)
        self.number = self._number(CRL_NUMBER)
        self.key_identifier = self._key_identifier()
        self.freshest = self._freshest()
        self._look_at_form()

    @property
    def title(self) -> str:
        """Its issuer's name, for people."""
        return self.facts.issuer or "?"

    @cached_property
    def unhandled(self) -> tuple[str, ...]:
        """OIDs of critical extensions of the list itself that nobody here understands."""
        return tuple(
            dict.fromkeys(
                one.oid or "?" for one in self.facts.extensions if one.critical and one.oid not in _UNDERSTOOD
            )
        )

    def is_issued_by(self, name: ComparableName | None, text: str | None) -> bool:
        """Whether a name is that of its issuer.

        Args:
            text: the same name as RFC 4514 has it, for a list whose bytes are not held.
        """
        if self.issuer is not None:
            return self.issuer == name
        own = self.facts.issuer
        return not self.facts.der and bool(own) and bool(text) and _same_text(own or "", text or "")

    def entry(self, certificate: Decoded) -> CrlEntry | None:
        """Return the entry of a certificate; None when it is not listed."""
        serial = certificate.facts.serial_number or ""
        own = self.is_issued_by(certificate.issuer, certificate.facts.issuer)
        found = self.list.entry(serial) if own else None
        if found is None and self.scope.indirect and certificate.facts.issuer:
            return self.list.entry(serial, certificate.facts.issuer)
        return found

    def _issuer(self) -> ComparableName | None:
        element = self._element("issuer")
        try:
            return None if element is None else comparable_name(element.raw)
        except ValueError:
            return None

    def _scope(self) -> IssuingDistributionPoint | None:
        value = self._values.get(ISSUING_DISTRIBUTION_POINT)
        if value is None:
            return None
        try:
            return issuing_distribution_point(value)
        except ValueError:
            self.flaws.append(msg("Its issuing distribution point cannot be read."))
            return IssuingDistributionPoint()

    def _number(self, oid: str) -> int | None:
        value = self._values.get(oid)
        if value is None:
            return None
        try:
            number = integer(read_whole(value, INTEGER))
            if number < 0:
                raise DerError("a negative number")
        except ValueError:
            self.flaws.append(msg("Its number, or that of the list that it starts from, cannot be read."))
            return None
        return number

    def _key_identifier(self) -> bytes | None:
        value = self._values.get(AUTHORITY_KEY_IDENTIFIER)
        try:
            return None if value is None else authority_key_identifier(value)
        except ValueError:
            self.flaws.append(msg("Its authority key identifier cannot be read."))
            return None

    def _freshest(self) -> tuple[DistributionPoint, ...]:
        value = self._values.get(FRESHEST_CRL)
        try:
            return () if value is None else distribution_points(value)
        except ValueError:
            self.flaws.append(msg("What it says of its delta CRLs cannot be read."))
            return ()

    def _look_at_form(self) -> None:
        facts, extensions = self.facts, self.facts.extensions
        oids = [one.oid for one in extensions]
        if facts.structure_damaged or facts.count is None or facts.issuer is None:
            self.flaws.append(facts.problems[0] if facts.problems else msg("It cannot be read whole."))
        elif facts.extensions_damaged or "" in oids:
            self.flaws.append(msg("One of its extensions cannot be read, or stands there twice."))
        repeated = sorted({oid for oid in oids if oid and oids.count(oid) > 1})
        if repeated:
            self.flaws.append(msg("It has an extension twice: {oids}.", oids=", ".join(repeated)))
        if facts.version not in {1, 2} or (facts.version == 1 and "version" in self._fields):
            self.flaws.append(msg("Its version is neither 1, which is not written out, nor 2."))
        if facts.version == 1 and "crlExtensions" in self._fields:
            self.flaws.append(msg("It is of version 1 and has extensions, which that version has not."))
        if facts.version == 1 and facts.has_entry_extensions:
            self.flaws.append(
                msg("It is of version 1 and has entries with extensions, which that version has not.")
            )
        if facts.count == 0 and "revokedCertificates" in self._fields:
            self.flaws.append(msg("Its list of entries is there and empty; it has to be left out."))
        if self.is_delta and self.number is None:
            self.flaws.append(msg("It is a delta CRL without a number."))
        if facts.has_trailing_bytes:
            self.flaws.append(msg("Bytes follow after its end."))
        if facts.algorithms_differ:
            self.flaws.append(
                msg("Its signature algorithm is another inside than outside of what is signed.")
            )
        self._look_at_profile()

    def _look_at_profile(self) -> None:
        """5.1.2.1, 5.2: what conforming issuers do, and a list that misses it still says what it says."""
        critical = {one.oid for one in self.facts.extensions if one.critical}
        if self.facts.version == 1:
            self.departures.append(msg("It is of version 1."))
        if CRL_NUMBER not in self._values:
            self.departures.append(msg("It has no number."))
        if AUTHORITY_KEY_IDENTIFIER not in self._values:
            self.departures.append(msg("It has no authority key identifier."))
        for oid, name in ((CRL_NUMBER, "cRLNumber"), (AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier")):
            if oid in critical:
                self.departures.append(msg("Its {extension} is critical.", extension=name))
        for oid, name in (
            (ISSUING_DISTRIBUTION_POINT, "issuingDistributionPoint"),
            (DELTA_CRL_INDICATOR, "deltaCRLIndicator"),
        ):
            if oid in self._values and oid not in critical:
                self.departures.append(msg("Its {extension} is not critical.", extension=name))

    def _element(self, name: str) -> Element | None:
        """Return one field of what is signed; None when it is not there, or the bytes are not held."""
        where: ByteField | None = self._fields.get(name)
        if where is None or not self.facts.der:
            return None
        try:
            return read_element(self.facts.der, where.offset, where.offset + where.length)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, eq=False)
class KnownList:
    """A CRL with its source; `retrieved_at` is None for what was given."""

    source: RevocationSource
    crl: DecodedList
    retrieved_at: datetime | None = None


def _same_text(one: str, other: str) -> bool:
    return comparable_text(one) == comparable_text(other)
