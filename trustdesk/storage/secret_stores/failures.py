"""What keyrings and their libraries raise, as key store errors with a remedy."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from trustdesk.core.errors import (
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreRefusedError,
    KeyStoreUnavailableError,
)
from trustdesk.core.message import Message, msg

_log = logging.getLogger(__name__)

LOCKED = msg("The keyring is locked.")
UNLOCK = msg("Unlock it with the password that you log in with, then try again.")
MISSING = msg("This computer has no system keyring, or it does not answer.")
INSTALL = msg("Start or install one (GNOME Keyring, KWallet, KeePassXC), or make a vault instead.")

LINUX_TITLE = "Secret Service"
"""What the keyring of Linux desktops is called; the others are part of their systems."""

_LOCKED = {
    "keyring.errors.KeyringLocked",
    "secretstorage.exceptions.LockedException",
    "org.freedesktop.Secret.Error.IsLocked",
}
_SAID_NO = {"secretstorage.exceptions.PromptDismissedException"}
_UNAVAILABLE = {
    "builtins.EOFError",
    "builtins.ImportError",
    "builtins.OSError",  # no socket, a connection that was cut, no answer in time
    "jeepney.auth.AuthenticationError",
    "jeepney.wrappers.DBusErrorResponse",  # the daemon ended in the middle: NoSession, NoReply, Disconnected
    "keyring.errors.InitError",
    "keyring.errors.NoKeyringError",
    "secretstorage.exceptions.SecretServiceNotAvailableException",
}
_TOO_LARGE = {"jeepney.low_level.SizeLimitError"}

_WINDOWS_FULL = 8  # ERROR_NOT_ENOUGH_MEMORY: Credential Manager holds some 1,500 entries
_WINDOWS_TOO_LARGE = 1783  # RPC_X_BAD_STUB_DATA: more than 2,560 bytes
_WINDOWS_NO_SESSION = 1312  # ERROR_NO_SUCH_LOGON_SESSION: a service without a person's profile
_MACOS_SAID_NO = -128
_MACOS_NOT_SIGNED = frozenset({-25293, -67030})
_MACOS_NO_QUESTIONS = -25308


def key_store_failure(error: Exception, title: str) -> KeyStoreError:
    """Return the failure of a keyring in words; its own words stay out of it.

    Args:
        title: what the system calls the keyring.
    """
    if isinstance(error, KeyStoreError):
        return error
    names = set(_names(error))
    _log.info("%s: %s", title, type(error).__name__)
    number = _number(error)
    if names & _SAID_NO or number == _MACOS_SAID_NO:
        return KeyStoreRefusedError(
            msg("The keyring's question was answered with no."),
            remedy=msg("Try again, and allow trustdesk to use the keyring."),
            place=title,
        )
    if names & _LOCKED or number == _MACOS_NO_QUESTIONS:
        return KeyStoreLockedError(LOCKED, remedy=UNLOCK, place=title)
    if number in _MACOS_NOT_SIGNED:
        problem = msg("The system lets only signed programs use the keychain.")
        remedy = msg("Install a signed trustdesk, or make a vault instead.")
        return KeyStoreUnavailableError(problem, remedy=remedy, place=title)
    if number == _WINDOWS_FULL:
        problem = msg("The keyring is full.")
        return KeyStoreError(problem, remedy=msg("Delete entries in it that nobody needs."), place=title)
    if names & _TOO_LARGE or number == _WINDOWS_TOO_LARGE:
        problem = msg("The keyring refuses the key's size.")
        return KeyStoreError(problem, remedy=msg("Make a vault and keep the key there."), place=title)
    if names & _UNAVAILABLE or number == _WINDOWS_NO_SESSION:
        if title != LINUX_TITLE:
            problem = msg("The keyring does not answer: this session may have been opened without a profile.")
            remedy = msg("Log in to the computer itself with your own account, or make a vault instead.")
            return KeyStoreUnavailableError(problem, remedy=remedy, place=title)
        return KeyStoreUnavailableError(MISSING, remedy=INSTALL, place=title)
    return KeyStoreError(
        msg("The keyring failed ({kind}).", kind=type(error).__name__),
        remedy=msg("See whether the system's own program for passwords works, then try again."),
        place=title,
    )


def says_that_it_is_not_there(error: Exception) -> bool:
    """Whether something to be deleted was gone already."""
    names = set(_names(error))
    return "secretstorage.exceptions.ItemNotFoundException" in names and not names & _SAID_NO


def refused(problem: Message) -> KeyStoreRefusedError:
    """Say that a keyring is not used for what it is."""
    remedy = msg("Use the system's own keyring, or make a vault.")
    return KeyStoreRefusedError(problem, remedy=remedy)


def _names(error: Exception) -> Iterator[str]:
    for kind in type(error).__mro__:
        yield f"{kind.__module__}.{kind.__name__}"
    name = getattr(error, "name", None)  # of a D-Bus error
    if isinstance(name, str):
        yield name


def _number(error: Exception) -> int | None:
    """Return the system's own number: of Windows, or of macOS below what keyring made of it."""
    number = getattr(error, "winerror", None)
    if number is None and error.__cause__ is not None and error.__cause__.args:
        number = error.__cause__.args[0]
    return number if isinstance(number, int) else None
