"""`trustdesk trust policy`: by what one partner's servers are judged."""

from __future__ import annotations

from pathlib import Path

import click

from trustdesk.cli.options import file_path, json_option, stacked, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console
from trustdesk.cli.render_trust import print_line
from trustdesk.cli.render_trust_decisions import print_policies
from trustdesk.cli.secret_options import SecretOption, vault_password_options
from trustdesk.cli.trust_seal import open_vault
from trustdesk.cli.waiting import wait_for
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.formats.json_text import json_text
from trustdesk.formats.trust_decision_documents import policies_document
from trustdesk.services.fingerprints import sha256_of
from trustdesk.services.trust_lists import file_list
from trustdesk.services.trust_words import unsealed_words
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_common = stacked(workspace_option, json_option)
_comment_option = click.option(
    "--comment", required=True, metavar="TEXT", help="Why: it is written into the trust log."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def policy() -> None:
    """Policies of partners: their own lists, one CA only, pinned keys, private roots."""


@policy.command(name="list", epilog="Example: trustdesk trust policy list")
@_common
def list_policies(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List the partners that are judged otherwise than all."""
    with own_desk(workspace) as desk:
        found = desk.trust_desk.policies().result()
    if as_json:
        click.echo(json_text(policies_document(found), indent=1))
    else:
        print_policies(console(), found)


@policy.command(
    name="set",
    epilog="Example: trustdesk trust policy set 'Halden Air' --only-ca 3f:8a:… --comment 'agreed'",
)
@click.argument("partner", metavar="PARTNER")
@click.option(
    "--list", "lists", multiple=True, metavar="NAME", help="Judge by this list instead (repeatable)."
)
@click.option(
    "--only-ca",
    "only_cas",
    multiple=True,
    metavar="SHA256",
    help="The path passes through it (repeatable).",
)
@click.option(
    "--pin", "pins", multiple=True, metavar="SHA256", help="Digest of a public key of its path (repeatable)."
)
@click.option(
    "--private-root",
    "root_files",
    multiple=True,
    type=file_path,
    metavar="FILE",
    help="CA certificates that count for this partner and for nobody else (repeatable).",
)
@_comment_option
@vault_password_options
@_common
def set_policy(
    partner: str,
    lists: tuple[str, ...],
    only_cas: tuple[str, ...],
    pins: tuple[str, ...],
    root_files: tuple[Path, ...],
    comment: str,
    vault_password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Judge a partner's servers by this from now on, in place of the policy of before.

    Private roots, and lists in place of those in force, count only under a seal. Its key lies in the keyring
    or, on a machine without one, in the vault, which trustdesk trust seal --store vault makes.
    """
    roots: dict[str, CertificateFacts] = {}
    for file in root_files:
        roots.update({facts.sha256: facts for facts in file_list(file).anchors})
    wanted = PartnerPolicy(
        partner=partner,
        lists=lists,
        only_cas=tuple(sha256_of(one) for one in only_cas),
        pins=tuple(sha256_of(one) for one in pins),
        private_roots=tuple(roots.values()),
    )
    with own_desk(workspace) as desk:
        if roots or lists:
            open_vault(desk.identity_desk, vault_password)
        made = wait_for(desk.trust_desk.set_policy(wanted, comment))
    if as_json:
        unsealed = unsealed_words(made)
        if unsealed is not None:
            click.echo(wording().text(unsealed), err=True)
        click.echo(json_text(policies_document((made,)), indent=1))
    else:
        print_policies(console(), (made,))


@policy.command(epilog="Example: trustdesk trust policy clear 'Halden Air' --comment 'back to the list'")
@click.argument("partner", metavar="PARTNER")
@_comment_option
@_common
def clear(partner: str, comment: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Judge a partner like all others again."""
    with own_desk(workspace) as desk:
        wait_for(desk.trust_desk.set_policy(PartnerPolicy(partner=partner), comment))
        left = desk.trust_desk.policies().result()
    if as_json:
        click.echo(json_text(policies_document(left), indent=1))
    else:
        print_line(console(), msg("{partner} is judged like all others.", partner=partner))
