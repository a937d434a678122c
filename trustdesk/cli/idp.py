"""`trustdesk idp`: lists of identity providers, and what a provider publishes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.options import (
    chosen_trust_lists,
    file_path,
    json_option,
    timeout_option,
    trust_list_option,
    workspace_option,
)
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console
from trustdesk.cli.render_idp import print_check, print_provider_list, print_provider_lists
from trustdesk.cli.revoking import chosen_proxies, proxy_options
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.message import msg
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.json_text import json_text
from trustdesk.formats.provider_documents import (
    provider_check_document,
    provider_import_document,
    provider_lists_document,
)
from trustdesk.formats.provider_list import provider_list_bytes
from trustdesk.services.fingerprints import sha256_of
from trustdesk.services.handshakes import limits_within
from trustdesk.services.provider_desk import ProviderDesk
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

private_hosts_option = click.option(
    "--allow-private-addresses",
    is_flag=True,
    help="Ask whatever the provider names, on this machine and in private networks too.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def idp() -> None:
    """Identity providers: whose tokens are accepted, with whose keys."""


@idp.command(name="list", epilog="Example: trustdesk idp list --json")
@workspace_option
@json_option
def list_providers(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List the lists of identity providers that are kept, with the providers on them."""
    with own_desk(workspace) as desk:
        lists = desk.provider_desk.provider_lists().result()
    if as_json:
        click.echo(json_text(provider_lists_document(lists), indent=1))
    else:
        print_provider_lists(console(), lists, datetime.now(UTC))


