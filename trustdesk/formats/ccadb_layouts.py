"""The layouts of CCADB's reports, told by their columns: a file's name says nothing.

Column names as CCADB and its readers write them, 2022 to 2026. Case, space, "[GMT]" for "(GMT)" and a
question mark at the end make no difference.

Source: https://www.ccadb.org/resources
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import listed, msg

SHA256 = ("SHA-256 Fingerprint", "SHA256")
PEM = ("PEM Info", "X.509 Certificate (PEM)", "PEM")
OWNER = ("CA Owner", "Owner")
NAME = (
    "Certificate Name",
    "Common Name or Certificate Name",
    "CA Common Name or Certificate Name",
    "Root Certificate Name",
    "Subject",
    "Certificate Subject Common Name",
)
RECORD_TYPE = ("Certificate Record Type",)
TLS_AFTER = ("Distrust for TLS After Date",)
SMIME_AFTER = ("Distrust for S/MIME After Date",)
CONSTRAINTS = ("Mozilla Applied Constraints",)
REVOCATION = ("Revocation Status",)
REVOKED_AT = ("Date of Revocation",)
REVOKED_WHY = ("RFC 5280 Revocation Reason Code",)
COUNTRY = ("Country", "Geographic Focus")
CP = ("Certificate Policy (CP) URL", "Certificate Policy (CP)")
CPS = (
    "Certificate Practice Statement (CPS) URL",
    "Certification Practice Statement (CPS)",
    "Certificate Practice & Policy Statement",
    "Certificate Practice & Policy Statement (CP/CPS)",
    "MD/AsciiDoc CP/CPS URL",
    "Markdown/AsciiDoc CP/CPS",
)
EV_OIDS = ("EV Policy OID(s)", "EV OIDs for Root Cert")
CAA = ("Recognized CAA Domains",)
PROBLEMS = ("Problem Reporting Mechanism",)
WEBSITE = ("Company Website",)
FULL_CRLS = ("Full CRL Issued By This CA", "JSON Array of All Full CRL URLs", "CRL URL(s)", "Alternate CRL")
OCSP = ("OCSP URL(s)",)
AUDITOR = ("Auditor", "Audit Firm")
STORES = (
    ("Apple", ("Apple Status",), ("Apple Trust Bits",)),
    ("Chrome", ("Chrome Status", "Google Chrome Status"), ()),
    ("Microsoft", ("Microsoft Status",), ("Microsoft EKUs", "Microsoft EKUs For DTBs")),
    ("Mozilla", ("Mozilla Status",), ("Mozilla Trust Bits",)),
)
"""Root program, its column of status, and its column of what it trusts a root for; Chrome's is TLS alone."""

AUDITS = (
    *("Standard", "NetSec", "TLS BR", "TLS EVG", "Code Signing", "S/MIME BR", "VMC"),
    *("BR", "EV", "EV SSL", "EV Code Signing"),
)
"""What audits are called at the beginning of their columns."""

_NOT_CARRIED = (
    "Salesforce Record ID",
    "Parent Salesforce Record ID",
    "Parent Certificate Name",
    "Parent Name",
    "Parent SHA-256 Fingerprint",
    "Subordinate CA Owner",
    "Status of Root Cert",
    "Authority Key Identifier",
    "Subject Key Identifier",
    "Technically Constrained",
    "Derived Trust Bits",
    "Trust Bits for Root Cert",
    "Trust Bits",
    "TLS Capable",
    "TLS EV Capable",
    "Code Signing Capable",
    "S/MIME Capable",
    "JSON Array of Partitioned CRLs",
    "Audits Same as Parent",
    "CP/CPS Same as Parent",
    "CP Same as Parent",
    "CPS Same as Parent",
    "MD/AsciiDoc CP/CPS Same as Parent",
    "CP Last Update Date",
    "CPS Last Update Date",
    "CP/CPS Last Updated Date",
    "CP Effective Date",
    "CPS Effective Date",
    "CP/CPS Effective Date",
    "MD/AsciiDoc CP/CPS Effective Date",
    "Audit Firm Location",
    "DV ACME Directory URL(s)",
    "OV ACME Directory URL(s)",
    "EV ACME Directory URL(s)",
    "IV ACME Directory URL(s)",
    "Policy Documentation",
    "CA Document Repository",
    "Test Website URL - Valid",
    "Test Website URL - Expired",
    "Test Website URL - Revoked",
    "Test Website - Valid",
    "Test Website - Expired",
    "Test Website - Revoked",
    "Certificate Issuer Organization",
    "Certificate Issuer Organizational Unit",
    "Certificate Issuer Common Name",
    "Certificate Subject Organization",
    "Certificate Serial Number",
    "CA Owner/Certificate Name",
    "Certificate ID",
    "Subject + SPKI SHA256",
    "SHA-1 Fingerprint",
    "Valid From (GMT)",
    "Valid To (GMT)",
    "Public Key Algorithm",
    "Signature Hash Algorithm",
    "Extended Key Usage",
    "Approval Bug",
    "NSS Release When First Included",
    "Firefox Release When First Included",
    "Standard Audit Statement Dt",
    "Management Assertions By",
    "OneCRL Status",
    "Comments",
    "Issuer",
)
"""Known, and no column of an entry of their own; some of them are read all the same."""


