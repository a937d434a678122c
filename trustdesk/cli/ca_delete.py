"""`trustdesk ca delete`: a private CA away, and what that does to whoever relies on it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from trustdesk.cli.options import json_option, workspace_option
from trustdesk.cli.render import console
from trustdesk.cli.render_ca import print_line, what_deleting_means
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.message import msg
from trustdesk.formats import authority_documents as documents
from trustdesk.formats.json_text import json_text
from trustdesk.services.private_ca_opening import open_private_cas
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace


@click.command(epilog="Example: trustdesk ca delete 'Cargo group' --yes")
@click.argument("name", metavar="CA")
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option
@password_options
@json_option
def delete(
    name: str,
    yes: bool,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Delete a CA with its keys. What it issued stays valid, and can be revoked no more.

    Servers that ask for its revocation list refuse everybody once the last one has run out.
    """
    with open_private_cas(workspace) as cas:
        authority = cas.of_name(name)
        at = datetime.now(UTC)
        if not yes:
            click.confirm(wording().text(what_deleting_means(authority, at)), abort=True, err=True)
        make_ready(authority.issuing_key.reference.store, cas.vault, password)
        wait_for(cas.desk.delete(authority.id))
    if as_json:
        click.echo(json_text(documents.delete_document(authority, at), indent=1))
        return
    print_line(console(), msg("{name} was deleted, and its keys.", name=authority.name))
