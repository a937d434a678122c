"""`trustdesk trust import`, `update` and `refuse`: reading a list, reviewing it, and applying it or not."""

from __future__ import annotations

import sys

import click

from trustdesk.cli.options import json_option, stacked, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.progress import ImportBar
from trustdesk.cli.render import console
from trustdesk.cli.render_trust import print_line, print_review
from trustdesk.cli.secret_options import SecretOption, file_password_options
from trustdesk.cli.trust_sources import Usages, source_of, split_reference
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import Endorsement, ListReview, ListVersion
from trustdesk.formats.json_text import json_text
from trustdesk.formats.trust_documents import review_document, verdict_of_review, version_document
from trustdesk.services.fingerprints import sha256_of
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.trust_desk import ImportWish, PreparedList
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_deciding_options = stacked(
    click.option("--apply", "applies", is_flag=True, help="Apply it; without, only the review is shown."),
    click.option("--keep", "keeps", is_flag=True, help="Keep it as a version that waits for a decision."),
    click.option(
        "--not-in-force", is_flag=True, help="Apply it to a new list without judging by that list yet."
    ),
    click.option("--comment", default="", metavar="TEXT", help="Why: it is written into the trust log."),
    click.option("--all", "everything", is_flag=True, help="Show everything, however long it is."),
)


