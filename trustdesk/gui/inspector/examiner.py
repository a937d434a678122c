"""Asks the desk about the certificate in view, and keeps what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.ports import Job
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, Verification
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.examination import Examination, ItemReview, ListName
from trustdesk.gui.inspector.opened import OpenedItem, OpenedItems
from trustdesk.services.desk import Desk
from trustdesk.services.likely_issuers import by_subject, named_above

MAX_LISTS = 6
"""Lists that a certificate is judged by at once, the one in force first."""

_MAX_BESIDE = 200
_MAX_KEPT = 64


class Examiner(QObject):
    """One certificate at a time; answers for an earlier one are dropped.

    Signals:
        changed: more is known.
        failed: a TrustdeskError; what was asked will not be answered.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked = 0
        self._current: Examination | None = None
        self._review: ItemReview | None = None
        self._job: Job[tuple[Finding, ...]] | None = None
        self._conformance: dict[str, tuple[Finding, ...]] = {}

    @property
    def current(self) -> Examination | None:
        """What is known of the certificate in view; None without one."""
        return self._current

    @property
    def review(self) -> ItemReview | None:
        """What is known of the request or the key in view; None without one."""
        return self._review

    def clear(self) -> None:
        """Examine nothing."""
        self._asked += 1
        self._current = self._review = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def examine_item(self, desk: Desk, one: OpenedItem, opened: OpenedItems) -> None:
        """Ask what the rule sets say of a request or a key; of other items there is nothing to ask."""
        self.clear()
        if one.item.csr is None and one.item.key is None:
            return
        asked = self._asked
        self._review = ItemReview(one.key)

        def linted(found: tuple[Finding, ...]) -> None:
            if asked == self._asked:
                self._review = ItemReview(one.key, found)
                self.changed.emit()

        question = desk.lint_item(one.item, beside=[a.item for a in opened.items])
        self._bridge.when_done(question, linted, lambda error: self._fail(asked, error))

    def examine(
        self,
        desk: Desk,
        one: OpenedItem,
        opened: OpenedItems,
        lists: Sequence[TrustList],
        at: datetime,
        *,
        fetches: bool = False,
        asks_revocation: bool = False,
    ) -> None:
        """Ask everything about a certificate, by every list, and pkilint when the rest has been answered.

        Args:
            at: for which the lists are looked at.
            fetches: whether the judge may ask CAs for issuers.
            asks_revocation: whether it may ask the addresses that publish revocation.
        """
        from trustdesk.services.lists_in_force import vouching

        self.clear()
        if one.details is None or one.facts is None:
            return
        asked = self._asked
        along = opened.came_along(one.key)
        chosen = tuple(ListName(a.name, a.title, vouching(a, at)) for a in lists[:MAX_LISTS])
        examination = self._current = Examination(
            certificate=one.facts,
            lists=chosen,
            verifications={},
            findings={},
            asks_revocation=asks_revocation,
            came_along=along,
            opened={a.key: a.facts for a in opened.certificates() if a.facts is not None},
        )
        beside = near(one.facts, opened.beside(one.key), frozenset(along))
        for trust_list in chosen:
            for purpose in Purpose:
                question = desk.judge_certificate(
                    one.facts,
                    purpose=purpose,
                    beside=beside,
                    trust_list=trust_list.name,
                    fetches=fetches,
                    asks_revocation=asks_revocation,
                )

                def judged(
                    verification: Verification, name: str = trust_list.name, meant: Purpose = purpose
                ) -> None:
                    if asked == self._asked:
                        examination.verifications[(name, meant)] = verification
                        self.changed.emit()

                self._bridge.when_done(question, judged, lambda error: self._fail(asked, error))
        chain = opened.details_of([key for key in along if key != one.key][:_MAX_BESIDE])
        beside_it = [a.item for a in opened.items]
        for purpose in Purpose:
            findings = desk.lint_certificate(one.details, purpose=purpose, chain=chain, beside=beside_it)

            def linted(found: tuple[Finding, ...], meant: Purpose = purpose) -> None:
                if asked == self._asked:
                    examination.findings[meant] = found
                    if len(examination.findings) == len(Purpose):
                        self._check_conformance(desk, asked)
                    self.changed.emit()

            self._bridge.when_done(findings, linted, lambda error: self._fail(asked, error))

    def _check_conformance(self, desk: Desk, asked: int) -> None:
        """Ask pkilint, whose word on the same bytes stays the same for any list and any day."""
        current = self._current
        if current is None:
            return
        digest = current.certificate.sha256
        known = self._conformance.get(digest)
        if known is not None:
            self._current = replace(current, conformance=known)
            return
        job = self._job = desk.lint_conformance(current.certificate)
        self._current = replace(current, is_checking=True)

        def checked(found: tuple[Finding, ...]) -> None:
            if asked != self._asked or self._current is None:
                return
            self._job = None
            self._current = replace(self._current, conformance=found, is_checking=False)
            if all(one.status is not FindingStatus.NOT_RUN for one in found):
                while len(self._conformance) >= _MAX_KEPT:
                    self._conformance.pop(next(iter(self._conformance)))
                self._conformance[digest] = found
            self.changed.emit()

        self._bridge.when_done(job.future, checked, lambda error: self._fail(asked, error))

    def _fail(self, asked: int, error: TrustdeskError) -> None:
        if asked == self._asked:
            self.failed.emit(error)


def anchors_in_force(lists: Sequence[TrustList], at: datetime) -> frozenset[str]:
    """Return the digests of the CAs at which paths may end, on the first list in force."""
    from trustdesk.services.lists_in_force import vouching

    return frozenset(digest for one in lists[:1] for digest in vouching(one, at))


def near(
    certificate: CertificateFacts, others: Sequence[CertificateFacts], along: frozenset[str]
) -> tuple[CertificateFacts, ...]:
    """Return the certificates that can stand above one, by their names; of few certificates all.

    A judge that gets ten thousand strangers finds the same paths, and takes a second for it.
    """
    if len(others) <= _MAX_BESIDE:
        return tuple(others)
    above = named_above(certificate, by_subject(others))
    came = [one for one in others if one.sha256 in along][:_MAX_BESIDE]
    return tuple({one.sha256: one for one in (*above, *came)}.values())
