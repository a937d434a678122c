"""A workspace to begin with, for the tests of what lies in one."""

from __future__ import annotations

from tests.support.empty_workspace import made, workspace

__all__ = ["made", "workspace"]