@click.command(
    name="import",
    epilog="Example: trustdesk trust import https://trust.cargo-pilot.example/list.json --name pilot"
    " --signer 3f:8a:… --apply",
)
@click.argument("source", metavar="FILE|FOLDER|URL|system")
@click.option("--name", required=True, metavar="NAME", help="What to call the list here.")
@click.option(
    "--usage",
    "usages",
    type=Usages(),
    metavar="A,B",
    help="What entries may vouch for of which the source does not say it: server, client, idp, email, list.",
)
@click.option(
    "--signer",
    metavar="SHA256",
    help="Fingerprint of the publisher's certificate or key, compared over another channel; it is pinned.",
)
@click.option(
    "--endorsement",
    type=click.Choice([one.value for one in Endorsement]),
    help="Whose list it is by that signer.",
)
@click.option(
    "--accept-expired", is_flag=True, help="Apply it although the date of its next version has passed."
)
@_deciding_options
@file_password_options
@workspace_option
@json_option
@click.pass_context
def import_list(
    context: click.Context,
    source: str,
    name: str,
    usages: frozenset[Usage] | None,
    signer: str | None,
    endorsement: str | None,
    accept_expired: bool,
    applies: bool,
    keeps: bool,
    not_in_force: bool,
    comment: str,
    everything: bool,
    password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Read a trust list, show what it would change, and apply it with --apply.

    Taken are our signed JSON, PEM, folders, PKCS#7, Java key stores, PKCS#12, CCADB reports, ETSI trusted
    lists, CMS master lists, and this machine's store (system). Exits with 1 where something stands against
    it: a signature that does not hold, another signer than the pinned one, a lower sequence.
    """
    _one_of(source, applies=applies, keeps=keeps)
    given = password.read() if password.is_given else None
    wish = ImportWish(
        source=source_of(source),
        name=name,
        usages=usages,
        signer=None if signer is None else sha256_of(signer),
        endorsement=None if endorsement is None else Endorsement(endorsement),
        passwords=() if given is None else (given,),
        accept_expired=accept_expired,
    )
    with own_desk(workspace) as desk:
        with ImportBar() as bar:
            prepared = wait_for(desk.trust_desk.prepare_import(wish, bar.show))
        failed = _decide(
            desk, prepared, comment,
            applies=applies, keeps=keeps, in_force=not not_in_force, everything=everything, as_json=as_json,
        )  # fmt: skip
    context.exit(1 if failed else 0)


@click.command(epilog="Example: trustdesk trust update pilot --apply")
@click.argument("reference", metavar="NAME[@NUMBER]")
@_deciding_options
@workspace_option
@json_option
@click.pass_context
def update(
    context: click.Context,
    reference: str,
    applies: bool,
    keeps: bool,
    not_in_force: bool,
    comment: str,
    everything: bool,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Fetch a list's address again, or review the version NAME@NUMBER that waits."""
    _one_of(reference, applies=applies, keeps=keeps)
    name, number = split_reference(reference)
    with own_desk(workspace) as desk:
        prepared: PreparedList | None
        if number is not None:
            prepared = wait_for(desk.trust_desk.prepare_waiting(name, number))
        else:
            with ImportBar() as bar:
                prepared = wait_for(desk.trust_desk.prepare_update(name, bar.show))
        if prepared is None:
            if as_json:
                click.echo(json_text({"schema": "trustdesk.trust-update/1", "name": name, "changed": False}))
            else:
                print_line(console(), msg("{name} has not changed at its address.", name=name))
            context.exit(0)
        failed = _decide(
            desk, prepared, comment,
            applies=applies, keeps=keeps, in_force=not not_in_force, everything=everything, as_json=as_json,
        )  # fmt: skip
    context.exit(1 if failed else 0)


@click.command(epilog="Example: trustdesk trust refuse pilot@15 --comment 'drops two partners'")
@click.argument("reference", metavar="NAME@NUMBER")
@click.option("--comment", default="", metavar="TEXT", help="Why: it is written into the trust log.")
@workspace_option
@json_option
def refuse(reference: str, comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Decide against a version that waits."""
    name, number = split_reference(reference)
    if number is None:
        raise UnusableInputError(
            msg("It has to be said which version."), remedy=msg("Write NAME@NUMBER."), place=name
        )
    with own_desk(workspace) as desk:
        version = desk.trust_desk.refuse(name, number, comment).result()
    if as_json:
        click.echo(json_text(version_document(version, with_entries=False), indent=1))
    else:
        print_line(console(), msg("Version {number} of {name} is refused.", number=number, name=name))


def _one_of(place: str, *, applies: bool, keeps: bool) -> None:
    if applies and keeps:
        raise UnusableInputError(
            msg("A version is applied, or it waits for a decision: not both."),
            remedy=msg("Leave --apply or --keep away."),
            place=place,
        )


def _decide(
    desk: LiveDesk,
    prepared: PreparedList,
    comment: str,
    *,
    applies: bool,
    keeps: bool,
    in_force: bool,
    everything: bool,
    as_json: bool,
) -> bool:
    """Show the review, do what was asked, and say whether the verdict is bad.

    The review comes first: somebody who waits sees why before anything is applied.
    """
    review = prepared.review
    applied: ListVersion | None = None
    kept: ListVersion | None = None
    if not as_json:
        print_review(console(), review, everything=everything)
        sys.stdout.flush()
    if applies and not review.obstacles and not review.is_same:
        applied = wait_for(desk.trust_desk.apply(prepared, comment, in_force=in_force))
    elif keeps and not applies:
        kept = wait_for(desk.trust_desk.keep_waiting(prepared, comment))
    if as_json:
        click.echo(json_text(review_document(review, applied, kept, wording().text), indent=1))
    else:
        _print_what_was_done(applied, kept, applies=applies, review=review)
    return verdict_of_review(review) is Verdict.FAIL


def _print_what_was_done(
    applied: ListVersion | None, kept: ListVersion | None, *, applies: bool, review: ListReview
) -> None:
    out, name = console(), review.name
    out.print()
    if applied is not None:
        print_line(
            out,
            msg(
                "Version {number} of {name} is applied. trustdesk trust undo takes it back.",
                number=applied.number,
                name=name,
            ),
        )
    elif kept is not None:
        print_line(
            out, msg("Version {number} of {name} waits for a decision.", number=kept.number, name=name)
        )
    elif review.is_same:
        print_line(
            out, msg("Nothing was changed: version {number} is applied already.", number=review.base or 0)
        )
    elif applies:
        print_line(out, msg("Nothing was applied: see what stands against it, above."))
    elif review.obstacles:
        print_line(out, msg("Nothing was kept."))
    else:
        print_line(out, msg("Nothing was kept. Add --apply to apply it, or --keep to decide later."))
