"""What all documents write alike: instants, durations, foreign text, certificates in short, findings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message

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
