"""`trustdesk identity`: our own certificates, their keys in the keyring or the vault."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from trustdesk.cli.identity_export import doctor, export, handover
from trustdesk.cli.identity_import import import_files
from trustdesk.cli.options import chosen_trust_lists, json_option, stacked, trust_options, workspace_option
from trustdesk.cli.own_desk import DeskVault, own_desk, view_of
from trustdesk.cli.render import console
from trustdesk.cli.render_identity import print_check, print_consequences, print_identities, print_identity
from trustdesk.cli.secret_options import SecretOption, vault_password_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.identity import IdentityView, PurposeVerdict, Usable
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose
from trustdesk.formats.identity_documents import deletion_document, identities_document, identity_document
from trustdesk.formats.json_text import json_text
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_VERDICTS = {Usable.YES: Verdict.PASS, Usable.WARNED: Verdict.WARN}
"""Of what is usable; everything else fails: what nobody knows is no pass."""

_judging_options = stacked(trust_options, workspace_option, json_option)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def identity() -> None:
    """Our own certificates, with their keys in the system's keyring, or in the vault where one was made."""


identity.add_command(import_files)
identity.add_command(export)
identity.add_command(handover)
identity.add_command(doctor)


@identity.command(name="list", epilog="Example: trustdesk identity list --trust-list partners.pem")
@_judging_options
def list_identities(
    trust_lists: tuple[str, ...],
    at: datetime | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """List the identities: what each can be used as, when it ends, where its key lives, and who uses it.

    Asks for no key: it works while the keyring is locked, and says so.
    """
    lists = chosen_trust_lists(trust_lists, workspace)
    with own_desk(workspace, trust_lists=lists if trust_lists else (), at=at) as desk:
        stores = desk.identity_desk.key_stores()
        views = desk.identity_desk.views(_named(lists, trust_lists)).result()
        statuses, now = stores.result(), at or datetime.now(UTC)
    if as_json:
        document = identities_document(
            views, statuses, at=now, trust_lists=[one.name for one in lists], text=wording().text
        )
        click.echo(json_text(document, indent=1))
    else:
        print_identities(console(), views, statuses)


@identity.command(epilog="Example: trustdesk identity show acme")
@click.argument("name", metavar="NAME")
@click.option("--all", "everything", is_flag=True, help="Show also what passes and what does not apply.")
@_judging_options
def show(
    name: str,
    everything: bool,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Show one identity: its certificates, its key's place, who uses it, and what the rules say of it."""
    lists = chosen_trust_lists(trust_lists, workspace)
    with own_desk(workspace, trust_lists=lists if trust_lists else (), at=at) as desk:
        view = view_of(desk.identity_desk, name, _named(lists, trust_lists))
    if as_json:
        _print_document(view, at, lists, _verdict(view, None))
    else:
        print_identity(console(), view, everything=everything)


@identity.command(epilog="Example: trustdesk identity check acme --with-key")
@click.argument("name", metavar="NAME")
@click.option(
    "--role",
    type=click.Choice([purpose.value for purpose in Purpose]),
    help="As what (default: client, or server where it is meant for nothing else).",
)
@click.option("--with-key", is_flag=True, help="Take the key from its store too, and see whether it fits.")
@click.option(
    "--all", "everything", is_flag=True, help="Show also what passes, does not apply or was not run."
)
@_judging_options
@vault_password_options
@click.pass_context
def check(
    context: click.Context,
    name: str,
    role: str | None,
    with_key: bool,
    everything: bool,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    workspace: WorkspacePlace | None,
    vault_password: SecretOption,
    as_json: bool,
) -> None:
    """Say whether an identity can be used; exits with 1 when it cannot, or when nobody knows.

    Prints the rules that fail or warn; identity show prints all that is known of it. --with-key needs its
    keyring unlocked; a key that is lost or another one fails.
    """
    lists = chosen_trust_lists(trust_lists, workspace)
    with own_desk(workspace, trust_lists=lists if trust_lists else (), at=at) as desk:
        view = view_of(desk.identity_desk, name, _named(lists, trust_lists))
        if with_key:
            make_ready(view.identity.key.reference.store, DeskVault(desk.identity_desk), vault_password)
            wait_for(desk.identity_desk.check_key(name))
    verdict = _verdict(view, None if role is None else Purpose(role))
    if as_json:
        _print_document(view, at, lists, verdict, key_was_loaded=True if with_key else None)
    else:
        print_check(console(), view, everything=everything, key_was_loaded=with_key)
    context.exit(1 if verdict is Verdict.FAIL else 0)


@identity.command(epilog="Example: trustdesk identity delete acme --yes")
@click.argument("name", metavar="NAME")
@click.option("--yes", is_flag=True, help="Delete it without being asked.")
@click.option(
    "--even-if-away",
    is_flag=True,
    help="Delete it although its key store is locked or gone; the key may stay there.",
)
@workspace_option
@vault_password_options
@json_option
def delete(
    name: str,
    yes: bool,
    even_if_away: bool,
    workspace: WorkspacePlace | None,
    vault_password: SecretOption,
    as_json: bool,
) -> None:
    """Delete an identity, and its key where nothing else uses it.

    Says first who uses it; endpoints go on naming it, and are not tested until they name another. What
    deleting means depends on the store: the answer says it.
    """
    with own_desk(workspace) as desk:
        view = view_of(desk.identity_desk, name)
        if not as_json:
            print_consequences(console(for_errors=True), view)
        if not yes:
            _require_yes(name)
        if not even_if_away:
            make_ready(view.identity.key.reference.store, DeskVault(desk.identity_desk), vault_password)
        deletion = wait_for(desk.identity_desk.delete(name, even_if_away=even_if_away))
    say = wording().text
    if as_json:
        click.echo(json_text(deletion_document(deletion, view.use, say), indent=1))
        return
    click.echo(say(msg("{name} was deleted.", name=name)))
    if deletion.meaning is not None:
        click.echo(say(deletion.meaning))


def _named(lists: Sequence[TrustList], names: Sequence[str]) -> tuple[str, ...]:
    """Return what the desk shall judge by: the lists that were named, or none for those in force."""
    return tuple(one.name for one in lists) if names else ()


def _print_document(
    view: IdentityView,
    at: datetime | None,
    trust_lists: Sequence[TrustList],
    verdict: Verdict,
    *,
    key_was_loaded: bool | None = None,
) -> None:
    document = identity_document(
        view,
        at=at or datetime.now(UTC),
        trust_lists=[one.name for one in trust_lists],
        key_was_loaded=key_was_loaded,
        verdict=verdict,
        text=wording().text,
    )
    click.echo(json_text(document, indent=1))


def _verdict(view: IdentityView, role: Purpose | None) -> Verdict:
    return _VERDICTS.get(leading(view, role).usable, Verdict.FAIL)


def leading(view: IdentityView, role: Purpose | None = None) -> PurposeVerdict:
    """Return what comes of it in a role; None is client, or server where it is meant for nothing else."""
    if role is None:
        is_server = view.client.usable is Usable.NOT_MEANT and view.server.usable is not Usable.NOT_MEANT
        role = Purpose.SERVER if is_server else Purpose.CLIENT
    return view.server if role is Purpose.SERVER else view.client


def _require_yes(name: str) -> None:
    if not sys.stdin.isatty():
        raise UnusableInputError(
            msg("Deleting an identity has to be agreed to."), remedy=msg("Add --yes."), place=name
        )
    click.confirm(wording().text(msg("Delete {name}?", name=name)), abort=True, err=True)
