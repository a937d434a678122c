"""`trustdesk csr new` and `csr add`: making a request with a key in a store, or taking in one of a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.csr_options import open_cases, purpose_option_of, request_in
from trustdesk.cli.options import file_path, json_option, stacked, workspace_option
from trustdesk.cli.render import console
from trustdesk.cli.render_csr import print_commands, print_requests
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.certificate_request import RequestCase, RequestDraft, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding, Verdict, verdict_of
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.formats.json_text import json_text
from trustdesk.formats.request_documents import csr_commands_document, csr_document
from trustdesk.formats.request_writing import request_pem
from trustdesk.services.request_content import WHY_TWO_REQUESTS, one_record_ids_of
from trustdesk.services.request_preflight import preflight, preflight_request, require_makeable
from trustdesk.services.server_commands import server_commands
from trustdesk.services.wording import wording
from trustdesk.storage.atomic_file import PASSED_ON, write_atomically
from trustdesk.storage.places import WorkspacePlace

_BOTH = "both"
PURPOSES = tuple(purpose.value for purpose in RequestPurpose)

_draft_options = stacked(
    click.option("--name", required=True, metavar="NAME", help="What you call it, and the identity of it."),
    click.option(
        "--id",
        "ids",
        multiple=True,
        metavar="URI",
        help="1R-ID, https://host/COMPANY-ID; the main one first (repeatable).",
    ),
    click.option("--dns", "hosts", multiple=True, metavar="HOST", help="Further host names (repeatable)."),
    click.option("--client-auth", is_flag=True, help="Ask for clientAuth in a server's certificate too."),
    click.option("--subject", default="", metavar="DN", help="Subject of free form: CN=a,O=b."),
    click.option(
        "--san",
        "names",
        multiple=True,
        metavar="KIND:NAME",
        help="Name of free form: DNS:, URI:, IP: or email: (repeatable).",
    ),
    click.option("--key-usage", metavar="A,B", help="Key usages of free form (default digitalSignature)."),
    click.option("--eku", metavar="A,B", default="", help="Extended key usages of free form."),
    click.option(
        "--key",
        type=click.Choice([kind.value for kind in KeyKind], case_sensitive=False),
        default=KeyKind.P256.value,
        metavar="KIND",
        help="P-256 (default), P-384, RSA-2048, RSA-3072 or RSA-4096.",
    ),
    click.option("--partner", metavar="NAME", help="The partner that it is for."),
    click.option("--renews", metavar="NAME", help="The identity that it shall follow."),
)


@click.command(
    epilog="Example: trustdesk csr new --purpose client --name halden-2027"
    " --id https://1r.halden.example/HAC --output halden.csr"
)
@click.option("--purpose", type=click.Choice([*PURPOSES[:2], _BOTH, PURPOSES[2]]), required=True)
@_draft_options
@click.option(
    "--store",
    type=click.Choice([kind.value for kind in KeyStoreKind]),
    default=KeyStoreKind.KEYRING.value,
    help="Where the key is kept: the system's keyring (default), or the vault.",
)
@click.option(
    "--output",
    type=file_path,
    metavar="FILE",
    help="File for the request, PEM; of both, -client and -server stand before its ending.",
)
@click.option(
    "--on-server", is_flag=True, help="Make nothing: say the openssl and keytool lines for a server."
)
@workspace_option
@password_options
@json_option
def new(
    purpose: str,
    name: str,
    ids: tuple[str, ...],
    hosts: tuple[str, ...],
    client_auth: bool,
    subject: str,
    names: tuple[str, ...],
    key_usage: str | None,
    eku: str,
    key: str,
    partner: str | None,
    renews: str | None,
    store: str,
    output: Path | None,
    on_server: bool,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Make a key in the store and a certificate request for it, after its preflight.

    A client's names 1R-IDs, a server's the hosts of the 1R-IDs and those of --dns; both makes two requests
    with two keys. Exits with 1, and makes nothing, when a rule that weighs as error fails.
    """
    draft = RequestDraft(
        name=name.strip(),
        purpose=RequestPurpose.FREE if purpose == _BOTH else RequestPurpose(purpose),
        key=KeyKind(key),
        one_record_ids=ids,
        dns_names=hosts,
        subject=subject,
        subject_alt_names=names,
        client_auth=client_auth,
        key_usage=_listed("digitalSignature" if key_usage is None else key_usage),
        extended_key_usage=_listed(eku),
        partner=partner,
        renews=renews,
    )
    _require_fitting(purpose, draft, has_key_usage=key_usage is not None)
    drafts = _both(draft) if purpose == _BOTH else (draft,)
    for one in drafts:
        require_makeable(one)
    at = datetime.now(UTC)
    found = [preflight(one, at=at) for one in drafts]
    if len(drafts) > 1:
        click.echo(wording().text(WHY_TWO_REQUESTS), err=True)
    if on_server:
        _say_lines(drafts, as_json=as_json)
        return
    if verdict_of(finding for findings in found for finding in findings) is Verdict.FAIL:
        _refuse(drafts, found)
    files = [_file(output, one, count=len(drafts)) for one in drafts]
    with open_cases(workspace) as opened:
        make_ready(KeyStoreKind(store), opened.keys.vault, password, may_make=True)
        cases = wait_for(opened.keys.thread.run(lambda: opened.cases.make(drafts, KeyStoreKind(store))))
        checked = [
            (
                case.request,
                case.purpose,
                case,
                preflight_request(
                    case.request,
                    case.purpose,
                    opened.cases.key_uses(case.request),
                    at=at,
                    one_record_ids=one_record_ids_of(one),
                ),
            )
            for one, case in zip(drafts, cases, strict=True)
        ]
    written = _written(cases, files)
    if as_json:
        document = csr_document(checked, at=at, files=written, text=wording().text)
        click.echo(json_text(document, indent=1))
    else:
        print_requests(console(), checked, written, with_pem=output is None)


