"""`trustdesk identity import`: certificates with their keys from files into the keyring or the vault."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from trustdesk.cli.options import chosen_trust_lists, file_path, json_option, workspace_option
from trustdesk.cli.own_desk import DeskVault, own_desk
from trustdesk.cli.render import console
from trustdesk.cli.render_identity import print_imported, print_preview
from trustdesk.cli.secret_options import (
    SecretOption,
    file_password_options,
    secret_options,
    vault_password_options,
)
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.identity import Identity, ImportCandidate, ImportChoice, ImportPreview
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import Message, msg
from trustdesk.formats.identity_documents import import_document
from trustdesk.formats.json_text import json_text
from trustdesk.services.identity_desk import IdentityDesk, PreparedImport
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_TRIES = 3
"""How often somebody at a terminal is asked for a password that opens more."""

key_password_options = secret_options("key_password", "the password of a key in it (JKS)")


@click.command(name="import", epilog="Example: trustdesk identity import acme.p12 --name acme")
@click.argument("files", type=file_path, nargs=-1, required=True, metavar="FILE…")
@click.option("--key", "key_file", type=file_path, metavar="FILE", help="Private key in a file of its own.")
@click.option("--name", metavar="NAME", help="What to call it (default: after the certificate).")
@click.option(
    "--number",
    "numbers",
    type=click.IntRange(1),
    multiple=True,
    metavar="N",
    help="Which of several keys, counted from 1 as --dry-run shows them (repeatable).",
)
@click.option(
    "--store",
    type=click.Choice([kind.value for kind in KeyStoreKind]),
    default=KeyStoreKind.KEYRING.value,
    show_default=True,
    help="What keeps the key; the vault is an encrypted file, made where there is none.",
)
@click.option("--dry-run", is_flag=True, help="Show what is inside, and keep nothing.")
@click.option(
    "--trust-list", "trust_lists", multiple=True, metavar="NAME|FILE", help="List to complete chains from."
)
@file_password_options
@key_password_options
@vault_password_options
@workspace_option
@json_option
def import_files(
    files: tuple[Path, ...],
    key_file: Path | None,
    name: str | None,
    numbers: tuple[int, ...],
    store: str,
    dry_run: bool,
    trust_lists: tuple[str, ...],
    password: SecretOption,
    key_password: SecretOption,
    vault_password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Take certificates and their keys out of FILE: PKCS#12, PEM, DER, PKCS#8, JKS, JCEKS, in any number.

    Shows what is inside first. Keys that are here already are left out. Nothing is kept half: a key that
    cannot be stored is not there afterwards.
    """
    kind = KeyStoreKind(store)
    lists = chosen_trust_lists(trust_lists, workspace) if trust_lists else ()
    with own_desk(workspace, trust_lists=lists) as desk:
        prepared = _opened(
            desk.identity_desk, [*files, *([key_file] if key_file else [])], password, key_password
        )
        try:
            preview = prepared.preview
            if not as_json:
                print_preview(console(for_errors=not dry_run), preview)
            imported: tuple[Identity, ...] = ()
            if not dry_run:
                choices = _choices(preview, name, numbers, kind, str(files[0]))
                make_ready(kind, DeskVault(desk.identity_desk), vault_password, may_make=True)
                imported = wait_for(desk.identity_desk.import_identities(prepared, choices))
        finally:
            prepared.discard()
    if as_json:
        click.echo(json_text(import_document(preview, imported, wording().text), indent=1))
    elif not dry_run:
        print_imported(console(), imported)


def _opened(
    desk: IdentityDesk, files: Sequence[Path], password: SecretOption, key_password: SecretOption
) -> PreparedImport:
    """Open the files with what was given; somebody at a terminal is asked for what else they need."""
    passwords = [
        given for one in (password, key_password) if one.is_given and (given := one.read()) is not None
    ]
    prepared = wait_for(desk.prepare_import(files, passwords))
    if password.is_given or not sys.stdin.isatty():
        return prepared
    for _ in range(_TRIES):
        if not prepared.preview.locked:
            break
        given = password.prompt()(msg("Password of {file}", file=prepared.preview.locked[0]))
        if not given:
            break
        passwords.append(given)
        prepared.discard()
        prepared = wait_for(desk.prepare_import(files, passwords))
    return prepared


def _choices(
    preview: ImportPreview, name: str | None, numbers: Sequence[int], store: KeyStoreKind, place: str
) -> list[ImportChoice]:
    """Choose what is imported: what was numbered, else everything that can be and is not here.

    Raises:
        WrongPasswordError: what was wanted stayed closed.
        UnusableInputError: there is nothing to import, or one name for several.
    """
    if numbers:
        chosen = [_numbered(preview, number, place) for number in dict.fromkeys(numbers)]
    else:
        chosen = [one for one in preview.candidates if one.can_be_imported and one.already_here is None]
    if not chosen:
        raise _nothing(preview, place)
    if name is not None and len(chosen) > 1:
        raise UnusableInputError(
            msg("There are {count} keys to import, and one name.", count=len(chosen)),
            remedy=msg("Leave --name out, or choose one of them with --number; --dry-run shows them."),
            place=place,
        )
    return [
        ImportChoice(position=one.position, name=name or one.suggested_name, store=store) for one in chosen
    ]


def _numbered(preview: ImportPreview, number: int, place: str) -> ImportCandidate:
    found = next((one for one in preview.candidates if one.position == number - 1), None)
    if found is None:
        raise UnusableInputError(
            msg("There is no key number {number} in the files.", number=number),
            remedy=msg("See their numbers with --dry-run."),
            place=place,
        )
    if not found.can_be_imported:
        raise _not_importable(preview, found)
    return found


def _nothing(preview: ImportPreview, place: str) -> UnusableInputError:
    here = next((one for one in preview.candidates if one.can_be_imported), None)
    if here is not None:
        return UnusableInputError(
            msg("This key is here already, as {name}.", name=here.already_here or ""),
            remedy=msg("Nothing has to be imported; --number imports it again."),
            place=here.source,
        )
    if preview.candidates:
        return _not_importable(preview, preview.candidates[0])
    if preview.locked:
        return _closed(msg("It stayed closed for want of its password."), preview.locked[0])
    problems = [
        *(problem for item in preview.everything.items for problem in item.problems),
        *preview.everything.problems,
    ]
    return UnusableInputError(
        problems[0] if problems else msg("There is no private key in it."),
        remedy=msg("Name a file with a certificate and its key; inspect shows what is in it."),
        place=place,
    )


def _not_importable(preview: ImportPreview, candidate: ImportCandidate) -> UnusableInputError:
    problem = candidate.problems[0] if candidate.problems else msg("No certificate belongs to the key.")
    if candidate.source in preview.locked:
        return _closed(problem, candidate.source)
    remedy = candidate.remedies[0] if candidate.remedies else msg("Add the file with its certificate.")
    return UnusableInputError(problem, remedy=remedy, place=candidate.source)


def _closed(problem: Message, place: str) -> WrongPasswordError:
    return WrongPasswordError(
        problem,
        remedy=msg(
            "Give the right one with --password-file, --password-fd or --password-env, and that of a key "
            "in it with --key-password-file."
        ),
        place=place,
    )
