"""One endpoint of a report in words: its row, and its section with everything that its last probe showed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.message import msg, msg_n
from trustdesk.core.probe import ProbeRecord, ProbeReport
from trustdesk.core.untrusted import visible
from trustdesk.services.board import BoardRow, Cell, State
from trustdesk.services.event_words import EVENT_WORDS
from trustdesk.services.probe_facts import facts_of
from trustdesk.services.report_view import (
    CertificateView,
    Chip,
    EventView,
    FindingView,
    RowView,
    SectionView,
)
from trustdesk.services.verdict_words import (
    SEVERITY_WORDS,
    STATUS_WORDS,
    action_of,
    row_word,
    shown_status,
    state_of_finding,
)
from trustdesk.services.wording import Wording

WARNING_DAYS = 30
_SHOWN_NAMES = 12
_TICK = "tick"
"""Plain mark of a rule that passed: green is for trusted and accepted alone."""

LOUD = frozenset({FindingStatus.FAIL, FindingStatus.WARN})
"""Rules that are shown at once; the others are counted in words, and unfold."""

WORST_FIRST = (
    State.BAD,
    State.WARNING,
    State.UNKNOWN,
    State.RUNNING,
    State.NOT_APPLICABLE,
    State.GOOD,
)


class SectionWriter:
    """Turns values into words for one report."""

    def __init__(self, wording: Wording, now: datetime) -> None:
        self._say = wording.text
        self._now = now

    def row(self, row: BoardRow, has_section: bool) -> RowView:
        """Return the line of the table."""
        days = row.days_left
        days_state = ""
        if days is not None and days <= WARNING_DAYS:
            days_state = State.BAD.value if days < 0 else State.WARNING.value
        return RowView(
            id=row.endpoint.id,
            partner=visible(row.endpoint.partner),
            endpoint=visible(row.endpoint.target.endpoint),
            row=Chip(state=row.state.value, word=self._say(row_word(row))),
            tls=row.tls_version or "–",
            server=self._chip(row.server),
            mtls=self._chip(row.mtls),
            on_list=self._chip(row.on_list),
            days="–" if days is None else str(days).replace("-", "\N{MINUS SIGN}"),
            days_state=days_state,
            tested="–" if row.tested_at is None else f"{row.tested_at.astimezone(UTC):%Y-%m-%d %H:%M}",
            has_section=has_section,
        )

    def section(self, view: RowView, row: BoardRow, report: ProbeReport) -> SectionView:
        """Return everything that the last probe showed."""
        explanation = report.explanation
        record = report.record
        findings = sorted(report.findings, key=lambda finding: WORST_FIRST.index(state_of_finding(finding)))
        loud = [finding for finding in findings if finding.status in LOUD]
        quiet = [finding for finding in findings if finding.status not in LOUD]
        fatal_at = frozenset(alert.at_ms for alert in record.alerts if alert.level == "fatal")
        return SectionView(
            row=view,
            open=row.state is not State.GOOD,
            headline=self._say(explanation.headline),
            action=self._say(action_of(explanation)),
            loudest=self._loudest(record),
            cause="" if explanation.cause == "none" else explanation.cause,
            evidence=tuple(self._say(evidence) for evidence in explanation.evidence),
            facts=tuple(
                (self._say(label), tuple(self._say(line) for line in lines))
                for label, lines in facts_of(report)
            ),
            details="" if record.error_detail is None else visible(record.error_detail, 400),
            findings=tuple(self.finding(finding) for finding in loud),
            quiet_findings=tuple(self.finding(finding) for finding in quiet),
            quiet_words=self._quiet_words(quiet),
            chain=tuple(
                self._certificate(position, certificate)
                for position, certificate in enumerate(record.presented_chain, start=1)
            ),
            timeline=tuple(self._event(event, fatal_at) for event in record.timeline),
        )

    def _chip(self, cell: Cell) -> Chip:
        return Chip(state=cell.state.value, word=self._say(cell.word))

    def _loudest(self, record: ProbeRecord) -> str:
        fatal = [alert for alert in record.alerts if alert.level == "fatal"]
        if fatal:
            alert = fatal[-1]
            return self._say(msg("alert {code} at {ms} ms", code=alert.code, ms=round(alert.at_ms)))
        if record.http is not None:
            return self._say(msg("HTTP {status}", status=record.http.status))
        return ""

    def finding(self, finding: Finding) -> FindingView:
        """Return a rule with what came of it."""
        return FindingView(
            rule=visible(finding.rule),
            result=Chip(
                state=_TICK if finding.status is FindingStatus.PASS else state_of_finding(finding),
                word=self._say(STATUS_WORDS[shown_status(finding)]),
            ),
            severity=self._say(SEVERITY_WORDS[finding.severity]),
            title=self._say(finding.title),
            evidence=self._say(finding.evidence),
            remedy="" if finding.remedy is None else self._say(finding.remedy),
            source=visible(finding.source),
        )

    def _quiet_words(self, quiet: Sequence[Finding]) -> str:
        counts = Counter(finding.status for finding in quiet)
        return self._say(
            msg(
                "{passed} passed, {not_run} not run, {not_applicable} not applicable",
                passed=counts[FindingStatus.PASS],
                not_run=counts[FindingStatus.NOT_RUN],
                not_applicable=counts[FindingStatus.NOT_APPLICABLE],
            )
        )

    def _certificate(self, position: int, certificate: CertificateFacts) -> CertificateView:
        names = [visible(name) for name in certificate.subject_alt_names[:_SHOWN_NAMES]]
        left = len(certificate.subject_alt_names) - len(names)
        if left > 0:
            names.append(self._say(msg_n("{count} more", "{count} more", left)))
        pairs = [certificate.sha256[at : at + 2].upper() for at in range(0, 64, 2)]
        bits = "" if certificate.key_bits is None else f" {certificate.key_bits}"
        return CertificateView(
            position=position,
            title=visible(certificate.title),
            issuer="–" if certificate.issuer is None else visible(certificate.issuer),
            names=", ".join(names),
            valid=self._validity_dates(certificate),
            validity=self._validity(certificate),
            key="–" if certificate.key_algorithm is None else visible(certificate.key_algorithm + bits),
            digest=(":".join(pairs[:16]), ":".join(pairs[16:])),
            problems=tuple(self._say(problem) for problem in certificate.problems),
        )

    def _validity_dates(self, certificate: CertificateFacts) -> str:
        ends = [
            "?" if at is None else f"{at.astimezone(UTC):%Y-%m-%d}"
            for at in (certificate.not_before, certificate.not_after)
        ]
        return " – ".join(ends)

    def _validity(self, certificate: CertificateFacts) -> Chip:
        if certificate.not_before is None or certificate.not_after is None:
            return Chip(state=State.UNKNOWN.value, word=self._say(msg("Not readable")))
        if self._now < certificate.not_before:
            return Chip(state=State.BAD.value, word=self._say(msg("Not yet valid")))
        days = (certificate.not_after - self._now).days
        if days < 0:
            word = msg_n("expired {count} day ago", "expired {count} days ago", -days)
            return Chip(state=State.BAD.value, word=self._say(word))
        state = State.WARNING.value if days <= WARNING_DAYS else _TICK
        return Chip(state=state, word=self._say(msg_n("{count} day left", "{count} days left", days)))

    def _event(self, event: TimelineEvent, fatal_at: frozenset[float]) -> EventView:
        is_ours = event.direction is Direction.OUT
        word = EVENT_WORDS.get(event.message)
        # TLS messages keep the names of their RFCs in every language.
        rfc_name = "".join(part.capitalize() for part in event.message.split("_"))
        return EventView(
            at=f"{event.at_ms:.1f}",
            direction=self._say(msg("Us to partner") if is_ours else msg("Partner to us")),
            is_ours=is_ours,
            name=visible(rfc_name) if word is None else self._say(word),
            detail=visible(event.detail),
            size=f"{event.bytes:,}".replace(",", "\N{THIN SPACE}") if event.bytes else "–",
            encrypted=event.encrypted,
            is_trouble=event.message == "tcp_reset"
            or (event.message.endswith("alert") and event.at_ms in fatal_at),
        )
