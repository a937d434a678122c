"""One record of a report of CCADB's into an entry of a list."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import NO_LIMITS, AnchorLimits
from trustdesk.core.trust_entry import (
    AnchorMode,
    CertificatePolicy,
    Distrust,
    EntryKind,
    EntryStatus,
    ListEntry,
    Owner,
    StatusChange,
    Usage,
)
from trustdesk.formats import ccadb_details as details
from trustdesk.formats import ccadb_layouts as named
from trustdesk.formats import ccadb_values as values
from trustdesk.formats.ccadb_layouts import Columns, Layout, Report
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.csv_records import Record
from trustdesk.formats.entry_facts import is_no_certificate, kind_of, public_key_sha256
from trustdesk.formats.entry_merging import stricter

_NOTHING: frozenset[Usage] = frozenset()
_SERVERS = frozenset({Usage.TLS_SERVER})
_TRUE, _FALSE = "true", "false"

_DEFAULT_STATUS = {
    Report.MOZILLA_INCLUDED: EntryStatus.TRUSTED,
    Report.MOZILLA_ROOTS_PEM: EntryStatus.TRUSTED,
    Report.MOZILLA_INTERMEDIATES: EntryStatus.TRUSTED,
    Report.MOZILLA_PRELOADED: EntryStatus.TRUSTED,
    Report.MOZILLA_REMOVED: EntryStatus.WITHDRAWN,
    # Roots that will come and roots that will go look alike there.
    Report.MOZILLA_UPCOMING: EntryStatus.PENDING,
    Report.MOZILLA_REVOKED: EntryStatus.DISTRUSTED,
    Report.ALL_PEMS: EntryStatus.UNKNOWN,
}
"""Of a report that is one program's, or says nothing of programs; the others have columns for it."""

_MOZILLA = {Report.MOZILLA_INCLUDED: "Included", Report.MOZILLA_REMOVED: "Removed"}
_INTERMEDIATES = {Report.MOZILLA_INTERMEDIATES, Report.MOZILLA_PRELOADED, Report.MOZILLA_REVOKED}


class Noticed(StrEnum):
    """What is counted over all records, and told once."""

    WITHOUT_CERTIFICATE = "without_certificate"
    CONSTRAINT = "constraint"
    STORES_DISAGREE = "stores_disagree"
    UNKNOWN_STATUS = "unknown_status"
    NO_DATE = "no_date"
    CLIENT_BITS = "client_bits"


