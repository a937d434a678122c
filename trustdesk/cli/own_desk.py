"""The desk for commands on our own certificates: opened, and closed again; and the vault behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import IdentityView
from trustdesk.core.key_store import KeyStoreKind, KeyStoreStatus
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.network.request import ProbeLimits
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.identity_desk import IdentityDesk
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.workspaces import open_desk
from trustdesk.storage.places import WorkspacePlace


@contextmanager
def own_desk(
    workspace: WorkspacePlace | None,
    *,
    trust_lists: Sequence[TrustList] = (),
    at: datetime | None = None,
    limits: ProbeLimits | None = None,
    proxies: ProxyChoice | None = None,
) -> Iterator[LiveDesk]:
    """Open the desk of a workspace.

    Args:
        workspace: its folder; None is the person's own.
        trust_lists: to judge by; empty for what the workspace judges by.
        at: the instant judged for; None is the present.
        limits: of a probe; None for the usual ones.
        proxies: None for the environment's.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    desk = open_desk(workspace, trust_lists, limits=limits, proxies=proxies)
    try:
        desk.set_evaluation_time(at)
        yield desk
    finally:
        desk.close()


def view_of(desk: IdentityDesk, name: str, trust_lists: Sequence[str] = ()) -> IdentityView:
    """Return the identity of a name, judged.

    Args:
        trust_lists: names of those to judge by; empty for the one in force.

    Raises:
        UnusableInputError: there is none.
    """
    views = desk.views(trust_lists).result()
    found = next((view for view in views if view.identity.name == name), None)
    if found is None:
        names = ", ".join(view.identity.name for view in views[:_SHOWN])
        raise UnusableInputError(
            msg("There is no identity of this name."),
            remedy=msg("Name one of: {names}.", names=names)
            if views
            else msg("There is none in this workspace; import one first."),
            place=name,
        )
    return found


_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DeskVault:
    """The vault behind a desk, opened on the thread that the desk calls its key stores on."""

    desk: IdentityDesk

    def status(self) -> KeyStoreStatus:
        """Say whether it is open, shut, or not made yet."""
        return next(one for one in self.desk.key_stores().result() if one.kind is KeyStoreKind.VAULT)

    def unlock(self, passphrase: str) -> None:
        """Open it."""
        wait_for(self.desk.unlock(KeyStoreKind.VAULT, passphrase))

    def make(self, passphrase: str) -> None:
        """Make it, and leave it open."""
        wait_for(self.desk.make_vault(passphrase))
