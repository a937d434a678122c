"""Identity providers and tokens at the desk: what the page's tab, `trustdesk idp` and `token` ask for.

Nothing here blocks. A token comes in as a value, is judged in memory and forgotten; it is in no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.certificate import CertificateFacts
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

    def keep_providers(
        self, prepared: ProviderList, comment: str, *, accept_expired: bool = False
    ) -> Job[ProviderList]:
        """Keep a list in place of the one of its name, which may not have a higher sequence.

        A signer that was named for it is pinned. The future fails with UnusableInputError where something
        stands against it: a signature that does not hold, another signer than the pinned one, another list.

        Args:
            accept_expired: the person wants it although its next version was due.
        """
        ...

    def remove_providers(self, name: str, comment: str) -> Job[None]:
        """Take a list away; the log stays."""
        ...

    def keep_keys(self, check: ProviderCheck, comment: str) -> Job[ProviderList]:
        """Keep the keys that a check found with the list that names the provider.

        The future fails with UnusableInputError where there are none, or no list names the provider.
        """
        ...

    def check_provider(
        self, issuer: str, *, trust_lists: Sequence[str] = (), allow_private_addresses: bool = False
    ) -> Job[ProviderCheck]:
        """Ask a provider for its discovery document and keys, and look at its TLS endpoint.

        Its servers see it: only where a person asked for it. What it cannot reach is "not run".

        Args:
            trust_lists: names of those that its servers are judged by; empty for what is in force.
            allow_private_addresses: ask whatever its documents name, on private networks too; without, only
                the issuer's own host may lie there.

        Raises:
            UnusableInputError: the issuer is no https URL.
        """
        ...

    def read_token(
        self,
        token: str,
        *,
        identity: str | None = None,
        certificate: CertificateFacts | None = None,
        beside: Sequence[ProviderList] = (),
        with_keys: bool = False,
        trust_lists: Sequence[str] = (),
        allow_private_addresses: bool = False,
    ) -> Job[TokenReading]:
        """Judge a token by JWT-01 to JWT-12, offline.

        Args:
            identity: whose certificate `cnf` has to name; None leaves that rule not run.
            certificate: that `cnf` has to name, in place of an identity's.
            beside: lists that count although they are not kept.
            with_keys: whether the provider's keys may be fetched now where none that it names is kept.
            trust_lists, allow_private_addresses: as for `check_provider`.

        Raises:
            UnusableInputError: there is nothing, too much, or several tokens.
        """
        ...
