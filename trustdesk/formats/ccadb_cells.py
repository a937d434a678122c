"""What entries look like in CCADB's own report of included roots with their certificates, cell by cell.

The columns are that report's, in its order; behind them stand columns of CCADB's other reports for what
this one has no place for. A cell never begins what a spreadsheet takes for a formula.

Source: https://www.ccadb.org/resources (IncludedCACertificateReportPEMCSV)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import Audit, ListEntry, Usage
from trustdesk.core.untrusted import MAX_KEPT
from trustdesk.formats.tables import harmless_cell

COLUMNS = (
    "Owner",
    "Certificate Issuer Organization",
    "Certificate Issuer Organizational Unit",
    "Common Name or Certificate Name",
    "Certificate Serial Number",
    "SHA-256 Fingerprint",
    "Subject + SPKI SHA256",
    "Valid From [GMT]",
    "Valid To [GMT]",
    "Public Key Algorithm",
    "Signature Hash Algorithm",
    "Trust Bits",
    "Distrust for TLS After Date",
    "Distrust for S/MIME After Date",
    "EV Policy OID(s)",
    "Approval Bug",
    "NSS Release When First Included",
    "Firefox Release When First Included",
    "Test Website - Valid",
    "Test Website - Expired",
    "Test Website - Revoked",
    "Mozilla Applied Constraints",
    "Company Website",
    "Geographic Focus",
    "Certificate Policy (CP)",
    "Certification Practice Statement (CPS)",
    "Standard Audit",
    "BR Audit",
    "EV Audit",
    "Auditor",
    "Standard Audit Type",
    "Standard Audit Statement Dt",
    "Country",
    "Problem Reporting Mechanism",
    "Recognized CAA Domains",
    "CRL URL(s)",
    "Comments",
    "PEM Info",
)
AUDIT_KINDS = ("Standard", "BR", "EV")
"""Audits that the report has columns for."""

_BITS = {Usage.TLS_SERVER: "Websites", Usage.EMAIL: "Email"}
_LAST_SECOND = time(23, 59, 59)
_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ADDRESS = re.compile(r"https?://[^\s;,]+")
_MAX_ADDRESSES = 20
_LISTED = re.compile(r"[^\s;,]+")


def row(entry: ListEntry, facts: CertificateFacts, pem: str) -> list[str]:
    """Return the cells of an entry in the order of COLUMNS.

    Args:
        pem: of its certificate; the report puts it between single quotes.
    """
    by_kind = {audit.kind.partition(":")[0]: audit for audit in reversed(entry.audits)}
    standard = by_kind.get("Standard", Audit())
    known = {
        "Owner": entry.owner.name,
        "Common Name or Certificate Name": facts.title,
        "Certificate Serial Number": (facts.serial_number or "").upper(),
        "SHA-256 Fingerprint": facts.sha256.upper(),
        "Valid From [GMT]": "" if facts.not_before is None else f"{facts.not_before:%Y.%m.%d}",
        "Valid To [GMT]": "" if facts.not_after is None else f"{facts.not_after:%Y.%m.%d}",
        "Public Key Algorithm": f"{facts.key_algorithm or ''} {facts.key_bits or ''}".strip(),
        "Signature Hash Algorithm": facts.signature_algorithm or "",
        "Trust Bits": ";".join(bit for usage, bit in _BITS.items() if usage in (entry.usages or ())),
        "Distrust for TLS After Date": date_text(entry.distrust.tls_after),
        "Distrust for S/MIME After Date": date_text(entry.distrust.smime_after),
        "EV Policy OID(s)": "; ".join(entry.policy.oids),
        "Mozilla Applied Constraints": names_text(entry.constraints),
        "Company Website": entry.owner.contact,
        "Certificate Policy (CP)": entry.policy.cp_uri,
        "Certification Practice Statement (CPS)": entry.policy.cps_uri,
        "Auditor": next((audit.auditor for audit in entry.audits), ""),
        "Standard Audit Type": standard.kind.partition(": ")[2],
        "Standard Audit Statement Dt": standard.period,
        "Country": entry.owner.country,
        "Problem Reporting Mechanism": entry.owner.problem_reporting,
        "Recognized CAA Domains": "; ".join(entry.caa_domains),
        "CRL URL(s)": "; ".join(entry.revocation_urls),
        "Comments": entry.notes,
    }
    known |= {f"{kind} Audit": by_kind[kind].report_uri for kind in AUDIT_KINDS if kind in by_kind}
    cells = [cell(known.get(name, "")) for name in COLUMNS[:-1]]
    return [*cells, f"'{pem.strip()}'"]


def cell(text: str) -> str:
    """Return a text as one cell: one line, bounded, nothing invisible, and no formula."""
    return harmless_cell(" ".join(text.split()), MAX_KEPT)


def fits(text: str) -> bool:
    """Whether a text comes out of its cell as it went in."""
    return cell(text) == text


def date_text(at: datetime | None) -> str:
    """Return a date of distrust: a day lets stand what begins on it, so only its last second is a day."""
    if at is None:
        return ""
    utc = at.astimezone(UTC)
    return f"{utc:%Y.%m.%d}" if utc.time() == _LAST_SECOND else f"{utc:%Y.%m.%d %H:%M:%S}"


def names_text(limits: AnchorLimits) -> str:
    """Return the permitted names of hosts; names of other kinds have no place there."""
    hosts = [name.removeprefix("DNS:") for name in limits.permitted_names if name.startswith("DNS:")]
    return "; ".join(f"*.{host}" for host in hosts)


def names_fit(limits: AnchorLimits) -> bool:
    """Whether all permitted names are written, and each as the name that it is."""
    return all(
        name.startswith("DNS:") and _DOMAIN.fullmatch(name.removeprefix("DNS:"))
        for name in limits.permitted_names
    )


def audits_fit(audits: Sequence[Audit]) -> bool:
    """Whether audits come out as they went in: one of a kind, by one auditor, with its report."""
    kinds = [audit.kind for audit in audits]
    plain = [kind.partition(":")[0] for kind in kinds]
    in_order = [kind for kind in AUDIT_KINDS if kind in plain]
    return (
        plain == in_order
        and len({audit.auditor for audit in audits}) <= 1
        and all(audit.report_uri and audit.expires is None for audit in audits)
        and all(kind in AUDIT_KINDS or kind.startswith("Standard: ") for kind in kinds)
        and all(audit.kind.startswith("Standard") or not audit.period for audit in audits)
        and all(fits(text) for audit in audits for text in (audit.kind, audit.period, audit.report_uri))
        and all(fits(audit.auditor) for audit in audits)
    )


def addresses_fit(addresses: Sequence[str]) -> bool:
    """Whether addresses come out as they went in."""
    return (
        len(set(addresses)) == len(addresses) <= _MAX_ADDRESSES
        and all(_ADDRESS.fullmatch(address) for address in addresses)
        and fits("; ".join(addresses))
    )


def list_fits(texts: Sequence[str]) -> bool:
    """Whether words come out as they went in, one by one."""
    return all(_LISTED.fullmatch(text) for text in texts) and fits("; ".join(texts))
