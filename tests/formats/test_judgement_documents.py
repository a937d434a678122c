"""Values of judgements as JSON: the contract's vocabulary, and nothing that UTF-8 cannot carry."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support import pki
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, Usability, UsableAs
from trustdesk.core.message import msg
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.core.verification import (
    Opinion,
    PathReport,
    Purpose,
    RuleCheck,
    RuleKind,
    RuleStatus,
    Verification,
)
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.json_text import json_text
from trustdesk.formats.judgement_documents import (
    inspection_document,
    lint_document,
    verification_document,
)
from trustdesk.services.wording import wording

TEXT = wording("en").text
DETAILS = read_details(pki.server(pki.root()).der)
NO = Usability(usable=False, why=msg("no"))
USABLE = UsableAs(server=NO, client=NO)


def check(status: RuleStatus) -> RuleCheck:
    return RuleCheck(
        certificate=DETAILS.facts.sha256,
        index=0,
        rule="chain.key",
        status=status,
        kind=RuleKind.VALIDITY,
        evidence=msg("A \ud800 {name}", name="\ud800"),
        source="RFC 5280",
    )


def verification(status: RuleStatus) -> Verification:
    revocation = RevocationCheck(certificate=DETAILS.facts.sha256, status=RevocationStatus.UNKNOWN)
    path = PathReport(
        certificates=(DETAILS.facts.sha256,),
        anchor_list=None,
        accepted=True,
        checks=(check(status),),
        revocation=(revocation,),
    )
    return Verification(
        certificate=DETAILS.facts,
        purpose=Purpose.SERVER,
        at=pki.NOW,
        trusted=True,
        paths=(path,),
        dead_ends=(),
        own=Opinion(accepted=True, reason=msg("fine")),
        cryptography=Opinion(accepted=None, reason=msg("It was not asked.")),
        verdict=Verdict.WARN,
    )


@pytest.mark.parametrize(
    ("status", "written"),
    [
        (RuleStatus.PASS, "pass"),
        (RuleStatus.WARN, "pass"),
        (RuleStatus.FAIL, "fail"),
        (RuleStatus.NOT_APPLICABLE, "not_applicable"),
        (RuleStatus.NOT_ENFORCED, "not_applicable"),
        (RuleStatus.NOT_RUN, "not_run"),
        (RuleStatus.UNKNOWN, "not_run"),
    ],
)
def test_the_contract_knows_four_outcomes_and_what_is_not_known_is_no_pass(
    status: RuleStatus, written: str
) -> None:
    document = verification_document(verification(status), DETAILS, USABLE, msg("because"), TEXT)
    text = json_text(document)
    text.encode()
    (path,) = json.loads(text)["paths"]
    assert path["checks"][0]["status"] == written
    assert path["revocation"][0] == {
        "certificate": DETAILS.facts.sha256, "status": "unknown", "source": None, "reason": None,
        "age_s": None, "revoked_at": None, "revocation_reason": None, "exempt": None, "answers": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "lead"),
    [
        (RuleStatus.PASS, ""),
        (RuleStatus.WARN, "Warning: "),
        (RuleStatus.FAIL, ""),
        (RuleStatus.NOT_ENFORCED, "Not enforced by the anchor setting: "),
        (RuleStatus.UNKNOWN, "Not known: "),
    ],
)
def test_evidence_says_what_the_word_of_the_contract_does_not(status: RuleStatus, lead: str) -> None:
    document = verification_document(verification(status), DETAILS, USABLE, msg("because"), TEXT)
    plain = verification_document(verification(RuleStatus.PASS), DETAILS, USABLE, msg("because"), TEXT)
    said, words = (
        json.loads(json_text(one))["paths"][0]["checks"][0]["evidence"] for one in (document, plain)
    )
    assert said == lead + words


def test_the_reason_is_the_callers_and_an_engine_that_was_not_asked_accepted_nothing() -> None:
    document = verification_document(verification(RuleStatus.PASS), DETAILS, USABLE, msg("because"), TEXT)
    assert document["verdicts"] == {
        "own": {"accepted": True, "reason": "because"},
        "cryptography": {"accepted": None, "reason": "It was not asked."},
    }
    assert document["verdict"] == "pass"


def test_an_extension_that_cannot_be_decoded_says_so_as_its_text() -> None:
    damaged = replace(DETAILS.extensions[0], text=None, problem=msg("It is cut short."))
    details = replace(DETAILS, extensions=(damaged,))
    item = InspectedItem(kind=ItemKind.CERTIFICATE, source="a.pem", position=0, certificate=details)
    document = inspection_document(Inspection(items=(item,)), {DETAILS.facts.sha256: USABLE}, TEXT)
    written = json.loads(json_text(document))["items"][0]["certificate"]["extensions"]
    assert written[0]["text"] == "It is cut short."


def test_lint_of_a_thing_that_is_neither_has_no_digest() -> None:
    finding = Finding(
        rule="X-1",
        status=FindingStatus.FAIL,
        severity=Severity.WARNING,
        title=msg("t"),
        evidence=msg("e"),
        source="s",
    )
    item = InspectedItem(kind=ItemKind.UNKNOWN, source="\ud800", position=3)
    document = lint_document(item, role="ca", rule_sets=["org"], at=pki.NOW, findings=[finding], text=TEXT)
    json_text(document).encode()
    assert document["item"] == {
        "kind": "unknown", "source": "\ufffd", "position": 3, "sha256": None, "subject": None,
    }  # fmt: skip
    assert document["verdict"] == "warn"
