"""Certificates that the workspace keeps, each once: presented by partners, or our own."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import facts_document, facts_of
from trustdesk.storage.schema import certificates

_log = logging.getLogger(__name__)


def keep_certificates(
    connection: Connection, chain: Iterable[CertificateFacts], seen: datetime | Mapping[str, datetime]
) -> None:
    """Keep certificates in the transaction of `connection`, those that are there already too.

    Adds what is new; where a certificate is known, today's read-outs stand (a reader gets better).

    Args:
        chain: may hold the same one more than once.
        seen: when, of all or by digest; stands as `first_seen` of those that are new.
    """
    by_digest = {certificate.sha256: certificate for certificate in chain}
    rows = connection.execute(
        select(certificates.c.sha256, certificates.c.facts).where(certificates.c.sha256.in_(by_digest))
    )
    known = {row.sha256: row.facts for row in rows}
    new: list[dict[str, object]] = []
    for sha256, certificate in by_digest.items():
        facts = compact_json(facts_document(certificate))
        if known.get(sha256) == facts:
            continue
        read_outs = {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "facts": facts,
        }
        if sha256 in known:
            connection.execute(update(certificates).where(certificates.c.sha256 == sha256).values(read_outs))
        else:
            first_seen = seen if isinstance(seen, datetime) else seen[sha256]
            new.append({"sha256": sha256, "der": certificate.der, "first_seen": first_seen, **read_outs})
    if new:
        connection.execute(insert(certificates), new)


def seen_certificates(connection: Connection, which: ColumnElement[bool]) -> dict[str, CertificateFacts]:
    """Return certificates by their SHA-256; those with damaged read-outs are left out, with a warning."""
    rows = connection.execute(
        select(certificates.c.sha256, certificates.c.der, certificates.c.facts).where(which)
    )
    return readable_certificates((row.sha256, row.der, row.facts) for row in rows)


def readable_certificates(stored: Iterable[tuple[str, bytes, str]]) -> dict[str, CertificateFacts]:
    """Read certificates from digest, DER and read-outs (JSON); the damaged are left out, with a warning."""
    readable: dict[str, CertificateFacts] = {}
    for sha256, der, facts in stored:
        try:
            readable[sha256] = facts_of(json.loads(facts), der, sha256)
        except (ValueError, UnusableInputError):
            _log.warning("the read-outs of certificate %s are damaged", sha256)
    return readable
