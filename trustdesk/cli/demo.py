"""`trustdesk demo`: the desk on the embedded lab."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.context import Faces
from trustdesk.cli.options import file_path
from trustdesk.cli.progress import ProbeBar
from trustdesk.cli.render import console, print_board
from trustdesk.cli.waiting import wait_for
from trustdesk.core.message import msg
from trustdesk.core.probe import ProbeReport
from trustdesk.services.demo import open_demo
from trustdesk.services.desk_values import SweepProgress
from trustdesk.services.files import writable_folder
from trustdesk.services.reports import render_report
from trustdesk.services.wording import wording


@click.command(epilog="Example: trustdesk demo --headless --output demo-output")
@click.option("--headless", is_flag=True, help="No window: print the table, write report and pictures.")
@click.option(
    "--output", type=file_path, default=Path("demo-output"), show_default=True, metavar="DIR",
    help="Where --headless writes report.html and PNGs of the pages.",
)  # fmt: skip
@click.pass_obj
def demo(faces: Faces, headless: bool, output: Path) -> int:
    """Start partner servers on loopback, open a demo workspace on them, and test them all."""
    if not headless and faces.has_display():
        return faces.open_demo_window()
    return _headless(faces, output)


def _headless(faces: Faces, output: Path) -> int:

    folder = writable_folder(output)
    desk = open_demo()
    try:
        endpoints = [row.endpoint for row in desk.board().result()]
        reports: dict[int, ProbeReport] = {}
        lock = threading.Lock()
        with ProbeBar(len(endpoints)) as bar:

            def progressed(step: SweepProgress) -> None:
                if step.report is not None:
                    with lock:
                        reports[step.endpoint_id] = step.report
                    bar.advance()

            totals = wait_for(desk.sweep(endpoints, progressed))
        rows = desk.board().result()
        out = console()
        print_board(out, rows, totals)
        report_file = folder / "report.html"
        render_report(report_file, rows, reports, made_at=datetime.now(UTC))
        pictures = faces.window_shots.save(desk, folder)
    finally:
        desk.close()
    say = wording().text
    out.print()
    out.print(say(msg("Report: {file}", file=str(report_file))), soft_wrap=True)
    for picture in pictures:
        out.print(say(msg("Picture: {file}", file=str(picture))), soft_wrap=True)
    return 130 if totals.cancelled else 0
