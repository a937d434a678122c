"""What was not checked over the whole board: endpoints by what is missing, rules by how often not run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import NOT_TOLD, ProbeReport
from trustdesk.core.untrusted import visible
from trustdesk.services.board import BoardRow, State
from trustdesk.services.not_checked import Gap

_SHOWN_RULES = 40
_NAMES_LENGTH = 170
"""Characters of the names in one sentence; a parameter of a message shows 200."""


class BoardGaps:
    """Counts as the endpoints come by."""

    def __init__(self) -> None:
        self._never: list[str] = []
        self._unreached: list[str] = []
        self._unjudged: list[str] = []
        self._without_identity = 0
        self._count = 0
        self._rules: Counter[str] = Counter()
        self._titles: dict[str, Message] = {}
        self._reasons: dict[str, Counter[Message]] = {}

    def add(self, row: BoardRow, report: ProbeReport | None) -> None:
        """Take an endpoint in."""
        name = row.endpoint.partner
        self._count += 1
        if report is None:
            self._never.append(name)
            return
        rejudged = report.rejudged
        outcome = report.record.outcome if rejudged is None else rejudged.outcome
        if outcome in NOT_TOLD:
            self._unreached.append(name)
        elif row.state is State.UNKNOWN:
            self._unjudged.append(name)
        self._without_identity += report.record.identity is None
        for finding in report.findings:
            if finding.status is FindingStatus.NOT_RUN:
                self._rules[finding.rule] += 1
                self._titles.setdefault(finding.rule, finding.title)
                reasons = self._reasons.setdefault(finding.rule, Counter())
                # One reason with a name in it for each endpoint would be ten thousand reasons.
                if len(reasons) < _SHOWN_RULES or finding.evidence in reasons:
                    reasons[finding.evidence] += 1

    def gaps(self) -> tuple[Gap, ...]:
        """Return what is missing, endpoints first, then rules, the one not run most often first."""
        found: list[Gap] = []
        for names, words in (
            (self._never, _never_tested),
            (self._unreached, _not_reached),
            (self._unjudged, _not_judged),
        ):
            if names:
                found.append(Gap(words(len(names)), _named(names)))
        if self._without_identity:
            count = self._without_identity
            found.append(
                Gap(
                    msg_n("{count} endpoint, our certificate", "{count} endpoints, our certificate", count),
                    msg("Tested without a client certificate: whether ours is accepted is not known."),
                )
            )
        if self._count:
            found.append(
                Gap(
                    msg("Readiness for ONE Record, what changed, what ends when"),
                    msg("Not part of this report; the review sheet of each partner tells of it."),
                )
            )
        for rule, count in self._rules.most_common(_SHOWN_RULES):
            reason = _reason(self._reasons[rule], count)
            title = self._titles[rule]
            what = msg_n("{count} endpoint: {title}", "{count} endpoints: {title}", count, title=title)
            found.append(Gap(what, reason, rule))
        return tuple(found)


def _never_tested(count: int) -> Message:
    return msg_n(
        "{count} endpoint, not tested as it is set up now",
        "{count} endpoints, not tested as they are set up now",
        count,
    )


def _not_reached(count: int) -> Message:
    return msg_n("{count} endpoint, not reached", "{count} endpoints, not reached", count)


def _not_judged(count: int) -> Message:
    return msg_n(
        "{count} endpoint, not judged for this day", "{count} endpoints, not judged for this day", count
    )


def _named(names: Sequence[str]) -> Message:
    """Return as many names as one sentence holds, and how many there are besides."""
    unique = sorted(set(names), key=str.casefold)
    shown: list[str] = []
    for name in unique:
        short = visible(name, 48)
        if shown and sum(map(len, shown)) + len(short) + 2 * len(shown) > _NAMES_LENGTH:
            break
        shown.append(short)
    text, left = ", ".join(shown), len(unique) - len(shown)
    if not left:
        return msg("{names}", names=text)
    return msg_n("{names} and {count} more", "{names} and {count} more", left, names=text)


def _reason(reasons: Counter[Message], count: int) -> Message:
    reason, times = reasons.most_common(1)[0]
    return reason if times == count else msg("Most often: {reason}", reason=reason)
