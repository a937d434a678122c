"""`trustdesk trust export`: a version in every form that others take."""

from __future__ import annotations

from pathlib import Path

import click

from trustdesk.cli.options import file_path, json_option, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console, marked
from trustdesk.cli.render_trust import print_line
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.cli.trust_sources import Usages, split_reference
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import Usage
from trustdesk.formats.document_values import utf8
from trustdesk.formats.json_text import json_text
from trustdesk.services.board import State
from trustdesk.services.list_words import ENTRY_FIELDS, LIST_FIELDS
from trustdesk.services.trust_desk import ExportWish, ListForm, WrittenList
from trustdesk.services.trust_words import joined
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_ENDINGS = {
    ".json": ListForm.JSON,
    ".pem": ListForm.PEM,
    ".crt": ListForm.PEM,
    ".p7b": ListForm.PKCS7,
    ".p7c": ListForm.PKCS7,
    ".p12": ListForm.JAVA_TRUST_STORE,
    ".pfx": ListForm.JAVA_TRUST_STORE,
    ".jks": ListForm.JAVA_TRUST_STORE,
    ".csv": ListForm.CCADB,
}


@click.command(epilog="Example: trustdesk trust export pilot --output trusted-clients.pem --usage client")
@click.argument("reference", metavar="NAME[@NUMBER]")
@click.option("--output", type=file_path, required=True, metavar="FILE", help="Where to write it.")
@click.option(
    "--form",
    type=click.Choice([form.value for form in ListForm]),
    help="What to write (default: by the file's ending: .json, .pem, .p7b, .p12, .csv).",
)
@click.option("--usage", type=Usages(), metavar="A", help="Only CAs that are trusted for this.")
@click.option("--sign-with", "identity", metavar="NAME", help="Identity that signs it (JSON only).")
@click.option("--with-local", is_flag=True, help="Apply what was decided here; without, as it was imported.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@password_options
@workspace_option
@json_option
def export(
    reference: str,
    output: Path,
    form: str | None,
    usage: frozenset[Usage] | None,
    identity: str | None,
    with_local: bool,
    force: bool,
    password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Write a version of a list, and say what the form cannot carry.

    A Java trust store has Java's usual password unless another one is given.
    """
    name, number = split_reference(reference)
    if usage is not None and len(usage) != 1:
        raise UnusableInputError(msg("One usage at a time."), remedy=msg("Write one file for each usage."))
    if output.exists() and not force:
        raise UnusableInputError(
            msg("There is a file of this name already."),
            remedy=msg("Name another, or add --force."),
            place=str(output),
        )
    wish = ExportWish(
        form=_form(form, output),
        usage=None if usage is None else next(iter(usage)),
        identity=identity,
        passphrase=password.read() if password.is_given else None,
        with_local=with_local,
    )
    with own_desk(workspace) as desk:
        written = wait_for(desk.trust_desk.export(name, number, output, wish))
    if as_json:
        click.echo(json_text(_document(reference, wish, written), indent=1))
    else:
        _print(written)


def _form(form: str | None, output: Path) -> ListForm:
    if form is not None:
        return ListForm(form)
    found = _ENDINGS.get(output.suffix.casefold())
    if found is None:
        raise UnusableInputError(
            msg("The file's ending does not say what to write."),
            remedy=msg("Add --form, one of: {forms}.", forms=", ".join(one.value for one in ListForm)),
            place=str(output),
        )
    return found


def _document(reference: str, wish: ExportWish, written: WrittenList) -> dict[str, object]:
    return {
        "schema": "trustdesk.trust-export/1",
        "version": utf8(reference),
        "form": wish.form.value,
        "output": utf8(str(written.file)),
        "sha256": written.sha256,
        "entry_count": written.entries,
        "signed_by": utf8(wish.identity),
        "lost": list(written.lost),
    }


def _print(written: WrittenList) -> None:
    out, say = console(), wording().text
    print_line(
        out,
        msg_n(
            "{file} holds {count} CA, read back.",
            "{file} holds {count} CAs, read back.",
            written.entries,
            file=str(written.file),
        ),
    )
    if written.lost:
        lost = msg("This form cannot carry: {fields}.", fields=joined([_title(one) for one in written.lost]))
        out.print(marked(State.WARNING, say(lost)), soft_wrap=True)


def _title(field: str) -> Message:
    """Return what people call a field; "list.sequence" is one of the list itself."""
    of_list = field.startswith("list.")
    titles, name = (LIST_FIELDS, field.removeprefix("list.")) if of_list else (ENTRY_FIELDS, field)
    parts = [title for key, title in titles.items() if key == name or key.startswith(f"{name}.")]
    return parts[0] if parts else msg("{field}", field=field)
