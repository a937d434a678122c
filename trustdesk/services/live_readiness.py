"""Readiness checks at work (`services.readiness_desk.ReadinessDesk`), one after the other.

A token is in the closure of its job and nowhere else; it is forgotten when the job ends, in whatever way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import TypeVar

from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Clock, Job
from trustdesk.core.readiness import Readiness
from trustdesk.core.target import Target
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.network.request import ProbeLimits, ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.expectations import expecting
from trustdesk.services.identities_in_use import IdentitiesInUse, LoadedIdentities
from trustdesk.services.preflight import preflight_of
from trustdesk.services.published_keys import published_keys
from trustdesk.services.readiness import check_readiness
from trustdesk.services.readiness_desk import ReadinessProgress, ReadinessWishes
from trustdesk.services.readiness_plan import PlainPorts, ReadinessRequest
from trustdesk.services.revocation import own_revocation
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.storage.readiness_checks import ReadinessChecks
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")

_STEP_S = 0.1


class LiveReadiness:
    """Checks with the identities in use, by the lists in force and the partners' policies."""

    def __init__(
        self,
        workspace: Workspace,
        network: NetworkThread,
        session: DeskSession,
        identities: IdentitiesInUse,
        clock: Clock,
        *,
        limits: ProbeLimits,
        proxies: ProxyChoice,
        partners_at: Callable[[Target], tuple[str, ...]],
        settings: SettingsStore,
        plain_ports: PlainPorts | None = None,
    ) -> None:
        """Take what others own and close.

        Args:
            partners_at: says whose endpoint a target is, whose policies hold for it; may block.
            settings: those of the workspace.
        """
        self._checks = ReadinessChecks(workspace)
        self._network = network
        self._session = session
        self._identities = identities
        self._clock = clock
        self._limits = limits
        self._proxies = proxies
        self._partners_at = partners_at
        self._settings = settings
        self._plain_ports = plain_ports or PlainPorts()
        self._jobs = ThreadJobs("trustdesk-readiness")

    def check(
        self,
        endpoint: Endpoint,
        wishes: ReadinessWishes | None = None,
        *,
        trust_lists: Sequence[str] = (),
        on_progress: Callable[[ReadinessProgress], None] | None = None,
    ) -> Job[Readiness]:
        """Make the harmless calls, judge, and keep the outcome where the endpoint is in the directory."""
        wanted = wishes or ReadinessWishes()

        def begin(found: LoadedIdentities) -> Job[Readiness]:
            return self._jobs.start(
                lambda stop: self._checked(endpoint, wanted, found, tuple(trust_lists), stop, on_progress)
            )

        job = self._identities.run_with([endpoint.identity], begin, place=endpoint.target.endpoint)
        if wanted.token is not None:
            token = wanted.token
            job.future.add_done_callback(lambda _done: token.forget())
        return job

    def last(self, endpoint_id: int) -> Future[Readiness | None]:
        """The last check of an endpoint that was kept; None when there was none."""
        return self._checks.last(endpoint_id)

    def settings(self) -> Future[WorkspaceSettings]:
        """What the workspace says of our own endpoint, and of the version that partners have to support."""
        return self._settings.read()

    def expect(self, own_endpoint: str | None, required_api_version: str | None) -> Future[WorkspaceSettings]:
        """Keep both for every check from now on; "" for none, None for what is kept already."""
        return self._settings.change(lambda before: expecting(before, own_endpoint, required_api_version))

    def cancel(self) -> None:
        """Ask what runs to stop, without waiting for it."""
        self._jobs.cancel()

    def close(self) -> None:
        """End what runs."""
        self._jobs.close()

    def _checked(
        self,
        endpoint: Endpoint,
        wishes: ReadinessWishes,
        found: LoadedIdentities,
        trust_lists: tuple[str, ...],
        stop: Stop,
        on_progress: Callable[[ReadinessProgress], None] | None,
    ) -> Readiness:
        session = self._session
        session.look_again()
        _await(session.revocation.opening(), stop)
        settings = self._settings.read().result()
        at = self._clock.now()
        target, credential = endpoint.target, found.of(endpoint.identity)
        partners = self._partners_at(target)
        lists, by_policy = session.lists(trust_lists), session.lists(trust_lists, partners)
        policy = session.revocation.policy()
        with stop.ends(policy.web.cancel if policy.web is not None else _nothing):
            ours = () if credential is None else own_revocation(credential, lists, policy)
        probe = ProbeRequest(
            target=target,
            credential=credential,
            judge=session.gate(trust_lists, partners),
            client_revocation=ours,
            proxy=self._proxies.tunnel_to(
                target.connect_address or target.host, target.connect_port or target.port
            ),
            limits=self._limits,
        )
        readiness = check_readiness(
            self._network,
            ReadinessRequest(
                endpoint=endpoint,
                probe=probe,
                at=at,
                wishes=wishes,
                second=policy.second(by_policy, published_keys=published_keys()),
                preflight=preflight_of(credential, lists, at, ours),
                own_endpoint=_chosen(wishes.own_endpoint, settings.own_endpoint),
                own_judge=session.gate(trust_lists),
                required_api_version=_chosen(wishes.required_api_version, settings.required_api_version),
                tunnel_to=self._proxies.tunnel_to,
                plain_ports=self._plain_ports,
            ),
            stop,
            on_progress,
        )
        if endpoint.id and readiness.is_whole:
            self._checks.keep(readiness, endpoint.target).result()
        return readiness


def _await(opening: Sequence[Future[T]], stop: Stop) -> None:
    """Wait until revocation lists are open, well or not, or the person has had enough."""
    while opening and not stop.is_set():
        if not wait(opening, _STEP_S).not_done:
            return


def _chosen(wish: str | None, setting: str) -> str:
    return setting if wish is None else wish


def _nothing() -> None:
    """There is nothing to stop."""
