"""`trustdesk trust decide`: what is decided here about CAs, beside what lists say."""

from __future__ import annotations

from datetime import datetime

import click

from trustdesk.cli.options import Instant, json_option, stacked, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console
from trustdesk.cli.render_trust import print_line
from trustdesk.cli.render_trust_decisions import print_decisions
from trustdesk.cli.trust_sources import Usages
from trustdesk.cli.waiting import wait_for
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import Usage
from trustdesk.formats.json_text import json_text
from trustdesk.formats.trust_decision_documents import decisions_document
from trustdesk.services.fingerprints import sha256_of
from trustdesk.storage.places import WorkspacePlace

_reason_option = click.option(
    "--comment", required=True, metavar="TEXT", help="Why: it is written into the trust log."
)
_until_option = click.option("--until", type=Instant(), metavar="TIME", help="When the decision is over.")
_common = stacked(workspace_option, json_option)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def decide() -> None:
    """Decisions about CAs that hold on every list: they take trust away, and never give it."""


@decide.command(name="list", epilog="Example: trustdesk trust decide list")
@_common
def list_decisions(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List what was decided here, the newest first."""
    with own_desk(workspace) as desk:
        found = desk.trust_desk.decisions().result()
    if as_json:
        click.echo(json_text(decisions_document(found), indent=1))
    else:
        print_decisions(console(), found)


@decide.command(epilog="Example: trustdesk trust decide distrust 3f:8a:… --comment 'key was stolen'")
@click.argument("sha256", metavar="SHA256")
@_until_option
@_reason_option
@_common
def distrust(
    sha256: str, until: datetime | None, comment: str, workspace: WorkspacePlace | None, as_json: bool
) -> None:
    """Trust nothing that passes through this certificate or its key, whatever lists say."""
    with own_desk(workspace) as desk:
        made = wait_for(desk.trust_desk.distrust(sha256_of(sha256), comment, expires=until))
    if as_json:
        click.echo(json_text(decisions_document((made,)), indent=1))
    else:
        print_decisions(console(), (made,))


@decide.command(epilog="Example: trustdesk trust decide limit 3f:8a:… --usage client --comment 'agreed'")
@click.argument("sha256", metavar="SHA256")
@click.option("--usage", "usages", type=Usages(), required=True, metavar="A,B", help="No more than these.")
@_until_option
@_reason_option
@_common
def limit(
    sha256: str,
    usages: frozenset[Usage],
    until: datetime | None,
    comment: str,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Let a CA vouch for no more than these usages."""
    with own_desk(workspace) as desk:
        made = wait_for(desk.trust_desk.limit_usage(sha256_of(sha256), usages, comment, expires=until))
    if as_json:
        click.echo(json_text(decisions_document((made,)), indent=1))
    else:
        print_decisions(console(), (made,))


@decide.command(epilog="Example: trustdesk trust decide withdraw 3f:8a:… --comment 'it was another key'")
@click.argument("sha256", metavar="SHA256")
@_reason_option
@_common
def withdraw(sha256: str, comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Take a decision back; the trust log keeps both."""
    digest = sha256_of(sha256)
    with own_desk(workspace) as desk:
        wait_for(desk.trust_desk.withdraw_decision(digest, comment))
        left = desk.trust_desk.decisions().result()
    if as_json:
        click.echo(json_text(decisions_document(left), indent=1))
    else:
        print_line(console(), msg("The decision on {sha256} was taken back.", sha256=digest))


@decide.command(epilog="Example: trustdesk trust decide fingerprint 12 3f:8a:… --comment 'announced by mail'")
@click.argument("endpoint_id", type=int, metavar="ENDPOINT")
@click.argument("sha256", metavar="SHA256")
@click.option("--refuse", "refuses", is_flag=True, help="It is not expected there.")
@_reason_option
@_common
def fingerprint(
    endpoint_id: int,
    sha256: str,
    refuses: bool,
    comment: str,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Write down whether a partner's new server certificate is expected.

    ENDPOINT is the number that trust queue --json gives.
    """
    digest = sha256_of(sha256)
    with own_desk(workspace) as desk:
        wait_for(
            desk.trust_desk.decide_fingerprint(endpoint_id, digest, accepted=not refuses, comment=comment)
        )
    if as_json:
        document = {
            "schema": "trustdesk.trust-fingerprint/1",
            "endpoint_id": endpoint_id,
            "sha256": digest,
            "accepted": not refuses,
        }
        click.echo(json_text(document, indent=1))
    elif refuses:
        print_line(console(), msg("{sha256} is not expected there.", sha256=digest))
    else:
        print_line(console(), msg("{sha256} is accepted there.", sha256=digest))
