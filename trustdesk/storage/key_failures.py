"""What goes wrong with private keys, as sentences with a remedy."""

from __future__ import annotations

from trustdesk.core.errors import KeyLostError, KeyStillThereError, KeyStoreError, KeyStoreUnavailableError
from trustdesk.core.key_store import KeyReference
from trustdesk.core.message import msg


def key_lost(reference: KeyReference) -> KeyLostError:
    """Return the failure of a key that should be in its store."""
    return KeyLostError(
        msg("The private key is not in the key store any more, or is damaged."),
        remedy=msg("Import it again from a file, or ask for a new certificate."),
        place=str(reference),
    )


def key_elsewhere(reference: KeyReference) -> KeyStoreUnavailableError:
    """Return the failure of a key that another machine of a shared workspace keeps."""
    return KeyStoreUnavailableError(
        msg("The private key lies in the key store of another computer that shares this workspace."),
        remedy=msg("Use it there, or import the certificate with its key here under a name of its own."),
        place=str(reference),
    )


def key_not_kept(title: str) -> KeyStoreError:
    """Return the failure of a store that did not keep what it was given."""
    return KeyStoreError(
        msg("The key store did not keep the private key; nothing was changed."),
        remedy=msg("Try again, or use another key store."),
        place=title,
    )


def key_still_there() -> KeyStillThereError:
    """Return the failure of a store that did not forget a key yet."""
    return KeyStillThereError(
        msg("The key is not used any more, but the key store did not delete it yet."),
        remedy=msg("Unlock the key store; the next start of trustdesk deletes it."),
    )
