"""The password of a database server: from the environment, a password file, or the system's keyring.

It stands in no URL, no argument and no file of ours. A password file (`PGPASSFILE`, `~/.pgpass`) and
`PGPASSWORD` are libpq's own ways, which it looks at by itself.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import KeyStoreError
from trustdesk.core.ports import SecretStore
from trustdesk.storage.key_records import see_that_it_fits

VARIABLE = "TRUSTDESK_DATABASE_PASSWORD"

_MARK = "TDP1|"

_log = logging.getLogger(__name__)


def given_password(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the password that the environment gives for trustdesk alone; None where it gives none."""
    return environ.get(VARIABLE) or None


def kept_password(url: DatabaseUrl, store: SecretStore | None = None) -> str | None:
    """Return the password that the keyring keeps for a database; None where it keeps none, or fails.

    The keyring may ask the person to unlock it, and this waits.

    Args:
        store: None for the system's keyring.
    """
    found: str | None = None
    # The keyring's libraries are used on no thread that has other work.
    with ThreadPoolExecutor(1, thread_name_prefix="trustdesk-password") as alone:
        try:
            found = alone.submit((store or _keyring()).get, _name(url)).result()
        except KeyStoreError as error:
            _log.info("the keyring cannot be asked for the database's password: %s", type(error).__name__)
    return found.removeprefix(_MARK) if found is not None and found.startswith(_MARK) else None


def keep_password(url: DatabaseUrl, password: str, store: SecretStore | None = None) -> None:
    """Keep the password of a database in the keyring, in place of an older one.

    Raises:
        KeyStoreError: the keyring is locked or unavailable, or refuses.
        ValueError: the password is longer than every keyring takes.
    """
    record = f"{_MARK}{password}"
    see_that_it_fits(record)
    store = store or _keyring()
    store.delete(_name(url))
    store.set(_name(url), record)


def forget_password(url: DatabaseUrl, store: SecretStore | None = None) -> None:
    """Remove the password of a database from the keyring; nothing happens where there is none.

    Raises:
        KeyStoreError: the keyring is locked or unavailable, or refuses.
    """
    (store or _keyring()).delete(_name(url))


def _keyring() -> SecretStore:
    from trustdesk.storage.secret_stores.systems import keyring_store

    return keyring_store()


def _name(url: DatabaseUrl) -> str:
    return f"trustdesk:database:{hashlib.sha256(url.address.encode()).hexdigest()[:32]}"
