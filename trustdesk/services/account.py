"""Who sits at this machine: the name that decisions and retrievals are written down with."""

from __future__ import annotations

import getpass
import sys


def account_name() -> str:
    """Return the name of the account that runs the program, which no variable of the environment changes.

    Where the system has no name for it, its number or what the environment says.
    """
    if sys.platform != "win32":
        import os
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # a container with a number and no name
            return f"uid {os.getuid()}"
    try:
        return getpass.getuser()
    except (OSError, ImportError, KeyError):
        return "?"