@idp.command(epilog="Example: trustdesk idp show partners")
@click.argument("name", metavar="NAME")
@workspace_option
@json_option
def show(name: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Show one list: who published it, and what it says of each provider."""
    with own_desk(workspace) as desk:
        found = _list_of(desk.provider_desk, name)
    if as_json:
        click.echo(json_text(provider_lists_document([found]), indent=1))
    else:
        print_provider_list(console(), found, datetime.now(UTC))


@idp.command(
    name="import", epilog="Example: trustdesk idp import providers.json --name partners --signer SHA256"
)
@click.argument("file", type=file_path, metavar="FILE")
@click.option("--name", metavar="NAME", help="What to call the list here (default: the file's name).")
@click.option(
    "--signer",
    metavar="SHA256",
    help="Fingerprint of the signer, compared with its publisher by another way; it is pinned.",
)
@click.option("--comment", default="", metavar="TEXT", help="Why, for the trust log.")
@click.option("--review", is_flag=True, help="Only read it and check its signature; keep nothing.")
@click.option("--apply", "_apply", is_flag=True, hidden=True, help="Keep it: the default.")
@click.option("--accept-expired", is_flag=True, help="Keep it although its next version was due.")
@workspace_option
@json_option
def import_list(
    file: Path,
    name: str | None,
    signer: str | None,
    comment: str,
    review: bool,
    _apply: bool,
    accept_expired: bool,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Read a list of identity providers from FILE, check its signature, and keep it in place of an older one.

    The form is that of trust lists (trust-list.schema.json) with providers in place of entries. A signature
    that does not hold, another signer than the pinned one, and a lower sequence are refused.
    """
    called = name if name is not None else file.stem
    _require_name(called)
    fingerprint = None if signer is None else sha256_of(signer)
    with own_desk(workspace) as desk:
        providers = wait_for(desk.provider_desk.prepare_providers(file, called, signer=fingerprint))
        if not review:
            job = desk.provider_desk.keep_providers(providers, comment, accept_expired=accept_expired)
            providers = wait_for(job)
    if as_json:
        click.echo(json_text(provider_import_document(providers, kept=not review), indent=1))
    else:
        print_provider_list(console(), providers, datetime.now(UTC))
        click.echo(
            wording().text(
                msg("Nothing was kept.") if review else msg("Kept as {name}.", name=providers.name)
            )
        )
    _warn(providers)


@idp.command(epilog="Example: trustdesk idp check https://idp.partner.example/realms/cargo")
@click.argument("issuer", metavar="ISSUER")
@click.option("--keep-keys", is_flag=True, help="Keep its keys with the list that names it.")
@click.option("--comment", default="", metavar="TEXT", help="Why keys are kept, for the trust log.")
@click.option("--all", "everything", is_flag=True, help="Show also what passes and what does not apply.")
@click.option("--offline", is_flag=True, help="Refused: a check asks the provider's servers.")
@trust_list_option
@private_hosts_option
@proxy_options
@timeout_option
@workspace_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    issuer: str,
    keep_keys: bool,
    comment: str,
    everything: bool,
    offline: bool,
    trust_lists: tuple[str, ...],
    allow_private_addresses: bool,
    proxy: str | None,
    no_proxy: bool,
    timeout: float | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Ask an identity provider for its discovery document and keys, look at its TLS servers, and judge all.

    Its servers see it. Exits with 1 when a rule fails, and when the provider could not be asked. It need not
    be on a list; redirects are not followed, and its documents send nobody into a private network.
    """
    if offline:
        raise UnusableInputError(
            msg("A check asks the provider's servers, which --offline forbids."),
            remedy=msg("Leave --offline out; trustdesk token inspect judges tokens offline."),
        )
    lists = chosen_trust_lists(trust_lists, workspace) if trust_lists else ()
    proxies = chosen_proxies(proxy, no_proxy=no_proxy, tunnels=True)
    with own_desk(workspace, trust_lists=lists, limits=limits_within(timeout), proxies=proxies) as desk:
        found = wait_for(
            desk.provider_desk.check_provider(
                issuer,
                trust_lists=[one.name for one in lists],
                allow_private_addresses=allow_private_addresses,
            )
        )
        if keep_keys:
            wait_for(desk.provider_desk.keep_keys(found, comment))
    if as_json:
        document = provider_check_document(found, keys_kept=keep_keys, text=wording().text)
        click.echo(json_text(document, indent=1))
    else:
        print_check(console(), found, everything=everything)
        if keep_keys:
            click.echo(wording().text(msg("Its keys are kept with the list that names it.")))
    context.exit(1 if found.verdict is Verdict.FAIL else 0)


@idp.command(epilog="Example: trustdesk idp export partners --output providers.json")
@click.argument("name", metavar="NAME")
@click.option("--output", type=file_path, required=True, metavar="FILE", help="Where to write it.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@workspace_option
def export(name: str, output: Path, force: bool, workspace: WorkspacePlace | None) -> None:
    """Write a list in our open form (JSON), with the keys that are kept with it, unsigned."""
    if output.exists() and not force:
        raise UnusableInputError(
            msg("There is a file of this name already."),
            remedy=msg("Name another, or add --force."),
            place=str(output),
        )
    with own_desk(workspace) as desk:
        found = _list_of(desk.provider_desk, name)
        desk.save_file(output, provider_list_bytes(found)).result()
    click.echo(wording().text(msg("Written to {file}.", file=str(output))))


@idp.command(epilog="Example: trustdesk idp remove partners --comment 'contract ended'")
@click.argument("name", metavar="NAME")
@click.option("--comment", default="", metavar="TEXT", help="Why, for the trust log.")
@workspace_option
def remove(name: str, comment: str, workspace: WorkspacePlace | None) -> None:
    """Take a list of identity providers away; the trust log keeps what was."""
    with own_desk(workspace) as desk:
        _list_of(desk.provider_desk, name)
        wait_for(desk.provider_desk.remove_providers(name, comment))
    click.echo(wording().text(msg("{name} was removed.", name=name)))


def _list_of(desk: ProviderDesk, name: str) -> ProviderList:
    lists = desk.provider_lists().result()
    found = next((one for one in lists if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in lists)
        raise UnusableInputError(
            msg("There is no list of identity providers of this name."),
            remedy=msg("Name one of: {names}.", names=names) if lists else msg("Import one first."),
            place=name,
        )
    return found


def _require_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise UnusableInputError(
            msg("A list cannot be called this."),
            remedy=msg("Name it with at most {count} visible characters.", count=_LONGEST),
            place=name,
        )


def _warn(providers: ProviderList) -> None:
    """Say on standard error what a person should know although nothing stands against it."""
    if providers.authenticity.state is AuthenticityState.UNKNOWN_SIGNER:
        words = msg(
            "Nobody has said who {signer} is: compare it with the publisher, and give it as --signer.",
            signer=providers.authenticity.signer or "?",
        )
    elif providers.authenticity.state is not AuthenticityState.VERIFIED:
        words = msg("Nothing proves who published the list.")
    else:
        return
    click.echo(f"trustdesk: {wording().text(words)}", err=True)


_LONGEST = 100
