"""Getting a key store ready for a command: the vault needs its passphrase, the keyring asks by itself."""

from __future__ import annotations

from collections.abc import Callable

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.message import Message, msg
from trustdesk.services.passphrases import check_vault_passphrase
from trustdesk.storage.vault import Vault

_PASSPHRASE = msg("Passphrase of the vault")
_NEW_PASSPHRASE = msg("Passphrase of the new vault")
_AGAIN = msg("The same passphrase again")

Ask = Callable[[Message], str | None]


def make_ready(
    store: KeyStoreKind,
    vault: Vault,
    ask: Ask,
    *,
    may_make: bool = False,
    asks_twice: bool = False,
    option: str = "--password",
) -> None:
    """Open the vault where it is the store that is meant.

    Args:
        ask: for the passphrase, on a terminal or from an option.
        may_make: whether the vault is made where there is none: the person named it as the store.
        asks_twice: whether a new passphrase is asked for again; an option holds it once.
        option: what the names of the options begin with that hold it.

    Raises:
        UnusableInputError: there is no passphrase, two that differ, or a new one that is weak.
        WrongPasswordError: it is another one.
        KeyStoreError: there is no vault, or it is damaged.
    """
    if store is not KeyStoreKind.VAULT:
        return
    is_new = may_make and vault.status().state is KeyStoreState.ABSENT
    passphrase = ask(_NEW_PASSPHRASE if is_new else _PASSPHRASE)
    if not passphrase:
        raise UnusableInputError(
            msg("The vault needs its passphrase."),
            remedy=msg("Give it with {option}-fd, {option}-file or {option}-env.", option=option),
        )
    if not is_new:
        vault.unlock(passphrase)
        return
    if asks_twice and ask(_AGAIN) != passphrase:
        raise UnusableInputError(msg("The two passphrases differ."), remedy=msg("Try again."))
    vault.make(check_vault_passphrase(passphrase))
