"""A workspace to begin with, for the tests of what lies in one: in a file, and on a PostgreSQL server."""

from __future__ import annotations

from tests.support.empty_workspace import made, new_place, on, place
from tests.support.empty_workspace import workspace_on as workspace
from tests.support.postgres_server import postgres

__all__ = ["made", "new_place", "on", "place", "postgres", "workspace"]
