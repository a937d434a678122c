"""What it means that a store has deleted a key, honestly."""

from __future__ import annotations

from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import Message, msg
from trustdesk.storage.secret_stores import failures


def what_deletion_means(store: KeyStoreKind, title: str) -> Message:
    """Return one sentence on what may remain of a key that a store has deleted.

    Nobody can promise that bytes are gone from a disk. What was never written in the clear need not be.

    Args:
        title: of the store that took the key, as in StoredKey.

    Source: engineering/keyring-and-packaging.md A4, "Deletion, honestly".
    """
    if store is KeyStoreKind.VAULT:
        return msg(
            "The key is deleted from the vault. "
            "Older copies of the vault's file, as in backups, still hold it, encrypted."
        )
    match title:
        case failures.LINUX_TITLE:
            return msg(
                "The key is deleted from the system's keyring. "
                "Encrypted remains may lie on the disk; KeePassXC moves entries to its recycle bin."
            )
        case "Windows Credential Locker":
            return msg(
                "The key is deleted from the Windows Credential Locker. "
                "Encrypted remains may lie on the disk."
            )
        case _:
            return msg(
                "The key is deleted from the keychain. Encrypted remains may lie on the disk and in backups."
            )
