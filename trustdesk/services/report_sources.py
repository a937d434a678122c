"""Where reports have the last results from: out of the workspace, judged again only where that may differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Judge
from trustdesk.core.probe import ProbeReport
from trustdesk.services.freshness import Freshness
from trustdesk.services.rejudging_worker import Rejudgers, Viewpoint
from trustdesk.storage.directory import Directory
from trustdesk.storage.stored_reports import report_from


class KeptResults:
    """Last results of the workspace (`services.board_report.ResultSource`); for one thread."""

    def __init__(
        self, directory: Directory, judged: Callable[[Endpoint, ProbeReport], ProbeReport]
    ) -> None:
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


class ViewpointJudge:
    """Judges results as a point of view has them, those again that may be judged otherwise by now."""

    def __init__(self, viewpoint: Viewpoint, judge: Callable[[tuple[str, ...]], Judge]) -> None:
        """Take it.

        Args:
            judge: makes the judge of the viewpoint's lists for an endpoint of some partners, or of none.
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
