"""Opening the person's workspace, or another by its folder or its URL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trustdesk.core.ports import PdfPrinter
from trustdesk.core.trust import TrustList
from trustdesk.network.request import ProbeLimits
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.clock import SystemClock
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.connection_settings import ConnectionSettings
from trustdesk.storage.places import WorkspacePlace, workspace_folder
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from trustdesk.services.live_desk import LiveDesk


@contextmanager
def open_workspace(place: WorkspacePlace | None) -> Iterator[Workspace]:
    """Open a workspace; None is the person's own.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    workspace = Workspace.open(place or workspace_folder())
    try:
        yield workspace
    finally:
        workspace.close()


def open_desk(
    place: WorkspacePlace | None,
    trust_lists: Sequence[TrustList] = (),
    *,
    limits: ProbeLimits | None = None,
    proxies: ProxyChoice | None = None,
    pdf_printer: PdfPrinter | None = None,
    keeps_connections: bool = False,
) -> LiveDesk:
    """Open a desk on a workspace.

    Args:
        trust_lists: to judge by, the first until another is chosen; empty for those of the workspace that are
            in force, or else the public web's.
        limits: of a probe; None for the usual ones.
        proxies: None for the environment's.
        pdf_printer: prints reports; None where nothing does.
        keeps_connections: whether it connects as was chosen for the window, and keeps another choice.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    from trustdesk.services.live_desk import LiveDesk  # most commands need no desk, which imports nearly all

    workspace = Workspace.open(place or workspace_folder())
    return LiveDesk(
        workspace=workspace,
        trust_lists=trust_lists or (certifi_list(),),
        in_force=[one.name for one in trust_lists[:1]],
        identities={},
        clock=SystemClock(),
        limits=limits,
        proxies=proxies,
        pdf_printer=pdf_printer,
        connections=ConnectionSettings(workspace.folder) if keeps_connections else None,
    )
