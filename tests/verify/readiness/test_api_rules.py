"""API-01 to API-11, from what a server answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.support import pki
from tests.support.one_record_server import API, JSON_LD, error, information
from tests.support.probes import IDENTITY, record
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.probe import CertificateRefusal, HttpFacts, ProbeRecord
from trustdesk.core.trust import ServerJudgement
from trustdesk.verify.readiness.case import ReadinessCase
from trustdesk.verify.readiness.judge import endpoint_findings

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
BASE = "https://cargo.example/1r"
SERVER = replace(pki.root().facts, subject_alt_names=("DNS:cargo.example",))
TRUSTED = ServerJudgement(trusted=True, trust_list="t")
UNTRUSTED = ServerJudgement(trusted=False, trust_list="t")


def bare(**different: Any) -> ProbeRecord:
    fields: dict[str, Any] = {"judgement": TRUSTED, "presented_chain": (SERVER,)}
    return record(BASE, **fields | different)


def answered(status: int = 200, body: bytes | None = None, **different: Any) -> HttpAnswer:
    fields: dict[str, Any] = {
        "status": status,
        "content_type": JSON_LD,
        "content_language": "en-US",
        "last_modified": "Sat, 28 Nov 2026 00:00:00 GMT",
        "body": json.dumps(information(BASE)).encode() if body is None else body,
    }
    return HttpAnswer(**fields | different)


def said(**changed: object) -> HttpAnswer:
    return answered(body=json.dumps(information(BASE, **changed)).encode())


def found(
    rule: str, answer: HttpAnswer | None, probe: ProbeRecord | None = None, **different: Any
) -> Finding:
    seen = probe or bare()
    case = ReadinessCase(target=seen.target, bare=seen, authorised=answer, **different)
    (finding,) = [finding for finding in endpoint_findings(case) if finding.rule == rule]
    return finding


def status(rule: str, answer: HttpAnswer | None, **different: Any) -> FindingStatus:
    return found(rule, answer, **different).status


def test_all_rules_report_and_a_good_server_passes() -> None:
    probe = bare()
    case = ReadinessCase(target=probe.target, bare=probe, authorised=answered(), required_api_version="2.0.0")
    of_api = {one.rule: one.status for one in endpoint_findings(case) if one.rule.startswith("API")}
    assert list(of_api) == [f"API-{number:02}" for number in range(1, 12)]
    assert {rule for rule, one in of_api.items() if one is not PASS} == {"API-09", "API-11"}
    assert of_api["API-11"] is NOT_RUN


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, NOT_RUN),
        (answered(), PASS),
        (answered(401, error(401)), FAIL),
        (answered(403, error(403)), FAIL),
        (answered(404, error(404)), FAIL),
        (answered(301, b"", location="https://elsewhere.example/"), NOT_RUN),
        (answered(body=b"<html>"), FAIL),
        (answered(body=b'{"@type": "api:Error"}'), FAIL),
    ],
)
def test_with_token(answer: HttpAnswer | None, expected: FindingStatus) -> None:
    """API-01: a redirect is no answer, and none of the partner's faults."""
    assert status("API-01", answer) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, PASS),
        ({"content_language": None}, WARN),
        ({"last_modified": None}, WARN),
        ({"content_type": None}, WARN),
        ({"last_modified": "yesterday"}, WARN),
        ({"last_modified": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, WARN),
    ],
)
def test_headers(changed: dict[str, Any], expected: FindingStatus) -> None:
    """API-03."""
    assert status("API-03", answered(**changed)) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/ld+json; version=2.3.0", PASS),
        ('Application/LD+JSON;version="2.2.0"', PASS),
        ("application/ld+json;charset=UTF-8", WARN),
        ("application/json; version=2.3.0", WARN),
        (None, WARN),
    ],
)
def test_content_type(kind: str | None, expected: FindingStatus) -> None:
    """API-04: NE:ONE leaves the version out."""
    assert status("API-04", answered(content_type=kind)) is expected


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (BASE, PASS),
        ("https://cargo.example:8443/other", PASS),
        ("HTTPS://CARGO.EXAMPLE/1r", PASS),
        ("http://cargo.example/1r", FAIL),
        ("https://evil.example/cargo.example", FAIL),
        ("https://cargo.example@evil.example/", FAIL),
        ("cargo.example", FAIL),
        ("https://[::1", FAIL),
        (None, FAIL),
    ],
)
def test_server_endpoint(endpoint: str | None, expected: FindingStatus) -> None:
    """API-05."""
    assert status("API-05", said(hasServerEndpoint=endpoint)) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, PASS),
        ({"hasSupportedEncoding": None}, PASS),
        ({"hasSupportedLanguage": None}, WARN),
        ({"hasSupportedLanguage": ["de-DE"]}, WARN),
        ({"hasSupportedLanguage": ["de-DE", "en-us"]}, PASS),
        ({"hasSupportedContentType": ["text/turtle"]}, WARN),
        ({"hasSupportedOntologyVersion": []}, WARN),
        ({"hasDataHolder": [{"@id": "https://a.example/1"}, {"@id": "https://a.example/2"}]}, WARN),
    ],
)
def test_cardinalities(changed: dict[str, Any], expected: FindingStatus) -> None:
    """API-06."""
    assert status("API-06", said(**changed)) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, PASS),
        ({"hasSupportedOntology": "https://onerecord.iata.org/ns/cargo/3.2.0"}, FAIL),
        ({"hasSupportedOntologyVersion": "https://onerecord.iata.org/ns/cargo"}, FAIL),
        ({"hasSupportedOntology": None}, NOT_RUN),
    ],
)
def test_ontologies(changed: dict[str, Any], expected: FindingStatus) -> None:
    """API-07: information, never a warning."""
    finding = found("API-07", said(**changed))
    assert finding.status is expected
    assert not finding.is_warning


