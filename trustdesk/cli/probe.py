"""`trustdesk probe`: one live handshake and one harmless request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.options import (
    chosen_identity,
    chosen_trust_lists,
    identity_options,
    json_option,
    password_source,
    target_options,
    timeout_option,
    trust_options,
)
from trustdesk.cli.render import console, print_probe
from trustdesk.cli.render_revocation import print_probe_revocation
from trustdesk.cli.revoking import RevocationOptions, chosen_policy, preflight, revocation_options
from trustdesk.cli.waiting import wait_for
from trustdesk.core.finding import Verdict
from trustdesk.core.probe import Outcome
from trustdesk.core.target import Target, parse_target
from trustdesk.formats.documents import probe_document
from trustdesk.formats.json_text import json_text
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.handshakes import client_side, limits_within, start_handshake
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging import Rejudger, own_paths
from trustdesk.services.revocation import SecondJudgement
from trustdesk.services.wording import wording


@click.command(epilog="Example: trustdesk probe https://1r.partner.example --client-cert client.p12")
@click.argument("target")
@target_options
@trust_options
@identity_options
@timeout_option
@click.option(
    "--allow-private-addresses",
    is_flag=True,
    help="Ask about revocation on this machine and in private networks too; for tests and closed groups.",
)
@revocation_options
@json_option
@click.pass_context
def probe(
    context: click.Context,
    target: str,
    connect: str | None,
    server_name: str | None,
    no_sni: bool,
    verify_name: str | None,
    alpn: str | None,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    client_cert: Path | None,
    client_key: Path | None,
    password_fd: int | None,
    password_file: Path | None,
    password_env: str | None,
    present_anyway: bool,
    timeout: float | None,
    allow_private_addresses: bool,
    revocation: RevocationOptions,
    as_json: bool,
) -> None:
    """Make one live TLS handshake with TARGET, send one harmless request, and say what came of it.

    TARGET is host, host:port, [v6]:port, https://host/base, amqps://host or tls://host. The client
    certificate is presented only after the server's own has been found to be trusted, and trusted now: --at
    judges the certificates again for that time once the handshake is over. What the server staples about its
    revocation is judged with it; nobody else is asked unless an option says so. --proxy is for such
    downloads: the test itself connects directly.
    """
    parsed = target_from(target, connect, server_name, no_sni, verify_name, alpn)
    lists = chosen_trust_lists(trust_lists)
    credential = chosen_identity(
        client_cert, client_key, password_source(password_fd, password_file, password_env)
    )
    policy = chosen_policy(revocation, allow_private_addresses=allow_private_addresses)
    ours = preflight(credential, lists, policy)
    judge = policy.gate(lists, published_keys=published_keys())
    network = NetworkThread()
    network.start()
    try:
        request = ProbeRequest(
            target=parsed,
            judge=judge,
            credential=credential,
            client_revocation=ours,
            present_anyway=present_anyway,
            limits=limits_within(timeout),
        )
        second = (
            None if policy.web is None else SecondJudgement(lists, policy, published_keys=published_keys())
        )
        report = wait_for(start_handshake(network, request, second=second))
    finally:
        network.close()
    if at is not None:
        known = own_paths(() if credential is None else (credential,))
        later = policy.judge(lists, published_keys=published_keys())
        report = Rejudger(later, at=at, now=datetime.now(UTC), own=known).rejudge(report)
    if as_json:
        click.echo(json_text(probe_document(report, wording().text), indent=1))
    else:
        print_probe(console(), report)
        print_probe_revocation(console(), report, client_side(credential).titles)
    if report.record.outcome is Outcome.CANCELLED:
        context.exit(130)
    context.exit(1 if report.verdict is Verdict.FAIL else 0)


def target_from(
    text: str,
    connect: str | None,
    server_name: str | None,
    no_sni: bool,
    verify_name: str | None,
    alpn: str | None,
) -> Target:
    """Read a target with the overrides of the command line.

    Raises:
        UnusableInputError: as `parse_target`.
    """
    return parse_target(
        text,
        connect=connect,
        server_name=server_name,
        send_server_name=not no_sni,
        verify_name=verify_name,
        alpn=None if alpn is None else tuple(part.strip() for part in alpn.split(",") if part.strip()),
    )
