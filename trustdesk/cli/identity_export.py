"""`trustdesk identity export`, `handover` and `doctor`: files for other programs, and files from them.

A passphrase that is made here is shown once, to a person: on the terminal. Where standard output is no
terminal, or holds the document of --json, a script says with --print-passphrase that it takes it from there;
else nothing is written, for a file that nobody can open is of no use.
"""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from trustdesk.cli.options import file_path, json_option, stacked, workspace_option
from trustdesk.cli.own_desk import DeskVault, own_desk, view_of
from trustdesk.cli.render import console
from trustdesk.cli.render_identity import print_diagnosis, print_files
from trustdesk.cli.secret_options import (
    SecretOption,
    file_password_options,
    secret_options,
    vault_password_options,
)
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.finding import Verdict
from trustdesk.core.identity import ExportedFile, ExportForm, ExportProfile, P12Diagnosis
from trustdesk.core.message import msg
from trustdesk.formats.identity_documents import export_document, hand_over_document, p12_document
from trustdesk.formats.json_text import json_text
from trustdesk.services.files import read_bounded, writable_folder
from trustdesk.services.identity_export import PROTECTED, WITH_KEY
from trustdesk.services.p12_doctor import reexport_p12
from trustdesk.services.passphrases import generate_passphrase
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace
from trustdesk.verify.profiles.key_rules import old_parts

AGREEMENT = msg("I want the key in the clear")
"""What a person types for a plain key."""

_PRINT_PASSPHRASE = click.option(
    "--print-passphrase",
    is_flag=True,
    help="Print a passphrase that is made here also to a pipe, and into the document of --json.",
)
_new_password_options = secret_options("new_password", "the new file's passphrase")
_profile_option = click.option(
    "--profile",
    type=click.Choice([profile.value for profile in ExportProfile]),
    help="How it is encrypted: modern (default), or compatible with Windows Server 2016 and Java 8.",
)
_writing_options = stacked(
    _PRINT_PASSPHRASE, file_password_options, vault_password_options, workspace_option, json_option
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passphrase:
    """Of a file that is written; `is_new` when it was made here, so that somebody has to be told."""

    text: str | None
    is_new: bool = False


@click.command(epilog="Example: trustdesk identity export acme --output acme.p12 --profile compatible")
@click.argument("name", metavar="NAME")
@click.option("--output", type=file_path, required=True, metavar="FILE", help="File to write.")
@click.option(
    "--form",
    type=click.Choice([form.value for form in ExportForm]),
    default=ExportForm.PKCS12.value,
    show_default=True,
    help="What to write.",
)
@_profile_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@_writing_options
def export(
    name: str,
    output: Path,
    form: str,
    profile: str | None,
    force: bool,
    print_passphrase: bool,
    password: SecretOption,
    vault_password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Write an identity to a file of mode 0600 and read it back.

    With its key it is always under a passphrase: that of --password-…, or one that is made here and printed
    once. --form plain_pem writes the key in the clear, after a sentence that has to be typed.
    """
    wanted = ExportForm(form)
    _require_free(output, force=force)
    passphrase = _Passphrase(text=None)
    if wanted in PROTECTED:
        passphrase = _passphrase(password, print_passphrase=print_passphrase, as_json=as_json)
    elif password.is_given:
        raise UnusableInputError(
            msg("Nothing in this form is under a passphrase."),
            remedy=msg("Leave {option}-… out, or choose another form.", option=password.option),
        )
    is_agreed = wanted is ExportForm.PLAIN_PEM and _agrees()
    chosen = None if profile is None else ExportProfile(profile)
    with own_desk(workspace) as desk:
        if wanted in WITH_KEY:
            store = view_of(desk.identity_desk, name).identity.key.reference.store
            make_ready(store, DeskVault(desk.identity_desk), vault_password)
        job = desk.identity_desk.export(
            name, output, wanted, profile=chosen, passphrase=passphrase.text, is_agreed=is_agreed
        )
        files = wait_for(job)
    if as_json:
        document = export_document(
            name,
            files,
            form=form,
            profile=(chosen or ExportProfile.MODERN).value if wanted in PROTECTED else None,
            passphrase=passphrase.text if passphrase.is_new else None,
            text=wording().text,
        )
        click.echo(json_text(document, indent=1))
        return
    print_files(console(), files)
    _print_passphrase(passphrase)


@click.command(epilog="Example: trustdesk identity handover acme --output handover/")
@click.argument("name", metavar="NAME")
@click.option("--output", type=file_path, required=True, metavar="DIR", help="Folder for the two files.")
@click.option(
    "--form",
    type=click.Choice([ExportForm.PKCS12.value, ExportForm.PEM.value]),
    default=ExportForm.PKCS12.value,
    show_default=True,
    help="What the archive is.",
)
@_profile_option
@_writing_options
def handover(
    name: str,
    output: Path,
    form: str,
    profile: str | None,
    print_passphrase: bool,
    password: SecretOption,
    vault_password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Write an archive and an instruction sheet, to be sent apart from the passphrase.

    The passphrase goes by another channel, by telephone or in person: it is in neither file.
    """
    folder = writable_folder(output)
    passphrase = _passphrase(password, print_passphrase=print_passphrase, as_json=as_json)
    with own_desk(workspace) as desk:
        store = view_of(desk.identity_desk, name).identity.key.reference.store
        make_ready(store, DeskVault(desk.identity_desk), vault_password)
        job = desk.identity_desk.hand_over(
            name,
            folder,
            passphrase.text or "",
            form=ExportForm(form),
            profile=None if profile is None else ExportProfile(profile),
        )
        done = wait_for(job)
    if as_json:
        shown = passphrase.text if passphrase.is_new else None
        click.echo(json_text(hand_over_document(name, done, passphrase=shown, text=wording().text), indent=1))
        return
    print_files(console(), (done.archive, done.sheet))
    _print_passphrase(passphrase)


@click.command(epilog="Example: trustdesk identity doctor partner.p12 --password-file secret.txt")
@click.argument("file", type=file_path, metavar="FILE")
@click.option("--output", type=file_path, metavar="FILE", help="Write it anew, with another encryption.")
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in ExportProfile]),
    default=ExportProfile.MODERN.value,
    show_default=True,
    help="How the new file is encrypted.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@_PRINT_PASSPHRASE
