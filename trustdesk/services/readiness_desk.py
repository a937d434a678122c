"""What a face asks about readiness: one check of an endpoint, and the last one that was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from trustdesk.core.bearer_token import BearerToken
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Job
from trustdesk.core.readiness import HarmlessCall, Readiness
from trustdesk.core.workspace_settings import WorkspaceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessWishes:
    """What a person asks for beyond the calls that every check makes.

    Attributes:
        token: sent once, over a strictly verified connection; None sends none. It is forgotten with the
            check, whatever came of it.
        asks_for_unknown_object: GET a logistics object that nobody has.
        tries_wrong_certificate: present a certificate that is made for this and thrown away.
        own_endpoint, required_api_version: instead of the workspace's settings; None for those.
    """

    token: BearerToken | None = None
    asks_for_unknown_object: bool = False
    tries_wrong_certificate: bool = False
    own_endpoint: str | None = None
    required_api_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessProgress:
    """One step: a call begins.

    Attributes:
        position: of it, from 1.
        of: how many calls there will be at most.
    """

    call: HarmlessCall
    position: int
    of: int


class ReadinessDesk(Protocol):
    """Checks endpoints by TLS-…, API-… and AMQ-…; methods may be called from any thread."""

    def check(
        self,
        endpoint: Endpoint,
        wishes: ReadinessWishes | None = None,
        *,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[ReadinessProgress], None] | None = None,
    ) -> Job[Readiness]:
        """Make the harmless calls, judge, and keep the outcome where the endpoint is in the directory.

        Cancelled, it delivers what was found out so far, and keeps nothing. An identity's key is had as for
        `Desk.probe`, and the future fails likewise.

        Args:
            endpoint: one of the directory, or one of id 0, of which nothing is kept.
            trust_lists: names of those to judge by; empty for those in force.
            on_progress: told from another thread as each call begins.
        """
        ...

    def last(self, endpoint_id: int) -> Future[Readiness | None]:
        """The last check of an endpoint that was kept; None when there was none."""
        ...

    def settings(self) -> Future[WorkspaceSettings]:
        """What the workspace says of our own endpoint, and of the version that partners have to support."""
        ...

    def expect(self, own_endpoint: str | None, required_api_version: str | None) -> Future[WorkspaceSettings]:
        """Keep both for every check from now on; "" for none, None for what is kept already.

        The future fails with UnusableInputError where one of them is none; nothing is changed then.
        """
        ...
