"""`trustdesk report`: what is known of all partners, as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click

from trustdesk.cli.options import chosen_trust, file_path, trust_options, workspace_option_for
from trustdesk.services.board import board_row
from trustdesk.services.command_trust import rejudgers
from trustdesk.services.freshness import Freshness
from trustdesk.services.published_keys import published_keys
from trustdesk.services.reports import render_report
from trustdesk.services.revocation import RevocationPolicy
from trustdesk.services.workspace_lists import with_kept_lists
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import WorkspacePlace
from trustdesk.verify.revocation.evidence import NO_EVIDENCE


@click.command(epilog="Example: trustdesk report --all --output partners.html")
@click.option("--all", "everything", is_flag=True, required=True, help="All partners of the workspace.")
@click.option("--output", type=file_path, required=True, metavar="FILE", help="Ends in .html, .json or .csv.")
@workspace_option_for("Workspace to report on.")
@trust_options
def report(
    everything: bool,
    output: Path,
    workspace: WorkspacePlace | None,
    trust_lists: tuple[str, ...],
    at: datetime | None,
) -> None:
    """Write the last result of every partner as HTML, JSON or CSV, by the file's ending.

    Results stand as they were tested, until --at or --trust-list has their certificates judged again: with
    the revocation lists that the workspace keeps, and without asking anybody. Where the workspace has lists,
    decisions or policies of its own, results that rest on others are judged again too.
    """
    del everything  # A required flag: a report on one target comes with the history.

    now = datetime.now(UTC)
    judges_again = at is not None or bool(trust_lists)
    evidence = NO_EVIDENCE
    trust = chosen_trust(trust_lists, workspace, judges_partners=True)
    may_judge = judges_again or not trust.is_plain
    with open_workspace(workspace) as opened:
        directory = Directory(opened)
        endpoints = directory.endpoints().result()
        reports = directory.last_reports().result()
        if may_judge:
            evidence = with_kept_lists(evidence, opened)
    if may_judge:
        policy = RevocationPolicy(given=evidence)
        rejudger = rejudgers(
            lambda lists: policy.judge(lists, published_keys=published_keys()), trust, at=at, now=now
        )
        fresh = cache(lambda partners: Freshness(trust.by_partners(partners), now, given=evidence))
        for endpoint in endpoints:
            report, partners = reports.get(endpoint.id), trust.bound_at(endpoint.target)
            if report is not None and (judges_again or fresh(partners).is_out_of_date(report)):
                reports[endpoint.id] = rejudger(partners).rejudge(report)
    rows = [board_row(endpoint, reports.get(endpoint.id), at or now) for endpoint in endpoints]
    render_report(output, rows, reports, made_at=now, evaluated_at=at)
