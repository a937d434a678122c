"""`trustdesk csr`: requests for a named purpose, and the CA's answers to them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.csr_match import match
from trustdesk.cli.csr_new import PURPOSES, add, new
from trustdesk.cli.csr_options import (
    NamedRequest,
    named_request,
    open_cases,
    purpose_option_of,
)
from trustdesk.cli.options import Instant, file_path, json_option, workspace_option
from trustdesk.cli.render import console
from trustdesk.cli.render_csr import print_cases, print_request, print_requests
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.certificate_request import CaseState
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict, verdict_of
from trustdesk.core.message import msg
from trustdesk.formats.json_text import json_text
from trustdesk.formats.request_documents import csr_document, csr_drop_document, csr_list_document
from trustdesk.formats.request_writing import request_pem
from trustdesk.services.linting import choose_rule_sets
from trustdesk.services.request_preflight import preflight_request
from trustdesk.services.wording import wording
from trustdesk.storage.atomic_file import PASSED_ON, write_atomically
from trustdesk.storage.places import WorkspacePlace, has_workspace
from trustdesk.verify.profiles.context import KeyUse


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def csr() -> None:
    """Certificate requests (CSRs), and the CA's answers to them."""


csr.add_command(new)
csr.add_command(add)
csr.add_command(match)


@csr.command(name="list", epilog="Example: trustdesk csr list --json")
@workspace_option
@json_option
def list_cases(workspace: WorkspacePlace | None, as_json: bool) -> None:
    """List the requests of the workspace, the newest first, with how far each has come."""
    with open_cases(workspace) as opened:
        cases = opened.cases.cases()
    if as_json:
        click.echo(json_text(csr_list_document(cases), indent=1))
    else:
        print_cases(console(), cases)


@csr.command(epilog="Example: trustdesk csr show halden-2027 --output halden.csr")
@click.argument("request", metavar="NAME|FILE")
@click.option("--output", type=file_path, metavar="FILE", help="Write the request there again, PEM.")
@workspace_option
@json_option
def show(request: str, output: Path | None, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Say what a request asks for: one of the workspace by its name, or one in FILE."""
    found = named_request(workspace, request)
    purpose = purpose_option_of(found.csr, None, found.case)
    if output is not None:
        if output.exists():
            raise UnusableInputError(
                msg("There is a file of that name already."),
                remedy=msg("Name another file."),
                place=str(output),
            )
        if found.csr.signature_valid is None:
            raise UnusableInputError(
                msg("The request is too damaged to be written again."),
                remedy=msg("Copy the file as it is."),
                place=request,
            )
        write_atomically(output, request_pem(found.csr.der), PASSED_ON)
    if as_json:
        files = {} if output is None else {found.csr.sha256: str(output)}
        document = csr_document(
            [(found.csr, purpose, found.case, ())], at=datetime.now(UTC), files=files, text=wording().text
        )
        document.pop("verdict")  # nothing was judged
        click.echo(json_text(document, indent=1))
    else:
        print_request(console(), found.csr, purpose, found.case, with_pem=True)


@csr.command(epilog="Example: trustdesk csr check server.csr --purpose server")
@click.argument("request", metavar="NAME|FILE")
@click.option("--purpose", type=click.Choice(PURPOSES), help="What it is for (default: what it says).")
@click.option(
    "--rules", metavar="A,B", default="", help="Rule sets: 1r-2x, 1r-2020, webpki, org (default: all)."
)
@click.option("--org-file", type=file_path, metavar="FILE", help="The organisation's own rules (TOML).")
@click.option("--at", type=Instant(), metavar="TIME", help="Judge as of this time.")
@workspace_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    request: str,
    purpose: str | None,
    rules: str,
    org_file: Path | None,
    at: datetime | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Apply the rules on requests: one of the workspace by its name, or one in FILE.

    Exits with 1 when a rule that weighs as error or blocker fails; a warning exits with 0.
    """
    rule_sets = choose_rule_sets([name.strip() for name in rules.split(",") if name.strip()], org_file)
    found = named_request(workspace, request)
    meant = purpose_option_of(found.csr, purpose, found.case)
    instant = at or datetime.now(UTC)
    findings = preflight_request(
        found.csr, meant, _key_uses(workspace, found), at=instant, rule_sets=rule_sets
    )
    checked = [(found.csr, meant, found.case, findings)]
    if as_json:
        click.echo(json_text(csr_document(checked, at=instant, files={}, text=wording().text), indent=1))
    else:
        print_requests(console(), checked, {})
    context.exit(1 if verdict_of(findings) is Verdict.FAIL else 0)


@csr.command(epilog="Example: trustdesk csr state halden-server installed")
@click.argument("name")
@click.argument("state", type=click.Choice([state.value for state in CaseState if state != "requested"]))
@workspace_option
@json_option
def state(name: str, state: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Note how far the request NAME has come: installed where it belongs, or tested there.

    With a key of the workspace it is tested once a handshake was accepted, which is noted by itself.
    """
    with open_cases(workspace) as opened:
        case = opened.cases.set_state(opened.cases.named(name).id, CaseState(state))
    if as_json:
        click.echo(json_text(csr_list_document((case,)), indent=1))
    else:
        print_cases(console(), (case,))


@csr.command(epilog="Example: trustdesk csr drop halden-2027 --yes")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option
@password_options
@json_option
def drop(
    name: str,
    yes: bool,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Drop the request NAME, and its key where no identity uses it."""
    say = wording().text
    with open_cases(workspace) as opened:
        case = opened.cases.named(name)
        loses_key = case.key is not None and case.identity is None
        if loses_key and not yes:
            question = msg(
                "The key of {name} is deleted with it; a certificate that the CA still sends is of no use"
                " then. Drop it?",
                name=case.name,
            )
            click.confirm(say(question), abort=True, err=True)
        if case.key is not None:
            make_ready(case.key.reference.store, opened.keys.vault, password)
        wait_for(opened.keys.thread.run(lambda: opened.cases.drop(case.id)))
    if as_json:
        click.echo(json_text(csr_drop_document(case, loses_key=loses_key), indent=1))
        return
    done = (
        msg("{name} was dropped, and its key deleted.", name=case.name)
        if loses_key
        else msg("{name} was dropped.", name=case.name)
    )
    click.echo(say(done))


def _key_uses(workspace: WorkspacePlace | None, found: NamedRequest) -> tuple[KeyUse, ...]:
    if not has_workspace(workspace):
        return ()
    with open_cases(workspace) as opened:
        return opened.cases.key_uses(found.csr)
