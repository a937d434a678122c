"""`trustdesk trust`: lists of trusted CAs as objects with origin, versions, differences and consequences."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.options import Instant, file_path, json_option, stacked, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.progress import ImpactBar
from trustdesk.cli.render import console
from trustdesk.cli.render_trust import (
    print_difference,
    print_line,
    print_lint,
    print_lists,
    print_version,
)
from trustdesk.cli.render_trust_decisions import print_drops, print_impact, print_log, print_queue
from trustdesk.cli.secret_options import SecretOption, vault_password_options
from trustdesk.cli.trust_decide import decide
from trustdesk.cli.trust_export import export
from trustdesk.cli.trust_import import import_list, refuse, update
from trustdesk.cli.trust_policy import policy
from trustdesk.cli.trust_seal import open_vault, seal
from trustdesk.cli.trust_sources import agreed_to, split_reference
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict, verdict_of
from trustdesk.core.message import msg
from trustdesk.formats import trust_decision_documents as decisions
from trustdesk.formats import trust_documents as documents
from trustdesk.formats.json_text import json_text
from trustdesk.services.fingerprints import sha256_of
from trustdesk.services.trust_desk import WhatIf
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_common = stacked(workspace_option, json_option)
_at_option = click.option("--at", type=Instant(), metavar="TIME", help="Judge as of this time.")
_all_option = click.option("--all", "everything", is_flag=True, help="Show everything, however long it is.")
_comment_option = click.option(
    "--comment", default="", metavar="TEXT", help="Why: it is written into the trust log."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def trust() -> None:
    """Lists of trusted CAs: review before they are applied, versions, decisions, and what they change.

    A version is NAME@NUMBER, counted from 1. IATA publishes no list: what is imported is what its source
    proves it to be, and certifi's is the public web's.
    """


for _command in (import_list, update, refuse, export, decide, policy, seal):
    trust.add_command(_command)


@trust.command(name="list", epilog="Example: trustdesk trust list")
@_common
def list_lists(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List the trust lists with their versions, those in force first."""
    with own_desk(workspace) as desk:
        found = desk.trust_desk.lists().result()
    if as_json:
        click.echo(json_text(documents.lists_document(found), indent=1))
    else:
        print_lists(console(), found, datetime.now(UTC))


