"""What a desk's own workspace keeps of trust, with its seals looked at before anything counts by them."""

from __future__ import annotations

from concurrent.futures import wait

from trustdesk.services.kept_trust import KeptTrust, kept_trust
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_in_force import trust_revision
from trustdesk.storage.workspace import Workspace

_LOOK_S = 2.0
"""How long is waited for the key store, which asks nobody; its thread may be busy with a person."""


class SealedTrust:
    """Reads it again at each call (`services.kept_trust.TrustSource`); blocks."""

    def __init__(self, workspace: Workspace, seals: TrustSeals) -> None:
        """Begin to look for the key of the seals."""
        self._workspace = workspace
        self._seals = seals
        self._look = seals.look()

    def __call__(self) -> KeptTrust:
        """Return what is kept.

        Where something counts only under a seal, the first look at the key store is waited for; when it
        takes long, such things count for nothing until it has come, which is the safe side.

        Raises:
            EnvironmentFailureError: a record is damaged.
        """
        found = kept_trust(self._workspace, self._seals.current)
        if found.needs_seals and self._seals.current() is NO_SEALER:
            self.wait()
            found = kept_trust(self._workspace, self._seals.current)
        return found

    def revision(self) -> int:
        """Say whether it would return something else (`storage.trust_in_force.trust_revision`); blocks."""
        return trust_revision(self._workspace).result()

    def wait(self) -> None:
        """Wait for the first look, as long as is reasonable."""
        wait([self._look.future], _LOOK_S)
