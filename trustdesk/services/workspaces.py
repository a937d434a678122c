"""Opening the person's workspace, or another by its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import workspace_folder
from trustdesk.storage.workspace import Workspace


@contextmanager
def open_directory(folder: Path | None) -> Iterator[Directory]:
    """Open a workspace's partner directory; None is the person's own workspace.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    workspace = Workspace.open(folder or workspace_folder())
    try:
        yield Directory(workspace)
    finally:
        workspace.close()


def open_desk(folder: Path | None) -> LiveDesk:
    """Open a desk on a workspace, judging against the public web's list until another is chosen.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    return LiveDesk(
        workspace=Workspace.open(folder or workspace_folder()),
        trust_lists=(certifi_list(),),
        identities={},
        clock=SystemClock(),
    )
