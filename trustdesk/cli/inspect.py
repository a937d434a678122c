"""`trustdesk inspect`: what is in a file, and what it can be used as."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.opening import opened, require_readable
from trustdesk.cli.options import (
    chosen_trust_lists,
    file_path,
    json_option,
    offline_option,
    trust_options,
)
from trustdesk.cli.render import console
from trustdesk.cli.render_inspection import print_inspection
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.formats.json_text import json_text
from trustdesk.formats.judgement_documents import inspection_document
from trustdesk.services.inspection import usability_of
from trustdesk.services.verification import certificates_of
from trustdesk.services.wording import wording


@click.command(epilog="Example: trustdesk inspect partner.p12 chain.pem --trust-list partners.pem")
@click.argument("files", type=file_path, nargs=-1, required=True, metavar="FILE…")
@trust_options
@password_options
@offline_option
@json_option
def inspect(
    files: tuple[Path, ...],
    trust_lists: tuple[str, ...],
    at: datetime | None,
    password: SecretOption,
    offline: bool,
    as_json: bool,
) -> None:
    """Open FILE (PEM, DER, PKCS#7, PKCS#12, JKS, ZIP, a folder, - for standard input) and say what is in it.

    Every item is listed, damaged ones too; each certificate with whether it can be a ONE Record server or
    client by the selected lists. Fetches nothing.
    """
    del offline  # Nothing is fetched in any case.

    lists = chosen_trust_lists(trust_lists)
    inspection = opened(files, password.prompt())
    usable = usability_of(certificates_of(inspection), lists, at or datetime.now(UTC))
    if as_json:
        click.echo(json_text(inspection_document(inspection, usable, wording().text), indent=1))
    else:
        print_inspection(console(), inspection, usable, lists)
    for file in files:
        require_readable(inspection, file)
