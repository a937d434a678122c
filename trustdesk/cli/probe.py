"""`trustdesk probe`: one live handshake and one harmless request."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from trustdesk.cli.options import json_option
from trustdesk.cli.probing import ProbingOptions, prepared_probe, probing_options
from trustdesk.cli.render import console, print_probe
from trustdesk.cli.render_revocation import print_probe_revocation
from trustdesk.cli.revoking import RevocationOptions
from trustdesk.cli.waiting import wait_for
from trustdesk.core.finding import Verdict
from trustdesk.core.probe import Outcome
from trustdesk.formats.documents import probe_document
from trustdesk.formats.json_text import json_text
from trustdesk.network.thread import NetworkThread
from trustdesk.services.handshakes import client_side, start_handshake
from trustdesk.services.rejudging import Rejudger, own_paths
from trustdesk.services.wording import wording


@click.command(epilog="Example: trustdesk probe https://1r.partner.example --client-cert client.p12")
@click.argument("target")
@probing_options
@json_option
@click.pass_context
def probe(
    context: click.Context,
    target: str,
    probing: ProbingOptions,
    revocation: RevocationOptions,
    as_json: bool,
) -> None:
    """Make one live TLS handshake with TARGET, send one harmless request, and say what came of it.

    TARGET is host, host:port, [v6]:port, https://host/base, amqps://host or tls://host. The client
    certificate is presented only after the server's own has been found to be trusted, and trusted now: --at
    judges the certificates again for that time once the handshake is over. What the server staples about its
    revocation is judged with it; nobody else is asked unless an option says so. --proxy is for the test too.
    """
    prepared = prepared_probe(target, probing, revocation)
    credential = prepared.credential
    network = NetworkThread()
    network.start()
    try:
        report = wait_for(start_handshake(network, prepared.request, second=prepared.second))
    finally:
        network.close()
    if probing.at is not None:
        known = own_paths(() if credential is None else (credential,))
        judge = prepared.request.judge
        report = Rejudger(judge, at=probing.at, now=datetime.now(UTC), own=known).rejudge(report)
    if as_json:
        click.echo(json_text(probe_document(report, wording().text), indent=1))
    else:
        print_probe(console(), report)
        print_probe_revocation(console(), report, client_side(credential).titles)
    if report.record.outcome is Outcome.CANCELLED:
        context.exit(130)
    context.exit(1 if report.verdict is Verdict.FAIL else 0)
