"""Where reports have the last results from: out of the workspace, judged again only where that may differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Judge
from trustdesk.core.probe import ProbeReport
from trustdesk.services.command_trust import CommandTrust, rejudgers
from trustdesk.services.freshness import Freshness
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging_worker import Rejudgers, Viewpoint
from trustdesk.services.revocation import RevocationPolicy
from trustdesk.storage.directory import Directory
from trustdesk.storage.stored_reports import report_from
from trustdesk.verify.revocation.evidence import RevocationEvidence


class KeptResults:
    """Last results of the workspace (`services.board_report.ResultSource`); for one thread."""

    def __init__(self, directory: Directory, judged: Callable[[Endpoint, ProbeReport], ProbeReport]) -> None:
        """Take where they lie.

        Args:
            judged: returns a result as it stands for the report.
        """
        self._directory = directory
        self._judged = judged

    def results(self, endpoints: Sequence[Endpoint]) -> Mapping[int, ProbeReport]:
        """Return the last results by endpoint id; one never tested, or that cannot be read, has none."""
        stored = self._directory.stored_reports([endpoint.id for endpoint in endpoints]).result()
        read = {one.endpoint_id: report_from(one) for one in stored}
        return {
            endpoint.id: self._judged(endpoint, report)
            for endpoint in endpoints
            if (report := read.get(endpoint.id)) is not None
        }


class CommandJudge:
    """Judges results as a command has to: again what may be judged otherwise now, or all on request."""

    def __init__(
        self,
        trust: CommandTrust,
        evidence: RevocationEvidence,
        *,
        at: datetime | None,
        now: datetime,
        judges_again: bool,
    ) -> None:
        """Take what is judged by.

        Args:
            at: what is judged for; None for the present.
            judges_again: whether a person asked for another day or other lists.
        """
        self._trust, self._judges_again, self._now = trust, judges_again, now
        policy = RevocationPolicy(given=evidence)
        self._rejudger = rejudgers(
            lambda lists: policy.judge(lists, published_keys=published_keys()), trust, at=at, now=now
        )
        self._fresh = cache(lambda bound: Freshness(trust.by_partners(bound), now, given=evidence))

    def judged(self, endpoint: Endpoint, report: ProbeReport) -> ProbeReport:
        """Return a result as it stands."""
        if not self._judges_again and self._trust.is_plain and not _has_ended(report, self._now):
            return report
        bound = self._trust.bound_at(endpoint.target)
        if self._judges_again or self._fresh(bound).is_out_of_date(report):
            return self._rejudger(bound).rejudge(report)
        return report


def _has_ended(report: ProbeReport, now: datetime) -> bool:
    """Whether something that a trusted server rested on came to its end since it was tested.

    By which lists that was is not at hand where the workspace has none; that it is over needs no list.
    """
    record = report.record
    if record.judgement is None or not record.judgement.trusted:
        return False
    on_path = {record.presented_chain[0].sha256, *record.judgement.path}
    return any(
        one.not_after is not None and record.started_at <= one.not_after < now
        for one in record.presented_chain
        if one.sha256 in on_path
    )


class ViewpointJudge:
    """Judges results as a point of view has them, those again that may be judged otherwise by now."""

    def __init__(self, viewpoint: Viewpoint, judge: Callable[[tuple[str, ...]], Judge] | None = None) -> None:
        """Take it.

        Args:
            judge: makes the judge of the viewpoint's lists for an endpoint of some partners, or of none; None
                makes it of what is in the viewpoint.
        """
        self._viewpoint = viewpoint
        self._rejudgers = Rejudgers(viewpoint, judge)
        self._evidence = viewpoint.revocation.evidence()
        self._fresh: dict[tuple[str, ...], Freshness] = {}

    def judged(self, endpoint: Endpoint, report: ProbeReport) -> ProbeReport:
        """Return a result as it stands."""
        if self._viewpoint.at is None and not self._freshness(endpoint).is_out_of_date(report):
            return report
        return self._rejudgers.of(endpoint).rejudge(report)

    def _freshness(self, endpoint: Endpoint) -> Freshness:
        view = self._viewpoint
        bound = view.bound(endpoint)
        if bound not in self._fresh:
            self._fresh[bound] = Freshness(view.lists_for(bound), view.now, view.own, self._evidence)
        return self._fresh[bound]
