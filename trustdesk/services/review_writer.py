"""The review of a partner into the words of its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from trustdesk.core.diagnosis import Hypothesis
from trustdesk.core.finding import Finding, FindingStatus, Verdict
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.partner import Partner
from trustdesk.core.probe import ProbeReport
from trustdesk.core.readiness import CallMade, Readiness
from trustdesk.core.untrusted import visible
from trustdesk.services.board import BoardRow, State
from trustdesk.services.not_checked import gaps_of
from trustdesk.services.partner_words import ROLE_WORDS
from trustdesk.services.readiness_words import CALL_WORDS, shows_nothing, verdict_words
from trustdesk.services.report_view import Chip, FindingView
from trustdesk.services.report_writer import gap_views, headline_of
from trustdesk.services.review import EndpointReview, PartnerReview
from trustdesk.services.review_sign_off import sign_off
from trustdesk.services.review_view import (
    CallView,
    DatedView,
    EndpointView,
    HypothesisView,
    ReadinessView,
    SheetView,
)
from trustdesk.services.section_writer import LOUD, WORST_FIRST, SectionWriter
from trustdesk.services.verdict_words import (
    NOT_JUDGED,
    STATE_OF_VERDICT,
    STATE_WORDS,
    WHO,
    action_of,
    state_of_finding,
)
from trustdesk.services.wording import Wording

_SHOWN_CAUSES = 5
_SHOWN_CHANGES = 20
_QUIET = frozenset({FindingStatus.PASS, FindingStatus.NOT_APPLICABLE})


def sheet_view(review: PartnerReview, wording: Wording) -> SheetView:
    """Return the sheet of a partner in words; the endpoint that is worst comes first."""
    return _Writer(review, wording).sheet()


class _Writer:
    """Turns values into words for one sheet."""

    def __init__(self, review: PartnerReview, wording: Wording) -> None:
        self._review = review
        self._wording = wording
        self._say = wording.text
        self._at = review.evaluated_at or review.made_at
        self._sections = SectionWriter(wording, self._at)

    def sheet(self) -> SheetView:
        """Return everything."""
        review, say = self._review, self._say
        ordered = sorted(review.endpoints, key=_worst_first)
        state, headline, action = _headline([one.row for one in ordered], review.evaluated_at)
        day = review.evaluated_at
        as_of = msg(
            "Judged as of {at}. What happened in a test is told as of the day of the test.", at=self._at
        )
        return SheetView(
            title=say(msg("Review sheet")),
            partner=visible(review.partner.name),
            made_at=say(msg("{at}", at=review.made_at)),
            judged_for="" if day is None else say(as_of),
            trust_list=say(review.trust_list),
            headline=say(headline),
            headline_state=state.value,
            action="" if action is None else say(action),
            facts=tuple(self._partner_facts(review.partner)),
            endpoints=tuple(self._endpoint(one) for one in ordered),
            sign_off=sign_off(review, say),
        )

    def _partner_facts(self, partner: Partner) -> list[tuple[str, tuple[str, ...]]]:
        say = self._say
        facts: list[tuple[Message, tuple[str, ...]]] = []
        if partner.company_id:
            facts.append((msg("Company id"), (visible(partner.company_id),)))
        if partner.role is not None:
            facts.append((msg("Role"), (say(ROLE_WORDS[partner.role]),)))
        if partner.one_record_ids:
            shown = tuple(visible(one) for one in partner.one_record_ids[:_SHOWN_IDS])
            left = len(partner.one_record_ids) - len(shown)
            more = (say(msg_n("{count} more", "{count} more", left)),) if left > 0 else ()
            facts.append((msg("1R-IDs"), (*shown, *more)))
        for contact in partner.contacts[:_SHOWN_CONTACTS]:
            parts = (contact.name, contact.duty, contact.email, contact.phone)
            facts.append((msg("Contact"), (", ".join(visible(part) for part in parts if part),)))
        left = len(partner.contacts) - _SHOWN_CONTACTS
        if left > 0:
            facts.append((msg("Contact"), (say(msg_n("{count} more", "{count} more", left)),)))
        if partner.tags:
            facts.append((msg("Tags"), (", ".join(visible(tag, 40) for tag in partner.tags[:_SHOWN_IDS]),)))
        if partner.note:
            facts.append((msg("Note"), (visible(partner.note, 600),)))
        return [(say(label), lines) for label, lines in facts]

    def _endpoint(self, review: EndpointReview) -> EndpointView:
        report = review.report
        view = self._sections.row(review.row, has_section=report is not None)
        causes = () if review.diagnosis is None else review.diagnosis.hypotheses[:_SHOWN_CAUSES]
        return EndpointView(
            row=view,
            section=None if report is None else self._sections.section(view, review.row, report),
            passed=self._findings(_passed(review), _QUIET),
            hypotheses=tuple(
                self._hypothesis(place, cause)
                for place, cause in enumerate(causes, 1)
                if cause.cause != "none"
            ),
            readiness=None if review.readiness is None else self._readiness(review.readiness, report),
            changes=None
            if review.changes is None
            else tuple(
                DatedView(
                    at=_day(one.at),
                    words=self._say(one.words),
                    state=one.state.value,
                    details=tuple(self._say(line) for line in one.details),
                )
                for one in review.changes[:_SHOWN_CHANGES]
            ),
            endings=None
            if review.endings is None
            else tuple(
                DatedView(
                    at=_day(one.ends_at),
                    words=self._say(one.what),
                    state=one.state.value,
                    distance=self._say(_distance(one.ends_at, self._at)),
                )
                for one in sorted(review.endings, key=lambda one: one.ends_at)
            ),
            gaps=gap_views(gaps_of(review), self._wording),
        )

    def _hypothesis(self, place: int, cause: Hypothesis) -> HypothesisView:
        say = self._say
        return HypothesisView(
            place=place,
            statement=say(cause.statement),
            who=say(WHO[cause.responsible]),
            share=f"{cause.confidence:.0%}",
            remedy="" if cause.remedy is None else say(cause.remedy),
            cause=cause.cause,
            log_hint=visible(cause.log_hint, 300) if cause.log_hint else "",
            evidence=tuple(
                say(one.fact if one.probe is None else msg("{probe}: {fact}", probe=one.probe, fact=one.fact))
                for one in cause.evidence
            ),
        )

    def _readiness(self, readiness: Readiness, report: ProbeReport | None) -> ReadinessView:
        is_open = shows_nothing(readiness) and readiness.verdict is not Verdict.FAIL
        state = State.UNKNOWN if is_open else STATE_OF_VERDICT[readiness.verdict]
        told = frozenset[tuple[str, FindingStatus]]()
        if report is not None:
            told = frozenset((one.rule, one.status) for one in report.findings)
        new = [one for one in readiness.findings if (one.rule, one.status) not in told]
        return ReadinessView(
            at=self._say(msg("{at}", at=readiness.at)),
            verdict=Chip(state=state.value, word=self._say(STATE_WORDS[state])),
            words=self._say(verdict_words(readiness)),
            findings=self._findings(new, LOUD),
            calls=tuple(self._call(one) for one in readiness.calls),
        )

    def _call(self, call: CallMade) -> CallView:
        outcome = call.outcome or call.not_made
        return CallView(
            call=self._say(CALL_WORDS[call.call]),
            outcome="" if outcome is None else self._say(outcome),
            was_made=call.not_made is None,
        )

    def _findings(
        self, findings: Sequence[Finding], kept: frozenset[FindingStatus]
    ) -> tuple[FindingView, ...]:
        ordered = sorted(findings, key=lambda one: WORST_FIRST.index(state_of_finding(one)))
        return tuple(self._sections.finding(one) for one in ordered if one.status in kept)


def _passed(review: EndpointReview) -> list[Finding]:
    """Return the rules that passed, or do not apply: of the last test, then those of the check alone."""
    tested = () if review.report is None else review.report.findings
    checked = () if review.readiness is None else review.readiness.findings
    # A rule that failed in either must not stand among those that passed in the other.
    failed = {one.rule for one in (*tested, *checked) if one.status in LOUD}
    ran = {one.rule for one in tested}
    found = (*tested, *(one for one in checked if one.rule not in ran))
    return sorted((one for one in found if one.rule not in failed), key=lambda one: one.rule)


_SHOWN_IDS = 40
_SHOWN_CONTACTS = 8


def _worst_first(review: EndpointReview) -> tuple[int, str, int]:
    endpoint = review.row.endpoint
    return WORST_FIRST.index(review.row.state), endpoint.target.endpoint, endpoint.id


def _headline(
    rows: Sequence[BoardRow], evaluated_at: datetime | None
) -> tuple[State, Message, Message | None]:
    """Return how the partner stands: in the words of its only endpoint, or how many fail."""
    if not rows:
        return State.UNKNOWN, msg("This partner has no endpoints, so nothing was checked."), None
    if len(rows) == 1:
        (row,) = rows
        if row.explanation is not None:
            return row.state, row.explanation.headline, action_of(row.explanation)
        if row.tested_at is None:
            return row.state, msg("This endpoint was not tested yet as it is set up now."), None
        return row.state, NOT_JUDGED, None
    state, words = headline_of(rows, evaluated_at)
    return state, words, None


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _distance(ends_at: datetime, at: datetime) -> Message:
    days = (ends_at - at).days
    if days < 0:
        return msg_n("{count} day ago", "{count} days ago", -days)
    return msg_n("in {count} day", "in {count} days", days)
