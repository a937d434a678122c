"""`trustdesk ca`: a small private CA for closed groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from trustdesk.cli.ca_delete import delete
from trustdesk.cli.csr_options import request_in
from trustdesk.cli.options import file_path, json_option, stacked, workspace_option
from trustdesk.cli.render import console
from trustdesk.cli.render_ca import (
    print_authorities,
    print_line,
    print_list,
    print_notice,
)
from trustdesk.cli.render_lint import print_findings
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict, verdict_of
from trustdesk.core.inspection import InspectedItem, ItemKind
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.core.private_ca import AuthorityDraft, RevocationReason
from trustdesk.formats import authority_documents as documents
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.json_text import json_text
from trustdesk.services.private_ca import CRL_DAYS, MAX_CRL_DAYS, MAX_VALIDITY
from trustdesk.services.private_ca_opening import issued_by, open_private_cas
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace
from trustdesk.verify.profiles.context import Role

_DEFAULTS = AuthorityDraft(name="")
_DAYS = MAX_VALIDITY.days

_common_options = stacked(workspace_option, password_options, json_option)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def ca() -> None:
    """A small private CA for a closed group, its keys in the keyring. No audited CA, no hardware module."""


ca.add_command(delete)


@ca.command(
    epilog="Example: trustdesk ca new --name 'Cargo group' --permit DNS:cargo.example"
    " --crl-url http://crl.cargo.example/group.crl"
)
@click.option("--name", required=True, metavar="NAME", help="What people shall call the CA.")
@click.option(
    "--permit",
    "permitted",
    multiple=True,
    metavar="LIMIT",
    help="Certify nothing outside of it (repeatable): DNS:partner.example, or URI:.partner.example.",
)
@click.option("--crl-url", metavar="URL", help="Where its revocation list will be published (http).")
@click.option(
    "--key",
    type=click.Choice([kind.value for kind in KeyKind], case_sensitive=False),
    default=_DEFAULTS.key.value,
    show_default=True,
    help="Kind of its keys.",
)
@click.option(
    "--root-days", type=int, default=_DEFAULTS.root_days, show_default=True, help="How long the root lasts."
)
@click.option(
    "--issuing-days",
    type=int,
    default=_DEFAULTS.issuing_days,
    show_default=True,
    help="How long the issuing CA lasts.",
)
@click.option(
    "--store",
    type=click.Choice([kind.value for kind in KeyStoreKind]),
    default=_DEFAULTS.store.value,
    show_default=True,
    help="What keeps its keys.",
)
@_common_options
def new(
    name: str,
    permitted: tuple[str, ...],
    crl_url: str | None,
    key: str,
    root_days: int,
    issuing_days: int,
    store: str,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Make a root and an issuing CA below it, with their keys in the keyring or the vault."""
    draft = AuthorityDraft(
        name=name,
        key=KeyKind(key),
        permitted_names=permitted,
        crl_url=crl_url,
        root_days=root_days,
        issuing_days=issuing_days,
        store=KeyStoreKind(store),
    )
    with open_private_cas(workspace) as cas:
        make_ready(draft.store, cas.vault, password, may_make=True)
        made = wait_for(cas.desk.create(draft))
    names = read_details(made.issuing.der).permitted_names
    if as_json:
        click.echo(json_text(documents.new_document(made, names, wording().text), indent=1))
        return
    print_authorities(console(), (made,), datetime.now(UTC))
    print_notice(console())


