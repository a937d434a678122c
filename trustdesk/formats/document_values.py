"""What all documents write alike: instants, durations, foreign text, certificates in short, findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message
from trustdesk.core.revocation import FailModeVerdict, RevocationAnswer, RevocationCheck
from trustdesk.core.target import Target

Words = Callable[[Message], str]
"""Turns a sentence into words: `Wording.text`."""

T = TypeVar("T")


def certificate_in_short(facts: CertificateFacts) -> dict[str, object]:
    """Return the certificate object of chains."""
    return {
        "sha256": facts.sha256,
        "subject": utf8(facts.subject),
        "issuer": utf8(facts.issuer),
        "serial_number": facts.serial_number,
        "not_before": optional(facts.not_before, instant),
        "not_after": optional(facts.not_after, instant),
    }


def target_values(target: Target) -> dict[str, object]:
    """Return what a test was aimed at."""
    return {
        "host": target.host,
        "port": target.port,
        "protocol": target.protocol.value,
        "server_name": target.server_name,
        "verify_name": target.verify_name,
    }


def finding_value(finding: Finding, text: Words) -> dict[str, object]:
    """Return the finding object."""
    return {
        "rule": finding.rule,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "title": utf8(text(finding.title)),
        "evidence": utf8(text(finding.evidence)),
        "remedy": "" if finding.remedy is None else utf8(text(finding.remedy)),
        "source": finding.source,
    }


def optional(value: T | None, write: Callable[[T], object]) -> object:
    """Return null for None, else what `write` makes of it."""
    return None if value is None else write(value)


def instant(at: datetime) -> str:
    """Return RFC 3339 in UTC, with milliseconds only where there are any."""
    at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def milliseconds(duration_ms: float | None) -> float | None:
    """Return a duration to the microsecond."""
    return None if duration_ms is None else round(duration_ms, 3)


def utf8(text: str | None) -> str | None:
    """Replace lone surrogates, which no UTF-8 can carry, by U+FFFD."""
    if text is None:
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def revocation_value(check: RevocationCheck, text: Words) -> dict[str, object]:
    """Return the revocation object of one certificate: the contract's keys, then what else is known."""
    return {
        "certificate": check.certificate,
        "status": check.status.value,
        "source": optional(check.source, lambda source: utf8(source.place)),
        "reason": optional(check.reason, lambda reason: utf8(text(reason))),
        "age_s": check.age_s,
        "revoked_at": optional(check.revoked_at, instant),
        "revocation_reason": check.revocation_reason,
        "exempt": optional(check.exempt, lambda why: utf8(text(why))),
        "answers": [_answer(answer, text) for answer in check.answers],
    }


def fail_mode_values(verdicts: Sequence[FailModeVerdict], text: Words) -> list[dict[str, object]]:
    """Return what follows from the revocation of a path, soft fail first."""
    return [
        {"mode": one.mode.value, "accepted": one.accepted, "reason": utf8(text(one.reason))}
        for one in verdicts
    ]


def _answer(answer: RevocationAnswer, text: Words) -> dict[str, object]:
    return {
        "status": answer.status.value,
        "source": {
            "kind": answer.source.kind.value,
            "origin": answer.source.origin.value,
            "place": utf8(answer.source.place),
            "cached": answer.source.cached,
        },
        "reason": utf8(text(answer.reason)),
        "signed_by": utf8(answer.signed_by),
        "this_update": optional(answer.this_update, instant),
        "next_update": optional(answer.next_update, instant),
        "produced_at": optional(answer.produced_at, instant),
        "retrieved_at": optional(answer.retrieved_at, instant),
        "revoked_at": optional(answer.revoked_at, instant),
        "revocation_reason": answer.revocation_reason,
        "invalidity_date": optional(answer.invalidity_date, instant),
        "checks": [
            {
                "rule": check.rule,
                "status": check.status.value,
                "evidence": utf8(text(check.evidence)),
                "source": check.source,
            }
            for check in answer.checks
        ],
    }
