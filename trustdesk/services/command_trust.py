"""By what a command judges: lists that were named, or those of the workspace, with all that is kept there.

What was decided here and what was agreed with partners holds for commands as for the window. A workspace that
is not there is not made for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from trustdesk.core.key_store import KeyStoreState
from trustdesk.core.ports import Judge
from trustdesk.core.target import Target
from trustdesk.core.trust import PUBLIC_WEB_LIST, TrustList
from trustdesk.services.clock import SystemClock
from trustdesk.services.identity_names import unique_name
from trustdesk.services.kept_trust import NOTHING_KEPT, KeptTrust, kept_trust
from trustdesk.services.lists_in_force import judgeable
from trustdesk.services.partner_policies import EndpointPlaces
from trustdesk.services.rejudging import OwnPath, Rejudger
from trustdesk.services.session_trust import SessionTrust
from trustdesk.services.trust_lists import certifi_list, file_list
from trustdesk.services.workspace_keys import open_keys
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import WorkspacePlace, has_workspace, workspace_folder
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.vault import Vault
from trustdesk.storage.workspace import Workspace


class CommandTrust:
    """What one command judges by.

    Attributes:
        lists: where no partner is concerned; no two have the same name.
        is_plain: whether the workspace says nothing: no list of its own in force, no decision, no policy.
        unsealed: partners whose policy grants something that does not count, for want of a seal that holds.
    """

    def __init__(
        self,
        trust: SessionTrust,
        names: Sequence[str],
        places: EndpointPlaces,
        *,
        is_plain: bool,
        unsealed: tuple[str, ...] = (),
    ) -> None:
        """Take what was read; `names` are those that the person named."""
        self._trust = trust
        self._names = tuple(names)
        self._places = places
        self.lists = trust.judging(self._names, exactly=True)
        self.is_plain = is_plain
        self.unsealed = unsealed

    def lists_at(self, target: Target) -> tuple[TrustList, ...]:
        """Return what a target is judged by: that of the partner whose endpoint it is, if it is one's."""
        return self.by_partners(self.bound_at(target))

    def bound_at(self, target: Target) -> tuple[str, ...]:
        """Return the partners whose endpoint a target is, where one of them has a policy."""
        partners = self._places.partners_at(target)
        return partners if not frozenset(partners).isdisjoint(self._trust.book.partners) else ()

    def by_partners(self, partners: tuple[str, ...]) -> tuple[TrustList, ...]:
        """Return what is judged by for partners as `bound_at` returns them."""
        return self._trust.judging(self._names, partners, exactly=True) if partners else self.lists


def command_trust(
    names: Sequence[str],
    folder: WorkspacePlace | None = None,
    *,
    judges_partners: bool = False,
    open_vault: Callable[[Vault], None] | None = None,
) -> CommandTrust:
    """Read what a command judges by.

    Args:
        names: that `--trust-list` was given: a file, certifi, a list of the workspace, or one of its versions
            as NAME@NUMBER; empty for the lists in force, which are certifi's where the workspace has none.
        folder: or URL of the workspace; None is the person's own.
        judges_partners: whether endpoints of partners are judged, so that policies and their seals count.
        open_vault: opens it where the key of the seals may lie in it; None where it stays as it is.

    Raises:
        UnusableInputError: a name is neither a list nor a file that can be read.
        EnvironmentFailureError: what the workspace keeps cannot be read.
    """
    with _workspace(folder) as workspace:
        kept = NOTHING_KEPT if workspace is None else _kept(workspace, open_vault, with_seals=judges_partners)
        own = {one.list_name for one in kept.versions}
        chosen: dict[str, TrustList | None] = {}
        for name in names:
            trust_list = None if _is_kept(name, own) else _named(name, workspace, kept, own)
            if trust_list is None:
                chosen[name] = None
            elif chosen.get(trust_list.name) != trust_list:
                taken = {*chosen, *own}
                called = unique_name(trust_list.name, taken) if trust_list.name in taken else trust_list.name
                chosen[called] = replace(trust_list, name=called)
        places = EndpointPlaces(
            Directory(workspace).endpoints().result() if workspace is not None and kept.policies else ()
        )
    given = {PUBLIC_WEB_LIST: certifi_list()} if not names else {}
    given |= {name: one for name, one in chosen.items() if one is not None}
    return CommandTrust(
        SessionTrust(given.values(), lambda: kept),
        tuple(chosen),
        places,
        is_plain=replace(kept, versions=()) == NOTHING_KEPT,
        unsealed=tuple(
            one.partner
            for one in kept.policies
            if judges_partners and one.sealed is not True and (one.private_roots or one.lists)
        ),
    )


def rejudgers(
    judge: Callable[[Sequence[TrustList]], Judge],
    trust: CommandTrust,
    *,
    at: datetime | None,
    now: datetime,
    own: Mapping[str, OwnPath] = MappingProxyType({}),
) -> Callable[[tuple[str, ...]], Rejudger]:
    """Return what finds the rejudger for partners as `bound_at` returns them; each is made once."""
    made: dict[tuple[str, ...], Rejudger] = {}

    def of(partners: tuple[str, ...]) -> Rejudger:
        if partners not in made:
            made[partners] = Rejudger(judge(trust.by_partners(partners)), at=at, now=now, own=own)
        return made[partners]

    return of


@contextlib.contextmanager
def _workspace(place: WorkspacePlace | None) -> Iterator[Workspace | None]:
    """Open a workspace that is there; None where there is none."""
    if not has_workspace(place):
        yield None
        return
    workspace = Workspace.open(place or workspace_folder())
    try:
        yield workspace
    finally:
        workspace.close()


def _kept(workspace: Workspace, open_vault: Callable[[Vault], None] | None, *, with_seals: bool) -> KeptTrust:
    kept = kept_trust(workspace)
    if not (with_seals and kept.needs_seals):
        return kept
    keys = open_keys(workspace, SystemClock())
    try:
        if open_vault is not None and keys.vault.status().state is KeyStoreState.LOCKED:
            open_vault(keys.vault)
        keys.seals.look().future.result()
        return kept_trust(workspace, keys.seals.current)
    finally:
        keys.close()


def _is_kept(name: str, own: set[str]) -> bool:
    return name in own and not Path(name).exists()


def _named(name: str, workspace: Workspace | None, kept: KeptTrust, own: set[str]) -> TrustList:
    """Find what is no applied list of the workspace; a file goes before what has its name."""
    path = Path(name)
    if not path.exists():
        if name == PUBLIC_WEB_LIST:
            return certifi_list()
        called, _, number = name.rpartition("@")
        if workspace is not None and called and number.isascii() and number.isdigit() and len(number) < 9:
            known = {one.name for one in TrustLists(workspace).summaries().result()}
            if called in known | own:
                version = TrustLists(workspace).version(called, int(number)).result()
                return replace(judgeable(version, kept.decisions), name=name)
    return file_list(path)