class Report(StrEnum):
    """Which of CCADB's reports a file is."""

    ALL_RECORDS = "all-certificate-records"
    ALL_INCLUDED_ROOTS = "all-included-roots"
    ALL_PEMS = "all-certificate-pems"
    MOZILLA_INCLUDED = "mozilla-included-roots"
    MOZILLA_ROOTS_PEM = "mozilla-roots-pem"
    MOZILLA_REMOVED = "mozilla-removed-roots"
    MOZILLA_UPCOMING = "mozilla-upcoming-roots"
    MOZILLA_REVOKED = "mozilla-revoked-intermediates"
    MOZILLA_INTERMEDIATES = "mozilla-intermediates"
    MOZILLA_PRELOADED = "mozilla-preloaded-intermediates"
    MICROSOFT_INCLUDED = "microsoft-included-roots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One report.

    Attributes:
        title: as CCADB calls it.
        marks: columns by which it is told from the others; each of them may have several names.
        needs: columns without which it would say more trust than there is.
    """

    report: Report
    title: str
    marks: tuple[tuple[str, ...], ...]
    needs: tuple[tuple[str, ...], ...] = ()


LAYOUTS = (
    Layout(
        report=Report.ALL_RECORDS,
        title="CCADB: All Certificate Records",
        marks=(RECORD_TYPE,),
        needs=(SHA256, OWNER, ("Certificate Name",), REVOCATION, ("Derived Trust Bits", "TLS Capable")),
    ),
    Layout(
        report=Report.ALL_INCLUDED_ROOTS,
        title="CCADB: All Included Root Certificate Trust Bit Settings",
        marks=(("Mozilla Trust Bits",), ("Apple Trust Bits",)),
        needs=(
            SHA256,
            OWNER,
            *(status for _, status, _ in STORES),
            ("Microsoft EKUs", "Microsoft EKUs For DTBs"),
        ),
    ),
    Layout(
        report=Report.MOZILLA_REVOKED,
        title="CCADB: Mozilla Public Intermediate Certificates Revoked",
        marks=(("OneCRL Status",),),
        needs=(SHA256, REVOCATION),
    ),
    Layout(
        report=Report.MOZILLA_INTERMEDIATES,
        title="CCADB: Mozilla Public Intermediate Certificates",
        marks=(("Parent Name",), ("Certificate Subject Common Name", "Certificate Name")),
        needs=(SHA256, OWNER),
    ),
    Layout(
        report=Report.MOZILLA_PRELOADED,
        title="CCADB: Mozilla Intermediate Certificates",
        marks=(("Subject",), ("Issuer",), ("SHA256",)),
        needs=(PEM,),
    ),
    Layout(
        report=Report.MICROSOFT_INCLUDED,
        title="CCADB: Microsoft Included CA Certificates",
        marks=(("Microsoft EKUs",), ("Microsoft Status",)),
        needs=(SHA256, OWNER, ("CA Common Name or Certificate Name",)),
    ),
    Layout(
        report=Report.MOZILLA_REMOVED,
        title="CCADB: Mozilla Removed CA Certificates",
        marks=(("Root Certificate Name",), ("Firefox Release When Removed", "NSS Release When Removed")),
        needs=(SHA256, OWNER),
    ),
    Layout(
        report=Report.MOZILLA_UPCOMING,
        title="CCADB: Mozilla Upcoming Changes of Roots",
        marks=(("Root Certificate Name",),),
        needs=(SHA256, OWNER),
    ),
    Layout(
        report=Report.MOZILLA_INCLUDED,
        title="CCADB: Mozilla Included CA Certificates",
        marks=(("Trust Bits",),),
        needs=(SHA256, OWNER, TLS_AFTER, CONSTRAINTS),
    ),
    Layout(
        report=Report.MOZILLA_ROOTS_PEM,
        title="CCADB: Mozilla Included Roots",
        marks=(("PEM",), TLS_AFTER),
        needs=(CONSTRAINTS,),
    ),
    Layout(
        report=Report.ALL_PEMS,
        title="CCADB: All Certificate PEMs",
        marks=(("X.509 Certificate (PEM)",),),
        needs=(SHA256,),
    ),
)
"""In the order in which they are tried: what has the more telling columns first."""

_OTHER_REPORTS = (
    (CAA, msg("It is CCADB's report of CAA names, which holds no certificates.")),
    (PROBLEMS, msg("It is CCADB's report of addresses for problems, which holds no certificates.")),
)


def plain(name: str) -> str:
    """Return a column's name as it is compared."""
    return " ".join(name.casefold().replace("[gmt]", "(gmt)").removesuffix("?").split())


