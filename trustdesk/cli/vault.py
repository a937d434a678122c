"""Getting a key store ready for a command: the vault needs its passphrase, the keyring asks by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from trustdesk.cli.secret_options import SecretOption
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.services.passphrases import check_vault_passphrase

_PASSPHRASE = msg("Passphrase of the vault")
_NEW_PASSPHRASE = msg("Passphrase of the new vault")
_AGAIN = msg("The same passphrase again")


class OpensVault(Protocol):
    """A vault as `storage.vault` has it, or as it is reached through a desk (`cli.own_desk`)."""

    def status(self) -> KeyStoreStatus:
        """Say whether it is open, shut, or not made yet."""
        ...

    def unlock(self, passphrase: str) -> None:
        """Open it."""
        ...

    def make(self, passphrase: str) -> None:
        """Make it, and leave it open."""
        ...


def make_ready(
    store: KeyStoreKind, vault: OpensVault, passphrase: SecretOption, *, may_make: bool = False
) -> None:
    """Open the vault where it is the store that is meant; a keyring asks for itself.

    Args:
        may_make: whether the vault is made where there is none: the person named it as the store. A new
            passphrase is asked for twice; an option holds it once.

    Raises:
        UnusableInputError: there is no passphrase, two that differ, or a new one that is weak.
        WrongPasswordError: it is another one.
        KeyStoreError: there is no vault, or it is damaged.
    """
    if store is not KeyStoreKind.VAULT:
        return
    state = vault.status().state
    if state is KeyStoreState.READY:
        return
    is_new = may_make and state is KeyStoreState.ABSENT
    ask = passphrase.prompt()
    given = ask(_NEW_PASSPHRASE if is_new else _PASSPHRASE)
    if not given:
        raise UnusableInputError(
            msg("The vault needs its passphrase."),
            remedy=msg("Give it with {option}-fd, {option}-file or {option}-env.", option=passphrase.option),
        )
    if not is_new:
        vault.unlock(given)
        return
    if not passphrase.is_given and ask(_AGAIN) != given:
        raise UnusableInputError(msg("The two passphrases differ."), remedy=msg("Try again."))
    vault.make(check_vault_passphrase(given))


def opener(passphrase: SecretOption) -> Callable[[OpensVault], None] | None:
    """Return what opens a vault with the passphrase that was given; None where none was: nobody is asked."""
    if not passphrase.is_given:
        return None
    return lambda vault: make_ready(KeyStoreKind.VAULT, vault, passphrase)
