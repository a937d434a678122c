"""CCADB's reports: what each layout says, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import ccadb_reports as reports
from tests.support import pki
from tests.support.ccadb_reports import fingerprint, pem, report
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message
from trustdesk.core.trust_entry import AnchorMode, AppliesTo, EntryKind, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import Endorsement, ListContent
from trustdesk.formats.ccadb import is_ccadb, read_ccadb

ROOT = pki.root("Fjordsign Root")
ISSUING = pki.authority("Fjordsign Issuing", ROOT)
OTHER = pki.root("Other Root")
CROSS = pki.issue(
    ROOT.certificate.subject, OTHER, key=ROOT.key, extensions=[(x509.BasicConstraints(True, None), True)]
)

ROOT_RECORD = {
    "CA Owner": "Fjordsign AS",
    "Certificate Name": "Fjordsign Root",
    "Certificate Record Type": "Root Certificate",
    "Revocation Status": "Not Revoked",
    "Mozilla Status": "Included",
    "Chrome Status": "Included",
    "SHA-256 Fingerprint": fingerprint(ROOT),
    "Trust Bits for Root Cert": "Server Authentication;Secure Email;Client Authentication",
    "TLS Capable": "True",
    "S/MIME Capable": "True",
    "Country": "Norway",
}
INCLUDED = {
    "Owner": "Fjordsign AS",
    "Common Name or Certificate Name": "Fjordsign Root",
    "SHA-256 Fingerprint": fingerprint(ROOT),
    "Trust Bits": "Email;Websites",
    "PEM Info": pem(ROOT),
}


def read(columns: Sequence[str], *records: dict[str, str]) -> ListContent:
    return read_ccadb(report(columns, *records), "report.csv")


def only(content: ListContent) -> ListEntry:
    (entry,) = content.entries
    return entry


def refused(data: bytes) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught:
        read_ccadb(data, "report.csv")
    assert caught.value.place == "report.csv"
    return caught.value


def params(message: Message) -> dict[str, object]:
    return dict(message.params)


def said(content: ListContent) -> set[str]:
    return {remark.id for remark in content.remarks}


def test_all_records_tell_a_root_without_certificate() -> None:
    content = read(reports.ALL_RECORDS, ROOT_RECORD)
    entry = only(content)
    assert content.endorsement is Endorsement.BROWSER
    assert content.list_id == "ccadb:all-certificate-records"
    assert (entry.sha256, entry.certificate, entry.subject) == (ROOT.sha256, None, "Fjordsign Root")
    assert entry.kind is EntryKind.ROOT
    assert entry.anchor_mode is AnchorMode.NOT_ANCHOR
    assert entry.usages == frozenset({Usage.TLS_SERVER, Usage.EMAIL})
    assert entry.status is EntryStatus.TRUSTED
    assert entry.stores == (("Chrome", "Included"), ("Mozilla", "Included"))
    assert (entry.owner.name, entry.owner.country) == ("Fjordsign AS", "Norway")
    assert "One record holds no certificate, so that no path can end there." in said(content)
    assert "One record names client authentication as well; that is not taken over." in said(content)


def test_no_layout_lets_a_bit_mean_clients() -> None:
    for bits in ("Websites", "Server Authentication;Client Authentication", "serverAuth;clientAuth"):
        content = read(reports.MOZILLA_INCLUDED, {**INCLUDED, "Trust Bits": bits})
        assert only(content).usages == frozenset({Usage.TLS_SERVER})


def test_capability_column_takes_a_bit_away() -> None:
    record = {**ROOT_RECORD, "TLS Capable": "False"}
    assert only(read(reports.ALL_RECORDS, record)).usages == frozenset({Usage.EMAIL})


def test_intermediate_has_the_derived_bits() -> None:
    record = {
        **ROOT_RECORD,
        "Certificate Record Type": "Intermediate Certificate",
        "Derived Trust Bits": "Server Authentication",
        "Mozilla Status": "Trusted",
    }
    entry = only(read(reports.ALL_RECORDS, record))
    assert entry.kind is EntryKind.INTERMEDIATE
    assert entry.usages == frozenset({Usage.TLS_SERVER})
    assert entry.status is EntryStatus.TRUSTED


@pytest.mark.parametrize(
    ("apple", "mozilla", "revocation", "status"),
    [
        ("Included", "Included", "", EntryStatus.TRUSTED),
        ("Included", "Removed", "Not Revoked", EntryStatus.TRUSTED),
        ("Included", "Blocked", "Not Revoked", EntryStatus.DISTRUSTED),
        ("Removed", "Removed", "Not Revoked", EntryStatus.WITHDRAWN),
        ("Disabled", "Removed", "Not Revoked", EntryStatus.SUSPENDED),
        ("", "Not Included", "Not Revoked", EntryStatus.UNKNOWN),
        ("", "A new word", "Not Revoked", EntryStatus.UNKNOWN),
        ("Included", "Included", "Revoked", EntryStatus.DISTRUSTED),
        ("Included", "Included", "Parent Cert Revoked", EntryStatus.WITHDRAWN),
        ("Included", "Included", "A new word", EntryStatus.UNKNOWN),
        ("NotBefore", "Removed", "Not Revoked", EntryStatus.SUSPENDED),
    ],
)
def test_status_of_programs_and_revocation(
    apple: str, mozilla: str, revocation: str, status: EntryStatus
) -> None:
    record = {
        **ROOT_RECORD,
        "Chrome Status": "",
        "Apple Status": apple,
        "Mozilla Status": mozilla,
        "Revocation Status": revocation,
    }
    assert only(read(reports.ALL_RECORDS, record)).status is status


def test_what_was_before_a_revocation_stands_in_the_history() -> None:
    entry = only(read(reports.ALL_RECORDS, {**ROOT_RECORD, "Revocation Status": "Revoked"}))
    assert [change.status for change in entry.history] == [EntryStatus.TRUSTED]


def test_included_root_with_certificate_is_an_anchor() -> None:
    record = {
        **INCLUDED,
        "Company Website": "https://fjordsign.example",
        "Certificate Policy (CP)": "https://fjordsign.example/cp; https://fjordsign.example/cp-of-2020",
        "Certificate Practice & Policy Statement (CP/CPS)": "https://fjordsign.example/cps",
        "EV Policy OID(s)": "2.23.140.1.1; 1.2.3.4",
        "Standard Audit": "https://fjordsign.example/audit",
        "Standard Audit Type": "ETSI EN 319 411",
        "Standard Audit Statement Dt": "2026.02.11",
        "Auditor": "Nordic Audit",
    }
    entry = only(read(reports.MOZILLA_INCLUDED, record))
    assert entry.certificate == ROOT.facts
    assert entry.anchor_mode is AnchorMode.FULL_CHAIN
    assert entry.spki_sha256 is not None
    assert entry.policy.cp_uri == "https://fjordsign.example/cp"
    assert entry.policy.cps_uri == "https://fjordsign.example/cps"
    assert entry.policy.oids == ("2.23.140.1.1", "1.2.3.4")
    (audit,) = entry.audits
    assert (audit.kind, audit.auditor) == ("Standard: ETSI EN 319 411", "Nordic Audit")
    assert (audit.period, audit.report_uri) == ("2026.02.11", "https://fjordsign.example/audit")
    assert entry.stores == (("Mozilla", "Included"),)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024.11.30", datetime(2024, 11, 30, 23, 59, 59, tzinfo=UTC)),
        ("2024-11-30", datetime(2024, 11, 30, 23, 59, 59, tzinfo=UTC)),
        ("2024.11.30 12:30:15", datetime(2024, 11, 30, 12, 30, 15, tzinfo=UTC)),
        ("2024-11-30T12:30:15Z", datetime(2024, 11, 30, 12, 30, 15, tzinfo=UTC)),
    ],
)
def test_distrust_date_lets_its_own_day_stand(text: str, instant: datetime) -> None:
    entry = only(read(reports.MOZILLA_INCLUDED, {**INCLUDED, "Distrust for TLS After Date": text}))
    assert entry.distrust.tls_after == instant
    assert entry.distrust.applies_to is AppliesTo.NOT_BEFORE
    assert entry.status is EntryStatus.TRUSTED_UNTIL


@pytest.mark.parametrize("text", ["30.11.2024", "2024.13.01", "soon", "2024.11-30"])
def test_distrust_date_that_is_none_is_never_passed_over(text: str) -> None:
    error = refused(report(reports.MOZILLA_INCLUDED, {**INCLUDED, "Distrust for TLS After Date": text}))
    assert params(error.problem)["column"] == "Distrust for TLS After Date"


def test_constraint_on_names_limits_the_anchor() -> None:
    record = {**INCLUDED, "Mozilla Applied Constraints": "*.gov.fr; .gp, *.RE"}
    entry = only(read(reports.MOZILLA_INCLUDED, record))
    assert entry.constraints.permitted_names == ("DNS:gov.fr", "DNS:gp", "DNS:re")
    assert entry.status is EntryStatus.TRUSTED


@pytest.mark.parametrize("text", ["Only for the government of France", "*.gov.fr and others", "a b.example"])
def test_constraint_in_words_suspends(text: str) -> None:
    content = read(reports.MOZILLA_INCLUDED, {**INCLUDED, "Mozilla Applied Constraints": text})
    entry = only(content)
    assert entry.status is EntryStatus.SUSPENDED
    assert entry.constraints.permitted_names == ()
    assert entry.history[0].reason == text
    assert any("words that cannot be kept to" in one for one in said(content))


def test_all_included_roots_take_what_including_programs_say() -> None:
    record = {
        "CA Owner": "Fjordsign AS",
        "Certificate Name": "Fjordsign Root",
        "Apple Status": "Removed",
        "Apple Trust Bits": "serverAuth",
        "Microsoft Status": "Included",
        "Microsoft EKUs": "Secure Email;Code Signing",
        "Mozilla Status": "Not Included",
        "SHA-256 Fingerprint": fingerprint(ROOT),
    }
    content = read(reports.ALL_INCLUDED_ROOTS, record)
    assert only(content).usages == frozenset({Usage.EMAIL})
    assert only(content).status is EntryStatus.TRUSTED
    assert any("in one root program and out of another" in one for one in said(content))
    chrome = {**record, "Google Chrome Status": "Included"}
    assert only(read(reports.ALL_INCLUDED_ROOTS, chrome)).usages == frozenset({Usage.TLS_SERVER, Usage.EMAIL})


def test_microsofts_notbefore_without_a_date_is_suspended() -> None:
    record = {
        "Microsoft Status": "NotBefore",
        "CA Owner": "Fjordsign AS",
        "CA Common Name or Certificate Name": "Fjordsign Root",
        "SHA-256 Fingerprint": fingerprint(ROOT),
        "Microsoft EKUs": "Server Authentication",
    }
    content = read(reports.MICROSOFT, record)
    assert only(content).status is EntryStatus.SUSPENDED
    assert any("up to a date that the report does not carry" in one for one in said(content))
    included = only(read(reports.MICROSOFT, {**record, "Microsoft Status": "Included"}))
    assert (included.status, included.usages) == (EntryStatus.TRUSTED, frozenset({Usage.TLS_SERVER}))


def test_revoked_intermediate_is_distrusted_with_its_date() -> None:
    record = {
        "CA Owner": "Fjordsign AS",
        "Revocation Status": "Revoked",
        "RFC 5280 Revocation Reason Code": "(4) superseded",
        "Date of Revocation": "2025 Mar 04",
        "OneCRL Status": "Added to OneCRL",
        "CRL URL(s)": "http://crl.example/a.crl",
        "OCSP URL(s)": "http://ocsp.example",
        "SHA-256 Fingerprint": fingerprint(ISSUING),
        "PEM Info": pem(ISSUING),
    }
    entry = only(read(reports.REVOKED, record))
    assert entry.status is EntryStatus.DISTRUSTED
    assert entry.status_since == datetime(2025, 3, 4, tzinfo=UTC)
    assert entry.revocation_urls == ("http://crl.example/a.crl", "http://ocsp.example")
    assert (entry.kind, entry.anchor_mode) == (EntryKind.INTERMEDIATE, AnchorMode.NOT_ANCHOR)


def test_removed_root_is_withdrawn() -> None:
    record = {
        "Owner": "Fjordsign AS",
        "Root Certificate Name": "Fjordsign Root",
        "SHA-256 Fingerprint": fingerprint(ROOT),
        "Firefox Release When Removed": "Firefox 128",
        "Comments": "It left by its own wish.",
        "PEM Info": pem(ROOT),
    }
    entry = only(read(reports.REMOVED, record))
    assert (entry.status, entry.notes) == (EntryStatus.WITHDRAWN, "It left by its own wish.")
    upcoming = [column for column in reports.REMOVED if column != "Firefox Release When Removed"]
    del record["Firefox Release When Removed"]
    assert only(read(upcoming, record)).status is EntryStatus.PENDING


def test_intermediates_and_cross_certificates_are_told_apart() -> None:
    records = [
        {"SHA-256 Fingerprint": fingerprint(one), "X.509 Certificate (PEM)": pem(one).strip("'")}
        for one in (ROOT, ISSUING, CROSS, pki.server(issuer=ISSUING))
    ]
    content = read(reports.PEMS, *records)
    assert [entry.kind for entry in content.entries] == [
        EntryKind.ROOT,
        EntryKind.INTERMEDIATE,
        EntryKind.CROSS,
        EntryKind.END_ENTITY,
    ]
    assert {entry.status for entry in content.entries} == {EntryStatus.UNKNOWN}
    assert {entry.usages for entry in content.entries} == {None}
    assert content.entries[0].spki_sha256 == content.entries[2].spki_sha256


@pytest.mark.parametrize(
    "columns",
    [
        *(reports.ALL_RECORDS, reports.ALL_RECORDS_1, reports.MOZILLA_INCLUDED, reports.ALL_INCLUDED_ROOTS),
        *(reports.MICROSOFT, reports.REVOKED, reports.INTERMEDIATES, reports.PRELOADED, reports.PEMS),
        *(reports.ROOTS_PEM, reports.REMOVED),
    ],
)
def test_every_column_of_every_layout_is_known(columns: Sequence[str]) -> None:
    content = read(columns)
    assert content.entries == ()
    assert not [remark for remark in content.remarks if "columns" in params(remark)]


def test_oldest_layout_has_the_derived_bits_alone() -> None:
    record = {
        "CA Owner": "Fjordsign AS",
        "Certificate Name": "Fjordsign Root",
        "Certificate Record Type": "Root Certificate",
        "Mozilla Status": "Included",
        "SHA-256 Fingerprint": fingerprint(ROOT),
        "BR Audit URL": "https://fjordsign.example/br",
        "BR Audit Period Start Date": "2022.01.01",
        "BR Audit Period End Date": "2022.12.31",
    }
    entry = only(read(reports.ALL_RECORDS_1, record))
    assert (entry.usages, entry.status) == (None, EntryStatus.TRUSTED)
    assert [(audit.kind, audit.period) for audit in entry.audits] == [("BR", "2022.01.01 to 2022.12.31")]
    bits = {**record, "Derived Trust Bits": "Server Authentication", "Mozilla Status": "Provided by CA"}
    content = read(reports.ALL_RECORDS_1, bits)
    assert only(content).usages == frozenset({Usage.TLS_SERVER})
    assert only(content).status is EntryStatus.UNKNOWN
    assert not any("not known here" in one for one in said(content))


def test_other_layouts_are_known() -> None:
    intermediates = {
        "CA Owner": "Fjordsign AS",
        "Parent Name": "Fjordsign Root",
        "Certificate Name": "Fjordsign Issuing",
        "SHA-256 Fingerprint": fingerprint(ISSUING),
        "PEM Info": pem(ISSUING),
    }
    assert read(reports.INTERMEDIATES, intermediates).list_id == "ccadb:mozilla-intermediates"
    preloaded = {"Subject": "CN=x", "Issuer": "CN=y", "SHA256": fingerprint(ISSUING), "PEM": pem(ISSUING)}
    assert read(reports.PRELOADED, preloaded).list_id == "ccadb:mozilla-preloaded-intermediates"
    entry = only(read(reports.ROOTS_PEM, {"PEM": pem(ROOT), "Distrust for TLS After Date": "2030.01.01"}))
    assert (entry.sha256, entry.usages, entry.status) == (ROOT.sha256, None, EntryStatus.TRUSTED_UNTIL)


def test_order_and_names_of_columns_do_not_matter() -> None:
    columns = [name.upper().replace("[GMT]", "(GMT)") for name in reversed(reports.MOZILLA_INCLUDED)]
    record = {name.upper(): value for name, value in INCLUDED.items()}
    assert only(read(columns, record)).certificate == ROOT.facts


def test_unknown_columns_are_told_once() -> None:
    content = read([*reports.MOZILLA_INCLUDED, "New one", "And another"], INCLUDED, INCLUDED)
    told = [remark for remark in content.remarks if "columns" in params(remark)]
    assert [params(remark)["columns"] for remark in told] == ["New one, And another"]


def test_certificate_twice_is_one_entry_and_the_stricter_counts() -> None:
    content = read(
        reports.ALL_RECORDS, ROOT_RECORD, {**ROOT_RECORD, "Revocation Status": "Revoked"}, ROOT_RECORD
    )
    assert only(content).status is EntryStatus.DISTRUSTED
    assert any("stands there twice" in one or "stand there more than once" in one for one in said(content))


@pytest.mark.parametrize("column", ["Distrust for TLS After Date", "Mozilla Applied Constraints", "Owner"])
def test_missing_column_is_named(column: str) -> None:
    columns = [name for name in reports.MOZILLA_INCLUDED if name != column]
    record = {name: value for name, value in INCLUDED.items() if name != column}
    error = refused(report(columns, record))
    assert column in str(params(error.problem)["columns"])


def test_column_that_stands_there_twice_is_named() -> None:
    """The second might say “Blocked”."""
    header, record = report(reports.ALL_RECORDS, ROOT_RECORD).split(b"\n", 1)
    data = header + b',"Mozilla Status"\n' + record.rstrip(b"\n") + b',"Blocked"\n'
    error = refused(data)
    assert "Mozilla Status" in str(params(error.problem)["columns"])


@pytest.mark.parametrize(
    "columns", [("Subject", "Recognized CAA Domains"), ("CA Owner", "Problem Reporting Mechanism")]
)
def test_reports_without_certificates_say_so(columns: Sequence[str]) -> None:
    assert "which holds no certificates" in refused(report(columns)).problem.id


def test_other_csv_is_none_of_it() -> None:
    assert "no report of CCADB's" in refused(b"name,value\na,b\n").problem.id
    assert not is_ccadb(b"name,value\na,b\n")
    assert not is_ccadb(b"\x30\x82\x00\x00")
    assert is_ccadb(report(reports.ALL_RECORDS))
    assert is_ccadb(b"\xef\xbb\xbf" + report(reports.PEMS))


def test_record_and_line_count_newlines_in_fields() -> None:
    good = {**INCLUDED, "Owner": "Two\nlines"}
    bad = {**INCLUDED, "SHA-256 Fingerprint": fingerprint(OTHER)}
    data = report(reports.MOZILLA_INCLUDED, good, bad)
    error = refused(data)
    line = data[: data.rindex(b'"Fjordsign AS"')].count(b"\n") + 1
    assert (params(error.problem)["record"], params(error.problem)["line"]) == (2, line)
    assert params(error.problem)["column"] == "SHA-256 Fingerprint"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("PEM Info", "'-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'"),
        ("PEM Info", "'-----BEGIN CERTIFICATE-----\nMI*B\n-----END CERTIFICATE-----'"),
        ("PEM Info", "PEM too large"),
        ("SHA-256 Fingerprint", "12345"),
        ("SHA-256 Fingerprint", "zz" * 32),
        ("SHA-256 Fingerprint", ""),
    ],
)
def test_damaged_field_is_named(column: str, text: str) -> None:
    error = refused(report(reports.MOZILLA_INCLUDED, INCLUDED, {**INCLUDED, column: text}))
    assert (params(error.problem)["record"], params(error.problem)["column"]) == (2, column)


def test_short_record_open_quotation_and_other_encodings_are_refused() -> None:
    data = report(reports.MOZILLA_INCLUDED, INCLUDED)
    assert "fields, and the header" in refused(data + b'"one","two"\n').problem.id
    cut = refused(data[:-40])
    assert "quotation mark is not closed" in cut.problem.id
    assert params(cut.problem)["record"] == 1
    latin = refused(data.replace(b"Fjordsign AS", b"Fj\xf8rdsign"))
    assert params(latin.problem)["line"] == 2
    assert refused(b"").problem.id == "There is no line with the names of columns."


def test_progress_counts_records_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    records = [{**ROOT_RECORD, "SHA-256 Fingerprint": f"{number:064x}"} for number in range(250)]
    data = report(reports.ALL_RECORDS, *records)
    read_ccadb(data, "report.csv", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(100, 250), (200, 250), (250, 250)]


DATA = report(reports.MOZILLA_INCLUDED, INCLUDED, {**INCLUDED, "Mozilla Applied Constraints": "*.gov.fr"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(DATA) - 1), octet=st.integers(0, 255), cut=st.booleans())
def test_damaged_files_are_refused_or_say_no_more_than_they_hold(at: int, octet: int, cut: bool) -> None:
    data = DATA[:at] if cut else DATA[:at] + bytes([octet]) + DATA[at + 1 :]
    try:
        content = read_ccadb(data, "report.csv")
    except UnusableInputError:
        return
    for entry in content.entries:
        assert entry.certificate is None or entry.sha256 == entry.certificate.sha256
