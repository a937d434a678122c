"""Handshakes and sweeps of a desk with all that it knows of revocation: ours before, the server's after.

Ours is looked up before the partner is asked. The gate in between has the staple and what was given, all of
it: a run waits for lists that are being opened. Where asking is switched on, servers are judged again after
the handshake, with what the CAs answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.ports import Job
from trustdesk.core.probe import Phase, ProbeReport
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.trust import TrustList
from trustdesk.formats.credential import ClientIdentity
from trustdesk.network.request import ProbeRequest
from trustdesk.network.sweep import Pace, SweepSwitch
from trustdesk.network.thread import NetworkThread
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.desk_values import SweepTotals
from trustdesk.services.handshakes import start_handshake
from trustdesk.services.prepared_jobs import PreparedJob, start_after
from trustdesk.services.published_keys import published_keys
from trustdesk.services.revocation import RevocationPolicy, own_revocation
from trustdesk.services.sweep_judging import second_by_partner
from trustdesk.services.sweeps import start_sweep


class RevocationAwareRuns:
    """Starts runs on the network's thread; methods may be called from any thread."""

    def __init__(self, network: NetworkThread, session: DeskSession) -> None:
        self._network = network
        self._session = session
        self._revocation = session.revocation
        self._preparing = ThreadPoolExecutor(2, thread_name_prefix="trustdesk-preflight")

    def handshake(
        self,
        request: ProbeRequest,
        names: Sequence[str],
        partners: Sequence[str],
        on_progress: Callable[[Phase | TimelineEvent], None] | None,
    ) -> Job[ProbeReport]:
        """Probe one target; the session's judge by the lists of these names is the gate.

        Args:
            partners: whose endpoint it is. Our own certificate is no business of their policies.
        """

        def start() -> Job[ProbeReport]:
            self._session.look_again()
            trust_lists = self._session.lists(names)
            gated = replace(request, judge=self._session.gate(tuple(names), tuple(partners)))
            by_policy = self._session.lists(names, partners)
            return self._handshake(gated, trust_lists, by_policy, on_progress)

        return start_after(self._revocation.opening(), self._preparing, start)

    def _handshake(
        self,
        request: ProbeRequest,
        trust_lists: Sequence[TrustList],
        by_policy: Sequence[TrustList],
        on_progress: Callable[[Phase | TimelineEvent], None] | None,
    ) -> Job[ProbeReport]:
        policy = self._revocation.policy()
        second = policy.second(by_policy, published_keys=published_keys())
        credential = request.credential
        if credential is None or policy.evidence().is_empty:
            return start_handshake(self._network, request, on_progress, second)

        def start() -> Job[ProbeReport]:
            ours = own_revocation(credential, trust_lists, policy)
            return start_handshake(
                self._network, replace(request, client_revocation=ours), on_progress, second
            )

        return PreparedJob(self._preparing, start, stop_of(policy))

    def sweep(
        self,
        requests: Sequence[ProbeRequest],
        partners: Sequence[tuple[str, ...]],
        *,
        on_phase: Callable[[int, Phase], None],
        on_report: Callable[[int, ProbeReport], None],
        pace: Pace,
        switch: SweepSwitch,
    ) -> Job[SweepTotals]:
        """Probe many targets by the lists in force; each of our certificates is looked up once.

        Args:
            requests: what to probe; the session's judge by the lists in force is the gate of each.
            partners: of each request, whose policies hold for it.
            on_phase: is told which probe entered which phase.
            on_report: is given each report once.
            pace: how hard it goes.
            switch: pauses it, also before it begins.
        """

        def start() -> Job[SweepTotals]:
            self._session.look_again()
            trust_lists = self._session.lists()
            gated = [
                replace(one, judge=self._session.gate((), some))
                for one, some in zip(requests, partners, strict=True)
            ]
            return self._sweep(
                gated,
                partners,
                trust_lists,
                on_phase=on_phase,
                on_report=on_report,
                pace=pace,
                switch=switch,
            )

        return start_after(self._revocation.opening(), self._preparing, start)

    def _sweep(
        self,
        requests: Sequence[ProbeRequest],
        partners: Sequence[tuple[str, ...]],
        trust_lists: Sequence[TrustList],
        *,
        on_phase: Callable[[int, Phase], None],
        on_report: Callable[[int, ProbeReport], None],
        pace: Pace,
        switch: SweepSwitch,
    ) -> Job[SweepTotals]:
        policy = self._revocation.policy()
        bound = frozenset(self._session.policies.partners)
        second = second_by_partner(
            policy,
            [() if bound.isdisjoint(some) else some for some in partners],
            lambda some: self._session.lists((), some),
        )
        is_quick = policy.evidence().is_empty
        credentials = {id(one.credential): one.credential for one in requests if one.credential is not None}

        def start() -> Job[SweepTotals]:
            ours = {
                key: own_revocation(credential, trust_lists, policy)
                for key, credential in credentials.items()
            }
            return start_sweep(
                self._network,
                (
                    replace(
                        one,
                        client_revocation=ours.get(id(one.credential), ()),
                        judges_at_once=is_quick,
                    )
                    for one in requests
                ),
                on_phase=on_phase,
                on_report=on_report,
                pace=pace,
                switch=switch,
                second=second,
            )

        if not credentials or policy.evidence().is_empty:
            return start()
        return PreparedJob(self._preparing, start, stop_of(policy))

    def own_revocation(
        self, identity: ClientIdentity, trust_lists: Sequence[TrustList]
    ) -> tuple[RevocationCheck, ...]:
        """Look up one of our certificates in what is at hand; blocks, and nobody is asked."""
        return own_revocation(identity, trust_lists, self._revocation.silent_policy())

    def close(self) -> None:
        """Prepare nothing more; blocks until what is being prepared has ended. Asking was stopped before."""
        self._preparing.shutdown(cancel_futures=True)


def stop_of(policy: RevocationPolicy) -> Callable[[], None]:
    """Return what ends the asking of a policy."""
    web = policy.web
    return (lambda: None) if web is None else web.cancel
