"""`trustdesk report`: one partner's review sheet, or what is known of all partners, as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.context import Faces
from trustdesk.cli.options import chosen_trust, file_path
from trustdesk.cli.probing import ProbingOptions, probing_options
from trustdesk.cli.progress import ReportBar
from trustdesk.cli.report_sheet import Testing, written_sheet
from trustdesk.cli.revoking import RevocationOptions
from trustdesk.cli.waiting import wait_for
from trustdesk.services.board_report import write_board_report
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_sources import CommandJudge, KeptResults
from trustdesk.services.reports import require_ending
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.services.workspace_lists import with_kept_lists
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory
from trustdesk.verify.revocation.evidence import NO_EVIDENCE


@click.command(epilog="Example: trustdesk report https://1r.partner.example --output review.pdf")
@click.argument("target", required=False, metavar="[TARGET|PARTNER]")
@click.option("--all", "everything", is_flag=True, help="All partners of the workspace.")
@click.option(
    "--output", type=file_path, required=True, metavar="FILE", help="Ends in .html, .pdf, .json or .csv."
)
@click.option(
    "--test/--no-test",
    "tests",
    default=None,
    help="Test it now, or connect to nobody (default: test a TARGET that was never tested, and no PARTNER).",
)
@click.option("--diagnose", "diagnoses", is_flag=True, help="Test it now, and find out why it fails.")
@probing_options
@click.pass_context
def report(
    context: click.Context,
    target: str | None,
    everything: bool,
    output: Path,
    tests: bool | None,
    diagnoses: bool,
    probing: ProbingOptions,
    revocation: RevocationOptions,
) -> None:
    """Write a review sheet of TARGET or of a PARTNER of the workspace, or the results of all partners.

    A sheet shows what is known of each endpoint, every rule with its source, plainly what was not checked,
    and a box to sign in. Results stand as they were tested, until --at or --trust-list has their certificates
    judged again: with the revocation lists that the workspace keeps, and without asking anybody. Where the
    workspace has lists, decisions or policies of its own, results that rest on others are judged again too.
    """
    if everything == (target is not None):
        raise click.UsageError("Give a TARGET, or --all.")
    require_ending(output)
    if target is not None:
        testing = Testing(now=True if diagnoses else tests, diagnoses=diagnoses)
        is_written = written_sheet(context, target, output, testing, probing, revocation)
    elif tests or diagnoses:
        raise click.UsageError("--all reports on what was tested; trustdesk sweep tests.")
    else:
        is_written = _written_board(context, output, probing)
    if not is_written:
        context.exit(130)


def _written_board(context: click.Context, output: Path, probing: ProbingOptions) -> bool:
    faces = context.find_object(Faces)
    assert faces is not None  # noqa: S101 - composition always gives the faces
    now = datetime.now(UTC)
    judges_again = probing.at is not None or bool(probing.trust_lists)
    trust = chosen_trust(probing.trust_lists, probing.workspace, judges_partners=True)
    jobs = ThreadJobs("trustdesk-report")
    with open_workspace(probing.workspace) as opened, ReportBar() as bar:
        directory = Directory(opened)
        evidence = NO_EVIDENCE
        if judges_again or not trust.is_plain:
            evidence = with_kept_lists(evidence, opened)
        judge = CommandJudge(trust, evidence, at=probing.at, now=now, judges_again=judges_again)

        def work(stop: Stop) -> bool:
            return write_board_report(
                output,
                directory.endpoints().result(),
                KeptResults(directory, judge.judged),
                made_at=now,
                steps=ReportSteps(bar.show, stop.is_set),
                printer=faces.pdf_printer,
                evaluated_at=probing.at,
            )

        try:
            return wait_for(jobs.start(work))
        finally:
            jobs.close()
