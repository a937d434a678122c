"""The JSON document `trustdesk.diagnosis/1`. Keys of the contract come first; null says nothing to tell."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.diagnosis import Diagnosis, Hypothesis, IdentityMatch, ProbeVariant, VariantProbe
from trustdesk.core.handshake import AlertDirection
from trustdesk.core.probe import ProbeRecord
from trustdesk.formats.document_values import Words, finding_value, instant, milliseconds, target_values, utf8

DIAGNOSIS_SCHEMA = "trustdesk.diagnosis/1"


def diagnosis_document(diagnosis: Diagnosis, text: Words) -> dict[str, object]:
    """Return a diagnosis as JSON-ready values."""
    target, identity, family = diagnosis.target, diagnosis.identity, diagnosis.family
    return {
        "schema": DIAGNOSIS_SCHEMA,
        "target": {
            **target_values(target),
            "address": next((probe.report.record.address for probe in diagnosis.probes), None),
        },
        "identity": None if identity is None else {"name": utf8(identity.name), "sha256": identity.sha256},
        "probes": [_probe(probe) for probe in diagnosis.probes],
        "hypotheses": [_hypothesis(hypothesis, text) for hypothesis in diagnosis.hypotheses],
        "verdict": diagnosis.verdict.value,
        "started_at": instant(diagnosis.started_at),
        "duration_ms": milliseconds(diagnosis.duration_ms),
        "preflight": [finding_value(finding, text) for finding in diagnosis.preflight],
        "legacy_versions": [
            {"version": one.version, "answer": one.answer.value, "detail": utf8(one.detail)}
            for one in diagnosis.legacy
        ],
        "server_family": None
        if family is None
        else {
            "family": family.family.value,
            "certain": family.certain,
            "evidence": utf8(text(family.evidence)),
        },
        "identities": [_identity(match, text) for match in diagnosis.identities],
        "limit": None if diagnosis.limit is None else utf8(text(diagnosis.limit)),
    }


def _probe(probe: VariantProbe) -> dict[str, object]:
    record = probe.report.record
    return {
        "id": probe.id,
        "variant": _variant(probe.variant),
        "outcome": record.outcome.value,
        "alert": _last_alert(record),
        "http_status": None if record.http is None else record.http.status,
    }


def _variant(variant: ProbeVariant) -> dict[str, object]:
    return {
        "version": variant.versions.value,
        "certificate": variant.certificate.value,
        "sni": variant.server_name.value,
        "groups": variant.groups.value,
        "alpn": variant.alpn.value,
        "address": variant.address,
    }


def _last_alert(record: ProbeRecord) -> str | None:
    alert = record.last_alert(AlertDirection.RECEIVED)
    return alert.name if alert is not None else None


def _hypothesis(hypothesis: Hypothesis, text: Words) -> dict[str, object]:
    return {
        "cause": hypothesis.cause,
        "confidence": round(hypothesis.confidence, 3),
        "responsible": hypothesis.responsible.value,
        "statement": utf8(text(hypothesis.statement)),
        "evidence": [
            utf8(f"{one.probe}: {text(one.fact)}" if one.probe else text(one.fact))
            for one in hypothesis.evidence
        ],
        "remedy": "" if hypothesis.remedy is None else utf8(text(hypothesis.remedy)),
        "log_hint": utf8(hypothesis.log_hint),
        "separated_by": None if hypothesis.separated_by is None else utf8(text(hypothesis.separated_by)),
        "same_as": list(hypothesis.same_as),
        "weights": _weights(hypothesis),
    }


def _weights(hypothesis: Hypothesis) -> Sequence[float]:
    return [round(one.weight, 2) for one in hypothesis.evidence]


def _identity(match: IdentityMatch, text: Words) -> dict[str, object]:
    return {
        "name": utf8(match.name),
        "sha256": match.sha256,
        "clients": [
            {
                "client": one.client,
                "would_send": one.would_send.value,
                "reason": utf8(text(one.reason)),
            }
            for one in match.behaviours
        ],
    }
