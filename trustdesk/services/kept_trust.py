"""What a workspace keeps of trust, as one value: what a session judges by beside its own files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trustdesk.core.trust_decision import LocalDecision, PartnerPolicy
from trustdesk.core.trust_version import ListVersion
from trustdesk.storage.sealing import NO_SEALER, Sealer
from trustdesk.storage.trust_in_force import trust_in_force
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrust:
    """Lists, decisions and policies of a workspace, as of one instant.

    Attributes:
        versions: applied versions, by name of the list; those in force are among them.
        in_force: names of its lists that are judged by; one without an applied version trusts nothing.
        builtin_in_force: whether the public web's list judges too.
    """

    versions: tuple[ListVersion, ...] = ()
    in_force: tuple[str, ...] = ()
    builtin_in_force: bool = True
    decisions: tuple[LocalDecision, ...] = ()
    policies: tuple[PartnerPolicy, ...] = ()

    @property
    def needs_seals(self) -> bool:
        """Whether anything in it grants something, which counts only with a seal that holds."""
        return any(one.private_roots or one.lists for one in self.policies)


NOTHING_KEPT = KeptTrust()

TrustSource = Callable[[], KeptTrust]
"""Reads it again each time; blocks. It raises EnvironmentFailureError where a record is damaged: nothing may
be judged then as though it were not there."""


def kept_trust(workspace: Workspace, sealer: Callable[[], Sealer] = lambda: NO_SEALER) -> KeptTrust:
    """Read what a workspace keeps; blocks.

    Args:
        sealer: what seals can be checked with now.

    Raises:
        EnvironmentFailureError: a record is damaged.
    """
    found = trust_in_force(workspace, sealer).result()
    lists = TrustLists(workspace, sealer)
    read = {one.list_name for one in found.versions}
    others = [one for one in lists.summaries().result() if one.applied is not None and one.name not in read]
    return KeptTrust(
        versions=(*found.versions, *(lists.version(one.name).result() for one in others)),
        in_force=found.in_force,
        builtin_in_force=found.builtin_in_force,
        decisions=found.decisions,
        policies=found.policies,
    )


def nothing_kept() -> KeptTrust:
    """The source of a desk without such a workspace."""
    return NOTHING_KEPT
