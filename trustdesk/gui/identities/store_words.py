"""How a key store stands, in words with an icon."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLook:
    """Icon, token of its colour, and a few words."""

    icon: str
    ink: str
    words: Message


def store_look(status: KeyStoreStatus) -> StoreLook:
    """Return how a store is shown in one line."""
    vault = status.kind is KeyStoreKind.VAULT
    title = visible(status.title, 40)
    match status.state:
        case KeyStoreState.READY:
            words = msg("Vault open") if vault else msg("Keyring unlocked ({title})", title=title)
            return StoreLook(icon="unlock", ink="text2", words=words)
        case KeyStoreState.LOCKED:
            words = msg("Vault locked") if vault else msg("Keyring locked ({title})", title=title)
            return StoreLook(icon="lock", ink="warning", words=words)
        case KeyStoreState.REFUSED:
            return StoreLook(icon="bad", ink="bad", words=msg("Keyring not used ({title})", title=title))
        case KeyStoreState.UNAVAILABLE:
            words = msg("Vault not readable") if vault else msg("No keyring on this computer")
            return StoreLook(icon="warning", ink="warning", words=words)
        case KeyStoreState.ABSENT:
            return StoreLook(icon="not-applicable", ink="text2", words=msg("No vault"))


def short_words(status: KeyStoreStatus) -> Message:
    """Return a store's state in a word or two, for a narrow window."""
    return {
        KeyStoreState.READY: msg("Unlocked"),
        KeyStoreState.LOCKED: msg("Locked"),
        KeyStoreState.REFUSED: msg("Not used"),
        KeyStoreState.UNAVAILABLE: msg("No keyring"),
        KeyStoreState.ABSENT: msg("No vault"),
    }[status.state]


def store_name(status: KeyStoreStatus) -> Message:
    """Return what a person chooses a store by."""
    if status.kind is KeyStoreKind.VAULT:
        return msg("Vault: an encrypted file of trustdesk")
    return msg("{title}: the keyring of this system", title=status.title)


def shown_in_bar(stores: tuple[KeyStoreStatus, ...]) -> KeyStoreStatus | None:
    """Return the store that the status bar tells of: the keyring; without one, a vault that was made."""
    keyring = next((one for one in stores if one.kind is KeyStoreKind.KEYRING), None)
    vault = next((one for one in stores if one.kind is KeyStoreKind.VAULT), None)
    has_vault = vault is not None and vault.state is not KeyStoreState.ABSENT
    if keyring is None or (keyring.state is KeyStoreState.UNAVAILABLE and has_vault):
        return vault
    return keyring
