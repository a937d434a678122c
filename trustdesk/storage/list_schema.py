"""Where the JSON Schema of our open form of trust lists lies: readers in `formats` are handed its text."""

from __future__ import annotations

from functools import cache

from trustdesk.storage.resources import resource_folder


@cache
def trust_list_schema() -> str:
    """Return the JSON Schema (2020-12) of `trustdesk.trust-list/1`.

    Raises:
        EnvironmentFailureError: the installation is incomplete.
    """
    return (resource_folder() / "schemas" / "trust-list.schema.json").read_text(encoding="utf-8")
