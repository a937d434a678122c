"""Who sits at this machine: the name that decisions and retrievals are written down with."""

from __future__ import annotations

import getpass
import sys


def account_name() -> str:
    """Return the name of the account that runs the program.

    Where there are accounts with numbers, no variable of the environment changes it; one without a name is
    called by its number.
    """
    if sys.platform == "win32":
        return getpass.getuser()
    import os
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container
        return f"uid {os.getuid()}"
