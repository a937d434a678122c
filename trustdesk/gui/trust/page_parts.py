"""The parts beside the lists: policies of partners, and the review queue; and what is done in them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import AwaitingDecision, PartnerPolicy
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.trust.page import POLICIES, QUEUE, TrustListsPage
from trustdesk.gui.trust.policies_page import PoliciesPage, PolicyRow
from trustdesk.gui.trust.queue_page import QueuePage
from trustdesk.services.trust_words import unsealed_words

_WAITING = msg("The key store is asked for the seal. If it is locked, it waits for you.")


class TrustParts(QObject):
    """Puts both parts beside the lists, and keeps them in step.

    Attributes:
        policies, queue: the parts.
        read_roots: reads the CA certificates of a file; None where nobody can.
    """

    def __init__(self, bridge: Bridge, page: TrustListsPage) -> None:
        super().__init__(page)
        self._bridge, self._page = bridge, page
        self.read_roots: Callable[[Path], Future[tuple[CertificateFacts, ...]]] | None = None
        self.policies = PoliciesPage()
        self.queue = QueuePage(page.now)
        page.add_part(POLICIES, msg("Partner policies"), self.policies)
        page.add_part(QUEUE, msg("Review queue"), self.queue)
        page.queue_changed.connect(self._show_queue)
        page.lists_changed.connect(lambda _lists: self._read_policies())
        page.lists_changed.connect(self.policies.show_lists)
        self.policies.edit_wanted.connect(self.edit)
        self.policies.clear_wanted.connect(self.clear)
        self.queue.review_wanted.connect(self._review)
        self.queue.decided.connect(self._decide)
        self.queue.certificate_wanted.connect(page.certificate_wanted)

    def edit(self, row: PolicyRow) -> None:
        """Write a partner's policy."""
        from trustdesk.gui.trust.policy_dialog import PolicyDialog

        shown = self._page.view.version
        dialog = PolicyDialog(
            self._page.window(),
            self._bridge,
            row,
            self._page.lists,
            self.read_roots,
            entries=() if shown is None else shown.content.entries,
        )
        dialog.written.connect(
            lambda policy, reason: self._put(policy, reason, row.policy or PartnerPolicy(partner=row.partner))
        )
        self._page.actions.open(dialog)

    def clear(self, policy: PartnerPolicy) -> None:
        """Take a policy away."""
        empty = replace(policy, lists=(), only_cas=(), pins=(), private_roots=())
        self._page.actions.ask(
            msg("Take the policy of {partner} away?", partner=policy.partner),
            msg("Its servers are judged by the lists in force from then on."),
            (),
            msg("Take it away"),
            lambda reason: self._put(empty, reason, policy),
        )

    def _put(self, policy: PartnerPolicy, reason: str, before: PartnerPolicy) -> None:
        def take(kept: PartnerPolicy) -> None:
            words = (
                msg("{partner} is judged by the lists in force.", partner=kept.partner)
                if kept.is_empty
                else msg("The policy of {partner} is written.", partner=kept.partner)
            )
            unsealed = unsealed_words(kept)
            if unsealed is not None:
                words = msg("{done} {problem}", done=words, problem=unsealed)
            self._page.say_done(words, lambda: self._put(before, "undone", kept))

        actions = self._page.actions
        actions.run(actions.desk.set_policy(policy, reason), _WAITING, take)

    def _read_policies(self) -> None:
        def take(policies: tuple[PartnerPolicy, ...]) -> None:
            self._page.take_policies(policies)
            self.policies.show_policies(policies)

        self._bridge.when_done(self._page.actions.desk.policies(), take, self._page.show_error, owner=self)

    def _show_queue(self, waiting: tuple[AwaitingDecision, ...]) -> None:
        self.queue.show_waiting(waiting)
        words = msg("Review queue {count}", count=len(waiting)) if waiting else msg("Review queue")
        self._page.name_part(QUEUE, words)

    def _review(self, name: str, number: int) -> None:
        found = next((one for one in self._page.lists if one.name == name), None)
        if found is not None:
            self._page.actions.review_waiting(found, number)

    def _decide(self, one: AwaitingDecision, accepted: bool, comment: str) -> None:
        if one.endpoint_id is None or one.now is None:
            return
        words = (
            msg("The certificate of {partner} is expected.", partner=one.partner or "–")
            if accepted
            else msg("The certificate of {partner} is not expected.", partner=one.partner or "–")
        )
        actions = self._page.actions
        job = actions.desk.decide_fingerprint(
            one.endpoint_id, one.now.sha256, accepted=accepted, comment=comment
        )
        actions.run(job, _WAITING, lambda _none: self._page.say_done(words))
