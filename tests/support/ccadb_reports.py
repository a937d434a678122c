"""Reports of CCADB's as they come: columns in its order, PEM in single quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from tests.support.pki import Issued

AUDITS = ("Standard", "NetSec", "TLS BR", "TLS EVG", "Code Signing", "S/MIME BR", "VMC")
OLD_AUDITS = ("Standard", "BR", "EV SSL", "EV Code Signing")
AUDIT_PARTS = ("URL", "Type", "Statement Date", "Period Start Date", "Period End Date")

ALL_RECORDS = (
    *("CA Owner", "Salesforce Record ID", "Certificate Name", "Parent Salesforce Record ID"),
    *("Parent Certificate Name", "Certificate Record Type", "Subordinate CA Owner"),
    *("Apple Status", "Chrome Status", "Microsoft Status", "Mozilla Status", "Status of Root Cert"),
    *("Revocation Status", "SHA-256 Fingerprint", "Parent SHA-256 Fingerprint"),
    *("Valid From (GMT)", "Valid To (GMT)", "Authority Key Identifier", "Subject Key Identifier"),
    *("Technically Constrained", "Trust Bits for Root Cert", "EV OIDs for Root Cert", "Derived Trust Bits"),
    *("JSON Array of All Full CRL URLs", "JSON Array of Partitioned CRLs", "DV ACME Directory URL(s)"),
    *("OV ACME Directory URL(s)", "EV ACME Directory URL(s)", "IV ACME Directory URL(s)", "Audit Firm"),
    *("Audit Firm Location", "Audits Same as Parent"),
    *(f"{audit} Audit {part}" for audit in AUDITS for part in AUDIT_PARTS),
    *("Policy Documentation", "CA Document Repository", "CP Same as Parent", "Certificate Policy (CP) URL"),
    *("CP Effective Date", "CPS Same as Parent", "Certificate Practice Statement (CPS) URL"),
    *("CPS Effective Date", "CP/CPS Same as Parent", "Certificate Practice & Policy Statement"),
    *("CP/CPS Effective Date", "MD/AsciiDoc CP/CPS Same as Parent", "MD/AsciiDoc CP/CPS URL"),
    *("MD/AsciiDoc CP/CPS Effective Date", "Test Website URL - Valid", "Test Website URL - Expired"),
    *("Test Website URL - Revoked", "TLS Capable", "TLS EV Capable", "Code Signing Capable"),
    *("S/MIME Capable", "Country"),
)
"""Version 5."""

ALL_RECORDS_1 = (
    *("CA Owner", "Salesforce Record ID", "Certificate Name", "Parent Salesforce Record ID"),
    *("Parent Certificate Name", "Certificate Record Type", "Revocation Status", "SHA-256 Fingerprint"),
    *("Parent SHA-256 Fingerprint", "Audits Same as Parent?", "Auditor"),
    *(f"{audit} Audit {part}" for audit in OLD_AUDITS for part in AUDIT_PARTS),
    *("CP/CPS Same as Parent?", "Certificate Policy (CP) URL", "Certificate Practice Statement (CPS) URL"),
    *("CP/CPS Last Updated Date", "Test Website URL - Valid", "Test Website URL - Expired"),
    *("Test Website URL - Revoked", "Technically Constrained", "Mozilla Status", "Microsoft Status"),
    *("Subordinate CA Owner", "Full CRL Issued By This CA", "JSON Array of Partitioned CRLs"),
    *("Valid From (GMT)", "Valid To (GMT)", "Chrome Status", "Derived Trust Bits", "Status of Root Cert"),
    "Country",
)
"""Version 1."""

MOZILLA_INCLUDED = (
    *("Owner", "Certificate Issuer Organization", "Certificate Issuer Organizational Unit"),
    *("Common Name or Certificate Name", "Certificate Serial Number", "SHA-256 Fingerprint"),
    *("Subject + SPKI SHA256", "Valid From [GMT]", "Valid To [GMT]", "Public Key Algorithm"),
    *("Signature Hash Algorithm", "Trust Bits", "Distrust for TLS After Date"),
    *("Distrust for S/MIME After Date", "EV Policy OID(s)", "Approval Bug"),
    *("NSS Release When First Included", "Firefox Release When First Included", "Test Website - Valid"),
    *("Test Website - Expired", "Test Website - Revoked", "Mozilla Applied Constraints"),
    *("Company Website", "Geographic Focus", "Certificate Policy (CP)"),
    *("Certification Practice Statement (CPS)", "Certificate Practice & Policy Statement (CP/CPS)"),
    *("Standard Audit", "BR Audit", "EV Audit", "Auditor", "Standard Audit Type"),
    *("Standard Audit Statement Dt", "PEM Info"),
)

ALL_INCLUDED_ROOTS = (
    *("CA Owner", "Certificate Name", "Apple Status", "Apple Trust Bits", "Google Chrome Status"),
    *("Microsoft Status", "Microsoft EKUs", "Mozilla Status", "Mozilla Trust Bits", "SHA-256 Fingerprint"),
)

MICROSOFT = (
    *("Microsoft Status", "CA Owner", "CA Common Name or Certificate Name", "SHA-1 Fingerprint"),
    *("SHA-256 Fingerprint", "Microsoft EKUs", "Valid From [GMT]", "Valid To [GMT]"),
    *("Public Key Algorithm", "Signature Hash Algorithm"),
)

REVOKED = (
    *("CA Owner", "Revocation Status", "RFC 5280 Revocation Reason Code", "Date of Revocation"),
    *("OneCRL Status", "Certificate Serial Number", "CA Owner/Certificate Name"),
    *("Certificate Issuer Common Name", "Certificate Issuer Organization"),
    *("Certificate Subject Common Name", "Certificate Subject Organization", "SHA-256 Fingerprint"),
    *("Subject + SPKI SHA256", "Valid From [GMT]", "Valid To [GMT]", "Public Key Algorithm"),
    *("Signature Hash Algorithm", "CRL URL(s)", "Alternate CRL", "OCSP URL(s)", "Comments", "PEM Info"),
)

INTERMEDIATES = (
    *("CA Owner", "Parent Name", "Certificate Name", "Certificate Issuer Common Name"),
    *("Certificate Issuer Organization", "Certificate Subject Common Name"),
    *("Certificate Subject Organization", "Certificate Serial Number", "SHA-256 Fingerprint"),
    *("Subject + SPKI SHA256", "Valid From [GMT]", "Valid To [GMT]", "Public Key Algorithm"),
    *("Signature Hash Algorithm", "Extended Key Usage", "CP/CPS Same As Parent"),
    *("Certificate Policy (CP)", "Certification Practice Statement (CPS)", "Audits Same As Parent"),
    *("Standard Audit", "BR Audit", "Auditor", "Standard Audit Statement Dt", "Management Assertions By"),
    *("Comments", "PEM Info"),
)

PRELOADED = (
    *("Subject", "Issuer", "SHA256", "Full CRL Issued By This CA", "PEM"),
    "JSON Array of Partitioned CRLs",
)
PEMS = ("SHA-256 Fingerprint", "X.509 Certificate (PEM)")
ROOTS_PEM = ("PEM", "Distrust for TLS After Date", "Mozilla Applied Constraints")
REMOVED = (
    *("Owner", "Certificate Issuer Organization", "Certificate Issuer Organizational Unit"),
    *("Root Certificate Name", "SHA-256 Fingerprint", "Firefox Release When Removed", "Comments", "PEM Info"),
)


def pem(issued: Issued) -> str:
    """Return a certificate as CCADB writes it into a field."""
    return f"'{issued.pem.decode().strip()}'"


def fingerprint(issued: Issued) -> str:
    """Return a digest as CCADB writes it."""
    return issued.sha256.upper()


def report(columns: Sequence[str], *records: Mapping[str, str]) -> bytes:
    """Return a report; a record's fields that are not given are empty."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        assert record.keys() <= {*columns}, record.keys() - {*columns}
        writer.writerow([record.get(column, "") for column in columns])
    return out.getvalue().encode()
