"""The document `trustdesk.crl/1`: what a CRL says, and what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message
from trustdesk.core.revocation import CrlCurrency, CrlEntry, CrlSigner
from trustdesk.formats.document_values import Words, instant, optional, utf8

SCHEMA = "trustdesk.crl/1"


def crl_document(
    facts: CrlFacts,
    source: str,
    *,
    at: datetime,
    currency: CrlCurrency,
    signer: CrlSigner,
    scope: Sequence[Message],
    lines: Sequence[Message],
    entries: Sequence[CrlEntry],
    lookup: tuple[str, Sequence[CrlEntry]] | None,
    text: Words,
) -> dict[str, object]:
    """Return what a list says of itself, its first entries, and what it says of one serial number.

    Args:
        lines: the verdict in sentences.
        lookup: the serial number that was asked for, with its entries; None when none was.
    """
    return {
        "schema": SCHEMA,
        "source": utf8(source),
        "sha256": facts.sha256,
        "at": instant(at),
        "verdict": [utf8(text(line)) for line in lines],
        "issuer": utf8(facts.issuer),
        "version": facts.version,
        # As text: numbers of 20 octets are no numbers to most readers of JSON.
        "number": None if facts.number is None else str(facts.number),
        "this_update": optional(facts.this_update, instant),
        "next_update": optional(facts.next_update, instant),
        "age_s": None if facts.this_update is None else int((at - facts.this_update).total_seconds()),
        "currency": currency.value,
        "is_delta": facts.is_delta,
        "scope": [utf8(text(line)) for line in scope],
        "signature": {
            "state": signer.state.value,
            "algorithm": facts.signature_algorithm,
            "subject": utf8(signer.subject),
            "sha256": signer.sha256,
        },
        "entries": facts.count,
        "damaged": facts.is_damaged,
        "critical_entry_extensions": list(facts.critical_entry_extensions),
        "extensions": [
            {
                "oid": extension.oid,
                "name": extension.name,
                "critical": extension.critical,
                "text": "; ".join(utf8(text(line)) or "" for line in extension.text or ()),
            }
            for extension in facts.extensions
        ],
        "first": [_entry(entry) for entry in entries],
        "lookup": None if lookup is None else _lookup(*lookup, facts),
        "problems": [utf8(text(problem)) for problem in facts.problems],
    }


def _lookup(serial_number: str, found: Sequence[CrlEntry], facts: CrlFacts) -> dict[str, object]:
    """Return what a list says of one number; `listed` is null where a damaged list does not show it."""
    return {
        "serial_number": serial_number,
        "listed": True if found else None if facts.is_damaged else False,
        "entries": [_entry(entry) for entry in found],
    }


def _entry(entry: CrlEntry) -> dict[str, object]:
    return {
        "position": entry.position,
        "serial_number": entry.serial_number,
        "revoked_at": optional(entry.revoked_at, instant),
        "reason": entry.reason,
        "invalidity_date": optional(entry.invalidity_date, instant),
        "certificate_issuer": utf8(entry.certificate_issuer),
        "unhandled": list(entry.unhandled),
    }
