"""Credential Manager's rules on any system: `win32cred` and `pywintypes` as keyring's class uses them.

2,560 bytes an entry (error 1783 above), names in which case does not count, error 1168 for what is missing.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import pytest

MAX_BLOB_BYTES = 2560


class CredentialError(Exception):
    """`pywintypes.error`: winerror, function, text; no KeyringError."""

    def __init__(self, winerror: int, funcname: str, strerror: str) -> None:
        super().__init__(winerror, funcname, strerror)
        self.winerror, self.funcname, self.strerror = winerror, funcname, strerror


class Credentials(ModuleType):
    """`win32cred` over a dictionary."""

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_SESSION = 1
    CRED_PERSIST_LOCAL_MACHINE = 2
    CRED_PERSIST_ENTERPRISE = 3

    def __init__(self) -> None:
        super().__init__("win32cred")
        self.entries: dict[str, dict[str, object]] = {}
        self.failing_with: int | None = None

    def CredWrite(self, credential: dict[str, object], flags: int) -> None:  # noqa: N802
        self._fail_if_told("CredWrite")
        blob = str(credential["CredentialBlob"]).encode("utf-16-le")
        if len(blob) > MAX_BLOB_BYTES:
            raise CredentialError(1783, "CredWrite", "The stub received bad data")
        self.entries[str(credential["TargetName"]).lower()] = {**credential, "CredentialBlob": blob}

    def CredRead(self, TargetName: str, Type: int) -> dict[str, object]:  # noqa: N802, N803
        self._fail_if_told("CredRead")
        return dict(self._entry(TargetName, "CredRead"))

    def CredDelete(self, TargetName: str, Type: int) -> None:  # noqa: N802, N803
        self._entry(TargetName, "CredDelete")
        del self.entries[TargetName.lower()]

    def CredEnumerate(self, pattern: str, flags: int) -> list[dict[str, object]]:  # noqa: N802
        self._fail_if_told("CredEnumerate")
        prefix = pattern.removesuffix("*").lower()
        found = [dict(entry) for name, entry in self.entries.items() if name.startswith(prefix)]
        if not found:
            raise CredentialError(1168, "CredEnumerate", "Element not found.")
        return found

    def _entry(self, target: str, function: str) -> dict[str, object]:
        try:
            return self.entries[target.lower()]
        except KeyError:
            raise CredentialError(1168, function, "Element not found.") from None

    def _fail_if_told(self, function: str) -> None:
        if self.failing_with is not None:
            raise CredentialError(self.failing_with, function, "told to")


def install(monkeypatch: pytest.MonkeyPatch) -> Credentials:
    """Let keyring's real Windows class run over these rules, for the length of a test."""
    import keyring.backends

    credentials = Credentials()
    types = ModuleType("pywintypes")
    vars(types)["error"] = CredentialError
    package = ModuleType("win32ctypes.pywin32")
    vars(package).update(pywintypes=types, win32cred=credentials)
    monkeypatch.setitem(sys.modules, "win32ctypes", ModuleType("win32ctypes"))
    monkeypatch.setitem(sys.modules, "win32ctypes.pywin32", package)
    monkeypatch.delitem(sys.modules, "keyring.backends.Windows", raising=False)
    windows = importlib.import_module("keyring.backends.Windows")
    monkeypatch.setitem(sys.modules, "keyring.backends.Windows", windows)
    monkeypatch.setattr(keyring.backends, "Windows", windows, raising=False)
    return credentials
