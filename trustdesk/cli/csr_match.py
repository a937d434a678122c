"""`trustdesk csr match`: the CA's reply against what was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.csr_options import open_cases, purpose_option_of, request_in
from trustdesk.cli.opening import opened as opened_files
from trustdesk.cli.opening import require_readable
from trustdesk.cli.options import (
    Instant,
    chosen_trust_lists,
    file_path,
    json_option,
    workspace_option,
)
from trustdesk.cli.render import console
from trustdesk.cli.render_csr import print_replies
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.core.certificate_request import CaseState, MatchedReply, RequestCase
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.inspection import Inspection
from trustdesk.core.message import msg
from trustdesk.formats.json_text import json_text
from trustdesk.formats.request_documents import csr_match_document, match_verdict
from trustdesk.services.request_match import compare
from trustdesk.services.verification import certificates_of, end_entity_of
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace


@click.command(epilog="Example: trustdesk csr match reply.pem chain.pem --apply")
@click.argument("files", type=file_path, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--request",
    type=file_path,
    metavar="FILE",
    help="Compare with the request in this file, and with none of the workspace.",
)
@click.option("--apply", "applies", is_flag=True, help="Take what answers a request; without it, only look.")
@click.option("--apply-anyway", is_flag=True, help="Take it also where a difference does harm.")
@click.option(
    "--trust-list",
    "trust_lists",
    multiple=True,
    metavar="NAME|FILE",
    help="List to look for issuers in (repeatable; default: what the workspace judges by).",
)
@click.option("--at", type=Instant(), metavar="TIME", help="Compare as of this time, with --request.")
@workspace_option
@password_options
@json_option
@click.pass_context
def match(
    context: click.Context,
    files: tuple[Path, ...],
    request: Path | None,
    applies: bool,
    apply_anyway: bool,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    workspace: WorkspacePlace | None,
    password: SecretOption,
    as_json: bool,
) -> None:
    """Find the requests that the certificates in FILE answer, and say what differs from what was asked.

    With --apply, a certificate for a key of the workspace becomes an identity under the request's name.
    Exits with 1 when a certificate answers no request or cannot be used as it was meant to be.
    """
    if request is not None and (applies or apply_anyway):
        raise UnusableInputError(
            msg("A request that is only a file takes no certificate."),
            remedy=msg("Take it in first: trustdesk csr add FILE --name NAME."),
            place=str(request),
        )
    if at is not None and request is None:
        raise UnusableInputError(
            msg("What is taken is judged as of now."), remedy=msg("Use --at together with --request.")
        )
    lists = chosen_trust_lists(trust_lists, workspace)
    inspection = opened_files(files, password.prompt())
    for file in dict.fromkeys(files):
        require_readable(inspection, file)
    taken: dict[str, RequestCase] = {}
    replies: tuple[MatchedReply, ...]
    if request is not None:
        replies = (_compared(inspection, request, str(files[0]), at or datetime.now(UTC)),)
    else:
        with open_cases(workspace) as opened:
            replies = opened.cases.match(inspection, lists)
            for reply in replies if applies or apply_anyway else ():
                if _can_be_taken(reply, anyway=apply_anyway):
                    taken[reply.certificate.sha256] = opened.cases.accept(reply)
    if as_json:
        click.echo(json_text(csr_match_document(replies, taken, wording().text), indent=1))
    else:
        print_replies(console(), replies, taken, applies=applies or apply_anyway)
    context.exit(1 if match_verdict(replies) is Verdict.FAIL else 0)


def _can_be_taken(reply: MatchedReply, *, anyway: bool) -> bool:
    if reply.case is None or reply.problem is not None:
        return False
    return anyway or not any(difference.is_harmful for difference in reply.differences)


def _compared(inspection: Inspection, file: Path, place: str, at: datetime) -> MatchedReply:
    csr = request_in(file)
    chosen = end_entity_of(inspection, place)
    # Of several, the one that has the request's key was meant, if there is one.
    own = (one for one in certificates_of(inspection) if one.spki_sha256 == csr.spki_sha256)
    certificate = next(own, chosen.certificate) if csr.spki_sha256 is not None else chosen.certificate
    others = [one for one in certificates_of(inspection) if one is not certificate]
    case = RequestCase(
        id=0,
        name=str(file),
        purpose=purpose_option_of(csr, None, None),
        state=CaseState.REQUESTED,
        request=csr,
        created_at=at,
    )
    return compare(case, certificate, others, at)
