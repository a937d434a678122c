"""What the process takes off before any library is imported.

Standard library only, and little of it: every start pays for this module.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

STEERING_VARIABLES = (
    "OPENSSL_CONF",  # names a configuration that OpenSSL loads, engines and providers with it
    "OPENSSL_MODULES",  # names a folder that OpenSSL loads providers from
    "SSLKEYLOGFILE",  # makes TLS libraries write the session keys of every connection to a file
    "SSL_CERT_FILE",  # replaces the trust anchors that a library takes as the system's
    "SSL_CERT_DIR",  # the same, as a folder
    "PYTHON_KEYRING_BACKEND",  # makes keyring use any class, also one that stores in the clear
    "KEYCHAIN_PATH",  # names another keychain to keyring on macOS
    "KEYRING_PROPERTY_APPID",  # the properties of keyring's classes: how an entry is found again,
    "KEYRING_PROPERTY_KEYCHAIN",
    "KEYRING_PROPERTY_PERSIST",  # whether it outlives the session or roams,
    "KEYRING_PROPERTY_PREFERRED_COLLECTION",  # and in which collection it lies
    "KEYRING_PROPERTY_SCHEME",
)
"""Variables that would change what is trusted, what is loaded, or where secrets go."""


def scrub_environment(environ: MutableMapping[str, str] = os.environ) -> tuple[str, ...]:
    """Remove the steering variables; return the names of those that were set, in the order above.

    Child processes inherit the scrubbed environment. Call it before cryptography, OpenSSL, ssl or
    keyring are imported: they read some of these variables only once.
    """
    return tuple(name for name in STEERING_VARIABLES if environ.pop(name, None) is not None)


def restore_library_path(environ: MutableMapping[str, str] = os.environ) -> None:
    """Give the variable back that the starter of a frozen program set to find the program's own libraries.

    Everything that is started from here would load them too: the browser that opens a report, a file
    manager. A process of our own gets the variable from its starter again, which has to be told so.

    Source: PyInstaller manual, "Launching external programs from the frozen application".
    """
    for name in ("LD_LIBRARY_PATH", "LIBPATH"):
        before = environ.pop(f"{name}_ORIG", None)
        if before is not None:
            environ[name] = before
        else:
            environ.pop(name, None)
    environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def disable_core_dumps() -> None:
    """Set the limit for core dumps to zero, for this process and its children: a dump holds private keys.

    Does nothing on Windows, which has no such limit. `PR_SET_DUMPABLE` stays as it is: without it the
    desktop's portals refuse file dialogs.
    """
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