@file_password_options
@_new_password_options
@json_option
@click.pass_context
def doctor(
    context: click.Context,
    file: Path,
    output: Path | None,
    profile: str,
    force: bool,
    print_passphrase: bool,
    password: SecretOption,
    new_password: SecretOption,
    as_json: bool,
) -> None:
    """Say what a PKCS#12 FILE is made of, bag by bag, who can open it, and what to do about it.

    Exits with 1 when something in it is wrong, its encryption is outdated, or it stayed closed. With --output
    it is written anew; nothing of it is kept.
    """
    passphrase = _Passphrase(text=None)
    if output is not None:
        _require_free(output, force=force)
        passphrase = _passphrase(new_password, print_passphrase=print_passphrase, as_json=as_json)
    given = password.read() if password.is_given else None
    source = Bytes(str(file), read_bounded(file))
    with closing(ReadingService()) as reading:
        diagnosis = reading.diagnose_p12(source, given)
        if not diagnosis.opened and not password.is_given and sys.stdin.isatty():
            given = password.prompt()(msg("Password of {file}", file=str(file)))
            diagnosis = reading.diagnose_p12(source, given)
    files: tuple[ExportedFile, ...] = ()
    if output is not None:
        files = (
            reexport_p12(
                source.data,
                source.name,
                given,
                output,
                profile=ExportProfile(profile),
                passphrase=passphrase.text or "",
            ),
        )
    verdict = Verdict.PASS if _is_sound(diagnosis) else Verdict.FAIL
    if as_json:
        document = p12_document(
            diagnosis,
            files,
            verdict=verdict,
            passphrase=passphrase.text if passphrase.is_new else None,
            text=wording().text,
        )
        click.echo(json_text(document, indent=1))
    else:
        print_diagnosis(console(), diagnosis)
        print_files(console(), files)
        _print_passphrase(passphrase)
    if not diagnosis.opened and given is not None:
        raise WrongPasswordError(
            msg("It does not open with this password."),
            remedy=msg("Ask whoever sent it for the right one."),
            place=str(file),
        )
    context.exit(1 if verdict is Verdict.FAIL else 0)


def _is_sound(diagnosis: P12Diagnosis) -> bool:
    """Whether the file is open, whole, and protected as today's programs ask (KEY-03)."""
    protection = diagnosis.protection
    return (
        diagnosis.opened
        and all(bag.problem is None for bag in diagnosis.bags)
        and protection is not None
        and protection.mac is not None
        and bool(protection.parts)
        and not old_parts(protection)
    )


def _passphrase(secret: SecretOption, *, print_passphrase: bool, as_json: bool) -> _Passphrase:
    """Return the passphrase that was given, or one that is made here and can be told to somebody.

    Raises:
        UnusableInputError: nobody would see one that is made.
    """
    if secret.is_given:
        return _Passphrase(text=secret.read())
    if not print_passphrase and (as_json or not sys.stdout.isatty()):
        raise UnusableInputError(
            msg("A passphrase would be made, and nobody would see it: standard output is no terminal."),
            remedy=msg("Give one with {option}-file, or add --print-passphrase.", option=secret.option),
        )
    return _Passphrase(text=generate_passphrase(), is_new=True)


def _print_passphrase(passphrase: _Passphrase) -> None:
    if passphrase.is_new and passphrase.text is not None:
        # Not through a message: those are kept in logs and documents.
        click.echo(f"{wording().text(msg('Passphrase, shown this once:'))} {passphrase.text}")


def _require_free(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        raise UnusableInputError(
            msg("There is a file of this name already."),
            remedy=msg("Name another, or add --force."),
            place=str(file),
        )


def _agrees() -> bool:
    """Ask for the sentence.

    Raises:
        UnusableInputError: there is nobody to type it, or it is another one.
    """
    sentence = wording().text(AGREEMENT)
    if not sys.stdin.isatty():
        raise UnusableInputError(
            msg("A private key is written in the clear only after somebody typed a sentence."),
            remedy=msg("Run it at a terminal, or choose a form under a passphrase."),
        )
    click.echo(wording().text(msg("Type this sentence to go on: {sentence}", sentence=sentence)), err=True)
    if input().strip() != sentence:
        raise UnusableInputError(
            msg("That is another sentence; nothing was written."), remedy=msg("Try again.")
        )
    return True
