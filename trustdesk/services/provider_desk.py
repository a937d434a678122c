"""Identity providers and tokens at the desk: what the page's tab, `trustdesk idp` and `token` ask for.

Nothing here blocks. A token comes in as a value, is judged in memory and forgotten; it is in no answer.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.identity_provider import ProviderCheck, ProviderList, TokenReading
    from trustdesk.core.ports import Job


class ProviderDesk(Protocol):
    """What a face does with identity providers."""

    def provider_lists(self) -> Future[tuple[ProviderList, ...]]:
        """The lists that the workspace keeps, by name."""
        ...

    def prepare_providers(self, file: Path, name: str, *, signer: str | None = None) -> Job[ProviderList]:
        """Read a list and check its signature; nothing is kept."""
        ...

    def keep_providers(self, prepared: ProviderList, comment: str) -> Job[ProviderList]:
        """Keep a list in place of the one of its name, which may not have a higher sequence."""
        ...

    def remove_providers(self, name: str, comment: str) -> Job[None]:
        """Take a list away; the log stays."""
        ...

    def check_provider(self, issuer: str) -> Job[ProviderCheck]:
        """Ask a provider for its discovery document and keys, and look at its TLS endpoint.

        Its servers see it: only where a person asked for it. What it cannot reach is "not run".
        """
        ...

    def read_token(
        self, token: str, *, identity: str | None = None, with_keys: bool = False
    ) -> Job[TokenReading]:
        """Judge a token by JWT-01 to JWT-12, offline.

        Args:
            identity: whose certificate `cnf` has to name; None leaves that rule not run.
            with_keys: whether the provider's keys may be fetched now where none are kept.
        """
        ...
