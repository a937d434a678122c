"""The CRLs that a workspace keeps, for a command that opens it."""

from __future__ import annotations

from dataclasses import replace

from trustdesk.core.ports import RevocationList
from trustdesk.services.given_lists import list_source
from trustdesk.services.known_list import is_delta_scope
from trustdesk.services.revocation_lists import HELD_BYTES, open_indexed_list, open_revocation_list
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.revocation.evidence import RevocationEvidence


def with_kept_lists(given: RevocationEvidence, workspace: Workspace) -> RevocationEvidence:
    """Return the evidence with the lists that a workspace keeps, after those that were given.

    Blocks until long ones are indexed.

    Raises:
        EnvironmentFailureError: one of them cannot be read. To go on without it would leave unsaid what it
            revokes.
    """
    kept = KeptLists(workspace)
    lists = []
    for one in kept.all().result():
        opened = _opened(kept, one)
        if opened is not None:
            source = list_source(one.source, is_delta=is_delta_scope(one.scope), is_kept=True)
            lists.append((source, opened))
    return replace(given, lists=(*given.lists, *lists))


def _opened(lists: KeptLists, one: KeptList) -> RevocationList | None:
    """Open a list; None when another program forgot it just now."""
    indexed = open_indexed_list(one.sha256) if one.size > HELD_BYTES else None
    if indexed is not None:
        return indexed
    der = lists.der(one.sha256).result()
    return None if der is None else open_revocation_list(der)