class Columns:
    """Where which column stands."""

    def __init__(self, header: Sequence[str]) -> None:
        self._at: dict[str, int] = {}
        for at, name in enumerate(header):
            self._at.setdefault(plain(name), at)
        self._names = tuple(header)

    def at(self, *names: str) -> int | None:
        """Return where the first column with one of these names stands; None without one."""
        return next((self._at[plain(name)] for name in names if plain(name) in self._at), None)

    def every(self, *names: str) -> tuple[int, ...]:
        """Return where all columns with one of these names stand."""
        return tuple(self._at[plain(name)] for name in names if plain(name) in self._at)

    def name(self, at: int) -> str:
        """Return the name as the file writes it."""
        return self._names[at]

    def repeated(self) -> list[str]:
        """Return the names of columns that are known here and stand there again."""
        return [
            name
            for at, name in enumerate(self._names)
            if plain(name) in _KNOWN and self._at[plain(name)] != at
        ]

    def unknown(self) -> list[str]:
        """Return the names of columns that nothing here knows."""
        return [name for name in self._names if plain(name) not in _KNOWN and name]


def looks_like_ccadb(header: Sequence[str]) -> bool:
    """Whether a line of names is the header of a report of CCADB, one that holds certificates or not."""
    columns = Columns(header)
    marked = any(_has(columns, layout.marks) for layout in LAYOUTS)
    return marked or any(columns.at(*names) is not None for names, _ in _OTHER_REPORTS)


def layout_of(columns: Columns, place: str) -> Layout:
    """Return which report it is.

    Raises:
        UnusableInputError: it is none with certificates, columns are missing that it must have, or one
            stands there twice.
    """
    layout = next((one for one in LAYOUTS if _has(columns, one.marks)), None)
    if layout is None:
        other = next((problem for names, problem in _OTHER_REPORTS if columns.at(*names) is not None), None)
        raise UnusableInputError(
            other or msg("The columns are those of no report of CCADB's that holds certificates."),
            remedy=msg(
                "Download one of the reports of certificates as CSV, and do not change its columns: it needs "
                "“SHA-256 Fingerprint”, and “Trust Bits” or “Certificate Record Type”."
            ),
            place=place,
        )
    missing = [" / ".join(names) for names in layout.needs if columns.at(*names) is None]
    if missing:
        raise UnusableInputError(
            msg(
                "The report “{report}” lacks the columns: {columns}.",
                report=layout.title,
                columns=listed(missing),
            ),
            remedy=msg("Download the report again, with all of its columns."),
            place=place,
        )
    repeated = columns.repeated()
    if repeated:
        raise UnusableInputError(
            msg(
                "Columns stand there twice, so that it is open which count: {columns}.",
                columns=listed(repeated),
            ),
            remedy=msg("Download the report again, and do not change its columns."),
            place=place,
        )
    return layout


def _has(columns: Columns, marks: tuple[tuple[str, ...], ...]) -> bool:
    return all(columns.at(*names) is not None for names in marks)


def _known() -> frozenset[str]:
    single = (
        SHA256,
        PEM,
        OWNER,
        NAME,
        RECORD_TYPE,
        TLS_AFTER,
        SMIME_AFTER,
        CONSTRAINTS,
        REVOCATION,
        REVOKED_AT,
    )
    more = (
        REVOKED_WHY,
        COUNTRY,
        CP,
        CPS,
        EV_OIDS,
        CAA,
        PROBLEMS,
        WEBSITE,
        FULL_CRLS,
        OCSP,
        AUDITOR,
        _NOT_CARRIED,
    )
    names = [name for group in (*single, *more) for name in group]
    names += [name for _, status, bits in STORES for name in (*status, *bits)]
    names += [name for layout in LAYOUTS for group in layout.marks for name in group]
    for audit in AUDITS:
        parts = (" Audit", " Audit URL", " Audit Type", " Audit Statement Date", " Audit Period Start Date")
        names += [f"{audit}{part}" for part in (*parts, " Audit Period End Date")]
    return frozenset(plain(name) for name in names)


_KNOWN = _known()
