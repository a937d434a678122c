"""The JSON documents on certificates: `trustdesk.inspection/1`, `…verification/1` and `…lint/1`.

Every key is always there, in the contract's order; null says that there is nothing to tell. The contract
knows four outcomes of a check: what the anchor setting leaves out is written as not applicable, what could
not be found out as not run, and what holds with a remark as pass. Where the word says less than we know, the
evidence begins with what it was, so that nobody takes a remark for a clean pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.core.finding import Finding, verdict_of
from trustdesk.core.inspection import (
    CertificateDetails,
    ExtensionFacts,
    InspectedItem,
    Inspection,
    Usability,
    UsableAs,
)
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import Opinion, PathReport, RuleCheck, RuleStatus, Verification
from trustdesk.formats.document_values import (
    Words,
    certificate_in_short,
    fail_mode_values,
    finding_value,
    instant,
    revocation_value,
    utf8,
)

INSPECTION_SCHEMA = "trustdesk.inspection/1"
VERIFICATION_SCHEMA = "trustdesk.verification/1"
LINT_SCHEMA = "trustdesk.lint/1"

_STATUS = {
    RuleStatus.PASS: "pass",
    RuleStatus.WARN: "pass",
    RuleStatus.FAIL: "fail",
    RuleStatus.NOT_APPLICABLE: "not_applicable",
    RuleStatus.NOT_ENFORCED: "not_applicable",
    RuleStatus.NOT_RUN: "not_run",
    RuleStatus.UNKNOWN: "not_run",
}

_LEADS = {
    RuleStatus.WARN: msg("Warning:"),
    RuleStatus.NOT_ENFORCED: msg("Not enforced by the anchor setting:"),
    RuleStatus.UNKNOWN: msg("Not known:"),
}
"""What the evidence begins with where the contract's word alone would say too little."""


def inspection_document(
    inspection: Inspection, usable: Mapping[str, UsableAs], text: Words
) -> dict[str, object]:
    """Return what is in some files as JSON-ready values.

    Args:
        usable: what each certificate can be used as, by its SHA-256.
    """
    return {
        "schema": INSPECTION_SCHEMA,
        "items": [_item(item, usable, text) for item in inspection.items],
        "problems": [_words(problem, text) for problem in inspection.problems],
    }


def verification_document(
    verification: Verification,
    details: CertificateDetails,
    usable: UsableAs,
    reason: Message,
    text: Words,
) -> dict[str, object]:
    """Return a verification as JSON-ready values.

    Args:
        details: of the certificate that was judged.
        reason: why it is trusted or not, with certificate and rule named.
    """
    return {
        "schema": VERIFICATION_SCHEMA,
        "certificate": _certificate(details, usable, text),
        "purpose": verification.purpose.value,
        "reference_identifier": utf8(verification.reference_identifier),
        "at": instant(verification.at),
        "trusted": verification.trusted,
        "paths": [_path(path, text) for path in verification.paths],
        "dead_ends": [
            {"certificate": end.certificate, "reason": _words(end.reason, text)}
            for end in verification.dead_ends
        ],
        "verdicts": {
            "own": {"accepted": verification.own.accepted, "reason": _words(reason, text)},
            "cryptography": _opinion(verification.cryptography, text),
        },
        "verdict": "pass" if verification.trusted else "fail",
    }


def lint_document(
    item: InspectedItem,
    *,
    role: str,
    rule_sets: Sequence[str],
    at: datetime,
    findings: Sequence[Finding],
    text: Words,
) -> dict[str, object]:
    """Return the findings on one certificate or request as JSON-ready values."""
    facts = item.certificate.facts if item.certificate is not None else item.csr
    return {
        "schema": LINT_SCHEMA,
        "item": {
            "kind": item.kind.value,
            "source": utf8(item.source),
            "position": item.position,
            "sha256": None if facts is None else facts.sha256,
            "subject": None if facts is None else utf8(facts.subject),
        },
        "role": role,
        "rules": list(rule_sets),
        "at": instant(at),
        "findings": [finding_value(finding, text) for finding in findings],
        "verdict": verdict_of(findings).value,
    }


def _item(item: InspectedItem, usable: Mapping[str, UsableAs], text: Words) -> dict[str, object]:
    details = item.certificate
    return {
        "kind": item.kind.value,
        "source": utf8(item.source),
        "position": item.position,
        "certificate": None if details is None else _certificate(details, usable[details.facts.sha256], text),
        "problems": [_words(problem, text) for problem in item.problems],
    }


def _certificate(details: CertificateDetails, usable: UsableAs, text: Words) -> dict[str, object]:
    facts = details.facts
    in_short = certificate_in_short(facts)
    return {
        "sha256": in_short.pop("sha256"),
        "sha1": details.sha1,
        "spki_sha256": details.spki_sha256,
        **in_short,
        "key": {"algorithm": facts.key_algorithm, "bits": facts.key_bits, "curve": details.curve},
        "signature_algorithm": facts.signature_algorithm,
        "version": details.version,
        "is_ca": facts.is_ca,
        "subject_alt_names": [utf8(name) for name in facts.subject_alt_names],
        "key_usage": list(facts.key_usage or ()),
        "extended_key_usage": list(facts.extended_key_usage or ()),
        "extensions": [_extension(extension, text) for extension in details.extensions],
        "usable_as": {"server": _usability(usable.server, text), "client": _usability(usable.client, text)},
    }


def _extension(extension: ExtensionFacts, text: Words) -> dict[str, object]:
    lines = [_words(line, text) for line in extension.text or ()]
    if not lines and extension.problem is not None:
        lines = [_words(extension.problem, text)]
    return {
        "oid": extension.oid,
        "name": extension.name,
        "critical": extension.critical,
        "text": "\n".join(lines),
    }


def _usability(usability: Usability, text: Words) -> dict[str, object]:
    return {"usable": usability.usable, "why": _words(usability.why, text)}


def _path(path: PathReport, text: Words) -> dict[str, object]:
    return {
        "certificates": list(path.certificates),
        "anchor_list": utf8(path.anchor_list),
        "accepted": path.accepted,
        "checks": [_check(check, text) for check in path.checks],
        "revocation": [revocation_value(check, text) for check in path.revocation],
        "fail_modes": fail_mode_values(path.fail_modes, text),
    }


def _check(check: RuleCheck, text: Words) -> dict[str, object]:
    return {
        "certificate": check.certificate,
        "rule": check.rule,
        "status": _STATUS[check.status],
        "evidence": _words(_evidence(check), text),
        "source": check.source,
    }


def _evidence(check: RuleCheck) -> Message:
    """Return the evidence, led by the outcome where the contract has no word for that."""
    lead = _LEADS.get(check.status)
    return check.evidence if lead is None else msg("{lead} {evidence}", lead=lead, evidence=check.evidence)


def _opinion(opinion: Opinion, text: Words) -> dict[str, object]:
    return {"accepted": opinion.accepted, "reason": _words(opinion.reason, text)}


def _words(message: Message, text: Words) -> str:
    return utf8(text(message)) or ""
