"""What deleting an identity means for its key: no more than is known."""

from __future__ import annotations

from trustdesk.core.key_store import StoredKey
from trustdesk.core.message import Message, msg
from trustdesk.storage.secret_stores.deletion import what_deletion_means


def meaning_of_deletion(key: StoredKey) -> Message:
    """Say what remains of a key that was deleted, and what is sure to end it."""
    return msg(
        "{remains} If the key must be worthless, have the certificate revoked.",
        remains=what_deletion_means(key.reference.store, key.store_title),
    )


def key_stays(case: str | None) -> Message:
    """Say that the key was not deleted, because something else uses it.

    Args:
        case: name of the request that does; None for something else.
    """
    if case is None:
        return msg("The key was not deleted: something else of this workspace uses it.")
    return msg("The key was not deleted: it is that of the request {name}, which is still here.", name=case)
