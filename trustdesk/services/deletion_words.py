"""What deleting a key means on the store that held it: no more than is known.

Source: keyring and packaging, A4 "Deletion, honestly", measured with each of them.
"""

from __future__ import annotations

from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.core.message import Message, msg

_FOR_SURE = msg(
    "Nobody can promise that nothing is left on the disk: if the key must be worthless, have the certificate "
    "revoked."
)

_VAULT = msg(
    "The key was deleted from the vault. Copies and backups of the vault's file still hold it, encrypted "
    "under the passphrase. {for_sure}",
    for_sure=_FOR_SURE,
)
_SECRET_SERVICE = msg(
    "The key was deleted from the keyring. GNOME Keyring may keep encrypted remnants in its folder; "
    "KeePassXC moves the entry, with the key, to its recycle bin: empty that. {for_sure}",
    for_sure=_FOR_SURE,
)
_WINDOWS = msg(
    "The key was deleted from the Credential Manager, under both names that Windows may keep it by. "
    "{for_sure}",
    for_sure=_FOR_SURE,
)
_MACOS = msg(
    "The key was deleted from the keychain; no remnants are known there. {for_sure}", for_sure=_FOR_SURE
)

_KEYRINGS = {
    "Secret Service": _SECRET_SERVICE,
    "Windows Credential Locker": _WINDOWS,
    "macOS Keychain": _MACOS,
}


def meaning_of_deletion(key: StoredKey) -> Message:
    """Say what remains of a key that was deleted."""
    if key.reference.store is KeyStoreKind.VAULT:
        return _VAULT
    known = _KEYRINGS.get(key.store_title)
    if known is not None:
        return known
    return msg("The key was deleted from {store}. {for_sure}", store=key.store_title, for_sure=_FOR_SURE)


def key_stays(case: str | None) -> Message:
    """Say that the key was not deleted, because something else uses it.

    Args:
        case: name of the request that does; None for something else.
    """
    if case is None:
        return msg("The key was not deleted: something else of this workspace uses it.")
    return msg("The key was not deleted: it is that of the request {name}, which is still here.", name=case)
