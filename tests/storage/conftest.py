"""A workspace to begin with, for the tests of what lies in one: in a file, and on a PostgreSQL server."""

from __future__ import annotations

import pytest

from tests.support.empty_workspace import made, new_place, on, workspace_place
from tests.support.empty_workspace import workspace_on as workspace
from tests.support.postgres_server import postgres

__all__ = ["made", "new_place", "on", "postgres", "workspace", "workspace_place"]

ONCE_ON_A_SERVER = {"secret service", "windows"}
"""Key stores whose suite runs on a server only in the gate: what a database has to do with it is the same."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave pairs of a server and a key store that show nothing new to the exhaustive run."""
    for item in items:
        of_store = item.name.rpartition("[")[2]
        if "postgresql" in of_store and any(store in of_store for store in ONCE_ON_A_SERVER):
            item.add_marker(pytest.mark.exhaustive)