@ca.command(
    epilog="Example: trustdesk ca issue 'Cargo group' acme.csr --purpose client --partner Acme"
    " --output acme.pem"
)
@click.argument("name", metavar="CA")
@click.argument("csr_file", type=file_path, metavar="CSR")
@click.option(
    "--purpose",
    type=click.Choice([RequestPurpose.CLIENT.value, RequestPurpose.SERVER.value]),
    required=True,
    help="As what the certificate will be used.",
)
@click.option(
    "--days",
    type=click.IntRange(1, _DAYS),
    default=_DAYS,
    show_default=True,
    help="How long it is valid, a year at most.",
)
@click.option(
    "--partner", metavar="NAME", help="Whom it is for: its names must be hosts of this partner's endpoints."
)
@click.option("--output", type=file_path, required=True, metavar="FILE", help="Chain to write, PEM.")
@click.option("--all", "everything", is_flag=True, help="Show also rules that pass and do not apply.")
@_common_options
@click.pass_context
def issue(
    context: click.Context,
    name: str,
    csr_file: Path,
    purpose: str,
    days: int,
    partner: str | None,
    output: Path,
    everything: bool,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Sign the request in CSR by its profile, once the preflight finds nothing against it.

    Names, usages and validity come from the profile and from this command, never from the request alone.
    Exits with 1, and signs nothing, when a rule that weighs as error or blocker fails.
    """
    wanted = RequestPurpose(purpose)
    csr = request_in(csr_file)
    _require_new(output)
    with open_private_cas(workspace) as cas:
        authority = cas.of_name(name)
        if partner is not None:
            cas.require_partner(partner)
        findings = cas.desk.preflight(authority.id, csr, wanted, partner).result()
        issued = None
        if verdict_of(findings) is not Verdict.FAIL:
            make_ready(authority.issuing_key.reference.store, cas.vault, password)
            job = cas.desk.issue(authority.id, csr, wanted, validity=timedelta(days=days), partner=partner)
            issued = wait_for(job)
            cas.desk.save_chain(authority.id, issued.certificate.sha256, output).result()
    if as_json:
        document = documents.issue_document(
            authority,
            csr,
            purpose=purpose,
            partner=partner,
            findings=findings,
            issued=issued,
            output=str(output),
            text=wording().text,
        )
        click.echo(json_text(document, indent=1))
    else:
        item = InspectedItem(kind=ItemKind.CSR, source=str(csr_file), position=0, csr=csr)
        print_findings(console(), item, Role.CSR, findings, everything=everything)
        if issued is None:
            print_line(console(), msg("Nothing was signed."))
        else:
            print_line(
                console(),
                msg(
                    "Signed until {not_after}; the chain is in {file}.",
                    not_after=issued.certificate.not_after or issued.issued_at,
                    file=str(output),
                ),
            )
    context.exit(1 if issued is None else 0)


@ca.command(epilog="Example: trustdesk ca revoke 'Cargo group' 0A:3F:91 --reason keyCompromise")
@click.argument("name", metavar="CA")
@click.argument("certificate", metavar="SERIAL|SHA256")
@click.option(
    "--reason",
    type=click.Choice([reason.value for reason in RevocationReason]),
    required=True,
    help="Why; everybody reads it in the list.",
)
@click.option("--output", type=file_path, metavar="FILE", help="Write the new list too, as with ca crl.")
@_common_options
def revoke(
    name: str,
    certificate: str,
    reason: str,
    output: Path | None,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Revoke a certificate, and issue the revocation list that names it: both or none."""
    if output is not None:
        _require_folder(output)
    with open_private_cas(workspace) as cas:
        authority = cas.of_name(name)
        issued = issued_by(authority, certificate)
        make_ready(authority.issuing_key.reference.store, cas.vault, password)
        job = cas.desk.revoke(authority.id, issued.certificate.sha256, RevocationReason(reason))
        made = wait_for(job)
        if output is not None:
            cas.desk.save_crl(authority.id, output).result()
    place = None if output is None else str(output)
    if as_json:
        document = documents.revoke_document(authority, issued.certificate, reason, made, place)
        click.echo(json_text(document, indent=1))
        return
    print_line(
        console(),
        msg(
            "{certificate} is revoked. Servers know it once they have the new list.",
            certificate=issued.certificate.title,
        ),
    )
    print_list(console(), made, place)


@ca.command(epilog="Example: trustdesk ca crl 'Cargo group' --output group.crl")
@click.argument("name", metavar="CA")
@click.option(
    "--output",
    type=file_path,
    required=True,
    metavar="FILE",
    help="In .crl or .der the issuing CA's list, to be published; else the root's too, as PEM for servers.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MAX_CRL_DAYS),
    default=CRL_DAYS,
    show_default=True,
    help="After how long the next one is due.",
)
@_common_options
def crl(
    name: str,
    output: Path,
    days: int,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Issue the next revocation list and write it."""
    _require_folder(output)
    with open_private_cas(workspace) as cas:
        authority = cas.of_name(name)
        make_ready(authority.issuing_key.reference.store, cas.vault, password)
        made = wait_for(cas.desk.issue_crl(authority.id, days=days))
        cas.desk.save_crl(authority.id, output).result()
    if as_json:
        click.echo(json_text(documents.crl_document(authority, made, str(output)), indent=1))
        return
    print_list(console(), made, str(output))


@ca.command(name="list", epilog="Example: trustdesk ca list --json")
@workspace_option
@json_option
def list_(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List the private CAs, and what each issued. No key is touched."""
    with open_private_cas(workspace) as cas:
        authorities = cas.desk.authorities().result()
    if as_json:
        click.echo(json_text(documents.list_document(authorities, wording().text), indent=1))
        return
    print_authorities(console(), authorities, datetime.now(UTC))


@ca.command(epilog="Example: trustdesk ca root 'Cargo group' --output group-root.pem")
@click.argument("name", metavar="CA")
@click.option("--output", type=file_path, required=True, metavar="FILE", help="Trust list to write, PEM.")
@workspace_option
@json_option
def root(name: str, output: Path, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Write the root as a trust list of its own, to be handed to the group."""
    _require_folder(output)
    with open_private_cas(workspace) as cas:
        authority = cas.of_name(name)
        cas.desk.save_root(authority.id, output).result()
    if as_json:
        click.echo(json_text(documents.root_document(authority, str(output)), indent=1))
        return
    print_line(
        console(),
        msg(
            "The root is in {file}. Have the group compare its SHA-256 by another way: {sha256}",
            file=str(output),
            sha256=authority.root.sha256,
        ),
    )
    print_notice(console())


def _require_new(file: Path) -> None:
    """Let no chain be written over a file that is there: it may be the request, or a key.

    Raises:
        UnusableInputError: it is there, or its folder is not.
    """
    _require_folder(file)
    if file.exists():
        raise UnusableInputError(
            msg("There is a file of that name already."), remedy=msg("Name another file."), place=str(file)
        )


def _require_folder(file: Path) -> None:
    """Look where a file shall go before anything is signed that then lies nowhere.

    Raises:
        UnusableInputError: there is no such folder, or a folder is in the file's place.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise UnusableInputError(
            msg("No file can be written there: its folder is missing, or it is a folder itself."),
            remedy=msg("Make the folder, or name another file."),
            place=str(file),
        )