@pytest.mark.parametrize(
    ("required", "supported", "expected"),
    [
        ("", ["2.3.0"], NOT_APPLICABLE),
        ("2.3", ["2.3.0"], PASS),
        ("2.10.0", ["2.9.0"], FAIL),
        ("2.9.0", ["1.0", "2.10.0"], PASS),
        ("2.0.0", ["latest"], NOT_RUN),
        ("2.0.0", ["1.1.0"], FAIL),
    ],
)
def test_api_version(required: str, supported: list[str], expected: FindingStatus) -> None:
    """API-08: versions are compared as numbers."""
    finding = found("API-08", said(hasSupportedApiVersion=supported), required_api_version=required)
    assert finding.status is expected
    assert not finding.is_failure


NGINX = HttpFacts(status=400, certificate_refusal=CertificateRefusal.NONE_SENT)


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (bare(answer=answered(401, error(401))), PASS),
        (bare(answer=answered(401, b"<html>401")), WARN),
        (bare(answer=answered(401, error(500))), WARN),
        (bare(answer=answered(401, error(401, hasTitle=None))), WARN),
        (bare(answer=answered(401, error(401, hasErrorDetail=[]))), WARN),
        (bare(answer=answered(200)), NOT_RUN),
        (bare(answer=answered(400, b"<html>"), http=NGINX), NOT_RUN),
        (bare(answer=answered(401, error(401)), judgement=UNTRUSTED), NOT_RUN),
        (bare(answer=answered(401, error(401)), judgement=None), NOT_RUN),
    ],
)
def test_error_bodies(probe: ProbeRecord, expected: FindingStatus) -> None:
    """API-09: a front end's page about the client certificate is no answer of the API."""
    assert status("API-09", None, probe=probe) is expected


def test_error_body_of_the_unknown_object_counts_too() -> None:
    """API-09."""
    probe = bare(answer=answered(401, error(401)))
    assert status("API-09", None, probe=probe, unknown_object=answered(404, error(404, "Not found"))) is PASS
    assert status("API-09", None, probe=probe, unknown_object=answered(404, b"no")) is WARN


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        ("https://cargo.example/1r/logistics-objects/ACME", PASS),
        ("https://cargo.example/logistics-objects/ACME", PASS),
        ("http://cargo.example/logistics-objects/ACME", WARN),
        ("https://cargo.example/companies/ACME", WARN),
        ("https://cargo.example/logistics-objects/", WARN),
        ("https://cargo.example/logistics-objects/ACME?x=1", WARN),
        ("https://other.example/logistics-objects/ACME", WARN),
        ("_:b0", WARN),
        (None, WARN),
    ],
)
def test_data_holder(holder: str | None, expected: FindingStatus) -> None:
    """API-10."""
    given = None if holder is None else {"@id": holder}
    assert status("API-10", said(hasDataHolder=given)) is expected


def test_untrusted_server_is_not_listened_to() -> None:
    """What it says in HTTP counts for nothing, also when it is all in order."""
    probe = bare(judgement=UNTRUSTED, answer=answered(), http=HttpFacts(status=200))
    for rule in ("API-01", "API-03", "API-04", "API-05", "API-06", "API-07", "API-10"):
        assert status(rule, None, probe=probe) is NOT_RUN


def test_answer_to_the_certificate_alone_is_looked_at_where_no_token_was_given() -> None:
    """API-01 stays not run; API-05 is judged."""
    probe = bare(answer=answered(401, error(401)))
    alone = bare(identity=IDENTITY, answer=answered(), http=HttpFacts(status=200))
    assert status("API-01", None, probe=probe, others=(alone,)) is NOT_RUN
    assert status("API-02", None, probe=probe, others=(alone,)) is PASS
    assert status("API-05", None, probe=probe, others=(alone,)) is PASS


def test_where_tls_refuses_first_the_answer_with_the_certificate_tells_of_the_token() -> None:
    """API-02."""
    refused = bare(http=None)
    alone = bare(identity=IDENTITY, http=HttpFacts(status=401))
    assert status("API-02", None, probe=refused, others=(alone,)) is PASS
    assert status("API-02", None, probe=refused) is NOT_RUN


def test_context_is_neither_fetched_nor_believed() -> None:
    """A context that renames everything changes nothing: names count by their last part."""
    document = {**information(BASE), "@context": ["https://evil.example/context.jsonld", {"api": API}]}
    assert status("API-05", answered(body=json.dumps(document).encode())) is PASS
