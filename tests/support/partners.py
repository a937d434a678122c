"""Partners in a workspace that a command then works on."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.partner import Endpoint
from trustdesk.core.target import Target
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory


def add_partner(folder: Path, name: str, target: Target, identity: str | None = None) -> Endpoint:
    """Add an endpoint of a partner to the workspace of a folder, which is made where there is none."""
    with open_workspace(folder) as workspace:
        return Directory(workspace).add_endpoint(name, target, identity).result()
