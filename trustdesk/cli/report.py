"""`trustdesk report`: what is known of all partners, as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.options import file_path
from trustdesk.services.board import board_row
from trustdesk.services.reports import render_report
from trustdesk.services.workspaces import open_directory


@click.command(epilog="Example: trustdesk report --all --output partners.html")
@click.option("--all", "everything", is_flag=True, required=True, help="All partners of the workspace.")
@click.option("--output", type=file_path, required=True, metavar="FILE", help="Ends in .html, .json or .csv.")
@click.option("--workspace", type=file_path, metavar="DIR", help="Workspace to report on.")
def report(everything: bool, output: Path, workspace: Path | None) -> None:
    """Write the last result of every partner as HTML, JSON or CSV, by the file's ending."""
    del everything  # A required flag: a report on one target comes with the history.

    now = datetime.now(UTC)
    with open_directory(workspace) as directory:
        endpoints = directory.endpoints().result()
        reports = directory.last_reports().result()
    rows = [board_row(endpoint, reports.get(endpoint.id), now) for endpoint in endpoints]
    render_report(output, rows, reports, made_at=now)
