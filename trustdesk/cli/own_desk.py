"""The desk for commands on our own certificates: opened, with its key stores made ready, and closed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from trustdesk.cli.options import file_path
from trustdesk.cli.secret_options import SecretOption
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import IdentityView
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.services.identity_desk import IdentityDesk
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.workspaces import open_desk

_PASSPHRASE = msg("Passphrase of the vault")
_NEW_PASSPHRASE = msg("Passphrase of the new vault")
_AGAIN = msg("The same passphrase again")

workspace_option = click.option(
    "--workspace", type=file_path, metavar="DIR", help="Workspace that keeps the identities."
)


@contextmanager
def own_desk(
    context: click.Context,
    workspace: Path | None,
    *,
    trust_lists: Sequence[TrustList] = (),
    at: datetime | None = None,
) -> Iterator[LiveDesk]:
    """Open the desk of a workspace.

    Args:
        workspace: None is the one named before the command, else the person's own.
        trust_lists: to judge by; empty for the public web's.
        at: the instant judged for; None is the present.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    named = context.find_root().params.get("workspace")
    folder = workspace or (named if isinstance(named, Path) else None)
    desk = open_desk(folder, trust_lists)
    try:
        desk.set_evaluation_time(at)
        yield desk
    finally:
        desk.close()


def view_of(desk: IdentityDesk, name: str, trust_lists: Sequence[str] = ()) -> IdentityView:
    """Return the identity of a name, judged.

    Args:
        trust_lists: names of those to judge by; empty for the one in force.

    Raises:
        UnusableInputError: there is none.
    """
    views = desk.views(trust_lists).result()
    found = next((view for view in views if view.identity.name == name), None)
    if found is None:
        names = ", ".join(view.identity.name for view in views[:_SHOWN])
        raise UnusableInputError(
            msg("There is no identity of this name."),
            remedy=msg("Name one of: {names}.", names=names)
            if views
            else msg("There is none in this workspace; import one first."),
            place=name,
        )
    return found


_SHOWN = 20


def make_store_ready(
    desk: IdentityDesk, store: KeyStoreKind, passphrase: SecretOption, *, may_make: bool = False
) -> None:
    """Open the vault where it is the store that is meant; a keyring asks for itself.

    Args:
        may_make: whether the vault is made where there is none: the person named it as the store.

    Raises:
        UnusableInputError: there is no passphrase, or two that differ.
        WrongPasswordError: it is another one.
        KeyStoreError: there is no vault, or it is damaged.
    """
    if store is not KeyStoreKind.VAULT:
        return
    state = next(one.state for one in desk.key_stores().result() if one.kind is store)
    if state is KeyStoreState.READY:
        return
    is_new = may_make and state is KeyStoreState.ABSENT
    ask = passphrase.prompt()
    given = _asked(ask(_NEW_PASSPHRASE if is_new else _PASSPHRASE), passphrase)
    if is_new and not passphrase.is_given and ask(_AGAIN) != given:
        raise UnusableInputError(msg("The two passphrases differ."), remedy=msg("Try again."))
    wait_for(desk.make_vault(given) if is_new else desk.unlock(store, given))


def _asked(given: str | None, passphrase: SecretOption) -> str:
    if not given:
        raise UnusableInputError(_NEEDED, remedy=_how_to_give(passphrase))
    return given


_NEEDED = msg("The vault needs its passphrase.")


def _how_to_give(secret: SecretOption) -> Message:
    return msg("Give it with {option}-file, {option}-fd or {option}-env.", option=secret.option)