@trust.command(epilog="Example: trustdesk trust show pilot@15")
@click.argument("reference", metavar="NAME[@NUMBER]")
@_all_option
@_common
def show(reference: str, everything: bool, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Show a version with its entries; without a number, the one that is applied."""
    name, number = split_reference(reference)
    with own_desk(workspace) as desk:
        version = desk.trust_desk.version(name, number).result()
    if as_json:
        click.echo(json_text(documents.version_document(version), indent=1))
    else:
        print_version(console(), version, datetime.now(UTC), everything=everything)


@trust.command(epilog="Example: trustdesk trust diff pilot@14 pilot@15")
@click.argument("before", metavar="NAME@NUMBER")
@click.argument("after", metavar="NAME@NUMBER")
@_all_option
@_common
def diff(before: str, after: str, everything: bool, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Show what one version holds that another does not, field by field."""
    with own_desk(workspace) as desk:
        difference = desk.trust_desk.difference(before, after).result()
    if as_json:
        click.echo(json_text(documents.diff_document(difference, wording().text), indent=1))
    else:
        print_difference(console(), difference, everything=everything)


@trust.command(epilog="Example: trustdesk trust lint pilot")
@click.argument("reference", metavar="NAME[@NUMBER]")
@_at_option
@_all_option
@_common
@click.pass_context
def lint(
    context: click.Context,
    reference: str,
    at: datetime | None,
    everything: bool,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Apply the rules LST-01 to LST-12 to a version; exits with 1 where one fails."""
    name, number = split_reference(reference)
    with own_desk(workspace, at=at) as desk:
        findings = desk.trust_desk.lint(name, number).result()
    if as_json:
        click.echo(json_text(documents.lint_document(name, number, findings, wording().text), indent=1))
    else:
        print_lint(console(), findings, everything=everything)
    context.exit(1 if verdict_of(findings) is Verdict.FAIL else 0)


@trust.command(epilog="Example: trustdesk trust impact --without 3f:8a:…")
@click.option("--from", "before", metavar="NAME@NUMBER", help="The version to compare with.")
@click.option("--to", "after", metavar="NAME@NUMBER", help="The version that would be applied.")
@click.option("--without", metavar="SHA256", help="A CA that would go, from every list in force.")
@click.option("--date", type=Instant(), metavar="TIME", help="An instant that would come.")
@_at_option
@_common
def impact(
    before: str | None,
    after: str | None,
    without: str | None,
    date: datetime | None,
    at: datetime | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Show whose verdict would change, from the chains that were seen; no connection is made.

    Name a version (--to, with --from or beside the applied one), a CA that goes, or an instant that comes.
    """
    if before is not None and after is None and without is None and date is None:
        raise UnusableInputError(
            msg("--from says with what a version is compared, and none was named."),
            remedy=msg("Add --to NAME@NUMBER."),
            place=before,
        )
    said = sum(one is not None for one in (after, without, date))
    if said != 1 or (before is not None and after is None):
        raise UnusableInputError(
            msg("One change at a time can be looked at.")
            if said
            else msg("It has to be said what would change."),
            remedy=msg("Give one of --to NAME@NUMBER, --without SHA256 and --date TIME."),
        )
    what_if = WhatIf(
        before=before, after=after, without=None if without is None else sha256_of(without), date=date
    )
    with own_desk(workspace, at=at) as desk, ImpactBar() as bar:
        found = wait_for(desk.trust_desk.impact(what_if, bar.show))
    if as_json:
        click.echo(json_text(decisions.impact_document(found, wording().text), indent=1))
    else:
        print_impact(console(), found)


@trust.command(epilog="Example: trustdesk trust drops")
@_at_option
@_all_option
@_common
def drops(at: datetime | None, everything: bool, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List the dates at which trust in a CA changes, with who of yours is below it."""
    with own_desk(workspace, at=at) as desk:
        found = wait_for(desk.trust_desk.drops())
    if as_json:
        click.echo(json_text(decisions.drops_document(found, wording().text), indent=1))
    else:
        print_drops(console(), found, everything=everything)


@trust.command(epilog="Example: trustdesk trust undo pilot --comment 'two partners were cut off'")
@click.argument("name", metavar="NAME")
@_comment_option
@_common
def undo(name: str, comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Go back to the version that was applied before."""
    with own_desk(workspace) as desk:
        version = wait_for(desk.trust_desk.undo(name, comment))
    if as_json:
        document = {
            "schema": "trustdesk.trust-undo/1",
            "name": name,
            "applied": None if version is None else version.number,
        }
        click.echo(json_text(document, indent=1))
    elif version is None:
        print_line(console(), msg("Nothing of {name} is applied any more.", name=name))
    else:
        print_line(
            console(), msg("Version {number} of {name} is applied again.", number=version.number, name=name)
        )


@trust.command(epilog="Example: trustdesk trust use pilot 'Our own CAs'")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@_comment_option
@_common
def use(names: tuple[str, ...], comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Judge by these lists from now on, and by no others. A path counts when it ends in any of them."""
    with own_desk(workspace) as desk:
        found = desk.trust_desk.put_in_force(names, comment).result()
    if as_json:
        click.echo(json_text(documents.lists_document(found), indent=1))
    else:
        print_lists(console(), found, datetime.now(UTC))


@trust.command(epilog="Example: trustdesk trust remove pilot --yes --comment 'the pilot is over'")
@click.argument("name", metavar="NAME")
@click.option("--yes", is_flag=True, help="Remove it without being asked.")
@_comment_option
@_common
def remove(name: str, yes: bool, comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Take a list away with all its versions; the trust log stays."""
    say = wording().text
    agreed_to(say(msg("Remove {name} with all its versions?", name=name)), yes=yes, place=name)
    with own_desk(workspace) as desk:
        wait_for(desk.trust_desk.remove(name, comment))
    if as_json:
        click.echo(json_text({"schema": "trustdesk.trust-remove/1", "name": name}, indent=1))
    else:
        print_line(console(), msg("{name} was removed.", name=name))


@trust.command(epilog="Example: trustdesk trust log --output trust-log.json")
@click.option("--output", type=file_path, metavar="FILE", help="Write it, with the decisions in force.")
@vault_password_options
@_common
@click.pass_context
def log(
    context: click.Context,
    output: Path | None,
    vault_password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Show who decided what, when and why; exits with 1 where the chain of the log is broken."""
    with own_desk(workspace) as desk:
        if vault_password.is_given:
            open_vault(desk.identity_desk, vault_password)
        found = wait_for(desk.trust_desk.log())
        if output is not None:
            wait_for(desk.trust_desk.export_log(output))
    if as_json:
        click.echo(json_text(decisions.log_document(found, wording().text), indent=1))
    else:
        print_log(console(), found)
    context.exit(1 if found.broken_at is not None or found.sealed is False or found.untold else 0)


@trust.command(epilog="Example: trustdesk trust queue")
@_common
def queue(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List what waits for a decision: versions, and server certificates that were not seen before."""
    with own_desk(workspace) as desk:
        found = desk.trust_desk.queue().result()
    if as_json:
        click.echo(json_text(decisions.queue_document(found, wording().text), indent=1))
    else:
        print_queue(console(), found)


@trust.command(name="forget-signer", epilog="Example: trustdesk trust forget-signer pilot --comment 'new'")
@click.argument("name", metavar="NAME")
@_comment_option
@_common
def forget_signer(name: str, comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Forget whose signature counts for a list, so that another signer's can be reviewed."""
    with own_desk(workspace) as desk:
        wait_for(desk.trust_desk.forget_pin(name, comment))
    if as_json:
        click.echo(json_text({"schema": "trustdesk.trust-forget-signer/1", "name": name}, indent=1))
    else:
        print_line(console(), msg("No signer is pinned for {name} any more.", name=name))
