"""`trustdesk lab`: the partner servers on loopback, alone."""

from __future__ import annotations

import click

from trustdesk.lab.serve import serve_forever


@click.group(no_args_is_help=True)
def lab() -> None:
    """The embedded lab: a small PKI and partner servers on loopback."""


@lab.command(epilog="Example: trustdesk lab serve --json")
@click.option(
    "--count", type=click.IntRange(0, 5000), default=0, metavar="N", help="Add N healthy endpoints."
)
@click.option(
    "--json", "as_json", is_flag=True, help="JSON lines (which is what this command always prints)."
)
def serve(count: int, as_json: bool) -> None:
    """Start the partner servers and run until interrupted.

    The first line names the trust list and the identities, each further line one server: where it
    listens, what is wrong with it, and what a probe of it should find.
    """
    del as_json  # Lines for programs are the only form: people read them too.

    serve_forever(click.echo, count=count, write_log=lambda line: click.echo(line, err=True))
