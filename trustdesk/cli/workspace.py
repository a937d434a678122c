"""`trustdesk workspace`: the workspace's safety and settings."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
from rich.console import Console

from trustdesk.cli.options import file_path, json_option, workspace_option
from trustdesk.cli.progress import StepBar
from trustdesk.cli.render import console, marked
from trustdesk.cli.secret_options import SecretOption, file_password_options, password_options
from trustdesk.cli.waiting import wait_for
from trustdesk.cli.workspace_settings import settings
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.formats.json_text import json_text
from trustdesk.services.board import State
from trustdesk.services.clock import SystemClock
from trustdesk.services.passphrases import check_vault_passphrase
from trustdesk.services.wording import wording
from trustdesk.services.workspace_care import (
    back_up_workspace,
    look_at_workspace,
    remember_password,
    restore_workspace,
)
from trustdesk.services.workspace_keys import open_keys
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.places import WorkspacePlace

_LONGEST = 400


@click.group()
def workspace() -> None:
    """Back up a workspace, put it back, look whether it is whole; its settings.

    A workspace is a folder, or a database on a PostgreSQL server that an office shares: --workspace
    postgresql://user@host:port/database. A password never stands in the URL. It is taken from the
    environment (TRUSTDESK_DATABASE_PASSWORD, PGPASSWORD), from a password file (PGPASSFILE, ~/.pgpass), or
    from the keyring (trustdesk workspace password). The server has to prove its name by its certificate,
    unless it runs on this machine. Private keys are never in the database: they stay in the key stores of
    each machine.
    """


workspace.add_command(settings)


@workspace.command(epilog="Example: trustdesk workspace backup desk.backup")
@click.argument("file", type=file_path)
@workspace_option
@json_option
def backup(file: Path, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Write the workspace as it is now into FILE, while programs go on using it.

    FILE comes back into a folder and onto a server alike. Private keys are not in it, nor is the vault: back
    them up where they are (identity export; the file keys.vault of the workspace's folder).
    """
    with StepBar(msg("Backing up")) as bar:
        made = back_up_workspace(workspace, file, bar.show)
    if as_json:
        document = {"schema": "trustdesk.workspace-backup/1", "file": str(made.file), "size": made.size}
        click.echo(json_text(document, indent=1))
        return
    _say(
        console(),
        State.GOOD,
        msg("The workspace is backed up in {file} ({size} KB).", file=str(file), size=made.size // 1024),
    )


@workspace.command(epilog="Example: trustdesk workspace restore desk.backup --replace")
@click.argument("file", type=file_path)
@click.option("--replace", is_flag=True, help="Go on where the workspace has something in it, which is kept.")
@workspace_option
@json_option
def restore(file: Path, replace: bool, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Put the backup in FILE into the workspace, all of it or nothing.

    What was in the workspace is kept beside it as a backup of its own; a damaged file is moved aside.
    """
    with StepBar(msg("Restoring")) as bar:
        done = restore_workspace(workspace, file, replace=replace, progress=bar.show)
    if as_json:
        document = {
            "schema": "trustdesk.workspace-restore/1",
            "rows": done.rows,
            "kept": None if done.kept is None else str(done.kept),
            "keys": done.keys,
        }
        click.echo(json_text(document, indent=1))
        return
    out = console()
    _say(out, State.GOOD, msg("The backup is in place: {rows} rows.", rows=done.rows))
    if done.kept is not None:
        _say(out, None, msg("What was there before is kept in {file}.", file=str(done.kept)))
    if done.keys:
        words = msg_n(
            "It knows of {count} private key, which lies in the key store where it was made: use it there, or"
            " import it again.",
            "It knows of {count} private keys, which lie in the key stores where they were made: use them"
            " there, or import them again.",
            done.keys,
        )
        _say(out, None, words)


@workspace.command(epilog="Example: trustdesk workspace check --json")
@workspace_option
@json_option
@click.pass_context
def check(context: click.Context, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Look at all of the workspace: pages, references, digests, documents, the trust log's chain.

    Exits with 1 where something is wrong. Nothing is changed. (How the seals stand: trustdesk trust log.)
    """
    found = look_at_workspace(workspace)
    say = wording().text
    if as_json:
        document = {
            "schema": "trustdesk.workspace-check/1",
            "place": found.place,
            "rows": found.rows,
            "problems": [say(one) for one in found.problems],
            "not_looked_at": [say(one) for one in found.not_looked_at],
            "verdict": "fail" if found.problems else "pass",
        }
        click.echo(json_text(document, indent=1))
    else:
        out = console()
        for problem in found.problems:
            _say(out, State.BAD, problem)
        if not found.problems:
            _say(out, State.GOOD, msg("The workspace is whole: {rows} rows looked at.", rows=found.rows))
        for one in found.not_looked_at:
            _say(out, None, one)
        if found.problems:
            _say(out, None, msg("Put a backup in its place: trustdesk workspace restore FILE --replace"))
    context.exit(1 if found.problems else 0)


@workspace.command(
    epilog="Example: trustdesk workspace password --workspace postgresql://desk@db.example/board"
)
@click.option("--forget", is_flag=True, help="Remove it from the keyring.")
@password_options
@workspace_option
def password(forget: bool, password: SecretOption, workspace: WorkspacePlace | None) -> None:
    """Keep the password of a shared workspace's server in the keyring, for this person on this machine."""
    given = None
    if not forget:
        given = password.read()
        if not given:
            raise UnusableInputError(
                msg("No password was given."),
                remedy=msg(
                    "Type it on a terminal, or give --password-fd, --password-file or --password-env."
                ),
            )
    url = remember_password(workspace, given)
    words = (
        msg("The keyring does not have the password of {url} any more.", url=url.address)
        if forget
        else msg("The keyring has the password of {url}.", url=url.address)
    )
    _say(console(), State.GOOD, words)


@workspace.command(name="hand-over", epilog="Example: trustdesk workspace hand-over seals.vault")
@click.argument("file", type=file_path)
@file_password_options
@workspace_option
def hand_over(file: Path, password: SecretOption, workspace: WorkspacePlace | None) -> None:
    """Write the key of the seals into FILE, for another computer that shares the workspace.

    What was decided about trust is sealed with one key of the workspace, which lies in a key store of the
    computer where the first decision was made. A computer without it can check no seal: private roots and
    pinned signers count for nothing there. FILE is encrypted; whoever has it and its passphrase can make
    seals that hold, so send the two by different ways, and delete FILE afterwards.
    """
    passphrase = check_vault_passphrase(_passphrase(password, is_new=True))
    with open_workspace(workspace) as opened, closing(open_keys(opened, SystemClock())) as keys:
        wait_for(keys.seals.hand_over(file, passphrase))
    _say(console(), State.GOOD, msg("The key of the seals is in {file}.", file=str(file)))


@workspace.command(name="take-over", epilog="Example: trustdesk workspace take-over seals.vault")
@click.argument("file", type=file_path)
@file_password_options
@workspace_option
def take_over(file: Path, password: SecretOption, workspace: WorkspacePlace | None) -> None:
    """Keep the key of the seals that FILE holds in this computer's keyring."""
    passphrase = _passphrase(password, is_new=False)
    with open_workspace(workspace) as opened, closing(open_keys(opened, SystemClock())) as keys:
        wait_for(keys.seals.take_over(file, passphrase))
    _say(console(), State.GOOD, msg("Seals can be made and checked on this computer now."))


def _passphrase(password: SecretOption, *, is_new: bool) -> str:
    ask = password.prompt()
    given = ask(msg("Passphrase of the file"))
    if not given:
        raise UnusableInputError(
            msg("The file needs its passphrase."),
            remedy=msg("Type it at the terminal, or give --password-fd, --password-file, --password-env."),
        )
    if is_new and not password.is_given and ask(msg("The same passphrase again")) != given:
        raise UnusableInputError(msg("The two passphrases differ."), remedy=msg("Try again."))
    return given


def _say(out: Console, state: State | None, words: Message) -> None:
    text = visible(wording().text(words), _LONGEST)
    if state is None:
        out.print(text, soft_wrap=True, markup=False, highlight=False)
    else:
        out.print(marked(state, text), soft_wrap=True)
