"""`trustdesk lab`: the partner servers on loopback, alone."""

from __future__ import annotations

from pathlib import Path

import click

from trustdesk.cli.options import file_path
from trustdesk.core.message import Message
from trustdesk.lab.rehearsal import Style
from trustdesk.lab.rehearsal_server import Rehearsal
from trustdesk.lab.serve import serve_forever
from trustdesk.services.trust_lists import file_list
from trustdesk.services.wording import wording


@click.group(no_args_is_help=True)
def lab() -> None:
    """The embedded lab: a small PKI and partner servers on loopback."""


@lab.command(epilog="Example: trustdesk lab serve --json")
@click.option(
    "--count", type=click.IntRange(0, 5000), default=0, metavar="N", help="Add N healthy endpoints."
)
@click.option(
    "--style",
    type=click.Choice([style.value for style in Style]),
    help="One server alone, which takes client certificates in the manner of this software.",
)
@click.option(
    "--client-ca",
    type=file_path,
    metavar="FILE",
    help="With --style: the CAs whose clients it takes (default: the lab's own).",
)
@click.option(
    "--json", "as_json", is_flag=True, help="JSON lines (which is what this command always prints)."
)
def serve(count: int, style: str | None, client_ca: Path | None, as_json: bool) -> None:
    """Start the partner servers and run until interrupted.

    The first line names the trust list and the identities, each further line one server: where it
    listens, what is wrong with it, and what a probe of it should find.

    With --style, one server to rehearse with: each client's certificate is judged, and standard error says
    whether it is taken, and why not.
    """
    del as_json  # Lines for programs are the only form: people read them too.

    if style is None and client_ca is not None:
        raise click.UsageError("--client-ca goes with --style.")
    if style is not None and count:
        raise click.UsageError("--count adds to the lab's servers; --style runs one alone.")
    rehearsal = None
    if style is not None:
        client_list = None if client_ca is None else file_list(client_ca)
        rehearsal = Rehearsal(style=Style(style), client_list=client_list)

    def write_verdict(sentence: Message) -> None:
        click.echo(wording().text(sentence), err=True)

    serve_forever(
        click.echo,
        count=count,
        rehearsal=rehearsal,
        write_log=lambda line: click.echo(line, err=True),
        write_verdict=write_verdict,
    )
