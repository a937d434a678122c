"""Python's collector, kept from what stays.

Modules, pages and the rows of a long table live until they are closed. To look through them for garbage holds
up every thread for 100 ms each time.
"""

from __future__ import annotations

import gc


def leave_alone() -> None:
    """Look no longer through what is there now."""
    gc.freeze()


def let_go() -> None:
    """Collect what was left alone and is no longer in use; the rest is left alone again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def look_at_everything() -> None:
    """Leave nothing alone any more."""
    gc.unfreeze()
