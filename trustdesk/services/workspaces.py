"""Opening the person's workspace, or another by its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.places import workspace_folder
from trustdesk.storage.workspace import Workspace


@contextmanager
def open_workspace(folder: Path | None) -> Iterator[Workspace]:
    """Open a workspace; None is the person's own.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    workspace = Workspace.open(folder or workspace_folder())
    try:
        yield workspace
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
