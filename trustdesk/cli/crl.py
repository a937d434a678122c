"""`trustdesk crl`: what a revocation list says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.opening import of_file, opened, require_readable
from trustdesk.cli.options import Instant, file_path, json_option
from trustdesk.cli.render import console
from trustdesk.cli.render_crl import print_crl
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg
from trustdesk.formats.crl_document import crl_document
from trustdesk.formats.json_text import json_text
from trustdesk.services.crl_view import currency_of, is_fit, lines_of, scope_of, serial_number_of
from trustdesk.services.revocation_lists import open_revocation_list
from trustdesk.services.verification import certificates_of
from trustdesk.services.wording import wording
from trustdesk.verify.revocation_list import find_signer

_SHOWN = 10


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def crl() -> None:
    """Revocation lists (CRLs)."""


@crl.command(epilog="Example: trustdesk crl show issuing.crl --issuer issuing.pem --serial 0A:3F:91")
@click.argument("file", type=file_path, metavar="FILE")
@click.option(
    "--issuer",
    type=file_path,
    metavar="FILE",
    help="Certificate of the CA: check the signature with its key.",
)
@click.option("--serial", metavar="HEX", help="Look for this serial number, in any spelling.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_SHOWN,
    metavar="N",
    help=f"Entries to show (default {_SHOWN}).",
)
@click.option(
    "--number",
    type=click.IntRange(1),
    default=1,
    metavar="N",
    help="Which list of the file, counted from 1.",
)
@click.option("--at", type=Instant(), metavar="TIME", help="Judge as of this time.")
@json_option
@click.pass_context
def show(
    context: click.Context,
    file: Path,
    issuer: Path | None,
    serial: str | None,
    limit: int,
    number: int,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Say what the revocation list in FILE says (PEM or DER, - for standard input).

    Exits with 1 when it is out of date, damaged or not signed by the issuer that was given, and when the
    serial number that was asked for is listed or cannot be looked for. Fetches nothing.
    """
    serial_number = None if serial is None else serial_number_of(serial)
    if serial is not None and serial_number is None:
        raise UnusableInputError(
            msg("The serial number {serial} is no hexadecimal number.", serial=serial),
            remedy=msg("Write it as the certificate shows it: 0A:3F:91 or 0a3f91."),
        )
    facts = _list_of(file, number)
    revocation_list = open_revocation_list(facts.der)
    signer = find_signer(revocation_list, () if issuer is None else _certificates_of(issuer))
    if issuer is not None and signer.sha256 is None:
        raise UnusableInputError(
            msg("None of its certificates bears the name of the list's issuer, or signed the list."),
            remedy=msg("Name the certificate of {issuer}.", issuer=facts.issuer or "?"),
            place=str(issuer),
        )
    instant = at or datetime.now(UTC)
    facts = revocation_list.facts
    found = None if serial_number is None else revocation_list.listed(serial_number)
    lookup = None if serial_number is None or found is None else (serial_number, found)
    if as_json:
        document = crl_document(
            facts,
            str(file),
            at=instant,
            currency=currency_of(facts, instant),
            signer=signer,
            scope=scope_of(facts),
            lines=[line.words for line in lines_of(facts, signer, instant)],
            entries=revocation_list.entries(0, limit),
            lookup=lookup,
            text=wording().text,
        )
        click.echo(json_text(document, indent=1))
    else:
        print_crl(console(), facts, signer, instant, revocation_list.entries(0, limit), lookup)
    is_listed = lookup is not None and (bool(lookup[1]) or facts.is_damaged)
    context.exit(0 if is_fit(facts, signer, instant) and not is_listed else 1)


def _list_of(file: Path, number: int) -> CrlFacts:
    """Return a revocation list of a file, and say when there are more.

    Args:
        number: which one, from 1.

    Raises:
        UnusableInputError: there is none of that number, or nothing in it can be read.
    """
    inspection = opened((file,), _no_password)
    require_readable(inspection, file)
    lists = [item.crl for item in of_file(inspection, file).items if item.crl is not None]
    found = lists[number - 1] if number <= len(lists) else None
    if found is None or (found.issuer is None and found.this_update is None):
        if found is not None:
            problem = found.problems[0]
        elif lists:
            problem = msg("There is no list {number} in it, only {count}.", number=number, count=len(lists))
        else:
            problem = msg("There is no revocation list in it.")
        raise UnusableInputError(problem, remedy=msg("Name a file with a CRL."), place=str(file))
    if len(lists) > 1:
        more = msg(
            "The file holds {count} lists; this is number {number}, and --number chooses another.",
            count=len(lists),
            number=number,
        )
        click.echo(f"trustdesk: {wording().text(more)}", err=True)
    return found


def _certificates_of(file: Path) -> list[CertificateFacts]:
    inspection = opened((file,), _no_password)
    require_readable(inspection, file)
    return [details.facts for details in certificates_of(of_file(inspection, file))]


def _no_password(_subject: Message) -> None:
    return None