class RowReading:
    """Reads the records of one report.

    Attributes:
        noticed: how often what was met.
    """

    def __init__(self, columns: Columns, layout: Layout, place: str) -> None:
        at = columns.at
        self.noticed: Counter[Noticed] = Counter()
        self._columns, self._report, self._place = columns, layout.report, place
        self._sha256, self._pem = at(*named.SHA256), at(*named.PEM)
        self._names, self._owner = columns.every(*named.NAME), at(*named.OWNER)
        self._kind = at(*named.RECORD_TYPE)
        self._tls_after, self._smime_after = at(*named.TLS_AFTER), at(*named.SMIME_AFTER)
        self._constraints = at(*named.CONSTRAINTS)
        self._revocation, self._revoked_at = at(*named.REVOCATION), at(*named.REVOKED_AT)
        self._revoked_why = at(*named.REVOKED_WHY)
        self._country, self._website, self._problems = at("Country"), at(*named.WEBSITE), at(*named.PROBLEMS)
        self._cp, self._cps = columns.every(*named.CP), columns.every(*named.CPS)
        self._ev, self._caa = columns.every(*named.EV_OIDS), at(*named.CAA)
        self._urls = columns.every(*named.FULL_CRLS, *named.OCSP)
        self._comments = at("Comments")
        self._root_bits = at("Trust Bits", "Trust Bits for Root Cert")
        self._derived_bits = at("Derived Trust Bits")
        self._tls, self._smime = at("TLS Capable"), at("S/MIME Capable")
        self._stores = tuple(
            (store, at(*status), at(*bits) if bits else None)
            for store, status, bits in named.STORES
            if at(*status) is not None
        )
        self._auditor = at(*named.AUDITOR)
        self._audits = details.audit_columns(columns)

    def entry(self, record: Record) -> ListEntry:
        """Return what a record says.

        Raises:
            UnusableInputError: a digest, a certificate or a date in it is damaged; names record and column.
        """
        fields = record.fields
        facts = self._certificate(record)
        sha256 = self._digest(record, facts)
        kind = self._entry_kind(fields, facts)
        distrust = self._distrust(record)
        usages = self._usages(fields, kind)
        stores = tuple((store, fields[at]) for store, at, _ in self._stores if at is not None and fields[at])
        stores = stores or (("Mozilla", _MOZILLA[self._report]),) if self._report in _MOZILLA else stores
        constraints, status, since, history = self._standing(record, distrust)
        return ListEntry(
            sha256=sha256,
            certificate=facts,
            subject=(facts.subject or "") if facts else details.first(fields, self._names),
            spki_sha256=public_key_sha256(facts.der) if facts else None,
            kind=kind,
            anchor_mode=AnchorMode.FULL_CHAIN
            if kind is EntryKind.ROOT and facts is not None
            else AnchorMode.NOT_ANCHOR,
            usages=usages,
            status=status,
            status_since=since,
            history=history,
            distrust=distrust,
            constraints=constraints,
            owner=Owner(
                name=_at(fields, self._owner),
                country=_at(fields, self._country),
                contact=_at(fields, self._website),
                problem_reporting=_at(fields, self._problems),
            ),
            policy=CertificatePolicy(
                cp_uri=details.first_address(fields, self._cp),
                cps_uri=details.first_address(fields, self._cps),
                oids=details.oids(details.first(fields, self._ev)),
            ),
            audits=details.audits(fields, self._auditor, self._audits),
            revocation_urls=details.addresses(fields, self._urls),
            caa_domains=tuple(values.items(_at(fields, self._caa))),
            notes=_at(fields, self._comments),
            stores=stores,
        )

    def _certificate(self, record: Record) -> CertificateFacts | None:
        text = _at(record.fields, self._pem)
        if self._pem is None or not text.strip("' \r\n\t"):
            self.noticed[Noticed.WITHOUT_CERTIFICATE] += 1
            return None
        der = values.certificate_der(text)
        if der is None:
            raise self._bad(
                record,
                self._pem,
                msg("holds no whole certificate in PEM"),
            )
        facts = read_certificate(der)
        if is_no_certificate(facts):
            raise self._bad(record, self._pem, msg("holds PEM that is no certificate"))
        return facts

    def _digest(self, record: Record, facts: CertificateFacts | None) -> str:
        if self._sha256 is None:
            if facts is None:
                raise self._bad(record, self._pem or 0, msg("holds no certificate"))
            return facts.sha256
        text = record.fields[self._sha256]
        found = values.digest(text)
        if found is None:
            raise self._bad(record, self._sha256, msg("holds no SHA-256 digest: {text}", text=text[:80]))
        if facts is not None and facts.sha256 != found:
            raise self._bad(
                record,
                self._sha256,
                msg(
                    "says {digest}, and the certificate in that record has {actual}",
                    digest=found,
                    actual=hashlib.sha256(facts.der).hexdigest(),
                ),
            )
        return found

    def _entry_kind(self, fields: Sequence[str], facts: CertificateFacts | None) -> EntryKind:
        if facts is not None:
            return kind_of(facts)
        if self._report in _INTERMEDIATES or _at(fields, self._kind).casefold().startswith("intermediate"):
            return EntryKind.INTERMEDIATE
        # Of these certificates nothing is known; and without one no path can end there anyway.
        return EntryKind.ROOT

    def _distrust(self, record: Record) -> Distrust:
        return Distrust(
            tls_after=self._last_instant(record, self._tls_after),
            smime_after=self._last_instant(record, self._smime_after),
        )

    def _last_instant(self, record: Record, at: int | None) -> datetime | None:
        text = _at(record.fields, at)
        if at is None or not text:
            return None
        found = values.last_instant(text)
        if found is None:
            # Not to be passed over: trust would have no end then.
            raise self._bad(record, at, msg("holds no date: {text}", text=text[:80]))
        return found

    def _usages(self, fields: Sequence[str], kind: EntryKind) -> frozenset[Usage] | None:
        """Return what the report says; where two columns differ, what both let."""
        if self._report is Report.ALL_INCLUDED_ROOTS or self._report is Report.MICROSOFT_INCLUDED:
            return self._usages_of_stores(fields)
        capable = {
            usage: _at(fields, at).casefold()
            for usage, at in ((Usage.TLS_SERVER, self._tls), (Usage.EMAIL, self._smime))
            if at is not None
        }
        bits_at = self._root_bits
        if self._derived_bits is not None and (
            kind is not EntryKind.ROOT or (bits_at is None and not capable and fields[self._derived_bits])
        ):
            # Of a root they say something in the oldest layout alone, which has nothing else.
            bits_at = self._derived_bits
        if bits_at is None:
            return frozenset(usage for usage, word in capable.items() if word == _TRUE) if capable else None
        self._notice_clients(fields[bits_at])
        denied = {usage for usage, word in capable.items() if word == _FALSE}
        return values.usages(fields[bits_at]) - denied

    def _usages_of_stores(self, fields: Sequence[str]) -> frozenset[Usage]:
        found = _NOTHING
        for store, status, bits in self._stores:
            if values.store_status(_at(fields, status)) not in (
                EntryStatus.TRUSTED,
                EntryStatus.TRUSTED_UNTIL,
            ):
                continue
            if bits is None:
                found |= _SERVERS if store == "Chrome" else _NOTHING
            else:
                self._notice_clients(fields[bits])
                found |= values.usages(fields[bits])
        return found

    def _notice_clients(self, bits: str) -> None:
        if "Client Authentication" in bits or "clientAuth" in bits:
            self.noticed[Noticed.CLIENT_BITS] += 1

    def _standing(
        self, record: Record, distrust: Distrust
    ) -> tuple[AnchorLimits, EntryStatus, datetime | None, tuple[StatusChange, ...]]:
        fields = record.fields
        status = self._status_of_stores(fields)
        since: datetime | None = None
        history: list[StatusChange] = []
        revoked = (
            values.revocation_status(_at(fields, self._revocation)) if self._revocation is not None else None
        )
        if revoked is not None:
            if revoked is EntryStatus.UNKNOWN:
                self.noticed[Noticed.UNKNOWN_STATUS] += 1
            if status is not revoked:
                history.append(StatusChange(status=status, source="CCADB"))
            status = stricter(status, revoked)
            since = self._date(record, self._revoked_at)
        if status is EntryStatus.TRUSTED_UNTIL and distrust.tls_after is None:
            # The program has a date that the report does not carry: without it there would be no end.
            self.noticed[Noticed.NO_DATE] += 1
            history.append(StatusChange(status=status, reason="NotBefore", source="CCADB"))
            status = EntryStatus.SUSPENDED
        if status is EntryStatus.TRUSTED and distrust.tls_after is not None:
            status = EntryStatus.TRUSTED_UNTIL
        text = _at(fields, self._constraints)
        constraints = values.limits(text)
        if constraints is None:
            # Said in words that nothing can hold it to: what it may vouch for is not known.
            self.noticed[Noticed.CONSTRAINT] += 1
            history.append(StatusChange(status=status, reason=text, source="Mozilla Applied Constraints"))
            status, constraints = stricter(status, EntryStatus.SUSPENDED), NO_LIMITS
        return constraints, status, since, tuple(history)

    def _status_of_stores(self, fields: Sequence[str]) -> EntryStatus:
        """Return the status over all programs: trusted where one of them trusts it and none blocks it."""
        if not self._stores:
            return _DEFAULT_STATUS.get(self._report, EntryStatus.UNKNOWN)
        found: set[EntryStatus] = set()
        for _, at, _ in self._stores:
            word = values.store_status(_at(fields, at))
            if word is None:
                self.noticed[Noticed.UNKNOWN_STATUS] += 1
            found.add(word or EntryStatus.UNKNOWN)
        against = found & {EntryStatus.DISTRUSTED, EntryStatus.SUSPENDED, EntryStatus.WITHDRAWN}
        if against and EntryStatus.TRUSTED in found:
            self.noticed[Noticed.STORES_DISAGREE] += 1
        order = (
            EntryStatus.DISTRUSTED,
            EntryStatus.TRUSTED,
            EntryStatus.TRUSTED_UNTIL,
            EntryStatus.SUSPENDED,
            EntryStatus.WITHDRAWN,
            EntryStatus.PENDING,
        )
        return next((status for status in order if status in found), EntryStatus.UNKNOWN)

    def _date(self, record: Record, at: int | None) -> datetime | None:
        text = _at(record.fields, at)
        if at is None or not text:
            return None
        found = values.instant(text)
        if found is None:
            raise self._bad(record, at, msg("holds no date: {text}", text=text[:80]))
        return found

    def _bad(self, record: Record, at: int, what: Message) -> UnusableInputError:
        return UnusableInputError(
            msg(
                "In record {record}, on line {line}, the column “{column}” {what}.",
                record=record.number,
                line=record.line,
                column=self._columns.name(at),
                what=what,
            ),
            remedy=msg("Download the report again; nothing of this file was taken over."),
            place=self._place,
        )


def _at(fields: Sequence[str], at: int | None) -> str:
    return "" if at is None else fields[at].strip()
