"""The JSON documents on private CAs: `trustdesk.ca-new/1`, `…ca-list/1`, `…ca-issue/1` and their like.

Every key is always there; null says that there is nothing to tell. No document holds a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, verdict_of
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import StoredKey
from trustdesk.core.private_ca import WHAT_IT_IS_NOT, IssuedCertificate, IssuedCrl, PrivateAuthority
from trustdesk.formats.document_values import (
    Words,
    certificate_in_short,
    finding_value,
    instant,
    optional,
    utf8,
)

NEW_SCHEMA = "trustdesk.ca-new/1"
LIST_SCHEMA = "trustdesk.ca-list/1"
ISSUE_SCHEMA = "trustdesk.ca-issue/1"
REVOKE_SCHEMA = "trustdesk.ca-revoke/1"
CRL_SCHEMA = "trustdesk.ca-crl/1"
ROOT_SCHEMA = "trustdesk.ca-root/1"
DELETE_SCHEMA = "trustdesk.ca-delete/1"


def new_document(authority: PrivateAuthority, permitted: Sequence[str], text: Words) -> dict[str, object]:
    """Return a CA that was just made.

    Args:
        permitted: the subtrees that its issuing CA is limited to, as they stand in its certificate.
    """
    return {
        "schema": NEW_SCHEMA,
        "authority": {**_authority(authority), "permitted_names": [utf8(name) for name in permitted]},
        "notice": utf8(text(WHAT_IT_IS_NOT)),
    }


def list_document(authorities: Sequence[PrivateAuthority], text: Words) -> dict[str, object]:
    """Return all private CAs, with what each issued, the newest first."""
    return {
        "schema": LIST_SCHEMA,
        "authorities": [
            {**_authority(one), "issued": [_issued(issued) for issued in one.issued]} for one in authorities
        ],
        "notice": utf8(text(WHAT_IT_IS_NOT)),
    }


def issue_document(
    authority: PrivateAuthority,
    csr: CsrFacts,
    *,
    purpose: str,
    partner: str | None,
    findings: Sequence[Finding],
    issued: IssuedCertificate | None,
    output: str,
    text: Words,
) -> dict[str, object]:
    """Return the preflight of a request, and what was issued; null for nothing."""
    return {
        "schema": ISSUE_SCHEMA,
        "authority": utf8(authority.name),
        "request": {
            "sha256": csr.sha256,
            "subject": utf8(csr.subject),
            "subject_alt_names": [utf8(name) for name in csr.subject_alt_names],
        },
        "purpose": purpose,
        "partner": utf8(partner),
        "findings": [finding_value(finding, text) for finding in findings],
        "certificate": optional(issued, lambda one: certificate_in_short(one.certificate)),
        "output": None if issued is None else utf8(output),
        "verdict": verdict_of(findings).value,
    }


def crl_document(authority: PrivateAuthority, crl: IssuedCrl, output: str) -> dict[str, object]:
    """Return a revocation list that was issued."""
    return {
        "schema": CRL_SCHEMA,
        "authority": utf8(authority.name),
        "crl": _crl(crl),
        "output": utf8(output),
    }


def revoke_document(
    authority: PrivateAuthority,
    certificate: CertificateFacts,
    reason: str,
    crl: IssuedCrl,
    output: str | None,
) -> dict[str, object]:
    """Return a revocation, and the list that names it."""
    return {
        "schema": REVOKE_SCHEMA,
        "authority": utf8(authority.name),
        "certificate": certificate_in_short(certificate),
        "reason": reason,
        "crl": _crl(crl),
        "output": utf8(output),
    }


def root_document(authority: PrivateAuthority, output: str) -> dict[str, object]:
    """Return a root that was written as a trust list."""
    return {
        "schema": ROOT_SCHEMA,
        "authority": utf8(authority.name),
        "certificate": certificate_in_short(authority.root),
        "output": utf8(output),
    }


def delete_document(authority: PrivateAuthority, at: datetime) -> dict[str, object]:
    """Return a CA that was deleted at an instant, with what it leaves behind."""
    return {
        "schema": DELETE_SCHEMA,
        "authority": utf8(authority.name),
        "still_valid": len(authority.relied_upon(at)),
        "crl_next_update": optional(authority.crl_next_update, instant),
    }


def _authority(authority: PrivateAuthority) -> dict[str, object]:
    return {
        "name": utf8(authority.name),
        "created_at": instant(authority.created_at),
        "root": certificate_in_short(authority.root),
        "issuing": certificate_in_short(authority.issuing),
        "root_key": _key(authority.root_key),
        "issuing_key": _key(authority.issuing_key),
        "crl_url": utf8(authority.crl_url),
        "crl_number": authority.crl_number,
        "crl_next_update": optional(authority.crl_next_update, instant),
    }


def _key(key: StoredKey) -> dict[str, object]:
    return {
        "store": key.reference.store.value,
        "store_title": utf8(key.store_title),
        "algorithm": key.algorithm,
        "bits": key.bits,
        "curve": key.curve,
    }


def _issued(issued: IssuedCertificate) -> dict[str, object]:
    return {
        **certificate_in_short(issued.certificate),
        "subject_alt_names": [utf8(name) for name in issued.certificate.subject_alt_names],
        "purpose": issued.purpose.value,
        "issued_at": instant(issued.issued_at),
        "revoked_at": optional(issued.revoked_at, instant),
        "reason": None if issued.reason is None else issued.reason.value,
    }


def _crl(crl: IssuedCrl) -> dict[str, object]:
    return {
        "number": crl.number,
        "this_update": instant(crl.this_update),
        "next_update": instant(crl.next_update),
        "entries": crl.count,
    }
