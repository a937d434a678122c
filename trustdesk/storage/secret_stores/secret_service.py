"""The Secret Service of Linux desktops: GNOME Keyring, KWallet, KeePassXC and others, over D-Bus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from trustdesk.core.key_store import KeyStoreState
from trustdesk.core.message import Message, msg
from trustdesk.storage.secret_stores.failures import INSTALL, LINUX_TITLE, LOCKED, MISSING, UNLOCK, refused

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]
    from keyring.backend import KeyringBackend

_BUS_NAME = "org.freedesktop.secrets"
_SERVICE = "/org/freedesktop/secrets"
_INTERFACE = "org.freedesktop.Secret"
_SESSION_COLLECTION = "/org/freedesktop/secrets/collection/session"
_APPLICATION = {"application": "Python keyring library"}  # keyring marks its entries so
_ANSWER_S = 5.0
"""How long a question may take that no person has to answer."""

_NONE_YET = msg("There is no keyring yet; the system asks to make one.")
_MAKE_ONE = msg("Answer the system's question with a password for it.")
_IN_MEMORY = msg("The system's keyring keeps secrets only until you log out.")


class SecretServiceKeyring:
    """The keyring behind `org.freedesktop.secrets` (`keyring_store.KeyringSystem`)."""

    title = LINUX_TITLE

    def backend(self) -> KeyringBackend:
        """Return keyring's class for it, on the default collection, which gives connections back."""
        from keyring.backends import SecretService

        class Keyring(SecretService.Keyring):
            # keyring loses the connection, and so a file descriptor, with every failed call.
            def get_preferred_collection(self) -> object:
                return _unlocked_collection()

        made = Keyring()  # type: ignore[no-untyped-call]
        vars(made).clear()  # what KEYRING_PROPERTY_… variables set: they could name another collection
        return made

    def standing(self) -> tuple[KeyStoreState, Message | None, Message | None]:
        """Look whether the service is there, and whether its default collection is locked."""
        with _connected() as service:
            if not service.is_running():
                if not service.can_be_started():
                    return KeyStoreState.UNAVAILABLE, MISSING, INSTALL
                return KeyStoreState.LOCKED, msg("The keyring is not running yet."), UNLOCK
            collection = service.default_collection()
            if collection is None:
                return KeyStoreState.LOCKED, _NONE_YET, _MAKE_ONE
            if collection == _SESSION_COLLECTION:
                failure = refused(_IN_MEMORY)
                return KeyStoreState.REFUSED, failure.problem, failure.remedy
            if service.is_locked(collection):
                return KeyStoreState.LOCKED, LOCKED, UNLOCK
            return KeyStoreState.READY, None, None

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """Search the default collection; while it is locked it may have only digests of names."""
        from secretstorage.exceptions import LockedException, SecretServiceNotAvailableException

        with _connected() as service:
            collection = service.default_collection()
            if collection is None:
                raise SecretServiceNotAvailableException
            if service.is_locked(collection):
                raise LockedException
            found = service.services(collection)
        return tuple(sorted(name for name in found if name.startswith(prefix)))


def _unlocked_collection() -> object:
    """Return the default collection, after the person unlocked it; whoever gets it closes its connection."""
    import secretstorage
    from keyring.errors import KeyringLocked

    connection = secretstorage.dbus_init()
    try:
        if _Service(connection).default_collection() == _SESSION_COLLECTION:
            raise refused(_IN_MEMORY)
        collection = secretstorage.get_default_collection(connection)
        if collection.is_locked():
            collection.unlock()
            if collection.is_locked():
                raise KeyringLocked
    except BaseException:
        connection.close()
        raise
    return collection


@contextmanager
def _connected() -> Iterator[_Service]:
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        yield _Service(connection)


class _Service:
    """Questions that need no person, each answered in time or not at all."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection

    def is_running(self) -> bool:
        return bool(self._ask_bus("NameHasOwner", "s", (_BUS_NAME,)))

    def can_be_started(self) -> bool:
        return _BUS_NAME in self._ask_bus("ListActivatableNames", None, ())

    def default_collection(self) -> str | None:
        path = str(self._ask(_SERVICE, f"{_INTERFACE}.Service", "ReadAlias", "s", ("default",)))
        return None if path == "/" else path

    def is_locked(self, collection: str) -> bool:
        return bool(self._property(collection, f"{_INTERFACE}.Collection", "Locked"))

    def services(self, collection: str) -> Iterator[str]:
        """Yield the service names of keyring's entries."""
        items = self._ask(collection, f"{_INTERFACE}.Collection", "SearchItems", "a{ss}", (_APPLICATION,))
        found = [self._property(str(item), f"{_INTERFACE}.Item", "Attributes") for item in items]
        return (attributes["service"] for attributes in found if "service" in attributes)

    def _property(self, path: str, interface: str, name: str) -> Any:
        arguments = (interface, name)
        return self._ask(path, "org.freedesktop.DBus.Properties", "Get", "ss", arguments)[1]

    def _ask_bus(self, method: str, signature: str | None, arguments: tuple[object, ...]) -> Any:
        from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]

        return self._call(message_bus, method, signature, arguments)

    def _ask(
        self, path: str, interface: str, method: str, signature: str, arguments: tuple[object, ...]
    ) -> Any:
        from jeepney import DBusAddress  # type: ignore[import-untyped]

        return self._call(DBusAddress(path, _BUS_NAME, interface), method, signature, arguments)

    def _call(self, address: Any, method: str, signature: str | None, arguments: tuple[object, ...]) -> Any:
        from jeepney import new_method_call
        from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

        call = new_method_call(address, method, signature, arguments)
        (answer,) = unwrap_msg(self._connection.send_and_get_reply(call, timeout=_ANSWER_S))
        return answer