@click.command(epilog="Example: trustdesk csr add server.csr --name halden-server --purpose server")
@click.argument("file", type=file_path)
@click.option("--name", required=True, metavar="NAME", help="What you call it.")
@click.option("--purpose", type=click.Choice(PURPOSES), help="What it is for (default: what it says).")
@click.option("--partner", metavar="NAME", help="The partner that it is for.")
@click.option("--renews", metavar="NAME", help="The identity that it shall follow.")
@workspace_option
@json_option
@click.pass_context
def add(
    context: click.Context,
    file: Path,
    name: str,
    purpose: str | None,
    partner: str | None,
    renews: str | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Take in the request in FILE, whose key was made on a server, so that the CA's reply finds it.

    Exits with 1 when a rule that weighs as error fails; the request is taken in all the same.
    """
    csr = request_in(file)
    meant = purpose_option_of(csr, purpose, None)
    draft = RequestDraft(name=name.strip(), purpose=meant, partner=partner, renews=renews)
    at = datetime.now(UTC)
    with open_cases(workspace) as opened:
        case = opened.cases.take(csr, draft)
        findings = preflight_request(csr, meant, opened.cases.key_uses(csr), at=at)
    checked = [(csr, meant, case, findings)]
    if as_json:
        click.echo(json_text(csr_document(checked, at=at, files={}, text=wording().text), indent=1))
    else:
        print_requests(console(), checked, {})
    context.exit(1 if verdict_of(findings) is Verdict.FAIL else 0)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _require_fitting(purpose: str, draft: RequestDraft, *, has_key_usage: bool) -> None:
    """Refuse options that the purpose would pass over.

    Raises:
        UnusableInputError: one was given.
    """
    free = bool(draft.subject or draft.subject_alt_names or draft.extended_key_usage or has_key_usage)
    profiled = bool(draft.one_record_ids or draft.dns_names or draft.client_auth)
    if purpose == RequestPurpose.FREE and profiled:
        raise UnusableInputError(
            msg("--id, --dns and --client-auth belong to a client's or a server's request."),
            remedy=msg("Use --subject, --san and --eku, or another --purpose."),
        )
    if purpose != RequestPurpose.FREE and free:
        raise UnusableInputError(
            msg("--subject, --san, --key-usage and --eku belong to a request of free form."),
            remedy=msg("Use --id and --dns, or --purpose free."),
        )
    if purpose == RequestPurpose.CLIENT and (draft.dns_names or draft.client_auth):
        raise UnusableInputError(
            msg("A client's request names 1R-IDs and no hosts."),
            remedy=msg("Leave out --dns and --client-auth, or choose --purpose both."),
        )
    if purpose == _BOTH and draft.renews is not None:
        raise UnusableInputError(
            msg("Two requests cannot follow one identity."), remedy=msg("Make them one after the other.")
        )


def _both(draft: RequestDraft) -> tuple[RequestDraft, ...]:
    return (
        replace(draft, name=f"{draft.name}-client", purpose=RequestPurpose.CLIENT, dns_names=()),
        replace(draft, name=f"{draft.name}-server", purpose=RequestPurpose.SERVER),
    )


def _say_lines(drafts: Sequence[RequestDraft], *, as_json: bool) -> None:
    if as_json and len(drafts) > 1:
        raise UnusableInputError(
            msg("The lines of two requests are two documents."),
            remedy=msg("Ask for --purpose client and --purpose server by themselves."),
        )
    for draft in drafts:
        commands = server_commands(draft)
        if as_json:
            click.echo(json_text(csr_commands_document(draft.name, draft.purpose, commands), indent=1))
        else:
            print_commands(console(), draft, commands)


def _refuse(drafts: Sequence[RequestDraft], found: Sequence[Sequence[Finding]]) -> None:
    for draft, findings in zip(drafts, found, strict=True):
        failed = next((one for one in findings if one.is_failure), None)
        if failed is not None:
            raise _BadDraftError(
                failed.evidence, remedy=failed.remedy or msg("Correct it and try again."), place=draft.name
            )


class _BadDraftError(UnusableInputError):
    """The preflight's verdict is bad: status 1, as for every verdict."""

    exit_status = 1


def _file(output: Path | None, draft: RequestDraft, *, count: int) -> Path | None:
    """Return where a request is written to; nothing that is there is written over.

    Raises:
        UnusableInputError: something is there, or the folder is not.
    """
    if output is None:
        return None
    file = output
    if count > 1:
        file = output.with_name(f"{output.stem}-{draft.purpose}{output.suffix}")
    if file.exists():
        raise UnusableInputError(
            msg("There is a file of that name already."), remedy=msg("Name another file."), place=str(file)
        )
    if not file.parent.is_dir():
        raise UnusableInputError(
            msg("There is no such folder."), remedy=msg("Make the folder first."), place=str(file.parent)
        )
    return file


def _written(cases: Sequence[RequestCase], files: Sequence[Path | None]) -> dict[str, str]:
    written = {}
    for case, file in zip(cases, files, strict=True):
        if file is not None:
            write_atomically(file, request_pem(case.request.der), PASSED_ON)
            written[case.request.sha256] = str(file)
    return written
