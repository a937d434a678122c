"""How key stores are protected as a whole, from what was read of them."""

from __future__ import annotations

from trustdesk.core.inspection import ContainerProtection
from trustdesk.formats.java_key_store import EntryKind, JavaKeyStore
from trustdesk.formats.kinds import KeyForm
from trustdesk.formats.pkcs12 import BagKind, OpenedPkcs12
from trustdesk.formats.protection import JAVA_STORE_DIGEST, UNREADABLE_PROTECTION, protection_of_key


def pkcs12_protection(opened: OpenedPkcs12) -> ContainerProtection:
    """Return how a PKCS#12 file is protected: its parts, its keys, its MAC."""
    keys = [
        protection_of_key(KeyForm.PKCS8, bag.data, None)
        for bag in opened.bags
        if bag.kind is BagKind.SHROUDED_KEY
    ]
    parts = [*opened.parts, *(key or UNREADABLE_PROTECTION for key in keys)]
    # A file without a MAC whose certificates lie open says nothing of the password of its keys.
    only_keys = bool(keys) and not opened.parts and opened.mac is None
    return ContainerProtection(
        parts=tuple(dict.fromkeys(parts)),
        mac=opened.mac,
        is_ber=opened.is_ber,
        has_password=bool(opened.password) if opened.opens and not only_keys else None,
    )


def java_protection(store: JavaKeyStore) -> ContainerProtection:
    """Return how a JKS or JCEKS store is protected; whether a password fits, only its digest could say."""
    form = KeyForm.JCEKS if store.is_jceks else KeyForm.JKS
    keys = [protection_of_key(form, part.data, None) for part in store.parts if part.kind is EntryKind.KEY]
    return ContainerProtection(
        parts=tuple(dict.fromkeys(key for key in keys if key is not None)),
        mac=JAVA_STORE_DIGEST if store.digest else None,
    )
