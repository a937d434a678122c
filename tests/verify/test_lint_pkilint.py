"""What pkilint remarks, as findings of ours; in this process, on certificates that are known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.profiles import client
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.der import Element, read_element
from trustdesk.services.wording import wording
from trustdesk.verify.lint_pkilint import (
    PkilintRefusal,
    PkilintRemark,
    findings_of,
    not_der,
    not_run,
    report,
)

PASS, WARN, FAIL, NOT_RUN = (
    FindingStatus.PASS,
    FindingStatus.WARN,
    FindingStatus.FAIL,
    FindingStatus.NOT_RUN,
)


def lint(der: bytes) -> tuple[Finding, ...]:
    return findings_of(report(der), der)


def evidence(finding: Finding) -> str:
    return wording("en").text(finding.evidence)


def test_certificate_without_a_remark_passes() -> None:
    assert report(client().der) == ()
    (finding,) = findings_of((), client().der)
    assert (finding.rule, finding.status) == ("pkilint", PASS)


def test_missing_authority_key_identifier_is_named() -> None:
    found = {finding.rule: finding for finding in lint(client(identifiers=False).der)}
    finding = found["pkilint:pkix.authority_key_identifier_extension_absent"]
    assert (finding.status, finding.severity, finding.source) == (FAIL, Severity.ERROR, "RFC 5280")
    assert evidence(finding) == "At certificate."


def test_node_path_and_words_are_kept() -> None:
    der = client(key_usage=["digital_signature", "key_encipherment"]).der
    (finding,) = lint(der)
    assert finding.rule == "pkilint:pkix.key_usage_value_prohibited_for_ec"
    offset = next(one.offset for one in read_details(der).extensions if one.name == "keyUsage")
    assert evidence(finding).startswith("At certificate.tbsCertificate.extensions.")
    assert f".keyUsage, byte {offset}: " in evidence(finding)
    assert "keyEncipherment" in evidence(finding)


@pytest.mark.parametrize(
    ("said", "status", "severity"),
    [
        ("FATAL", FAIL, Severity.ERROR),
        ("ERROR", FAIL, Severity.ERROR),
        ("WARNING", WARN, Severity.WARNING),
        ("NOTICE", FAIL, Severity.INFO),
    ],
)
def test_severities(said: str, status: FindingStatus, severity: Severity) -> None:
    (finding,) = findings_of((PkilintRemark(said, "pkix.some_code", "certificate", "words"),), b"")
    assert (finding.rule, finding.status, finding.severity) == ("pkilint:pkix.some_code", status, severity)
    assert wording("en").text(finding.title) == "RFC 5280 conformance: some code."
    assert finding.is_failure is (severity is Severity.ERROR)


def test_what_is_no_der_is_one_finding_with_the_byte() -> None:
    der = client().der
    finding = not_der(der + b"\0")
    assert finding is not None
    assert (finding.rule, finding.status, finding.severity) == ("pkilint", FAIL, Severity.ERROR)
    assert f"Not DER at byte {len(der)}: bytes follow" in evidence(finding)
    assert not_der(client().der) is None


def test_default_value_written_out_is_refused_with_its_byte() -> None:
    """`cA FALSE` written out: the commonest fault in the field, and not seen without the schema."""
    der = client().der
    plain, written = (
        bytes.fromhex("0603551d130101ff04023000"),
        bytes.fromhex("0603551d130101ff04053003010100"),
    )
    assert der.count(plain) == 1
    at = der.index(plain)
    (finding,) = lint(_longer(der, at, plain, written))
    assert (finding.rule, finding.is_failure) == ("pkilint:itu.invalid_asn1_syntax", True)
    assert f"byte {at - 2}: " in evidence(finding)
    assert "Explicitly encoded default value" in evidence(finding)


def test_refusal_without_an_offset_says_so_in_words() -> None:
    (with_offset,) = findings_of(PkilintRefusal("words", 7), b"")
    (without,) = findings_of(PkilintRefusal("words", None), b"")
    assert evidence(with_offset) == "Not DER at byte 7: words"
    assert evidence(without) == "pkilint cannot decode it: words"
    assert with_offset.is_failure
    assert without.is_failure


def test_refusal_is_reported_not_raised() -> None:
    assert isinstance(report(b""), PkilintRefusal)
    assert isinstance(report(b"nothing"), PkilintRefusal)
    cut = report(client().der[:-4])
    assert isinstance(cut, PkilintRefusal)


def test_run_that_gave_nothing_is_no_pass() -> None:
    assert not_run(findings_of((), client().der)[0].title).status is NOT_RUN


def test_pkilint_is_not_loaded_by_importing_ours() -> None:
    modules = "trustdesk.verify.lint_pkilint, trustdesk.services.linting"
    script = f"import sys, {modules}; print('pkilint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _longer(der: bytes, at: int, old: bytes, new: bytes) -> bytes:
    """Replace bytes inside an extension, and mend the lengths around them."""
    grown = bytearray(der[:at] + new + der[at + len(old) :])
    for element in _around(read_element(der), at):
        digits = element.content_start - element.start - 2
        place = slice(element.content_start - max(digits, 1), element.content_start)
        length = element.content_end - element.content_start + len(new) - len(old)
        grown[place] = length.to_bytes(max(digits, 1), "big")
    return bytes(grown)


def _around(element: Element, at: int) -> Iterator[Element]:
    """Yield the elements that `at` lies inside of, from the outermost in."""
    if element.content_start <= at < element.content_end:
        yield element
        if element.is_constructed:
            for child in element.children():
                yield from _around(child, at)
