"""Certificates that the workspace keeps, each once: presented by partners, or our own."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import facts_document, facts_of
from trustdesk.storage.inserting import add_missing
from trustdesk.storage.schema import certificates

_AT_ONCE = 500

_log = logging.getLogger(__name__)


def keep_certificates(connection: Connection, chain: Iterable[CertificateFacts], seen: datetime) -> None:
    """Keep certificates in the transaction of `connection`, those that are there already too.

    Adds what is new; where a certificate is known, today's read-outs stand (a reader gets better).

    Args:
        chain: may hold the same one more than once.
        seen: when; stands as `first_seen` of those that are new.
    """
    facts = {certificate.sha256: certificate for certificate in chain}
    keep_seen(connection, facts, dict.fromkeys(facts, seen))


def keep_seen(
    connection: Connection, facts: Mapping[str, CertificateFacts], first_seen: Mapping[str, datetime]
) -> None:
    """Keep certificates by their SHA-256, each with the instant at which it was seen first."""
    known: dict[str, str] = {}
    digests = list(facts)
    for at in range(0, len(digests), _AT_ONCE):
        some = certificates.c.sha256.in_(digests[at : at + _AT_ONCE])
        rows = connection.execute(select(certificates.c.sha256, certificates.c.facts).where(some))
        known.update((row.sha256, row.facts) for row in rows)
    added = []
    for sha256, certificate in facts.items():
        text = compact_json(facts_document(certificate))
        if known.get(sha256) == text:
            continue
        read_outs = {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "facts": text,
        }
        if sha256 in known:
            connection.execute(update(certificates).where(certificates.c.sha256 == sha256).values(read_outs))
        else:
            row = {"sha256": sha256, "der": certificate.der, "first_seen": first_seen[sha256]}
            added.append({**row, **read_outs})
    add_missing(connection, certificates, added)


def seen_certificates(connection: Connection, which: ColumnElement[bool]) -> dict[str, CertificateFacts]:
    """Return certificates by their SHA-256; those with damaged read-outs are left out, with a warning."""
    return readable_certificates(stored_certificates(connection, which))


def stored_certificates(connection: Connection, which: ColumnElement[bool]) -> list[tuple[str, bytes, str]]:
    """Return digest, DER and read-outs (JSON) of certificates, which take longer to read than to fetch."""
    rows = connection.execute(
        select(certificates.c.sha256, certificates.c.der, certificates.c.facts).where(which)
    )
    return [(row.sha256, row.der, row.facts) for row in rows]


def readable_certificates(stored: Iterable[tuple[str, bytes, str]]) -> dict[str, CertificateFacts]:
    """Read certificates from digest, DER and read-outs (JSON); the damaged are left out, with a warning."""
    readable: dict[str, CertificateFacts] = {}
    for sha256, der, facts in stored:
        try:
            readable[sha256] = facts_of(json.loads(facts), der, sha256)
        except (ValueError, UnusableInputError):
            _log.warning("the read-outs of certificate %s are damaged", sha256)
    return readable
